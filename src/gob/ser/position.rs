//! Where a value stands: in a field, where zeros are left out, or anywhere else, where they are sent (G68–G78).

use super::Output;

pub(crate) trait Position {
    /// Writes what goes before the value. `false` if the value is to be left out.
    fn begin(self, out: &mut Output<'_>, is_zero: bool) -> bool;

    /// Writes a value that is one integer on the wire, unless it is to be left out.
    fn put_uint(self, out: &mut Output<'_>, value: u64, is_zero: bool);

    /// Writes a value that is bytes on the wire, unless there are none and it is to be left out.
    fn put_bytes(self, out: &mut Output<'_>, bytes: &[u8]);

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

    #[inline(always)]
    fn begin(self, _out: &mut Output<'_>, _is_zero: bool) -> bool {
        true
    }

    #[inline(always)]
    fn put_uint(self, out: &mut Output<'_>, value: u64, _is_zero: bool) {
        out.put_uint(value);
    }

    #[inline(always)]
    fn put_bytes(self, out: &mut Output<'_>, bytes: &[u8]) {
        out.put_bytes(bytes);
    }
}

impl Position for InField {
    const OPTIONAL: bool = true;

    #[inline(always)]
    fn begin(self, out: &mut Output<'_>, is_zero: bool) -> bool {
        if !is_zero {
            out.begin_field();
        }
        !is_zero
    }

    #[inline(always)]
    fn put_uint(self, out: &mut Output<'_>, value: u64, is_zero: bool) {
        if !is_zero {
            out.put_uint_field(value);
        }
    }

    #[inline(always)]
    fn put_bytes(self, out: &mut Output<'_>, bytes: &[u8]) {
        if !bytes.is_empty() {
            out.put_bytes_field(bytes);
        }
    }
}
