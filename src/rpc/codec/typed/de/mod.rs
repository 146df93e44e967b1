//! Reading a value by its Go type: what does not come is zero, `null` leaves the zero, unknown members are read over.

mod dynamic;
mod fields;
mod number;
mod parts;
mod reader;
mod source;
mod value;

use serde::de::{DeserializeSeed, Deserializer, Error};

pub(in crate::rpc::codec) use self::number::Number;
use self::reader::Reader;
pub(in crate::rpc::codec) use self::source::{Items, Source, Token, cut};
use crate::gob::ty::Type;
use crate::gob::{Limits, Result};
use crate::rpc::payload::Decode;

/// Decodes a body.
pub(in crate::rpc::codec) fn read<'i, S: Source<'i>>(
    source: S,
    limits: Limits,
    ty: &'static Type,
    decode: &mut Decode<'_>,
) -> Result<()> {
    let start = source.position();
    let mut reader = Reader::new(source, limits.depth);
    loop {
        let result = reader.value(ty, Erased(decode));
        if !reader.must_reread() {
            return result;
        }
        reader.reread(start);
    }
}

/// Hands a deserializer to whoever decodes a body.
struct Erased<'a, 'd>(&'a mut Decode<'d>);

impl<'de> DeserializeSeed<'de> for Erased<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        (self.0)(&mut <dyn erased_serde::Deserializer<'_>>::erase(deserializer)).map_err(Error::custom)
    }
}
