//! Where a value stands: in a field, where zeros are left out, or anywhere else, where they are sent (G68–G78).

use crate::gob::wire::put_uint;

pub(crate) trait Position {
    /// Writes what goes before the value. `false` if the value is to be left out.
    fn begin(self, out: &mut Vec<u8>, is_zero: bool) -> bool;

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

    #[inline]
    fn begin(self, out: &mut Vec<u8>, is_zero: bool) -> bool {
        if !is_zero {
            put_uint(out, self.number - *self.last);
            *self.last = self.number;
        }
        !is_zero
    }
}
