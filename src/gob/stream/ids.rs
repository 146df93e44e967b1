//! `TypeIds`: gives static types their ids and definitions in the order of a fresh Go process (G26–G59).

use std::ptr;

use super::foreign::{self, Foreign};
use super::table::TypeTable;
use super::wiretype::{FIRST_USER_ID, Shape, TypeId, WireField, WireType, builtin};
use crate::gob::error::{Error, Kind as ErrorKind, Result};
use crate::gob::ty::{Kind, Marshaler, Type, TypeRef};

/// The ids one encoder has issued.
#[derive(Debug, Clone)]
pub(crate) struct TypeIds {
    next: TypeId,
    entries: Vec<Entry>,
    /// The way from a description to its entry. A description may have several addresses, hence also [`Type::same`].
    by_address: Addresses,
    /// The entries whose definitions are on the stream, in that order.
    sent: Vec<usize>,
    /// Pointers to types that encode themselves, each of which takes an id of its own (G151).
    pointers: Vec<Pointer>,
    /// Types that came with dynamic values.
    foreign: Foreign,
    /// The state after the last whole value, and whether it has changed since.
    settled: Mark,
    changed: bool,
}

/// Addresses, and the entries they lead to. Sorted, since they are few, and there is a table of them for every stream.
#[derive(Debug, Clone, Default)]
struct Addresses(Vec<(usize, usize)>);

impl Addresses {
    #[inline]
    fn get(&self, address: usize) -> Option<usize> {
        let place = self.0.binary_search_by_key(&address, |(address, _)| *address).ok()?;
        Some(self.0[place].1)
    }

    fn insert(&mut self, address: usize, index: usize) {
        match self.0.binary_search_by_key(&address, |(address, _)| *address) {
            Ok(place) => self.0[place].1 = index,
            Err(place) => self.0.insert(place, (address, index)),
        }
    }

    /// Forgets what leads to an entry that is there no more.
    fn truncate(&mut self, entries: usize) {
        self.0.retain(|(_, index)| *index < entries);
    }
}

/// A pointer type whose base is an entry that encodes itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pointer {
    entry: usize,
    depth: usize,
}

#[derive(Debug, Clone)]
struct Entry {
    ty: &'static Type,
    /// Go's name, fixed by where the type was first met (G51).
    name: String,
    /// Zero while a slice, array or map waits for its element (G28).
    id: TypeId,
    shape: Shape,
    sent: bool,
}

/// The state before a value, to return to when it fails.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    next: TypeId,
    entries: usize,
    sent: usize,
    pointers: usize,
    foreign: foreign::Mark,
}

/// What a type is in the table.
#[derive(Clone, Copy)]
enum Slot {
    Builtin(TypeId),
    Entry(usize),
}

impl TypeIds {
    pub(crate) fn new() -> Self {
        Self::starting_at(FIRST_USER_ID)
    }

    /// Begins with another id, but none of those that are reserved (G49).
    pub(crate) fn starting_at(id: TypeId) -> Self {
        let next = id.max(FIRST_USER_ID);
        Self {
            next,
            entries: Vec::new(),
            by_address: Addresses::default(),
            sent: Vec::new(),
            pointers: Vec::new(),
            foreign: Foreign::default(),
            settled: Mark { next, entries: 0, sent: 0, pointers: 0, foreign: foreign::Mark::default() },
            changed: false,
        }
    }

    /// Keeps what was issued and sent for a value, or forgets it again.
    pub(crate) fn settle(&mut self, keep: bool) {
        if !keep {
            self.roll_back(self.settled);
        }
        self.foreign.forget();
        self.settled = self.mark();
        self.changed = false;
    }

    /// Whether there is something to settle.
    #[inline]
    pub(crate) const fn is_changed(&self) -> bool {
        self.changed
    }

    /// Whether nothing has been issued or sent, and ids begin where those of Go begin.
    pub(crate) fn is_fresh(&self) -> bool {
        self.next == FIRST_USER_ID && self.entries.is_empty() && self.foreign.is_empty()
    }

    #[inline]
    pub(crate) fn mark(&self) -> Mark {
        Mark {
            next: self.next,
            entries: self.entries.len(),
            sent: self.sent.len(),
            pointers: self.pointers.len(),
            foreign: self.foreign.mark(),
        }
    }

    /// Forgets what was issued and sent since `mark`.
    pub(crate) fn roll_back(&mut self, mark: Mark) {
        for index in self.sent.drain(mark.sent..) {
            self.entries[index].sent = false;
        }
        self.next = mark.next;
        self.pointers.truncate(mark.pointers);
        self.foreign.roll_back(mark.foreign);
        self.entries.truncate(mark.entries);
        self.by_address.truncate(mark.entries);
        self.settled = self.mark();
    }

    /// The id of a top-level type if all of its definitions are already on the stream.
    pub(crate) fn known(&self, ty: &'static Type) -> Option<TypeId> {
        let base = ty.base();
        if let Some(id) = builtin_id(base.kind) {
            return Some(id);
        }
        let entry = &self.entries[self.by_address.get(ptr::from_ref(base).addr())?];
        // A pointer to a type that encodes itself may still take an id (G151).
        let settled = entry.sent && (base.kind != Kind::Opaque || ty.kind != Kind::Pointer);
        settled.then_some(entry.id)
    }

    /// Issues ids for `ty` and all it is made of, and hands the definitions not yet sent to `define`, outermost first
    /// (G33).
    pub(crate) fn describe(&mut self, ty: &'static Type, define: &mut dyn FnMut(TypeId, &WireType)) -> Result<TypeId> {
        self.changed = true;
        let slot = self.build(own_name(ty), ty)?;
        if !self.send(ty, define)?
            && let Slot::Entry(entry) = slot
        {
            // G151: the id of a pointer is taken even when nothing is left to be sent.
            self.pointer_id(entry, ty);
        }
        Ok(self.id(slot))
    }

    /// The id inside the definition when it is sent on behalf of a pointer to a type that encodes itself (G150).
    fn pointer_id(&mut self, entry: usize, ty: &'static Type) -> Option<TypeId> {
        let pointer = Pointer { entry, depth: ty.pointers() };
        if self.entries[entry].ty.kind != Kind::Opaque || pointer.depth == 0 || self.pointers.contains(&pointer) {
            return None;
        }
        self.pointers.push(pointer);
        Some(self.take_id())
    }

    fn take_id(&mut self) -> TypeId {
        while self.foreign.has(self.next) {
            self.next += 1;
        }
        self.next += 1;
        self.next - 1
    }

    fn is_taken(&self, id: TypeId) -> bool {
        id < self.next || self.foreign.has(id)
    }

    /// The id of a type that a dynamic value brought from its own stream, with the definitions that are not sent yet,
    /// in the order in which they came. It keeps the id it had there, unless that is taken.
    pub(crate) fn describe_dynamic(
        &mut self,
        table: &TypeTable,
        id: TypeId,
        define: &mut dyn FnMut(TypeId, &WireType),
    ) -> TypeId {
        if id < FIRST_USER_ID {
            return id;
        }
        if let Some(known) = self.foreign.id(table, id) {
            return known;
        }
        self.changed = true;
        let mut new = Vec::new();
        for there in table.closure(id) {
            if self.foreign.id(table, there).is_some() {
                continue;
            }
            match self.find_equal(table, there) {
                Some(here) => self.foreign.learn(table, there, here),
                None => new.push(there),
            }
        }
        // Ids are taken in the order in which Go took them, which is not that of the definitions (G27).
        let mut ids = new.clone();
        ids.sort_unstable();
        for there in ids {
            let keeps = !table.is_made_here() && !self.is_taken(there);
            let here = if keeps { there } else { self.take_id() };
            self.foreign.learn(table, there, here);
        }
        for there in new {
            let Some(ty) = table.get(there) else { continue };
            let here = |id| self.foreign.id(table, id).unwrap_or(id);
            // The id inside may be another one (G150).
            let inside = if ty.id == there { here(there) } else { ty.id };
            let ty = WireType { name: ty.name.clone(), id: inside, shape: ty.shape.map_ids(here), is_ambiguous: false };
            let id = here(there);
            define(id, &ty);
            self.foreign.define(table, id, ty);
        }
        self.foreign.id(table, id).unwrap_or(id)
    }

    /// A type on this stream that says the same as one of another stream.
    fn find_equal(&self, table: &TypeTable, there: TypeId) -> Option<TypeId> {
        if !table.is_made_here() && !self.is_taken(there) {
            // It is defined again under the id it had, as on its own stream.
            return None;
        }
        let mine = self.sent.iter().map(|&index| self.entries[index].id);
        mine.chain(self.foreign.defined_elsewhere(table)).find(|&here| self.is_equal(here, table, there))
    }

    fn is_equal(&self, here: TypeId, table: &TypeTable, there: TypeId) -> bool {
        let mut assumed = vec![(here, there)];
        let mut next = 0;
        while let Some(&(here, there)) = assumed.get(next) {
            next += 1;
            if here < FIRST_USER_ID || there < FIRST_USER_ID {
                if here != there {
                    return false;
                }
                continue;
            }
            let (Some((name, shape)), Some(ty)) = (self.definition(here), table.get(there)) else { return false };
            // With all ids alike, what is left is the shape itself.
            if name != ty.name || shape.map_ids(|_| 0) != ty.shape.map_ids(|_| 0) {
                return false;
            }
            for pair in shape.parts().zip(ty.shape.parts()) {
                if !assumed.contains(&pair) {
                    assumed.push(pair);
                }
            }
        }
        true
    }

    /// The static type that has this id.
    pub(crate) fn static_type(&self, id: TypeId) -> Option<&'static Type> {
        self.entries.iter().find(|entry| entry.id == id).map(|entry| entry.ty)
    }

    /// What has been said of a type on this stream.
    fn definition(&self, id: TypeId) -> Option<(&str, &Shape)> {
        let entry = self.sent.iter().map(|&index| &self.entries[index]).find(|entry| entry.id == id);
        match entry {
            Some(entry) => Some((&entry.name, &entry.shape)),
            None => self.foreign.get(id).map(|ty| (ty.name.as_str(), &ty.shape)),
        }
    }

    fn id(&self, slot: Slot) -> TypeId {
        match slot {
            Slot::Builtin(id) => id,
            Slot::Entry(index) => self.entries[index].id,
        }
    }

    fn give_id(&mut self, slot: Slot) -> TypeId {
        if let Slot::Entry(index) = slot
            && self.entries[index].id == 0
        {
            self.entries[index].id = self.take_id();
        }
        self.id(slot)
    }

    fn find(&mut self, base: &'static Type) -> Option<usize> {
        let address = ptr::from_ref(base).addr();
        if let Some(index) = self.by_address.get(address) {
            return Some(index);
        }
        let index = self.entries.iter().position(|entry| entry.ty.same(base))?;
        self.by_address.insert(address, index);
        Some(index)
    }

    /// The table entry of a type, made with all it consists of when it is new (G28).
    fn build(&mut self, name: String, ty: &'static Type) -> Result<Slot> {
        let base = ty.base();
        if let Some(id) = builtin_id(base.kind) {
            return Ok(Slot::Builtin(id));
        }
        if let Some(index) = self.find(base) {
            return Ok(Slot::Entry(index));
        }
        let index = self.entries.len();
        let slot = Slot::Entry(index);
        self.entries.push(Entry { ty: base, name, id: 0, shape: Shape::Unusable, sent: false });
        self.by_address.insert(ptr::from_ref(base).addr(), index);
        let shape = match base.kind {
            Kind::Struct => {
                self.give_id(slot);
                let mut fields = Vec::with_capacity(base.fields().len());
                for field in base.fields() {
                    let ty = field.ty();
                    let mut name = ty.base().identifier();
                    if name.is_empty() {
                        // G51: a field of an unnamed type lends it the printed form.
                        name = ty.base().to_string();
                    }
                    let part = self.build(name, ty)?;
                    fields.push(WireField { name: field.name.to_owned(), id: self.give_id(part) });
                }
                Shape::Struct { fields }
            }
            Kind::Slice => {
                let elem = part(base, base.elem())?;
                // G51: here pointers keep their element from lending its name.
                let elem = self.build(elem.identifier(), elem)?;
                self.give_id(slot);
                Shape::Slice { elem: self.give_id(elem) }
            }
            Kind::Array => {
                let elem = self.build(String::new(), part(base, base.elem())?)?;
                self.give_id(slot);
                Shape::Array { elem: self.give_id(elem), len: base.array_len().unwrap_or(0) as i64 }
            }
            Kind::Map => {
                let key = self.build(String::new(), part(base, base.key())?)?;
                let elem = self.build(String::new(), part(base, base.elem())?)?;
                self.give_id(slot);
                // G31: where Go leaves out the id of a map that is still being built, it writes a stream that its own
                // decoder cannot read; the id is given here too.
                Shape::Map { key: self.give_id(key), elem: self.give_id(elem) }
            }
            Kind::Opaque => {
                self.give_id(slot);
                let member = match base.opaque().ok_or_else(|| broken(base))?.marshaler {
                    Marshaler::Gob => 5,
                    Marshaler::Binary => 6,
                };
                Shape::External { member }
            }
            _ => return Err(broken(base)),
        };
        self.entries[index].shape = shape;
        Ok(slot)
    }

    /// Hands out the definition of a type, then those of its parts, each once per stream (G33). `false` if there was
    /// nothing to be said.
    fn send(&mut self, ty: &'static Type, define: &mut dyn FnMut(TypeId, &WireType)) -> Result<bool> {
        let base = ty.base();
        // What is inside a type that encodes itself is not built before it is sent (G154).
        let Slot::Entry(index) = self.build(own_name(ty), ty)? else { return Ok(false) };
        if self.entries[index].sent {
            return Ok(false);
        }
        let pointer = self.pointer_id(index, ty);
        let entry = &mut self.entries[index];
        entry.sent = true;
        let (name, id) = match pointer {
            Some(id) => (String::new(), id),
            None => (entry.name.clone(), entry.id),
        };
        define(entry.id, &WireType { name, id, shape: entry.shape.clone(), is_ambiguous: false });
        self.sent.push(index);
        let parts = base.opaque().map_or(Some(base), |opaque| opaque.inside.map(TypeRef::get));
        if let Some(parts) = parts {
            for part in [parts.key(), parts.elem()].into_iter().flatten() {
                self.send(part, define)?;
            }
            for field in parts.fields() {
                self.send(field.ty(), define)?;
            }
        }
        Ok(true)
    }
}

/// The name a type has when it is met by itself, at top level or in an interface (G51). Only a pointer to a type that
/// encodes itself is seen as a pointer there (G150).
fn own_name(ty: &'static Type) -> String {
    if ty.base().kind == Kind::Opaque { ty.identifier() } else { ty.base().identifier() }
}

fn part(ty: &'static Type, part: Option<&'static Type>) -> Result<&'static Type> {
    part.ok_or_else(|| broken(ty))
}

/// A hand-written [`Type`] whose parts do not fit its kind.
#[cold]
fn broken(ty: &'static Type) -> Error {
    ErrorKind::SchemaMismatch { expected: ty.to_string(), found: format!("a type of kind {:?}", ty.kind) }.into()
}

/// The id of a type that needs no definition.
pub(crate) const fn builtin_id(kind: Kind) -> Option<TypeId> {
    match kind {
        Kind::Bool => Some(builtin::BOOL),
        Kind::Int | Kind::Int8 | Kind::Int16 | Kind::Int32 | Kind::Int64 => Some(builtin::INT),
        Kind::Uint | Kind::Uint8 | Kind::Uint16 | Kind::Uint32 | Kind::Uint64 => Some(builtin::UINT),
        Kind::Float32 | Kind::Float64 => Some(builtin::FLOAT),
        Kind::Complex64 | Kind::Complex128 => Some(builtin::COMPLEX),
        Kind::Interface => Some(builtin::INTERFACE),
        Kind::Bytes => Some(builtin::BYTES),
        Kind::String => Some(builtin::STRING),
        Kind::Slice | Kind::Array | Kind::Map | Kind::Struct | Kind::Pointer | Kind::Opaque => None,
    }
}
