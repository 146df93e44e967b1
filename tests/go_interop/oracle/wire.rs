//! Values of made-up types on their way through serde: the calls are those of derived Rust types.

use std::cell::Cell;
use std::collections::HashMap;
use std::fmt;
use std::io::{self, Read};
use std::sync::{Mutex, PoisonError};

use gobrpc::gob::ty::Type;
use gobrpc::gob::{self, Declarations, Value};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Error as _, Serialize, SerializeMap, SerializeStruct, SerializeTuple, Serializer};

use super::peer::Item;
use super::types::{Ty, Types};
use super::values::Val;
use crate::predeclared::PREDECLARED;

/// Go's own limit on messages (G13).
const AS_GO: gob::Limits = gob::Limits::new().message((1 << 33) - 1);

/// The types of a case, as the library knows them.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) types: Types,
    declarations: Declarations,
    number: usize,
}

impl Case {
    pub(crate) fn new(types: Types, number: usize) -> Self {
        let source = types.declarations(number);
        let declarations = Declarations::parse(&source).unwrap_or_else(|error| panic!("{error}\n{source}"));
        Self { types, declarations, number }
    }

    pub(crate) fn go_type(&self, ty: &Ty) -> &'static Type {
        let text = self.types.spell(self.number, ty);
        self.declarations.parse_type(&text).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Encodes values on one encoder, up to the first that has an error.
    pub(crate) fn encode(&self, values: &[Val]) -> (Vec<u8>, Option<gob::Error>) {
        self.encode_items(values.iter().map(Item::Top))
    }

    pub(crate) fn encode_items<'a>(&self, items: impl IntoIterator<Item = Item<'a>>) -> (Vec<u8>, Option<gob::Error>) {
        let mut encoder = gob::Encoder::new(Vec::new());
        for item in items {
            let (ty, value) = match item {
                Item::Top(value) => (&self.types.top, value),
                Item::Other(value) => (&self.types.other, value),
            };
            if let Err(error) = encoder.encode_as(self.go_type(ty), &Typed { case: self, ty, value }) {
                return (encoder.into_inner(), Some(error));
            }
        }
        (encoder.into_inner(), None)
    }

    /// Decodes what is in a stream, as these types in turns.
    pub(crate) fn decode(&self, types: &[&Ty], bytes: &[u8]) -> Outcome {
        let read = Cell::new(0);
        let mut decoder = gob::Decoder::with_limits(Counted { bytes, read: &read }, AS_GO);
        let mut outcome = Outcome::default();
        for ty in types.iter().cycle() {
            let is_over = read.get() == bytes.len();
            if outcome.error.is_some() && is_over {
                break;
            }
            let result = decoder.decode_as(self.go_type(ty), Seed { case: self, ty });
            match (result, &outcome.error) {
                (Ok(Some(value)), None) => outcome.values.push(value.canonical()),
                (Ok(Some(value)), Some(_)) => outcome.later.push(Some(value.canonical())),
                (Ok(None), _) => break,
                (Err(error), None) => outcome.error = Some(error),
                (Err(_), Some(_)) => outcome.later.push(None),
            }
        }
        outcome
    }

    /// Passes over the values of a stream, and counts them, up to the first error.
    pub(crate) fn skip(&self, bytes: &[u8]) -> (usize, Option<gob::Error>) {
        let mut decoder = gob::Decoder::with_limits(bytes, AS_GO);
        let mut count = 0;
        loop {
            match decoder.skip() {
                Ok(true) => count += 1,
                Ok(false) => return (count, None),
                Err(error) => return (count, Some(error)),
            }
        }
    }
}

/// What is in a stream: values up to the first error, `None` for its end, and what came after the error.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) values: Vec<Val>,
    pub(crate) error: Option<gob::Error>,
    pub(crate) later: Vec<Option<Val>>,
}

/// A reader that tells how far it is.
struct Counted<'a> {
    bytes: &'a [u8],
    read: &'a Cell<usize>,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(buffer)?;
        self.read.set(self.read.get() + count);
        Ok(count)
    }
}

/// A value with its type.
struct Typed<'a> {
    case: &'a Case,
    ty: &'a Ty,
    value: &'a Val,
}

impl<'a> Typed<'a> {
    fn part(&self, ty: &'a Ty, value: &'a Val) -> Self {
        Self { case: self.case, ty, value }
    }
}

impl Serialize for Typed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Ok(ty) = self.case.types.resolve(self.ty) else {
            let Val::Opaque(bytes) = self.value else { unreachable!("{:?}", self.value) };
            return serializer.serialize_bytes(bytes);
        };
        match (ty, self.value) {
            (_, Val::Bool(value)) => serializer.serialize_bool(*value),
            (_, Val::Int(value)) => serializer.serialize_i64(*value),
            (_, Val::Uint(value)) => serializer.serialize_u64(*value),
            (_, Val::Float(bits)) => serializer.serialize_f64(f64::from_bits(*bits)),
            (_, Val::Complex(re, im)) => (f64::from_bits(*re), f64::from_bits(*im)).serialize(serializer),
            (_, Val::String(bytes)) => match std::str::from_utf8(bytes) {
                Ok(text) => serializer.serialize_str(text),
                Err(_) => serializer.serialize_bytes(bytes),
            },
            (_, Val::Bytes(bytes)) => serializer.collect_seq(bytes.as_deref().unwrap_or_default()),
            (Ty::Slice(elem), Val::Slice(items)) => {
                serializer.collect_seq(items.as_deref().unwrap_or_default().iter().map(|item| self.part(elem, item)))
            }
            (Ty::Array(_, elem), Val::Array(items)) => {
                let mut tuple = serializer.serialize_tuple(items.len())?;
                for item in items {
                    tuple.serialize_element(&self.part(elem, item))?;
                }
                tuple.end()
            }
            (Ty::Map(..), Val::Map(None)) => serializer.serialize_none(),
            (Ty::Map(key, elem), Val::Map(Some(entries))) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (k, v) in entries {
                    map.serialize_entry(&self.part(key, k), &self.part(elem, v))?;
                }
                map.end()
            }
            (Ty::Struct(fields), Val::Struct(values)) => {
                let mut fields_out = serializer.serialize_struct("", fields.len())?;
                for ((name, ty), value) in fields.iter().zip(values) {
                    fields_out.serialize_field(interned(name), &self.part(ty, value))?;
                }
                fields_out.end()
            }
            (Ty::Pointer(_), Val::Pointer(None)) => serializer.serialize_none(),
            (Ty::Pointer(elem), Val::Pointer(Some(value))) => serializer.serialize_some(&self.part(elem, value)),
            (_, Val::Any(None)) => Value::Interface(None).serialize(serializer),
            (_, Val::Any(Some((number, value)))) => {
                let ty = self.case.types.concrete(*number).expect("a concrete type");
                let go_type = self.case.go_type(&ty);
                let value = self.part(&ty, value);
                let value = Value::interface(&go_type.registered_name(), go_type, &value).map_err(S::Error::custom)?;
                value.serialize(serializer)
            }
            (ty, value) => unreachable!("{value:?} of type {ty:?}"),
        }
    }
}

/// Takes a value of a made-up type.
#[derive(Clone, Copy)]
struct Seed<'a> {
    case: &'a Case,
    ty: &'a Ty,
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Val;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Val, D::Error> {
        let Ok(ty) = self.case.types.resolve(self.ty) else { return deserializer.deserialize_bytes(self) };
        match ty {
            Ty::Basic(basic) => match PREDECLARED[*basic] {
                "bool" => bool::deserialize(deserializer).map(Val::Bool),
                "int8" => i8::deserialize(deserializer).map(|value| Val::Int(value.into())),
                "int16" => i16::deserialize(deserializer).map(|value| Val::Int(value.into())),
                "int32" => i32::deserialize(deserializer).map(|value| Val::Int(value.into())),
                "int" | "int64" => i64::deserialize(deserializer).map(Val::Int),
                "uint8" => u8::deserialize(deserializer).map(|value| Val::Uint(value.into())),
                "uint16" => u16::deserialize(deserializer).map(|value| Val::Uint(value.into())),
                "uint32" => u32::deserialize(deserializer).map(|value| Val::Uint(value.into())),
                name if name.starts_with("uint") => u64::deserialize(deserializer).map(Val::Uint),
                "float32" => f32::deserialize(deserializer).map(|value| Val::Float(f64::from(value).to_bits())),
                "float64" => f64::deserialize(deserializer).map(|value| Val::Float(value.to_bits())),
                "complex64" => <(f32, f32)>::deserialize(deserializer)
                    .map(|(re, im)| Val::Complex(f64::from(re).to_bits(), f64::from(im).to_bits())),
                "complex128" => {
                    <(f64, f64)>::deserialize(deserializer).map(|(re, im)| Val::Complex(re.to_bits(), im.to_bits()))
                }
                _ => gob::ByteString::deserialize(deserializer).map(|text| Val::String(text.into_bytes())),
            },
            Ty::Slice(elem) if self.case.types.is_byte(elem) => {
                Vec::<u8>::deserialize(deserializer).map(|bytes| Val::Bytes(Some(bytes)))
            }
            Ty::Slice(_) => deserializer.deserialize_seq(self),
            Ty::Array(len, _) => deserializer.deserialize_tuple(*len, self),
            Ty::Map(..) | Ty::Pointer(_) => deserializer.deserialize_option(self),
            Ty::Struct(fields) => {
                let names: Vec<&'static str> = fields.iter().map(|(name, _)| interned(name)).collect();
                deserializer.deserialize_struct("", names.leak(), self)
            }
            Ty::Any => {
                let value = Value::deserialize(deserializer)?;
                self.case.dynamic(self.ty, &value).map_err(serde::de::Error::custom)
            }
            Ty::Named(_) => unreachable!("a name has been resolved"),
        }
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Val;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a {:?}", self.ty)
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Val, E> {
        Ok(Val::Opaque(bytes.to_vec()))
    }

    fn visit_none<E>(self) -> Result<Val, E> {
        Ok(match self.case.types.resolve(self.ty) {
            Ok(Ty::Map(..)) => Val::Map(None),
            _ => Val::Pointer(None),
        })
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Val, D::Error> {
        match self.case.types.resolve(self.ty) {
            Ok(Ty::Pointer(elem)) => {
                let value = Seed { ty: elem, ..self }.deserialize(deserializer)?;
                Ok(Val::Pointer(Some(Box::new(value))))
            }
            _ => deserializer.deserialize_map(self),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Val, A::Error> {
        let mut items = Vec::new();
        match self.case.types.resolve(self.ty) {
            Ok(Ty::Struct(fields)) => {
                for (_, ty) in fields {
                    let value = seq.next_element_seed(Seed { ty, ..self })?;
                    items.push(value.ok_or_else(|| serde::de::Error::invalid_length(items.len(), &self))?);
                }
                Ok(Val::Struct(items))
            }
            Ok(Ty::Slice(elem)) => {
                while let Some(item) = seq.next_element_seed(Seed { ty: elem, ..self })? {
                    items.push(item);
                }
                Ok(Val::Slice(Some(items)))
            }
            Ok(Ty::Array(_, elem)) => {
                while let Some(item) = seq.next_element_seed(Seed { ty: elem, ..self })? {
                    items.push(item);
                }
                Ok(Val::Array(items))
            }
            _ => Err(serde::de::Error::custom("a sequence came")),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Val, A::Error> {
        match self.case.types.resolve(self.ty) {
            Ok(Ty::Struct(fields)) => {
                let mut values: HashMap<String, Val> = HashMap::new();
                while let Some(name) = map.next_key::<String>()? {
                    let field = fields.iter().find(|(known, _)| *known == name);
                    let (_, ty) = field.ok_or_else(|| serde::de::Error::custom("an unknown field came"))?;
                    values.insert(name, map.next_value_seed(Seed { ty, ..self })?);
                }
                let value = |(name, _): &(String, Ty)| {
                    values.remove(name).ok_or_else(|| serde::de::Error::custom("a field did not come"))
                };
                Ok(Val::Struct(fields.iter().map(value).collect::<Result<_, A::Error>>()?))
            }
            Ok(Ty::Map(key, elem)) => {
                let mut entries: Vec<(Val, Val)> = Vec::new();
                while let Some(k) = map.next_key_seed(Seed { ty: key, ..self })? {
                    let v = map.next_value_seed(Seed { ty: elem, ..self })?;
                    // Of two entries with one key the later wins (G110).
                    entries.retain(|(known, _)| !known.is_same_key(&k));
                    entries.push((k, v));
                }
                Ok(Val::Map(Some(entries)))
            }
            _ => Err(serde::de::Error::custom("a map came")),
        }
    }
}

impl Case {
    /// A dynamic value as one of a made-up type.
    pub(crate) fn dynamic(&self, ty: &Ty, value: &Value) -> gob::Result<Val> {
        let Ok(Ty::Any) = self.types.resolve(ty) else { return self.typed(ty, value) };
        let interface = match value {
            Value::Interface(None) => return Ok(Val::Any(None)),
            Value::Interface(Some(interface)) => interface,
            _ => return Ok(Val::unknown()),
        };
        let named = |ty: &Ty| self.go_type(ty).registered_name().as_bytes() == interface.name().as_bytes();
        let mut concretes = (0..).map_while(|number| Some((number, self.types.concrete(number)?)));
        match concretes.find(|(_, ty)| named(ty)) {
            Some((number, ty)) => Ok(Val::Any(Some((number, Box::new(self.typed(&ty, interface.value())?))))),
            None => Ok(Val::unknown()),
        }
    }

    /// A dynamic value as one of a made-up type, by the rules of decoding.
    fn typed(&self, ty: &Ty, value: &Value) -> gob::Result<Val> {
        let mut encoder = gob::Encoder::new(Vec::new());
        encoder.encode_value(value)?;
        let bytes = encoder.into_inner();
        let mut decoder = gob::Decoder::new(&bytes[..]);
        let value = decoder.decode_as(self.go_type(ty), Seed { case: self, ty })?;
        Ok(value.expect("what was written"))
    }
}

/// Serde wants names that last.
fn interned(name: &str) -> &'static str {
    static NAMES: Mutex<Vec<&'static str>> = Mutex::new(Vec::new());

    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    match names.iter().find(|known| **known == name) {
        Some(known) => known,
        None => {
            names.push(name.to_owned().leak());
            names[names.len() - 1]
        }
    }
}
