//! The state of decoding one value: where it is, how deep it is, and the field header that all structs share.

use crate::gob::error::{Kind, Result};
use crate::gob::stream::table::TypeTable;
use crate::gob::wire::Cursor;

pub(super) struct Reader<'de, 'p> {
    pub(super) cursor: Cursor<'de>,
    pub(super) types: &'p TypeTable,
    /// How many more levels are allowed, and how many there were.
    depth: usize,
    max_depth: usize,
}

impl<'de, 'p> Reader<'de, 'p> {
    pub(super) fn new(cursor: Cursor<'de>, types: &'p TypeTable, max_depth: usize) -> Self {
        Self { cursor, types, depth: max_depth, max_depth }
    }

    /// Goes one level down for the time of `read`.
    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.enter()?;
        let result = read(self);
        self.leave();
        result
    }

    #[inline]
    pub(super) fn enter(&mut self) -> Result<()> {
        match self.depth.checked_sub(1) {
            Some(depth) => {
                self.depth = depth;
                Ok(())
            }
            None => Err(self.cursor.error(Kind::TooDeep(self.max_depth))),
        }
    }

    #[inline]
    pub(super) fn leave(&mut self) {
        self.depth += 1;
    }

    /// Reads the header of the next field of a struct with `count` fields; `next` is the number it may have at least.
    /// `None` at the end of the struct, which may also be the end of the message (G11, G203, G216).
    #[inline]
    pub(super) fn next_field(&mut self, next: &mut u64, count: usize) -> Result<Option<usize>> {
        if self.cursor.is_empty() {
            return Ok(None);
        }
        let delta = self.cursor.take_uint()?;
        if delta == 0 {
            return Ok(None);
        }
        if delta >= 1 << 63 {
            return Err(self.cursor.error(Kind::NegativeDelta));
        }
        *next = next.saturating_add(delta);
        if *next > count as u64 {
            return Err(self.cursor.error(Kind::FieldOutOfBounds));
        }
        Ok(Some((*next - 1) as usize))
    }
}
