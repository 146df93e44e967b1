#![no_main]
//! Any bytes, looked at byte by byte.
//!
//! The notes are the stream from its beginning, and all of it if nothing is wrong. A stream that can be read to its end
//! can be looked at to its end. Memory is in proportion to the input.

use gobrpc::gob::{Decoder, Limits, inspect};
use gobrpc_fuzz::{BELIEVED, bounded};
use libfuzzer_sys::fuzz_target;

/// Definitions are kept, and what is read is there twice.
const PER_BYTE: usize = 256;

fuzz_target!(|bytes: &[u8]| {
    let mut seen = 0;
    let result = bounded(PER_BYTE * bytes.len() + BELIEVED, || {
        inspect(bytes, Limits::new(), |note| {
            assert_eq!(note.offset, seen as u64);
            assert_eq!(bytes[seen..][..note.bytes.len()], *note.bytes);
            assert!(!note.meaning.is_empty());
            seen += note.bytes.len();
            Ok(())
        })
    });
    if result.is_ok() {
        assert_eq!(seen, bytes.len());
    }
    let mut decoder = Decoder::new(bytes);
    let read = loop {
        match decoder.decode_value() {
            Ok(Some(_)) => {}
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    assert_eq!(read.is_ok(), result.is_ok(), "{read:?}, {result:?}");
});
