//! Where a value stands: in a field, where zeros are left out, or anywhere else, where they are sent (G68–G78).

use crate::gob::wire::{MAX_UINT_LEN, put_bytes, put_uint, write_uint};

pub(crate) trait Position {
    /// Writes what goes before the value. `false` if the value is to be left out.
    fn begin(self, out: &mut Vec<u8>, is_zero: bool) -> bool;

    /// Writes a value that is one integer on the wire, unless it is to be left out.
    #[inline]
    fn put_uint(self, out: &mut Vec<u8>, value: u64, is_zero: bool)
    where
        Self: Sized,
    {
        if self.begin(out, is_zero) {
            put_uint(out, value);
        }
    }

    /// Writes a value that is bytes on the wire, unless there are none and it is to be left out.
    #[inline]
    fn put_bytes(self, out: &mut Vec<u8>, bytes: &[u8])
    where
        Self: Sized,
    {
        if self.begin(out, bytes.is_empty()) {
            put_bytes(out, bytes);
        }
    }

    /// Whether the place can be left empty, as a field for a nil pointer.
    const OPTIONAL: bool;
}

/// An element of a slice, array or map, or a value at top level.
#[derive(Clone, Copy)]
pub(crate) struct Element;

/// A field of a struct.
pub(crate) struct InField<'a> {
    /// Its number plus one, and that of the last field that was written; the header is the difference (G11).
    pub(crate) number: u64,
    pub(crate) last: &'a mut u64,
}

impl Position for Element {
    const OPTIONAL: bool = false;

    #[inline]
    fn begin(self, _out: &mut Vec<u8>, _is_zero: bool) -> bool {
        true
    }
}

impl Position for InField<'_> {
    const OPTIONAL: bool = true;

    #[inline(always)]
    fn begin(self, out: &mut Vec<u8>, is_zero: bool) -> bool {
        if !is_zero {
            put_uint(out, self.number - *self.last);
            *self.last = self.number;
        }
        !is_zero
    }
    /// Header and value at once.
    #[inline(always)]
    fn put_uint(self, out: &mut Vec<u8>, value: u64, is_zero: bool) {
        if is_zero {
            return;
        }
        let delta = self.number - *self.last;
        if delta > 0x7f {
            self.begin(out, false);
            return put_uint(out, value);
        }
        *self.last = self.number;
        let at = out.len();
        out.extend_from_slice(&[0; 1 + MAX_UINT_LEN]);
        if let Some((header, number)) = out[at..].split_first_mut()
            && let Some(number) = number.first_chunk_mut()
        {
            *header = delta as u8;
            let end = at + 1 + write_uint(number, value);
            out.truncate(end);
        }
    }

    #[inline(always)]
    fn put_bytes(self, out: &mut Vec<u8>, bytes: &[u8]) {
        let delta = self.number - *self.last;
        if delta > 0x7f || bytes.len() > 0x7f {
            if self.begin(out, false) {
                put_bytes(out, bytes);
            }
        } else if !bytes.is_empty() {
            *self.last = self.number;
            out.extend_from_slice(&[delta as u8, bytes.len() as u8]);
            out.extend_from_slice(bytes);
        }
    }
}
