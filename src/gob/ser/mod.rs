//! From values to bytes: a serde serializer that knows the Go type of what it writes. One pass, nothing taken back
//! but the lengths that come before what they measure.

mod complex;
mod compound;
pub(crate) mod interface;
pub(crate) mod items;
mod output;
mod position;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use self::complex::Complex;
use self::compound::{Map, Sequence, Struct, Tuple, Variant};
pub(crate) use self::output::{BLOCK, Head, Output};
pub(crate) use self::position::{Element, InField, Position};
use super::error::{Error, Kind as ErrorKind, Result};
use super::ty::{Constant, Kind, Parts, Type};
use super::value::handoff;
use super::wire::{float_to_uint, int_to_uint};

/// An iterator gave more or less than it promised.
#[cold]
fn miscounted(ty: &Type, announced: usize, count: usize) -> Error {
    mismatch(ty, &format!("{count} elements after announcing {announced}"))
}

/// serde gave something else than the type says.
#[cold]
fn mismatch(ty: &Type, found: &str) -> Error {
    ErrorKind::SchemaMismatch { expected: ty.to_string(), found: found.to_owned() }.into()
}

#[inline]
fn elem(ty: &'static Type) -> Result<&'static Type> {
    ty.elem().ok_or_else(|| mismatch(ty, "parts"))
}

/// The constant for a variant. It is mostly where the variant is.
fn constant(constants: &'static [Constant], index: u32, variant: &str) -> Option<&'static Constant> {
    let at_index = constants.get(index as usize).filter(|constant| constant.key == variant);
    at_index.or_else(|| constants.iter().find(|constant| constant.key == variant))
}

/// The serializer of one value. It is two words long, so that it is passed in registers.
pub(crate) struct ValueSerializer<'a, 'o, P> {
    out: &'a mut Output<'o>,
    /// The Go type of the value.
    ty: &'static Type,
    position: P,
}

impl<'a, 'o, P: Position> ValueSerializer<'a, 'o, P> {
    #[inline(always)]
    pub(crate) const fn new(out: &'a mut Output<'o>, ty: &'static Type, position: P) -> Self {
        Self { out, ty, position }
    }

    #[inline(always)]
    fn signed(self, value: i64, found: &str) -> Result<()> {
        if self.ty.kind.int_range().is_none() {
            return Err(mismatch(self.ty, found));
        }
        self.position.put_uint(self.out, int_to_uint(value), value == 0);
        Ok(())
    }

    #[inline(always)]
    fn unsigned(self, value: u64, found: &str) -> Result<()> {
        if self.ty.kind.uint_max().is_none() {
            return Err(mismatch(self.ty, found));
        }
        self.position.put_uint(self.out, value, value == 0);
        Ok(())
    }

    /// Writes what a type that encodes itself made of its value.
    fn opaque(self, payload: &[u8], found: &str) -> Result<()> {
        let Some(opaque) = self.ty.opaque() else { return Err(mismatch(self.ty, found)) };
        // G148: a pointer to a zero is sent, as it is not for basic types (G68).
        let omitted = opaque.omit_zero && !self.out.is_pointee && payload == opaque.zero;
        if self.position.begin(self.out, omitted) {
            self.out.put_bytes(payload);
        }
        Ok(())
    }

    /// Writes the value of a type that encodes itself, to which a pointer led.
    #[cold]
    #[inline(never)]
    fn opaque_pointee<T: Serialize + ?Sized>(self, value: &T) -> Result<()> {
        self.out.is_pointee = true;
        let Self { out, ty, position } = self;
        value.serialize(ValueSerializer::new(out, ty, position))?;
        out.is_pointee = false;
        Ok(())
    }

    /// Writes a slice of numbers, or of bytes if there is no `elem`.
    #[inline]
    fn numbers<I>(self, len: usize, elem: Option<&'static Type>, items: I) -> Result<()>
    where
        I: Iterator,
        I::Item: Serialize,
    {
        let Self { out, ty, position } = self;
        if P::OPTIONAL && len == 0 {
            return Ok(());
        }
        position.put_uint(out, len as u64, false);
        let count = match elem {
            None => items::extend_bytes(out.flushed(), ty, items)?,
            Some(elem) => {
                out.enter()?;
                out.leave();
                items::extend_numbers(out, elem, items)?
            }
        };
        if count == len { Ok(()) } else { Err(miscounted(ty, len, count)) }
    }

    /// Writes a slice.
    #[inline]
    fn elements<I>(self, len: usize, elem: &'static Type, items: I) -> Result<()>
    where
        I: Iterator,
        I::Item: Serialize,
    {
        let Self { out, ty, position } = self;
        if P::OPTIONAL && len == 0 {
            return Ok(());
        }
        position.put_uint(out, len as u64, false);
        out.enter()?;
        let mut count = 0;
        for item in items {
            item.serialize(ValueSerializer::new(out, elem, Element)).map_err(|error| error.in_element(count))?;
            count += 1;
        }
        out.leave();
        if count == len { Ok(()) } else { Err(miscounted(ty, len, count)) }
    }

    /// Begins a slice or array of `len` elements; a gap is left for a length that is not known.
    fn sequence(self, len: Option<usize>) -> Result<Sequence<'a, 'o>> {
        let fixed = match self.ty.kind {
            Kind::Slice | Kind::Bytes => None,
            Kind::Array => self.ty.array_len(),
            Kind::Map if self.ty.is_set() => {
                // G69: a map is sent even if nothing is in it.
                self.position.begin(self.out, false);
                return Sequence::begin(self.out, self.ty, len, true);
            }
            _ => return Err(mismatch(self.ty, "a sequence")),
        };
        match (fixed, len) {
            (Some(fixed), Some(len)) if fixed != len => {
                return Err(mismatch(self.ty, &format!("{len} elements")));
            }
            _ => {}
        }
        // An iterator of unknown length has to be started to know whether the field is left out. It is not: Go would
        // not write an empty slice, but reads one.
        let is_zero = fixed.is_none() && len == Some(0);
        let present = self.position.begin(self.out, is_zero);
        Sequence::begin(self.out, self.ty, fixed.or(len), present)
    }
}

/// How many items an iterator has, if it knows.
#[inline]
fn exact_len(iter: &impl Iterator) -> Option<usize> {
    match iter.size_hint() {
        (low, Some(high)) if low == high => Some(low),
        _ => None,
    }
}

impl<'a, 'o, P: Position> Serializer for ValueSerializer<'a, 'o, P> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Sequence<'a, 'o>;
    type SerializeTuple = Tuple<'a, 'o, P>;
    type SerializeTupleStruct = Sequence<'a, 'o>;
    type SerializeTupleVariant = Variant;
    type SerializeMap = Map<'a, 'o>;
    type SerializeStruct = Struct<'a, 'o>;
    type SerializeStructVariant = Variant;

    fn is_human_readable(&self) -> bool {
        false
    }

    #[inline(always)]
    fn serialize_bool(self, value: bool) -> Result<()> {
        if self.ty.kind != Kind::Bool {
            return Err(mismatch(self.ty, "a bool"));
        }
        self.position.put_uint(self.out, value.into(), !value);
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

    #[inline(always)]
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

    #[inline(always)]
    fn serialize_u64(self, value: u64) -> Result<()> {
        self.unsigned(value, "a u64")
    }

    #[inline]
    fn serialize_f32(self, value: f32) -> Result<()> {
        self.serialize_f64(value.into())
    }

    #[inline(always)]
    fn serialize_f64(self, value: f64) -> Result<()> {
        if !matches!(self.ty.kind, Kind::Float32 | Kind::Float64) {
            return Err(mismatch(self.ty, "a float"));
        }
        // G68: a negative zero counts as zero too.
        self.position.put_uint(self.out, float_to_uint(value), value == 0.0);
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<()> {
        self.signed(u32::from(value).into(), "a char")
    }

    #[inline(always)]
    fn serialize_str(self, value: &str) -> Result<()> {
        if self.ty.kind != Kind::String {
            return self.opaque(value.as_bytes(), "a string");
        }
        self.position.put_bytes(self.out, value.as_bytes());
        Ok(())
    }

    #[inline]
    fn serialize_bytes(self, value: &[u8]) -> Result<()> {
        // An array of bytes is an array to Go (G99), though serde may see bytes in it.
        if self.ty.kind == Kind::Array && elem(self.ty)?.kind() == Kind::Uint8 {
            let mut elements = self.sequence(Some(value.len()))?;
            value.iter().try_for_each(|byte| elements.serialize_element(byte))?;
            return SerializeSeq::end(elements);
        }
        // A string may come as bytes, when it is not UTF-8.
        if !matches!(self.ty.kind, Kind::Bytes | Kind::String) {
            return self.opaque(value, "bytes");
        }
        self.position.put_bytes(self.out, value);
        Ok(())
    }

    #[inline]
    fn serialize_none(self) -> Result<()> {
        if P::OPTIONAL {
            return Ok(());
        }
        if self.ty.kind.is_nilable() {
            // G78: as an element, nil is the same as empty.
            self.out.put_byte(0);
            return Ok(());
        }
        Err(ErrorKind::NilPointer(self.ty.to_string()).into())
    }

    #[inline(always)]
    fn serialize_some<T: Serialize + ?Sized>(mut self, value: &T) -> Result<()> {
        if self.ty.kind == Kind::Pointer
            && let Parts::Elem(elem) = self.ty.parts
        {
            self.ty = elem.get();
            if self.ty.kind == Kind::Opaque {
                return self.opaque_pointee(value);
            }
        }
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<()> {
        if self.ty.kind != Kind::Struct {
            return Err(mismatch(self.ty, "a unit"));
        }
        // G71: a struct is sent even if nothing is in it.
        self.position.begin(self.out, false);
        self.out.put_byte(0);
        Ok(())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<()> {
        self.serialize_unit()
    }

    /// A constant of a declared type.
    fn serialize_unit_variant(self, _name: &'static str, index: u32, variant: &'static str) -> Result<()> {
        match constant(self.ty.constants(), index, variant) {
            Some(constant) if self.ty.kind == Kind::String => self.serialize_str(constant.key),
            Some(constant) if self.ty.kind.uint_max().is_some() => self.unsigned(constant.value as u64, variant),
            Some(constant) => self.signed(constant.value, variant),
            None => Err(mismatch(self.ty, &format!("enum variant {variant}"))),
        }
    }

    #[inline]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<()> {
        if name == handoff::NAME {
            return interface::serialize_value(self, value);
        }
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<()> {
        interface::serialize(self, index, variant, value)
    }

    #[inline]
    fn serialize_seq(self, len: Option<usize>) -> Result<Self::SerializeSeq> {
        self.sequence(len)
    }

    fn serialize_tuple(self, len: usize) -> Result<Self::SerializeTuple> {
        match self.ty.kind {
            Kind::Complex64 | Kind::Complex128 => Ok(Tuple::Complex(Complex::new(self.out, self.ty, self.position))),
            _ => self.sequence(Some(len)).map(Tuple::Sequence),
        }
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
        Err(mismatch(self.ty, &format!("enum variant {variant}")))
    }

    #[inline]
    fn serialize_map(self, len: Option<usize>) -> Result<Self::SerializeMap> {
        if self.ty.kind != Kind::Map {
            return Err(mismatch(self.ty, "a map"));
        }
        // G69: an empty map is sent, only a nil one is left out.
        self.position.begin(self.out, false);
        Map::begin(self.out, self.ty, len)
    }

    #[inline(always)]
    fn serialize_struct(self, _name: &'static str, _len: usize) -> Result<Self::SerializeStruct> {
        let Parts::Struct(fields) = self.ty.parts else { return Err(mismatch(self.ty, "a struct")) };
        // G71: a struct is sent even if all of it is zero.
        self.position.begin(self.out, false);
        Struct::begin(self.out, self.ty, fields)
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeStructVariant> {
        Err(mismatch(self.ty, &format!("enum variant {variant}")))
    }

    /// What `Vec` and slices call: bytes are copied as a block, numbers are written in blocks, others one by one.
    #[inline]
    fn collect_seq<I>(self, iter: I) -> Result<()>
    where
        I: IntoIterator,
        I::Item: Serialize,
    {
        let iter = iter.into_iter();
        let len = exact_len(&iter);
        match (self.ty.kind, len) {
            (Kind::Bytes, Some(len)) => self.numbers(len, None, iter),
            (Kind::Slice, Some(len)) => match elem(self.ty)? {
                elem if items::is_number(elem.kind) => self.numbers(len, Some(elem), iter),
                elem => self.elements(len, elem, iter),
            },
            _ => {
                let mut sequence = self.sequence(len)?;
                for item in iter {
                    sequence.serialize_element(&item)?;
                }
                sequence.end()
            }
        }
    }

    #[inline]
    fn collect_map<K, V, I>(self, iter: I) -> Result<()>
    where
        K: Serialize,
        V: Serialize,
        I: IntoIterator<Item = (K, V)>,
    {
        let iter = iter.into_iter();
        let (Kind::Map, Parts::Map(key, elem), Some(len)) = (self.ty.kind, self.ty.parts, exact_len(&iter)) else {
            let mut map = self.serialize_map(None)?;
            for (key, value) in iter {
                map.serialize_entry(&key, &value)?;
            }
            return map.end();
        };
        let Self { out, ty, position } = self;
        let (key_type, elem_type) = (key.get(), elem.get());
        // G69: an empty map is sent, only a nil one is left out.
        position.put_uint(out, len as u64, false);
        out.enter()?;
        let mut count = 0;
        for (key, value) in iter {
            key.serialize(ValueSerializer::new(out, key_type, Element)).map_err(Error::in_key)?;
            value.serialize(ValueSerializer::new(out, elem_type, Element)).map_err(Error::in_value)?;
            count += 1;
        }
        out.leave();
        if count == len { Ok(()) } else { Err(miscounted(ty, len, count)) }
    }
}
