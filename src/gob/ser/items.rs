//! The items of a `[]byte`, taken one by one in a loop that the compiler turns into a block copy.

use serde::ser::{Impossible, Serialize, Serializer};

use super::constant;
use crate::gob::error::{Error, Kind as ErrorKind, Result};
use crate::gob::ty::Constant;

/// Appends items that are all `u8`, or all among the constants of a type of that kind.
pub(crate) fn extend_bytes<I>(out: &mut Vec<u8>, constants: &'static [Constant], items: I) -> Result<()>
where
    I: Iterator,
    I::Item: Serialize,
{
    // An iterator of known length is copied as a block only if no item can stop it, so an error waits for the end.
    let mut failed = None;
    out.extend(items.map(|item| match item.serialize(Byte(constants)) {
        Ok(byte) => byte,
        Err(error) => {
            failed = Some(error);
            0
        }
    }));
    failed.map_or(Ok(()), Err)
}

/// A serializer whose result is the byte itself.
pub(super) struct Byte(pub(super) &'static [Constant]);

#[cold]
fn not_a_byte(found: &str) -> Error {
    ErrorKind::SchemaMismatch { expected: "uint8".to_owned(), found: found.to_owned() }.into()
}

macro_rules! refuse {
    ($($method:ident($($arg:ty),*);)*) => {$(
        fn $method(self, $(_: $arg),*) -> Result<u8> {
            Err(not_a_byte(stringify!($method)))
        }
    )*};
}

macro_rules! refuse_compound {
    ($($method:ident($($arg:ty),*) -> $associated:ident;)*) => {$(
        fn $method(self, $(_: $arg),*) -> Result<Self::$associated> {
            Err(not_a_byte(stringify!($method)))
        }
    )*};
}

impl Serializer for Byte {
    type Ok = u8;
    type Error = Error;
    type SerializeSeq = Impossible<u8, Error>;
    type SerializeTuple = Impossible<u8, Error>;
    type SerializeTupleStruct = Impossible<u8, Error>;
    type SerializeTupleVariant = Impossible<u8, Error>;
    type SerializeMap = Impossible<u8, Error>;
    type SerializeStruct = Impossible<u8, Error>;
    type SerializeStructVariant = Impossible<u8, Error>;

    #[inline]
    fn serialize_u8(self, value: u8) -> Result<u8> {
        Ok(value)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _name: &'static str, value: &T) -> Result<u8> {
        value.serialize(self)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<u8> {
        value.serialize(self)
    }

    fn serialize_unit_variant(self, _name: &'static str, index: u32, variant: &'static str) -> Result<u8> {
        // Its values have been checked at compile time.
        constant(self.0, index, variant).map(|constant| constant.value as u8).ok_or_else(|| not_a_byte(variant))
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _value: &T,
    ) -> Result<u8> {
        Err(not_a_byte(variant))
    }

    refuse! {
        serialize_bool(bool);
        serialize_i8(i8);
        serialize_i16(i16);
        serialize_i32(i32);
        serialize_i64(i64);
        serialize_u16(u16);
        serialize_u32(u32);
        serialize_u64(u64);
        serialize_f32(f32);
        serialize_f64(f64);
        serialize_char(char);
        serialize_str(&str);
        serialize_bytes(&[u8]);
        serialize_none();
        serialize_unit();
        serialize_unit_struct(&'static str);
    }

    refuse_compound! {
        serialize_seq(Option<usize>) -> SerializeSeq;
        serialize_tuple(usize) -> SerializeTuple;
        serialize_tuple_struct(&'static str, usize) -> SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> SerializeTupleVariant;
        serialize_map(Option<usize>) -> SerializeMap;
        serialize_struct(&'static str, usize) -> SerializeStruct;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> SerializeStructVariant;
    }
}
