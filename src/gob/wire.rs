//! The primitives of the wire format (G1–G9): unsigned and signed integers, floats, counted bytes, and the gap in which
//! a length is written once it is known.

use std::str::Utf8Error;

use ascii::AsAsciiStr;
use byteorder::{BigEndian, ByteOrder};

use super::error::{Error, Kind, Result};

/// The longest form of an unsigned integer: a byte count and eight bytes.
pub(crate) const MAX_UINT_LEN: usize = 9;

/// Writes the shortest form of an unsigned integer (G1) to the beginning of `form`, and returns its length. What is
/// behind it there is of no meaning: a copy of constant size is cheaper than one of variable size.
#[inline(always)]
pub(crate) fn write_uint(form: &mut [u8; MAX_UINT_LEN], value: u64) -> usize {
    if value <= 0x7f {
        form[0] = value as u8;
        return 1;
    }
    let [negated_len, digits @ ..] = form;
    // The place of the highest digit that is not zero, in bits: 0, 8, … 56.
    let highest = value.ilog2() & 0x38;
    *negated_len = !((highest >> 3) as u8);
    *digits = (value << (highest ^ 0x38)).to_be_bytes();
    2 + (highest >> 3) as usize
}

/// Writes one of many integers in a row. Whether it takes two bytes at most, or all eight, is a branch, because the
/// processor guesses branches, and so can go on with the next one before it has seen the length.
#[inline(always)]
pub(crate) fn write_uint_in_row(form: &mut [u8; MAX_UINT_LEN], value: u64) -> usize {
    match value {
        0..=0xffff => write_short_uint(form, value as u16),
        FULL.. => write_full_uint(form, value),
        _ => write_uint(form, value),
    }
}

/// Writes one of many floats in a row, most of which take all eight bytes.
#[inline(always)]
pub(crate) fn write_float_in_row(form: &mut [u8; MAX_UINT_LEN], value: u64) -> usize {
    if value >= FULL { write_full_uint(form, value) } else { write_uint(form, value) }
}

/// The least integer that takes eight bytes.
const FULL: u64 = 1 << 56;

#[inline(always)]
fn write_full_uint(form: &mut [u8; MAX_UINT_LEN], value: u64) -> usize {
    let [negated_len, digits @ ..] = form;
    *negated_len = 8_u8.wrapping_neg();
    *digits = value.to_be_bytes();
    MAX_UINT_LEN
}

/// Writes an integer of two bytes at most. How many it takes is no branch: small numbers are of all lengths, and so the
/// processor would often guess wrong. The form is looked up: to compute it takes a third longer.
#[inline(always)]
fn write_short_uint(form: &mut [u8; MAX_UINT_LEN], value: u16) -> usize {
    let ShortForm { shift, first, len } = SHORT_FORMS[usize::from(value >> 7)];
    let word = u32::from(value).swap_bytes() >> (shift & 31) | u32::from(first);
    if let Some(form) = form.first_chunk_mut() {
        *form = word.to_le_bytes();
    }
    len.into()
}

/// What the form of an integer of two bytes at most looks like.
#[derive(Clone, Copy)]
#[repr(align(4))]
struct ShortForm {
    /// By how many bits its four bytes, the highest one first, are moved so that the digits are where they belong.
    shift: u8,
    /// What stands before the digits, if anything.
    first: u8,
    len: u8,
}

/// The forms, by all bits of the integer but the lowest seven.
static SHORT_FORMS: [ShortForm; 512] = {
    let mut forms = [ShortForm { shift: 8, first: 2_u8.wrapping_neg(), len: 3 }; 512];
    forms[0] = ShortForm { shift: 24, first: 0, len: 1 };
    forms[1] = ShortForm { shift: 16, first: 1_u8.wrapping_neg(), len: 2 };
    forms
};

/// Writes an unsigned integer (G1).
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
    // Written in place: what is put together elsewhere and copied in larger pieces has to wait for its parts.
    let at = out.len();
    out.extend_from_slice(&[0; MAX_UINT_LEN]);
    if let Some(form) = out[at..].first_chunk_mut() {
        let end = at + write_uint(form, value);
        out.truncate(end);
    }
}

/// Writes a signed integer (G3): the sign moves to the lowest bit, negative values are complemented.
#[inline]
pub(crate) fn put_int(out: &mut Vec<u8>, value: i64) {
    put_uint(out, int_to_uint(value));
}

/// The unsigned integer as which a signed one travels.
#[inline]
pub(crate) const fn int_to_uint(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

/// The unsigned integer as which a float travels (G5): its bytes reversed, so that the zeros at the end of common
/// values come first and vanish.
#[inline]
pub(crate) const fn float_to_uint(value: f64) -> u64 {
    value.to_bits().swap_bytes()
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
    #[inline]
    pub(crate) fn open(out: &mut Vec<u8>, width: usize) -> Self {
        let at = out.len();
        if width == 1 {
            out.push(0);
        } else {
            out.resize(at + width, 0);
        }
        Self { at, width }
    }

    /// A gap of `width` bytes that are left at `at`.
    #[inline]
    pub(crate) const fn at(at: usize, width: usize) -> Self {
        Self { at, width }
    }

    /// Whether it is this gap.
    #[inline]
    pub(crate) const fn is_at(&self, at: usize, width: usize) -> bool {
        self.at == at && self.width == width
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
    #[inline]
    pub(crate) fn close(self, out: &mut Vec<u8>, value: u64) -> usize {
        let [.., high, low] = value.to_be_bytes();
        // The forms that are frequent, in their place.
        match out.get_mut(self.at..) {
            Some([place, ..]) if self.width == 1 && value <= 0x7f => *place = low,
            Some([len, place, ..]) if self.width == 2 && value > 0x7f && value <= 0xff => (*len, *place) = (0xff, low),
            Some([len, first, last, ..]) if self.width == 3 && value > 0xff && value <= 0xffff => {
                (*len, *first, *last) = (0xfe, high, low);
            }
            _ => return self.close_wide(out, value),
        }
        self.width
    }

    #[cold]
    #[inline(never)]
    fn close_wide(self, out: &mut Vec<u8>, value: u64) -> usize {
        let mut form = [0; MAX_UINT_LEN];
        let width = write_uint(&mut form, value);
        if width == self.width {
            out[self.at..self.at + width].copy_from_slice(&form[..width]);
        } else {
            out.splice(self.at..self.at + self.width, form[..width].iter().copied());
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

/// Bytes as text.
///
/// # Errors
/// When they are not UTF-8.
#[inline]
pub(crate) fn text(bytes: &[u8]) -> std::result::Result<&str, Utf8Error> {
    // Most text is ASCII, and that is seen sooner than that it is UTF-8.
    match bytes.as_ascii_str() {
        Ok(ascii) => Ok(ascii.as_str()),
        Err(_) => str::from_utf8(bytes),
    }
}

/// The signed integer that travels as the unsigned `value` (G3).
#[inline]
pub(crate) const fn int_from_uint(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

/// The float that travels as the unsigned `value` (G5).
#[inline]
pub(crate) const fn float_from_uint(value: u64) -> f64 {
    f64::from_bits(value.swap_bytes())
}

/// A reader of primitives from a whole message or value, which knows where it is.
#[derive(Debug, Clone)]
pub(crate) struct Cursor<'de> {
    rest: &'de [u8],
    /// Where `rest` ends in the input, and in the stream, for errors.
    len: usize,
    end: u64,
}

impl<'de> Cursor<'de> {
    /// Reads `input`, which begins at `base` of the stream.
    pub(crate) const fn new(input: &'de [u8], base: u64) -> Self {
        Self { rest: input, len: input.len(), end: base + input.len() as u64 }
    }

    #[inline]
    pub(crate) const fn pos(&self) -> usize {
        self.len - self.rest.len()
    }

    #[inline]
    pub(crate) const fn remaining(&self) -> usize {
        self.rest.len()
    }

    #[inline]
    pub(crate) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The offset in the stream.
    #[inline]
    pub(crate) const fn offset(&self) -> u64 {
        self.end - self.rest.len() as u64
    }

    /// An error at this place.
    #[inline]
    pub(crate) fn error(&self, kind: Kind) -> Error {
        error_at(kind, self.offset())
    }

    #[inline]
    pub(crate) fn take_uint(&mut self) -> Result<u64> {
        match self.peek_uint() {
            Some((value, rest)) => {
                self.rest = rest;
                Ok(value)
            }
            None => self.take_last_uint(),
        }
    }

    /// The next integer and what follows it, unless it is near the end of the input, or none.
    #[inline(always)]
    pub(crate) fn peek_uint(&self) -> Option<(u64, &'de [u8])> {
        if let [first @ 0..=0x7f, rest @ ..] = self.rest {
            return Some((u64::from(*first), rest));
        }
        // Most longer ones have eight bytes after their first, their own or others', and are cut out of these.
        if let [first, a, b, c, d, e, f, g, h, ..] = *self.rest
            && let len @ 1..=8 = usize::from(first.wrapping_neg())
        {
            let digits = u64::from_be_bytes([a, b, c, d, e, f, g, h]);
            return Some((digits >> (64 - 8 * len), &self.rest[1 + len..]));
        }
        None
    }

    /// Goes on with what follows something that was looked at.
    #[inline(always)]
    pub(crate) fn go_to(&mut self, rest: &'de [u8]) {
        self.rest = rest;
    }

    /// Reads one of many integers in a row. Where one ends is a branch here for the lengths that are frequent, because
    /// the processor guesses branches, and so can go on with the next one before it has seen the length.
    #[inline(always)]
    pub(crate) fn take_uint_in_row(&mut self) -> Result<u64> {
        const EIGHT: u8 = 8_u8.wrapping_neg();
        const TWO: u8 = 2_u8.wrapping_neg();
        const ONE: u8 = 1_u8.wrapping_neg();

        match *self.rest {
            [first @ 0..=0x7f, ref rest @ ..] => {
                self.rest = rest;
                Ok(u64::from(first))
            }
            [TWO, a, b, ref rest @ ..] => {
                self.rest = rest;
                Ok(u64::from(u16::from_be_bytes([a, b])))
            }
            [ONE, a, ref rest @ ..] => {
                self.rest = rest;
                Ok(u64::from(a))
            }
            [EIGHT, a, b, c, d, e, f, g, h, ref rest @ ..] => {
                self.rest = rest;
                Ok(u64::from_be_bytes([a, b, c, d, e, f, g, h]))
            }
            _ => self.take_last_uint(),
        }
    }

    /// Reads one of many floats in a row, most of which need all of their bytes.
    #[inline(always)]
    pub(crate) fn take_float_in_row(&mut self) -> Result<f64> {
        const EIGHT: u8 = 8_u8.wrapping_neg();

        match *self.rest {
            [EIGHT, a, b, c, d, e, f, g, h, ref rest @ ..] => {
                self.rest = rest;
                Ok(f64::from_le_bytes([a, b, c, d, e, f, g, h]))
            }
            _ => self.take_uint().map(float_from_uint),
        }
    }

    #[inline(always)]
    fn take_last_uint(&mut self) -> Result<u64> {
        let (value, rest) = last_uint(self.rest, self.end)?;
        self.rest = rest;
        Ok(value)
    }

    /// The next byte.
    #[inline]
    pub(crate) fn first(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// Passes over the next byte.
    #[inline]
    pub(crate) fn skip_first(&mut self) {
        self.rest = self.rest.get(1..).unwrap_or_default();
    }

    #[inline]
    pub(crate) fn take_int(&mut self) -> Result<i64> {
        self.take_uint().map(int_from_uint)
    }

    #[inline]
    pub(crate) fn take_float(&mut self) -> Result<f64> {
        self.take_uint().map(float_from_uint)
    }

    /// Reads a byte count and that many bytes. `what` makes the error when they are not there.
    #[inline]
    pub(crate) fn take_bytes(&mut self, what: fn(u64) -> Kind) -> Result<&'de [u8]> {
        let start = self.offset();
        let len = self.take_uint()?;
        match usize::try_from(len).ok().and_then(|len| self.rest.split_at_checked(len)) {
            Some((bytes, rest)) => {
                self.rest = rest;
                Ok(bytes)
            }
            None => Err(error_at(what(len), start)),
        }
    }
}

// What is rare gets no reference to a cursor, so that the compiler can keep it in registers.

#[cold]
#[inline(never)]
fn error_at(kind: Kind, offset: u64) -> Error {
    Error::new(kind).at(offset)
}

/// An integer of any length, also near the end of the input, and what follows it; `end` is where the input ends in the
/// stream.
#[cold]
#[inline(never)]
fn last_uint(input: &[u8], end: u64) -> Result<(u64, &[u8])> {
    let offset = end - input.len() as u64;
    match peek_uint(input).map_err(|error| error.at(offset))? {
        Some((value, len)) => Ok((value, &input[len..])),
        None => match input {
            // G218: Go calls a missing integer EOF, and a cut one by its length (G2).
            [] => Err(error_at(Kind::MissingValue, offset)),
            [first, rest @ ..] => {
                let len = u64::from(first.wrapping_neg());
                Err(error_at(Kind::UintTooLong { len, have: rest.len() }, offset))
            }
        },
    }
}
