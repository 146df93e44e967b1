#![no_main]
//! Any bytes as a stream of values of unknown types, within several limits.
//!
//! What decodes can be encoded, and decodes again to the same value and the same bytes. Skipping and pushing see the
//! same values as reading. Memory is in proportion to the input.

use std::hash::{DefaultHasher, Hash, Hasher};

use gobrpc::gob::{Decoder, Encoder, Limits, PushDecoder, Value};
use gobrpc_fuzz::{BELIEVED, bounded, pieces};
use libfuzzer_sys::fuzz_target;

/// An element of a slice may be a single byte, and it becomes a `Value`, in a vector that grows.
const PER_BYTE: usize = 4 * size_of::<Value>();

fn limits(seed: u8) -> Limits {
    match seed % 4 {
        0 => Limits::new(),
        1 => Limits::new().depth(8),
        2 => Limits::new().types(4),
        _ => Limits::new().message(64),
    }
}

fuzz_target!(|data: &[u8]| {
    let [seed, bytes @ ..] = data else { return };
    let limits = limits(*seed);
    let read = bounded(PER_BYTE * bytes.len() + BELIEVED, || read(bytes, limits));
    let pushed = bounded(PER_BYTE * bytes.len(), || push(seed / 4, bytes, limits));
    assert_eq!(read, pushed);
    let mut decoder = Decoder::with_limits(bytes, limits);
    let mut skipped = 0;
    bounded(PER_BYTE * bytes.len() + BELIEVED, || {
        while let Ok(true) = decoder.skip() {
            skipped += 1;
        }
    });
    assert!(skipped >= read.len(), "{skipped} values are passed over, and {} read", read.len());
    read.iter().for_each(comes_back);
});

/// The values before the first error.
fn read(bytes: &[u8], limits: Limits) -> Vec<Value> {
    let mut decoder = Decoder::with_limits(bytes, limits);
    std::iter::from_fn(|| decoder.decode_value().ok().flatten()).collect()
}

fn push(seed: u8, bytes: &[u8], limits: Limits) -> Vec<Value> {
    let mut decoder = PushDecoder::with_limits(limits);
    let mut values = Vec::new();
    for piece in pieces(seed, bytes) {
        decoder.push(piece);
        loop {
            match decoder.decode_value() {
                Ok(Some(value)) => values.push(value),
                Ok(None) => break,
                Err(_) => return values,
            }
        }
    }
    values
}

fn comes_back(value: &Value) {
    let bytes = encoded(value);
    let again = read(&bytes, Limits::new());
    assert_eq!(std::slice::from_ref(value), again);
    assert_eq!(encoded(&again[0]), bytes);
    assert_eq!(hash(value), hash(&again[0]));
}

fn encoded(value: &Value) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::new());
    encoder.encode_value(value).expect("what was decoded can be encoded");
    encoder.into_inner()
}

fn hash(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
