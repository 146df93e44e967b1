//! The table of types: a new one is entered with all it consists of, and ids are given, in Go's order (G28).

use std::ptr;

use super::{Entry, Slot, TypeIds, builtin_id};
use crate::gob::error::{Error, Kind as ErrorKind, Result};
use crate::gob::stream::wiretype::{Shape, WireField};
use crate::gob::ty::{Kind, Marshaler, Type};

impl TypeIds {
    /// The table entry of a type, made with all it consists of when it is new (G28).
    pub(super) fn build(&mut self, name: String, ty: &'static Type) -> Result<Slot> {
        let base = ty.base();
        if let Some(id) = builtin_id(base.kind) {
            return Ok(Slot::Builtin(id));
        }
        if let Some(index) = self.find(base) {
            return Ok(Slot::Entry(index));
        }
        let index = self.entries.len();
        let slot = Slot::Entry(index);
        self.entries.push(Entry { ty: base, name, id: 0, shape: Shape::Unusable, sent: None });
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
}

fn part(ty: &'static Type, part: Option<&'static Type>) -> Result<&'static Type> {
    part.ok_or_else(|| broken(ty))
}

/// A hand-written [`Type`] whose parts do not fit its kind.
#[cold]
fn broken(ty: &'static Type) -> Error {
    ErrorKind::SchemaMismatch { expected: ty.to_string(), found: format!("a type of kind {:?}", ty.kind) }.into()
}
