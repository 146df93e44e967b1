#![no_main]
//! Any bytes as values of types of all kinds.
//!
//! Whole or in pieces, and when the definitions are known from before, the results are the same, errors and their
//! places included. What decodes can be encoded, unless there is a nil in it that gob cannot send, and what is encoded
//! decodes to what encodes to the same bytes. Memory is in proportion to the input.

use std::collections::BTreeMap;
use std::fmt::Debug;

use gobrpc::Gob;
use gobrpc::gob::{self, ByteString, Decoder, Duration, PushDecoder, Time, Value, big, from_slice, net, netip, to_vec};
use gobrpc_fuzz::types::{
    Addrs, AllKinds, Bigs, Blob, Holder, Level, Name, Part, Plain, Pointers, Record, Shape, Times, Tree,
};
use gobrpc_fuzz::{BELIEVED, bounded, pieces};
use libfuzzer_sys::fuzz_target;
use num_complex::Complex64;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// How many errors in values are passed over.
const ERRORS: usize = 4;

/// Each element of a slice may be a single byte, and the slice grows.
const PER_BYTE: usize = 4 * size_of::<Record>();

const TARGETS: [fn(u8, &[u8]); 43] = [
    run::<Record>,
    run::<Vec<Record>>,
    run::<Shape>,
    run::<Option<Shape>>,
    run::<Vec<Option<Shape>>>,
    run::<Pointers>,
    run::<Part>,
    run::<AllKinds>,
    run::<Holder>,
    run::<Tree>,
    run::<Times>,
    run::<Bigs>,
    run::<Addrs>,
    run::<Plain>,
    run::<Name>,
    run::<Level>,
    run::<Blob>,
    run::<Vec<Blob>>,
    run::<Value>,
    run::<Vec<Value>>,
    run::<BTreeMap<String, Value>>,
    run::<bool>,
    run::<i8>,
    run::<u64>,
    run::<f32>,
    run::<Complex64>,
    run::<String>,
    run::<ByteString>,
    run::<Vec<u8>>,
    run::<Vec<u16>>,
    run::<Vec<Vec<i32>>>,
    run::<[[u8; 2]; 3]>,
    run::<()>,
    run::<Vec<()>>,
    run::<BTreeMap<Plain, Vec<BTreeMap<i8, bool>>>>,
    run::<Time>,
    run::<Duration>,
    run::<big::Int>,
    run::<big::Rat>,
    run::<big::Float>,
    run::<netip::AddrPort>,
    run::<netip::Prefix>,
    run::<net::ip::Ip>,
];

fuzz_target!(|data: &[u8]| {
    let [which, seed, bytes @ ..] = data else { return };
    TARGETS[usize::from(*which) % TARGETS.len()](*seed, bytes);
});

fn run<T: Gob + Serialize + DeserializeOwned + Debug>(seed: u8, bytes: &[u8]) {
    let read = bounded(PER_BYTE * bytes.len() + BELIEVED, || read::<T>(bytes));
    let pushed = bounded(PER_BYTE * bytes.len(), || push::<T>(seed, bytes));
    // After a length that makes no sense a reader goes on somewhere, and the push decoder does not.
    let both = read.len().min(pushed.len());
    assert_eq!(shown(&read[..both]), shown(&pushed[..both]));
    if read.len() != pushed.len() {
        let (longer, shorter) = (read.len().max(pushed.len()), &read[..both]);
        assert!(shorter.last().is_some_and(Result::is_err), "{longer} results, and {both} of them both ways");
    }
    let first = bounded(PER_BYTE * bytes.len(), || vec![from_slice::<T>(bytes).map_err(|error| error.to_string())]);
    // Of an empty stream it has an error.
    if !read.is_empty() {
        assert_eq!(shown(&read[..1]), shown(&first));
    }
    read.iter().flatten().for_each(comes_back);
}

/// The values and errors of a stream.
struct Results<T>(Vec<Result<T, String>>);

impl<T> Results<T> {
    /// Adds one; `false` when there have been enough errors, or it is the last error once more: then the stream cannot
    /// be followed any further.
    fn add(&mut self, result: gob::Result<T>) -> bool {
        let result = result.map_err(|error| error.to_string());
        if let (Err(new), Some(Err(last))) = (&result, self.0.last())
            && without_place(new) == without_place(last)
        {
            return false;
        }
        self.0.push(result);
        self.0.iter().filter(|result| result.is_err()).count() < ERRORS
    }
}

fn without_place(error: &str) -> &str {
    error.split(" (at byte ").next().unwrap_or_default()
}

fn read<T: Gob + DeserializeOwned>(bytes: &[u8]) -> Vec<Result<T, String>> {
    let mut decoder = Decoder::new(bytes);
    let mut results = Results(Vec::new());
    loop {
        let Some(result) = decoder.decode().transpose() else { return results.0 };
        if !results.add(result) {
            return results.0;
        }
    }
}

fn push<T: Gob + DeserializeOwned>(seed: u8, bytes: &[u8]) -> Vec<Result<T, String>> {
    let mut decoder = PushDecoder::new();
    let mut results = Results(Vec::new());
    for piece in pieces(seed, bytes) {
        decoder.push(piece);
        while let Some(result) = decoder.decode().transpose() {
            if !results.add(result) {
                return results.0;
            }
        }
    }
    if let Err(error) = decoder.finish() {
        results.add(Err(error));
    }
    results.0
}

fn shown<T: Debug>(results: &[Result<T, String>]) -> Vec<String> {
    results.iter().map(|result| format!("{result:?}")).collect()
}

fn comes_back<T: Gob + Serialize + DeserializeOwned>(value: &T) {
    let Ok(bytes) = to_vec(value) else { return };
    let again = from_slice::<T>(&bytes).expect("what was encoded can be decoded");
    assert_eq!(to_vec(&again).expect("what was encoded can be encoded again"), bytes);
}
