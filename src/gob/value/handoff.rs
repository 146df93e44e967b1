//! A `Value` inside a typed value: Go's `interface{}`.
//!
//! serde has no way to pass a value of ours through as it is. So both ends meet at a newtype with a name of its own,
//! and the value changes hands through a place that belongs to the thread, within one call.

use std::cell::RefCell;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::Value;
use crate::gob::Gob;
use crate::gob::ty::{Kind, Type};

/// The newtype by which our serializer and deserializer know that a `Value` comes.
pub(crate) const NAME: &str = "$gobrpc::gob::Value";

thread_local! {
    static PLACE: RefCell<Place> = const { RefCell::new(Place::Empty) };
}

enum Place {
    Empty,
    /// Our serializer asks for the value.
    Wanted,
    Given(Value),
}

/// Asks the content of the newtype for its value. `ask` serializes the content, in whatever way.
pub(crate) fn take(ask: impl FnOnce()) -> Option<Value> {
    // A `Serialize` that is asked may itself encode other values before it answers.
    let before = PLACE.replace(Place::Wanted);
    ask();
    match PLACE.replace(before) {
        Place::Given(value) => Some(value),
        Place::Empty | Place::Wanted => None,
    }
}

/// Gives a value to the visitor of [`Value::deserialize`].
pub(crate) fn give<'de, V: Visitor<'de>, E: serde::de::Error>(value: Value, visitor: V) -> Result<V::Value, E> {
    PLACE.set(Place::Given(value));
    visitor.visit_unit()
}

fn taken() -> Option<Value> {
    match PLACE.replace(Place::Empty) {
        Place::Given(value) => Some(value),
        Place::Empty | Place::Wanted => None,
    }
}

/// In a field or as an element it is an `interface {}`; at top level it takes any type.
impl Gob for Value {
    const TYPE: &'static Type = &Type::any();
    const KIND: Kind = Kind::Interface;
    const OPTION: &'static Type = Self::TYPE;
    const OPTION_KIND: Kind = Kind::Interface;
}

/// To gob it goes as it is; to any other format as what it holds, without the types.
impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(NAME, &Content(self))
    }
}

struct Content<'a>(&'a Value);

impl Serialize for Content<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if PLACE.with_borrow(|place| matches!(place, Place::Wanted)) {
            PLACE.set(Place::Given(self.0.clone()));
            return serializer.serialize_u8(0);
        }
        match self.0 {
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Int(value) => serializer.serialize_i64(*value),
            Value::Uint(value) => serializer.serialize_u64(*value),
            Value::Float(value) => serializer.serialize_f64(*value),
            Value::Complex(re, im) => (re, im).serialize(serializer),
            Value::String(value) => value.serialize(serializer),
            Value::Bytes(value) => serializer.serialize_bytes(value),
            Value::Opaque(value) => serializer.serialize_bytes(value.payload()),
            Value::Slice(value) | Value::Array(value) => serializer.collect_seq(value.items()),
            Value::Map(value) => serializer.collect_map(value.entries().iter().map(|(key, value)| (key, value))),
            Value::Struct(value) => {
                let fields = value.fields();
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                for (name, value) in fields {
                    map.serialize_entry(&name, value)?;
                }
                map.end()
            }
            Value::Interface(None) => serializer.serialize_none(),
            Value::Interface(Some(value)) => value.value.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Taker;

        impl Visitor<'_> for Taker {
            type Value = Value;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a gob value, which only gob can give")
            }

            fn visit_unit<E: serde::de::Error>(self) -> Result<Value, E> {
                taken().ok_or_else(|| E::custom("a gob::Value can be read only from gob"))
            }
        }

        deserializer.deserialize_newtype_struct(NAME, Taker)
    }
}
