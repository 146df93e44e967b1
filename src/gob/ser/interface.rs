//! Interface values: the name of the concrete type, its definitions if the other side lacks them, its id, and the value
//! with its length (G116–G130).

use std::sync::Arc;

use serde::ser::Serialize;

use super::{Element, Output, Position, ValueSerializer, items, mismatch};
use crate::gob::error::{Kind as ErrorKind, Result};
use crate::gob::stream::ids::TypeIds;
use crate::gob::stream::types::StreamType;
use crate::gob::stream::wiretype::{TypeId, WireType};
use crate::gob::ty::{Kind, Type};
use crate::gob::value::{Value, handoff};
use crate::gob::wire::{Gap, put_int};

/// Writes a variant of the enum that stands for an interface.
pub(super) fn serialize<P: Position, T: Serialize + ?Sized>(
    this: ValueSerializer<'_, '_, P>,
    index: u32,
    variant: &'static str,
    value: &T,
) -> Result<()> {
    let ValueSerializer { out, ty, position } = this;
    let concretes = ty.concretes();
    let concrete = concretes
        .get(index as usize)
        .filter(|concrete| concrete.key == variant)
        .or_else(|| concretes.iter().find(|concrete| concrete.key == variant))
        .ok_or_else(|| mismatch(ty, &format!("enum variant {variant}")))?;
    if concrete.is_open() {
        // A `Value` brings its own name.
        return value.serialize(ValueSerializer::new(out, ty, position));
    }
    position.begin(out, false);
    out.put_bytes(concrete.registered_name().as_bytes());
    let id = out.define(concrete.ty.get())?;
    out.put_int(id.into());

    let concrete = concrete.ty.get();
    out.counted(|out| {
        if concrete.base().kind != Kind::Struct {
            // G117: as at top level (G17).
            out.put_byte(0);
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
    let ValueSerializer { out, ty, position } = this;
    if ty.kind != Kind::Interface {
        return Err(mismatch(ty, "a gob::Value"));
    }
    let value = match dynamic(content)? {
        Some(value @ Value::Interface(_)) => value,
        Some(value) => value.into_interface().map_err(|value| ErrorKind::TypeNotRegistered(value.type_text()))?,
        None => return Err(mismatch(ty, "no gob::Value")),
    };
    if value.is_nil() && !ty.is_any() {
        // A variant of an enum cannot be nil.
        return Err(ErrorKind::NilInterface(ty.to_string()).into());
    }
    if position.begin(out, value.is_nil()) { value.write(out) } else { Ok(()) }
}

impl Output<'_> {
    /// Writes an interface's value with its length before it.
    pub(crate) fn counted(&mut self, write: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let inner = Gap::open(self.flushed(), 1);
        let outer = std::mem::replace(&mut self.chunk, inner);
        self.deeper(write)?;
        let inner = std::mem::replace(&mut self.chunk, outer);
        let buf = self.flushed();
        let len = (buf.len() - inner.end()) as u64;
        inner.close(buf, len);
        Ok(())
    }

    /// Defines the type of a typed value.
    pub(crate) fn define(&mut self, ty: &'static Type) -> Result<TypeId> {
        match self.known(ty) {
            Some(id) => Ok(id),
            None => self.interrupt(|ids, define| ids.describe(ty, define)),
        }
    }

    /// Defines the type of a dynamic value.
    pub(crate) fn define_dynamic(&mut self, ty: &StreamType) -> Result<TypeId> {
        self.interrupt(|ids, define| ids.describe_dynamic(&ty.table, ty.id, define))
    }

    /// Defines types in the middle of a value: all that was written since the last length is closed with the
    /// definition, and the value goes on after a new length (G121).
    fn interrupt(
        &mut self,
        describe: impl FnOnce(&mut TypeIds, &mut dyn FnMut(TypeId, &WireType)) -> Result<TypeId>,
    ) -> Result<TypeId> {
        let mut defined = false;
        let (ids, buf, chunk) = self.split();
        let id = describe(Arc::make_mut(ids), &mut |id, ty| {
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
