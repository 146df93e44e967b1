//! A `gob::Value` from a format that has no names of types: what can be told from that.

use super::reader::Reader;
use super::source::{Source, Token};
use crate::gob::ty::{Kind, Type};
use crate::gob::value::{any_map, any_slice};
use crate::gob::{Result, Value};

/// Reads what Go puts into an `interface{}`: `float64`, `string`, `bool`, `[]interface{}`, `map[string]interface{}` or
/// nil. It comes as the interface.
pub(super) fn read<'i, S: Source<'i>>(reader: &mut Reader<S>) -> Result<Value> {
    let value = match reader.source.token()? {
        Token::Nil => return Ok(Value::Interface(None)),
        Token::Bool(value) => value.into(),
        Token::Number(number) => match number.to_value() {
            Some(value) => value,
            None => return Err(reader.mismatch(number, const { &Type::basic(Kind::Float64) })),
        },
        Token::Text(text) => Value::String(text.into_owned().into()),
        Token::Bytes(bytes) => Value::Bytes(bytes.to_vec()),
        Token::Array(mut items) => {
            let items = reader.deeper(|reader| {
                let mut values = Vec::new();
                while reader.more(&mut items)? {
                    values.push(read(reader)?);
                }
                Ok(values)
            })?;
            return any_slice(items);
        }
        Token::Map(mut items) => {
            let entries = reader.deeper(|reader| {
                let mut entries: Vec<(Value, Value)> = Vec::new();
                while reader.more(&mut items)? {
                    let key = match reader.source.token()? {
                        Token::Text(text) => Value::String(text.into_owned().into()),
                        other => return Err(reader.mismatch(other.describe(), const { &Type::basic(Kind::String) })),
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
