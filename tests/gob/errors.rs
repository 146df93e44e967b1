//! What does not fit: Go's text, the path to the field, and the offset.

use std::collections::HashMap;
use std::fmt::Debug;

use gobrpc::Gob;
use gobrpc::gob::{Category, Error, from_slice, to_vec};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::hex;

#[derive(Debug, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Args {
    a: i64,
    b: i64,
}

#[track_caller]
fn refused<T: Gob + DeserializeOwned + Debug>(bytes: &[u8], text: &str) -> Error {
    let error = from_slice::<T>(bytes).unwrap_err();
    assert_eq!(error.kind().to_string(), text);
    error
}

/// G186, G190
#[test]
fn kinds_do_not_mix() {
    let int = to_vec(&1_i64).unwrap();
    refused::<u64>(&int, "gob: decoding into local type *uint64, received remote type int");
    refused::<f64>(&int, "gob: decoding into local type *float64, received remote type int");
    refused::<bool>(&int, "gob: decoding into local type *bool, received remote type int");
    refused::<Vec<i64>>(&int, "gob: decoding into local type *[]int64, received remote type int");
    let text = to_vec("x").unwrap();
    refused::<Vec<u8>>(&text, "gob: decoding into local type *[]uint8, received remote type string");
    let bytes = to_vec(&vec![1_u8]).unwrap();
    refused::<String>(&bytes, "gob: decoding into local type *string, received remote type bytes");
    let error = refused::<[u8; 1]>(&bytes, "gob: decoding into local type *[1]uint8, received remote type bytes");
    assert_eq!(error.classify(), Category::Type);
}

/// G186
#[test]
fn arrays_must_have_the_same_length() {
    let bytes = to_vec(&[1_i64, 2]).unwrap();
    refused::<[i64; 3]>(&bytes, "gob: decoding into local type *[3]int64, received remote type ");
    refused::<Vec<i64>>(&bytes, "gob: decoding into local type *[]int64, received remote type ");
}

/// G192
#[test]
fn a_struct_wants_a_struct() {
    let bytes = to_vec("x").unwrap();
    refused::<Args>(&bytes, "gob: type mismatch in decoder: want struct type main.Args; got non-struct");
}

/// G198
#[test]
fn two_structs_must_have_a_field_in_common() {
    #[derive(Serialize, Gob)]
    struct Other {
        #[serde(rename = "X")]
        x: i64,
    }
    let bytes = to_vec(&Other { x: 1 }).unwrap();
    refused::<Args>(&bytes, "gob: type mismatch: no fields matched compiling decoder for Args");
}

/// G193, G194
#[test]
fn a_field_of_the_wrong_type_is_named_even_if_it_did_not_come() {
    #[derive(Serialize, Gob)]
    #[gob(name = "R")]
    #[serde(rename_all = "PascalCase")]
    struct Remote {
        a: String,
        b: i64,
    }
    let bytes = to_vec(&Remote { a: String::new(), b: 1 }).unwrap();
    let error = refused::<Args>(&bytes, "gob: wrong type (int64) for received field R.A");
    assert_eq!(error.path(), "A");
}

/// G214, G215
#[test]
fn numbers_must_fit() {
    #[derive(Serialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct Big {
        n: i64,
        u: Vec<u64>,
        f: f64,
    }
    #[derive(Debug, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    #[expect(dead_code, reason = "never made")]
    struct Small {
        n: i8,
        u: Vec<u16>,
        f: f32,
    }
    refused::<i8>(&to_vec(&128_i64).unwrap(), "value for \"*int8\" out of range");
    refused::<Small>(&to_vec(&Big { n: 128, u: vec![], f: 0.0 }).unwrap(), "value for \"N\" out of range");
    let error = refused::<Small>(
        &to_vec(&Big { n: 1, u: vec![1, 65536], f: 0.0 }).unwrap(),
        "value for \"element of U\" out of range",
    );
    assert_eq!(error.path(), "U[1]");
    refused::<Small>(&to_vec(&Big { n: 1, u: vec![], f: 1e300 }).unwrap(), "value for \"F\" out of range");
    assert_eq!(
        from_slice::<Small>(&to_vec(&Big { n: 127, u: vec![65535], f: f64::INFINITY }).unwrap()).unwrap().n,
        127
    );
}

#[test]
fn an_error_says_where() {
    #[derive(Debug, Serialize, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct Person {
        name: String,
        homes: Vec<HashMap<String, Place>>,
    }
    #[derive(Debug, Serialize, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct Place {
        zip: String,
    }
    let homes = vec![HashMap::new(), HashMap::from([("x".to_owned(), Place { zip: "00".into() })])];
    let mut bytes = to_vec(&Person { name: "n".into(), homes }).unwrap();
    let at = bytes.windows(3).rposition(|window| window == b"\x0200").unwrap();
    bytes[at + 1] = 0xff;
    let error = from_slice::<Person>(&bytes).unwrap_err();
    assert_eq!(error.path(), "Homes[1][value].Zip");
    assert_eq!(error.offset(), Some(at as u64));
    assert_eq!(error.classify(), Category::Data);
    assert_eq!(error.to_string(), format!("gob: Go string is not UTF-8 (Homes[1][value].Zip at byte {at})"));
}

/// G79, G81
#[test]
fn nil_has_no_place_but_a_field() {
    let error = to_vec(&None::<i64>).unwrap_err();
    assert_eq!(error.to_string(), "gob: cannot encode nil pointer of type *int64");
    let error = to_vec(&vec![Some(1_i64), None]).unwrap_err();
    assert_eq!(error.to_string(), "gob: cannot encode nil pointer of type *int64 ([1])");
    // A nil slice is an empty one (G78).
    let some = to_vec(&vec![Some(Vec::<i64>::new())]).unwrap();
    assert_eq!(to_vec(&vec![None::<Vec<i64>>]).unwrap(), some);
}

#[test]
fn a_serialize_that_disagrees_with_the_go_type_is_told_so() {
    #[derive(Gob)]
    struct Liar(#[expect(dead_code, reason = "only its type matters")] i64);

    impl Serialize for Liar {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_str("one")
        }
    }
    let error = to_vec(&Liar(1)).unwrap_err();
    assert_eq!(error.to_string(), "gob: the Go type is main.Liar, but Serialize gave a string");
}

/// G2, G13, G17, G18, G20, G49, G203, G217, G219, G227
#[test]
fn broken_bytes_are_told_in_gos_words() {
    refused::<i64>(&hex("f7 00"), "gob: encoded unsigned integer out of range");
    refused::<i64>(&hex("f8 ffffffffffffffff"), "invalid message length");
    refused::<i64>(&hex("03 04 01 06"), "gob: decode: corrupted data: non-zero delta for singleton");
    refused::<i64>(&hex("02 04 00"), "EOF");
    refused::<i64>(&hex("03 04 00 fe"), "gob: invalid uint data length 2: exceeds input size 0");
    refused::<String>(&hex("04 0c 00 05 61"), "gob: bad string slice length: 0");
    refused::<Vec<u8>>(&hex("04 0a 00 05 61"), "gob: bad []uint8 slice length: 0");
    refused::<Args>(&hex("03 ff80 00"), "gob: unknown type id or corrupted data");
    refused::<i64>(&hex("03 ff80 00"), "gob: decoding into local type *int64, received remote type unknown type");
    let definition =
        "1e 7f 0301 01 04 41726773 01ff80 00 0102 01 01 41 0104 00 01 01 42 0104 00 0000".replace("1e", "1d");
    refused::<Args>(&hex(&format!("{definition} 04 ff80 0302")), "gob: bad data: field numbers out of bounds");
    refused::<Args>(&hex(&definition.replace("1d 7f", "1e 7f").replace("0000", "0000 00")), "extra data in buffer");
    refused::<Vec<i64>>(
        &hex("0c ff81 0201 02 ff82 00 01 04 0000 05 ff82 00 05 02"),
        "gob: decoding array or slice: length exceeds input size (5 elements)",
    );
}
