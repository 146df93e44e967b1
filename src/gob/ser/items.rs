//! The items of a slice of bytes or numbers, taken one by one in a loop that the compiler turns into a block copy, or
//! nearly so.

use serde::ser::{Impossible, Serialize, Serializer};

use super::{Output, constant};
use crate::gob::Gob;
use crate::gob::error::{Error, Kind as ErrorKind, Result};
use crate::gob::ty::{Kind, Type};
use crate::gob::wire::{float_to_uint, int_to_uint};

/// Appends the items of a `[]byte`, and returns how many there were.
#[inline]
pub(crate) fn extend_bytes<I>(out: &mut Vec<u8>, ty: &'static Type, items: I) -> Result<usize>
where
    I: Iterator,
    I::Item: Serialize,
{
    let (start, item) = (out.len(), Item::<true> { kind: Kind::Uint8, ty });
    // An iterator of known length is copied as a block only if no item can stop it, so an error waits for the end.
    let mut failed = None;
    out.extend(items.map(|value| match value.serialize(item) {
        Ok(Word::Uint(byte) | Word::Float(byte)) => byte as u8,
        Err(error) => {
            failed = Some(error);
            0
        }
    }));
    failed.map_or(Ok(out.len() - start), Err)
}

/// Appends items that are numbers of the same type, and returns how many there were. It is a function of its own, so
/// that the loop has the registers for itself.
#[inline(never)]
pub(super) fn extend_numbers<I>(out: &mut Output<'_>, elem: &'static Type, items: I) -> Result<usize>
where
    I: Iterator,
    I::Item: Serialize,
{
    let (item, mut count, mut failed) = (Item::<false> { kind: elem.kind, ty: elem }, 0, None);
    let words = items.map_while(|value| match value.serialize(item) {
        Ok(word) => {
            count += 1;
            Some(word)
        }
        Err(error) => {
            failed = Some(error.in_element(count));
            None
        }
    });
    out.put_words(words);
    failed.map_or(Ok(count), Err)
}

/// Whether values of this kind are one integer on the wire.
pub(super) const fn is_number(kind: Kind) -> bool {
    kind.is_integer() || matches!(kind, Kind::Bool | Kind::Float32 | Kind::Float64)
}

/// A float as it goes on the wire.
pub(super) fn float<T: Serialize + ?Sized>(value: &T) -> Result<u64> {
    let (Word::Uint(word) | Word::Float(word)) =
        value.serialize(Item::<false> { kind: Kind::Float64, ty: f64::TYPE })?;
    Ok(word)
}

/// Whether serializing a value as an item of a `[]byte` works, for what it does on the way.
pub(super) fn try_byte<T: Serialize + ?Sized>(value: &T) -> Result<()> {
    let ty = const { &Type::bytes() };
    value.serialize(Item::<true> { kind: Kind::Uint8, ty }).map(drop)
}

/// The integer that goes on the wire, and what it was.
#[derive(Clone, Copy)]
pub(super) enum Word {
    Uint(u64),
    Float(u64),
}

/// A serializer whose result is the integer that goes on the wire.
#[derive(Clone, Copy)]
struct Item<const BYTE: bool> {
    kind: Kind,
    /// That of the item, but of the slice if it is a `[]byte`.
    ty: &'static Type,
}

impl<const BYTE: bool> Item<BYTE> {
    #[inline]
    fn signed(self, value: i64, found: &str) -> Result<Word> {
        if self.kind.int_range().is_some() { Ok(Word::Uint(int_to_uint(value))) } else { Err(self.mismatch(found)) }
    }

    /// A byte is a byte, and no larger integer that happens to fit.
    #[inline]
    fn unsigned(self, value: u64, found: &str) -> Result<Word> {
        let fits = !BYTE && self.kind.uint_max().is_some();
        if fits { Ok(Word::Uint(value)) } else { Err(self.mismatch(found)) }
    }

    #[cold]
    fn mismatch(self, found: &str) -> Error {
        let ty = self.ty;
        let expected = if BYTE { Kind::Uint8.basic_name().to_owned() } else { ty.to_string() };
        ErrorKind::SchemaMismatch { expected, found: found.to_owned() }.into()
    }
}

macro_rules! numbers {
    ($($method:ident($arg:ty) => $kind:ident, $found:literal;)*) => {$(
        #[inline]
        fn $method(self, value: $arg) -> Result<Word> {
            self.$kind(value.into(), $found)
        }
    )*};
}

macro_rules! refuse {
    ($($method:ident($($arg:ty),*) $(-> $associated:ident)?, $found:literal;)*) => {$(
        fn $method(self, $(_: $arg),*) -> Result<refuse!(@ $($associated)?)> {
            Err(self.mismatch($found))
        }
    )*};
    (@ $associated:ident) => { Self::$associated };
    (@) => { Word };
}

impl<const BYTE: bool> Serializer for Item<BYTE> {
    type Ok = Word;
    type Error = Error;
    type SerializeSeq = Impossible<Word, Error>;
    type SerializeTuple = Impossible<Word, Error>;
    type SerializeTupleStruct = Impossible<Word, Error>;
    type SerializeTupleVariant = Impossible<Word, Error>;
    type SerializeMap = Impossible<Word, Error>;
    type SerializeStruct = Impossible<Word, Error>;
    type SerializeStructVariant = Impossible<Word, Error>;

    fn is_human_readable(&self) -> bool {
        false
    }

    numbers! {
        serialize_i8(i8) => signed, "an i8";
        serialize_i16(i16) => signed, "an i16";
        serialize_i32(i32) => signed, "an i32";
        serialize_i64(i64) => signed, "an i64";
        serialize_u16(u16) => unsigned, "a u16";
        serialize_u32(u32) => unsigned, "a u32";
        serialize_u64(u64) => unsigned, "a u64";
    }

    #[inline]
    fn serialize_u8(self, value: u8) -> Result<Word> {
        if BYTE || self.kind.uint_max().is_some() { Ok(Word::Uint(value.into())) } else { Err(self.mismatch("a u8")) }
    }

    #[inline]
    fn serialize_bool(self, value: bool) -> Result<Word> {
        if self.kind == Kind::Bool { Ok(Word::Uint(value.into())) } else { Err(self.mismatch("a bool")) }
    }

    #[inline]
    fn serialize_f32(self, value: f32) -> Result<Word> {
        self.serialize_f64(value.into())
    }

    #[inline]
    fn serialize_f64(self, value: f64) -> Result<Word> {
        let fits = matches!(self.kind, Kind::Float32 | Kind::Float64);
        if fits { Ok(Word::Float(float_to_uint(value))) } else { Err(self.mismatch("a float")) }
    }

    fn serialize_char(self, value: char) -> Result<Word> {
        self.signed(u32::from(value).into(), "a char")
    }

    #[inline]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _name: &'static str, value: &T) -> Result<Word> {
        value.serialize(self)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Word> {
        value.serialize(self)
    }

    fn serialize_none(self) -> Result<Word> {
        Err(ErrorKind::NilPointer(self.ty.to_string()).into())
    }

    /// A constant of a declared type.
    fn serialize_unit_variant(self, _name: &'static str, index: u32, variant: &'static str) -> Result<Word> {
        let ty = self.ty;
        let constants = if BYTE { ty.item_constants() } else { ty.constants() };
        // Its values have been checked at compile time.
        match constant(constants, index, variant) {
            Some(constant) if self.kind.uint_max().is_some() => Ok(Word::Uint(constant.value as u64)),
            Some(constant) => self.signed(constant.value, variant),
            None => Err(self.mismatch(&format!("enum variant {variant}"))),
        }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _value: &T,
    ) -> Result<Word> {
        Err(self.mismatch(&format!("enum variant {variant}")))
    }

    refuse! {
        serialize_str(&str), "a string";
        serialize_bytes(&[u8]), "bytes";
        serialize_unit(), "a unit";
        serialize_unit_struct(&'static str), "a unit";
        serialize_seq(Option<usize>) -> SerializeSeq, "a sequence";
        serialize_tuple(usize) -> SerializeTuple, "a tuple";
        serialize_tuple_struct(&'static str, usize) -> SerializeTupleStruct, "a tuple";
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> SerializeTupleVariant, "an enum variant";
        serialize_map(Option<usize>) -> SerializeMap, "a map";
        serialize_struct(&'static str, usize) -> SerializeStruct, "a struct";
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> SerializeStructVariant, "an enum variant";
    }
}
