//! Where values go, and how much deeper they may nest.

use super::sink::Sink;
use crate::gob::{ErrorKind, Result};

pub(super) struct Output<'s, S> {
    pub(super) sink: &'s mut S,
    left: usize,
    depth: usize,
}

impl<'s, S: Sink> Output<'s, S> {
    pub(super) const fn new(sink: &'s mut S, depth: usize) -> Self {
        Self { sink, left: depth, depth }
    }

    pub(super) fn enter(&mut self) -> Result<()> {
        self.left = self.left.checked_sub(1).ok_or(ErrorKind::TooDeep(self.depth))?;
        Ok(())
    }

    pub(super) const fn leave(&mut self) {
        self.left += 1;
    }
}
