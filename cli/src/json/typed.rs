//! JSON as a value of a Go type.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt::{self, Display};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gobrpc::gob::ty::{Kind, Type};
use gobrpc::gob::{self, Value};
use serde::ser::{Error, Serialize, SerializeMap, SerializeStruct, Serializer};

use super::external;
use super::number;
use super::tree::Json;
use crate::golang::Names;

/// A document that serializes as a value of a Go type does.
pub(crate) struct Typed<'a> {
    json: &'a Json,
    ty: &'static Type,
    shared: &'a Shared<'a>,
    /// Whether it is the value of a field, which may be left out.
    in_field: bool,
}

/// What the parts of a document share.
pub(crate) struct Shared<'a> {
    names: &'a Names,
    /// The way to what is wrong, innermost first: it grows on the way out.
    path: RefCell<Vec<Step<String>>>,
}

#[derive(Debug, Clone, Copy)]
enum Step<N> {
    Member(N),
    Index(usize),
}

impl<'a> Shared<'a> {
    /// For documents whose interfaces hold types by these names.
    pub(crate) const fn new(names: &'a Names) -> Self {
        Self { names, path: RefCell::new(Vec::new()) }
    }

    /// The error of encoding a document, with the place in it.
    pub(crate) fn locate(&self, error: &gob::Error) -> crate::error::Error {
        match Path(&self.path.take()).to_string() {
            path if path.is_empty() => crate::error::Error::data(error.kind()),
            path => crate::error::Error::data(format_args!("{path}: {}", error.kind())),
        }
    }
}

impl<'a> Typed<'a> {
    pub(crate) const fn new(json: &'a Json, ty: &'static Type, shared: &'a Shared<'a>) -> Self {
        Self { json, ty, shared, in_field: false }
    }

    const fn part(&self, json: &'a Json, ty: &'static Type) -> Self {
        Self { json, ty, shared: self.shared, in_field: false }
    }

    fn mismatch<E: Error>(&self, wanted: impl Display) -> E {
        E::custom(format_args!("{} needs {wanted}, not {}", self.ty, self.json.describe()))
    }

    const fn item(&self, index: usize, json: &'a Json, ty: &'static Type) -> Item<'a> {
        Item { step: Step::Index(index), typed: self.part(json, ty) }
    }

    const fn member(&self, name: &'a str, json: &'a Json, ty: &'static Type) -> Item<'a> {
        Item { step: Step::Member(name), typed: self.part(json, ty) }
    }

    fn elem<E: Error>(&self) -> Result<&'static Type, E> {
        self.ty.elem().ok_or_else(|| E::custom(format_args!("{} has no elements", self.ty)))
    }

    fn int<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value = match self.json {
            Json::Null => 0,
            Json::Int(value) => *value,
            Json::Uint(_) => return Err(self.out_of_range()),
            _ => return Err(self.mismatch("an integer")),
        };
        match number::fits_int(self.ty.kind(), value) {
            true => serializer.serialize_i64(value),
            false => Err(self.out_of_range()),
        }
    }

    fn uint<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value = match self.json {
            Json::Null => 0,
            Json::Int(value) => u64::try_from(*value).map_err(|_| self.out_of_range())?,
            Json::Uint(value) => *value,
            _ => return Err(self.mismatch("an integer")),
        };
        match number::fits_uint(self.ty.kind(), value) {
            true => serializer.serialize_u64(value),
            false => Err(self.out_of_range()),
        }
    }

    fn out_of_range<E: Error>(&self) -> E {
        E::custom(format_args!("the number does not fit {}", self.ty))
    }

    fn float<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value = match self.json {
            Json::Null => 0.0,
            Json::Int(value) => *value as f64,
            Json::Uint(value) => *value as f64,
            Json::Float(value) => *value,
            Json::Text(text) => number::unusual(text).ok_or_else(|| self.mismatch("a number"))?,
            _ => return Err(self.mismatch("a number")),
        };
        let value = self.rounded(value, Kind::Float32)?;
        serializer.serialize_f64(value)
    }

    /// The number as one of the narrow kind has it, if this is the type's.
    fn rounded<E: Error>(&self, value: f64, narrow: Kind) -> Result<f64, E> {
        if self.ty.kind() != narrow {
            return Ok(value);
        }
        let rounded = value as f32;
        if value.is_finite() && !rounded.is_finite() {
            return Err(self.out_of_range());
        }
        Ok(f64::from(rounded))
    }

    fn complex<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (re, im) = match self.json {
            Json::Null => (0.0, 0.0),
            Json::Text(text) => number::complex(text).ok_or_else(|| self.mismatch("a string as \"(1+2i)\""))?,
            _ => return Err(self.mismatch("a string as \"(1+2i)\"")),
        };
        (self.rounded(re, Kind::Complex64)?, self.rounded(im, Kind::Complex64)?).serialize(serializer)
    }

    fn string<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.json {
            Json::Null => serializer.serialize_str(""),
            Json::Text(text) => serializer.serialize_str(text),
            Json::Object(_) => match self.json.get("string_base64") {
                Some(bytes) => serializer.serialize_bytes(&self.base64(bytes)?),
                None => Err(self.mismatch("a string, or {\"string_base64\": …}")),
            },
            _ => Err(self.mismatch("a string")),
        }
    }

    fn base64<E: Error>(&self, json: &Json) -> Result<Vec<u8>, E> {
        match json {
            Json::Text(text) => STANDARD.decode(text).map_err(|error| E::custom(format_args!("not base64: {error}"))),
            _ => Err(self.mismatch("a string in base64")),
        }
    }

    fn bytes<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.json {
            Json::Null => serializer.serialize_none(),
            Json::Array(items) => {
                let byte = |item: &Json| match item {
                    Json::Int(value) => u8::try_from(*value).ok(),
                    _ => None,
                };
                let bytes: Option<Vec<u8>> = items.iter().map(byte).collect();
                serializer.serialize_bytes(&bytes.ok_or_else(|| self.mismatch("numbers up to 255"))?)
            }
            json => serializer.serialize_bytes(&self.base64(json)?),
        }
    }

    fn list<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let elem = self.elem()?;
        match (self.json, self.ty.array_len()) {
            (Json::Null, None) => serializer.serialize_none(),
            (Json::Null, Some(len)) => {
                serializer.collect_seq((0..len).map(|index| self.item(index, &Json::Null, elem)))
            }
            (Json::Array(items), Some(len)) if items.len() != len => {
                Err(S::Error::custom(format_args!("{} needs {len} elements, not {}", self.ty, items.len())))
            }
            (Json::Array(items), _) => {
                serializer.collect_seq(items.iter().enumerate().map(|(index, item)| self.item(index, item, elem)))
            }
            _ => Err(self.mismatch("an array")),
        }
    }

    fn map<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let elem = self.elem()?;
        let key = self.ty.key().unwrap_or(elem);
        match self.json {
            Json::Null => serializer.serialize_none(),
            Json::Object(members) => {
                // As in Go, the last of several with one key is the one in the map.
                let last: HashMap<&str, usize> =
                    members.iter().enumerate().map(|(index, (name, _))| (name.as_str(), index)).collect();
                let mut map = serializer.serialize_map(Some(last.len()))?;
                for (index, (name, value)) in members.iter().enumerate() {
                    if last.get(name.as_str()) == Some(&index) {
                        map.serialize_entry(&Key { name, ty: key, map: self }, &self.member(name, value, elem))?;
                    }
                }
                map.end()
            }
            Json::Array(pairs) => {
                let mut map = serializer.serialize_map(Some(pairs.len()))?;
                for (index, pair) in pairs.iter().enumerate() {
                    let Json::Array(pair) = pair else { return Err(self.mismatch("an array of [key, value]")) };
                    let [name, value] = &pair[..] else { return Err(self.mismatch("an array of [key, value]")) };
                    map.serialize_entry(&self.item(index, name, key), &self.item(index, value, elem))?;
                }
                map.end()
            }
            _ => Err(self.mismatch("an object")),
        }
    }

    fn structure<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = self.ty.fields();
        match self.json {
            Json::Null => {}
            Json::Object(members) => {
                let is_known = |name: &str| fields.iter().any(|field| field.name() == name);
                if let Some((name, _)) = members.iter().find(|(name, _)| !is_known(name)) {
                    let known: Vec<&str> = fields.iter().map(|field| field.name()).collect();
                    let known = if known.is_empty() { "no fields".to_owned() } else { known.join(", ") };
                    return Err(S::Error::custom(format_args!("{} has no field {name:?}; it has {known}", self.ty)));
                }
            }
            _ => return Err(self.mismatch("an object")),
        }
        let mut output = serializer.serialize_struct("", fields.len())?;
        for field in fields {
            let json = self.json.get(field.name()).unwrap_or(&Json::Null);
            let mut member = self.member(field.name(), json, field.ty());
            member.typed.in_field = true;
            output.serialize_field(field.name(), &member)?;
        }
        output.end()
    }

    fn interface<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value = match self.json {
            Json::Null => return Value::Interface(None).serialize(serializer),
            Json::Object(members) => {
                let by_name = match (self.json.get("type"), self.json.get("value")) {
                    (Some(Json::Text(name)), Some(value)) if members.len() == 2 => Some((name, value)),
                    _ => None,
                };
                match by_name {
                    Some((name, value)) => {
                        let ty = self.shared.names.find(name).map_err(S::Error::custom)?;
                        Value::interface(name, ty, &self.member("value", value, ty))
                    }
                    None => self.plain("map[string]interface {}"),
                }
            }
            Json::Array(_) => self.plain("[]interface {}"),
            Json::Bool(_) => self.plain("bool"),
            Json::Int(_) => self.plain("int"),
            Json::Uint(_) => self.plain("uint"),
            Json::Float(_) => self.plain("float64"),
            Json::Text(_) => self.plain("string"),
        };
        value.map_err(S::Error::custom)?.serialize(serializer)
    }

    /// JSON that names no type, as one that Go knows by itself.
    fn plain(&self, name: &str) -> gob::Result<Value> {
        let ty = self.shared.names.find(name).map_err(gob::Error::custom)?;
        Value::interface(name, ty, &self.part(self.json, ty))
    }

    fn opaque<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let payload = match self.json {
            Json::Null => external::zero(self.ty).to_vec(),
            Json::Object(_) => match (self.json.get("base64"), self.json.get("time")) {
                (Some(bytes), _) => self.base64(bytes)?,
                (None, Some(Json::Text(time))) => self.external_text(time)?,
                _ => return Err(self.mismatch("{\"gob\": …, \"base64\": …}")),
            },
            Json::Text(text) => self.external_text(text)?,
            Json::Int(value) => self.external_text(&value.to_string())?,
            Json::Uint(value) => self.external_text(&value.to_string())?,
            _ => return Err(self.mismatch("{\"gob\": …, \"base64\": …}")),
        };
        serializer.serialize_bytes(&payload)
    }

    fn external_text<E: Error>(&self, text: &str) -> Result<Vec<u8>, E> {
        match external::from_text(self.ty, text) {
            Some(Ok(payload)) => Ok(payload),
            Some(Err(message)) => Err(E::custom(format_args!("{text:?} is no {}: {message}", self.ty))),
            None => Err(self.mismatch("{\"gob\": …, \"base64\": …}")),
        }
    }
}

impl Serialize for Typed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.ty.kind() {
            Kind::Bool => match self.json {
                Json::Null => serializer.serialize_bool(false),
                Json::Bool(value) => serializer.serialize_bool(*value),
                _ => Err(self.mismatch("true or false")),
            },
            Kind::Float32 | Kind::Float64 => self.float(serializer),
            Kind::Complex64 | Kind::Complex128 => self.complex(serializer),
            Kind::String => self.string(serializer),
            Kind::Bytes => self.bytes(serializer),
            Kind::Slice | Kind::Array => self.list(serializer),
            Kind::Map => self.map(serializer),
            Kind::Struct => self.structure(serializer),
            Kind::Pointer => match self.json {
                Json::Null if self.in_field || !leads_to_interface(self.ty) => serializer.serialize_none(),
                json => {
                    let pointee = self.part(json, self.elem()?);
                    serializer.serialize_some(&Self { in_field: self.in_field, ..pointee })
                }
            },
            Kind::Interface => self.interface(serializer),
            Kind::Opaque => self.opaque(serializer),
            kind if number::is_unsigned(kind) => self.uint(serializer),
            _ => self.int(serializer),
        }
    }
}

/// Whether the pointer leads to an interface. As an element, where gob sends no nil pointers, it is that which is nil.
fn leads_to_interface(pointer: &'static Type) -> bool {
    let mut ty = pointer;
    while let (Kind::Pointer, Some(elem)) = (ty.kind(), ty.elem()) {
        ty = elem;
    }
    ty.kind() == Kind::Interface
}

/// A part of a document, with the step that leads to it.
struct Item<'a> {
    step: Step<&'a str>,
    typed: Typed<'a>,
}

impl Serialize for Item<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.typed.serialize(serializer).inspect_err(|_| {
            let step = match self.step {
                Step::Member(name) => Step::Member(name.to_owned()),
                Step::Index(index) => Step::Index(index),
            };
            self.typed.shared.path.borrow_mut().push(step);
        })
    }
}

/// The key of a map in an object: the text, or an integer in decimal.
struct Key<'a> {
    name: &'a str,
    ty: &'static Type,
    map: &'a Typed<'a>,
}

impl Serialize for Key<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { name, ty, map } = *self;
        let kind = ty.kind();
        let wrong = || S::Error::custom(format_args!("{name:?} is no key of {}", map.ty));
        match kind {
            Kind::String => serializer.serialize_str(name),
            _ if number::is_unsigned(kind) => match name.parse() {
                Ok(value) if number::fits_uint(kind, value) => serializer.serialize_u64(value),
                _ => Err(wrong()),
            },
            _ if number::is_signed(kind) => match name.parse() {
                Ok(value) if number::fits_int(kind, value) => serializer.serialize_i64(value),
                _ => Err(wrong()),
            },
            Kind::Pointer => match ty.elem() {
                Some(ty) => serializer.serialize_some(&Key { name, ty, map }),
                None => Err(wrong()),
            },
            _ => Err(map.mismatch("an array of [key, value]")),
        }
    }
}

/// `A.B[2]`
struct Path<'a>(&'a [Step<String>]);

impl Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().rev().enumerate() {
            match step {
                Step::Member(name) if index > 0 => write!(f, ".{name}")?,
                Step::Member(name) => f.write_str(name)?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}
