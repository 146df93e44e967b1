//! Types made of choices, always valid Go.

use proptest::prelude::*;
use proptest::sample::Index;

use super::{Declared, STRING, Ty, Types, UINT8};
use crate::predeclared::PREDECLARED;

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
    /// Makes types of choices.
    pub(crate) fn make(choices: &Choices) -> Self {
        let mut choices = choices.0.iter();
        let planned = choices.next().map_or(0, |(_, index)| index.index(4));
        let mut maker = Maker { choices, declared: Vec::new(), planned };
        for number in 0..planned {
            let declared = match maker.pick(10) {
                0 => maker.opaque(),
                1 => Declared::Type(Ty::Basic(maker.pick(PREDECLARED.len()))),
                8 => Declared::Type(Ty::Pointer(Box::new(Ty::Basic(maker.pick(PREDECLARED.len()))))),
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
                8 => Ty::Pointer(Box::new(Ty::Basic(self.pick(PREDECLARED.len())))),
                9 if !self.declared.is_empty() => {
                    let named = Ty::Named(self.pick(self.declared.len()));
                    if self.is_comparable(&named) { named } else { Ty::Basic(STRING) }
                }
                6 => Ty::Array(self.pick(3), Box::new(self.ty(depth - 1, 0, Place::Key))),
                7 => Ty::Struct((0..1 + self.pick(2)).map(|i| (field(i), self.ty(depth - 1, 0, Place::Key))).collect()),
                _ => Ty::Basic(self.pick(PREDECLARED.len())),
            };
        }
        match self.pick(if leaf { 6 } else { 16 }) {
            0..=3 => Ty::Basic(self.pick(PREDECLARED.len())),
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
            return Ty::Basic(self.pick(PREDECLARED.len()));
        }
        match ty {
            Ty::Basic(basic) => Ty::Basic(if self.pick(2) == 0 { (basic + 1) % PREDECLARED.len() } else { *basic }),
            Ty::Pointer(elem) => self.changed(elem),
            Ty::Slice(elem) => Ty::Slice(Box::new(self.changed(elem))),
            Ty::Array(len, elem) => Ty::Array(len + self.pick(2), Box::new(self.changed(elem))),
            Ty::Map(key, elem) => Ty::Map(key.clone(), Box::new(self.changed(elem))),
            Ty::Struct(fields) => {
                let mut fields: Vec<_> = fields.clone();
                match self.pick(4) {
                    0 if !fields.is_empty() => drop(fields.remove(self.pick(fields.len()))),
                    1 => fields.push(("Z".to_owned(), Ty::Basic(self.pick(PREDECLARED.len())))),
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
