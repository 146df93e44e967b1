//! One value: the deserializer serde talks to, and the elements of slices, arrays and maps.

use serde::de::value::SeqDeserializer;
use serde::de::{Deserializer, IgnoredAny, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::interface;
use super::numbers::{Bytes, Number, Numbers};
use super::octets::Octets;
use super::parts::{Elements, Entries, Items, not_taken};
use super::plan::{Node, NodeId};
use super::reader::{Lend, Reader};
use super::structs::{StructMap, StructSeq};
use crate::gob::error::{Error, Kind as ErrorKind, Result};
use crate::gob::ty::{Kind, Type};
use crate::gob::value::{decode, handoff};
use crate::gob::wire::{self, Cursor, float_from_uint, int_from_uint};

pub(super) struct ValueDeserializer<'a, 'i, 'p, L> {
    reader: &'a mut Reader<'i, 'p, L>,
    node: &'p Node,
}

impl<'a, 'i, 'p, L> ValueDeserializer<'a, 'i, 'p, L> {
    #[inline]
    pub(super) const fn new(reader: &'a mut Reader<'i, 'p, L>, node: &'p Node) -> Self {
        Self { reader, node }
    }

    #[inline]
    fn int(&mut self, min: i64, max: i64) -> Result<i64> {
        let value = self.reader.cursor.take_int()?;
        if value < min || value > max { Err(self.out_of_range()) } else { Ok(value) }
    }

    #[inline]
    fn uint(&mut self, max: u64) -> Result<u64> {
        let value = self.reader.cursor.take_uint()?;
        if value > max { Err(self.out_of_range()) } else { Ok(value) }
    }

    #[inline]
    fn float(&mut self, kind: Kind) -> Result<f64> {
        let value = self.reader.cursor.take_float()?;
        if kind.has_float(value) { Ok(value) } else { Err(self.out_of_range()) }
    }

    fn out_of_range(&self) -> Error {
        out_of_range(&self.reader.cursor)
    }

    #[inline]
    fn string(&mut self) -> Result<&'i str> {
        self.text(|this| this.reader.cursor.take_bytes(|_| ErrorKind::StringTooLong))
    }

    #[inline]
    fn text(&mut self, take: impl FnOnce(&mut Self) -> Result<&'i [u8]>) -> Result<&'i str> {
        let start = self.reader.cursor.offset();
        let bytes = take(self)?;
        wire::text(bytes).map_err(|_| Error::new(ErrorKind::NotUtf8).at(start))
    }

    fn opaque(&mut self) -> Result<&'i [u8]> {
        self.reader.cursor.take_bytes(|_| ErrorKind::PayloadTooLong)
    }

    #[inline]
    fn bytes(&mut self) -> Result<&'i [u8]> {
        self.reader.cursor.take_bytes(|_| ErrorKind::BytesTooLong)
    }

    #[inline]
    fn sequence<'de, V>(self, elem: NodeId, count: u64, visitor: V) -> Result<V::Value>
    where
        V: Visitor<'de>,
        L: Lend<'i, 'de>,
    {
        // Every element takes a byte at least, so a count beyond the rest is a lie (G219).
        if count > self.reader.cursor.remaining() as u64 {
            return Err(self.reader.cursor.error(ErrorKind::TooManyElements(count)));
        }
        let node = self.reader.plan.node(elem);
        match *node {
            Node::Int(ty, i64::MIN, i64::MAX) if ty.constants().is_empty() => {
                let read = |cursor: &mut Cursor<'i>| Ok(Number::Int(int_from_uint(cursor.take_uint_in_row()?)));
                return self.numbers(count as usize, visitor, read);
            }
            Node::Int(ty, min, max) if ty.constants().is_empty() => {
                return self.numbers(count as usize, visitor, move |cursor: &mut Cursor<'i>| {
                    let value = int_from_uint(cursor.take_uint_in_row()?);
                    if value < min || value > max { Err(out_of_range(cursor)) } else { Ok(Number::Int(value)) }
                });
            }
            Node::Uint(ty, max) if ty.constants().is_empty() => {
                return self.numbers(count as usize, visitor, move |cursor: &mut Cursor<'i>| {
                    let value = cursor.take_uint_in_row()?;
                    if value > max { Err(out_of_range(cursor)) } else { Ok(Number::Uint(value)) }
                });
            }
            Node::Float(Kind::Float64) => {
                let read = |cursor: &mut Cursor<'i>| cursor.take_float_in_row().map(Number::Float);
                return self.numbers(count as usize, visitor, read);
            }
            _ => {}
        }
        let Self { reader, .. } = self;
        let depth = reader.depth();
        let count = count as usize;
        let value = visitor.visit_seq(Elements::begin(reader, node, count)?)?;
        if reader.depth() == depth { Ok(value) } else { Err(not_taken(count)) }
    }

    #[inline]
    fn numbers<'de, V, R>(self, count: usize, visitor: V, read: R) -> Result<V::Value>
    where
        V: Visitor<'de>,
        R: FnMut(&mut Cursor<'i>) -> Result<Number>,
    {
        self.reader.deeper(|reader| {
            let before = reader.cursor.remaining();
            let value = visitor.visit_seq(Numbers::new(&mut reader.cursor, count, read))?;
            if count == 0 || reader.cursor.remaining() < before { Ok(value) } else { Err(not_taken(count)) }
        })
    }

    #[inline]
    fn map<'de, V>(self, key: NodeId, elem: NodeId, visitor: V) -> Result<V::Value>
    where
        V: Visitor<'de>,
        L: Lend<'i, 'de>,
    {
        let count = self.reader.cursor.take_uint()?;
        if count > self.reader.cursor.remaining() as u64 {
            return Err(self.reader.cursor.error(ErrorKind::TooManyElements(count)));
        }
        let Self { reader, .. } = self;
        let (key, elem) = (reader.plan.node(key), reader.plan.node(elem));
        let depth = reader.depth();
        let count = count as usize;
        let value = visitor.visit_map(Entries::begin(reader, key, elem, count)?)?;
        if reader.depth() == depth { Ok(value) } else { Err(not_taken(count)) }
    }
}

impl<'i, 'de, L: Lend<'i, 'de>> Deserializer<'de> for ValueDeserializer<'_, 'i, '_, L> {
    type Error = Error;

    fn is_human_readable(&self) -> bool {
        false
    }

    fn deserialize_any<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value> {
        match *self.node {
            Node::Bool => visitor.visit_bool(self.reader.cursor.take_uint()? != 0),
            Node::Int(_, min, max) => visitor.visit_i64(self.int(min, max)?),
            Node::Uint(_, max) => visitor.visit_u64(self.uint(max)?),
            Node::Float(kind) => visitor.visit_f64(self.float(kind)?),
            Node::Complex(kind) => {
                let parts = [self.float(kind)?, self.float(kind)?];
                visitor.visit_seq(SeqDeserializer::<_, Error>::new(parts.into_iter()))
            }
            Node::String(_) => L::str(self.string()?, visitor),
            Node::Bytes(_) => L::bytes(self.bytes()?, visitor),
            Node::Opaque => L::bytes(self.opaque()?, visitor),
            Node::Interface(ty) => interface::deserialize(self.reader, self.node, ty, visitor),
            Node::Slice(elem) => {
                let count = self.reader.cursor.take_uint()?;
                self.sequence(elem, count, visitor)
            }
            Node::Array(elem, len) => {
                let count = self.reader.cursor.take_uint()?;
                if count != len as u64 {
                    return Err(self.reader.cursor.error(ErrorKind::ArrayLength));
                }
                self.sequence(elem, count, visitor)
            }
            Node::Map(key, elem) => self.map(key, elem, visitor),
            Node::Struct(id) => self.reader.deeper(|reader| {
                let fields = reader.plan.structure(id);
                let mut access = StructMap::new(reader, fields);
                let value = visitor.visit_map(&mut access)?;
                access.finish()?;
                Ok(value)
            }),
            Node::Any(_) | Node::Open => Err(self.reader.cursor.error(ErrorKind::UnusableType)),
        }
    }

    #[inline]
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        let Node::Struct(id) = *self.node else { return self.deserialize_any(visitor) };
        let fields = self.reader.plan.structure(id);
        if !fields.positional {
            return self.deserialize_any(visitor);
        }
        let Self { reader, .. } = self;
        let depth = reader.depth();
        let value = visitor.visit_seq(StructSeq::begin(reader, fields)?)?;
        if reader.depth() == depth { Ok(value) } else { Err(not_taken(fields.local.len())) }
    }

    // A pointer is its pointee on the wire; an absent one never comes here.
    #[inline]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        // Only an interface can be nil here: an empty name (G116).
        if matches!(self.node, Node::Interface(_)) && self.reader.take_nil()? {
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        mut self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        let (ty, value) = match *self.node {
            Node::Int(ty, min, max) => (ty, self.int(min, max)?),
            // Constants are kept as `i64`, in which large unsigned ones wrap.
            Node::Uint(ty, max) => (ty, self.uint(max)? as i64),
            Node::String(ty) => {
                let text = self.string()?;
                let key = ty.constants().iter().map(|constant| constant.key).find(|key| *key == text);
                let unknown = || ErrorKind::UnknownConstant { value: format!("{text:?}"), ty: ty.to_string() };
                return visitor.visit_enum(key.ok_or_else(|| self.reader.cursor.error(unknown()))?.into_deserializer());
            }
            _ => return self.deserialize_any(visitor),
        };
        visitor.visit_enum(constant(ty, value).map_err(|kind| self.reader.cursor.error(kind))?.into_deserializer())
    }

    fn deserialize_char<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value> {
        let Node::Int(_, min, max) = *self.node else { return self.deserialize_any(visitor) };
        let value = self.int(min, max)?;
        match u32::try_from(value).ok().and_then(char::from_u32) {
            Some(value) => visitor.visit_char(value),
            None => Err(self.out_of_range()),
        }
    }

    #[inline]
    fn deserialize_str<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value> {
        match *self.node {
            Node::String(_) => L::str(self.string()?, visitor),
            // A type that encodes itself as text, for a Rust type that reads text.
            Node::Opaque => L::str(self.text(Self::opaque)?, visitor),
            _ => self.deserialize_any(visitor),
        }
    }

    #[inline]
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_str(visitor)
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value> {
        if name == handoff::NAME {
            return match *self.node {
                Node::Interface(_) => handoff::give(decode::interface(self.reader)?, visitor),
                Node::Any(id) => handoff::give(decode::decode(self.reader, id)?, visitor),
                _ => self.deserialize_any(visitor),
            };
        }
        visitor.visit_newtype_struct(self)
    }

    // `struct{}` takes any struct (G199).
    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_ignored_any(IgnoredAny)?;
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value> {
        self.deserialize_unit(visitor)
    }

    #[inline]
    fn deserialize_seq<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value> {
        if let Node::Bytes(ty) = *self.node {
            let bytes = self.bytes()?;
            return match ty.elem() {
                Some(item) => visitor.visit_seq(Octets { bytes: bytes.iter(), done: 0, item }),
                None => visitor.visit_seq(Bytes(bytes.iter())),
            };
        }
        // A set is a map of its items to nothing (G108).
        if let Node::Map(key, elem) = *self.node {
            return self.map(key, elem, Items(visitor));
        }
        if let Node::Slice(elem) = *self.node {
            let count = self.reader.cursor.take_uint()?;
            return self.sequence(elem, count, visitor);
        }
        self.deserialize_any(visitor)
    }

    #[inline]
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let Node::Map(key, elem) = *self.node else { return self.deserialize_any(visitor) };
        self.map(key, elem, visitor)
    }

    #[inline]
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let Node::Bool = *self.node else { return self.deserialize_any(visitor) };
        visitor.visit_bool(self.reader.cursor.take_uint()? != 0)
    }

    #[inline]
    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        // What is rare is left to a call at the end, for which nothing need be saved.
        if let Node::Int(_, min, max) = *self.node
            && let Some((word, rest)) = self.reader.cursor.peek_uint()
            && let value = int_from_uint(word)
            && (min..=max).contains(&value)
        {
            self.reader.cursor.go_to(rest);
            return visitor.visit_i64(value);
        }
        self.deserialize_any(visitor)
    }

    #[inline]
    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_i64(visitor)
    }

    #[inline]
    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if let Node::Uint(_, max) = *self.node
            && let Some((value, rest)) = self.reader.cursor.peek_uint()
            && value <= max
        {
            self.reader.cursor.go_to(rest);
            return visitor.visit_u64(value);
        }
        self.deserialize_any(visitor)
    }

    #[inline]
    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_u64(visitor)
    }

    #[inline]
    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if let Node::Float(Kind::Float64) = *self.node
            && let Some((word, rest)) = self.reader.cursor.peek_uint()
        {
            self.reader.cursor.go_to(rest);
            return visitor.visit_f64(float_from_uint(word));
        }
        self.deserialize_any(visitor)
    }

    // A Go string is bytes, and whoever asks for bytes gets it as it came.
    #[inline]
    fn deserialize_bytes<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value> {
        match self.node {
            Node::String(_) | Node::Bytes(_) => L::bytes(self.bytes()?, visitor),
            _ => self.deserialize_any(visitor),
        }
    }

    #[inline]
    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match *self.node {
            Node::Struct(id) => {
                let fields = self.reader.plan.structure(id);
                self.reader.deeper(|reader| StructMap::new(reader, fields).finish())?;
            }
            Node::Any(id) => self.reader.skip_singleton(id)?,
            _ => return self.deserialize_any(visitor),
        }
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i8 i16 i128 u8 u16 u128 f32
        tuple tuple_struct identifier
    }
}

/// The constant with this value.
pub(crate) fn constant(ty: &Type, value: i64) -> Result<&'static str, ErrorKind> {
    let constant = ty.constants().iter().find(|constant| constant.value == value);
    constant
        .map(|constant| constant.key)
        .ok_or_else(|| ErrorKind::UnknownConstant { value: value.to_string(), ty: ty.to_string() })
}

#[cold]
fn out_of_range(cursor: &Cursor<'_>) -> Error {
    cursor.error(ErrorKind::OutOfRange { name: String::new() })
}
