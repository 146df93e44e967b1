//! When two values are equal: when they hold the same, whatever the ids of their types on their streams. Floats are
//! compared by their bits, so that a value equals itself and can be a key. A scalar equals what becomes of it in an
//! interface, so that a key is the same before it was sent and after.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::mem;

use super::{Blob, Interface, Map, Sequence, Struct, Value};

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self.without_basic(), other.without_basic()) {
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Uint(a), Self::Uint(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => a.to_bits() == b.to_bits(),
            (Self::Complex(a, b), Self::Complex(c, d)) => {
                [a, b].map(|part| part.to_bits()) == [c, d].map(|part| part.to_bits())
            }
            (Self::String(a), Self::String(b)) => a == b,
            (Self::Bytes(a), Self::Bytes(b)) => a == b,
            (Self::Slice(a), Self::Slice(b)) | (Self::Array(a), Self::Array(b)) => a == b,
            (Self::Map(a), Self::Map(b)) => a == b,
            (Self::Struct(a), Self::Struct(b)) => a == b,
            (Self::Interface(a), Self::Interface(b)) => a == b,
            (Self::Opaque(a), Self::Opaque(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for Value {}

impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let this = self.without_basic();
        mem::discriminant(this).hash(state);
        match this {
            Self::Bool(value) => value.hash(state),
            Self::Int(value) => value.hash(state),
            Self::Uint(value) => value.hash(state),
            Self::Float(value) => value.to_bits().hash(state),
            Self::Complex(re, im) => (re.to_bits(), im.to_bits()).hash(state),
            Self::String(value) => value.hash(state),
            Self::Bytes(value) => value.hash(state),
            Self::Slice(value) | Self::Array(value) => value.items.hash(state),
            Self::Map(value) => {
                // The order does not count, so that of adding up must not either.
                let entry = |entry: &(Self, Self)| {
                    let mut hasher = DefaultHasher::new();
                    entry.hash(&mut hasher);
                    hasher.finish()
                };
                value.entries.iter().map(entry).fold(0_u64, u64::wrapping_add).hash(state);
            }
            Self::Struct(value) => value.fields().hash(state),
            Self::Interface(None) => {}
            Self::Interface(Some(value)) => (&value.name, &value.value).hash(state),
            Self::Opaque(value) => value.payload.hash(state),
        }
    }
}

impl PartialEq for Sequence {
    fn eq(&self, other: &Self) -> bool {
        self.items == other.items
    }
}

/// The order of the entries does not count: Go's is random.
impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        #[expect(clippy::mutable_key_type, reason = "a table of types grows, but what it says of a type never changes")]
        fn counted(map: &Map) -> HashMap<&(Value, Value), usize> {
            let mut entries = HashMap::with_capacity(map.entries.len());
            for entry in &map.entries {
                *entries.entry(entry).or_default() += 1;
            }
            entries
        }

        self.entries == other.entries || (self.entries.len() == other.entries.len() && counted(self) == counted(other))
    }
}

impl PartialEq for Struct {
    fn eq(&self, other: &Self) -> bool {
        self.fields() == other.fields()
    }
}

impl PartialEq for Interface {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.value == other.value
    }
}

impl PartialEq for Blob {
    fn eq(&self, other: &Self) -> bool {
        self.payload == other.payload
    }
}

impl Eq for Sequence {}
impl Eq for Map {}
impl Eq for Struct {}
impl Eq for Interface {}
impl Eq for Blob {}
