//! Values of unknown type: access, and life on a stream with typed ones.

use std::collections::HashMap;
use std::io::Cursor;

use gobrpc::Gob;
use gobrpc::gob::{ByteString, Decoder, Encoder, ErrorKind, Limits, Registry, Value, from_slice, to_vec};
use serde::{Deserialize, Serialize};

use super::hex;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Person {
    name: String,
    age: i64,
    tags: Vec<String>,
}

fn person() -> Person {
    Person { name: "Ada".into(), age: 36, tags: vec!["math".into()] }
}

fn value(bytes: &[u8]) -> Value {
    Decoder::new(bytes).decode_value().unwrap().unwrap()
}

#[test]
fn fields_are_found_by_name() {
    let value = value(&to_vec(&person()).unwrap());
    assert_eq!(value.get("Name").and_then(Value::as_str), Some("Ada"));
    assert_eq!(value.get("Age").and_then(Value::as_i64), Some(36));
    assert_eq!(value.get("Nope"), None);
    let Value::Struct(person) = &value else { panic!("{value:?}") };
    assert_eq!(person.type_name(), "Person");
    assert_eq!(person.names(), ["Name", "Age", "Tags"]);
}

#[test]
fn a_value_goes_out_on_a_stream_with_typed_ones() {
    let dynamic = value(&to_vec(&person()).unwrap());
    let mut encoder = Encoder::new(Vec::new());
    // The type from elsewhere had id 64 there, which is taken here.
    encoder.encode(&vec![1_i64]).unwrap();
    encoder.encode_value(&dynamic).unwrap();
    encoder.encode(&vec![vec![2_u64]]).unwrap();
    encoder.encode_value(&dynamic).unwrap();
    encoder.encode(&person()).unwrap();
    let mut decoder = Decoder::new(Cursor::new(encoder.into_inner()));
    assert_eq!(decoder.decode().unwrap(), Some(vec![1_i64]));
    assert_eq!(decoder.decode().unwrap(), Some(person()));
    assert_eq!(decoder.decode().unwrap(), Some(vec![vec![2_u64]]));
    assert_eq!(decoder.decode_value().unwrap(), Some(dynamic));
    assert_eq!(decoder.decode().unwrap(), Some(person()));
    assert_eq!(decoder.decode::<Person>().unwrap(), None);
}

#[test]
fn a_string_that_is_not_utf8_is_kept() {
    let bytes = hex("05 0c 00 02 c3 28");
    assert_eq!(value(&bytes), Value::String(b"\xc3("[..].into()));
    let text: ByteString = from_slice(&bytes).unwrap();
    assert_eq!(text.as_bytes(), b"\xc3(");
    assert_eq!(format!("{text:?}"), r#""\xc3(""#);
    assert_eq!(to_vec(&text).unwrap(), bytes);
    assert!(from_slice::<String>(&bytes).is_err());
}

#[test]
fn bytes_find_what_is_under_a_string_that_need_not_be_utf8() {
    let map = HashMap::from([(ByteString::from(&b"\xc3("[..]), 1_i64)]);
    let decoded: HashMap<ByteString, i64> = from_slice(&to_vec(&map).unwrap()).unwrap();
    assert_eq!(decoded.get(&b"\xc3("[..]), Some(&1));
    assert_eq!(decoded.get("(".as_bytes()), None);
}

#[test]
fn a_deep_value_is_an_error() {
    // []any in []any in …: each level is a name, an id, a count of bytes and a slice of one.
    #[derive(Serialize, Gob)]
    struct Tree {
        #[serde(rename = "Kids")]
        kids: Vec<Self>,
    }
    let mut tree = Tree { kids: vec![] };
    for _ in 0..60 {
        tree = Tree { kids: vec![tree] };
    }
    let bytes = to_vec(&tree).unwrap();
    let error = Decoder::with_limits(&bytes[..], Limits::new().depth(50)).decode_value().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TooDeep(50)), "{error:?}");
    value(&bytes);
}

/// 22 structs, each holding the next twice: what it costs is what was sent, not what the types could spell out.
#[test]
fn a_type_that_doubles_at_every_level_costs_nothing() {
    let mut bytes = Vec::new();
    for id in 64..86_i64 {
        let int = |n: i64| to_vec(&n).unwrap()[3..].to_vec();
        let next = int(if id == 85 { 2 } else { id + 1 });
        let fields = [hex("01 02 01 01 41 01"), next.clone(), hex("00 01 01 42 01"), next, hex("00 00 00")].concat();
        let body = [int(-id), hex("03 01 02"), int(id), hex("00"), fields].concat();
        bytes.push(body.len() as u8);
        bytes.extend(body);
    }
    bytes.extend(hex("03 ff80 00"));
    let Value::Struct(top) = value(&bytes) else { panic!() };
    assert_eq!(top.fields(), []);
}

fn vector(name: &str) -> Vec<u8> {
    super::vectors::stream(name)
}

/// It decodes with `Value` where Go has an interface, and encodes to the same bytes.
#[track_caller]
fn passes<T: Gob + Serialize + serde::de::DeserializeOwned>(name: &str) -> T {
    let bytes = vector(name);
    let value: T = from_slice(&bytes).unwrap();
    assert_eq!(to_vec(&value).unwrap(), bytes, "{name}");
    value
}

#[derive(Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Holder {
    before: isize,
    i: Value,
    after: isize,
}

#[test]
fn a_value_in_a_field_is_an_interface() {
    assert_eq!(passes::<Holder>("iface_field_int").i.as_i64(), Some(5));
    assert!(passes::<Holder>("iface_field_nil").i.is_nil());
    assert_eq!(passes::<Holder>("iface_field_zero_int").i.as_i64(), Some(0));
    for name in [
        "iface_field_struct",
        "iface_field_struct_ptr",
        "iface_nested_2",
        "iface_nested_3",
        "iface_wrap_multi_defs",
        "iface_slice_int",
        "iface_custom_name",
    ] {
        let holder: Holder = passes(name);
        assert!(!holder.i.is_nil());
        assert_eq!((holder.before, holder.after), (1, 2));
    }
}

#[test]
fn values_are_elements_of_slices_and_maps() {
    assert_eq!(passes::<Vec<Value>>("slice_iface_basic")[0].as_i64(), Some(1));
    assert_eq!(passes::<Vec<Value>>("iface_slice_mixed")[0].get("A").and_then(Value::as_i64), Some(1));
    passes::<Vec<Value>>("iface_registered_ptr");
    passes::<HashMap<String, Value>>("iface_map_any");
}

#[test]
fn a_value_at_top_level_is_written_as_it_was() {
    for name in ["int_three", "iface_top_nil", "iface_top_struct", "point", "map_string_int", "iface_slice_mixed"] {
        let value: Value = from_slice(&vector(name)).unwrap();
        assert_eq!(to_vec(&value).unwrap(), vector(name), "{name}");
        assert_eq!(to_vec(&Some(&Box::new(value))).unwrap(), vector(name), "{name}");
    }
    assert_eq!(to_vec(&None::<Value>).unwrap(), vector("iface_top_nil"));
}

#[test]
fn a_value_at_top_level_takes_anything() {
    assert_eq!(from_slice::<Value>(&vector("int_three")).unwrap(), Value::Int(3));
    assert_eq!(from_slice::<Value>(&vector("iface_top_nil")).unwrap(), Value::Interface(None));
    assert_eq!(from_slice::<Value>(&vector("point")).unwrap().get("X").and_then(Value::as_i64), Some(22));
}

/// G113
#[test]
fn a_scalar_goes_into_an_interface_under_gos_name_for_it() {
    let bytes = to_vec(&Holder { before: 1, i: Value::Int(5), after: 2 }).unwrap();
    assert_eq!(bytes, vector("iface_field_int"));
    let holder = Holder { before: 1, i: value(&to_vec(&person()).unwrap()), after: 2 };
    assert!(to_vec(&holder).is_err(), "a struct has no name until it is registered");
}

#[test]
fn a_value_goes_to_other_formats_as_what_it_holds() {
    let value = value(&to_vec(&person()).unwrap());
    assert_eq!(serde_json::to_string(&value).unwrap(), r#"{"Name":"Ada","Age":36,"Tags":["math"]}"#);
    assert!(serde_json::from_str::<Value>("1").is_err());
}

/// A session store: `map[interface{}]interface{}`.
#[test]
#[expect(clippy::mutable_key_type, reason = "the table of types behind a value only grows")]
fn a_value_is_a_key() {
    let map = HashMap::from([(Value::from("user"), Value::from(7)), (Value::from(2.5), Value::from(f64::NAN))]);
    let decoded: HashMap<Value, Value> = from_slice(&to_vec(&map).unwrap()).unwrap();
    assert_eq!(decoded.len(), 2);
    assert_eq!(decoded[&Value::from("user")].as_i64(), Some(7));
    assert_eq!(decoded[&Value::from("user").into_interface().unwrap()].as_i64(), Some(7));
    assert_eq!(decoded, map);
    let wrapped: HashMap<Value, Value> =
        map.into_iter().map(|(key, value)| (key.into_interface().unwrap(), value.into_interface().unwrap())).collect();
    assert_eq!(decoded, wrapped);
}

#[test]
fn a_value_under_another_name_is_another_key() {
    let registry = Registry::new();
    assert_eq!(registry.wrap(&7_isize).unwrap(), Value::from(7));
    assert_eq!(registry.wrap(&7_usize).unwrap(), Value::from(7_u8));
    assert_ne!(registry.wrap(&7_i8).unwrap(), Value::from(7));
    assert_ne!(registry.wrap(&7_i8).unwrap(), registry.wrap(&7_i16).unwrap());
    assert_ne!(Value::default(), Value::from(0));
}

#[test]
fn maps_are_equal_in_any_order() {
    // {"a": x, "b": y} in either order.
    let map = |entries: &str| value(&hex(&format!("0d 7f 04 01 02 ff80 00 01 0c 01 04 00 00 {entries}")));
    let ab = map("0a ff80 00 02 01 61 02 01 62 04");
    assert_eq!(ab.to_string(), r#"map["a": 1, "b": 2]"#);
    assert_eq!(ab, map("0a ff80 00 02 01 62 04 01 61 02"));
    assert_ne!(ab, map("0a ff80 00 02 01 61 04 01 62 02"));
    assert_ne!(ab, map("07 ff80 00 01 01 61 02"));
}

#[test]
fn a_value_may_be_made_while_another_is_encoded() {
    /// Makes its value only when it is asked for it, and encodes others on the way.
    struct Late;

    impl Serialize for Late {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let inner = vec![Value::from(1).into_interface().unwrap(), Value::Interface(None)];
            gobrpc::gob::to_value(&inner).unwrap().serialize(serializer)
        }
    }

    let any = gobrpc::gob::ty::Type::parse("any").unwrap();
    let mut encoder = Encoder::new(Vec::new());
    encoder.encode_as(any, &Late).unwrap();
    assert_eq!(value(encoder.get_ref()).to_string(), "[int(1), nil]");
}

#[test]
fn a_value_that_cannot_be_made_is_an_error() {
    struct Never;

    impl Serialize for Never {
        fn serialize<S: serde::Serializer>(&self, _serializer: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("not today"))
        }
    }

    let any = gobrpc::gob::ty::Type::parse("any").unwrap();
    let mut encoder = Encoder::new(Vec::new());
    assert_eq!(encoder.encode_as(any, &Never).unwrap_err().to_string(), "not today");
    assert!(encoder.into_inner().is_empty());
}

#[test]
fn a_value_is_a_nil_interface_by_default() {
    assert!(Value::default().is_nil());
}
