//! Fields whose Go type is said by their serde module.

#![expect(dead_code, reason = "the types are described and never used")]

use gobrpc::Gob;
use gobrpc::gob::ty::{Kind, Type};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Neither this nor [`Opaque`] has a Go type of its own.
struct Celsius(f64);

struct Opaque;

fn freezing() -> Celsius {
    Celsius(0.0)
}

mod celsius {
    use super::{Celsius, Deserialize, Deserializer, Gob, Serialize, Serializer, Type};

    pub(super) const TYPE: &Type = f64::TYPE;

    pub(super) fn serialize<S: Serializer>(celsius: &Celsius, to: S) -> Result<S::Ok, S::Error> {
        celsius.0.serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Celsius, D::Error> {
        f64::deserialize(from).map(Celsius)
    }
}

mod octets {
    pub(super) const TYPE: &super::Type = <Vec<u8> as super::Gob>::TYPE;
}

mod octet {
    pub(super) const TYPE: &super::Type = <u8 as super::Gob>::TYPE;
}

/// The Go names and types of the fields, in order.
fn fields<T: Gob>() -> Vec<(&'static str, String)> {
    T::TYPE.fields().iter().map(|field| (field.name(), field.ty().to_string())).collect()
}

#[test]
fn a_with_module_says_the_go_type() {
    #[derive(Serialize, Deserialize, Gob)]
    struct Reading {
        #[serde(with = "celsius")]
        outside: Celsius,
        #[serde(with = "self::celsius", default = "freezing")]
        inside: Celsius,
    }
    let float = "float64".to_owned();
    assert_eq!(fields::<Reading>(), [("Outside", float.clone()), ("Inside", float)]);
    assert!(Reading::TYPE.fields().iter().all(|field| field.kind == Kind::Float64));
}

#[test]
fn a_type_may_take_the_place_of_a_module() {
    struct Text<T>(T);
    impl<T: Gob> Text<T> {
        const TYPE: &'static Type = <Vec<T>>::TYPE;
    }
    #[derive(Gob)]
    struct Message<T> {
        #[serde(with = "Text::<T>")]
        body: Opaque,
        extra: T,
    }
    assert_eq!(fields::<Message<bool>>()[0], ("Body", "[]bool".to_owned()));
    let _ = Text(());
}

#[test]
fn a_newtype_is_declared_as_the_type_of_its_module() {
    #[derive(Gob)]
    struct Blob(#[serde(with = "octets")] Opaque);
    #[derive(Gob)]
    struct Octet(#[serde(with = "octet")] Opaque);

    assert_eq!((Blob::TYPE.to_string(), Blob::TYPE.kind()), ("main.Blob".to_owned(), Kind::Bytes));
    assert_eq!(<Option<Blob>>::TYPE.to_string(), "main.Blob");
    assert_eq!(<Vec<Blob>>::TYPE.kind(), Kind::Slice);
    assert_eq!(<Vec<Octet>>::TYPE.kind(), Kind::Bytes);
    assert_eq!(<Option<Octet>>::TYPE.to_string(), "*main.Octet");
}

#[test]
fn serde_bytes_needs_no_type_of_its_own() {
    #[derive(Serialize, Deserialize, Gob)]
    struct File {
        #[serde(with = "serde_bytes")]
        content: Vec<u8>,
    }
    assert_eq!(fields::<File>(), [("Content", "[]uint8".to_owned())]);
}
