//! What a received value becomes when the two sides do not have the very same type.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use gobrpc::Gob;
use gobrpc::gob::{Decoder, PushDecoder, from_reader, from_slice, to_vec};
use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::hex;

#[derive(Serialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Sent {
    a: i64,
    b: String,
    c: Vec<i64>,
    d: Option<HashMap<String, i64>>,
}

fn sent() -> Vec<u8> {
    to_vec(&Sent { a: 1, b: "two".into(), c: vec![3], d: Some(HashMap::from([("k".into(), 4)])) }).unwrap()
}

/// G197
#[test]
fn fields_are_matched_by_name_in_any_order() {
    #[derive(Debug, PartialEq, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct Turned {
        c: Vec<i64>,
        a: i64,
    }
    assert_eq!(from_slice::<Turned>(&sent()).unwrap(), Turned { c: vec![3], a: 1 });
}

/// G207, and no `#[serde(default)]` in sight.
#[test]
fn fields_that_did_not_come_are_go_zeros() {
    #[derive(Debug, Default, PartialEq, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct Inner {
        n: u8,
        list: Vec<String>,
    }
    #[derive(Debug, PartialEq, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct Wide {
        flag: bool,
        a: i64,
        real: f32,
        text: String,
        bytes: Vec<u8>,
        array: [u16; 3],
        map: HashMap<String, i64>,
        maybe: Option<i64>,
        nested: Inner,
        shared: Arc<str>,
        empty: (),
    }
    let wide: Wide = from_slice(&sent()).unwrap();
    let expected = Wide {
        flag: false,
        a: 1,
        real: 0.0,
        text: String::new(),
        bytes: vec![],
        array: [0; 3],
        map: HashMap::new(),
        maybe: None,
        nested: Inner::default(),
        shared: "".into(),
        empty: (),
    };
    assert_eq!(wide, expected);
}

#[test]
fn a_default_of_its_own_is_left_to_serde() {
    fn seven() -> i64 {
        7
    }
    #[derive(Debug, PartialEq, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct WithDefault {
        a: i64,
        #[serde(default = "seven")]
        missing: i64,
        other: i64,
    }
    assert_eq!(from_slice::<WithDefault>(&sent()).unwrap(), WithDefault { a: 1, missing: 7, other: 0 });
}

#[test]
fn a_skipped_field_is_no_part_of_the_go_type() {
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct Cached {
        a: i64,
        #[serde(skip)]
        cache: Vec<u8>,
        b: String,
    }
    let bytes = to_vec(&Cached { a: 1, cache: vec![1], b: "x".into() }).unwrap();
    assert_eq!(from_slice::<Cached>(&bytes).unwrap(), Cached { a: 1, cache: vec![], b: "x".into() });
}

#[test]
fn strings_and_bytes_are_borrowed_from_the_input() {
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct Borrowed<'a> {
        text: &'a str,
        #[serde(with = "serde_bytes")]
        bytes: &'a [u8],
        #[serde(borrow)]
        cow: Cow<'a, str>,
    }
    let value = Borrowed { text: "text", bytes: b"bytes", cow: "cow".into() };
    let bytes = to_vec(&value).unwrap();
    let back: Borrowed<'_> = from_slice(&bytes).unwrap();
    assert_eq!(back, value);
    assert!(bytes.as_ptr_range().contains(&back.text.as_ptr()));
    assert!(bytes.as_ptr_range().contains(&back.bytes.as_ptr()));
}

#[test]
fn smart_pointers_are_what_they_point_to() {
    let plain = to_vec("shared").unwrap();
    assert_eq!(to_vec(&Box::<str>::from("shared")).unwrap(), plain);
    assert_eq!(to_vec(&&&"shared").unwrap(), plain);
    assert_eq!(from_slice::<Box<str>>(&plain).unwrap(), "shared".into());
    assert_eq!(<Rc<str> as Gob>::TYPE.to_string(), "string");
}

/// G69, G106: a map is never nil, unless it is in an `Option`.
#[test]
fn an_empty_map_is_sent_and_a_nil_one_is_not() {
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct Maps {
        full: HashMap<String, i64>,
        nil: Option<HashMap<String, i64>>,
    }
    let some = Maps { full: HashMap::new(), nil: Some(HashMap::new()) };
    let none = Maps { full: HashMap::new(), nil: None };
    assert!(to_vec(&some).unwrap().ends_with(&hex("07 ff80 01 00 01 00 00")));
    assert!(to_vec(&none).unwrap().ends_with(&hex("05 ff80 01 00 00")));
    assert_eq!(from_slice::<Maps>(&to_vec(&some).unwrap()).unwrap(), some);
    assert_eq!(from_slice::<Maps>(&to_vec(&none).unwrap()).unwrap(), none);
}

/// G216
#[test]
fn a_struct_may_end_with_its_message() {
    #[derive(Debug, PartialEq, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct Point {
        x: i64,
        y: i64,
    }
    let definition = "1e 7f 0301 01 05 506f696e74 01ff80 00 0102 01 01 58 0104 00 01 01 59 0104 00 0000";
    let read = |value: &str| from_slice::<Point>(&hex(&format!("{definition} {value}")));
    assert_eq!(read("06 ff80 012c 0142").unwrap(), Point { x: 22, y: 33 });
    assert_eq!(read("04 ff80 012c").unwrap(), Point { x: 22, y: 0 });
    assert_eq!(read("02 ff80").unwrap(), Point { x: 0, y: 0 });
    // G19: what is left in the message is ignored.
    assert_eq!(read("09 ff80 012c 0142 00 beef").unwrap(), Point { x: 22, y: 33 });
}

/// G2, G21
#[test]
fn integers_and_ids_need_not_be_in_their_shortest_form() {
    assert_eq!(from_slice::<i64>(&hex("ff08 fc00000004 00 ff06")).unwrap(), 3);
    // Cut to 32 bits, this one is negative: a definition that says nothing of its type.
    let bytes = hex("0a f801000000ffffff81 00 03 04 00 06");
    assert_eq!(from_slice::<i64>(&bytes).unwrap(), 3);
}

/// G21 holds for the id a message begins with. In a definition, ids are fields of a struct like any other.
#[test]
fn an_id_in_a_definition_has_32_bits() {
    let error = from_slice::<Vec<i64>>(&hex("0f7f 0201 02 fb0200000000 00 0104 00 00")).unwrap_err();
    assert_eq!(error.kind().to_string(), "value for \"Id\" out of range");
}

#[test]
fn a_vec_takes_a_byte_slice_however_it_comes() {
    for len in [0, 1, 127, 128, 20_000, 3_000_000] {
        let octets: Vec<u8> = (0..len).map(|index: u32| (index % 251) as u8).collect();
        let bytes = to_vec(&octets).unwrap();
        assert_eq!(from_slice::<Vec<u8>>(&bytes).unwrap(), octets);
        assert_eq!(from_reader::<_, Vec<u8>>(&bytes[..]).unwrap(), octets);
        assert_eq!(from_reader::<_, Option<Box<[u8]>>>(&bytes[..]).unwrap().unwrap()[..], octets);
        let mut decoder = PushDecoder::new();
        decoder.push(&bytes);
        assert_eq!(decoder.decode::<Vec<u8>>().unwrap().unwrap(), octets);
        let error = from_slice::<Vec<u8>>(&to_vec("text").unwrap()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "gob: decoding into local type *[]uint8, received remote type string (at byte 2)"
        );
    }
    // A message that ends before its bytes do.
    let error = from_slice::<Vec<u8>>(&hex("04 0a 00 02 61")).unwrap_err();
    assert_eq!(error.to_string(), "gob: bad []uint8 slice length: 0 (at byte 3)");
}

/// Takes the first field of a struct, the first element of a slice, or the first key of a map, and no more.
#[derive(Debug)]
struct First(i64);

impl<'de> Visitor<'de> for First {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("something to begin with")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self, A::Error> {
        Ok(Self(seq.next_element()?.unwrap_or(self.0)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self, A::Error> {
        Ok(Self(map.next_key()?.unwrap_or(self.0)))
    }
}

#[test]
fn who_leaves_parts_of_a_value_is_told_so() {
    struct Seed;
    impl<'de> DeserializeSeed<'de> for Seed {
        type Value = First;

        fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<First, D::Error> {
            deserializer.deserialize_struct("First", &["A", "B"], First(0))
        }
    }
    struct Elements;
    impl<'de> DeserializeSeed<'de> for Elements {
        type Value = First;

        fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<First, D::Error> {
            deserializer.deserialize_any(First(0))
        }
    }
    #[derive(Serialize, Gob)]
    struct Pair {
        #[serde(rename = "A")]
        a: i64,
        #[serde(rename = "B")]
        b: i64,
    }
    let left = |error: gobrpc::gob::Error| error.to_string().contains("not all of 2 parts of a value were taken");
    let pair = to_vec(&Pair { a: 7, b: 8 }).unwrap();
    assert!(left(Decoder::new(&pair[..]).decode_as(Pair::TYPE, Seed).unwrap_err()));
    let numbers = to_vec(&vec![7_i64, 8]).unwrap();
    assert!(left(Decoder::new(&numbers[..]).decode_as(<Vec<i64>>::TYPE, Elements).unwrap_err()));
    let numbers = to_vec(&vec![7_i64]).unwrap();
    assert_eq!(Decoder::new(&numbers[..]).decode_as(<Vec<i64>>::TYPE, Elements).unwrap().unwrap().0, 7);
    let map = to_vec(&HashMap::from([(7_i64, 1_i64), (8, 2)])).unwrap();
    assert!(left(Decoder::new(&map[..]).decode_as(<HashMap<i64, i64>>::TYPE, Elements).unwrap_err()));
}
