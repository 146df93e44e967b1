//! A serde serializer that follows the Go type of a value.

use serde::ser::{Impossible, Serialize, Serializer};

use super::containers::{Elements, Entries};
use super::dynamic;
use super::output::Output;
use super::parts::{Items, List, Map, Struct};
use super::sink::{Container, Sink};
use crate::gob::ser::interface::dynamic as dynamic_value;
use crate::gob::ty::{Kind, Type};
use crate::gob::value::handoff;
use crate::gob::{Error, ErrorKind, Result};

impl<S: Sink> Output<'_, S> {
    /// Writes a value of this type.
    pub(super) fn value<T: Serialize + ?Sized>(&mut self, ty: &'static Type, value: &T) -> Result<()> {
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

    /// Begins a map with keys of this type.
    fn entries(&mut self, key: &Type, len: Option<usize>) -> Result<Entries> {
        if !self.out.sink.takes_key(key) {
            return Err(self.out.sink.unsupported(self.ty));
        }
        Entries::begin(self.out, Container::Map, len)
    }

    fn list(mut self, len: Option<usize>) -> Result<List<'a, 's, S>> {
        let ty = self.ty;
        let items = match (ty.kind, ty.elem()) {
            (Kind::Bytes, _) => Items::Bytes(Vec::new()),
            (Kind::Slice, Some(elem)) => Items::Array(Elements::begin(self.out, len)?, elem),
            (Kind::Array, Some(elem)) => {
                let fixed = ty.array_len();
                if len.is_some() && len != fixed {
                    return Err(self.mismatch("a sequence of another length"));
                }
                Items::Array(Elements::begin(self.out, fixed)?, elem)
            }
            // A set is a map of its items to nothing (G108).
            (Kind::Map, Some(elem)) if ty.is_set() => {
                let key = ty.key().unwrap_or(ty);
                Items::Set { entries: self.entries(key, len)?, key, elem }
            }
            (Kind::Complex64 | Kind::Complex128, _) => return Err(self.out.sink.unsupported(ty)),
            _ => return Err(self.mismatch("a sequence")),
        };
        Ok(List { out: self.out, ty, items })
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

    fn serialize_map(mut self, len: Option<usize>) -> Result<Self::SerializeMap> {
        let (Kind::Map, Some(key), Some(elem)) = (self.ty.kind, self.ty.key(), self.ty.elem()) else {
            return Err(self.mismatch("a map"));
        };
        let entries = self.entries(key, len)?;
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
