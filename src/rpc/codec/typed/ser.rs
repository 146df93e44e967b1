//! Writing a value by its Go type.

use serde::ser::{
    Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, SerializeTupleStruct,
    Serializer,
};

use super::dynamic;
use super::entries::Entry;
use crate::gob::ser::interface::dynamic as dynamic_value;
use crate::gob::ser::items::extend_bytes;
use crate::gob::ty::{Field, Kind, Type};
use crate::gob::value::handoff;
use crate::gob::{Error, ErrorKind, Limits, Result};
use crate::rpc::payload::Payload;

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

/// Writes arguments or a reply.
pub(in crate::rpc::codec) fn write<S: Sink>(sink: &mut S, limits: Limits, payload: &dyn Payload) -> Result<()> {
    let ty = payload.go_type();
    if S::READABLE && ty.kind == Kind::Opaque {
        return sink.readable(payload.as_serialize());
    }
    let mut output = Output { sink, left: limits.depth, depth: limits.depth };
    erased_serde::serialize(payload.as_serialize(), TypedSerializer { out: &mut output, ty })
}

/// Where values go, and how much deeper they may nest.
pub(super) struct Output<'s, S> {
    pub(super) sink: &'s mut S,
    left: usize,
    depth: usize,
}

impl<S: Sink> Output<'_, S> {
    pub(super) fn enter(&mut self) -> Result<()> {
        self.left = self.left.checked_sub(1).ok_or(ErrorKind::TooDeep(self.depth))?;
        Ok(())
    }

    pub(super) fn leave(&mut self) {
        self.left += 1;
    }

    fn value<T: Serialize + ?Sized>(&mut self, ty: &'static Type, value: &T) -> Result<()> {
        if S::READABLE && ty.kind == Kind::Opaque {
            return self.sink.readable(&value);
        }
        value.serialize(TypedSerializer { out: self, ty })
    }
}

struct TypedSerializer<'a, 's, S> {
    out: &'a mut Output<'s, S>,
    ty: &'static Type,
}

impl<'a, 's, S: Sink> TypedSerializer<'a, 's, S> {
    /// serde gave something else than the type says.
    #[cold]
    fn mismatch(&self, found: &str) -> Error {
        ErrorKind::SchemaMismatch { expected: self.ty.to_string(), found: found.to_owned() }.into()
    }

    fn signed(self, value: i64, found: &str) -> Result<()> {
        if self.ty.kind.int_range().is_none() {
            return Err(self.mismatch(found));
        }
        self.out.sink.int(value);
        Ok(())
    }

    fn unsigned(self, value: u64, found: &str) -> Result<()> {
        if self.ty.kind.uint_max().is_none() {
            return Err(self.mismatch(found));
        }
        self.out.sink.uint(value);
        Ok(())
    }

    fn check_key(&self) -> Result<()> {
        match self.ty.key() {
            Some(key) if !self.out.sink.takes_key(key) => Err(self.out.sink.unsupported(self.ty)),
            _ => Ok(()),
        }
    }

    fn list(self, len: Option<usize>) -> Result<List<'a, 's, S>> {
        let ty = self.ty;
        match (ty.kind, ty.elem()) {
            (Kind::Bytes, _) => Ok(List { out: self.out, ty, state: Items::Bytes(Vec::new()) }),
            (Kind::Slice, Some(elem)) => Items::array(elem, len, self),
            (Kind::Array, Some(elem)) => {
                let fixed = ty.array_len();
                if len.is_some() && len != fixed {
                    return Err(self.mismatch("a sequence of another length"));
                }
                Items::array(elem, fixed, self)
            }
            // A set is a map of its items to nothing (G108).
            (Kind::Map, Some(elem)) if ty.is_set() => {
                self.check_key()?;
                let entries = Entries::begin(self.out, Container::Map, len)?;
                Ok(List { out: self.out, ty, state: Items::Set(entries, elem) })
            }
            (Kind::Complex64 | Kind::Complex128, _) => Err(self.out.sink.unsupported(ty)),
            _ => Err(self.mismatch("a sequence")),
        }
    }
}

impl<'a, 's, S: Sink> Serializer for TypedSerializer<'a, 's, S> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = List<'a, 's, S>;
    type SerializeTuple = List<'a, 's, S>;
    type SerializeTupleStruct = List<'a, 's, S>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeMap = Map<'a, 's, S>;
    type SerializeStruct = Struct<'a, 's, S>;
    type SerializeStructVariant = Impossible<(), Error>;

    fn is_human_readable(&self) -> bool {
        S::READABLE
    }

    fn serialize_bool(self, value: bool) -> Result<()> {
        if self.ty.kind != Kind::Bool {
            return Err(self.mismatch("a bool"));
        }
        self.out.sink.bool(value);
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Result<()> {
        self.signed(value.into(), "an i8")
    }

    fn serialize_i16(self, value: i16) -> Result<()> {
        self.signed(value.into(), "an i16")
    }

    fn serialize_i32(self, value: i32) -> Result<()> {
        self.signed(value.into(), "an i32")
    }

    fn serialize_i64(self, value: i64) -> Result<()> {
        self.signed(value, "an i64")
    }

    fn serialize_u8(self, value: u8) -> Result<()> {
        self.unsigned(value.into(), "a u8")
    }

    fn serialize_u16(self, value: u16) -> Result<()> {
        self.unsigned(value.into(), "a u16")
    }

    fn serialize_u32(self, value: u32) -> Result<()> {
        self.unsigned(value.into(), "a u32")
    }

    fn serialize_u64(self, value: u64) -> Result<()> {
        self.unsigned(value, "a u64")
    }

    fn serialize_f32(self, value: f32) -> Result<()> {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<()> {
        if !matches!(self.ty.kind, Kind::Float32 | Kind::Float64) {
            return Err(self.mismatch("a float"));
        }
        self.out.sink.float(value, self.ty.kind)
    }

    fn serialize_char(self, value: char) -> Result<()> {
        self.signed(u32::from(value).into(), "a char")
    }

    fn serialize_str(self, value: &str) -> Result<()> {
        match self.ty.kind {
            Kind::String => self.out.sink.text(value.as_bytes()),
            Kind::Opaque => self.out.sink.bytes(value.as_bytes()),
            // A declared type of bytes with a readable form: `net.IP`.
            Kind::Bytes if S::READABLE => self.out.sink.text(value.as_bytes()),
            _ => return Err(self.mismatch("a string")),
        }
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<()> {
        match self.ty.kind {
            // A string may come as bytes, when it is not UTF-8.
            Kind::String => self.out.sink.text(value),
            Kind::Bytes | Kind::Opaque => self.out.sink.bytes(value),
            _ => return Err(self.mismatch("bytes")),
        }
        Ok(())
    }

    fn serialize_none(self) -> Result<()> {
        self.out.sink.nil();
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<()> {
        let ty = match self.ty.kind {
            Kind::Pointer => self.ty.elem().unwrap_or(self.ty),
            _ => self.ty,
        };
        self.out.value(ty, value)
    }

    fn serialize_unit(self) -> Result<()> {
        if self.ty.kind != Kind::Struct {
            return Err(self.mismatch("a unit"));
        }
        Entries::begin(self.out, Container::Struct, Some(0))?.end(self.out);
        Ok(())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<()> {
        self.serialize_unit()
    }

    /// A constant of a declared type.
    fn serialize_unit_variant(self, _name: &'static str, _index: u32, variant: &'static str) -> Result<()> {
        match self.ty.constants().iter().find(|constant| constant.key == variant) {
            Some(constant) if self.ty.kind == Kind::String => self.serialize_str(constant.key),
            Some(constant) if self.ty.kind.uint_max().is_some() => self.unsigned(constant.value as u64, variant),
            Some(constant) => self.signed(constant.value, variant),
            None => Err(self.mismatch(&format!("enum variant {variant}"))),
        }
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<()> {
        if name != handoff::NAME {
            return value.serialize(self);
        }
        match dynamic_value(value)? {
            Some(value) if self.ty.kind == Kind::Interface => dynamic::write(self.out, &value),
            _ => Err(self.mismatch("a gob::Value")),
        }
    }

    /// What an interface holds, without the name of its type.
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<()> {
        match self.ty.concretes().iter().find(|concrete| concrete.key == variant) {
            Some(concrete) => self.out.value(concrete.ty.get(), value),
            None => Err(self.mismatch(&format!("enum variant {variant}"))),
        }
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Self::SerializeSeq> {
        self.list(len)
    }

    fn serialize_tuple(self, len: usize) -> Result<Self::SerializeTuple> {
        self.list(Some(len))
    }

    fn serialize_tuple_struct(self, _name: &'static str, len: usize) -> Result<Self::SerializeTupleStruct> {
        self.list(Some(len))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeTupleVariant> {
        Err(self.mismatch(&format!("enum variant {variant}")))
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Self::SerializeMap> {
        let (Kind::Map, Some(key), Some(elem)) = (self.ty.kind, self.ty.key(), self.ty.elem()) else {
            return Err(self.mismatch("a map"));
        };
        self.check_key()?;
        let entries = Entries::begin(self.out, Container::Map, len)?;
        Ok(Map { out: self.out, entries, key, elem })
    }

    fn serialize_struct(self, _name: &'static str, len: usize) -> Result<Self::SerializeStruct> {
        if self.ty.kind != Kind::Struct {
            return Err(self.mismatch("a struct"));
        }
        let entries = Entries::begin(self.out, Container::Struct, Some(len))?;
        Ok(Struct { out: self.out, entries, ty: self.ty, next: 0 })
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeStructVariant> {
        Err(self.mismatch(&format!("enum variant {variant}")))
    }
}

/// A slice, an array, a set, or bytes that come one by one.
struct List<'a, 's, S> {
    out: &'a mut Output<'s, S>,
    ty: &'static Type,
    state: Items,
}

enum Items {
    Bytes(Vec<u8>),
    Array { elem: &'static Type, start: usize, len: Option<usize>, count: usize },
    Set(Entries, &'static Type),
}

impl Items {
    fn array<'a, 's, S: Sink>(
        elem: &'static Type,
        len: Option<usize>,
        to: TypedSerializer<'a, 's, S>,
    ) -> Result<List<'a, 's, S>> {
        let TypedSerializer { out, ty } = to;
        out.enter()?;
        let start = out.sink.position();
        out.sink.begin(Container::Array, len);
        Ok(List { out, ty, state: Self::Array { elem, start, len, count: 0 } })
    }
}

impl<S: Sink> List<'_, '_, S> {
    fn item<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<()> {
        let out = &mut *self.out;
        match &mut self.state {
            Items::Bytes(bytes) => extend_bytes(bytes, self.ty, std::iter::once(item)).map(drop),
            Items::Array { elem, count, .. } => {
                if *count > 0 {
                    out.sink.separate();
                }
                *count += 1;
                out.value(elem, item)
            }
            Items::Set(entries, elem) => {
                let key = self.ty.key().unwrap_or(self.ty);
                entries.open(out);
                out.value(key, item)?;
                entries.key_end(out, key)?;
                out.value(elem, &())?;
                entries.close(out);
                Ok(())
            }
        }
    }

    fn finish(self) -> Result<()> {
        match self.state {
            Items::Bytes(bytes) => self.out.sink.bytes(&bytes),
            Items::Array { start, len, count, .. } => {
                if len.is_some_and(|len| len != count) {
                    let found = format!("{count} elements after announcing {}", len.unwrap_or(0));
                    return Err(ErrorKind::SchemaMismatch { expected: self.ty.to_string(), found }.into());
                }
                self.out.leave();
                self.out.sink.end(Container::Array, start, len, count, &mut []);
            }
            Items::Set(entries, _) => entries.end(self.out),
        }
        Ok(())
    }
}

impl<S: Sink> SerializeSeq for List<'_, '_, S> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.item(value)
    }

    fn end(self) -> Result<()> {
        self.finish()
    }
}

impl<S: Sink> SerializeTuple for List<'_, '_, S> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.item(value)
    }

    fn end(self) -> Result<()> {
        self.finish()
    }
}

impl<S: Sink> SerializeTupleStruct for List<'_, '_, S> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.item(value)
    }

    fn end(self) -> Result<()> {
        self.finish()
    }
}

/// The entries of a map or struct so far.
pub(super) struct Entries {
    kind: Container,
    start: usize,
    len: Option<usize>,
    done: Vec<Entry>,
    open: Entry,
}

impl Entries {
    pub(super) fn begin<S: Sink>(out: &mut Output<'_, S>, kind: Container, len: Option<usize>) -> Result<Self> {
        out.enter()?;
        let start = out.sink.position();
        out.sink.begin(kind, len);
        Ok(Self { kind, start, len, done: Vec::new(), open: Entry { start: 0, value: 0, end: 0 } })
    }

    pub(super) fn open<S: Sink>(&mut self, out: &mut Output<'_, S>) {
        if !self.done.is_empty() {
            out.sink.separate();
        }
        self.open.start = out.sink.position();
    }

    pub(super) fn key_end<S: Sink>(&mut self, out: &mut Output<'_, S>, key: &Type) -> Result<()> {
        out.sink.key_end(self.open.start, key)?;
        self.open.value = out.sink.position();
        Ok(())
    }

    pub(super) fn close<S: Sink>(&mut self, out: &mut Output<'_, S>) {
        self.open.end = out.sink.position();
        self.done.push(self.open.clone());
    }

    pub(super) fn end<S: Sink>(mut self, out: &mut Output<'_, S>) {
        out.leave();
        out.sink.end(self.kind, self.start, self.len, self.done.len(), &mut self.done);
    }
}

struct Map<'a, 's, S> {
    out: &'a mut Output<'s, S>,
    entries: Entries,
    key: &'static Type,
    elem: &'static Type,
}

impl<S: Sink> SerializeMap for Map<'_, '_, S> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        self.entries.open(self.out);
        self.out.value(self.key, key)?;
        self.entries.key_end(self.out, self.key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.out.value(self.elem, value)?;
        self.entries.close(self.out);
        Ok(())
    }

    fn end(self) -> Result<()> {
        self.entries.end(self.out);
        Ok(())
    }
}

struct Struct<'a, 's, S> {
    out: &'a mut Output<'s, S>,
    entries: Entries,
    ty: &'static Type,
    /// The field that serde should give next; its order is that of the type.
    next: usize,
}

impl<S: Sink> Struct<'_, '_, S> {
    fn field(&mut self, key: &'static str) -> Result<&'static Field> {
        let fields = self.ty.fields();
        let index = match fields.get(self.next) {
            Some(field) if field.key == key => Some(self.next),
            _ => fields.iter().position(|field| field.key == key),
        };
        let index = index.ok_or_else(|| ErrorKind::UnknownKey { ty: self.ty.to_string(), key: key.to_owned() })?;
        self.next = index + 1;
        Ok(&fields[index])
    }
}

impl<S: Sink> SerializeStruct for Struct<'_, '_, S> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<()> {
        let field = self.field(key)?;
        self.entries.open(self.out);
        self.out.sink.text(field.key.as_bytes());
        self.entries.key_end(self.out, const { &Type::basic(Kind::String) })?;
        self.out.value(field.ty(), value)?;
        self.entries.close(self.out);
        Ok(())
    }

    fn skip_field(&mut self, key: &'static str) -> Result<()> {
        self.field(key).map(drop)
    }

    fn end(self) -> Result<()> {
        self.entries.end(self.out);
        Ok(())
    }
}
