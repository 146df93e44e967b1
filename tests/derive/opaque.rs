//! Types that encode themselves, and types without a name.

use std::fmt::Debug;
use std::marker::PhantomData;

use gobrpc::Gob;
use gobrpc::gob::ty::{Kind, Marshaler};
use gobrpc::gob::{Error, Opaque, Result, from_slice, to_vec};
use serde::{Deserialize, Serialize};

/// An angle, on the wire as one byte.
#[derive(Debug, Clone, Copy, PartialEq, Gob)]
#[gob(opaque)]
enum Turn {
    None,
    Degrees(u8),
}

impl Opaque for Turn {
    const NAME: &'static str = "Angle";
    const PACKAGE: &'static str = "example.com/angles";
    const MARSHALER: Marshaler = Marshaler::Binary;
    const ZERO: &'static [u8] = &[0];

    fn marshal(&self, out: &mut Vec<u8>) -> Result<()> {
        out.push(match self {
            Self::None => 0,
            Self::Degrees(degrees) => *degrees,
        });
        Ok(())
    }

    fn unmarshal(bytes: &[u8]) -> Result<Self> {
        match bytes {
            [0] => Ok(Self::None),
            [degrees] => Ok(Self::Degrees(*degrees)),
            _ => Err(serde::de::Error::custom("an angle is one byte")),
        }
    }
}

#[test]
fn a_type_that_encodes_itself_is_named_by_its_constants() {
    assert_eq!((Turn::TYPE.to_string(), Turn::TYPE.kind()), ("angles.Angle".to_owned(), Kind::Opaque));
    assert_eq!(<Vec<Turn>>::TYPE.to_string(), "[]angles.Angle");
    assert_eq!(<Option<Turn>>::TYPE.to_string(), "*angles.Angle");
}

#[test]
fn it_goes_through_serde_as_its_bytes() {
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct Path {
        start: Turn,
        turns: Vec<Turn>,
        end: Option<Turn>,
    }
    for path in [
        Path { start: Turn::Degrees(9), turns: vec![Turn::None, Turn::Degrees(3)], end: Some(Turn::None) },
        Path { start: Turn::None, turns: vec![], end: None },
    ] {
        assert_eq!(from_slice::<Path>(&to_vec(&path).unwrap()).unwrap(), path);
    }
    assert!(to_vec(&Turn::Degrees(7)).unwrap().ends_with(&[0, 1, 7]));
}

#[test]
fn other_formats_take_the_bytes_as_they_can() {
    assert_eq!(serde_json::to_string(&Turn::Degrees(7)).unwrap(), "[7]");
    assert_eq!(serde_json::from_str::<Turn>("[7]").unwrap(), Turn::Degrees(7));
    assert!(serde_json::from_str::<Turn>("[7,7]").is_err());
}

/// Whatever it is a key of, only the text goes over the wire.
#[derive(Debug, PartialEq, Gob)]
#[gob(opaque)]
struct Key<T> {
    text: String,
    of: PhantomData<T>,
}

trait Table {}

impl Table for i64 {}

impl<T: Table> Opaque for Key<T> {
    const NAME: &'static str = "Key";
    const MARSHALER: Marshaler = Marshaler::Gob;
    const ZERO: &'static [u8] = b"";

    fn marshal(&self, out: &mut Vec<u8>) -> Result<()> {
        out.extend_from_slice(self.text.as_bytes());
        Ok(())
    }

    fn unmarshal(bytes: &[u8]) -> Result<Self> {
        let text = std::str::from_utf8(bytes).map_err(<Error as serde::de::Error>::custom)?;
        Ok(Self { text: text.to_owned(), of: PhantomData })
    }
}

#[test]
fn a_generic_type_may_encode_itself() {
    let key = Key::<i64> { text: "k".into(), of: PhantomData };
    assert_eq!(<Key<i64>>::TYPE.to_string(), "main.Key[int64]");
    assert_eq!(from_slice::<Key<i64>>(&to_vec(&key).unwrap()).unwrap(), key);
}

#[test]
fn parameters_that_are_no_part_of_the_name_are_said_by_bound() {
    #[derive(Gob)]
    #[gob(opaque, bound = "")]
    struct Tagged<'a, T>(PhantomData<&'a T>);

    impl<T> Opaque for Tagged<'_, T> {
        const NAME: &'static str = "Tagged";
        const MARSHALER: Marshaler = Marshaler::Gob;
        const ZERO: &'static [u8] = b"";

        fn marshal(&self, _: &mut Vec<u8>) -> Result<()> {
            Ok(())
        }

        fn unmarshal(_: &[u8]) -> Result<Self> {
            Ok(Self(PhantomData))
        }
    }
    assert_eq!(<Tagged<'_, std::ops::RangeFull>>::TYPE.to_string(), "main.Tagged");
}

#[test]
fn an_unnamed_struct_is_spelled_with_its_fields() {
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[gob(anonymous)]
    #[serde(rename_all = "PascalCase")]
    struct Pair<T> {
        a: T,
        b: T,
    }
    assert_eq!(<Pair<i32>>::TYPE.to_string(), "struct { A int32; B int32 }");
    let pair = Pair { a: 1, b: 2 };
    assert_eq!(from_slice::<Pair<i32>>(&to_vec(&pair).unwrap()).unwrap(), pair);
}

#[test]
fn an_unnamed_newtype_is_the_type_of_its_field() {
    #[derive(Gob)]
    #[gob(anonymous)]
    #[expect(dead_code, reason = "only its type matters")]
    struct Meters(f64);
    assert_eq!(Meters::TYPE.to_string(), "float64");
    assert_eq!(<Vec<Meters>>::TYPE.to_string(), "[]float64");
}

/// Go has no such type, but its name must come to an end.
#[test]
fn an_unnamed_struct_that_holds_itself_is_spelled_to_an_end() {
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[gob(anonymous)]
    #[serde(rename_all = "PascalCase")]
    struct Node {
        next: Option<Box<Self>>,
        kids: Vec<Wrapped<Self>>,
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    struct Wrapped<T>(T);
    // A constant may have several addresses, so it may take a round or two.
    let name = Node::TYPE.to_string();
    assert!(name.starts_with("struct { Next *") && name.contains("main.Wrapped[") && name.contains('…'), "{name}");
    let node = Node { next: Some(Box::new(Node { next: None, kids: vec![] })), kids: vec![] };
    assert_eq!(from_slice::<Node>(&to_vec(&node).unwrap()).unwrap(), node);
}
