//! Interface values: the name of the concrete type, its definitions if the other side lacks them, its id, and the value
//! with its length (G116–G130).

use serde::ser::Serialize;

use super::{Element, Output, Position, Slot, ValueSerializer};
use crate::gob::error::{Kind as ErrorKind, Result};
use crate::gob::ty::{Concrete, Kind};
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
    position.begin(out.buf, false);
    put_bytes(out.buf, concrete.registered_name().as_bytes());
    let id = out.define(concrete)?;
    put_int(out.buf, id.into());

    let inner = Gap::open(out.buf, 1);
    let outer = std::mem::replace(&mut out.chunk, inner);
    out.enter()?;
    let concrete = Slot::of(concrete.ty);
    if concrete.ty().base().kind != Kind::Struct {
        // G117: as at top level (G17).
        put_uint(out.buf, 0);
    }
    value.serialize(ValueSerializer::new(out, concrete, Element))?;
    out.leave();
    let inner = std::mem::replace(&mut out.chunk, outer);
    let len = (out.buf.len() - inner.end()) as u64;
    inner.close(out.buf, len);
    Ok(())
}

impl Output<'_> {
    /// Defines a type in the middle of a value: all that was written since the last length is closed with the
    /// definition, and the value goes on after a new length (G121).
    fn define(&mut self, concrete: &Concrete) -> Result<i32> {
        let ty = (concrete.ty)();
        if let Some(id) = self.ids.known(ty) {
            return Ok(id);
        }
        let (buf, chunk) = (&mut *self.buf, &mut self.chunk);
        let mut defined = false;
        let id = self.ids.describe(ty, &mut |id, ty| {
            defined = true;
            put_int(buf, -i64::from(id));
            ty.encode(buf);
            let len = (buf.len() - chunk.end()) as u64;
            // A gap of a length known only now: the next one is opened behind what this one moves.
            let closed = std::mem::replace(chunk, Gap::nowhere());
            closed.close(buf, len);
            *chunk = Gap::open(buf, 1);
        })?;
        if defined && self.open_counts > 0 {
            let found = "a sequence of unknown length that holds interfaces".to_owned();
            return Err(ErrorKind::SchemaMismatch { expected: ty.to_string(), found }.into());
        }
        Ok(id)
    }
}
