//! A large byte slice or string that is a value by itself: it is read where it stays, and handed over.

use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::Context;
use super::numbers::Bytes;
use super::plan::{Node, Plan};
use super::reader::Passing;
use crate::gob::Gob;
use crate::gob::error::{Error, Kind as ErrorKind, Result};
use crate::gob::stream::wiretype::{TypeId, builtin};
use crate::gob::ty::Type;
use crate::gob::value::Value;
use crate::gob::wire::put_bytes;

#[derive(Debug)]
pub(crate) struct Content {
    pub(crate) id: TypeId,
    /// Where the value begins in the stream.
    pub(crate) offset: u64,
    pub(crate) bytes: Vec<u8>,
}

impl Content {
    /// Decodes it by a plan.
    pub(crate) fn decode<'de, T: Gob + Deserialize<'de>>(mut self, context: &Context, plan: &Plan) -> Result<T> {
        if plan.is_octets() {
            match T::from_octets(self.bytes.into()) {
                Ok(value) => return Ok(value),
                Err(octets) => self.bytes = octets.into_owned(),
            }
        }
        self.decode_by_seed(context, plan, T::TYPE, PhantomData::<T>)
    }

    /// The same for a type that is known only at run time.
    pub(crate) fn decode_by_seed<'de, S: DeserializeSeed<'de>>(
        self,
        context: &Context,
        plan: &Plan,
        ty: &'static Type,
        seed: S,
    ) -> Result<S::Value> {
        let text = match plan.root() {
            _ if plan.is_octets() => false,
            Node::String(string) if string.constants().is_empty() => true,
            _ => {
                // What wants something else gets it as it was sent.
                let mut payload = vec![0];
                put_bytes(&mut payload, &self.bytes);
                return context.follow::<_, Passing>(plan, ty, seed, &payload, self.offset);
            }
        };
        let at = self.offset + 1;
        seed.deserialize(Owned { bytes: self.bytes, text }).map_err(|error| error.at(at).named(ty))
    }

    /// The same without a type of ours.
    pub(crate) fn into_value(self) -> Value {
        if self.id == builtin::STRING { Value::String(self.bytes.into()) } else { Value::Bytes(self.bytes) }
    }
}

struct Owned {
    bytes: Vec<u8>,
    text: bool,
}

impl<'de> Deserializer<'de> for Owned {
    type Error = Error;

    fn is_human_readable(&self) -> bool {
        false
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if !self.text {
            return visitor.visit_byte_buf(self.bytes);
        }
        visitor.visit_string(String::from_utf8(self.bytes).map_err(|_| Error::new(ErrorKind::NotUtf8))?)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_byte_buf(self.bytes)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_byte_buf(self.bytes)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if self.text { self.deserialize_any(visitor) } else { visitor.visit_seq(Bytes(self.bytes.iter())) }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string unit unit_struct
        tuple tuple_struct map struct enum identifier ignored_any
    }
}
