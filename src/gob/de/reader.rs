//! The state of decoding one value: where it is, how deep it is, and the field header that all structs share.

use std::marker::PhantomData;

use serde::de::Visitor;

use super::Context;
use super::plan::Plan;
use crate::gob::error::{Error, Kind, Result};
use crate::gob::wire::Cursor;

/// How strings and bytes of the input go to a visitor.
pub(in crate::gob) trait Lend<'i, 'de> {
    fn str<V: Visitor<'de>>(text: &'i str, visitor: V) -> Result<V::Value>;
    fn bytes<V: Visitor<'de>>(bytes: &'i [u8], visitor: V) -> Result<V::Value>;
}

/// The input lives as long as the value, which may borrow from it.
pub(in crate::gob) struct Lasting;

impl<'i> Lend<'i, 'i> for Lasting {
    #[inline]
    fn str<V: Visitor<'i>>(text: &'i str, visitor: V) -> Result<V::Value> {
        visitor.visit_borrowed_str(text)
    }

    #[inline]
    fn bytes<V: Visitor<'i>>(bytes: &'i [u8], visitor: V) -> Result<V::Value> {
        visitor.visit_borrowed_bytes(bytes)
    }
}

/// The input was joined from several messages and is soon gone: the value must own what it takes.
pub(in crate::gob) struct Passing;

impl<'i, 'de> Lend<'i, 'de> for Passing {
    #[inline]
    fn str<V: Visitor<'de>>(text: &'i str, visitor: V) -> Result<V::Value> {
        visitor.visit_str(text)
    }

    #[inline]
    fn bytes<V: Visitor<'de>>(bytes: &'i [u8], visitor: V) -> Result<V::Value> {
        visitor.visit_bytes(bytes)
    }
}

pub(in crate::gob) struct Reader<'i, 'p, L> {
    pub(in crate::gob) cursor: Cursor<'i>,
    pub(in crate::gob) context: &'p Context,
    pub(super) plan: &'p Plan,
    /// How many more levels are allowed, and how many there were.
    depth: usize,
    max_depth: usize,
    lend: PhantomData<L>,
}

impl<'i, 'p, L> Reader<'i, 'p, L> {
    #[inline]
    pub(in crate::gob) fn new(cursor: Cursor<'i>, context: &'p Context, plan: &'p Plan) -> Self {
        let max_depth = context.limits.depth;
        Self { cursor, context, plan, depth: max_depth, max_depth, lend: PhantomData }
    }

    /// Reads with a plan of its own for a time, as the value of an interface needs it.
    pub(super) fn apart<'x, T>(
        &mut self,
        plan: &'x Plan,
        read: impl FnOnce(&mut Reader<'i, 'x, L>) -> Result<T>,
    ) -> Result<T>
    where
        'p: 'x,
    {
        let mut apart = Reader {
            cursor: self.cursor.clone(),
            context: self.context,
            plan,
            depth: self.depth,
            max_depth: self.max_depth,
            lend: PhantomData,
        };
        let result = read(&mut apart);
        self.cursor = apart.cursor;
        result
    }

    /// Goes one level down for the time of `read`.
    #[inline]
    pub(in crate::gob) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.enter()?;
        let result = read(self);
        self.leave();
        result
    }

    /// How many more levels are allowed. Whoever reads the parts of a value leaves its level after the last one, so
    /// that it can be seen here whether a visitor has taken all of them.
    #[inline]
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    #[inline]
    pub(in crate::gob) fn enter(&mut self) -> Result<()> {
        match self.depth.checked_sub(1) {
            Some(depth) => {
                self.depth = depth;
                Ok(())
            }
            None => Err(self.too_deep()),
        }
    }

    #[inline]
    pub(in crate::gob) fn leave(&mut self) {
        self.depth += 1;
    }

    /// For how many of `count` parts room is made before they come. Each takes a byte or more, and may promise as many
    /// parts of its own: the deeper a value is, the less it is believed, so that all levels together get room for no
    /// more than twice as many as there can be.
    #[inline]
    pub(in crate::gob) fn believed(&self, count: usize) -> usize {
        let levels = self.max_depth - self.depth;
        let share = self.cursor.remaining().checked_shr(2 * levels.checked_ilog2().unwrap_or(0));
        count.min(share.unwrap_or(0))
    }

    /// Reads the header of the next field of a struct with `count` fields; `next` is the number it may have at least.
    /// `None` at the end of the struct, which may also be the end of the message (G11, G203, G216).
    #[inline]
    pub(in crate::gob) fn next_field(&mut self, next: &mut u64, count: usize) -> Result<Option<usize>> {
        if self.cursor.is_empty() {
            return Ok(None);
        }
        let delta = self.cursor.take_uint()?;
        if delta == 0 {
            return Ok(None);
        }
        match next.checked_add(delta) {
            Some(number) if number <= count as u64 => *next = number,
            _ => return Err(self.bad_field(delta)),
        }
        Ok(Some((*next - 1) as usize))
    }

    #[cold]
    fn too_deep(&self) -> Error {
        self.cursor.error(Kind::TooDeep(self.max_depth))
    }

    #[cold]
    fn bad_field(&self, delta: u64) -> Error {
        self.cursor.error(if delta >= 1 << 63 { Kind::NegativeDelta } else { Kind::FieldOutOfBounds })
    }
}
