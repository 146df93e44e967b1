//! A `gob::Value` in a format that has no names of types: what it holds.

use super::containers::{Elements, Entries};
use super::output::Output;
use super::sink::{Container, Sink};
use crate::gob::ty::{Kind, Type};
use crate::gob::{Result, Value};

/// Writes what a value holds.
pub(super) fn write<S: Sink>(out: &mut Output<'_, S>, value: &Value) -> Result<()> {
    match value {
        Value::Bool(value) => out.sink.bool(*value),
        Value::Int(value) => out.sink.int(*value),
        Value::Uint(value) => out.sink.uint(*value),
        Value::Float(value) => out.sink.float(*value, Kind::Float64)?,
        Value::Complex(..) => return Err(out.sink.unsupported(const { &Type::basic(Kind::Complex128) })),
        Value::String(value) => out.sink.text(value.as_bytes()),
        Value::Bytes(value) => out.sink.bytes(value),
        Value::Opaque(value) => out.sink.bytes(value.payload()),
        Value::Slice(value) | Value::Array(value) => {
            let items = value.items();
            let mut elements = Elements::begin(out, Some(items.len()))?;
            for item in items {
                elements.open(out);
                write(out, item)?;
            }
            elements.end(out);
        }
        Value::Map(value) => {
            let mut entries = Entries::begin(out, Container::Map, Some(value.entries().len()))?;
            for (key, value) in value.entries() {
                entries.open(out);
                write(out, key)?;
                entries.key_end(out, key_type(key))?;
                write(out, value)?;
                entries.close(out);
            }
            entries.end(out);
        }
        Value::Struct(value) => {
            let fields = value.fields();
            let mut entries = Entries::begin(out, Container::Struct, Some(fields.len()))?;
            for (name, value) in fields {
                entries.open_field(out, &name)?;
                write(out, value)?;
                entries.close(out);
            }
            entries.end(out);
        }
        Value::Interface(None) => out.sink.nil(),
        Value::Interface(Some(interface)) => write(out, interface.value())?,
    }
    Ok(())
}

/// As which type the key of a map is written.
fn key_type(key: &Value) -> &'static Type {
    match key {
        Value::String(_) => const { &Type::basic(Kind::String) },
        Value::Int(_) => const { &Type::basic(Kind::Int) },
        Value::Uint(_) => const { &Type::basic(Kind::Uint) },
        Value::Float(_) => const { &Type::basic(Kind::Float64) },
        Value::Bool(_) => const { &Type::basic(Kind::Bool) },
        Value::Interface(Some(interface)) => key_type(interface.value()),
        _ => const { &Type::any() },
    }
}
