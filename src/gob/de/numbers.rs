//! The elements of a slice of numbers, in loops that have nothing else in them.

use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use crate::gob::error::{Error, Kind as ErrorKind, Result};
use crate::gob::wire::Cursor;

/// A number that has been read.
#[derive(Clone, Copy)]
pub(super) enum Number {
    Byte(u8),
    Int(i64),
    Uint(u64),
    Float(f64),
}

impl<'de> Deserializer<'de> for Number {
    type Error = Error;

    fn is_human_readable(&self) -> bool {
        false
    }

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self {
            Self::Byte(value) => visitor.visit_u8(value),
            Self::Int(value) => visitor.visit_i64(value),
            Self::Uint(value) => visitor.visit_u64(value),
            Self::Float(value) => visitor.visit_f64(value),
        }
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let Self::Int(value) = self else { return self.deserialize_any(visitor) };
        match u32::try_from(value).ok().and_then(char::from_u32) {
            Some(value) => visitor.visit_char(value),
            None => Err(ErrorKind::OutOfRange { name: String::new() }.into()),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_some(self)
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// Reads the next number.
pub(super) trait Read<'i>: FnMut(&mut Cursor<'i>) -> Result<Number> {}

impl<'i, R: FnMut(&mut Cursor<'i>) -> Result<Number>> Read<'i> for R {}

pub(super) struct Numbers<'i, R> {
    /// A copy, which is in registers where the one of the reader would not be.
    pub(super) cursor: Cursor<'i>,
    pub(super) count: usize,
    pub(super) done: usize,
    pub(super) read: R,
}

impl<'i, 'de, R: Read<'i>> SeqAccess<'de> for Numbers<'i, R> {
    type Error = Error;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        if self.done == self.count {
            return Ok(None);
        }
        if self.cursor.is_empty() {
            return Err(self.cursor.error(ErrorKind::TooManyElements(self.count as u64)));
        }
        match (self.read)(&mut self.cursor).and_then(|number| seed.deserialize(number)) {
            Ok(element) => {
                self.done += 1;
                Ok(Some(element))
            }
            Err(error) => Err(error.in_element(self.done)),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.count - self.done)
    }
}

/// The items of a `[]byte`.
pub(super) struct Bytes<'i>(pub(super) std::slice::Iter<'i, u8>);

impl<'de> SeqAccess<'de> for Bytes<'_> {
    type Error = Error;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        match self.0.next() {
            Some(&byte) => seed.deserialize(Number::Byte(byte)).map(Some),
            None => Ok(None),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}
