//! The codec: bytes equal to Go's, and what comes back from Go's bytes.

mod constants;
mod declarations;
mod decode;
mod errors;
mod external;
#[cfg(feature = "tokio")]
mod framed;
mod golden;
mod hostile;
mod inspect;
mod interfaces;
mod numbers;
mod properties;
mod registry;
mod stream;
mod stream_types;
mod syntax;
mod types;
mod value;
mod vectors;
#[cfg(all(feature = "num-bigint", feature = "num-complex"))]
mod verdicts;

/// Bytes written in hexadecimal, with spaces where they help.
fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}
