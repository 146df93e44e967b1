//! The items of a `[]byte` whose item type is declared, and may have constants.

use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::value::constant;
use crate::gob::error::{Error, Result};
use crate::gob::ty::Type;

pub(crate) struct Octets<'i> {
    pub(crate) bytes: std::slice::Iter<'i, u8>,
    pub(crate) done: usize,
    pub(crate) item: &'static Type,
}

impl<'de> SeqAccess<'de> for Octets<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        let Some(&value) = self.bytes.next() else { return Ok(None) };
        let item = seed.deserialize(Octet { value, ty: self.item }).map_err(|error| error.in_element(self.done))?;
        self.done += 1;
        Ok(Some(item))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.bytes.len())
    }
}

struct Octet {
    value: u8,
    ty: &'static Type,
}

impl<'de> Deserializer<'de> for Octet {
    type Error = Error;

    fn is_human_readable(&self) -> bool {
        false
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_u8(self.value)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_enum(constant(self.ty, self.value.into())?.into_deserializer())
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        seq tuple tuple_struct map struct identifier ignored_any
    }
}
