//! Open interfaces with values of Rust types, and conversion between typed and dynamic values.

use std::collections::HashMap;

use gobrpc::Gob;
use gobrpc::gob::{ByteString, Encoder, Registry, Time, Value, from_slice, from_value, to_value, to_vec};
use serde::{Deserialize, Serialize};

use super::vectors::stream;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct T1 {
    a: isize,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct T2 {
    b: String,
}

#[derive(Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Holder {
    before: isize,
    i: Value,
    after: isize,
}

#[derive(Debug, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Narrow {
    a: i8,
}

fn registry() -> Registry {
    let mut registry = Registry::new();
    registry.register::<T1>().unwrap().register::<T2>().unwrap();
    registry
}

#[test]
fn a_registered_value_in_an_interface_is_written_as_go_writes_it() {
    let i = registry().wrap(&T1 { a: 7 }).unwrap();
    assert_eq!(to_vec(&Holder { before: 1, i, after: 2 }).unwrap(), stream("iface_field_struct"));
    let registry = registry();
    let mixed = vec![
        registry.wrap(&T1 { a: 1 }).unwrap(),
        registry.wrap(&T2 { b: "x".into() }).unwrap(),
        registry.wrap(&T1 { a: 2 }).unwrap(),
        Value::Interface(None),
        registry.wrap(&5_isize).unwrap(),
    ];
    assert_eq!(to_vec(&mixed).unwrap(), stream("iface_slice_mixed"));
}

#[test]
fn a_value_is_taken_out_by_its_name() {
    let registry = registry();
    let holder: Holder = from_slice(&stream("iface_field_struct")).unwrap();
    assert_eq!(registry.unwrap::<T1>(&holder.i).unwrap(), T1 { a: 7 });
    let error = registry.unwrap::<T2>(&holder.i).unwrap_err();
    assert_eq!(error.to_string(), "interface conversion: interface {} is main.T1, not main.T2");
    let holder: Holder = from_slice(&stream("iface_field_nil")).unwrap();
    let error = registry.unwrap::<T1>(&holder.i).unwrap_err();
    assert_eq!(error.to_string(), "interface conversion: interface {} is nil, not main.T1");
}

#[test]
fn a_scalar_is_taken_out_of_the_interface_that_it_would_go_into() {
    let registry = registry();
    assert_eq!(registry.unwrap::<isize>(&Value::from(5_isize)).unwrap(), 5);
    assert_eq!(registry.unwrap::<String>(&Value::from("x")).unwrap(), "x");
    let error = registry.unwrap::<String>(&Value::from(5_usize)).unwrap_err();
    assert_eq!(error.to_string(), "interface conversion: interface {} is uint, not string");
    let error = registry.unwrap::<T1>(&to_value(&T1 { a: 1 }).unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "gob: type not registered for interface: T1");
}

/// The stream over which the conversion leads is nobody's.
#[test]
fn an_error_of_a_conversion_has_no_offset() {
    let error = from_value::<T1>(&Value::from("x")).unwrap_err();
    assert_eq!(error.to_string(), "gob: type mismatch in decoder: want struct type main.T1; got non-struct");
    let held = vec![T1 { a: 300 }];
    let error = from_value::<Vec<Narrow>>(&to_value(&held).unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "value for \"A\" out of range ([0].A)");
}

/// G113
#[test]
fn basic_types_have_names_from_the_start() {
    let registry = Registry::new();
    assert_eq!(registry.name::<isize>().as_deref(), Some("int"));
    assert_eq!(registry.name::<Vec<u8>>().as_deref(), Some("[]uint8"));
    assert_eq!(registry.name::<Vec<String>>().as_deref(), Some("[]string"));
    assert_eq!(registry.name::<T1>(), None);
    assert_eq!(registry.name::<Vec<Vec<u8>>>(), None);
    let error = registry.wrap(&T1 { a: 1 }).unwrap_err();
    assert_eq!(error.to_string(), "gob: type not registered for interface: main.T1");
}

/// G112, G114
#[test]
fn names_are_given_once() {
    let mut registry = registry();
    registry.register::<T1>().unwrap();
    assert_eq!(
        registry.register_name::<T1>("foo").unwrap_err().to_string(),
        "gob: registering duplicate names for main.T1: \"main.T1\" != \"foo\""
    );
    assert_eq!(
        registry.register_name::<HashMap<String, T1>>("main.T2").unwrap_err().to_string(),
        "gob: registering duplicate types for \"main.T2\": main.T2 != map[string]main.T1"
    );
    assert_eq!(registry.register_name::<Vec<T1>>("").unwrap_err().to_string(), "attempt to register empty name");
    registry.register::<HashMap<String, T1>>().unwrap();
    assert_eq!(registry.name::<HashMap<String, T1>>().as_deref(), Some("map[string]main.T1"));
}

#[test]
fn what_a_typed_value_becomes_is_what_its_stream_holds() {
    let value = to_value(&T2 { b: "x".into() }).unwrap();
    assert_eq!(value.get("B").and_then(Value::as_str), Some("x"));
    let mut encoder = Encoder::new(Vec::new());
    encoder.encode_value(&value).unwrap();
    assert_eq!(encoder.into_inner(), to_vec(&T2 { b: "x".into() }).unwrap());
    assert_eq!(from_value::<T2>(&value).unwrap(), T2 { b: "x".into() });
    assert!(from_value::<T1>(&value).is_err());
    // Also across kinds that gob holds for one.
    assert_eq!(from_value::<u8>(&to_value(&200_u64).unwrap()).unwrap(), 200);
    assert_eq!(from_value::<ByteString>(&to_value("x").unwrap()).unwrap(), "x".into());
}

#[test]
fn a_type_inside_and_outside_of_an_interface_is_one_type() {
    #[derive(Serialize, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct Node {
        next: Vec<Option<Held>>,
        other: T1,
    }
    #[derive(Serialize, Deserialize, Gob)]
    #[gob(interface, anonymous)]
    enum Held {
        Node(Box<Node>),
        Nodes(Vec<Node>),
        T1(T1),
        T2(T2),
    }
    let node = |next| Node { next, other: T1 { a: 1 } };
    let held = Held::Nodes(vec![node(vec![]), node(vec![Some(Held::T1(T1 { a: 2 }))])]);
    let t2 = || Some(Held::T2(T2 { b: "x".into() }));
    let whole = node(vec![Some(Held::Node(Box::new(node(vec![t2()])))), None, Some(held), t2()]);
    let mut encoder = Encoder::new(Vec::new());
    encoder.encode_value(&to_value(&whole).unwrap()).unwrap();
    assert_eq!(encoder.into_inner(), to_vec(&whole).unwrap());
}

#[derive(Serialize, Deserialize, Gob)]
#[gob(interface)]
enum Number {
    Int(isize),
}

/// G32
#[test]
fn types_that_look_the_same_to_a_stream_remain_two() {
    let anything = vec![Value::from(1).into_interface().unwrap(), Value::default()];
    let nested = vec![Value::interface("[]interface {}", Vec::<Value>::TYPE, &anything).unwrap()];
    let mut typed = Encoder::new(Vec::new());
    typed.encode(&vec![Number::Int(1)]).unwrap();
    typed.encode(&nested).unwrap();
    typed.encode(&vec![1_i32]).unwrap();
    typed.encode(&vec![1_i64]).unwrap();
    let mut dynamic = Encoder::new(Vec::new());
    dynamic.encode(&vec![Number::Int(1)]).unwrap();
    dynamic.encode_value(&to_value(&nested).unwrap()).unwrap();
    dynamic.encode_value(&to_value(&vec![1_i32]).unwrap()).unwrap();
    dynamic.encode_value(&to_value(&vec![1_i64]).unwrap()).unwrap();
    assert_eq!(dynamic.into_inner(), typed.into_inner());
}

/// G150
#[test]
fn a_pointer_to_a_type_that_encodes_itself_remains_one() {
    #[derive(Serialize, Deserialize, Gob)]
    #[gob(interface)]
    enum Any {
        #[gob(name = "*time.Time")]
        Time(Option<Time>),
    }
    let time = || Some("2024-02-29T12:34:56Z".parse::<Time>().unwrap());
    let mut encoder = Encoder::new(Vec::new());
    encoder.encode_value(&to_value(&time()).unwrap()).unwrap();
    assert_eq!(encoder.into_inner(), to_vec(&time()).unwrap());
    let mut encoder = Encoder::new(Vec::new());
    encoder.encode_value(&to_value(&[Any::Time(time())]).unwrap()).unwrap();
    assert_eq!(encoder.into_inner(), to_vec(&[Any::Time(time())]).unwrap());
}

/// Each wrapped value brings a description of its own, and all say the same.
#[test]
fn a_type_that_comes_again_is_not_defined_again() {
    let registry = registry();
    let mut encoder = Encoder::new(Vec::new());
    encoder.encode(&vec![T1 { a: 3 }]).unwrap();
    let after_types = |encoder: &mut Encoder<Vec<u8>>, a| {
        let before = encoder.get_ref().len();
        encoder.encode_value(&to_value(&T1 { a }).unwrap()).unwrap();
        encoder.encode_value(&registry.wrap(&T1 { a }).unwrap()).unwrap();
        encoder.encode_value(&to_value(&vec![vec![T2 { b: "y".into() }]]).unwrap()).unwrap();
        encoder.get_ref().len() - before
    };
    let first = after_types(&mut encoder, 1);
    let second = after_types(&mut encoder, 1);
    assert!(second < first, "{second} {first}");
    for _ in 0..100 {
        assert_eq!(after_types(&mut encoder, 1), second);
    }
}

#[test]
fn the_first_type_may_have_another_id() {
    let mut encoder = Encoder::new(Vec::new()).with_first_type_id(65);
    encoder.encode(&T1 { a: 7 }).unwrap();
    // As Go 1.19 writes it: 65 is ff82, and the definition is of -65.
    let bytes = encoder.into_inner();
    assert_eq!(bytes[1..3], [0xff, 0x81]);
    assert_eq!(bytes[bytes.len() - 6..], [0x05, 0xff, 0x82, 0x01, 0x0e, 0x00]);
    assert_eq!(from_slice::<T1>(&bytes).unwrap(), T1 { a: 7 });
}

#[test]
fn a_type_deep_in_interfaces_is_defined_once() {
    let registry = registry();
    let t1 = registry.wrap(&T1 { a: 1 }).unwrap();
    let nested = to_value(&vec![t1.clone(), Value::Interface(None)]).unwrap();
    let mut encoder = Encoder::new(Vec::new());
    encoder.encode_value(&nested).unwrap();
    let before = encoder.get_ref().len();
    encoder.encode_value(&t1).unwrap();
    // The id of an interface, the name, the id of the type, and the value with its length.
    assert_eq!(encoder.get_ref()[before..].len(), 1 + 2 + 8 + 2 + 1 + 3);
    encoder.encode(&T1 { a: 1 }).unwrap();
    assert_eq!(encoder.get_ref().len(), before + 17 + 6);
}
