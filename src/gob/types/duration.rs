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

use serde::{Deserialize, Serialize};

use super::glue;
use crate::gob::Gob;
use crate::gob::ty::{Kind, Type};

/// Go's `time.Duration`: nanoseconds, up to 292 years, forwards or backwards.
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

impl Gob for Duration {
    const TYPE: &'static Type = &Type::basic(Kind::Int64).named("time", "Duration");
    const KIND: Kind = Kind::Int64;
}

glue::with_module!(Duration, "time.Duration", option);
