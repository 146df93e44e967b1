//! Complex numbers, which serde knows as pairs (G7).

use serde::ser::Serialize;

use super::{Output, Position, items, mismatch};
use crate::gob::error::Result;
use crate::gob::ty::Type;
use crate::gob::wire::float_to_uint;

/// The two parts of a complex number. Whether it is zero, and so left out of a struct, is known after the second.
pub(crate) struct Complex<'a, 'o, P> {
    out: &'a mut Output<'o>,
    ty: &'static Type,
    position: P,
    /// As they go on the wire.
    parts: [u64; 2],
    count: usize,
}

impl<'a, 'o, P: Position> Complex<'a, 'o, P> {
    pub(super) fn new(out: &'a mut Output<'o>, ty: &'static Type, position: P) -> Self {
        Self { out, ty, position, parts: [0; 2], count: 0 }
    }

    pub(super) fn part<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        let part = items::float(value)?;
        if let Some(place) = self.parts.get_mut(self.count) {
            *place = part;
        }
        self.count += 1;
        Ok(())
    }

    pub(super) fn end(self) -> Result<()> {
        if self.count != self.parts.len() {
            return Err(mismatch(self.ty, &format!("{} parts", self.count)));
        }
        // G68: a negative zero is zero too.
        let is_zero = self.parts.iter().all(|part| [0.0, -0.0].map(float_to_uint).contains(part));
        if self.position.begin(self.out, is_zero) {
            self.parts.into_iter().for_each(|part| self.out.put_uint(part));
        }
        Ok(())
    }
}
