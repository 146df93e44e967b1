//! From values to bytes: a serde serializer that knows the Go type of what it writes. One pass, nothing taken back
//! but the lengths that come before what they measure.

mod compound;
mod items;
mod position;

use serde::ser::{Serialize, Serializer};

use self::compound::{Map, Sequence, Struct, Variant};
pub(crate) use self::position::{Element, InField, Position};
use super::error::{Error, Kind as ErrorKind, Result};
use super::ty::{Kind, Type, TypeRef};
use super::wire::{put_bytes, put_float, put_int, put_uint};

/// Where a value goes, and how much deeper it may nest.
#[derive(Debug)]
pub(crate) struct Output<'o> {
    pub(crate) buf: &'o mut Vec<u8>,
    depth: usize,
    max_depth: usize,
}

impl<'o> Output<'o> {
    pub(crate) fn new(buf: &'o mut Vec<u8>, max_depth: usize) -> Self {
        Self { buf, depth: max_depth, max_depth }
    }

    fn enter(&mut self) -> Result<()> {
        match self.depth.checked_sub(1) {
            Some(depth) => {
                self.depth = depth;
                Ok(())
            }
            None => Err(ErrorKind::TooDeep(self.max_depth).into()),
        }
    }

    fn leave(&mut self) {
        self.depth += 1;
    }
}

/// The Go type of the value that comes next. The kind is at hand, the rest is behind a call.
#[derive(Clone, Copy)]
pub(crate) struct Slot {
    kind: Kind,
    ty: TypeRef,
}

impl Slot {
    pub(crate) fn of(ty: TypeRef) -> Self {
        Self { kind: ty().kind, ty }
    }

    fn elem(self) -> Result<Self> {
        use super::ty::Parts;
        match (self.ty)().parts {
            Parts::Elem(elem) | Parts::Array(elem, _) | Parts::Map(_, elem) => Ok(Self::of(elem)),
            Parts::None | Parts::Struct(_) => Err(self.mismatch("parts")),
        }
    }

    fn ty(self) -> &'static Type {
        (self.ty)()
    }

    /// serde gave something else than the type says.
    #[cold]
    fn mismatch(self, found: &str) -> Error {
        ErrorKind::SchemaMismatch { expected: self.ty().to_string(), found: found.to_owned() }.into()
    }
}

/// The serializer of one value.
pub(crate) struct ValueSerializer<'a, 'o, P> {
    out: &'a mut Output<'o>,
    slot: Slot,
    position: P,
}

impl<'a, 'o, P: Position> ValueSerializer<'a, 'o, P> {
    pub(crate) const fn new(out: &'a mut Output<'o>, slot: Slot, position: P) -> Self {
        Self { out, slot, position }
    }

    #[inline]
    fn signed(self, value: i64, found: &str) -> Result<()> {
        if self.slot.kind.int_range().is_none() {
            return Err(self.slot.mismatch(found));
        }
        if self.position.begin(self.out.buf, value == 0) {
            put_int(self.out.buf, value);
        }
        Ok(())
    }

    #[inline]
    fn unsigned(self, value: u64, found: &str) -> Result<()> {
        if self.slot.kind.uint_max().is_none() {
            return Err(self.slot.mismatch(found));
        }
        if self.position.begin(self.out.buf, value == 0) {
            put_uint(self.out.buf, value);
        }
        Ok(())
    }

    /// Begins a slice or array of `len` elements; a gap is left for a length that is not known.
    fn sequence(self, len: Option<usize>) -> Result<Sequence<'a, 'o>> {
        let fixed = match self.slot.kind {
            Kind::Slice | Kind::Bytes => None,
            Kind::Array => self.slot.ty().array_len(),
            _ => return Err(self.slot.mismatch("a sequence")),
        };
        match (fixed, len) {
            (Some(fixed), Some(len)) if fixed != len => {
                return Err(self.slot.mismatch(&format!("{len} elements")));
            }
            _ => {}
        }
        // An iterator of unknown length has to be started to know whether the field is left out. It is not: Go would
        // not write an empty slice, but reads one.
        let is_zero = fixed.is_none() && len == Some(0);
        let present = self.position.begin(self.out.buf, is_zero);
        Sequence::begin(self.out, self.slot, fixed.or(len), present)
    }
}

impl<'a, 'o, P: Position> Serializer for ValueSerializer<'a, 'o, P> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Sequence<'a, 'o>;
    type SerializeTuple = Sequence<'a, 'o>;
    type SerializeTupleStruct = Sequence<'a, 'o>;
    type SerializeTupleVariant = Variant;
    type SerializeMap = Map<'a, 'o>;
    type SerializeStruct = Struct<'a, 'o>;
    type SerializeStructVariant = Variant;

    fn is_human_readable(&self) -> bool {
        false
    }

    #[inline]
    fn serialize_bool(self, value: bool) -> Result<()> {
        if self.slot.kind != Kind::Bool {
            return Err(self.slot.mismatch("a bool"));
        }
        if self.position.begin(self.out.buf, !value) {
            self.out.buf.push(u8::from(value));
        }
        Ok(())
    }

    #[inline]
    fn serialize_i8(self, value: i8) -> Result<()> {
        self.signed(value.into(), "an i8")
    }

    #[inline]
    fn serialize_i16(self, value: i16) -> Result<()> {
        self.signed(value.into(), "an i16")
    }

    #[inline]
    fn serialize_i32(self, value: i32) -> Result<()> {
        self.signed(value.into(), "an i32")
    }

    #[inline]
    fn serialize_i64(self, value: i64) -> Result<()> {
        self.signed(value, "an i64")
    }

    #[inline]
    fn serialize_u8(self, value: u8) -> Result<()> {
        self.unsigned(value.into(), "a u8")
    }

    #[inline]
    fn serialize_u16(self, value: u16) -> Result<()> {
        self.unsigned(value.into(), "a u16")
    }

    #[inline]
    fn serialize_u32(self, value: u32) -> Result<()> {
        self.unsigned(value.into(), "a u32")
    }

    #[inline]
    fn serialize_u64(self, value: u64) -> Result<()> {
        self.unsigned(value, "a u64")
    }

    #[inline]
    fn serialize_f32(self, value: f32) -> Result<()> {
        self.serialize_f64(value.into())
    }

    #[inline]
    fn serialize_f64(self, value: f64) -> Result<()> {
        if !matches!(self.slot.kind, Kind::Float32 | Kind::Float64) {
            return Err(self.slot.mismatch("a float"));
        }
        // G68: a negative zero counts as zero too.
        if self.position.begin(self.out.buf, value == 0.0) {
            put_float(self.out.buf, value);
        }
        Ok(())
    }

    fn serialize_char(self, _value: char) -> Result<()> {
        Err(self.slot.mismatch("a char"))
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Result<()> {
        if self.slot.kind != Kind::String {
            return Err(self.slot.mismatch("a string"));
        }
        if self.position.begin(self.out.buf, value.is_empty()) {
            put_bytes(self.out.buf, value.as_bytes());
        }
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<()> {
        if self.slot.kind != Kind::Bytes {
            return Err(self.slot.mismatch("bytes"));
        }
        if self.position.begin(self.out.buf, value.is_empty()) {
            put_bytes(self.out.buf, value);
        }
        Ok(())
    }

    fn serialize_none(self) -> Result<()> {
        if P::OPTIONAL {
            return Ok(());
        }
        if self.slot.kind.is_nilable() {
            // G78: as an element, nil is the same as empty.
            self.out.buf.push(0);
            return Ok(());
        }
        Err(ErrorKind::NilPointer(self.slot.ty().to_string()).into())
    }

    fn serialize_some<T: Serialize + ?Sized>(mut self, value: &T) -> Result<()> {
        if self.slot.kind == Kind::Pointer {
            self.slot = self.slot.elem()?;
        }
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<()> {
        if self.slot.kind != Kind::Struct {
            return Err(self.slot.mismatch("a unit"));
        }
        // G71: a struct is sent even if nothing is in it.
        self.position.begin(self.out.buf, false);
        self.out.buf.push(0);
        Ok(())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<()> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _name: &'static str, _index: u32, variant: &'static str) -> Result<()> {
        Err(self.slot.mismatch(&format!("enum variant {variant}")))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _name: &'static str, value: &T) -> Result<()> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _value: &T,
    ) -> Result<()> {
        Err(self.slot.mismatch(&format!("enum variant {variant}")))
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Self::SerializeSeq> {
        self.sequence(len)
    }

    fn serialize_tuple(self, len: usize) -> Result<Self::SerializeTuple> {
        self.sequence(Some(len))
    }

    fn serialize_tuple_struct(self, _name: &'static str, len: usize) -> Result<Self::SerializeTupleStruct> {
        self.sequence(Some(len))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeTupleVariant> {
        Err(self.slot.mismatch(&format!("enum variant {variant}")))
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Self::SerializeMap> {
        if self.slot.kind != Kind::Map {
            return Err(self.slot.mismatch("a map"));
        }
        // G69: an empty map is sent, only a nil one is left out.
        self.position.begin(self.out.buf, false);
        Map::begin(self.out, self.slot, len)
    }

    fn serialize_struct(self, _name: &'static str, _len: usize) -> Result<Self::SerializeStruct> {
        if self.slot.kind != Kind::Struct {
            return Err(self.slot.mismatch("a struct"));
        }
        // G71: a struct is sent even if all of it is zero.
        self.position.begin(self.out.buf, false);
        Struct::begin(self.out, self.slot)
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeStructVariant> {
        Err(self.slot.mismatch(&format!("enum variant {variant}")))
    }

    /// What `Vec` and slices call: bytes are copied as a block, other elements are written in one loop.
    fn collect_seq<I>(self, iter: I) -> Result<()>
    where
        I: IntoIterator,
        I::Item: Serialize,
    {
        use serde::ser::SerializeSeq;

        let iter = iter.into_iter();
        let len = match iter.size_hint() {
            (low, Some(high)) if low == high => Some(low),
            _ => None,
        };
        if let (Kind::Bytes, Some(len)) = (self.slot.kind, len) {
            if self.position.begin(self.out.buf, len == 0) {
                put_uint(self.out.buf, len as u64);
                items::extend_bytes(self.out.buf, iter)?;
            }
            return Ok(());
        }
        let mut sequence = self.sequence(len)?;
        for item in iter {
            sequence.serialize_element(&item)?;
        }
        sequence.end()
    }
}
