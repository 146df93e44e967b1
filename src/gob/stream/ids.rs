//! `TypeIds`: gives static types their ids and definitions in the order of a fresh Go process (G26–G59).

use std::collections::HashMap;
use std::ptr;

use super::wiretype::{FIRST_USER_ID, Shape, TypeId, WireField, WireType, builtin};
use crate::gob::error::{Error, Kind as ErrorKind, Result};
use crate::gob::ty::{Kind, Type};

/// The ids one encoder has issued.
#[derive(Debug)]
pub(crate) struct TypeIds {
    next: TypeId,
    entries: Vec<Entry>,
    /// The way from a description to its entry. A description may have several addresses, hence also [`Type::same`].
    by_address: HashMap<usize, usize>,
    /// The entries whose definitions are on the stream, in that order.
    sent: Vec<usize>,
}

#[derive(Debug)]
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
}

/// What a type is in the table.
#[derive(Clone, Copy)]
enum Slot {
    Builtin(TypeId),
    Entry(usize),
}

impl TypeIds {
    pub(crate) fn new() -> Self {
        Self { next: FIRST_USER_ID, entries: Vec::new(), by_address: HashMap::new(), sent: Vec::new() }
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark { next: self.next, entries: self.entries.len(), sent: self.sent.len() }
    }

    /// Forgets what was issued and sent since `mark`.
    pub(crate) fn roll_back(&mut self, mark: Mark) {
        for index in self.sent.drain(mark.sent..) {
            self.entries[index].sent = false;
        }
        self.next = mark.next;
        self.entries.truncate(mark.entries);
        self.by_address.retain(|_, index| *index < mark.entries);
    }

    /// The id of a top-level type if all of its definitions are already on the stream.
    pub(crate) fn known(&self, ty: &'static Type) -> Option<TypeId> {
        let base = ty.base();
        if let Some(id) = builtin_id(base.kind) {
            return Some(id);
        }
        let entry = &self.entries[*self.by_address.get(&ptr::from_ref(base).addr())?];
        entry.sent.then_some(entry.id)
    }

    /// Issues ids for `ty` and all it is made of, and hands the definitions not yet sent to `define`, outermost first
    /// (G33).
    pub(crate) fn describe(&mut self, ty: &'static Type, define: &mut impl FnMut(TypeId, &WireType)) -> Result<TypeId> {
        let base = ty.base();
        // G51: at top level the name is the declared one.
        let slot = self.build(base.identifier(), base)?;
        self.send(base, define)?;
        Ok(self.id(slot))
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
            self.entries[index].id = self.next;
            self.next += 1;
        }
        self.id(slot)
    }

    fn find(&mut self, base: &'static Type) -> Option<usize> {
        let address = ptr::from_ref(base).addr();
        if let Some(&index) = self.by_address.get(&address) {
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
            _ => return Err(broken(base)),
        };
        self.entries[index].shape = shape;
        Ok(slot)
    }

    /// Hands out the definition of a type, then those of its parts, each once per stream (G33).
    fn send(&mut self, ty: &'static Type, define: &mut impl FnMut(TypeId, &WireType)) -> Result<()> {
        let base = ty.base();
        if builtin_id(base.kind).is_some() {
            return Ok(());
        }
        let index = self.find(base).ok_or_else(|| broken(base))?;
        let entry = &mut self.entries[index];
        if entry.sent {
            return Ok(());
        }
        entry.sent = true;
        define(entry.id, &WireType { name: entry.name.clone(), id: entry.id, shape: entry.shape.clone() });
        self.sent.push(index);
        if let Some(key) = base.key() {
            self.send(key, define)?;
        }
        if let Some(elem) = base.elem() {
            self.send(elem, define)?;
        }
        for field in base.fields() {
            self.send(field.ty(), define)?;
        }
        Ok(())
    }
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
        Kind::Bytes => Some(builtin::BYTES),
        Kind::String => Some(builtin::STRING),
        Kind::Slice | Kind::Array | Kind::Map | Kind::Struct | Kind::Pointer => None,
    }
}
