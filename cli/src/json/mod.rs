//! Between Go values and JSON, both ways. Scripts rely on it, so it does not change:
//!
//! * What Go's `encoding/json` prints for the same value wherever it can: all fields of a struct in the order of its
//!   declaration, zero ones too; `[]byte` in base64, arrays of bytes as numbers; a nil slice or map, which is what gob
//!   leaves out, as `null`; maps by their keys, sorted as bytes, integers as keys in decimal; a nil interface and an
//!   absent pointer as `null`; nothing escaped for HTML.
//! * Floats that JSON has not are `"NaN"`, `"+Inf"`, `"-Inf"`; a complex number is `"(1+2i)"`.
//! * A map by other keys than strings and integers is an array of `[key, value]`, in the order in which they came.
//! * What is in an interface is `{"type": registered name, "value": …}`.
//! * A type that encodes itself is `{"gob": name, "base64": …}`; one called `Time` has `"time"` as well.
//! * What gob does not tell cannot be printed: a `float32` is the `float64` it was sent as, a nil pointer to a number
//!   or a string the zero that it might also lead to, an empty slice in a field nil.
//! * A string that is not UTF-8 is `{"string_base64": …}`.

mod external;
mod format;
mod infer;
mod number;
mod print;
mod raw;
mod tree;
mod typed;

pub(crate) use self::format::Style;
pub(crate) use self::infer::infer;
pub(crate) use self::print::{print, print_json};
pub(crate) use self::raw::Raw;
pub(crate) use self::tree::{Json, documents};
pub(crate) use self::typed::{Shared, Typed};
