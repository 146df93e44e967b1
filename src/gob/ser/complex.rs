//! Complex numbers, which serde knows as pairs (G7).

use serde::ser::Serialize;

use super::{Element, Output, Position, Slot, ValueSerializer};
use crate::gob::Gob;
use crate::gob::error::Result;

/// The two parts of a complex number. Whether it is zero, and so left out of a struct, is known after the second.
pub(crate) struct Complex<'a, 'o, P> {
    out: &'a mut Output<'o>,
    slot: Slot,
    position: P,
    start: usize,
    parts: usize,
}

impl<'a, 'o, P: Position> Complex<'a, 'o, P> {
    pub(super) fn new(out: &'a mut Output<'o>, slot: Slot, position: P) -> Self {
        let start = out.buf.len();
        Self { out, slot, position, start, parts: 0 }
    }

    pub(super) fn part<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.parts += 1;
        value.serialize(ValueSerializer::new(self.out, Slot::Type(f64::TYPE), Element))
    }

    pub(super) fn end(self) -> Result<()> {
        if self.parts != 2 {
            return Err(self.slot.mismatch(&format!("{} parts", self.parts)));
        }
        let parts = self.out.buf.split_off(self.start);
        // G68: a negative zero (`ff80`) is zero too.
        let is_zero = matches!(parts[..], [0, 0] | [0xff, 0x80, 0] | [0, 0xff, 0x80] | [0xff, 0x80, 0xff, 0x80]);
        if self.position.begin(self.out, is_zero) {
            self.out.buf.extend_from_slice(&parts);
        }
        Ok(())
    }
}
