//! The objects around arguments and replies.

use std::ops::Range;

use super::source::JsonSource;
use crate::gob::{Error, Result};
use crate::rpc::codec::typed::de::{Source, Token};
use crate::rpc::codec::typed::names::same_fold;

/// Where the members of an object are, of those that were asked for. Null is none, and the last of a name counts.
pub(super) fn members<const N: usize>(json: &[u8], names: [&str; N]) -> Result<[Option<Range<usize>>; N]> {
    let mut source = JsonSource::new(json);
    let mut found = [const { None }; N];
    let mut items = match source.token()? {
        Token::Map(items) => items,
        // R115: it is taken for an empty object.
        Token::Nil => return Ok(found),
        other => return Err(cannot(&other, "value", "struct")),
    };
    while source.more(&mut items)? {
        let Token::Text(name) = source.token()? else { continue };
        source.colon()?;
        let raw = source.raw()?;
        let end = source.position();
        if let Some(index) = index_of(&names, &name) {
            found[index] = (raw != b"null").then(|| end - raw.len()..end);
        }
    }
    Ok(found)
}

/// The member of this name, or else of one that differs by case alone (R111).
fn index_of(names: &[&str], name: &[u8]) -> Option<usize> {
    let name = std::str::from_utf8(name).ok()?;
    names.iter().position(|known| *known == name).or_else(|| names.iter().position(|known| same_fold(known, name)))
}

/// Go's words for a value of the wrong type.
pub(super) fn cannot(found: &Token<'_>, place: &str, ty: &str) -> Error {
    let found = found.describe();
    serde::de::Error::custom(format_args!("json: cannot unmarshal {found} into Go {place} of type {ty}"))
}

/// The string that a member is.
pub(super) fn string(raw: &[u8], place: &str) -> Result<String> {
    match JsonSource::new(raw).token()? {
        Token::Text(text) => Ok(String::from_utf8_lossy(&text).into_owned()),
        other => Err(cannot(&other, place, "string")),
    }
}

/// A value as Go's `%v` prints what it decoded: `map[code:-32601 message:nf]`.
pub(super) fn printed(raw: &[u8]) -> String {
    let mut out = String::new();
    // Deep values are cut rather than followed.
    print(&mut JsonSource::new(raw), &mut out, 100);
    out
}

fn print(source: &mut JsonSource<'_>, out: &mut String, depth: usize) -> Option<()> {
    let text = |text: &[u8]| String::from_utf8_lossy(text).into_owned();
    match source.token().ok()? {
        Token::Nil => out.push_str("<nil>"),
        Token::Bool(value) => out.push_str(if value { "true" } else { "false" }),
        Token::Number(number) => out.push_str(&float(number.to_value()?.as_f64()?)),
        Token::Text(value) => out.push_str(&text(&value)),
        Token::Bytes(value) => out.push_str(&text(value)),
        Token::Array(mut items) => {
            out.push('[');
            let mut separator = "";
            while source.more(&mut items).ok()? {
                out.push_str(std::mem::replace(&mut separator, " "));
                print(source, out, depth.checked_sub(1)?)?;
            }
            out.push(']');
        }
        Token::Map(mut items) => {
            let mut entries = std::collections::BTreeMap::new();
            while source.more(&mut items).ok()? {
                let Token::Text(key) = source.token().ok()? else { return None };
                source.colon().ok()?;
                let mut value = String::new();
                print(source, &mut value, depth.checked_sub(1)?)?;
                entries.insert(text(&key), value);
            }
            let entries: Vec<_> = entries.into_iter().map(|(key, value)| format!("{key}:{value}")).collect();
            out.push_str(&format!("map[{}]", entries.join(" ")));
        }
    }
    Some(())
}

/// A float as Go's `%v`: the shortest digits, with an exponent where that is below -4 or above 5.
fn float(value: f64) -> String {
    let text = format!("{value:e}");
    let Some((digits, exponent)) = text.split_once('e') else { return text };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&exponent) {
        return value.to_string();
    }
    format!("{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}
