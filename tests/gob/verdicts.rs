//! What Go's decoder says of 294 streams, good and bad, and what ours says.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Cursor;
use std::path::Path;

use gobrpc::Gob;
use gobrpc::gob::ty::Marshaler;
use gobrpc::gob::{Decoder, Error, ErrorKind, Opaque, Value};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use super::hex;

#[derive(Deserialize)]
struct Vectors {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    hex: String,
    steps: Vec<Step>,
}

/// One call of `Decode`.
#[derive(Deserialize)]
struct Step {
    /// The target, in Go's words.
    into: String,
    /// The target afterwards.
    value: String,
    error: Option<String>,
    #[serde(default)]
    go_panics: bool,
}

/// A value as the vectors print it.
trait Show {
    fn show(&self) -> String;
}

macro_rules! show {
    ($($ty:ty),*) => {$(
        impl Show for $ty {
            fn show(&self) -> String {
                self.to_string()
            }
        }
    )*};
}

show!(bool, i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f64);

impl Show for f32 {
    fn show(&self) -> String {
        if self.is_infinite() { format!("{}Inf", if *self > 0.0 { '+' } else { '-' }) } else { self.to_string() }
    }
}

impl Show for String {
    fn show(&self) -> String {
        format!("{self:?}")
    }
}

fn list<'a, T: Show + 'a>(items: impl Iterator<Item = &'a T>) -> String {
    format!("[{}]", items.map(Show::show).collect::<Vec<_>>().join(", "))
}

impl<T: Show> Show for Vec<T> {
    fn show(&self) -> String {
        list(self.iter())
    }
}

impl<T: Show, const N: usize> Show for [T; N] {
    fn show(&self) -> String {
        list(self.iter())
    }
}

impl<K: Show, V: Show> Show for HashMap<K, V> {
    fn show(&self) -> String {
        let entries: BTreeMap<String, String> = self.iter().map(|(key, value)| (key.show(), value.show())).collect();
        format!("map[{}]", entries.iter().map(|(key, value)| format!("{key}: {value}")).collect::<Vec<_>>().join(" "))
    }
}

impl<T: Show> Show for Option<T> {
    fn show(&self) -> String {
        self.as_ref().map_or_else(|| "nil".to_owned(), |value| format!("&{}", value.show()))
    }
}

impl Show for () {
    fn show(&self) -> String {
        "{}".to_owned()
    }
}

impl Show for Value {
    fn show(&self) -> String {
        // The vectors show all fields, a value those that came.
        match self {
            Self::Interface(None) => "nil".to_owned(),
            Self::Interface(Some(interface)) => format!("{}({})", interface.name(), interface.value().show()),
            value => value.to_string(),
        }
    }
}

macro_rules! go_struct {
    ($(#[$meta:meta])* $name:ident { $($field:ident $go:literal: $ty:ty),* $(,)? }) => {
        #[derive(Debug, PartialEq, Eq, Hash, Deserialize, Gob)]
        $(#[$meta])*
        struct $name { $(#[serde(rename = $go)] $field: $ty),* }
        go_struct!(@show $name { $($field $go),* });
    };
    (@eq $name:ident { $($field:ident $go:literal: $ty:ty),* $(,)? }) => {
        #[derive(Debug, Deserialize, Gob)]
        struct $name { $(#[serde(rename = $go)] $field: $ty),* }
        go_struct!(@show $name { $($field $go),* });
    };
    (@show $name:ident { $($field:ident $go:literal),* }) => {
        impl Show for $name {
            fn show(&self) -> String {
                let fields: Vec<String> = vec![$(format!("{}: {}", $go, self.$field.show())),*];
                format!("{{{}}}", fields.join(", "))
            }
        }
    };
}

go_struct!(Point { x "X": isize, y "Y": isize });
go_struct!(T1 { a "A": isize });
go_struct!(K { a "A": isize });
go_struct!(NoI { before "Before": isize, after "After": isize });
go_struct!(@eq Holder { before "Before": isize, i "I": Value, after "After": isize });
go_struct!(#[gob(anonymous)] NameId { name "Name": String, id "Id": isize });
go_struct!(#[gob(anonymous)] OnlyQ { q "Q": isize });
go_struct!(#[gob(anonymous)] OnlyG { g "G": isize });
go_struct!(#[gob(anonymous)] OnlyY { y "Y": isize });
go_struct!(#[gob(anonymous)] OnlyZ { z "Z": isize });
go_struct!(#[gob(anonymous)] OnlyZz { zz "Zz": isize });
go_struct!(#[gob(anonymous)] SomeAb { a "A": isize, b "B": isize });
go_struct!(#[gob(anonymous)] Narrow { a "A": isize, b "B": i8, c "C": isize });
go_struct!(#[gob(anonymous)] OnlyX { x "X": usize });
go_struct!(#[gob(anonymous)] PointersYx { y "Y": Option<i32>, x "X": Option<Option<i64>> });

/// A struct with the one field `F`.
#[derive(Debug, Deserialize, Gob)]
#[gob(anonymous)]
struct Only<T> {
    #[serde(rename = "F")]
    f: T,
}

impl<T: Show> Show for Only<T> {
    fn show(&self) -> String {
        format!("{{F: {}}}", self.f.show())
    }
}

/// `VG` and `VB` of the vectors: strings with a method.
#[derive(Debug)]
struct ByGob(String);
#[derive(Debug)]
struct ByBinary(String);

impl Opaque for ByGob {
    const NAME: &'static str = "VG";
    const MARSHALER: Marshaler = Marshaler::Gob;
    const ZERO: &'static [u8] = b"";

    fn marshal(&self, out: &mut Vec<u8>) -> Result<(), Error> {
        out.extend_from_slice(self.0.as_bytes());
        Ok(())
    }

    fn unmarshal(bytes: &[u8]) -> Result<Self, Error> {
        match bytes {
            b"bad" => Err(serde::de::Error::custom("bang")),
            _ => Ok(Self(String::from_utf8_lossy(bytes).into_owned())),
        }
    }
}

impl Opaque for ByBinary {
    const NAME: &'static str = "VB";
    const MARSHALER: Marshaler = Marshaler::Binary;
    const ZERO: &'static [u8] = b"";

    fn marshal(&self, out: &mut Vec<u8>) -> Result<(), Error> {
        out.extend_from_slice(self.0.as_bytes());
        Ok(())
    }

    fn unmarshal(bytes: &[u8]) -> Result<Self, Error> {
        Ok(Self(String::from_utf8_lossy(bytes).into_owned()))
    }
}

macro_rules! opaque {
    ($($ty:ident),*) => {$(
        impl Gob for $ty {
            const KIND: gobrpc::gob::ty::Kind = gobrpc::gob::ty::Kind::Opaque;
            const TYPE: &'static gobrpc::gob::ty::Type = &gobrpc::gob::opaque::go_type::<Self>();
        }
        impl<'de> Deserialize<'de> for $ty {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                gobrpc::gob::opaque::deserialize(deserializer)
            }
        }
        impl Show for $ty {
            fn show(&self) -> String {
                self.0.show()
            }
        }
    )*};
}

opaque!(ByGob, ByBinary);

type Run = fn(&mut Decoder<Cursor<Vec<u8>>>) -> Result<String, Error>;

fn into<T: Gob + DeserializeOwned + Show>(decoder: &mut Decoder<Cursor<Vec<u8>>>) -> Result<String, Error> {
    match decoder.decode::<T>() {
        Ok(Some(value)) => Ok(value.show()),
        Ok(None) => Err(ErrorKind::Eof.into()),
        Err(error) => Err(error),
    }
}

fn skip(decoder: &mut Decoder<Cursor<Vec<u8>>>) -> Result<String, Error> {
    match decoder.skip() {
        Ok(true) => Ok("nil".to_owned()),
        Ok(false) => Err(ErrorKind::Eof.into()),
        Err(error) => Err(error),
    }
}

/// The Rust type for a Go target, where there is one.
fn target(into_go: &str) -> Option<Run> {
    Some(match into_go {
        "nil" => skip,
        "new(int)" => into::<isize>,
        "new(Point)" => into::<Point>,
        "new([]int)" => into::<Vec<isize>>,
        "new([][]int)" => into::<Vec<Vec<isize>>>,
        "new([]*struct{})" => into::<Vec<Option<()>>>,
        "new([]byte)" => into::<Vec<u8>>,
        "new(VG)" => into::<ByGob>,
        "new(VB)" => into::<ByBinary>,
        "new(string)" => into::<String>,
        "new([2]int)" => into::<[isize; 2]>,
        "new([3]int)" => into::<[isize; 3]>,
        "new([2]byte)" => into::<[u8; 2]>,
        "new(Holder)" => into::<Holder>,
        "new(uint)" => into::<usize>,
        "new(uintptr)" => into::<u64>,
        "new(bool)" => into::<bool>,
        "new(float32)" => into::<f32>,
        "new(int8)" => into::<i8>,
        "new(int16)" => into::<i16>,
        "new(int32)" => into::<i32>,
        "new(uint8)" => into::<u8>,
        "new(uint16)" => into::<u16>,
        "new(uint32)" => into::<u32>,
        "new(map[string]int)" => into::<HashMap<String, isize>>,
        "new(map[string]*int)" => into::<HashMap<String, Option<isize>>>,
        "new(map[K]K)" => into::<HashMap<K, K>>,
        "new(T1)" => into::<T1>,
        "new(NoI)" => into::<NoI>,
        "new(struct{ Q int })" => into::<OnlyQ>,
        "new(struct{ G int })" => into::<OnlyG>,
        "new(struct{ Y int })" => into::<OnlyY>,
        "new(struct{ Z int })" => into::<OnlyZ>,
        "new(struct{ Zz int })" => into::<OnlyZz>,
        "new(struct{ A, B int })" => into::<SomeAb>,
        "new(struct{ A int; B int8; C int })" => into::<Narrow>,
        "new(struct{ Y *int32; X **int64 })" => into::<PointersYx>,
        "new(struct{ Name string; Id int })" => into::<NameId>,
        "new([]struct{ Name string; Id int })" => into::<Vec<NameId>>,
        "new(struct{})" => into::<()>,
        "new([]string)" => into::<Vec<String>>,
        "new([]int8)" => into::<Vec<i8>>,
        "new([][]int8)" => into::<Vec<Vec<i8>>>,
        "new([]uint16)" => into::<Vec<u16>>,
        "new([]*int)" => into::<Vec<Option<isize>>>,
        "new([]Point)" => into::<Vec<Point>>,
        "new(map[string]int8)" => into::<HashMap<String, i8>>,
        "new(map[int8]string)" => into::<HashMap<i8, String>>,
        "new(map[string][]int8)" => into::<HashMap<String, Vec<i8>>>,
        "new(struct{ F int8 })" => into::<Only<i8>>,
        "new(struct{ F []int8 })" => into::<Only<Vec<i8>>>,
        "new(struct{ F map[string]int8 })" => into::<Only<HashMap<String, i8>>>,
        "new(struct{ F struct{ Q int } })" => into::<Only<OnlyQ>>,
        "new(struct{ F struct{ X uint } })" => into::<Only<OnlyX>>,
        "new(struct{ F uint })" => into::<Only<usize>>,
        "new(struct{ F int })" => into::<Only<isize>>,
        "new(struct{ F string })" => into::<Only<String>>,
        "new(struct{ F []int })" => into::<Only<Vec<isize>>>,
        "new(struct{ F []uint })" => into::<Only<Vec<usize>>>,
        "new(struct{ F any })" => into::<Only<Value>>,
        "new(struct{ F struct{} })" => into::<Only<()>>,
        "new(struct{ F *Point })" => into::<Only<Option<Point>>>,
        "new(struct{ F Point })" => into::<Only<Point>>,
        "new(struct{ F VG })" => into::<Only<ByGob>>,
        "new(struct{ F map[string]int })" => into::<Only<HashMap<String, isize>>>,
        "new(struct{ F float64 })" => into::<Only<f64>>,
        "new(struct{ F bool })" => into::<Only<bool>>,
        _ => return None,
    })
}

/// Streams of which we say otherwise than Go, and why. Each must still differ.
const DIFFERENT: &[(&str, &str)] = &[
    ("builtin_commontype", "the types of definitions are no types of values; Go never sends them as such (G205)"),
    ("builtin_fieldtype_slice", "as above"),
    ("bytes_empty_into_nil", "a Vec is never nil"),
    ("slice_empty_into_nil", "a Vec is never nil"),
    (
        "slice_huge_nil",
        "a count beyond the bytes is refused; Go takes it for a negative one, that is none, when it skips",
    ),
    ("map_neg_count", "as above (G221)"),
    ("map_same_local_two_remote", "one local type may match two received ones (G189)"),
    ("st_undefined_field_type_nil", "an undefined type is an error when there is a value of it"),
    ("sl_undefined_elem_nil", "as above"),
    ("if_top_nil_skip", "a nil interface can be skipped (G240)"),
    ("if_nil_in_skipped_slice", "as above"),
    ("if_nested_def_skipped", "definitions inside skipped interfaces are followed (G241)"),
    ("if_nested3_def_skipped", "and kept (G242)"),
    ("if_unregistered", "a Value needs no registration"),
    ("if_no_fields_matched_inside", "nor a type to match"),
    ("if_count_too_long_skipped", "the byte count of an interface is not looked at, as Go does when it decodes (G129)"),
];

/// Streams that both refuse, we in other words, and why. Each must still differ.
const OTHER_WORDS: &[(&str, &[&str])] = &[
    (
        "an end inside a value is never called the end of the stream (G218)",
        &["frame_len0_then_int", "frame_typedef_len0_value", "frame_missing_id"],
    ),
    ("our limit on messages is lower", &["frame_len_just_ok_but_short"]),
    ("a count is bounded by the bytes that are left, not by 8 GiB (G220)", &["slice_huge", "slice_toobig_by_size"]),
    (
        "what is missing has one text, whatever the elements are (G217, G219)",
        &["array_trunc", "slice_trunc", "slice_str_too_long"],
    ),
    (
        "what is wrong in a skipped value is called as in one that is read",
        &["array_count_mismatch_nil", "array_neg_len_nil", "st_delta_neg_nil", "goregress_6"],
    ),
    (
        "a value that may hold interfaces is gathered from its messages before its type is looked at",
        &[
            "goregress_3",
            "goregress_3_point",
            "goregress_3_slice",
            "goregress_5",
            "goregress_5_point",
            "goregress_5_slice",
        ],
    ),
    (
        "the types of definitions are no types of values (G205), and an undefined type is looked for last",
        &[
            "builtin_commontype_nil",
            "goregress_1",
            "goregress_2",
            "goregress_2_point",
            "goregress_2_slice",
            "goregress_9",
        ],
    ),
];

#[test]
fn go_and_we_judge_alike() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/vectors/decode.json");
    let vectors: Vectors = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    assert_eq!(vectors.vectors.len(), 294);
    let (mut judged, mut different, mut other_words) = (0, BTreeMap::new(), BTreeMap::new());
    for vector in &vectors.vectors {
        let mut decoder = Decoder::new(Cursor::new(hex(&vector.hex)));
        for (number, step) in vector.steps.iter().enumerate() {
            // A target without a Rust type ends the story: what follows depends on it.
            let Some(run) = target(&step.into) else { break };
            judged += 1;
            let ours = run(&mut decoder);
            let told = format!("step {number} into {}: Go {:?} {:?}, we {ours:?}", step.into, step.value, step.error);
            match (&ours, &step.error) {
                (Ok(value), None) if *value == step.value => {}
                (Err(error), Some(text)) if error.kind().to_string() == *text => {}
                (Err(_), Some(_)) if step.go_panics => {}
                (Err(_), Some(_)) => drop(other_words.insert(vector.name.as_str(), told)),
                _ => drop(different.insert(vector.name.as_str(), told)),
            }
        }
    }
    assert_eq!(judged, 269, "steps with a target that has a Rust type");
    let expected: BTreeSet<&str> = DIFFERENT.iter().map(|(name, _)| *name).collect();
    assert_eq!(different.keys().copied().collect::<BTreeSet<_>>(), expected, "{different:#?}");
    let expected: BTreeSet<&str> = OTHER_WORDS.iter().flat_map(|(_, names)| *names).copied().collect();
    assert_eq!(other_words.keys().copied().collect::<BTreeSet<_>>(), expected, "{other_words:#?}");
}
