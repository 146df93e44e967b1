//! The `Decimal` of github.com/shopspring/decimal.
//!
//! [`Decimal`] holds a [`rust_decimal::Decimal`]. A field of that type takes this module, as in
//! `#[serde(with = "gobrpc::gob::decimal")]`.
//!
//! Go's has any number of digits and any exponent, and this one has 28 digits: what does not fit is an error, never
//! rounded.

use std::fmt;
use std::str::FromStr;

use byteorder::{BigEndian, ByteOrder};

use super::big::payload;
use super::{ConvertError, glue, malformed};
use crate::gob::error::Result;
use crate::gob::opaque::Opaque;
use crate::gob::ty::Marshaler;

/// The `Decimal` of github.com/shopspring/decimal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(pub rust_decimal::Decimal);

impl Opaque for Decimal {
    const NAME: &'static str = "Decimal";
    const PACKAGE: &'static str = "github.com/shopspring/decimal";
    const MARSHALER: Marshaler = Marshaler::Gob;
    /// Without a value: a zero that was computed has one, and is sent.
    const ZERO: &'static [u8] = &[0; 4];

    /// The exponent, then the number as a `big.Int`.
    fn marshal(&self, out: &mut Vec<u8>) -> Result<()> {
        // At most 28.
        let exponent = -(self.0.scale() as i32);
        out.extend_from_slice(&exponent.to_be_bytes());
        let mantissa = self.0.mantissa();
        payload::put_sign(out, mantissa < 0);
        payload::put_magnitude(out, &mantissa.unsigned_abs().to_be_bytes());
        Ok(())
    }

    fn unmarshal(bytes: &[u8]) -> Result<Self> {
        let Some((exponent, rest)) = bytes.split_first_chunk::<4>() else {
            let len = bytes.len();
            return Err(malformed(format_args!(
                "error decoding binary {}: expected at least 4 bytes, got {len}",
                Printed(bytes)
            )));
        };
        let (negative, magnitude) = payload::take_sign("Int", rest)
            .map_err(|error| malformed(format_args!("error decoding binary {}: {error}", Printed(bytes))))?;
        let out_of_range = || malformed("Decimal out of range of rust_decimal");
        let (mantissa, scale) = fit(magnitude, BigEndian::read_i32(exponent)).ok_or_else(out_of_range)?;
        let mantissa = if negative { -mantissa } else { mantissa };
        rust_decimal::Decimal::try_from_i128_with_scale(mantissa, scale).map(Self).map_err(|_| out_of_range())
    }
}

/// The mantissa and scale that mean the same, without an exponent above zero or a scale that is too large.
fn fit(magnitude: &[u8], exponent: i32) -> Option<(i128, u32)> {
    let zeros = magnitude.iter().take_while(|byte| **byte == 0).count();
    let magnitude = &magnitude[zeros..];
    let mut padded = [0; 16];
    padded[16_usize.checked_sub(magnitude.len())?..].copy_from_slice(magnitude);
    let mut mantissa = i128::try_from(u128::from_be_bytes(padded)).ok()?;
    if mantissa == 0 {
        return Some((0, exponent.min(0).unsigned_abs().min(rust_decimal::Decimal::MAX_SCALE)));
    }
    if exponent > 0 {
        return Some((mantissa.checked_mul(10_i128.checked_pow(exponent.unsigned_abs())?)?, 0));
    }
    let mut scale = exponent.unsigned_abs();
    while (scale > rust_decimal::Decimal::MAX_SCALE || mantissa >> 96 != 0) && scale > 0 && mantissa % 10 == 0 {
        (mantissa, scale) = (mantissa / 10, scale - 1);
    }
    Some((mantissa, scale))
}

/// Bytes as Go prints them.
struct Printed<'a>(&'a [u8]);

impl fmt::Display for Printed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        for (i, byte) in self.0.iter().enumerate() {
            write!(f, "{}{byte}", if i > 0 { " " } else { "" })?;
        }
        f.write_str("]")
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Decimal {
    type Err = ConvertError;

    fn from_str(text: &str) -> Result<Self, ConvertError> {
        rust_decimal::Decimal::from_str_exact(text).map(Self).map_err(|_| ConvertError::new("no decimal"))
    }
}

impl From<rust_decimal::Decimal> for Decimal {
    fn from(decimal: rust_decimal::Decimal) -> Self {
        Self(decimal)
    }
}

impl From<Decimal> for rust_decimal::Decimal {
    fn from(decimal: Decimal) -> Self {
        decimal.0
    }
}

glue::opaque_with_text!(Decimal);
glue::with_module!(Decimal, "decimal.Decimal", option);
