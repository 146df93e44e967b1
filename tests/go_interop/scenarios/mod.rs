//! What a peer does that no well-behaved one would: Go and Rust are put in the same place, and act alike, or differ as
//! is written down.

mod clients;
mod ends;
mod json;
mod pages;
mod script;
mod servers;

use std::path::Path;

use serde::de::DeserializeOwned;

/// Test data made of lists of cases.
fn cases<T: DeserializeOwned>(name: &str) -> Vec<T> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/vectors").join(name);
    let file = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&file).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
