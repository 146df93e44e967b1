//! Types that encode themselves: Go's `GobEncoder` and `BinaryMarshaler` (G136–G164).

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, SeqAccess, Visitor};
use serde::ser::Serializer;

use super::error::Result;
use super::ty::{Kind, Marshaler, OpaqueType, Parts, Type};

/// A type that makes its own bytes, as Go's `time.Time` and `big.Int` do.
///
/// `#[derive(Gob)]` with `#[gob(opaque)]` implements `Gob`, `Serialize` and `Deserialize` with it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say how it encodes itself",
    note = "implement `gobrpc::gob::Opaque` for it: `#[gob(opaque)]` makes `Gob`, `Serialize` and `Deserialize` from that"
)]
pub trait Opaque: Sized {
    /// The Go name of the type.
    const NAME: &'static str;
    /// The import path of its package.
    const PACKAGE: &'static str = "main";
    /// The Go interface by which it encodes itself. The other side must use the same.
    const MARSHALER: Marshaler;
    /// What Go's zero value encodes to. Fields that were not sent are decoded from it.
    const ZERO: &'static [u8];
    /// Whether a field that holds the zero value is left out: in Go it is if the method has a value receiver, and is
    /// not if it has a pointer receiver (G148).
    const OMIT_ZERO: bool = true;

    /// Appends the encoded value: Go's `GobEncode` or `MarshalBinary`.
    ///
    /// # Errors
    /// When the value has no encoding.
    fn marshal(&self, out: &mut Vec<u8>) -> Result<()>;

    /// Decodes a value: Go's `GobDecode` or `UnmarshalBinary`.
    ///
    /// # Errors
    /// When the bytes are not a value of this type.
    fn unmarshal(bytes: &[u8]) -> Result<Self>;
}

/// Serializes a value as the bytes it encodes itself to; for `#[serde(serialize_with)]` and `with` modules.
///
/// # Errors
/// When the value has no encoding.
pub fn serialize<T: Opaque, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let mut payload = Vec::new();
    value.marshal(&mut payload).map_err(serde::ser::Error::custom)?;
    serializer.serialize_bytes(&payload)
}

/// Deserializes a value from the bytes it encodes itself to.
///
/// # Errors
/// When the bytes are not a value of this type.
pub fn deserialize<'de, T: Opaque, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    struct Payload<T>(PhantomData<T>);

    impl<'de, T: Opaque> Visitor<'de> for Payload<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "the bytes of a {}.{}", T::PACKAGE, T::NAME)
        }

        fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<T, E> {
            T::unmarshal(bytes).map_err(E::custom)
        }

        // Formats that have no bytes write numbers.
        fn visit_seq<A: SeqAccess<'de>>(self, mut numbers: A) -> Result<T, A::Error> {
            let mut bytes = Vec::new();
            while let Some(byte) = numbers.next_element()? {
                bytes.push(byte);
            }
            self.visit_bytes(&bytes)
        }
    }

    deserializer.deserialize_bytes(Payload(PhantomData))
}

/// The Go type of a type that encodes itself, for a `Gob` written by hand.
pub const fn go_type<T: Opaque>() -> Type {
    Type {
        kind: Kind::Opaque,
        name: T::NAME,
        package: T::PACKAGE,
        args: &[],
        parts: Parts::Opaque(
            &const { OpaqueType { marshaler: T::MARSHALER, zero: T::ZERO, omit_zero: T::OMIT_ZERO, inside: None } },
        ),
    }
}
