//! Values as Go's `encoding/json` reads them, and its errors.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use gobrpc::Gob;
use gobrpc::gob::{ByteString, Limits, Value, to_vec};
use serde::{Deserialize, Serialize};

use super::super::{ARGS, Args};
use super::{decoded, decoded_within};

#[derive(Debug, Default, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct In {
    #[serde(rename = "ID")]
    id: isize,
    l: Vec<isize>,
    m: BTreeMap<String, isize>,
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Out {
    a: isize,
    r#in: In,
    p: Option<In>,
    s: Vec<In>,
    m: HashMap<String, In>,
    b: Vec<u8>,
    f: f32,
    u: u8,
    r: [isize; 2],
    #[serde(rename = "tt")]
    #[gob(name = "T")]
    t: BTreeMap<isize, String>,
    x: bool,
}

#[test]
fn what_does_not_come_is_zero() {
    assert_eq!(decoded::<Out>("{}").unwrap(), Out::default());
    assert_eq!(decoded::<Out>("null").unwrap(), Out::default());
    assert_eq!(decoded::<isize>("null").unwrap(), 0);
    assert_eq!(decoded::<Vec<String>>(r#"["a",null]"#).unwrap(), ["a", ""]);
    assert_eq!(decoded::<[isize; 2]>("[9]").unwrap(), [9, 0]);
    assert_eq!(decoded::<[isize; 2]>(r#"[1,2,"x"]"#).unwrap(), [1, 2]);
    assert_eq!(decoded::<BTreeMap<String, isize>>(r#"{"a":null}"#).unwrap()["a"], 0);
}

#[test]
fn a_default_of_serdes_stands_for_what_does_not_come_or_is_null() {
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase", default)]
    struct Settings {
        size: isize,
        name: String,
    }
    impl Default for Settings {
        fn default() -> Self {
            Self { size: 10, name: "x".into() }
        }
    }
    assert_eq!(decoded::<Settings>(r#"{"Size":null}"#).unwrap(), Settings::default());
    assert_eq!(decoded::<Settings>(r#"{"Size":0}"#).unwrap().size, 0);
}

#[test]
fn a_member_is_found_by_its_key_its_go_name_or_in_any_case() {
    for json in [r#"{"tt":{"1":"x"}}"#, r#"{"T":{"1":"x"}}"#, r#"{"TT":{"1":"x"}}"#, r#"{"t":{"1":"x"}}"#] {
        assert_eq!(decoded::<Out>(json).unwrap().t[&1], "x");
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct Kelvin {
        kelvin: isize,
        s: isize,
    }
    let folded = "{\"\u{212a}elvin\":1,\"\u{17f}\":2}";
    assert_eq!(decoded::<Kelvin>(folded).unwrap(), Kelvin { kelvin: 1, s: 2 });
}

#[test]
fn a_key_beats_the_go_name_of_another_field() {
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    struct Crossed {
        #[serde(rename = "B")]
        #[gob(name = "A")]
        first: isize,
        #[serde(rename = "A")]
        #[gob(name = "B")]
        second: isize,
    }
    assert_eq!(decoded::<Crossed>(r#"{"A":1,"B":2}"#).unwrap(), Crossed { first: 2, second: 1 });
}

#[test]
fn members_that_nobody_knows_are_read_over() {
    let json = r#"{"Z":{"x":[1,"]}\"",{}],"y":null}, "A" : 7 ,"Y":1e5,"B":8,"X":true}"#;
    assert_eq!(decoded::<Args>(json).unwrap(), ARGS);
}

#[test]
fn the_last_of_several_members_counts() {
    assert_eq!(decoded::<Args>(r#"{"A":1,"B":8,"A":6,"a":7}"#).unwrap(), ARGS);
    assert_eq!(decoded::<Args>(r#"{"A":7,"B":8,"A":null}"#).unwrap(), ARGS, "null changes nothing");
    let out: Out = decoded(r#"{"In":{"ID":1,"ID":2},"S":[{"ID":3,"ID":4},{}],"A":5,"A":6,"X":true}"#).unwrap();
    assert_eq!((out.r#in.id, out.s[0].id, out.s.len(), out.a, out.x), (2, 4, 2, 6, true));
    assert_eq!(decoded::<BTreeMap<String, isize>>(r#"{"a":1,"a":2}"#).unwrap()["a"], 2);
}

#[test]
fn strings_are_unescaped_and_made_utf8() {
    let json =
        b"\"\\ud800\\u0041 \\ud83d\\ude00 \\ude00 \xff \xe2\x82 \\ud800\\ud83d\\ude00\\/\\b\\f\\n\\r\\t\\\\\\\"\"";
    let want = "\u{fffd}A 😀 \u{fffd} \u{fffd} \u{fffd}\u{fffd} \u{fffd}😀/\u{8}\u{c}\n\r\t\\\"";
    assert_eq!(decoded::<String>(json).unwrap(), want);
    assert_eq!(decoded::<ByteString>(json).unwrap(), ByteString::from(want));
}

#[test]
fn bytes_come_as_base64_or_as_an_array() {
    assert_eq!(decoded::<Vec<u8>>(r#""AAE=""#).unwrap(), [0, 1]);
    assert_eq!(decoded::<Vec<u8>>(r#""AA\nE=\r""#).unwrap(), [0, 1], "line ends do not count");
    assert_eq!(decoded::<Vec<u8>>("[0,null,255]").unwrap(), [0, 0, 255]);
    assert_eq!(decoded::<serde_bytes::ByteBuf>(r#""AAE=""#).unwrap(), [0, 1]);
    assert_eq!(decoded::<Vec<u8>>(r#""!!""#).unwrap_err(), "illegal base64 data at input byte 0");
}

#[test]
fn sets_and_maps_of_integers_come_back() {
    assert_eq!(decoded::<BTreeSet<String>>(r#"{"a":{},"b":null}"#).unwrap().len(), 2);
    let map: BTreeMap<i8, u64> = decoded(r#"{"-128":18446744073709551615}"#).unwrap();
    assert_eq!(map[&-128], u64::MAX);
}

#[test]
fn numbers_must_fit() {
    assert_eq!(decoded::<f64>("-1.5e3").unwrap(), -1500.0);
    assert_eq!(decoded::<f64>("7").unwrap(), 7.0);
    assert_eq!(decoded::<isize>("-0").unwrap(), 0);
    assert_eq!(decoded::<i64>("-9223372036854775808").unwrap(), i64::MIN);
    for (json, error) in [
        ("9223372036854775808", "json: cannot unmarshal number 9223372036854775808 into Go value of type int"),
        ("1.0", "json: cannot unmarshal number 1.0 into Go value of type int"),
        ("1e2", "json: cannot unmarshal number 1e2 into Go value of type int"),
    ] {
        assert_eq!(decoded::<isize>(json).unwrap_err(), error);
    }
    assert_eq!(
        decoded::<f64>("1e400").unwrap_err(),
        "json: cannot unmarshal number 1e400 into Go value of type float64"
    );
}

#[test]
fn errors_name_the_field_as_go_does() {
    for (json, error) in [
        (r#"{"A":"x"}"#, "string into Go struct field Out.A of type int"),
        (r#"{"In":{"ID":"x"}}"#, "string into Go struct field In.In.ID of type int"),
        (r#"{"P":{"ID":"x"}}"#, "string into Go struct field In.P.ID of type int"),
        (r#"{"S":[{"ID":"x"}]}"#, "string into Go struct field In.S.ID of type int"),
        (r#"{"S":[1]}"#, "number into Go struct field Out.S of type main.In"),
        (r#"{"S":[{},{"L":[1,true]}]}"#, "bool into Go struct field In.S.L of type int"),
        (r#"{"M":{"k":{"ID":1.5}}}"#, "number 1.5 into Go struct field In.M.ID of type int"),
        (r#"{"M":{"k":5}}"#, "number into Go struct field Out.M of type main.In"),
        (r#"{"In":{"M":{"z":"y"}}}"#, "string into Go struct field In.In.M of type int"),
        (r#"{"B":[1,2,300]}"#, "number 300 into Go struct field Out.B of type uint8"),
        (r#"{"B":5}"#, "number into Go struct field Out.B of type []uint8"),
        (r#"{"F":1e40}"#, "number 1e40 into Go struct field Out.F of type float32"),
        (r#"{"F":"x"}"#, "string into Go struct field Out.F of type float32"),
        (r#"{"U":256}"#, "number 256 into Go struct field Out.U of type uint8"),
        (r#"{"U":-1}"#, "number -1 into Go struct field Out.U of type uint8"),
        (r#"{"R":[1,"x"]}"#, "string into Go struct field Out.R of type int"),
        (r#"{"R":5}"#, "number into Go struct field Out.R of type [2]int"),
        (r#"{"tt":{"x":"y"}}"#, "number x into Go struct field Out.tt of type int"),
        (r#"{"tt":{"1":5}}"#, "number into Go struct field Out.tt of type string"),
        (r#"{"tt":[]}"#, "array into Go struct field Out.tt of type map[int]string"),
        (r#"{"X":1}"#, "number into Go struct field Out.X of type bool"),
        (r#"{"X":{}}"#, "object into Go struct field Out.X of type bool"),
        (r#"{"A":[]}"#, "array into Go struct field Out.A of type int"),
        (r#"{"In":[]}"#, "array into Go struct field Out.In of type main.In"),
        (r#"{"P":{"ID":1},"A":"x"}"#, "string into Go struct field Out.A of type int"),
        ("5", "number into Go value of type main.Out"),
        (r#""x""#, "string into Go value of type main.Out"),
    ] {
        assert_eq!(decoded::<Out>(json).unwrap_err(), format!("json: cannot unmarshal {error}"), "{json}");
    }
    let error = decoded::<BTreeMap<String, In>>(r#"{"a":{"ID":"x"}}"#).unwrap_err();
    assert_eq!(error, "json: cannot unmarshal string into Go struct field In.ID of type int");
}

#[test]
fn a_map_whose_keys_are_no_strings_cannot_come() {
    let error = decoded::<BTreeMap<bool, isize>>(r#"{"a":1}"#).unwrap_err();
    assert_eq!(error, "json: cannot unmarshal object into Go value of type map[bool]int");
}

#[test]
fn nothing_says_what_a_closed_interface_holds() {
    #[derive(Debug, Serialize, Deserialize, Gob)]
    #[gob(interface, name = "Shape")]
    enum Shape {
        Args(Args),
    }
    assert!(decoded::<Option<Shape>>("null").unwrap().is_none());
    let error = decoded::<Option<Shape>>(r#"{"A":7,"B":8}"#).unwrap_err();
    assert!(error.starts_with("json: cannot unmarshal object into Go value of type "), "{error}");
}

#[test]
fn an_open_interface_holds_what_go_would_put_there() {
    let json = r#"{"n":1,"s":"x","b":true,"nil":null,"list":[1.5,{"k":[]}],"s":"y"}"#;
    let value: Value = decoded(json).unwrap();
    assert_eq!(value.get("n").unwrap().as_f64(), Some(1.0));
    assert_eq!(value.get("s").unwrap().as_str(), Some("y"));
    assert_eq!(value.get("b").unwrap().as_bool(), Some(true));
    assert!(value.get("nil").unwrap().is_nil());
    assert_eq!(super::encoded(&value).unwrap(), r#"{"b":true,"list":[1.5,{"k":[]}],"n":1,"nil":null,"s":"y"}"#);
    assert!(decoded::<Value>("null").unwrap().is_nil());
}

#[test]
fn an_open_interface_from_json_can_go_into_a_gob_stream() {
    #[derive(Serialize, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct Holder {
        value: Value,
    }
    let holder: Holder = decoded(r#"{"Value":{"list":[1,"x",null]}}"#).unwrap();
    let bytes = to_vec(&holder).unwrap();
    let again: Holder = gobrpc::gob::from_slice(&bytes).unwrap();
    assert_eq!(again.value, holder.value);
}

#[test]
fn constants_are_known_by_their_values() {
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[gob(repr = "int")]
    enum Level {
        None = 0,
        High = 7,
    }
    assert_eq!(decoded::<Vec<Level>>("[7,null]").unwrap(), [Level::High, Level::None]);
    assert_eq!(decoded::<Level>("3").unwrap_err(), "gob: 3 is no constant of main.Level");
}

#[test]
fn a_value_that_nests_too_deep_is_not_decoded() {
    let limits = Limits::new().depth(2);
    decoded_within::<Vec<Vec<isize>>>(limits, "[[1]]").unwrap();
    let error = decoded_within::<Vec<Vec<Vec<isize>>>>(limits, "[[[1]]]").unwrap_err();
    assert_eq!(error, "gob: value nests deeper than 2 levels");
    decoded_within::<()>(limits, r#"{"x":[[[[[]]]]]}"#).expect("what is read over may be as deep as it likes");
}
