//! Types of Go's standard library that have no equal in Rust.
//!
//! Each is a Rust type that holds exactly what Go's holds, in a module named after Go's package or type. The module
//! also works with `#[serde(with = "…")]`, for every type that converts to and from the one in it.

pub mod array;
pub mod big;
#[cfg(feature = "rust_decimal")]
pub mod decimal;
pub mod duration;
pub mod net;
pub mod netip;
pub mod time;

mod convert;
mod glue;

use std::borrow::Cow;
use std::fmt;

/// A value of one type that another one cannot hold: a date too far away, an address with a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConvertError(Cow<'static, str>);

impl ConvertError {
    pub(crate) const fn new(message: &'static str) -> Self {
        Self(Cow::Borrowed(message))
    }
}

impl fmt::Display for ConvertError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ConvertError {}

/// What is wrong with a payload, in the words of Go's method.
#[cold]
fn malformed(message: impl fmt::Display) -> super::Error {
    serde::de::Error::custom(message)
}
