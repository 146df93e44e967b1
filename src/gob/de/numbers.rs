//! The elements of a slice of numbers, in loops that have nothing else in them.

use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, SeqAccess, Visitor};
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

/// It is handed to visitors as a whole, and no reference to it leaves it: so the compiler can keep it in registers.
pub(super) struct Numbers<'a, 'i, R> {
    cursor: Cursor<'i>,
    count: usize,
    left: usize,
    read: R,
    /// The cursor of the reader, which goes on after the last number.
    after: &'a mut Cursor<'i>,
}

impl<'a, 'i, R: Read<'i>> Numbers<'a, 'i, R> {
    /// `count` is at least one.
    #[inline]
    pub(super) fn new(cursor: &'a mut Cursor<'i>, count: usize, read: R) -> Self {
        Self { cursor: cursor.clone(), count, left: count, read, after: cursor }
    }
}

impl<'i, 'de, R: Read<'i>> SeqAccess<'de> for Numbers<'_, 'i, R> {
    type Error = Error;

    #[inline(always)]
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        if self.left == 0 {
            return Ok(None);
        }
        match (self.read)(&mut self.cursor).and_then(|number| seed.deserialize(number)) {
            Ok(element) => {
                self.left -= 1;
                if self.left == 0 {
                    *self.after = self.cursor.clone();
                }
                Ok(Some(element))
            }
            Err(error) => Err(locate(error, self.cursor.clone(), self.count, self.count - self.left)),
        }
    }

    #[inline(always)]
    fn next_element<T: Deserialize<'de>>(&mut self) -> Result<Option<T>> {
        self.next_element_seed(PhantomData)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left)
    }
}

/// What is wrong with an element; a missing one means that fewer came than were announced.
#[cold]
fn locate(error: Error, cursor: Cursor<'_>, count: usize, index: usize) -> Error {
    match error.kind() {
        ErrorKind::MissingValue => cursor.error(ErrorKind::TooManyElements(count as u64)),
        _ => error.at(cursor.offset()).in_element(index),
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
