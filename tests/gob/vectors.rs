//! Streams of many kinds, as Go wrote them, read without knowing their types and written again.

use std::fmt::Debug;
use std::io::Cursor;
use std::path::Path;

use gobrpc::Gob;
use gobrpc::gob::{ByteString, Decoder, Encoder, PushDecoder, Value, from_slice, to_vec};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{golden, hex};

#[derive(Deserialize)]
struct Vector {
    name: String,
    hex: String,
}

fn vectors() -> Vec<Vector> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/vectors/encode.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The streams of all vectors.
pub(super) fn streams() -> Vec<Vec<u8>> {
    vectors().iter().map(|vector| hex(&vector.hex)).collect()
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

#[test]
fn strings_need_not_be_utf8() {
    check("string_non_utf8", &ByteString::from(&b"\xc3("[..]));
}

#[test]
fn a_slice_of_a_declared_byte_is_bytes() {
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    struct B(u8);
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    struct Bs(Vec<B>);

    check("named_bytes", &Bs(vec![B(1), B(200)]));
}

#[test]
fn names_may_have_any_letters() {
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[gob(name = "Жук")]
    struct Beetle {
        #[serde(rename = "Ünïcode")]
        unicode: isize,
        #[serde(rename = "Ж")]
        zh: isize,
    }

    check("unicode_names", &Beetle { unicode: 1, zh: 2 });
}

#[test]
fn fields_far_apart_are_a_long_step() {
    macro_rules! of_ints {
        ($name:ident: $($field:ident)*) => {
            #[derive(Debug, Default, PartialEq, Serialize, Deserialize, Gob)]
            #[serde(rename_all = "UPPERCASE")]
            struct $name { $($field: isize),* }
        };
    }
    of_ints!(Big: f00 f01 f02 f03 f04 f05 f06 f07 f08 f09 f10 f11 f12 f13 f14 f15 f16 f17 f18 f19);
    check("field_delta_20", &Big { f00: 1, f19: 1, ..Big::default() });

    // The step is a number of more than one byte.
    of_ints!(Wide:
        f000 f001 f002 f003 f004 f005 f006 f007 f008 f009 f010 f011 f012 f013 f014
        f015 f016 f017 f018 f019 f020 f021 f022 f023 f024 f025 f026 f027 f028 f029
        f030 f031 f032 f033 f034 f035 f036 f037 f038 f039 f040 f041 f042 f043 f044
        f045 f046 f047 f048 f049 f050 f051 f052 f053 f054 f055 f056 f057 f058 f059
        f060 f061 f062 f063 f064 f065 f066 f067 f068 f069 f070 f071 f072 f073 f074
        f075 f076 f077 f078 f079 f080 f081 f082 f083 f084 f085 f086 f087 f088 f089
        f090 f091 f092 f093 f094 f095 f096 f097 f098 f099 f100 f101 f102 f103 f104
        f105 f106 f107 f108 f109 f110 f111 f112 f113 f114 f115 f116 f117 f118 f119
        f120 f121 f122 f123 f124 f125 f126 f127 f128 f129
    );
    golden::check("wide_last", Wide { f129: 1, ..Wide::default() });
    golden::check("wide_first_last", Wide { f000: 1, f129: 2, ..Wide::default() });
}

#[cfg(feature = "num-complex")]
mod complex {
    use std::collections::HashMap;

    use num_complex::{Complex32, Complex64};

    use super::*;

    #[test]
    fn complex_numbers_are_pairs_of_floats() {
        check("complex64", &Complex32::new(17.0, -23.0));
        golden::check("complex128", Complex64::new(1.5, 2.0));
        check("slice_complex128", &vec![Complex64::new(0.0, 0.0), Complex64::new(1.0, -1.0)]);
    }

    #[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct Point {
        x: isize,
        y: isize,
    }

    type Ints = HashMap<String, isize>;

    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct AllKinds {
        bool: bool,
        i: isize,
        i8: i8,
        u: usize,
        u8: u8,
        f32: f32,
        f64: f64,
        c64: Complex32,
        c128: Complex64,
        s: String,
        by: Vec<u8>,
        sl: Vec<isize>,
        m: Option<Ints>,
        arr: [isize; 2],
        st: Point,
        p: Option<isize>,
        #[serde(rename = "PS")]
        ps: Option<Point>,
        r#if: Value,
        #[serde(rename = "PA")]
        pa: Option<[isize; 2]>,
        #[serde(rename = "PSl")]
        psl: Option<Option<Vec<isize>>>,
        #[serde(rename = "PM")]
        pm: Option<Option<Ints>>,
        arr0: [isize; 0],
        e: (),
        up: u64,
    }

    fn zero() -> AllKinds {
        AllKinds {
            bool: false,
            i: 0,
            i8: 0,
            u: 0,
            u8: 0,
            f32: 0.0,
            f64: 0.0,
            c64: Complex32::default(),
            c128: Complex64::default(),
            s: String::new(),
            by: Vec::new(),
            sl: Vec::new(),
            m: None,
            arr: [0; 2],
            st: Point::default(),
            p: None,
            ps: None,
            r#if: Value::Interface(None),
            pa: None,
            psl: None,
            pm: None,
            arr0: [],
            e: (),
            up: 0,
        }
    }

    #[test]
    fn a_struct_of_all_kinds_is_what_go_makes_of_it() {
        check("all_kinds_zero", &zero());
        let full = AllKinds {
            bool: true,
            i: -1,
            i8: -8,
            u: 1,
            u8: 200,
            f32: 0.5,
            f64: 1.5,
            c64: Complex32::new(1.0, 2.0),
            c128: Complex64::new(3.0, -4.0),
            s: "str".into(),
            by: vec![1, 2],
            sl: vec![1, 2],
            m: Some(Ints::from([("k".into(), 5)])),
            arr: [0, 1],
            st: Point { x: 1, y: 0 },
            p: Some(9),
            ps: Some(Point { x: 0, y: 2 }),
            r#if: Value::from("iface").into_interface().unwrap(),
            pa: Some([3, 4]),
            psl: Some(Some(vec![5])),
            pm: Some(Some(Ints::from([("z".into(), 0)]))),
            arr0: [],
            e: (),
            up: 7,
        };
        check("all_kinds_full", &full);
    }

    #[test]
    fn what_is_empty_is_sent_or_not_as_in_go() {
        let empties = AllKinds {
            f32: -0.0,
            f64: -0.0,
            c128: Complex64::new(-0.0, 0.0),
            m: Some(Ints::new()),
            p: Some(0),
            ps: Some(Point::default()),
            pa: Some([0; 2]),
            psl: Some(Some(Vec::new())),
            pm: Some(Some(Ints::new())),
            ..zero()
        };
        assert_eq!(to_vec(&empties).unwrap(), stream("all_kinds_empties"));
        // A pointer to nothing much comes back as none (G68).
        let back = AllKinds { p: None, psl: None, ..empties };
        assert_eq!(from_slice::<AllKinds>(&stream("all_kinds_empties")).unwrap(), back);
    }
}

/// Those of these streams that no test with typed values names, as the first argument of a call or the first part of a
/// case.
pub(super) fn untested(names: impl Iterator<Item = String>) -> Vec<String> {
    fn read(dir: &Path, sources: &mut String) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read(&path, sources);
            } else if !path.ends_with("value.rs") {
                sources.extend(std::fs::read_to_string(path).unwrap().split_whitespace());
            }
        }
    }
    let mut sources = String::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gob"), &mut sources);
    let sources = sources.replace("shown(\"", "");
    names.filter(|name| !sources.contains(&format!("(\"{name}\""))).collect()
}

#[test]
fn every_vector_is_the_bytes_of_a_typed_value() {
    assert_eq!(untested(vectors().into_iter().map(|vector| vector.name)), [""; 0]);
}
