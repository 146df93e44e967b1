//! Values as Go's `encoding/json` writes them.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use gobrpc::Gob;
use gobrpc::gob::opaque::Opaque;
use gobrpc::gob::ty::{Kind, Marshaler, Type};
use gobrpc::gob::{self, ByteString, Limits, Time, Value, to_value};
use gobrpc::rpc::codec::JsonCodec;
use gobrpc::rpc::proto::ClientConn;
use serde::ser::SerializeSeq;
use serde::{Deserialize, Serialize, Serializer};

use super::super::{ARGS, Args};
use super::{decoded, encoded};

#[test]
fn a_call_is_one_line_with_its_keys_in_gos_order() {
    let mut client = ClientConn::new(JsonCodec::new());
    client.start("Arith.Multiply", &ARGS).unwrap();
    client.start("Arith.Multiply", &Args { a: 3, b: -5 }).unwrap();
    let sent = String::from_utf8(client.poll_transmit().unwrap()).unwrap();
    assert_eq!(
        sent,
        "{\"method\":\"Arith.Multiply\",\"params\":[{\"A\":7,\"B\":8}],\"id\":0}\n\
         {\"method\":\"Arith.Multiply\",\"params\":[{\"A\":3,\"B\":-5}],\"id\":1}\n"
    );
}

#[test]
fn no_arguments_are_null() {
    assert_eq!(encoded(&None::<Args>).unwrap(), "null");
}

#[test]
fn a_field_goes_by_the_name_that_serde_knows() {
    #[derive(Serialize, Deserialize, Gob)]
    struct Tagged {
        #[gob(name = "Number")]
        #[serde(rename = "number")]
        n: u8,
        #[serde(rename = "<Html>")]
        #[gob(name = "Html")]
        html: bool,
    }
    assert_eq!(encoded(&Tagged { n: 1, html: true }).unwrap(), r#"{"number":1,"\u003cHtml\u003e":true}"#);
}

#[test]
fn an_empty_struct_and_nothing_are_empty_objects() {
    #[derive(Serialize, Deserialize, Gob)]
    struct Empty;
    assert_eq!(encoded(&()).unwrap(), "{}");
    assert_eq!(encoded(&Empty).unwrap(), "{}");
}

#[test]
fn zeros_are_not_left_out() {
    #[derive(Default, Serialize, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct Zeros {
        int: i64,
        text: String,
        list: Vec<i64>,
        bytes: Vec<u8>,
        map: BTreeMap<String, i64>,
        pointer: Option<i64>,
        nil_map: Option<BTreeMap<String, i64>>,
        array: [u8; 2],
        inner: Option<Box<Self>>,
    }
    let want =
        r#"{"Int":0,"Text":"","List":[],"Bytes":"","Map":{},"Pointer":null,"NilMap":null,"Array":[0,0],"Inner":null}"#;
    assert_eq!(encoded(&Zeros::default()).unwrap(), want);
}

#[test]
fn bytes_are_base64_however_serde_gives_them() {
    assert_eq!(encoded(&vec![0_u8, 1, 254, 255]).unwrap(), r#""AAH+/w==""#);
    assert_eq!(encoded(&serde_bytes::ByteBuf::from(vec![0, 1, 254, 255])).unwrap(), r#""AAH+/w==""#);
    assert_eq!(encoded(&[0_u8, 1, 254]).unwrap(), "[0,1,254]", "an array is none");
}

#[test]
fn strings_are_escaped_for_html_and_made_utf8() {
    let text = "<>&\u{2028}\u{2029}\0\u{1f}\u{7f}\u{8}\u{c}\n\r\t\"\\/é😀";
    let want = r#""\u003c\u003e\u0026\u2028\u2029\u0000\u001f"#.to_owned() + "\u{7f}" + r#"\b\f\n\r\t\"\\/é😀""#;
    assert_eq!(encoded(&text).unwrap(), want);
    let broken = ByteString::from(&b"a\xff\xe2\x82x"[..]);
    assert_eq!(encoded(&broken).unwrap(), r#""a\ufffd\ufffd\ufffdx""#);
}

#[test]
fn floats_are_as_short_as_in_go() {
    for (value, want) in [
        (0.0, "0"),
        (-0.0, "-0"),
        (17.0, "17"),
        (-2.5, "-2.5"),
        (1e20, "100000000000000000000"),
        (1e21, "1e+21"),
        (123456789e15, "1.23456789e+23"),
        (1e-6, "0.000001"),
        (1e-7, "1e-7"),
        (1.5e-10, "1.5e-10"),
        (f64::MAX, "1.7976931348623157e+308"),
        (5e-324, "5e-324"),
        (0.1, "0.1"),
    ] {
        assert_eq!(encoded(&value).unwrap(), want);
    }
    assert_eq!(encoded(&0.1_f32).unwrap(), "0.1");
    assert_eq!(encoded(&1.2345679e23_f32).unwrap(), "1.2345679e+23");
}

#[test]
fn a_float_that_is_no_number_cannot_be_sent() {
    assert_eq!(encoded(&f64::NAN).unwrap_err(), "json: unsupported value: NaN");
    assert_eq!(encoded(&vec![f64::INFINITY]).unwrap_err(), "json: unsupported value: +Inf");
    assert_eq!(encoded(&f32::NEG_INFINITY).unwrap_err(), "json: unsupported value: -Inf");
}

#[test]
fn the_largest_integers_keep_all_their_digits() {
    assert_eq!(encoded(&u64::MAX).unwrap(), "18446744073709551615");
    assert_eq!(encoded(&i64::MIN).unwrap(), "-9223372036854775808");
}

#[test]
fn a_map_is_sorted_by_its_keys_as_they_are_unescaped() {
    let map = HashMap::from([("b<", 1_isize), ("b", 2), ("a\"", 3), ("é", 4), ("B", 5), ("b=", 6)]);
    assert_eq!(encoded(&map).unwrap(), r#"{"B":5,"a\"":3,"b":2,"b\u003c":1,"b=":6,"é":4}"#);
}

#[test]
fn integer_keys_are_strings_and_sorted_as_such() {
    let map = BTreeMap::from([(10_i32, 'a'), (9, 'b'), (-1, 'c')]);
    assert_eq!(encoded(&map).unwrap(), r#"{"-1":99,"10":97,"9":98}"#);
}

#[test]
fn a_set_is_a_map_to_empty_structs() {
    assert_eq!(encoded(&BTreeSet::from(["a", "b"])).unwrap(), r#"{"a":{},"b":{}}"#);
}

#[test]
fn a_map_whose_keys_are_no_strings_has_no_form() {
    let map = BTreeMap::from([(true, 1_isize)]);
    assert_eq!(encoded(&map).unwrap_err(), "json: unsupported type: map[bool]int");
}

#[test]
fn constants_are_what_they_are_in_go() {
    #[derive(Clone, Copy, Serialize, Deserialize, Gob)]
    #[gob(repr = "int")]
    enum Level {
        Low = -1,
        High = 7,
    }
    #[derive(Serialize, Deserialize, Gob)]
    #[gob(repr = "string")]
    #[serde(rename_all = "lowercase")]
    enum Color {
        Red,
    }
    assert_eq!(encoded(&vec![Level::Low, Level::High]).unwrap(), "[-1,7]");
    assert_eq!(encoded(&Color::Red).unwrap(), r#""red""#);
}

#[test]
fn an_interface_is_what_it_holds() {
    #[derive(Serialize, Deserialize, Gob)]
    #[gob(interface)]
    enum Shape {
        Args(Args),
    }
    assert_eq!(encoded(&vec![Some(Shape::Args(ARGS)), None]).unwrap(), r#"[{"A":7,"B":8},null]"#);
}

#[test]
fn a_dynamic_value_is_what_it_holds() {
    let map = BTreeMap::from([("b", vec![1.5]), ("a", vec![])]);
    let value = to_value(&map).unwrap();
    assert_eq!(encoded(&value).unwrap(), r#"{"a":[],"b":[1.5]}"#);
    assert_eq!(encoded(&to_value(&ARGS).unwrap()).unwrap(), r#"{"A":7,"B":8}"#);
    assert_eq!(encoded(&Value::from(vec![1_u8])).unwrap(), r#""AQ==""#);
    assert_eq!(encoded(&Value::Complex(1.0, 2.0)).unwrap_err(), "json: unsupported type: complex128");
}

#[test]
fn a_type_that_encodes_itself_has_its_readable_form() {
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct Span {
        from: Time,
        to: Option<Time>,
        all: BTreeMap<String, Time>,
    }
    let from = Time::from_unix(1, 5).unwrap().in_utc();
    let span = Span { from, to: None, all: BTreeMap::from([("x".to_owned(), from)]) };
    let sent = encoded(&span).unwrap();
    let time = "1970-01-01T00:00:01.000000005Z";
    assert_eq!(sent, format!(r#"{{"From":"{time}","To":null,"All":{{"x":"{time}"}}}}"#));
    assert_eq!(decoded::<Span>(&sent).unwrap(), span);
    assert_eq!(decoded::<Span>(r#"{"From":null}"#).unwrap().from, Time::default());
    assert_eq!(encoded(&from).unwrap(), format!(r#""{time}""#));
    assert_eq!(decoded::<Time>(format!(r#""{time}""#)).unwrap(), from);
}

#[test]
fn a_type_that_has_but_its_bytes_is_base64() {
    #[derive(Gob)]
    #[gob(opaque)]
    struct Half(u16);
    impl Opaque for Half {
        const NAME: &'static str = "Half";
        const MARSHALER: Marshaler = Marshaler::Binary;
        const ZERO: &'static [u8] = &[0, 0];
        fn marshal(&self, out: &mut Vec<u8>) -> gob::Result<()> {
            out.extend_from_slice(&self.0.to_be_bytes());
            Ok(())
        }
        fn unmarshal(bytes: &[u8]) -> gob::Result<Self> {
            Ok(Self(u16::from_be_bytes(bytes.try_into().unwrap())))
        }
    }
    #[derive(Serialize, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct Halves {
        half: Half,
    }
    let sent = encoded(&Halves { half: Half(1) }).unwrap();
    assert_eq!(sent, r#"{"Half":"AAE="}"#);
    assert_eq!(decoded::<Halves>(&sent).unwrap().half.0, 1);
    assert_eq!(decoded::<Halves>("{}").unwrap().half.0, 0);
}

#[cfg(feature = "num-bigint")]
#[test]
fn a_large_integer_is_a_number_of_as_many_digits() {
    use gobrpc::gob::big;

    for digits in ["7", "-18446744073709551616", "-123456789012345678901234567890"] {
        assert_eq!(encoded(&decoded::<big::Int>(digits).unwrap()).unwrap(), digits);
    }
    let digits = "9".repeat(100);
    let value = decoded::<big::Int>(&digits).unwrap();
    assert_eq!(value.to_string(), digits);
}

#[test]
fn a_sequence_of_unknown_length_can_be_sent() {
    struct Odd;
    impl Gob for Odd {
        const TYPE: &'static Type = <Vec<isize> as Gob>::TYPE;
        const KIND: Kind = Kind::Slice;
    }
    impl Serialize for Odd {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut seq = serializer.serialize_seq(None)?;
            (1..6).filter(|n| n % 2 == 1).try_for_each(|n| seq.serialize_element(&n))?;
            seq.end()
        }
    }
    assert_eq!(encoded(&Odd).unwrap(), "[1,3,5]");
}

#[test]
fn arguments_that_fail_leave_nothing_behind() {
    let mut client = ClientConn::new(JsonCodec::new());
    client.start("S.M", &vec![1.0, f64::NAN]).unwrap_err();
    assert_eq!(client.poll_transmit(), None);
    client.start("S.M", &1_isize).unwrap();
    assert_eq!(client.poll_transmit().unwrap(), b"{\"method\":\"S.M\",\"params\":[1],\"id\":0}\n");
}

#[test]
fn arguments_that_panic_leave_nothing_behind() {
    struct Once(Cell<bool>);
    impl Gob for Once {
        const TYPE: &'static Type = <Vec<isize> as Gob>::TYPE;
        const KIND: Kind = Kind::Slice;
    }
    impl Serialize for Once {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut seq = serializer.serialize_seq(None)?;
            seq.serialize_element(&1_isize)?;
            assert!(!self.0.replace(false), "not yet");
            seq.end()
        }
    }
    let (mut client, once) = (ClientConn::new(JsonCodec::new()), Once(Cell::new(true)));
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| client.start("S.M", &once))).unwrap_err();
    client.start("S.M", &once).unwrap();
    assert_eq!(client.poll_transmit().unwrap(), b"{\"method\":\"S.M\",\"params\":[[1]],\"id\":0}\n");
}

#[test]
fn a_value_that_nests_too_deep_is_not_sent() {
    let mut client = ClientConn::new(JsonCodec::with_limits(Limits::new().depth(2)));
    client.start("S.M", &vec![vec![1_isize]]).unwrap();
    let error = client.start("S.M", &vec![vec![vec![1_isize]]]).unwrap_err();
    assert_eq!(error.to_string(), "gob: value nests deeper than 2 levels");
}
