//! `Zero`: hands out the Go zero of a type, for what a sender left out.

use serde::de::value::SeqDeserializer;
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::value::constant;
use crate::gob::error::{Error, Kind as ErrorKind, Result};
use crate::gob::ty::{Field, Kind, Type, TypeRef};
use crate::gob::value::{Value, handoff};

#[derive(Clone, Copy)]
pub(crate) struct Zero {
    kind: Kind,
    ty: TypeRef,
    /// A struct that holds itself without a pointer has no zero; this ends the search for one.
    depth: usize,
}

const MAX_DEPTH: usize = 64;

impl Zero {
    #[cfg(any(feature = "jsonrpc", feature = "msgpack"))]
    pub(crate) const fn new(ty: &'static Type) -> Self {
        Self { kind: ty.kind, ty: TypeRef::to(ty), depth: MAX_DEPTH }
    }

    /// The zero of a field.
    #[inline]
    pub(super) const fn of(field: &'static Field) -> Self {
        Self { kind: field.kind, ty: field.ty, depth: MAX_DEPTH }
    }

    fn ty(self) -> &'static Type {
        self.ty.get()
    }

    /// What the zero value of a type that encodes itself is encoded to; nothing for any other.
    fn payload(self) -> &'static [u8] {
        self.ty().opaque().map_or(&[], |opaque| opaque.zero)
    }

    fn part(self, ty: &'static Type) -> Result<Self> {
        match self.depth.checked_sub(1) {
            Some(depth) => Ok(Self { kind: ty.kind, ty: TypeRef::to(ty), depth }),
            None => Err(Error::new(ErrorKind::TooDeep(MAX_DEPTH))),
        }
    }
}

impl<'de> Deserializer<'de> for Zero {
    type Error = Error;

    fn is_human_readable(&self) -> bool {
        false
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.kind {
            Kind::Bool => visitor.visit_bool(false),
            Kind::Float32 | Kind::Float64 => visitor.visit_f64(0.0),
            Kind::Complex64 | Kind::Complex128 => {
                visitor.visit_seq(SeqDeserializer::<_, Error>::new([0.0, 0.0].into_iter()))
            }
            Kind::String => visitor.visit_borrowed_str(""),
            Kind::Bytes => visitor.visit_borrowed_bytes(&[]),
            Kind::Slice | Kind::Array => self.deserialize_seq(visitor),
            Kind::Map => visitor.visit_map(Fields { zero: self, fields: [].iter(), value: None }),
            Kind::Struct => visitor.visit_map(Fields { zero: self, fields: self.ty().fields().iter(), value: None }),
            Kind::Pointer => visitor.visit_none(),
            Kind::Interface => Err(ErrorKind::NilInterface(self.ty().to_string()).into()),
            Kind::Opaque => visitor.visit_borrowed_bytes(self.payload()),
            kind if kind.int_range().is_some() => visitor.visit_i64(0),
            _ => visitor.visit_u64(0),
        }
    }

    #[inline]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_none()
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        if self.kind == Kind::String {
            let key = self.ty().constants().iter().map(|constant| constant.key).find(|key| key.is_empty());
            let unknown = || ErrorKind::UnknownConstant { value: "\"\"".to_owned(), ty: self.ty().to_string() };
            return visitor.visit_enum(key.ok_or_else(unknown)?.into_deserializer());
        }
        if self.kind == Kind::Interface {
            return self.deserialize_any(visitor);
        }
        visitor.visit_enum(constant(self.ty(), 0)?.into_deserializer())
    }

    #[inline]
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if self.kind == Kind::Bool { visitor.visit_bool(false) } else { self.deserialize_any(visitor) }
    }

    #[inline]
    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if self.kind.int_range().is_some() { visitor.visit_i64(0) } else { self.deserialize_any(visitor) }
    }

    #[inline]
    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if self.kind.uint_max().is_some() { visitor.visit_u64(0) } else { self.deserialize_any(visitor) }
    }

    #[inline]
    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let is_float = matches!(self.kind, Kind::Float32 | Kind::Float64);
        if is_float { visitor.visit_f64(0.0) } else { self.deserialize_any(visitor) }
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_char('\0')
    }

    #[inline]
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if self.kind == Kind::String {
            return visitor.visit_borrowed_str("");
        }
        match std::str::from_utf8(self.payload()) {
            Ok(text) => visitor.visit_borrowed_str(text),
            Err(_) => self.deserialize_any(visitor),
        }
    }

    #[inline]
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value> {
        if name == handoff::NAME {
            return handoff::give(Value::Interface(None), visitor);
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let left = self.ty().array_len().unwrap_or(0);
        let elem = self.ty().elem().unwrap_or_else(|| self.ty());
        visitor.visit_seq(Elements { zero: self, elem, left })
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value> {
        self.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u16 u32 u128 f32 bytes byte_buf
        tuple_struct map struct identifier ignored_any
    }
}

struct Elements {
    zero: Zero,
    elem: &'static Type,
    left: usize,
}

impl<'de> SeqAccess<'de> for Elements {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        seed.deserialize(self.zero.part(self.elem)?).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left)
    }
}

struct Fields {
    zero: Zero,
    fields: std::slice::Iter<'static, Field>,
    value: Option<&'static Field>,
}

impl<'de> MapAccess<'de> for Fields {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        // A field with a default of its own is left to serde.
        self.value = self.fields.find(|field| !field.has_default);
        self.value.map(|field| seed.deserialize(field.key.into_deserializer())).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        let Some(field) = self.value.take() else {
            return Err(serde::de::Error::custom("a value was asked for without its key"));
        };
        seed.deserialize(self.zero.part(field.ty())?).map_err(|error| error.in_field(field.name))
    }
}
