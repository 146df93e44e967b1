//! Streams of many kinds, as Go wrote them, read without knowing their types and written again.

use std::fmt::Debug;
use std::io::Cursor;
use std::path::Path;

use gobrpc::Gob;
use gobrpc::gob::{Decoder, Encoder, PushDecoder, Value, from_slice, to_vec};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::hex;

#[derive(Deserialize)]
struct Vector {
    name: String,
    hex: String,
}

fn vectors() -> Vec<Vector> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/vectors/encode.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The stream of a vector.
pub(super) fn stream(name: &str) -> Vec<u8> {
    let vector = vectors().into_iter().find(|vector| vector.name == name);
    hex(&vector.unwrap_or_else(|| panic!("no vector {name}")).hex)
}

/// The value encodes to the bytes of a vector, and they decode to it.
#[track_caller]
pub(super) fn check<T: Gob + Serialize + DeserializeOwned + PartialEq + Debug>(name: &str, value: &T) {
    let bytes = stream(name);
    assert_eq!(to_vec(value).unwrap(), bytes, "{name}: encoded");
    assert_eq!(from_slice::<T>(&bytes).unwrap(), *value, "{name}: decoded");
}

fn values(bytes: &[u8]) -> Vec<Value> {
    let mut decoder = Decoder::new(Cursor::new(bytes));
    std::iter::from_fn(|| decoder.decode_value().unwrap()).collect()
}

#[test]
fn every_stream_read_as_values_is_written_as_it_was() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 127);
    let mut wrong = Vec::new();
    for Vector { name, hex: text } in &vectors {
        let bytes = hex(text);
        let mut encoder = Encoder::new(Vec::new());
        for value in values(&bytes) {
            encoder.encode_value(&value).unwrap();
        }
        if encoder.get_ref() != &bytes {
            wrong.push(format!("{name}:\n  {bytes:02x?}\n  {:02x?}", encoder.get_ref()));
        }
    }
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_value_shows_what_it_holds() {
    let shown = |name: &str| values(&stream(name)).iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    assert_eq!(shown("point"), "{X: 22, Y: 33}");
    assert_eq!(shown("string_non_utf8"), r#""\xc3(""#);
    assert_eq!(shown("iface_field_struct"), "{Before: 1, I: main.T1({A: 7}), After: 2}");
    assert_eq!(shown("map_string_int"), r#"map["a": 1]"#);
    assert_eq!(shown("time_zero"), "Time(0x01000000000000000000000000ffff)");
}

#[test]
fn it_does_not_matter_in_what_pieces_a_stream_comes() {
    for Vector { name, hex: text } in &vectors() {
        let bytes = hex(text);
        let whole = values(&bytes);
        for size in 1..=bytes.len() {
            let mut decoder = PushDecoder::new();
            let mut pieces = Vec::new();
            for piece in bytes.chunks(size) {
                decoder.push(piece);
                pieces.extend(std::iter::from_fn(|| decoder.decode_value().unwrap()));
            }
            decoder.finish().unwrap();
            // By what they show, since a NaN is not equal to itself.
            assert_eq!(format!("{pieces:?}"), format!("{whole:?}"), "{name} in pieces of {size}");
        }
        for end in 1..bytes.len() {
            let mut decoder = PushDecoder::new();
            decoder.push(&bytes[..end]);
            let got = std::iter::from_fn(|| decoder.decode_value().unwrap()).count();
            assert!(got < whole.len(), "{name} cut at {end}");
        }
    }
}
