//! Every stream in `testdata/golden` whose Go type has a Rust one: our bytes are Go's, and Go's bytes are our value.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;
use std::path::Path;

use gobrpc::Gob;
use gobrpc::gob::{Decoder, Encoder, from_slice, to_vec};
use gobrpc::rpc::{Request, Response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub(super) fn golden(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/golden").join(name).with_extension("gob");
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The value encodes to Go's bytes, and they decode to it.
#[track_caller]
pub(super) fn check<T: Gob + Serialize + DeserializeOwned + PartialEq + Debug>(name: &str, value: T) {
    encodes(name, &value);
    assert_eq!(from_slice::<T>(&golden(name)).unwrap(), value, "{name}: decoded");
}

/// The value encodes to Go's bytes, though they decode to another one.
#[track_caller]
pub(super) fn encodes<T: Gob + Serialize + ?Sized>(name: &str, value: &T) {
    assert_eq!(to_vec(value).unwrap(), golden(name), "{name}: encoded");
}

pub(super) fn map<K: Eq + std::hash::Hash, V>(key: K, value: V) -> HashMap<K, V> {
    HashMap::from([(key, value)])
}

macro_rules! go_struct {
    ($(#[$meta:meta])* $name:ident { $($field:ident: $ty:ty),* $(,)? }) => {
        #[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, Gob)]
        #[serde(rename_all = "PascalCase")]
        $(#[$meta])*
        struct $name { $($field: $ty),* }
    };
}

go_struct!(Point { x: isize, y: isize });
go_struct!(Inner { s: String });

const fn point(x: isize, y: isize) -> Point {
    Point { x, y }
}

#[test]
fn booleans_and_integers() {
    check("bool_true", true);
    check("bool_false", false);
    check("int_zero", 0_isize);
    check("int_three", 3_isize);
    check("int_minus_one", -1_isize);
    check("int_63", 63_isize);
    check("int_64", 64_isize);
    check("int_minus_64", -64_isize);
    check("int_minus_65", -65_isize);
    check("int8_min", i8::MIN);
    check("int8_max", i8::MAX);
    check("int16_minus129", -129_i16);
    check("int16_min", i16::MIN);
    check("int16_max", i16::MAX);
    check("int32_min", i32::MIN);
    check("int32_max", i32::MAX);
    check("int64_min", i64::MIN);
    check("int64_max", i64::MAX);
    check("uint_zero", 0_usize);
    check("uint_127", 127_usize);
    check("uint_128", 128_usize);
    check("uint8_200", 200_u8);
    check("uint8_max", u8::MAX);
    check("uint16_max", u16::MAX);
    check("uint32_max", u32::MAX);
    check("uint64_max", u64::MAX);
    check("uintptr_7", 7_u64);
    check("rune_x", i32::from(b'x'));
    check("duration_second", 1_000_000_000_i64);
}

#[test]
fn floats() {
    check("float64_zero", 0.0);
    check("float64_17", 17.0);
    check("float64_inf", f64::INFINITY);
    check("float64_neg_inf", f64::NEG_INFINITY);
    check("float64_max", f64::MAX);
    check("float64_smallest", 5e-324);
    check("float64_tenth", 0.1);
    check("float32_tenth", 0.1_f32);
    check("float32_max", f32::MAX);
    check("float64_negzero", -0.0);
    assert!(from_slice::<f64>(&golden("float64_negzero")).unwrap().is_sign_negative());
    let nan = f64::from_bits(0x7ff8_0000_0000_0001);
    encodes("float64_nan_bits", &nan);
    assert_eq!(from_slice::<f64>(&golden("float64_nan_bits")).unwrap().to_bits(), nan.to_bits());
}

#[test]
fn strings_and_bytes() {
    check("string_hello", "hello".to_owned());
    check("string_empty", String::new());
    check("string_200", "x".repeat(200));
    check("string_utf8", "Ünïcode Ж 你".to_owned());
    check("bytes_abc", b"abc".to_vec());
    check("bytes_nil", Vec::<u8>::new());
}

#[test]
fn slices() {
    check("slice_int", vec![1_isize, -1, 64]);
    check("slice_int_nil", Vec::<isize>::new());
    check("slice_string_zero_elems", vec!["a".to_owned(), String::new(), "b".to_owned()]);
    check("slice_bool", vec![true, false]);
    check("slice_float32", vec![0.5_f32, 0.0, 0.25]);
    check("slice_float64", vec![0.5, 0.0, -1.0]);
    check("slice_uint64", vec![0, 1, u64::MAX]);
    check("slice_slice_int", vec![vec![1_isize], vec![], vec![2, 3]]);
    check("slice_bytes", vec![vec![1_u8], vec![]]);
    check("slice_of_struct", vec![point(0, 0), point(1, 0), point(0, 1)]);
}

#[test]
fn arrays() {
    check("array3_int", [1_isize, 2, 3]);
    check("array4_byte", [1_u8, 2, 200, 0]);
    check("array0_int", [0_isize; 0]);
    check("array_of_array", [[1_u8, 2, 3], [255, 0, 0]]);
    check("array_of_struct", [point(1, 2), point(0, 0)]);
}

#[test]
fn maps() {
    check("map_string_int", map("a".to_owned(), 1_isize));
    check("map_nil", HashMap::<String, isize>::new());
    check("map_int_slice", BTreeMap::from([(1_isize, vec!["a".to_owned()])]));
    check("map_struct_elem", map("a".to_owned(), point(1, 2)));
    check("map_struct_key", map(point(1, 2), Inner { s: "v".into() }));
    check("map_set", map("a".to_owned(), ()));
    check("map_array_key", map([1_isize, 2], vec!["a".to_owned()]));
}

#[test]
fn a_slice_of_pointers_takes_the_name_from_its_element() {
    check("slice_of_ptr_struct", vec![Some(point(1, 2))]);
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
struct NamedSlice(Vec<isize>);
#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
struct NamedMap(HashMap<String, isize>);
#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
struct NamedArray([isize; 3]);
#[derive(Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Gob)]
struct NamedInt(isize);

#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct NamedFields {
    s: NamedSlice,
    m: NamedMap,
    a: NamedArray,
    i: NamedInt,
}

#[test]
fn named_types() {
    check("named_int", NamedInt(7));
    check("named_slice", NamedSlice(vec![1]));
    check("named_map", NamedMap(map("a".into(), 1)));
    check("named_array", NamedArray([1, 2, 3]));
    let (s, m) = (NamedSlice(vec![1]), NamedMap(map("k".into(), 2)));
    check("named_fields", NamedFields { s, m, a: NamedArray([3, 0, 0]), i: NamedInt(4) });
}

go_struct!(Empty {});
go_struct!(Single { a: isize });
go_struct!(Skips { b: isize, f: isize });
go_struct!(Embeds { point: Point, inner: Option<Inner>, a: isize });

#[test]
fn structs() {
    check("point", point(22, 33));
    encodes("point_ptr", &&Some(point(22, 33)));
    check("point_zero", point(0, 0));
    check("struct_empty", Empty {});
    check("struct_anon_empty", ());
    check("struct_single", Single { a: -1 });
    check("struct_skips", Skips { b: 2, f: 3 });
    check("embedded", Embeds { point: point(1, 2), inner: Some(Inner { s: "s".into() }), a: 3 });
}

go_struct!(
    #[gob(anonymous)]
    JustA { a: isize }
);
go_struct!(
    #[gob(anonymous)]
    AAndB { a: isize, b: isize }
);
go_struct!(
    #[gob(anonymous)]
    JustQ { q: String }
);
go_struct!(
    #[gob(anonymous)]
    JustZ { z: bool }
);
go_struct!(AnonFields { f: AAndB, g: Vec<JustQ>, h: Option<JustZ> });

#[test]
fn unnamed_structs() {
    check("struct_anon", JustA { a: 5 });
    let g = vec![JustQ { q: "q".into() }];
    check("anon_struct_fields", AnonFields { f: AAndB { a: 1, b: 2 }, g, h: None });
}

go_struct!(Mid { r#in: Inner, arr: [Inner; 2] });

#[derive(Debug, Default, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Outer {
    a: isize,
    l: Vec<Mid>,
    m: Option<HashMap<String, Inner>>,
    p: Option<Point>,
    pt: Point,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Deep {
    a: Vec<Vec<Vec<isize>>>,
    b: HashMap<String, HashMap<isize, Vec<Point>>>,
    c: [[u8; 3]; 2],
}

#[test]
fn ids_and_definitions_come_in_gos_order() {
    let outer = Outer {
        a: 1,
        l: vec![Mid::default()],
        m: Some(map("k".into(), Inner { s: "v".into() })),
        p: Some(point(1, 2)),
        pt: point(3, 4),
    };
    check("outer_nested", outer);
    check("outer_zero", Outer::default());
    let b = map("a".into(), map(1, vec![point(1, 2)]));
    check("deep_composites", Deep { a: vec![vec![vec![1]]], b, c: [[0; 3]; 2] });
}

go_struct!(Rec { v: isize, next: Option<Box<Rec>> });
go_struct!(Tree { n: isize, kids: Vec<Tree> });
go_struct!(PtrTree { n: isize, kids: Vec<Option<PtrTree>> });
go_struct!(MutA { b: Option<Box<MutB>> });
go_struct!(MutB { a: Option<Box<MutA>>, x: isize });

#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
struct RecSlice(Vec<Self>);
#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
struct RecMap(HashMap<String, Self>);
#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename = "SA")]
struct MutualA(Vec<MutualB>);
#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename = "SB")]
struct MutualB(Vec<MutualA>);
#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
struct S {
    #[serde(rename = "Kids")]
    kids: Option<M>,
}
#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
struct M(HashMap<String, S>);

#[test]
fn recursive_types() {
    check("rec_list", Rec { v: 1, next: Some(Box::new(Rec { v: 2, next: None })) });
    let leaf = |n| Tree { n, kids: vec![] };
    check("rec_tree_slice", Tree { n: 1, kids: vec![leaf(2), Tree { n: 3, kids: vec![leaf(4)] }] });
    check("rec_tree_ptr_slice_first", vec![Some(PtrTree { n: 2, kids: vec![] })]);
    check("rec_slice", RecSlice(vec![RecSlice(vec![RecSlice(vec![])]), RecSlice(vec![])]));
    check("rec_map", RecMap(map("a".into(), RecMap(HashMap::new()))));
    check("rec_mutual_slices", MutualA(vec![MutualB(vec![MutualA(vec![])])]));
    let inner = MutB { a: Some(Box::new(MutA { b: None })), x: 5 };
    check("rec_mutual", MutA { b: Some(Box::new(inner)) });
    check("rec_struct_map", S { kids: Some(M(map("k".into(), S { kids: None }))) });
    check("rec_map_struct_first", M(map("k".into(), S { kids: None })));
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct PtrFields {
    a: Option<Vec<isize>>,
    b: Option<Option<HashMap<String, Option<isize>>>>,
    c: Option<[Option<isize>; 2]>,
    d: Vec<Option<Point>>,
    e: Option<Point>,
    f: Option<Option<isize>>,
    g: Option<String>,
}

#[test]
fn pointers_flatten_and_zeros_behind_them_vanish() {
    let full = PtrFields {
        a: Some(vec![1]),
        b: Some(Some(map("k".into(), Some(7)))),
        c: Some([Some(7), Some(7)]),
        d: vec![Some(point(1, 2))],
        e: Some(point(3, 4)),
        f: Some(Some(7)),
        g: Some("s".into()),
    };
    check("ptr_fields", full);
    check("ptr_fields_nil", PtrFields::default());
    let zero = PtrFields {
        a: Some(vec![]),
        c: Some([Some(0), Some(0)]),
        e: Some(point(0, 0)),
        f: Some(Some(0)),
        g: Some(String::new()),
        ..PtrFields::default()
    };
    encodes("ptr_fields_zero", &zero);
    let back: PtrFields = from_slice(&golden("ptr_fields_zero")).unwrap();
    assert_eq!((back.a, back.f, back.g), (None, None, None));
    assert_eq!((back.c, back.e), (Some([Some(0), Some(0)]), Some(point(0, 0))));
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct IntSlices {
    a: Vec<isize>,
    b: Vec<i32>,
    c: Vec<NamedInt>,
    d: Vec<Option<isize>>,
    e: Option<Vec<isize>>,
}

#[test]
fn slices_of_different_integers_are_different_types() {
    check("slices_of_int_variants", IntSlices { a: vec![1], b: vec![2], c: vec![], d: vec![], e: None });
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Pair<A, B> {
    first: A,
    second: B,
}

#[test]
fn generic_types_carry_their_arguments_in_the_name() {
    check("generic_pair", Pair { first: 1_isize, second: "x".to_owned() });
    check("generic_pair_composite", Pair { first: point(1, 2), second: vec!["x".to_owned()] });
}

/// A stream of several values, in both directions.
struct Stream {
    encoder: Encoder<Vec<u8>>,
    decoder: Decoder<std::io::Cursor<Vec<u8>>>,
}

impl Stream {
    fn new(name: &str) -> Self {
        Self { encoder: Encoder::new(Vec::new()), decoder: Decoder::new(std::io::Cursor::new(golden(name))) }
    }

    #[track_caller]
    fn next<T: Gob + Serialize + DeserializeOwned + PartialEq + Debug>(&mut self, value: T) {
        self.encoder.encode(&value).unwrap();
        assert_eq!(self.decoder.decode::<T>().unwrap(), Some(value));
    }

    #[track_caller]
    fn end(mut self) {
        assert!(!self.decoder.skip().unwrap(), "Go sent more");
        assert_eq!(self.encoder.into_inner(), self.decoder.into_inner().into_inner());
    }
}

#[test]
fn a_type_is_described_once_on_a_stream() {
    let mut stream = Stream::new("point_twice");
    stream.next(point(1, 2));
    stream.next(point(3, 4));
    stream.end();

    let mut stream = Stream::new("mixed_stream");
    stream.next(point(1, 2));
    stream.next(5_isize);
    stream.next("s".to_owned());
    stream.next(Inner { s: "x".into() });
    stream.next(vec![1_isize]);
    stream.next(point(3, 4));
    stream.next(vec![2_isize]);
    stream.end();
}

go_struct!(Args { a: isize, b: isize });
go_struct!(Reply { c: isize });

#[test]
fn net_rpc_headers_are_gos() {
    let request = |seq| Request { service_method: "Arith.Multiply".into(), seq };
    let mut stream = Stream::new("rpc_client_two_calls");
    stream.next(request(0));
    stream.next(Args { a: 7, b: 8 });
    stream.next(request(1));
    stream.next(Args { a: 1, b: 0 });
    stream.end();

    let response = |seq| Response { service_method: "Arith.Multiply".into(), seq, error: String::new() };
    let mut stream = Stream::new("rpc_server_ok");
    stream.next(response(0));
    stream.next(Reply { c: 56 });
    stream.next(response(1));
    stream.next(Reply { c: 0 });
    stream.end();

    let mut stream = Stream::new("rpc_server_int_reply");
    stream.next(response(0));
    stream.next(56_isize);
    stream.end();

    let error = "rpc: can't find method Arith.Nope".into();
    let mut stream = Stream::new("rpc_server_error");
    stream.next(Response { service_method: "Arith.Nope".into(), seq: 3, error });
    stream.next(());
    stream.end();
}

#[test]
fn every_stream_is_the_bytes_of_a_typed_value() {
    let files = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/golden")).unwrap();
    let files = files.map(|file| file.unwrap().path()).filter(|path| path.extension().is_some_and(|it| it == "gob"));
    let names = files.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned());
    assert_eq!(super::vectors::untested(names), [""; 0]);
}

/// What a Go struct has and this one lacks is read over, whatever it is.
fn reads_over(name: &str) {
    let everything: Empty = from_slice(&golden(name)).unwrap();
    assert_eq!(everything, Empty {});
}

#[test]
fn a_struct_without_fields_takes_any_struct() {
    for name in
        ["all_kinds_zero", "all_kinds_empties", "wide_last", "wide_first_last", "anon_struct_fields", "ptr_fields"]
    {
        reads_over(name);
    }
}
