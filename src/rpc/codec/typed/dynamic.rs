//! A `gob::Value` in a format that has no names of types: what it holds, and back what can be told from that.

use super::de::{Reader, Source, Token};
use super::entries::Entry;
use super::ser::{Container, Entries, Output, Sink};
use crate::gob::ty::{Kind, Type};
use crate::gob::value::{any_map, any_slice};
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
            out.enter()?;
            let (start, items) = (out.sink.position(), value.items());
            out.sink.begin(Container::Array, Some(items.len()));
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.sink.separate();
                }
                write(out, item)?;
            }
            out.leave();
            out.sink.end(Container::Array, start, Some(items.len()), items.len(), &mut [] as &mut [Entry]);
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
                entries.open(out);
                out.sink.text(name.as_bytes());
                entries.key_end(out, const { &Type::basic(Kind::String) })?;
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

/// Reads what Go puts into an `interface{}`: `float64`, `string`, `bool`, `[]interface{}`, `map[string]interface{}` or
/// nil. It comes as the interface.
pub(super) fn read<'i, S: Source<'i>>(reader: &mut Reader<S>) -> Result<Value> {
    let value = match reader.source.token()? {
        Token::Nil => return Ok(Value::Interface(None)),
        Token::Bool(value) => value.into(),
        Token::Number(number) => match number.to_value() {
            Some(value) => value,
            None => return Err(reader.mismatch(&number.describe(), const { &Type::basic(Kind::Float64) })),
        },
        Token::Text(text) => Value::String(text.into_owned().into()),
        Token::Bytes(bytes) => Value::Bytes(bytes.to_vec()),
        Token::Array(mut items) => {
            let items = reader.deeper(|reader| {
                let mut values = Vec::new();
                while reader.source.more(&mut items)? {
                    values.push(read(reader)?);
                }
                Ok(values)
            })?;
            return any_slice(items);
        }
        Token::Map(mut items) => {
            let entries = reader.deeper(|reader| {
                let mut entries: Vec<(Value, Value)> = Vec::new();
                while reader.source.more(&mut items)? {
                    let key = match reader.source.token()? {
                        Token::Text(text) => Value::String(text.into_owned().into()),
                        other => return Err(reader.mismatch(&other.describe(), const { &Type::basic(Kind::String) })),
                    };
                    reader.source.colon()?;
                    entries.push((key, read(reader)?));
                }
                Ok(last_of_each(entries))
            })?;
            return any_map(entries);
        }
    };
    // A scalar always has a name.
    Ok(value.into_interface().unwrap_or(Value::Interface(None)))
}

/// The entries sorted by their keys, without those that a later one overwrites.
fn last_of_each(mut entries: Vec<(Value, Value)>) -> Vec<(Value, Value)> {
    // The sort keeps the order of equal ones, so the first of the reversed is the last that came.
    entries.reverse();
    entries.sort_by(|(a, _), (b, _)| a.as_bytes().cmp(&b.as_bytes()));
    entries.dedup_by(|(later, _), (kept, _)| later.as_bytes() == kept.as_bytes());
    entries
}
