//! Where a value stands: in a field, where zeros are left out, or anywhere else, where they are sent (G68–G78).

use super::Output;
use crate::gob::wire::{put_byte_and_uint, put_bytes, put_uint};

pub(crate) trait Position {
    /// Writes what goes before the value. `false` if the value is to be left out.
    fn begin(self, out: &mut Output<'_>, is_zero: bool) -> bool;

    /// Writes a value that is one integer on the wire, unless it is to be left out.
    #[inline]
    fn put_uint(self, out: &mut Output<'_>, value: u64, is_zero: bool)
    where
        Self: Sized,
    {
        if self.begin(out, is_zero) {
            put_uint(out.buf, value);
        }
    }

    /// Writes a value that is bytes on the wire, unless there are none and it is to be left out.
    #[inline]
    fn put_bytes(self, out: &mut Output<'_>, bytes: &[u8])
    where
        Self: Sized,
    {
        if self.begin(out, bytes.is_empty()) {
            put_bytes(out.buf, bytes);
        }
    }

    /// Whether the place can be left empty, as a field for a nil pointer.
    const OPTIONAL: bool;
}

/// An element of a slice, array or map, or a value at top level.
#[derive(Clone, Copy)]
pub(crate) struct Element;

/// A field of a struct. How many fields further it is than the last one that was written, the [`Output`] knows.
#[derive(Clone, Copy)]
pub(crate) struct InField;

impl Position for Element {
    const OPTIONAL: bool = false;

    #[inline]
    fn begin(self, _out: &mut Output<'_>, _is_zero: bool) -> bool {
        true
    }
}

impl Position for InField {
    const OPTIONAL: bool = true;

    #[inline(always)]
    fn begin(self, out: &mut Output<'_>, is_zero: bool) -> bool {
        if !is_zero {
            let delta = out.advance();
            if delta > 0x7f { put_far(out.buf, delta) } else { out.buf.push(delta as u8) }
        }
        !is_zero
    }

    /// Header and value at once.
    #[inline(always)]
    fn put_uint(self, out: &mut Output<'_>, value: u64, is_zero: bool) {
        if is_zero {
            return;
        }
        let delta = out.advance();
        if delta > 0x7f {
            put_far_uint(out.buf, delta, value);
        } else {
            put_byte_and_uint(out.buf, delta as u8, value);
        }
    }

    #[inline(always)]
    fn put_bytes(self, out: &mut Output<'_>, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        let delta = out.advance();
        if delta > 0x7f {
            put_far(out.buf, delta);
            put_bytes(out.buf, bytes);
        } else if bytes.len() > 0x7f {
            out.buf.push(delta as u8);
            put_bytes(out.buf, bytes);
        } else {
            out.buf.extend_from_slice(&[delta as u8, bytes.len() as u8]);
            out.buf.extend_from_slice(bytes);
        }
    }
}

/// Writes the header of a field that comes more than 127 fields after the last one.
#[cold]
#[inline(never)]
fn put_far(out: &mut Vec<u8>, delta: u64) {
    put_uint(out, delta);
}

#[cold]
#[inline(never)]
fn put_far_uint(out: &mut Vec<u8>, delta: u64, value: u64) {
    put_uint(out, delta);
    put_uint(out, value);
}
