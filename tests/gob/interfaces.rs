//! Enums that stand for Go's interfaces (G111–G135): Go's bytes, and what fits nowhere.

use std::collections::{BTreeMap, HashMap};
use std::io::Cursor;

use gobrpc::Gob;
use gobrpc::gob::ty::Type;
use gobrpc::gob::{Category, Decoder, Encoder, ErrorKind, PushDecoder, Value, from_slice, to_vec};
use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize};

use super::vectors::{check, stream};

macro_rules! go_struct {
    ($name:ident { $($field:ident: $ty:ty),* }) => {
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Gob)]
        #[serde(rename_all = "PascalCase")]
        struct $name { $($field: $ty),* }
    };
}

go_struct!(Point { x: isize, y: isize });
go_struct!(Inner { s: String });
go_struct!(T1 { a: isize });
go_struct!(T2 { b: String });
go_struct!(Ci { r: isize });
go_struct!(Nest { i: Option<Any> });
go_struct!(Wrap { p: Point, l: Vec<Inner>, n: Option<Any> });
go_struct!(Holder { before: isize, i: Option<Any>, after: isize });

/// Go's `any`, as far as the streams of the vectors go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Gob)]
#[gob(interface, anonymous)]
enum Any {
    Bool(bool),
    Int(isize),
    Uint8(u8),
    Float(f64),
    String(String),
    Bytes(Vec<u8>),
    Ints(Vec<isize>),
    T1(T1),
    T2(T2),
    #[gob(name = "*main.Ci")]
    Ci(Ci),
    Nest(Box<Nest>),
    Wrap(Box<Wrap>),
    Map(HashMap<String, Self>),
}

const fn t1(a: isize) -> Any {
    Any::T1(T1 { a })
}

fn nest(i: Any) -> Any {
    Any::Nest(Box::new(Nest { i: Some(i) }))
}

fn wrap() -> Any {
    Any::Wrap(Box::new(Wrap { p: Point { x: 1, y: 2 }, l: vec![Inner { s: "q".into() }], n: Some(t1(5)) }))
}

const fn holder(i: Option<Any>) -> Holder {
    Holder { before: 1, i, after: 2 }
}

#[test]
fn an_interface_at_top_level() {
    check("iface_top_int", &Any::Int(5));
    check("iface_top_int", &Some(Any::Int(5)));
    check("iface_top_struct", &t1(7));
    check("iface_top_nil", &None::<Any>);
}

#[test]
fn an_interface_in_a_field() {
    check("iface_field_int", &holder(Some(Any::Int(5))));
    check("iface_field_nil", &holder(None));
    check("iface_field_zero_int", &Holder { before: 0, i: Some(Any::Int(0)), after: 0 });
    check("iface_field_struct", &holder(Some(t1(7))));
    check("iface_field_struct_ptr", &holder(Some(t1(7))));
    check("iface_slice_int", &holder(Some(Any::Ints(vec![1, 2]))));
}

#[test]
fn interfaces_in_slices_and_maps() {
    let some = |value: &str| Some(Any::String(value.into()));
    let basic = [
        Some(Any::Int(1)),
        some("a"),
        Some(Any::Bool(true)),
        None,
        Some(Any::Float(2.5)),
        Some(Any::Bytes(vec![1])),
        Some(Any::Uint8(3)),
    ];
    check("slice_iface_basic", &basic.to_vec());
    let mixed = [Some(t1(1)), Some(Any::T2(T2 { b: "x".into() })), Some(t1(2)), None, Some(Any::Int(5))];
    check("iface_slice_mixed", &mixed.to_vec());
    let map = |key: &str, value| HashMap::from([(key.to_owned(), value)]);
    check("iface_map_any", &map("k", Any::Map(map("j", t1(1)))));
}

#[test]
fn interfaces_in_interfaces() {
    check("iface_nested_2", &holder(Some(nest(t1(7)))));
    check("iface_nested_3", &holder(Some(nest(nest(t1(7))))));
    check("iface_wrap_multi_defs", &holder(Some(wrap())));
    check("iface_nested_multi_defs", &Nest { i: Some(nest(wrap())) });
}

/// G111
#[test]
fn a_type_registered_as_a_pointer_has_a_star_in_its_name() {
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Gob)]
    #[gob(interface, anonymous)]
    enum Pointer {
        Ci(Option<Ci>),
    }
    check("iface_registered_ptr", &vec![Any::Ci(Ci { r: 4 }), Any::Ci(Ci { r: 5 })]);
    check("iface_registered_ptr", &vec![Pointer::Ci(Some(Ci { r: 4 })), Pointer::Ci(Some(Ci { r: 5 }))]);
    // G119
    let error = to_vec(&Pointer::Ci(None)).unwrap_err();
    assert_eq!(error.to_string(), "gob: cannot encode nil pointer of type *main.Ci");
}

#[test]
fn a_type_may_be_registered_under_any_name() {
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Gob)]
    #[gob(interface)]
    enum Shape {
        #[gob(name = "t1")]
        T1(T1),
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[gob(name = "Holder")]
    #[serde(rename_all = "PascalCase")]
    struct Custom {
        before: isize,
        i: Shape,
        after: isize,
    }
    check("iface_custom_name", &Custom { before: 1, i: Shape::T1(T1 { a: 7 }), after: 2 });
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Gob)]
#[gob(interface, anonymous)]
enum Key {
    String(String),
    Int(isize),
}

#[test]
fn an_interface_as_the_key_of_a_map() {
    check("iface_map_key", &HashMap::from([(Key::String("a".into()), 1_isize)]));
    let map = BTreeMap::from([(Key::String("a".into()), Key::Int(1)), (Key::Int(2), Key::String("b".into()))]);
    assert_eq!(from_slice::<BTreeMap<Key, Key>>(&to_vec(&map).unwrap()).unwrap(), map);
}

#[test]
fn a_type_is_defined_once_on_a_stream() {
    let bytes = stream("iface_same_type_twice");
    let holders = [holder(Some(t1(7))), Holder { before: 3, i: Some(t1(8)), after: 4 }];
    let mut encoder = Encoder::new(Vec::new());
    let mut decoder = Decoder::new(Cursor::new(&bytes));
    for holder in holders {
        encoder.encode(&holder).unwrap();
        assert_eq!(decoder.decode().unwrap(), Some(holder));
    }
    encoder.encode(&T1 { a: 9 }).unwrap();
    assert_eq!(decoder.decode().unwrap(), Some(T1 { a: 9 }));
    assert_eq!(encoder.into_inner(), bytes);
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Gob)]
#[gob(interface, anonymous)]
enum Open {
    T1(T1),
    #[gob(other)]
    Other(Value),
}

go_struct!(OpenHolder { before: isize, i: Option<Open>, after: isize });

#[test]
fn what_is_not_listed_goes_to_the_open_variant_and_comes_back_as_it_was() {
    let names = ["iface_nested_2", "iface_nested_3", "iface_wrap_multi_defs", "iface_slice_int", "iface_field_int"];
    for name in names {
        let bytes = stream(name);
        let holder: OpenHolder = from_slice(&bytes).unwrap();
        assert!(matches!(holder.i, Some(Open::Other(_))), "{name}: {holder:?}");
        // The name of the struct is not Go's here.
        let again: Holder = from_slice(&to_vec(&holder).unwrap()).unwrap();
        assert_eq!(again, from_slice(&bytes).unwrap(), "{name}");
    }
    let holder: OpenHolder = from_slice(&stream("iface_field_struct")).unwrap();
    assert_eq!(holder.i, Some(Open::T1(T1 { a: 7 })));
    let mixed: Vec<Option<Open>> = from_slice(&stream("iface_slice_mixed")).unwrap();
    assert_eq!(to_vec(&mixed).unwrap(), stream("iface_slice_mixed"));
    assert!(matches!(&mixed[1], Some(Open::Other(value)) if value.get("B").and_then(Value::as_str) == Some("x")));
    assert_eq!((&mixed[2], &mixed[3]), (&Some(Open::T1(T1 { a: 2 })), &None));
    let top: Open = from_slice(&stream("iface_top_int")).unwrap();
    assert_eq!(to_vec(&top).unwrap(), stream("iface_top_int"));
}

#[test]
fn the_open_variant_has_no_name_that_could_come() {
    #[derive(Serialize, Gob)]
    #[gob(interface)]
    enum Odd {
        #[gob(name = "interface {}")]
        Int(isize),
    }
    let bytes = to_vec(&Odd::Int(5)).unwrap();
    let open: Open = from_slice(&bytes).unwrap();
    assert!(matches!(&open, Open::Other(value) if value.as_i64() == Some(5)));
    assert_eq!(to_vec(&open).unwrap(), bytes);
}

/// G120
#[test]
fn a_dynamic_value_needs_a_registered_name() {
    let scalar = to_vec(&Open::Other(Value::Int(5))).unwrap();
    assert_eq!(scalar, stream("iface_top_int"));
    let composite = Decoder::new(&to_vec(&vec![1_i64]).unwrap()[..]).decode_value().unwrap().unwrap();
    let error = to_vec(&vec![Open::Other(composite)]).unwrap_err();
    assert_eq!(error.to_string(), "gob: type not registered for interface: a slice without a name ([0])");
    assert!(matches!(error.kind(), ErrorKind::TypeNotRegistered(_)));
}

#[test]
fn an_open_variant_is_not_nil() {
    let nil = || Open::Other(Value::Interface(None));
    let text = "gob: nil interface for interface {}; use `Option<…>` for an interface that may be nil";
    assert_eq!(to_vec(&nil()).unwrap_err().to_string(), text);
    let error = to_vec(&OpenHolder { before: 1, i: Some(nil()), after: 2 }).unwrap_err();
    assert_eq!(error.to_string(), format!("{text} (I)"));
}

/// G131
#[test]
fn an_unknown_name_is_an_error() {
    let error = from_slice::<Vec<Key>>(&stream("iface_registered_ptr")).unwrap_err();
    assert_eq!(error.kind().to_string(), r#"gob: name not registered for interface: "*main.Ci""#);
    assert_eq!((error.path(), error.classify()), ("[0]".to_owned(), Category::Data));
    // What nobody wants may have any name.
    go_struct!(After { after: isize });
    assert_eq!(from_slice::<After>(&stream("iface_field_struct")).unwrap(), After { after: 2 });
}

#[test]
fn nil_wants_an_option() {
    #[derive(Debug, Serialize, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct Bare {
        i: Key,
    }
    let text = "gob: nil interface for interface {}; use `Option<…>` for an interface that may be nil";
    let error = from_slice::<Bare>(&stream("iface_field_nil")).unwrap_err();
    assert_eq!((error.kind().to_string(), error.path()), (text.to_owned(), "I".to_owned()));
    let error = from_slice::<Vec<Any>>(&stream("iface_slice_mixed")).unwrap_err();
    assert_eq!((error.kind().to_string(), error.path()), (text.to_owned(), "[3]".to_owned()));
    let error = from_slice::<Key>(&stream("iface_top_nil")).unwrap_err();
    assert_eq!(error.kind().to_string(), text);
}

/// G190
#[test]
fn an_interface_wants_an_interface() {
    let error = from_slice::<Key>(&to_vec(&5_i64).unwrap()).unwrap_err();
    let text = "gob: local interface type *interface {} can only be decoded from remote interface type; received \
                concrete type int";
    assert_eq!(error.kind().to_string(), text);
}

/// G133
#[test]
fn the_value_must_fit_the_name() {
    #[derive(Debug, Serialize, Deserialize, Gob)]
    #[gob(interface)]
    enum Lie {
        #[gob(name = "int")]
        Uint(usize),
    }
    let error = from_slice::<Key>(&to_vec(&Lie::Uint(1)).unwrap()).unwrap_err();
    assert_eq!(error.kind().to_string(), "gob: decoding into local type *int, received remote type uint");
}

/// Each element brings a type of its own, and with it the end of a message (G121).
#[test]
fn a_value_may_come_in_thousands_of_messages() {
    const COUNT: usize = 2000;

    let item = |number: usize| {
        let ty = Type::parse(&format!("struct{{ F{number} string }}")).unwrap();
        let map = HashMap::from([(format!("F{number}"), number.to_string())]);
        Value::interface(&format!("main.T{number}"), ty, &Fields(map)).unwrap()
    };
    let items: Vec<Value> = (0..COUNT).map(item).collect();
    let bytes = to_vec(&items).unwrap();
    assert_eq!(from_slice::<Vec<Value>>(&bytes).unwrap(), items);
    // In small pieces every byte is still looked at once.
    let mut decoder = PushDecoder::new();
    let mut decoded = Vec::new();
    for piece in bytes.chunks(7) {
        decoder.push(piece);
        decoded.extend(decoder.decode::<Vec<Value>>().unwrap());
    }
    assert_eq!(decoded, [items]);
}

/// A struct whose fields are known at run time.
struct Fields(HashMap<String, String>);

impl Serialize for Fields {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("", self.0.len())?;
        for (name, value) in &self.0 {
            fields.serialize_field(name.clone().leak(), value)?;
        }
        fields.end()
    }
}
