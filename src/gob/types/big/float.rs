//! Go's `big.Float`, as data: there is no arithmetic here.

use std::fmt;

use byteorder::{BigEndian, ByteOrder};
use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

use crate::gob::Gob;
use crate::gob::error::Result;
use crate::gob::opaque::{self, Opaque};
use crate::gob::ty::{Kind, Marshaler, Type};
use crate::gob::types::{ConvertError, malformed};

/// Go's `big.Float`, as data: a number, with the precision and the rounding that Go's functions would give a result.
///
/// ```
/// use gobrpc::gob::big::Float;
///
/// let float = Float::try_from(-1.5)?;
/// assert_eq!(float.to_string(), "-0x.cp+1");
/// assert_eq!(float.to_f64(), Some(-1.5));
/// # Ok::<(), gobrpc::gob::ConvertError>(())
/// ```
///
/// It prints itself as Go does with `%p`. Every format gets its bytes, also one for people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Float {
    /// The number of bits of the mantissa that count.
    pub precision: u32,
    /// How a result would be rounded to that.
    pub mode: RoundingMode,
    /// How the number differs from the result it was rounded from.
    pub accuracy: Accuracy,
    /// Whether it is below zero, or the negative zero.
    pub negative: bool,
    /// The number without its sign.
    pub magnitude: Magnitude,
}

/// A number without its sign.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum Magnitude {
    /// Zero.
    #[default]
    Zero,
    /// `0.mantissa * 2^exponent`
    Finite {
        /// The power of two.
        exponent: i32,
        /// The bits after the point, most significant byte first. The first bit is set; the number of bytes is a
        /// multiple of eight.
        mantissa: Vec<u8>,
    },
    /// Infinity.
    Infinite,
}

/// Go's `big.RoundingMode`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum RoundingMode {
    /// To the nearest, and to the even one of two.
    #[default]
    ToNearestEven,
    /// To the nearest, and away from zero of two.
    ToNearestAway,
    /// To the one nearer to zero.
    ToZero,
    /// To the one further from zero.
    AwayFromZero,
    /// To the lower.
    ToNegativeInf,
    /// To the higher.
    ToPositiveInf,
}

/// Go's `big.Accuracy`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Accuracy {
    /// It is less than the result.
    Below,
    /// It is the result.
    #[default]
    Exact,
    /// It is more than the result.
    Above,
}

const VERSION: u8 = 1;
/// Mantissas are made of the words of a 64-bit machine.
const WORD: usize = 8;

/// G160.
impl Opaque for Float {
    const NAME: &'static str = "Float";
    const PACKAGE: &'static str = "math/big";
    const MARSHALER: Marshaler = Marshaler::Gob;
    const ZERO: &'static [u8] = &[VERSION, 1 << 3, 0, 0, 0, 0];
    const OMIT_ZERO: bool = false;

    fn marshal(&self, out: &mut Vec<u8>) -> Result<()> {
        let form = match self.magnitude {
            Magnitude::Zero => 0,
            Magnitude::Finite { .. } => 1,
            Magnitude::Infinite => 2,
        };
        out.push(VERSION);
        out.push((self.mode as u8) << 5 | (self.accuracy as u8) << 3 | form << 1 | u8::from(self.negative));
        out.extend_from_slice(&self.precision.to_be_bytes());
        if let Magnitude::Finite { exponent, mantissa } = &self.magnitude {
            check(mantissa, *exponent, self.negative, self.precision)?;
            out.extend_from_slice(&exponent.to_be_bytes());
            // Go sends no more words than the precision asks for, and none that are zero at the end.
            let words = mantissa.chunks(WORD).take((self.precision as usize).div_ceil(8 * WORD));
            let len = words.clone().rposition(|word| word.iter().any(|byte| *byte != 0)).map_or(0, |last| last + 1);
            words.take(len).for_each(|word| out.extend_from_slice(word));
        }
        Ok(())
    }

    fn unmarshal(bytes: &[u8]) -> Result<Self> {
        if bytes.is_empty() {
            // What a nil pointer sends.
            return Ok(Self::default());
        }
        let Some((head, rest)) = bytes.split_first_chunk::<6>() else {
            return Err(malformed("Float.GobDecode: buffer too small"));
        };
        if head[0] != VERSION {
            return Err(malformed(format_args!("Float.GobDecode: encoding version {} not supported", head[0])));
        }
        let precision = BigEndian::read_u32(&head[2..]);
        let negative = head[1] & 1 != 0;
        let magnitude = match head[1] >> 1 & 3 {
            0 => Magnitude::Zero,
            1 => {
                let Some((exponent, mantissa)) = rest.split_first_chunk::<4>() else {
                    return Err(malformed("Float.GobDecode: buffer too small for finite form float"));
                };
                let exponent = BigEndian::read_i32(exponent);
                let mantissa = in_words(mantissa);
                check(&mantissa, exponent, negative, precision)?;
                Magnitude::Finite { exponent, mantissa }
            }
            2 => Magnitude::Infinite,
            form => return Err(malformed(format_args!("Float.GobDecode: unknown form {form}"))),
        };
        let (mode, accuracy) = (mode(head[1] >> 5)?, accuracy(head[1] >> 3 & 3)?);
        Ok(Self { precision, mode, accuracy, negative, magnitude })
    }
}

fn mode(number: u8) -> Result<RoundingMode> {
    use RoundingMode::{AwayFromZero, ToNearestAway, ToNearestEven, ToNegativeInf, ToPositiveInf, ToZero};
    let modes = [ToNearestEven, ToNearestAway, ToZero, AwayFromZero, ToNegativeInf, ToPositiveInf];
    let unknown = || malformed(format_args!("Float.GobDecode: unknown rounding mode {number}"));
    modes.get(usize::from(number)).copied().ok_or_else(unknown)
}

fn accuracy(number: u8) -> Result<Accuracy> {
    match number {
        0 => Ok(Accuracy::Below),
        1 => Ok(Accuracy::Exact),
        2 => Ok(Accuracy::Above),
        _ => Err(malformed(format_args!("Float.GobDecode: unknown accuracy {number}"))),
    }
}

/// A mantissa as Go reads it: a number, whose first word may not be full.
fn in_words(bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let bytes = &bytes[zeros..];
    let mut words = vec![0; bytes.len().next_multiple_of(WORD) - bytes.len()];
    words.extend_from_slice(bytes);
    words
}

/// Go's checks of a finite number.
fn check(mantissa: &[u8], exponent: i32, negative: bool, precision: u32) -> Result<()> {
    let Some(word) = mantissa.first_chunk::<WORD>() else {
        return Err(malformed("Float.GobDecode: nonzero finite number with empty mantissa"));
    };
    if word[0] & 0x80 == 0 || !mantissa.len().is_multiple_of(WORD) {
        let (word, sign) = (u64::from_be_bytes(*word), if negative { "-" } else { "" });
        return Err(malformed(format_args!(
            "Float.GobDecode: msb not set in last word {word:#x} of {sign}{}",
            Hexadecimal { mantissa, exponent }
        )));
    }
    if precision == 0 {
        return Err(malformed("Float.GobDecode: zero precision finite number"));
    }
    Ok(())
}

impl Float {
    /// The nearest `f64`, infinite if the number is too large; `None` if it is not a valid number.
    pub fn to_f64(&self) -> Option<f64> {
        let magnitude = match &self.magnitude {
            Magnitude::Zero => 0.0,
            Magnitude::Infinite => f64::INFINITY,
            Magnitude::Finite { exponent, mantissa } => {
                let (first, rest) = mantissa.split_first_chunk::<WORD>()?;
                // What is beyond the first word only matters if it is not nothing.
                let sticky = u64::from(rest.iter().any(|byte| *byte != 0));
                nearest(u64::from_be_bytes(*first) | sticky, *exponent)?
            }
        };
        Some(if self.negative { -magnitude } else { magnitude })
    }
}

/// The `f64` nearest to `0.mantissa * 2^exponent`.
fn nearest(mantissa: u64, exponent: i32) -> Option<f64> {
    /// The exponent at which the smallest normal number lies.
    const MIN: i32 = f64::MIN_EXP;
    if mantissa >> 63 == 0 {
        return None;
    }
    if exponent > f64::MAX_EXP {
        return Some(f64::INFINITY);
    }
    // Below the normal numbers every step takes a bit.
    let lost = 11 + MIN.saturating_sub(exponent).max(0).unsigned_abs();
    let (kept, rest, half) = match lost {
        0..=63 => (mantissa >> lost, mantissa & ((1 << lost) - 1), 1 << (lost - 1)),
        64 => (0, mantissa, 1 << 63),
        _ => return Some(0.0),
    };
    let up = rest > half || (rest == half && kept & 1 == 1);
    let kept = kept + u64::from(up);
    // The bits of normal numbers follow those of the others, and those of infinity follow all.
    let bits = if lost == 11 { (((exponent - MIN) as u64) << 52) + kept } else { kept };
    Some(f64::from_bits(bits))
}

/// With the precision of an `f64`, as Go's `NewFloat`. Fails for a NaN.
impl TryFrom<f64> for Float {
    type Error = ConvertError;

    fn try_from(value: f64) -> Result<Self, ConvertError> {
        let magnitude = if value.is_nan() {
            return Err(ConvertError::new("big.Float is never a NaN"));
        } else if value == 0.0 {
            Magnitude::Zero
        } else if value.is_infinite() {
            Magnitude::Infinite
        } else {
            let bits = value.to_bits();
            let (exponent, fraction) = ((bits >> 52 & 0x7ff) as i32, bits & ((1 << 52) - 1));
            let (exponent, mantissa) = match exponent {
                0 => (f64::MIN_EXP, fraction << 11),
                _ => (exponent - 1 + f64::MIN_EXP, 1 << 63 | fraction << 11),
            };
            let shift = mantissa.leading_zeros();
            Magnitude::Finite {
                exponent: exponent - shift as i32,
                mantissa: (mantissa << shift).to_be_bytes().to_vec(),
            }
        };
        Ok(Self { precision: 53, negative: value.is_sign_negative(), magnitude, ..Self::default() })
    }
}

impl fmt::Display for Float {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.magnitude {
            _ if self.negative => f.write_str("-")?,
            Magnitude::Infinite => f.write_str("+")?,
            _ => {}
        }
        match &self.magnitude {
            Magnitude::Zero => f.write_str("0"),
            Magnitude::Infinite => f.write_str("Inf"),
            Magnitude::Finite { exponent, mantissa } => Hexadecimal { mantissa, exponent: *exponent }.fmt(f),
        }
    }
}

/// A finite number as Go prints it with `%p`.
struct Hexadecimal<'a> {
    mantissa: &'a [u8],
    exponent: i32,
}

impl fmt::Display for Hexadecimal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits: String = self.mantissa.iter().map(|byte| format!("{byte:02x}")).collect();
        write!(f, "0x.{}p{:+}", digits.trim_matches('0'), self.exponent)
    }
}

impl Gob for Float {
    const TYPE: &'static Type = &opaque::go_type::<Self>();
    const KIND: Kind = Kind::Opaque;
}

impl Serialize for Float {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        opaque::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for Float {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        opaque::deserialize(deserializer)
    }
}
