//! Go's `math/big`.

#[cfg(feature = "num-bigint")]
pub mod int;
#[cfg(feature = "num-rational")]
pub mod rat;

mod float;

pub use self::float::{Accuracy, Float, Magnitude, RoundingMode};
#[cfg(feature = "num-bigint")]
pub use self::int::Int;
#[cfg(feature = "num-rational")]
pub use self::rat::Rat;

#[cfg(any(feature = "num-bigint", feature = "rust_decimal"))]
pub(super) mod payload {
    //! The bytes of a `big.Int`, of which others are made too (G158).

    use super::super::malformed;
    use crate::gob::error::Result;

    const VERSION: u8 = 1;

    /// Writes version and sign.
    pub(crate) fn put_sign(out: &mut Vec<u8>, negative: bool) {
        out.push(VERSION << 1 | u8::from(negative));
    }

    /// Writes a magnitude, most significant byte first, as short as can be.
    pub(crate) fn put_magnitude(out: &mut Vec<u8>, bytes: &[u8]) {
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        out.extend_from_slice(&bytes[zeros..]);
    }

    /// Takes version and sign off: whether it is negative, and the rest.
    pub(crate) fn take_sign<'a>(ty: &str, bytes: &'a [u8]) -> Result<(bool, &'a [u8])> {
        match bytes.split_first() {
            // What a nil pointer sends.
            None => Ok((false, &[])),
            Some((first, rest)) if first >> 1 == VERSION => Ok((first & 1 != 0, rest)),
            Some((first, _)) => {
                Err(malformed(format_args!("{ty}.GobDecode: encoding version {} not supported", first >> 1)))
            }
        }
    }
}
