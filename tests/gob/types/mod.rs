//! Go's own types, and the types of std and of other crates that stand for them.

mod array;
mod big;
mod borrowed;
#[cfg(feature = "bytes")]
mod bytes;
#[cfg(feature = "chrono")]
mod chrono;
#[cfg(feature = "rust_decimal")]
mod decimal;
mod duration;
#[cfg(feature = "indexmap")]
mod indexmap;
#[cfg(feature = "jiff")]
mod jiff;
mod net;
mod netip;
#[cfg(feature = "serde_bytes")]
mod serde_bytes;
mod std_types;
mod time;
#[cfg(feature = "time")]
mod time_crate;
#[cfg(feature = "url")]
mod url;
#[cfg(feature = "uuid")]
mod uuid;

use gobrpc::Gob;
use gobrpc::gob::{Opaque, from_slice};
use serde::de::DeserializeOwned;

use super::golden::{check, encodes, golden, map};
use super::hex;

/// What decoding this payload, written in hexadecimal, says.
fn refusal<T: Opaque>(payload: &str) -> String {
    match T::unmarshal(&hex(payload)) {
        Ok(_) => panic!("{payload} is accepted"),
        Err(error) => error.to_string(),
    }
}

/// What decoding Go's stream as `T` says.
fn mismatch<T: Gob + DeserializeOwned>(name: &str) -> String {
    match from_slice::<T>(&golden(name)) {
        Ok(_) => panic!("{name} is accepted"),
        Err(error) => error.kind().to_string(),
    }
}
