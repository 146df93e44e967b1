//! A gob value as JSON.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io;
use std::rc::Rc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gobrpc::gob::{Blob, Interface, Map, Opaque, StreamShape, StreamType, Struct, Time, Value};
use serde::ser::{Error as _, Serialize, SerializeMap, Serializer};

use super::format::{Layout, Style};
use crate::error::Error;

/// Writes a value as one JSON document.
pub(crate) fn print(value: &Value, style: Style, out: impl io::Write) -> Result<(), Error> {
    let printer = Printer::default();
    print_json(&Printed(&printer, value), style, out)
}

/// Writes what already is JSON.
pub(crate) fn print_json(value: &impl Serialize, style: Style, out: impl io::Write) -> Result<(), Error> {
    let mut serializer = serde_json::Serializer::with_formatter(out, Layout::new(style));
    value.serialize(&mut serializer).map_err(|error| match error.is_io() {
        true => io::Error::from(error).into(),
        false => Error::data(error),
    })
}

/// What the parts of one document share.
#[derive(Default)]
struct Printer {
    structs: RefCell<HashMap<i32, Rc<[Field]>>>,
}

/// A field, and what it is when it does not come.
struct Field {
    name: String,
    absent: Absent,
}

#[derive(Clone, Copy)]
enum Absent {
    False,
    Int,
    Float,
    Complex,
    EmptyString,
    Null,
}

impl Printer {
    /// The fields of a struct. All types in a value are of one stream.
    fn fields(&self, ty: &StreamType) -> Rc<[Field]> {
        if let Some(fields) = self.structs.borrow().get(&ty.id()) {
            return Rc::clone(fields);
        }
        let StreamShape::Struct(fields) = ty.shape() else { return Rc::default() };
        let fields = fields.iter().map(|field| Field { name: field.name().to_owned(), absent: absent(field.ty()) });
        let fields: Rc<[Field]> = fields.collect();
        self.structs.borrow_mut().insert(ty.id(), Rc::clone(&fields));
        fields
    }
}

/// What did not come is zero, or a nil pointer: structs and arrays are always sent.
fn absent(ty: &StreamType) -> Absent {
    match ty.shape() {
        StreamShape::Bool => Absent::False,
        StreamShape::Int | StreamShape::Uint => Absent::Int,
        StreamShape::Float => Absent::Float,
        StreamShape::Complex => Absent::Complex,
        StreamShape::String => Absent::EmptyString,
        _ => Absent::Null,
    }
}

impl Serialize for Absent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::False => serializer.serialize_bool(false),
            Self::Int => serializer.serialize_u64(0),
            Self::Float => serializer.serialize_f64(0.0),
            Self::Complex => serializer.serialize_str("(0+0i)"),
            Self::EmptyString => serializer.serialize_str(""),
            Self::Null => serializer.serialize_unit(),
        }
    }
}

/// A value to be printed.
#[derive(Clone, Copy)]
struct Printed<'a>(&'a Printer, &'a Value);

impl Serialize for Printed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(printer, value) = *self;
        match value {
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Int(value) => serializer.serialize_i64(*value),
            Value::Uint(value) => serializer.serialize_u64(*value),
            Value::Float(value) if value.is_finite() => serializer.serialize_f64(*value),
            Value::Float(value) => serializer.serialize_str(unusual(*value)),
            Value::Complex(re, im) => serializer.serialize_str(&complex(*re, *im)),
            Value::String(value) => match value.as_str() {
                Some(text) => serializer.serialize_str(text),
                None => serializer.collect_map([("string_base64", STANDARD.encode(value.as_bytes()))]),
            },
            Value::Bytes(value) => serializer.serialize_str(&STANDARD.encode(value)),
            Value::Slice(value) | Value::Array(value) => {
                serializer.collect_seq(value.items().iter().map(|item| Printed(printer, item)))
            }
            Value::Map(value) => serialize_map(printer, value, serializer),
            Value::Struct(value) => serialize_struct(printer, value, serializer),
            Value::Interface(None) => serializer.serialize_unit(),
            Value::Interface(Some(value)) => serialize_interface(printer, value, serializer),
            Value::Opaque(value) => serialize_opaque(value, serializer),
            other => Err(S::Error::custom(format_args!("{other} has no JSON"))),
        }
    }
}

fn serialize_map<S: Serializer>(printer: &Printer, map: &Map, serializer: S) -> Result<S::Ok, S::Error> {
    let entries = map.entries();
    let keys: Option<Vec<(String, &Value)>> =
        entries.iter().map(|(key, value)| key_text(key).map(|key| (key, value))).collect();
    let is_by_text = match map_shape(map) {
        Some(StreamShape::String | StreamShape::Int | StreamShape::Uint) => true,
        Some(_) => false,
        None => !entries.is_empty(),
    };
    match keys {
        Some(mut keys) if is_by_text => {
            keys.sort_by(|(a, _), (b, _)| a.as_bytes().cmp(b.as_bytes()));
            serializer.collect_map(keys.iter().map(|(key, value)| (key, Printed(printer, value))))
        }
        _ => {
            serializer.collect_seq(entries.iter().map(|(key, value)| [Printed(printer, key), Printed(printer, value)]))
        }
    }
}

fn map_shape(map: &Map) -> Option<StreamShape> {
    match map.stream_type().shape() {
        StreamShape::Map(key, _) => Some(key.shape()),
        _ => None,
    }
}

fn key_text(key: &Value) -> Option<String> {
    match key {
        Value::String(key) => key.as_str().map(str::to_owned),
        Value::Int(key) => Some(key.to_string()),
        Value::Uint(key) => Some(key.to_string()),
        _ => None,
    }
}

fn serialize_struct<S: Serializer>(printer: &Printer, value: &Struct, serializer: S) -> Result<S::Ok, S::Error> {
    let fields = printer.fields(value.stream_type());
    let came = value.numbered_fields();
    let mut map = serializer.serialize_map(Some(fields.len()))?;
    let mut came = came.iter().peekable();
    for (number, field) in fields.iter().enumerate() {
        match came.next_if(|(known, _)| *known == number) {
            Some((_, value)) => map.serialize_entry(&field.name, &Printed(printer, value))?,
            None => map.serialize_entry(&field.name, &field.absent)?,
        }
    }
    map.end()
}

fn serialize_interface<S: Serializer>(printer: &Printer, held: &Interface, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(2))?;
    match held.name().as_str() {
        Some(name) => map.serialize_entry("type", name)?,
        None => map.serialize_entry("type", &String::from_utf8_lossy(held.name().as_bytes()))?,
    }
    map.serialize_entry("value", &Printed(printer, held.value()))?;
    map.end()
}

fn serialize_opaque<S: Serializer>(value: &Blob, serializer: S) -> Result<S::Ok, S::Error> {
    let name = value.type_name();
    let mut map = serializer.serialize_map(None)?;
    map.serialize_entry("gob", &name)?;
    map.serialize_entry("base64", &STANDARD.encode(value.payload()))?;
    if name == "Time"
        && let Ok(time) = Time::unmarshal(value.payload())
    {
        map.serialize_entry("time", &time.to_string())?;
    }
    map.end()
}

/// A float that JSON does not have.
pub(super) fn unusual(value: f64) -> &'static str {
    match value {
        value if value.is_nan() => "NaN",
        value if value > 0.0 => "+Inf",
        _ => "-Inf",
    }
}

/// As Go's `%v`, in the shortest form.
fn complex(re: f64, im: f64) -> String {
    let part = |value: f64| if value.is_finite() { super::format::float(value) } else { unusual(value).to_owned() };
    let (re, im) = (part(re), part(im));
    let sign = if im.starts_with(['+', '-']) { "" } else { "+" };
    format!("({re}{sign}{im}i)")
}
