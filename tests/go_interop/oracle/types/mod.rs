//! Go types made up at random.

use std::fmt::Write;

use proptest::prelude::*;
use proptest::sample::Index;

/// A Go type.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Ty {
    /// A predeclared type, by its index in [`BASIC`].
    Basic(usize),
    /// A declared type of the case, by its number.
    Named(usize),
    Pointer(Box<Self>),
    Slice(Box<Self>),
    Array(usize, Box<Self>),
    Map(Box<Self>, Box<Self>),
    Struct(Vec<(String, Self)>),
    Any,
}

impl Ty {
    /// The declared types that it refers to.
    fn names(&self, out: &mut Vec<usize>) {
        match self {
            Self::Named(number) => out.push(*number),
            Self::Pointer(elem) | Self::Slice(elem) | Self::Array(_, elem) => elem.names(out),
            Self::Map(key, elem) => {
                key.names(out);
                elem.names(out);
            }
            Self::Struct(fields) => fields.iter().for_each(|(_, ty)| ty.names(out)),
            Self::Basic(_) | Self::Any => {}
        }
    }
}

/// The predeclared types.
pub(crate) const BASIC: [&str; 17] = [
    "bool",
    "int",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "uintptr",
    "float32",
    "float64",
    "complex64",
    "complex128",
    "string",
];

pub(crate) const UINT8: usize = 7;
pub(crate) const STRING: usize = 16;

/// `type Name …`
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Declared {
    Type(Ty),
    /// A type with a method by which it encodes itself: `GobEncode` or `MarshalBinary`.
    Opaque {
        is_gob: bool,
        /// Whether it is a method of the pointer.
        by_pointer: bool,
        /// The type of an exported field, which is described and never sent (G154).
        leaks: Option<Ty>,
    },
}

/// The types of a case: what is encoded, what else it is decoded into, what is declared, what interfaces hold.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Types {
    pub(crate) top: Ty,
    pub(crate) other: Ty,
    pub(crate) declared: Vec<Declared>,
    pub(crate) concretes: Vec<Ty>,
}

impl Types {
    /// The type with its names looked through.
    pub(crate) fn resolve<'a>(&'a self, ty: &'a Ty) -> Result<&'a Ty, bool> {
        let mut ty = ty;
        while let Ty::Named(number) = ty {
            match &self.declared[*number] {
                Declared::Type(inner) => ty = inner,
                Declared::Opaque { is_gob, .. } => return Err(*is_gob),
            }
        }
        Ok(ty)
    }

    pub(crate) fn is_opaque(&self, ty: &Ty) -> bool {
        self.resolve(ty).is_err()
    }

    /// The declared name of a type; `case` keeps those of different cases apart.
    pub(crate) fn name(case: usize, number: usize) -> String {
        format!("C{case}T{number}")
    }

    /// A type in Go's syntax.
    pub(crate) fn spell(&self, case: usize, ty: &Ty) -> String {
        match ty {
            Ty::Basic(basic) => BASIC[*basic].to_owned(),
            Ty::Named(number) => Self::name(case, *number),
            Ty::Pointer(elem) => format!("*{}", self.spell(case, elem)),
            Ty::Slice(elem) => format!("[]{}", self.spell(case, elem)),
            Ty::Array(len, elem) => format!("[{len}]{}", self.spell(case, elem)),
            Ty::Map(key, elem) => format!("map[{}]{}", self.spell(case, key), self.spell(case, elem)),
            Ty::Struct(fields) => {
                let fields: Vec<String> =
                    fields.iter().map(|(name, ty)| format!("{name} {}", self.spell(case, ty))).collect();
                format!("struct{{ {} }}", fields.join("; "))
            }
            Ty::Any => "any".to_owned(),
        }
    }

    /// The declarations in Go's syntax, with the methods.
    pub(crate) fn declarations(&self, case: usize) -> String {
        let mut out = String::new();
        for (number, declared) in self.declared.iter().enumerate() {
            let name = Self::name(case, number);
            let _ = match declared {
                Declared::Type(Ty::Struct(fields)) => {
                    let _ = writeln!(out, "type {name} struct {{");
                    for (field, ty) in fields {
                        let _ = writeln!(out, "\t{field} {}", self.spell(case, ty));
                    }
                    // gob passes these over (G29).
                    let _ = writeln!(
                        out,
                        "{}}}",
                        if fields.is_empty() { "" } else { "\thidden int\n\tAChannel chan int\n" }
                    );
                    Ok(())
                }
                Declared::Type(ty) => writeln!(out, "type {name} {}", self.spell(case, ty)),
                Declared::Opaque { is_gob, by_pointer, leaks } => {
                    let star = if *by_pointer { "*" } else { "" };
                    let leaks = leaks.as_ref().map_or_else(String::new, |ty| format!("; L {}", self.spell(case, ty)));
                    let (to, from) =
                        if *is_gob { ("GobEncode", "GobDecode") } else { ("MarshalBinary", "UnmarshalBinary") };
                    writeln!(
                        out,
                        "type {name} struct{{ s string{leaks} }}\n\
                         func (x *{name}) Set(b []byte) {{ x.s = string(b) }}\n\
                         func (x *{name}) Get() []byte {{ return []byte(x.s) }}\n\
                         func (x {star}{name}) {to}() ([]byte, error) {{ return []byte(x.s), nil }}\n\
                         func (x *{name}) {from}(b []byte) error {{ x.s = string(b); return nil }}"
                    )
                }
            };
        }
        out
    }
}

/// Where a type may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Anywhere,
    /// The key of a map: comparable, and not a pointer.
    Key,
}

/// What a random type is made from: each step takes one of these choices.
#[derive(Debug, Clone)]
pub(crate) struct Choices(Vec<(u8, Index)>);

pub(crate) fn choices() -> impl Strategy<Value = Choices> {
    proptest::collection::vec((any::<u8>(), any::<Index>()), 1..24).prop_map(Choices)
}

/// Types by choices; when there are none left, by the simplest.
struct Maker<'a> {
    choices: std::slice::Iter<'a, (u8, Index)>,
    declared: Vec<Declared>,
    /// How many types there will be, so that one may refer to those that come later.
    planned: usize,
}

impl Types {
    /// Makes types of choices, always valid Go.
    pub(crate) fn make(choices: &Choices) -> Self {
        let mut choices = choices.0.iter();
        let planned = choices.next().map_or(0, |(_, index)| index.index(4));
        let mut maker = Maker { choices, declared: Vec::new(), planned };
        for number in 0..planned {
            let declared = match maker.pick(10) {
                0 => maker.opaque(),
                1 => Declared::Type(Ty::Basic(maker.pick(BASIC.len()))),
                8 => Declared::Type(Ty::Pointer(Box::new(Ty::Basic(maker.pick(BASIC.len()))))),
                9 => Declared::Type(Ty::Any),
                2 => Declared::Type(Ty::Slice(Box::new(maker.indirect(2)))),
                3 => Declared::Type(Ty::Map(Box::new(maker.key()), Box::new(maker.indirect(2)))),
                4 => Declared::Type(Ty::Array(maker.pick(3), Box::new(maker.ty(1, number, Place::Anywhere)))),
                _ => Declared::Type(maker.structure(3, number)),
            };
            maker.declared.push(declared);
        }
        let top = maker.ty(4, planned, Place::Anywhere);
        let concretes = (0..maker.pick(3)).map(|_| maker.concrete()).collect();
        let other = match maker.pick(3) {
            0 => maker.ty(3, planned, Place::Anywhere),
            _ => maker.changed(&top),
        };
        let mut types = Self { top, other, declared: maker.declared, concretes };
        types.mend();
        types
    }

    /// Takes out what Go itself gets wrong, and concrete types that are there twice.
    fn mend(&mut self) {
        let before = self.clone();
        for (number, declared) in self.declared.iter_mut().enumerate() {
            match declared {
                Declared::Type(ty) => before.mend_type(ty, false, Some(number)),
                Declared::Opaque { leaks, .. } => {
                    leaks.iter_mut().for_each(|ty| before.mend_type(ty, true, Some(number)));
                }
            }
        }
        for ty in [&mut self.top, &mut self.other].into_iter().chain(&mut self.concretes) {
            before.mend_type(ty, false, None);
        }
        // A pointer to a nil pointer is written without a value (G82).
        while let Ok(Ty::Pointer(elem)) = before.resolve(&self.top) {
            self.top = (**elem).clone();
        }
        let mut distinct: Vec<Ty> = Vec::new();
        for ty in std::mem::take(&mut self.concretes) {
            // Those of interfaces and pointers are no types of what is in an interface.
            let is_concrete = !matches!(before.resolve(&ty), Ok(Ty::Any | Ty::Pointer(_)));
            if is_concrete && !distinct.contains(&ty) && !matches!(ty, Ty::Basic(_)) {
                distinct.push(ty);
            }
        }
        self.concretes = distinct;
    }

    /// `within` is the declared type that this is a part of.
    fn mend_type(&self, ty: &mut Ty, in_field: bool, within: Option<usize>) {
        match ty {
            Ty::Pointer(elem) => {
                let mut pointee = &**elem;
                while let Ty::Pointer(next) = pointee {
                    pointee = next;
                }
                if self.is_opaque(pointee) {
                    // As an element it is handed nil (G149), and further pointers make Go panic (G144).
                    let pointee = pointee.clone();
                    *ty = if in_field { Ty::Pointer(Box::new(pointee)) } else { pointee };
                    return;
                }
                self.mend_type(elem, in_field, within);
            }
            Ty::Slice(elem) => self.mend_type(elem, false, within),
            Ty::Array(_, elem) => {
                self.mend_recursion(elem, within);
                self.mend_type(elem, false, within);
            }
            Ty::Map(key, elem) => {
                self.mend_recursion(elem, within);
                self.mend_type(key, false, within);
                self.mend_type(elem, false, within);
            }
            Ty::Struct(fields) => fields.iter_mut().for_each(|(_, ty)| self.mend_type(ty, true, within)),
            Ty::Basic(_) | Ty::Named(_) | Ty::Any => {}
        }
    }

    /// G31: a map or an array that leads back to a slice, map or array around it is defined wrongly by Go.
    fn mend_recursion(&self, elem: &mut Ty, within: Option<usize>) {
        let mut pointee = &*elem;
        while let Ty::Pointer(next) = pointee {
            pointee = next;
        }
        let composite = matches!(self.resolve(pointee), Ok(Ty::Slice(_) | Ty::Array(..) | Ty::Map(..)));
        let back = |within| {
            let mut names = Vec::new();
            pointee.names(&mut names);
            names.into_iter().any(|number| self.reaches(number, within))
        };
        if composite && within.is_some_and(back) {
            *elem = Ty::Basic(1);
        }
    }

    /// Whether a struct leads to one type in two ways without another struct between, other than to a basic one.
    pub(crate) fn has_twins(&self) -> bool {
        let declared = self.declared.iter().filter_map(|declared| match declared {
            Declared::Type(ty) => Some(ty),
            Declared::Opaque { .. } => None,
        });
        declared.chain([&self.top, &self.other]).chain(&self.concretes).any(|ty| self.twins(ty))
    }

    /// The names of the fields of all structs.
    pub(crate) fn field_names(&self) -> Vec<&str> {
        let fields =
            self.all().into_iter().filter_map(|ty| if let Ty::Struct(fields) = ty { Some(fields) } else { None });
        fields.flatten().map(|(name, _)| name.as_str()).collect()
    }

    /// Whether the keys of a map are structs.
    pub(crate) fn has_struct_keys(&self) -> bool {
        self.all().into_iter().any(|ty| matches!(ty, Ty::Map(key, _) if self.is_struct(key)))
    }

    /// Whether a declared type holds itself, by whatever way.
    pub(crate) fn has_loops(&self) -> bool {
        (0..self.declared.len()).any(|index| {
            let mut seen = vec![false; self.declared.len()];
            let mut todo = vec![index];
            while let Some(next) = todo.pop() {
                let Declared::Type(ty) = &self.declared[next] else { continue };
                for part in parts(ty) {
                    let Ty::Named(part) = part else { continue };
                    if *part == index {
                        return true;
                    }
                    if !std::mem::replace(&mut seen[*part], true) {
                        todo.push(*part);
                    }
                }
            }
            false
        })
    }

    fn is_struct(&self, ty: &Ty) -> bool {
        match ty {
            Ty::Struct(_) => true,
            Ty::Pointer(elem) => self.is_struct(elem),
            Ty::Named(index) => matches!(&self.declared[*index], Declared::Type(ty) if self.is_struct(ty)),
            _ => false,
        }
    }

    /// All types, those that others are made of too.
    fn all(&self) -> Vec<&Ty> {
        let declared = self.declared.iter().filter_map(|declared| match declared {
            Declared::Type(ty) => Some(ty),
            Declared::Opaque { .. } => None,
        });
        declared.chain([&self.top, &self.other]).chain(&self.concretes).flat_map(parts).collect()
    }

    fn twins(&self, ty: &Ty) -> bool {
        match ty {
            Ty::Struct(fields) => {
                let mut met = Vec::new();
                let meets_twice = fields.iter().any(|(_, ty)| self.meets_twice(ty, &mut met));
                meets_twice || fields.iter().any(|(_, ty)| self.twins(ty))
            }
            Ty::Pointer(elem) | Ty::Slice(elem) | Ty::Array(_, elem) => self.twins(elem),
            Ty::Map(key, elem) => self.twins(key) || self.twins(elem),
            Ty::Basic(_) | Ty::Named(_) | Ty::Any => false,
        }
    }

    fn meets_twice<'a>(&'a self, ty: &'a Ty, met: &mut Vec<&'a Ty>) -> bool {
        let Ok(resolved) = self.resolve(ty) else { return false };
        if matches!(resolved, Ty::Basic(_) | Ty::Any) {
            return false;
        }
        if met.contains(&ty) {
            return true;
        }
        met.push(ty);
        match resolved {
            Ty::Pointer(elem) | Ty::Slice(elem) | Ty::Array(_, elem) => self.meets_twice(elem, met),
            Ty::Map(key, elem) => self.meets_twice(key, met) || self.meets_twice(elem, met),
            _ => false,
        }
    }

    /// Whether one declared type leads to another.
    fn reaches(&self, from: usize, to: usize) -> bool {
        let (mut todo, mut seen) = (vec![from], Vec::new());
        while let Some(number) = todo.pop() {
            if number == to {
                return true;
            }
            if !seen.contains(&number) {
                seen.push(number);
                match &self.declared[number] {
                    Declared::Type(ty) => ty.names(&mut todo),
                    Declared::Opaque { leaks, .. } => leaks.iter().for_each(|ty| ty.names(&mut todo)),
                }
            }
        }
        false
    }
}

impl Maker<'_> {
    fn pick(&mut self, count: usize) -> usize {
        self.choices.next().map_or(0, |(_, index)| index.index(count))
    }

    /// A type whose values hold a declared one only indirectly, so that it may be any.
    fn indirect(&mut self, depth: usize) -> Ty {
        if self.planned > 0 && self.pick(3) == 0 {
            let number = self.pick(self.planned);
            return match self.pick(2) {
                0 => Ty::Slice(Box::new(Ty::Named(number))),
                _ => Ty::Map(Box::new(Ty::Basic(STRING)), Box::new(Ty::Named(number))),
            };
        }
        self.ty(depth, 0, Place::Anywhere)
    }

    fn key(&mut self) -> Ty {
        self.ty(2, 0, Place::Key)
    }

    fn opaque(&mut self) -> Declared {
        let (is_gob, by_pointer) = (self.pick(2) == 0, self.pick(2) == 1);
        Declared::Opaque { is_gob, by_pointer, leaks: (self.pick(3) == 1).then(|| self.indirect(1)) }
    }

    /// Whether a type may be a key: comparable, as far as is known by now.
    fn is_comparable(&self, ty: &Ty) -> bool {
        match ty {
            Ty::Basic(_) => true,
            Ty::Array(_, elem) => self.is_comparable(elem),
            Ty::Struct(fields) => fields.iter().all(|(_, ty)| self.is_comparable(ty)),
            Ty::Named(number) => match self.declared.get(*number) {
                Some(Declared::Type(ty)) => self.is_comparable(ty),
                Some(Declared::Opaque { leaks, .. }) => leaks.is_none(),
                None => false,
            },
            // What is in an interface need not be.
            Ty::Pointer(_) | Ty::Slice(_) | Ty::Map(..) | Ty::Any => false,
        }
    }

    /// A type of at most this depth, which may hold the first `known` declared types by value.
    fn ty(&mut self, depth: usize, known: usize, place: Place) -> Ty {
        let leaf = depth == 0;
        if place == Place::Key {
            return match self.pick(if leaf { 6 } else { 10 }) {
                8 => Ty::Pointer(Box::new(Ty::Basic(self.pick(BASIC.len())))),
                9 if !self.declared.is_empty() => {
                    let named = Ty::Named(self.pick(self.declared.len()));
                    if self.is_comparable(&named) { named } else { Ty::Basic(STRING) }
                }
                6 => Ty::Array(self.pick(3), Box::new(self.ty(depth - 1, 0, Place::Key))),
                7 => Ty::Struct((0..1 + self.pick(2)).map(|i| (field(i), self.ty(depth - 1, 0, Place::Key))).collect()),
                _ => Ty::Basic(self.pick(BASIC.len())),
            };
        }
        match self.pick(if leaf { 6 } else { 16 }) {
            0..=3 => Ty::Basic(self.pick(BASIC.len())),
            4 => Ty::Any,
            5 if known > 0 => Ty::Named(self.pick(known)),
            5 => Ty::Basic(STRING),
            6 | 7 => Ty::Slice(Box::new(self.ty(depth - 1, known, place))),
            8 => Ty::Slice(Box::new(Ty::Basic(UINT8))),
            9 => Ty::Array(self.pick(4), Box::new(self.ty(depth - 1, known, place))),
            10 => Ty::Map(Box::new(self.key()), Box::new(self.ty(depth - 1, known, place))),
            11 => Ty::Map(Box::new(Ty::Any), Box::new(self.ty(depth - 1, known, place))),
            12 => Ty::Pointer(Box::new(self.ty(depth - 1, known, place))),
            13 if self.planned > 0 => Ty::Pointer(Box::new(Ty::Named(self.pick(self.planned)))),
            14 => self.indirect(depth - 1),
            _ => self.structure(depth, known),
        }
    }

    fn structure(&mut self, depth: usize, known: usize) -> Ty {
        let depth = depth.saturating_sub(1);
        let count = if self.pick(8) == 7 { 9 } else { self.pick(5) };
        let fields = (0..count).map(|i| {
            let ty = match self.pick(4) {
                0 if self.planned > 0 => Ty::Pointer(Box::new(Ty::Named(self.pick(self.planned)))),
                1 => self.indirect(depth),
                _ => self.ty(depth, known, Place::Anywhere),
            };
            (field(i), ty)
        });
        Ty::Struct(fields.collect())
    }

    /// A type for an interface: declared, or composite.
    fn concrete(&mut self) -> Ty {
        if self.planned > 0 && self.pick(2) == 0 {
            return Ty::Named(self.pick(self.planned));
        }
        match self.pick(4) {
            0 => Ty::Slice(Box::new(Ty::Any)),
            1 => Ty::Map(Box::new(Ty::Basic(STRING)), Box::new(Ty::Any)),
            2 => Ty::Struct(vec![(field(0), Ty::Basic(1)), (field(1), Ty::Any)]),
            _ => Ty::Array(2, Box::new(Ty::Basic(STRING))),
        }
    }

    /// A type that is like another, but for a change somewhere.
    fn changed(&mut self, ty: &Ty) -> Ty {
        if self.pick(4) == 0 {
            return Ty::Basic(self.pick(BASIC.len()));
        }
        match ty {
            Ty::Basic(basic) => Ty::Basic(if self.pick(2) == 0 { (basic + 1) % BASIC.len() } else { *basic }),
            Ty::Pointer(elem) => self.changed(elem),
            Ty::Slice(elem) => Ty::Slice(Box::new(self.changed(elem))),
            Ty::Array(len, elem) => Ty::Array(len + self.pick(2), Box::new(self.changed(elem))),
            Ty::Map(key, elem) => Ty::Map(key.clone(), Box::new(self.changed(elem))),
            Ty::Struct(fields) => {
                let mut fields: Vec<_> = fields.clone();
                match self.pick(4) {
                    0 if !fields.is_empty() => drop(fields.remove(self.pick(fields.len()))),
                    1 => fields.push(("Z".to_owned(), Ty::Basic(self.pick(BASIC.len())))),
                    2 => fields.reverse(),
                    _ if !fields.is_empty() => {
                        let at = self.pick(fields.len());
                        fields[at].1 = self.changed(&fields[at].1.clone());
                    }
                    _ => {}
                }
                Ty::Struct(fields)
            }
            Ty::Named(number) => match self.declared[*number].clone() {
                Declared::Type(inner) if self.pick(2) == 0 => self.changed(&inner),
                _ => Ty::Pointer(Box::new(ty.clone())),
            },
            Ty::Any => Ty::Any,
        }
    }
}

/// The names of fields.
fn field(index: usize) -> String {
    ["A", "Bb", "Long", "Ünï", "E", "F", "G", "H2", "I_i"][index % 9].to_owned()
}

/// A type and all that are written in it.
fn parts(ty: &Ty) -> Vec<&Ty> {
    let mut todo = vec![ty];
    let mut parts = Vec::new();
    while let Some(ty) = todo.pop() {
        parts.push(ty);
        match ty {
            Ty::Struct(fields) => todo.extend(fields.iter().map(|(_, ty)| ty)),
            Ty::Pointer(elem) | Ty::Slice(elem) | Ty::Array(_, elem) => todo.push(elem),
            Ty::Map(key, elem) => todo.extend([&**key, &**elem]),
            Ty::Basic(_) | Ty::Named(_) | Ty::Any => {}
        }
    }
    parts
}
