//! Interfaces and constants: the Go types of enums.

#![expect(dead_code, reason = "some types are described and never used")]

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

use gobrpc::Gob;
use gobrpc::gob::ty::{Kind, Parts, Type};
use gobrpc::gob::{Value, from_slice, to_vec};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

fn spelled<T: Gob>() -> String {
    T::TYPE.to_string()
}

/// The variants of an interface: serde's name, and the registered name if it is given.
fn concretes<T: Gob>() -> Vec<(&'static str, &'static str)> {
    let Parts::Interface(concretes) = T::TYPE.parts else { panic!("no interface: {}", T::TYPE) };
    concretes.iter().map(|concrete| (concrete.key, concrete.name)).collect()
}

/// The constants of a type: serde's name and the value.
fn constants<T: Gob>() -> Vec<(&'static str, i64)> {
    let Parts::Constants(constants) = T::TYPE.parts else { panic!("no constants: {}", T::TYPE) };
    constants.iter().map(|constant| (constant.key, constant.value)).collect()
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[track_caller]
fn comes_back<T: Gob + Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) -> Vec<u8> {
    let bytes = to_vec(value).unwrap();
    assert_eq!(from_slice::<T>(&bytes).unwrap(), *value);
    bytes
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Gob)]
struct Circle {
    radius: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Gob)]
#[gob(package = "example.com/shapes")]
struct Square {
    side: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Gob)]
#[gob(interface)]
enum Shape {
    Circle(Circle),
    #[gob(name = "square")]
    Square(Box<Square>),
    #[serde(rename = "text")]
    Label(String),
}

#[test]
fn an_interface_lists_the_types_of_its_variants() {
    assert_eq!((spelled::<Shape>(), Shape::TYPE.kind()), ("main.Shape".to_owned(), Kind::Interface));
    assert_eq!(concretes::<Shape>(), [("Circle", ""), ("Square", "square"), ("text", "")]);
}

#[test]
fn a_type_is_registered_under_its_go_name_unless_told_otherwise() {
    assert!(contains(&comes_back(&Shape::Circle(Circle { radius: 1.0 })), "\x0bmain.Circle"));
    assert!(contains(&comes_back(&Shape::Square(Box::new(Square { side: 1.0 }))), "\x06square"));
    assert!(contains(&comes_back(&Shape::Label("x".into())), "\x06string"));
}

#[test]
fn the_option_of_an_interface_is_the_interface() {
    assert_eq!(spelled::<Option<Shape>>(), "main.Shape");
    assert_eq!(<Option<Shape>>::TYPE.kind(), Kind::Interface);
    assert_eq!(spelled::<Vec<Option<Box<Shape>>>>(), "[]main.Shape");
    assert_eq!(spelled::<HashMap<String, Shape>>(), "map[string]main.Shape");
}

#[test]
fn an_interface_may_be_named_or_not() {
    #[derive(Gob)]
    #[gob(interface, name = "Figure", package = "example.com/shapes")]
    enum Named {
        Circle(Circle),
    }
    #[derive(Gob)]
    #[gob(interface, anonymous)]
    enum Anonymous {
        Circle(Circle),
    }
    assert_eq!(spelled::<Named>(), "shapes.Figure");
    assert_eq!(spelled::<Anonymous>(), "interface {}");
    assert_eq!(spelled::<Vec<Anonymous>>(), "[]interface {}");
}

#[test]
fn variants_are_renamed_as_serde_does() {
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[gob(interface)]
    #[serde(rename_all = "snake_case")]
    enum Event {
        KeyDown(i64),
        #[serde(skip)]
        Skipped(std::ops::RangeFull),
        KeyUp(u64),
    }
    assert_eq!(concretes::<Event>(), [("key_down", ""), ("key_up", "")]);
    comes_back(&Event::KeyDown(1));
    comes_back(&Event::KeyUp(1));
}

#[test]
fn an_interface_may_be_open() {
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[gob(interface, anonymous)]
    enum Any {
        Circle(Circle),
        #[gob(other)]
        Other(Value),
    }
    assert_eq!(concretes::<Any>(), [("Circle", ""), ("Other", "")]);
    let other = comes_back(&vec![Shape::Label("x".into())]);
    let other: Vec<Any> = from_slice(&other).unwrap();
    assert!(matches!(&other[..], [Any::Other(value)] if value.as_str() == Some("x")));
}

#[test]
fn an_interface_may_be_generic() {
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    struct Tagged<T> {
        value: T,
        tag: String,
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[gob(interface)]
    enum Holder<T> {
        Bare(T),
        Tagged(Tagged<T>),
        Many(Vec<T>),
    }
    assert_eq!(spelled::<Holder<u16>>(), "main.Holder[uint16]");
    assert!(contains(&comes_back(&Holder::Bare(1_u16)), "uint16"));
    let tagged = Holder::Tagged(Tagged { value: 1_u16, tag: "t".into() });
    assert!(contains(&comes_back(&tagged), "main.Tagged[uint16]"));
    assert!(contains(&comes_back(&Holder::Many(vec![1_u16])), "[]uint16"));
}

#[test]
fn an_interface_may_hold_a_type_that_holds_the_interface() {
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct Group {
        shapes: Vec<Figure>,
        by_name: BTreeMap<String, Figure>,
        cover: Option<Box<Figure>>,
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    struct Figures(Vec<Figure>);
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[gob(interface)]
    enum Figure {
        Circle(Circle),
        Group(Box<Group>),
        Figures(Figures),
    }
    let circle = || Figure::Circle(Circle { radius: 1.0 });
    let group = |shapes| {
        let by_name = BTreeMap::from([("c".to_owned(), circle())]);
        Figure::Group(Box::new(Group { shapes, by_name, cover: Some(Box::new(circle())) }))
    };
    comes_back(&group(vec![circle(), group(vec![]), Figure::Figures(Figures(vec![circle()]))]));
    assert_eq!(Group::TYPE.fields()[0].ty().to_string(), "[]main.Figure");
    assert_eq!((Figures::TYPE.kind(), Figures::TYPE.to_string()), (Kind::Slice, "main.Figures".to_owned()));
}

#[test]
fn a_module_may_say_the_type_of_a_variant() {
    mod seconds {
        use super::{Deserialize, Gob, Serialize, Type};
        use std::time::Duration;

        pub(super) const TYPE: &Type = u64::TYPE;

        pub(super) fn serialize<S: serde::Serializer>(duration: &Duration, to: S) -> Result<S::Ok, S::Error> {
            duration.as_secs().serialize(to)
        }

        pub(super) fn deserialize<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
            u64::deserialize(from).map(Duration::from_secs)
        }
    }
    use std::time::Duration;
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[gob(interface)]
    enum Wait {
        #[serde(with = "seconds")]
        Seconds(Duration),
        #[gob(name = "main.Minutes")]
        Minutes(#[serde(with = "seconds")] Duration),
    }
    assert!(contains(&comes_back(&Wait::Seconds(Duration::from_secs(3))), "\x06uint64\x06"));
    assert!(contains(&comes_back(&Wait::Minutes(Duration::from_secs(180))), "\x0cmain.Minutes\x06"));
}

#[test]
fn the_value_of_a_constant_is_its_discriminant() {
    const BASE: isize = 10;
    #[derive(Gob)]
    #[gob(repr = "int")]
    enum Color {
        Red,
        Green = 3,
        Blue,
        Dark = -BASE,
        Darker = Self::Dark as isize - 1,
    }
    assert_eq!((spelled::<Color>(), Color::TYPE.kind()), ("main.Color".to_owned(), Kind::Int));
    assert_eq!(constants::<Color>(), [("Red", 0), ("Green", 3), ("Blue", 4), ("Dark", -10), ("Darker", -11)]);
}

#[test]
fn a_large_unsigned_constant_is_kept() {
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[gob(repr = "uint64")]
    #[repr(u64)]
    enum Limit {
        None,
        All = u64::MAX,
    }
    assert_eq!(to_vec(&Limit::All).unwrap(), to_vec(&u64::MAX).unwrap());
    comes_back(&Limit::All);
    comes_back(&Limit::None);
}

#[test]
fn constants_are_of_the_kind_that_is_said() {
    macro_rules! kinds {
        ($($repr:literal $kind:ident $go:literal),* $(,)?) => {$({
            #[derive(Gob)]
            #[gob(repr = $repr)]
            enum Switch {
                Off,
                On,
            }
            assert_eq!((Switch::TYPE.kind(), Switch::KIND), (Kind::$kind, Kind::$kind));
            #[derive(Gob)]
            #[gob(repr = $repr, anonymous)]
            enum Plain {
                Off,
            }
            assert_eq!(spelled::<Plain>(), $go);
            let slice = if $repr == "uint8" || $repr == "byte" { Kind::Bytes } else { Kind::Slice };
            assert_eq!((<Vec<Switch>>::TYPE.kind(), spelled::<Vec<Switch>>()), (slice, "[]main.Switch".to_owned()));
        })*};
    }
    kinds! {
        "int" Int "int", "int8" Int8 "int8", "int16" Int16 "int16", "int32" Int32 "int32", "int64" Int64 "int64",
        "uint" Uint "uint", "uint8" Uint8 "uint8", "uint16" Uint16 "uint16", "uint32" Uint32 "uint32",
        "uint64" Uint64 "uint64", "byte" Uint8 "uint8", "rune" Int32 "int32", "string" String "string",
    }
}

#[test]
fn the_value_of_a_string_constant_is_its_serde_name() {
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[gob(repr = "string", name = "Colour")]
    #[serde(rename_all = "kebab-case")]
    enum Color {
        DarkRed,
        #[serde(rename = "")]
        None,
        #[serde(skip)]
        Secret,
    }
    assert_eq!(spelled::<Color>(), "main.Colour");
    assert_eq!(constants::<Color>().iter().map(|(key, _)| *key).collect::<Vec<_>>(), ["dark-red", ""]);
    assert_eq!(comes_back(&Color::DarkRed), to_vec("dark-red").unwrap());
}

#[test]
fn every_value_of_a_kind_may_be_a_constant() {
    #[derive(Gob)]
    #[gob(repr = "int8")]
    enum Signed {
        Least = -128,
        Most = 127,
    }
    #[derive(Gob)]
    #[gob(repr = "uint8")]
    enum Unsigned {
        Least,
        Most = 255,
    }
    assert_eq!(constants::<Signed>(), [("Least", -128), ("Most", 127)]);
    assert_eq!(constants::<Unsigned>(), [("Least", 0), ("Most", 255)]);
}
