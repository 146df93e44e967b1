//! Go's `big.Rat`.
//!
//! [`Rat`] holds a [`Ratio<BigInt>`](Ratio). A field of that type takes this module, as in
//! `#[serde(with = "gobrpc::gob::big::rat")]`.

use std::fmt;
use std::str::FromStr;

use byteorder::{BigEndian, ByteOrder};
use num_bigint::{BigInt, Sign};
use num_rational::Ratio;

use super::payload;
use crate::gob::error::Result;
use crate::gob::opaque::Opaque;
use crate::gob::ty::Marshaler;
use crate::gob::types::{ConvertError, glue, malformed};

/// Go's `big.Rat`.
///
/// It prints itself as Go does, with a denominator even for a whole number, and so formats for people get it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rat(pub Ratio<BigInt>);

/// G159.
impl Opaque for Rat {
    const NAME: &'static str = "Rat";
    const PACKAGE: &'static str = "math/big";
    const MARSHALER: Marshaler = Marshaler::Gob;
    const ZERO: &'static [u8] = &[2, 0, 0, 0, 0];
    const OMIT_ZERO: bool = false;

    fn marshal(&self, out: &mut Vec<u8>) -> Result<()> {
        // A ratio that was made with `new_raw` may have its sign below.
        let negative = (self.0.numer().sign() == Sign::Minus) != (self.0.denom().sign() == Sign::Minus);
        payload::put_sign(out, negative);
        let len = out.len();
        out.extend_from_slice(&[0; 4]);
        payload::put_magnitude(out, &self.0.numer().magnitude().to_bytes_be());
        let numerator = u32::try_from(out.len() - len - 4);
        let numerator = numerator.map_err(|_| malformed("Rat.GobEncode: numerator too large"))?;
        BigEndian::write_u32(&mut out[len..], numerator);
        payload::put_magnitude(out, &self.0.denom().magnitude().to_bytes_be());
        Ok(())
    }

    fn unmarshal(bytes: &[u8]) -> Result<Self> {
        let too_small = || malformed("Rat.GobDecode: buffer too small");
        if (1..5).contains(&bytes.len()) {
            return Err(too_small());
        }
        let (negative, rest) = payload::take_sign("Rat", bytes)?;
        let sign = if negative { Sign::Minus } else { Sign::Plus };
        let Some((len, rest)) = rest.split_at_checked(4) else { return Ok(Self::default()) };
        let len = BigEndian::read_u32(len) as usize;
        let (numerator, denominator) = rest.split_at_checked(len).ok_or_else(too_small)?;
        let mut denominator = BigInt::from_bytes_be(Sign::Plus, denominator);
        if denominator.sign() == Sign::NoSign {
            // Go's zero value has no denominator, and counts as a whole number.
            denominator = 1.into();
        }
        Ok(Self(Ratio::new(BigInt::from_bytes_be(sign, numerator), denominator)))
    }
}

impl Default for Rat {
    fn default() -> Self {
        Self(Ratio::from_integer(BigInt::ZERO))
    }
}

impl fmt::Display for Rat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.0.numer(), self.0.denom())
    }
}

/// Reads `3/4` and `3`, and none of the other ways in which Go writes a number.
impl FromStr for Rat {
    type Err = ConvertError;

    fn from_str(text: &str) -> Result<Self, ConvertError> {
        let (numerator, denominator) = text.split_once('/').unwrap_or((text, "1"));
        let part = |text: &str| text.parse().map_err(|_| ConvertError::new("no ratio of two integers"));
        let (numerator, denominator): (BigInt, BigInt) = (part(numerator)?, part(denominator)?);
        if denominator.sign() != Sign::Plus {
            return Err(ConvertError::new("no ratio of two integers"));
        }
        Ok(Self(Ratio::new(numerator, denominator)))
    }
}

impl From<Ratio<BigInt>> for Rat {
    fn from(ratio: Ratio<BigInt>) -> Self {
        Self(ratio)
    }
}

impl From<Rat> for Ratio<BigInt> {
    fn from(rat: Rat) -> Self {
        rat.0
    }
}

glue::opaque_with_text!(Rat);
glue::with_module!(Rat, "big.Rat", option);
