//! Go's `time.Duration`.
//!
//! [`Duration`] holds what Go's holds. A field of another type of duration takes this module:
//!
//! ```
//! use std::time::Duration;
//!
//! use gobrpc::Gob;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize, Gob)]
//! struct Config {
//!     #[serde(rename = "Timeout", with = "gobrpc::gob::duration")]
//!     timeout: Duration,
//! }
//! ```
//!
//! So do `TimeDelta` of chrono, `SignedDuration` of jiff and `Duration` of time, with the feature of the crate's name.
//! What is too long for Go, which counts nanoseconds in 64 bits, is an error, as is a negative duration for std.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::glue;
use crate::gob::Gob;
use crate::gob::ty::{Kind, Type};

/// Go's `time.Duration`: nanoseconds, up to 292 years, forwards or backwards.
///
/// ```
/// use gobrpc::gob::Duration;
///
/// let timeout = Duration::try_from(std::time::Duration::from_millis(90_500))?;
/// assert_eq!(timeout.to_string(), "1m30.5s");
/// # Ok::<(), gobrpc::gob::ConvertError>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Duration(i64);

impl Duration {
    /// A duration of this many nanoseconds.
    pub const fn from_nanos(nanoseconds: i64) -> Self {
        Self(nanoseconds)
    }

    /// Its length in nanoseconds.
    pub const fn as_nanos(self) -> i64 {
        self.0
    }
}

/// As Go prints it: `1h15m30.918s`, `1.5ms`, `0s`.
impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.0.unsigned_abs();
        let sign = if self.0 < 0 { "-" } else { "" };
        let mut text = match nanos {
            0 => "0s".to_owned(),
            1..1_000 => format!("{nanos}ns"),
            1_000..1_000_000 => decimal(nanos, 3) + "µs",
            1_000_000..1_000_000_000 => decimal(nanos, 6) + "ms",
            _ => {
                const MINUTE: u64 = 60_000_000_000;
                let seconds = decimal(nanos % MINUTE, 9);
                match (nanos / MINUTE / 60, nanos / MINUTE % 60) {
                    (0, 0) => format!("{seconds}s"),
                    (0, minutes) => format!("{minutes}m{seconds}s"),
                    (hours, minutes) => format!("{hours}h{minutes}m{seconds}s"),
                }
            }
        };
        text.insert_str(0, sign);
        f.pad(&text)
    }
}

/// A number of which so many digits come after the point, without zeros at the end.
fn decimal(number: u64, digits: usize) -> String {
    let unit = 10_u64.pow(digits as u32);
    let text = format!("{}.{:0digits$}", number / unit, number % unit);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

impl Gob for Duration {
    const TYPE: &'static Type = &Type::basic(Kind::Int64).named("time", "Duration");
    const KIND: Kind = Kind::Int64;
}

glue::with_module!(Duration, "time.Duration", option);
