//! A serde deserializer that follows the Go type of a value.

use std::borrow::Cow;

use serde::de::value::SeqDeserializer;
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::dynamic;
use super::fields::Fields;
use super::parts::{Elements, Entries, is_text};
use super::reader::Reader;
use super::source::{Source, Token};
use crate::gob::de::octets::Octets;
use crate::gob::de::parts::Items as KeysOnly;
use crate::gob::de::value::constant;
use crate::gob::de::zero::Zero;
use crate::gob::ty::{Kind, Type};
use crate::gob::value::handoff;
use crate::gob::{Error, ErrorKind, Result};

impl<'i, S: Source<'i>> Reader<S> {
    /// Reads a value of this type.
    pub(super) fn value<T: DeserializeSeed<'i>>(&mut self, ty: &'static Type, seed: T) -> Result<T::Value> {
        if S::READABLE && ty.kind == Kind::Opaque {
            if self.source.take_nil() {
                return seed.deserialize(Zero::new(ty));
            }
            return seed.deserialize(S::readable(self.source.raw()?));
        }
        seed.deserialize(TypedDeserializer { reader: self, ty })
    }
}

struct TypedDeserializer<'a, S> {
    reader: &'a mut Reader<S>,
    ty: &'static Type,
}

impl<'i, S: Source<'i>> TypedDeserializer<'_, S> {
    fn visit_map<V: Visitor<'i>>(self, visitor: V) -> Result<V::Value> {
        let Self { reader, ty } = self;
        let (Some(key), Some(elem)) = (ty.key(), ty.elem()) else { return Err(reader.mismatch("object", ty)) };
        let items = reader.map(ty)?;
        let is_number = key.kind.int_range().is_some() || key.kind.uint_max().is_some();
        if S::TEXT_KEYS && !is_text(key) && !is_number {
            return Err(reader.mismatch("object", ty));
        }
        reader.deeper(|reader| {
            let mut entries = Entries::new(reader, key, elem, items);
            let value = visitor.visit_map(&mut entries)?;
            entries.finish()?;
            Ok(value)
        })
    }

    fn visit_list<V: Visitor<'i>>(self, visitor: V) -> Result<V::Value> {
        let Self { reader, ty } = self;
        let Some(elem) = ty.elem() else { return Err(reader.mismatch("array", ty)) };
        let items = reader.array(ty)?;
        reader.deeper(|reader| {
            let mut elements = Elements::new(reader, elem, items, ty.array_len());
            let value = visitor.visit_seq(&mut elements)?;
            elements.finish()?;
            Ok(value)
        })
    }

    fn visit_struct<V: Visitor<'i>>(self, visitor: V) -> Result<V::Value> {
        let Self { reader, ty } = self;
        let items = reader.map(ty)?;
        reader.deeper(|reader| {
            let mut fields = Fields::new(reader, ty, items)?;
            let value = visitor.visit_map(&mut fields)?;
            fields.finish()?;
            Ok(value)
        })
    }
}

fn visit_text<'i, V: Visitor<'i>>(text: Cow<'i, [u8]>, visitor: V) -> Result<V::Value> {
    match utf8(text)? {
        Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
        Cow::Owned(text) => visitor.visit_string(text),
    }
}

fn visit_bytes<'i, V: Visitor<'i>>(bytes: Cow<'i, [u8]>, visitor: V) -> Result<V::Value> {
    match bytes {
        Cow::Borrowed(bytes) => visitor.visit_borrowed_bytes(bytes),
        Cow::Owned(bytes) => visitor.visit_byte_buf(bytes),
    }
}

fn utf8(text: Cow<'_, [u8]>) -> Result<Cow<'_, str>> {
    match text {
        Cow::Borrowed(text) => std::str::from_utf8(text).map(Cow::Borrowed).ok(),
        Cow::Owned(text) => String::from_utf8(text).map(Cow::Owned).ok(),
    }
    .ok_or_else(|| ErrorKind::NotUtf8.into())
}

impl<'i, S: Source<'i>> Deserializer<'i> for TypedDeserializer<'_, S> {
    type Error = Error;

    fn is_human_readable(&self) -> bool {
        S::READABLE
    }

    fn deserialize_any<V: Visitor<'i>>(mut self, visitor: V) -> Result<V::Value> {
        if self.reader.source.take_nil() {
            return Zero::new(self.ty).deserialize_any(visitor);
        }
        self.ty = self.ty.base();
        let ty = self.ty;
        match ty.kind {
            Kind::Bool => visitor.visit_bool(self.reader.bool(ty)?),
            Kind::Float32 | Kind::Float64 => visitor.visit_f64(self.reader.float(ty)?),
            Kind::String => visit_text(self.reader.text(ty)?, visitor),
            Kind::Bytes | Kind::Opaque => visit_bytes(self.reader.bytes(ty)?, visitor),
            Kind::Slice | Kind::Array => self.visit_list(visitor),
            Kind::Map => self.visit_map(visitor),
            Kind::Struct => self.visit_struct(visitor),
            // Nothing says which of its types it would be.
            Kind::Complex64 | Kind::Complex128 | Kind::Interface | Kind::Pointer => {
                Err(match self.reader.source.token()? {
                    Token::Number(number) if ty.kind != Kind::Interface => self.reader.mismatch(number, ty),
                    other => self.reader.mismatch(other.describe(), ty),
                })
            }
            kind if kind.int_range().is_some() => visitor.visit_i64(self.reader.int(ty)?),
            _ => visitor.visit_u64(self.reader.uint(ty)?),
        }
    }

    fn deserialize_option<V: Visitor<'i>>(self, visitor: V) -> Result<V::Value> {
        if self.reader.source.take_nil() {
            return visitor.visit_none();
        }
        let ty = match self.ty.kind {
            Kind::Pointer => self.ty.elem().unwrap_or(self.ty),
            _ => self.ty,
        };
        if S::READABLE && ty.kind == Kind::Opaque {
            return visitor.visit_some(S::readable(self.reader.source.raw()?));
        }
        visitor.visit_some(TypedDeserializer { reader: self.reader, ty })
    }

    fn deserialize_enum<V: Visitor<'i>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        if self.reader.source.take_nil() {
            return Zero::new(self.ty).deserialize_enum(name, variants, visitor);
        }
        let ty = self.ty.base();
        let key = match ty.kind {
            Kind::String => {
                let text = utf8(self.reader.text(ty)?)?;
                let key = ty.constants().iter().map(|constant| constant.key).find(|key| *key == text);
                key.ok_or_else(|| ErrorKind::UnknownConstant { value: format!("{text:?}"), ty: ty.to_string() })?
            }
            kind if kind.int_range().is_some() => constant(ty, self.reader.int(ty)?)?,
            // Constants are kept as `i64`, in which large unsigned ones wrap.
            kind if kind.uint_max().is_some() => constant(ty, self.reader.uint(ty)? as i64)?,
            _ => return self.deserialize_any(visitor),
        };
        visitor.visit_enum(IntoDeserializer::<Error>::into_deserializer(key))
    }

    fn deserialize_char<V: Visitor<'i>>(self, visitor: V) -> Result<V::Value> {
        let ty = self.ty.base();
        if ty.kind != Kind::Int32 {
            return self.deserialize_any(visitor);
        }
        if self.reader.source.take_nil() {
            return visitor.visit_char('\0');
        }
        visitor.visit_char(self.reader.char(ty)?)
    }

    fn deserialize_str<V: Visitor<'i>>(self, visitor: V) -> Result<V::Value> {
        // A type that encodes itself as text, or a declared type of bytes with a readable form: `net.IP`.
        let readable = S::READABLE && self.ty.base().kind == Kind::Bytes;
        if self.ty.base().kind != Kind::Opaque && !readable {
            return self.deserialize_any(visitor);
        }
        if self.reader.source.take_nil() {
            return Zero::new(self.ty).deserialize_str(visitor);
        }
        let text = if readable { self.reader.text(self.ty)? } else { self.reader.bytes(self.ty)? };
        visit_text(text, visitor)
    }

    fn deserialize_string<V: Visitor<'i>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_str(visitor)
    }

    // A Go string is bytes, and whoever asks for bytes gets it as it came.
    fn deserialize_bytes<V: Visitor<'i>>(self, visitor: V) -> Result<V::Value> {
        if self.ty.base().kind != Kind::String {
            return self.deserialize_any(visitor);
        }
        if self.reader.source.take_nil() {
            return visitor.visit_borrowed_bytes(&[]);
        }
        visit_bytes(self.reader.text(self.ty.base())?, visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'i>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'i>>(self, name: &'static str, visitor: V) -> Result<V::Value> {
        if name != handoff::NAME {
            return visitor.visit_newtype_struct(self);
        }
        if !self.ty.base().is_any() {
            return self.deserialize_any(visitor);
        }
        handoff::give(dynamic::read(self.reader)?, visitor)
    }

    fn deserialize_unit<V: Visitor<'i>>(self, visitor: V) -> Result<V::Value> {
        if !self.reader.source.take_nil() {
            let items = self.reader.map(self.ty.base())?;
            self.reader.deeper(|reader| Fields::new(reader, const { &Type::structure(&[]) }, items)?.finish())?;
        }
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'i>>(self, _name: &'static str, visitor: V) -> Result<V::Value> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_seq<V: Visitor<'i>>(mut self, visitor: V) -> Result<V::Value> {
        if self.reader.source.take_nil() {
            return Zero::new(self.ty).deserialize_seq(visitor);
        }
        self.ty = self.ty.base();
        match (self.ty.kind, self.ty.elem()) {
            (Kind::Bytes, None) => {
                let bytes = self.reader.bytes(self.ty)?;
                visitor.visit_seq(SeqDeserializer::<_, Error>::new(bytes.iter().copied()))
            }
            (Kind::Bytes, Some(item)) => {
                let bytes = self.reader.bytes(self.ty)?;
                visitor.visit_seq(Octets { bytes: bytes.iter(), done: 0, item })
            }
            // A set is a map of its items to nothing (G108).
            (Kind::Map, _) => self.visit_map(KeysOnly(visitor)),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'i>>(self, visitor: V) -> Result<V::Value> {
        self.reader.skip()?;
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        <V: Visitor<'i>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64
        tuple tuple_struct map struct identifier
    }
}
