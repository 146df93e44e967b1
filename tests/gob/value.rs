//! Values of unknown type: access, and life on a stream with typed ones.

use std::collections::HashMap;
use std::io::Cursor;

use gobrpc::Gob;
use gobrpc::gob::{
    ByteString, Category, Decoder, Encoder, ErrorKind, Limits, Registry, Struct, Value, from_slice, to_value, to_vec,
};
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

/// What is encoded after `change`.
fn changed<T: Gob + Serialize>(of: &T, change: impl FnOnce(&mut Struct) -> gobrpc::gob::Result<()>) -> Vec<u8> {
    let mut value = value(&to_vec(of).unwrap());
    let Value::Struct(parts) = &mut value else { panic!("{value:?}") };
    change(parts).unwrap();
    let mut encoder = Encoder::new(Vec::new());
    encoder.encode_value(&value).unwrap();
    encoder.into_inner()
}

#[test]
fn a_changed_field_is_encoded_as_if_it_had_been_so() {
    let older = Person { age: 37, ..person() };
    assert_eq!(changed(&person(), |person| person.set("Age", 37)), to_vec(&older).unwrap());
    // One that did not come, and one that is zero now.
    let newborn = Person { age: 0, ..person() };
    assert_eq!(changed(&newborn, |person| person.set("Age", 37)), to_vec(&older).unwrap());
    assert_eq!(changed(&older, |person| person.set("Age", 0)), to_vec(&newborn).unwrap());
    assert_eq!(changed(&older, |person| person.set("Age", Value::default())), to_vec(&newborn).unwrap());
}

#[test]
fn a_part_of_another_stream_becomes_part_of_a_value() {
    let tags = vec!["math".to_owned(), "engines".to_owned()];
    let engineer = to_vec(&Person { tags: tags.clone(), ..person() }).unwrap();
    assert_eq!(changed(&person(), |person| person.set("Tags", to_value(&tags)?)), engineer);
    let append = |person: &mut Struct| {
        let Some(Value::Slice(mut tags)) = person.get("Tags").cloned() else { panic!("{person:?}") };
        tags.set_items(tags.items().iter().cloned().chain(["engines".into()]).collect())?;
        person.set("Tags", Value::Slice(tags))
    };
    assert_eq!(changed(&person(), append), engineer);
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Gob)]
struct Nested {
    inner: Person,
    pair: [i64; 2],
    ages: HashMap<String, i64>,
    any: Value,
    next: Option<Box<Self>>,
}

fn nested() -> Nested {
    let ages = HashMap::from([("Ada".to_owned(), 36)]);
    Nested { inner: person(), pair: [1, 2], ages, any: "x".into(), next: None }
}

#[test]
fn parts_of_parts_can_be_changed() {
    let mut want = nested();
    want.inner.name = "Bob".to_owned();
    want.pair = [3, 4];
    want.ages = HashMap::from([("Bob".to_owned(), 3)]);
    want.any = "y".into();
    want.next = Some(Box::new(nested()));
    let got = changed(&nested(), |parts| {
        let Some(Value::Struct(mut inner)) = parts.get("Inner").cloned() else { panic!("{parts:?}") };
        inner.set("Name", "Bob")?;
        parts.set("Inner", Value::Struct(inner))?;
        let Some(Value::Array(mut pair)) = parts.get("Pair").cloned() else { panic!("{parts:?}") };
        pair.set_items(vec![3.into(), 4.into()])?;
        parts.set("Pair", Value::Array(pair))?;
        let Some(Value::Map(mut ages)) = parts.get("Ages").cloned() else { panic!("{parts:?}") };
        ages.set_entries(vec![("Bob".into(), 3.into())])?;
        parts.set("Ages", Value::Map(ages))?;
        let Some(Value::Interface(Some(mut any))) = parts.get("Any").cloned() else { panic!("{parts:?}") };
        any.set_value("y")?;
        parts.set("Any", Value::Interface(Some(any)))?;
        parts.set("Next", to_value(&nested())?)
    });
    assert_eq!(got, to_vec(&want).unwrap());
}

#[test]
fn a_scalar_becomes_an_interface_where_there_has_to_be_one() {
    let got = changed(&nested(), |parts| parts.set("Any", 7));
    assert_eq!(from_slice::<Nested>(&got).unwrap().any.to_string(), "int(7)");
}

#[test]
fn a_part_of_another_type_is_refused_and_changes_nothing() {
    let bytes = to_vec(&nested()).unwrap();
    let unchanged = changed(&nested(), |parts| {
        let refused = |result: gobrpc::gob::Result<()>, text: &str| {
            let error = result.unwrap_err();
            assert_eq!((error.to_string().as_str(), error.classify()), (text, Category::Type));
        };
        refused(parts.set("Inner", "x"), "gob: Nested.Inner takes Person, not string");
        refused(
            parts.set("Pair", to_value(&[1_i64, 2, 3])?),
            "gob: Nested.Pair takes [2]int64, not an array without a name",
        );
        refused(
            parts.set("Ages", to_value(&HashMap::from([(1, 2)]))?),
            "gob: Nested.Ages takes map[string]int64, not a map without a name",
        );
        refused(parts.set("Nope", 1), "gob: Go type Nested has no field for serde's \"Nope\"");
        let Some(Value::Map(mut ages)) = parts.get("Ages").cloned() else { panic!("{parts:?}") };
        refused(ages.set_entries(vec![(1.into(), 1.into())]), "gob: a key of map[string]int64 takes string, not int");
        refused(
            ages.set_entries(vec![("x".into(), "y".into())]),
            "gob: an element of map[string]int64 takes int, not string",
        );
        let Some(Value::Array(mut pair)) = parts.get("Pair").cloned() else { panic!("{parts:?}") };
        refused(pair.set_items(vec!["x".into(), 1.into()]), "gob: an element of [2]int64 takes int, not string");
        assert!(matches!(pair.set_items(vec![]).unwrap_err().kind(), ErrorKind::ArrayLength));
        let Some(Value::Interface(Some(mut any))) = parts.get("Any").cloned() else { panic!("{parts:?}") };
        refused(any.set_value(1), "gob: an interface that holds string takes string, not int");
        parts.set("Ages", Value::Map(ages))
    });
    assert_eq!(unchanged, bytes);
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
            to_value(&inner).unwrap().serialize(serializer)
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
