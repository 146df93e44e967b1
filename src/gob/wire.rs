//! The primitives of the wire format (G1–G9): unsigned and signed integers, floats, counted bytes, and the gap in which
//! a length is written once it is known.

use byteorder::{BigEndian, ByteOrder};

use super::error::{Error, Kind, Result};

/// The longest form of an unsigned integer: a byte count and eight bytes.
pub(crate) const MAX_UINT_LEN: usize = 9;

/// Writes an unsigned integer in its shortest form (G1).
#[inline]
pub(crate) fn put_uint(out: &mut Vec<u8>, value: u64) {
    if value <= 0x7f {
        out.push(value as u8);
    } else {
        put_long_uint(out, value);
    }
}

#[inline]
fn put_long_uint(out: &mut Vec<u8>, value: u64) {
    let len = byte_len(value);
    let mut form = [0; MAX_UINT_LEN];
    form[0] = (len as u8).wrapping_neg();
    form[1..].copy_from_slice(&(value << (64 - 8 * len)).to_be_bytes());
    // A copy of constant size and a cut are cheaper than a copy of variable size.
    let end = out.len() + 1 + len;
    out.extend_from_slice(&form);
    out.truncate(end);
}

/// How many bytes the big-endian form of `value` needs; one for zero.
#[inline]
const fn byte_len(value: u64) -> usize {
    8 - (value | 1).leading_zeros() as usize / 8
}

/// Writes a signed integer (G3): the sign moves to the lowest bit, negative values are complemented.
#[inline]
pub(crate) fn put_int(out: &mut Vec<u8>, value: i64) {
    put_uint(out, ((value << 1) ^ (value >> 63)) as u64);
}

/// Writes a float (G5): its bytes reversed, so that the zeros at the end of common values come first and vanish.
#[inline]
pub(crate) fn put_float(out: &mut Vec<u8>, value: f64) {
    put_uint(out, value.to_bits().swap_bytes());
}

/// Writes a byte count and the bytes (G8, G9).
#[inline]
pub(crate) fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_uint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// A place left free for a length that is written before what it measures.
#[derive(Debug)]
pub(crate) struct Gap {
    at: usize,
    width: usize,
}

impl Gap {
    /// Leaves `width` bytes; one is right for lengths up to 127.
    pub(crate) fn open(out: &mut Vec<u8>, width: usize) -> Self {
        let at = out.len();
        out.resize(at + width, 0);
        Self { at, width }
    }

    /// A gap without a place, to be replaced.
    pub(crate) const fn nowhere() -> Self {
        Self { at: 0, width: 0 }
    }

    /// Where what is measured begins.
    pub(crate) fn end(&self) -> usize {
        self.at + self.width
    }

    /// Writes `value`, moving what follows when its form does not fit the gap exactly. Returns the width it took.
    pub(crate) fn close(self, out: &mut Vec<u8>, value: u64) -> usize {
        let mut form = Vec::with_capacity(MAX_UINT_LEN);
        if value <= 0x7f && self.width == 1 {
            out[self.at] = value as u8;
            return 1;
        }
        put_uint(&mut form, value);
        let width = form.len();
        if width == self.width {
            out[self.at..self.at + width].copy_from_slice(&form);
        } else {
            out.splice(self.at..self.at + self.width, form);
        }
        width
    }
}

/// Reads an unsigned integer at the start of `input`: its value and length, or `None` while bytes are missing.
///
/// # Errors
/// [`Kind::UintOutOfRange`] for a byte count above eight.
#[inline]
pub(crate) fn peek_uint(input: &[u8]) -> Result<Option<(u64, usize)>> {
    let Some(&first) = input.first() else { return Ok(None) };
    if first <= 0x7f {
        return Ok(Some((u64::from(first), 1)));
    }
    let len = usize::from(first.wrapping_neg());
    if len > 8 {
        return Err(Kind::UintOutOfRange.into());
    }
    Ok(input.get(1..=len).map(|bytes| (BigEndian::read_uint(bytes, len), 1 + len)))
}

/// The signed integer that travels as the unsigned `value` (G3).
#[inline]
pub(crate) const fn int_from_uint(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

/// A reader of primitives from a whole message or value, which knows where it is.
#[derive(Debug, Clone)]
pub(crate) struct Cursor<'de> {
    input: &'de [u8],
    pos: usize,
    /// Where `input` begins in the stream, for errors.
    base: u64,
}

impl<'de> Cursor<'de> {
    pub(crate) const fn new(input: &'de [u8], base: u64) -> Self {
        Self { input, pos: 0, base }
    }

    #[inline]
    pub(crate) const fn pos(&self) -> usize {
        self.pos
    }

    #[inline]
    pub(crate) const fn remaining(&self) -> usize {
        self.input.len() - self.pos
    }

    #[inline]
    pub(crate) const fn is_empty(&self) -> bool {
        self.remaining() == 0
    }

    /// The offset in the stream.
    pub(crate) const fn offset(&self) -> u64 {
        self.base + self.pos as u64
    }

    /// An error at this place.
    #[cold]
    pub(crate) fn error(&self, kind: Kind) -> Error {
        Error::new(kind).at(self.offset())
    }

    #[inline]
    pub(crate) fn take_uint(&mut self) -> Result<u64> {
        let rest = &self.input[self.pos..];
        if let Some(&first) = rest.first()
            && first <= 0x7f
        {
            self.pos += 1;
            return Ok(u64::from(first));
        }
        self.take_long_uint()
    }

    #[inline]
    fn take_long_uint(&mut self) -> Result<u64> {
        let rest = &self.input[self.pos..];
        match peek_uint(rest).map_err(|error| error.at(self.offset()))? {
            Some((value, len)) => {
                self.pos += len;
                Ok(value)
            }
            // G218: Go calls a missing integer EOF, and a cut one by its length (G2).
            None if rest.is_empty() => Err(self.error(Kind::MissingValue)),
            None => {
                let len = u64::from(rest[0].wrapping_neg());
                Err(self.error(Kind::UintTooLong { len, have: rest.len() - 1 }))
            }
        }
    }

    #[inline]
    pub(crate) fn take_int(&mut self) -> Result<i64> {
        self.take_uint().map(int_from_uint)
    }

    #[inline]
    pub(crate) fn take_float(&mut self) -> Result<f64> {
        self.take_uint().map(|bits| f64::from_bits(bits.swap_bytes()))
    }

    /// Reads a byte count and that many bytes. `what` makes the error when they are not there.
    #[inline]
    pub(crate) fn take_bytes(&mut self, what: fn(u64) -> Kind) -> Result<&'de [u8]> {
        let start = self.offset();
        let len = self.take_uint()?;
        match usize::try_from(len).ok().and_then(|len| self.input[self.pos..].get(..len)) {
            Some(bytes) => {
                self.pos += bytes.len();
                Ok(bytes)
            }
            None => Err(Error::new(what(len)).at(start)),
        }
    }
}
