//! `TypeIds`: gives static types their ids and definitions in the order of a fresh Go process (G26–G59).

mod addresses;
mod build;
mod dynamic;

use std::ptr;

use self::addresses::Addresses;
use super::foreign::{self, Foreign};
use super::wiretype::{FIRST_USER_ID, Shape, TypeId, WireType, builtin};
use crate::gob::error::Result;
use crate::gob::ty::{Kind, Type, TypeRef};

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
    /// The type on whose behalf the definition was sent: a pointer to this one where that makes a difference (G150).
    sent: Option<&'static Type>,
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
            self.entries[index].sent = None;
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
        let settled = entry.sent.is_some() && (base.kind != Kind::Opaque || ty.kind != Kind::Pointer);
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

    /// The static types that are defined, with their ids.
    pub(crate) fn static_types(&self) -> impl Iterator<Item = (TypeId, &'static Type)> {
        self.entries.iter().filter_map(|entry| Some((entry.id, entry.sent?)))
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

    /// Hands out the definition of a type, then those of its parts, each once per stream (G33). `false` if there was
    /// nothing to be said.
    fn send(&mut self, ty: &'static Type, define: &mut dyn FnMut(TypeId, &WireType)) -> Result<bool> {
        let base = ty.base();
        // What is inside a type that encodes itself is not built before it is sent (G154).
        let Slot::Entry(index) = self.build(own_name(ty), ty)? else { return Ok(false) };
        if self.entries[index].sent.is_some() {
            return Ok(false);
        }
        let pointer = self.pointer_id(index, ty);
        let entry = &mut self.entries[index];
        entry.sent = Some(if pointer.is_some() { ty } else { base });
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
