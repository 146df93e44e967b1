//! Go's `big.Int`.
//!
//! [`Int`] holds a [`BigInt`]. A field of type `BigInt`, `BigUint`, `i128` or `u128` takes this module:
//!
//! ```
//! use gobrpc::Gob;
//! use num_bigint::BigInt;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize, Gob)]
//! #[serde(rename_all = "PascalCase")]
//! struct Account {
//!     #[serde(with = "gobrpc::gob::big::int")]
//!     balance: BigInt,
//!     #[serde(with = "gobrpc::gob::big::int::option")]
//!     limit: Option<u128>,
//! }
//! ```
//!
//! In Go a `big.Int` mostly is behind a pointer. One that is never nil may be a plain one here.

use std::fmt;

use num_bigint::{BigInt, BigUint, Sign};
use serde::de::{Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use super::payload;
use crate::gob::error::Result;
use crate::gob::opaque::{self, Opaque};
use crate::gob::schema::Gob;
use crate::gob::ty::{Kind, Marshaler, Type};
use crate::gob::types::{ConvertError, glue};

/// Go's `big.Int`.
///
/// Formats for people get a number, as in Go's JSON, or its digits in a string if it needs more than 128 bits.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Int(pub BigInt);

/// G158.
impl Opaque for Int {
    const NAME: &'static str = "Int";
    const PACKAGE: &'static str = "math/big";
    const MARSHALER: Marshaler = Marshaler::Gob;
    const ZERO: &'static [u8] = &[2];
    const OMIT_ZERO: bool = false;

    fn marshal(&self, out: &mut Vec<u8>) -> Result<()> {
        payload::put_sign(out, self.0.sign() == Sign::Minus);
        payload::put_magnitude(out, &self.0.magnitude().to_bytes_be());
        Ok(())
    }

    fn unmarshal(bytes: &[u8]) -> Result<Self> {
        let (negative, magnitude) = payload::take_sign("Int", bytes)?;
        let sign = if negative { Sign::Minus } else { Sign::Plus };
        Ok(Self(BigInt::from_bytes_be(sign, magnitude)))
    }
}

impl Gob for Int {
    const TYPE: &'static Type = &opaque::go_type::<Self>();
    const KIND: Kind = Kind::Opaque;
}

impl fmt::Display for Int {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Int {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            return opaque::serialize(self, serializer);
        }
        // Formats know more of the narrower integers.
        if let Ok(value) = i64::try_from(&self.0) {
            serializer.serialize_i64(value)
        } else if let Ok(value) = i128::try_from(&self.0) {
            serializer.serialize_i128(value)
        } else if let Ok(value) = u128::try_from(&self.0) {
            serializer.serialize_u128(value)
        } else {
            serializer.collect_str(&self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Int {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_any(Number)
        } else {
            opaque::deserialize(deserializer)
        }
    }
}

struct Number;

impl Visitor<'_> for Number {
    type Value = Int;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integer, or its digits in a string")
    }

    fn visit_i64<E>(self, value: i64) -> Result<Int, E> {
        Ok(Int(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Int, E> {
        Ok(Int(value.into()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Int, E> {
        Ok(Int(value.into()))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Int, E> {
        Ok(Int(value.into()))
    }

    fn visit_str<E: serde::de::Error>(self, digits: &str) -> Result<Int, E> {
        digits.parse().map(Int).map_err(E::custom)
    }
}

impl From<Int> for BigInt {
    fn from(int: Int) -> Self {
        int.0
    }
}

macro_rules! from {
    ($($rust:ty),*) => {$(
        impl From<$rust> for Int {
            fn from(value: $rust) -> Self {
                Self(value.into())
            }
        }
    )*};
}

from!(BigInt, BigUint, i32, i64, u64, i128, u128);

macro_rules! try_into {
    ($($rust:ty: $message:literal),*) => {$(
        impl TryFrom<Int> for $rust {
            type Error = ConvertError;

            fn try_from(int: Int) -> Result<Self, ConvertError> {
                Self::try_from(int.0).map_err(|_| ConvertError::new($message))
            }
        }
    )*};
}

try_into! {
    BigUint: "big.Int is negative",
    i128: "big.Int out of range of i128",
    u128: "big.Int out of range of u128"
}

glue::with_module!(Int, "big.Int", option);
