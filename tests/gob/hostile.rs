//! Bytes from someone who means harm: an error, soon, and no more memory than they are worth.

use std::collections::HashMap;

use gobrpc::Gob;
use gobrpc::gob::{Decoder, Encoder, ErrorKind, Limits, from_slice, to_vec};
use serde::{Deserialize, Serialize};

use super::hex;

#[derive(Debug, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct List {
    v: i64,
    next: Option<Box<Self>>,
}

fn list(len: i64) -> List {
    let mut list = List { v: 0, next: None };
    for v in 1..len {
        list = List { v, next: Some(Box::new(list)) };
    }
    list
}

/// Without recursion, which the test's own stack could not bear either.
fn unlink(mut list: List) {
    while let Some(next) = list.next.take() {
        list = *next;
    }
}

#[test]
fn depth_is_limited_on_both_sides() {
    let limit = Limits::new().depth(100);
    let mut encoder = Encoder::with_limits(Vec::new(), limit);
    encoder.encode(&list(100)).unwrap();
    let deep = list(101);
    let error = encoder.encode(&deep).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TooDeep(100)), "{error:?}");
    let bytes = to_vec(&deep).unwrap();
    let error = Decoder::with_limits(&bytes[..], limit).decode::<List>().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TooDeep(100)), "{error:?}");
}

#[test]
fn a_long_list_is_an_error_and_not_the_end_of_the_process() {
    let long = list(200_000);
    let error = to_vec(&long).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TooDeep(_)), "{error:?}");
    unlink(long);
}

#[test]
fn the_default_depth_fits_the_stack_of_a_thread() {
    let limit = 250;
    let bytes = to_vec(&list(limit)).unwrap();
    std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(move || from_slice::<List>(&bytes).map(drop).unwrap())
        .unwrap()
        .join()
        .unwrap();
}

#[test]
fn an_announced_length_is_not_believed() {
    // A message, a slice, a string and a map that say they are huge.
    let limits = Limits::new().message(1 << 40);
    let message = hex("fb 0100000000");
    let error = Decoder::with_limits(&message[..], limits).decode::<i64>().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::UnexpectedEof), "{error:?}");
    let slice = hex("0c ff81 0201 02 ff82 00 01 04 0000 09 ff82 00 fb 0100000000 02");
    let error = from_slice::<Vec<i64>>(&slice).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TooManyElements(0x1_0000_0000)), "{error:?}");
    let map = hex("0e ff81 0401 02 ff82 00 01 0c 01 04 0000 09 ff82 00 fb 0100000000 00");
    let error = from_slice::<HashMap<String, i64>>(&map).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TooManyElements(0x1_0000_0000)), "{error:?}");
}

#[test]
fn a_map_of_nothing_but_a_count_ends() {
    // map[struct{}]struct{} with 2^40 entries and not a byte for them: structs may end with their message (G216).
    let bytes =
        hex("0e ff81 0401 02 ff82 00 01 ff84 01 ff84 0000 0a ff83 0301 02 ff84 00 0000 0a ff82 00 fb 0100 0000 0000");
    from_slice::<HashMap<(), ()>>(&bytes).unwrap_err();
    assert!(Decoder::new(&bytes[..]).decode::<()>().is_err());
}

#[test]
fn the_number_of_types_is_limited() {
    let limits = Limits::new().types(2);
    let mut encoder = Encoder::new(Vec::new());
    encoder.encode(&vec![vec![vec![1_i64]]]).unwrap();
    let bytes = encoder.into_inner();
    let error = Decoder::with_limits(&bytes[..], limits).decode::<Vec<Vec<Vec<i64>>>>().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TooManyTypes(2)), "{error:?}");
}

/// They stay in memory for as long as the stream does.
#[test]
fn the_length_of_all_definitions_is_limited() {
    let mut encoder = Encoder::new(Vec::new());
    encoder.encode(&vec![vec![vec![1_i64]]]).unwrap();
    let bytes = encoder.into_inner();
    let decode = |limit| Decoder::with_limits(&bytes[..], Limits::new().message(limit)).decode::<Vec<Vec<Vec<i64>>>>();
    // Each of the three messages is shorter.
    let error = decode(30).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TooBigTypes(30)), "{error:?}");
    assert_eq!(error.kind().to_string(), "gob: stream defines types in more than 30 bytes");
    assert!(decode(100).is_ok());
}

#[test]
fn the_length_of_a_value_is_limited() {
    let bytes = to_vec(&"x".repeat(1000)).unwrap();
    let error = Decoder::with_limits(&bytes[..], Limits::new().message(999)).decode::<String>().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TooBig(999)), "{error:?}");
}

/// A type inside itself without a pointer has no value and no zero.
#[test]
fn a_type_without_a_value_is_an_error() {
    #[derive(Debug, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    #[expect(dead_code, reason = "never made")]
    struct Endless {
        v: i64,
        next: Box<Self>,
    }
    let bytes = to_vec(&list(1)).unwrap();
    let error = from_slice::<Endless>(&bytes).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TooDeep(_)), "{error:?}");
}

/// A chain of types, each holding the next, for a local type that holds itself.
fn chain(len: i64, definition: impl Fn(i64) -> Vec<u8>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for id in 64..64 + len {
        let body = [to_vec(&-id).unwrap()[3..].to_vec(), definition(id)].concat();
        bytes.extend_from_slice(&to_vec(&(body.len() as u64)).unwrap()[3..]);
        bytes.extend_from_slice(&body);
    }
    bytes.extend_from_slice(&hex("04 ff80 00 00"));
    bytes
}

/// An integer as it stands in a definition.
fn int(value: i64) -> Vec<u8> {
    to_vec(&value).unwrap()[3..].to_vec()
}

#[test]
fn a_long_chain_of_types_is_an_error_and_not_the_end_of_the_process() {
    #[derive(Debug, Deserialize, Gob)]
    #[expect(dead_code, reason = "never made")]
    struct Slices(Vec<Self>);

    let slices = chain(9_999, |id| [hex("0201 02"), int(id), hex("00 01"), int(id + 1), hex("0000")].concat());
    let error = from_slice::<Slices>(&slices).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TooDeep(_)), "{error:?}");
    let structs = chain(9_999, |id| {
        [hex("0301 02"), int(id), hex("00 01 01 01 04 4e657874 01"), int(id + 1), hex("00 00 00")].concat()
    });
    let error = from_slice::<List>(&structs).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TooDeep(_)), "{error:?}");
    // Skipping follows values, not types, and there is no value.
    assert!(Decoder::new(&structs[..]).skip().unwrap());
}
