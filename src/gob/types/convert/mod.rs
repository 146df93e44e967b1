//! From the types of std and of other crates to Go's, and back. One file a crate.

#[cfg(feature = "chrono")]
mod chrono;
#[cfg(feature = "ipnet")]
mod ipnet;
#[cfg(feature = "jiff")]
mod jiff;
mod std_time;
#[cfg(feature = "time")]
mod time;

use super::ConvertError;

const TOO_LONG: ConvertError = ConvertError::new("out of range of time.Duration");
