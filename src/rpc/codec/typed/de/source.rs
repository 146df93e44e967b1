//! What a format that is read has to offer.

use std::borrow::Cow;

use serde::de::Deserializer;

use super::number::Number;
use crate::gob::{Error, ErrorKind, Result};

/// A format that is read. What it gives was looked through before and is whole.
pub(in crate::rpc::codec) trait Source<'i>: Sized {
    /// What errors begin with.
    const NAME: &'static str;
    /// Whether types that encode themselves do so in their readable form. If not, they give their bytes.
    const READABLE: bool;
    /// Whether keys of maps are strings, whatever their type.
    const TEXT_KEYS: bool;

    /// Takes the next value; of an array or a map only its beginning.
    fn token(&mut self) -> Result<Token<'i>>;
    /// Whether another item follows, or the end, which is taken.
    fn more(&mut self, items: &mut Items) -> Result<bool>;
    /// Goes from a key to its value.
    fn colon(&mut self) -> Result<()>;
    /// Takes a nil, if that is next.
    fn take_nil(&mut self) -> bool;
    /// Takes a value as it stands.
    fn raw(&mut self) -> Result<&'i [u8]>;
    /// The bytes that a string stands for.
    fn bytes(text: Cow<'i, [u8]>) -> Result<Cow<'i, [u8]>>;
    /// Reads the readable form of a type that encodes itself.
    fn readable(raw: &'i [u8]) -> impl Deserializer<'i, Error = Error>;
    /// A source of the number that a key is.
    fn number(text: &'i [u8]) -> Self;
    fn position(&self) -> usize;
    fn seek(&mut self, position: usize);
}

/// What was looked through ends early, or is of another shape.
#[cold]
pub(in crate::rpc::codec) fn cut() -> Error {
    ErrorKind::UnexpectedEof.into()
}

/// A value, or the beginning of one.
#[derive(Debug)]
pub(in crate::rpc::codec) enum Token<'i> {
    Nil,
    Bool(bool),
    Number(Number<'i>),
    Text(Cow<'i, [u8]>),
    Bytes(&'i [u8]),
    Array(Items),
    Map(Items),
}

impl Token<'_> {
    /// What Go calls it.
    pub(in crate::rpc::codec) const fn describe(&self) -> &'static str {
        match self {
            Self::Nil => "null",
            Self::Bool(_) => "bool",
            Self::Number(_) => "number",
            Self::Text(_) => "string",
            Self::Bytes(_) => "bytes",
            Self::Array(_) => "array",
            Self::Map(_) => "object",
        }
    }
}

/// How far an array or a map has been read.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::rpc::codec) struct Items {
    /// Whether anything came, for a format that separates items.
    pub(in crate::rpc::codec) begun: bool,
    /// How many are to come, for a format that says so.
    pub(in crate::rpc::codec) left: usize,
    /// Whether the end was taken.
    pub(super) ended: bool,
}

impl Items {
    pub(in crate::rpc::codec) fn counted(left: usize) -> Self {
        Self { left, ..Self::default() }
    }
}
