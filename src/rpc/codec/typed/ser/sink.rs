//! What a format that is written has to offer.

use super::entries::Entry;
use crate::gob::ty::{Kind, Type};
use crate::gob::{Error, Result};

/// A format that is written. Everything goes to the end of one buffer.
pub(in crate::rpc::codec) trait Sink {
    /// Whether types that encode themselves do so in their readable form. If not, they give their bytes.
    const READABLE: bool;

    fn position(&self) -> usize;
    fn nil(&mut self);
    fn bool(&mut self, value: bool);
    fn int(&mut self, value: i64);
    fn uint(&mut self, value: u64);
    fn float(&mut self, value: f64, kind: Kind) -> Result<()>;
    /// A Go string, which may be anything.
    fn text(&mut self, text: &[u8]);
    fn bytes(&mut self, bytes: &[u8]);
    /// The readable form of a type that encodes itself.
    fn readable(&mut self, value: &dyn erased_serde::Serialize) -> Result<()>;
    /// Whether the keys of a map may be of this type.
    fn takes_key(&self, key: &Type) -> bool;
    /// What the format has nothing for.
    fn unsupported(&self, ty: &Type) -> Error;

    /// Begins an array or a map, whose length may not be known yet.
    fn begin(&mut self, kind: Container, len: Option<usize>);
    /// Before every item of an array but the first, and every entry of a map but the first.
    fn separate(&mut self);
    /// Between the key of an entry, which begins at `start`, and its value.
    fn key_end(&mut self, start: usize, key: &Type) -> Result<()>;
    /// Ends what [`begin`](Self::begin) began at `start`, with the length that was said there.
    fn end(&mut self, kind: Container, start: usize, len: Option<usize>, count: usize, entries: &mut [Entry]);
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rpc::codec) enum Container {
    Array,
    Map,
    Struct,
}
