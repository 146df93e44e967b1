//! Interface values: the name of the concrete type, its definitions if the other side lacks them, its id, and the value
//! with its length (G116–G130).

use std::sync::Arc;

use serde::ser::Serialize;

use super::{Element, Output, Position, Slot, ValueSerializer, items};
use crate::gob::error::{Kind as ErrorKind, Result};
use crate::gob::stream::ids::TypeIds;
use crate::gob::stream::types::StreamType;
use crate::gob::stream::wiretype::{TypeId, WireType};
use crate::gob::ty::{Kind, Type};
use crate::gob::value::{Value, handoff};
use crate::gob::wire::{Gap, put_bytes, put_int, put_uint};

/// Writes a variant of the enum that stands for an interface.
pub(super) fn serialize<P: Position, T: Serialize + ?Sized>(
    this: ValueSerializer<'_, '_, P>,
    index: u32,
    variant: &'static str,
    value: &T,
) -> Result<()> {
    let ValueSerializer { out, slot, position } = this;
    let concretes = slot.ty().concretes();
    let concrete = concretes
        .get(index as usize)
        .filter(|concrete| concrete.key == variant)
        .or_else(|| concretes.iter().find(|concrete| concrete.key == variant))
        .ok_or_else(|| slot.mismatch(&format!("enum variant {variant}")))?;
    if concrete.is_open() {
        // A `Value` brings its own name.
        return value.serialize(ValueSerializer::new(out, slot, position));
    }
    position.begin(out, false);
    put_bytes(out.buf, concrete.registered_name().as_bytes());
    let id = out.define(concrete.ty.get())?;
    put_int(out.buf, id.into());

    let concrete = Slot::Type(concrete.ty.get());
    out.counted(|out| {
        if concrete.ty().base().kind != Kind::Struct {
            // G117: as at top level (G17).
            put_uint(out.buf, 0);
        }
        value.serialize(ValueSerializer::new(out, concrete, Element))
    })
}

/// The `Value` that a value is, or holds as the content of its newtype.
///
/// # Errors
/// When the `Serialize` of whatever makes the `Value` fails by itself.
pub(crate) fn dynamic<T: Serialize + ?Sized>(value: &T) -> Result<Option<Value>> {
    let mut result = Ok(());
    // The answer comes another way.
    let value = handoff::take(|| result = items::try_byte(value));
    match result {
        Err(error) if value.is_none() && matches!(error.kind(), ErrorKind::Custom(_)) => Err(error),
        _ => Ok(value),
    }
}

/// Writes a `Value`, which is the content of the newtype that stands for it.
pub(super) fn serialize_value<P: Position, T: Serialize + ?Sized>(
    this: ValueSerializer<'_, '_, P>,
    content: &T,
) -> Result<()> {
    let ValueSerializer { out, slot, position } = this;
    if slot.kind() != Kind::Interface {
        return Err(slot.mismatch("a gob::Value"));
    }
    let value = match dynamic(content)? {
        Some(value @ Value::Interface(_)) => value,
        Some(value) => value.into_interface().map_err(|value| ErrorKind::TypeNotRegistered(value.to_string()))?,
        None => return Err(slot.mismatch("no gob::Value")),
    };
    if value.is_nil() && !slot.ty().is_any() {
        // A variant of an enum cannot be nil.
        return Err(ErrorKind::NilInterface(slot.ty().to_string()).into());
    }
    if position.begin(out, value.is_nil()) { value.write(out) } else { Ok(()) }
}

impl Output<'_> {
    /// Writes an interface's value with its length before it.
    pub(crate) fn counted(&mut self, write: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let inner = Gap::open(self.buf, 1);
        let outer = std::mem::replace(&mut self.chunk, inner);
        self.deeper(write)?;
        let inner = std::mem::replace(&mut self.chunk, outer);
        let len = (self.buf.len() - inner.end()) as u64;
        inner.close(self.buf, len);
        Ok(())
    }

    /// Defines the type of a typed value.
    pub(crate) fn define(&mut self, ty: &'static Type) -> Result<TypeId> {
        match self.ids.known(ty) {
            Some(id) => Ok(id),
            None => self.interrupt(|ids, define| ids.describe(ty, define)),
        }
    }

    /// Defines the type of a dynamic value.
    pub(crate) fn define_dynamic(&mut self, ty: &StreamType) -> Result<TypeId> {
        self.interrupt(|ids, define| Ok(ids.describe_dynamic(&ty.table, ty.id, define)))
    }

    /// Defines types in the middle of a value: all that was written since the last length is closed with the
    /// definition, and the value goes on after a new length (G121).
    fn interrupt(
        &mut self,
        describe: impl FnOnce(&mut TypeIds, &mut dyn FnMut(TypeId, &WireType)) -> Result<TypeId>,
    ) -> Result<TypeId> {
        let (buf, chunk) = (&mut *self.buf, &mut self.chunk);
        let mut defined = false;
        let id = describe(Arc::make_mut(self.ids), &mut |id, ty| {
            defined = true;
            put_int(buf, -i64::from(id));
            ty.encode(buf);
            let len = (buf.len() - chunk.end()) as u64;
            // The next gap is opened behind what this one moves.
            std::mem::replace(chunk, Gap::nowhere()).close(buf, len);
            *chunk = Gap::open(buf, 1);
        })?;
        if defined && self.open_counts > 0 {
            let found = "interfaces in a sequence of unknown length".to_owned();
            return Err(ErrorKind::SchemaMismatch { expected: "a length".to_owned(), found }.into());
        }
        Ok(id)
    }
}
