//! Values as Go literals. What the stream does not tell is left to the reader: packages, and whether a field is a pointer
//! where it need not be one.

use std::collections::HashSet;
use std::fmt::Write as _;

use gobrpc::gob::{Blob, Interface, Opaque, StreamMarshaler, StreamShape, StreamType, Struct, Time, Value};

/// The value as an expression.
pub(super) fn of(value: &Value) -> String {
    match value {
        // Untyped constants would be other numbers.
        Value::Uint(value) => format!("uint({value})"),
        value => literal(value, &spell(&value.stream_type())),
    }
}

/// The value as one of the type `ty`. Constants take the type of what they stand in.
fn literal(value: &Value, ty: &str) -> String {
    match value {
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Uint(value) => value.to_string(),
        Value::Float(value) => float(*value),
        Value::Complex(re, im) => format!("complex({}, {})", float(*re), float(*im)),
        Value::String(value) => quoted(value.as_bytes()),
        Value::Bytes(value) => bytes(value, ty),
        Value::Slice(value) | Value::Array(value) => composite(ty, value.items().iter().map(part)),
        Value::Map(value) => {
            composite(ty, value.entries().iter().map(|(key, value)| format!("{}: {}", part(key), part(value))))
        }
        Value::Struct(value) => structure(value, ty),
        Value::Interface(None) => "nil".to_owned(),
        Value::Interface(Some(value)) => held(value),
        Value::Opaque(value) => opaque(value, ty),
        other => other.to_string(),
    }
}

fn part(value: &Value) -> String {
    literal(value, &spell(&value.stream_type()))
}

fn composite(ty: &str, parts: impl Iterator<Item = String>) -> String {
    format!("{ty}{{{}}}", parts.collect::<Vec<_>>().join(", "))
}

fn structure(value: &Struct, ty: &str) -> String {
    let StreamShape::Struct(fields) = value.stream_type().shape() else { return format!("{ty}{{}}") };
    let came = value.numbered_fields().iter().filter_map(|(number, value)| Some((fields.get(*number)?, value)));
    composite(
        ty,
        came.map(|(field, inner)| {
            // A struct can be a part of itself only by a pointer.
            let pointer = if holds(field.ty(), value.stream_type()) { "&" } else { "" };
            format!("{}: {pointer}{}", field.name(), part(inner))
        }),
    )
}

/// What is in an interface needs its type, which only the name tells.
fn held(held: &Interface) -> String {
    let name = String::from_utf8_lossy(held.name().as_bytes()).into_owned();
    // Of an import path, Go source has the last element.
    let ty = match name.rsplit_once('/') {
        Some((before, last)) => format!("{}{last}", if before.starts_with('*') { "*" } else { "" }),
        None => name,
    };
    let value = held.value();
    match (ty.strip_prefix('*'), value) {
        (Some(ty), Value::Struct(_)) => format!("&{}", literal(value, ty)),
        (None, Value::Bool(_) | Value::Int(_) | Value::Uint(_) | Value::Float(_) | Value::Complex(..)) => {
            match ty.as_str() {
                "bool" | "int" | "float64" | "complex128" => part(value),
                _ => format!("{ty}({})", part(value)),
            }
        }
        (None, Value::String(_)) if ty != "string" => format!("{ty}({})", part(value)),
        (None, _) => literal(value, &ty),
        (Some(_), _) => part(value),
    }
}

/// A time is written as one; whatever else encodes itself is asked to decode its bytes.
fn opaque(value: &Blob, ty: &str) -> String {
    if value.type_name() == "Time"
        && let Ok(time) = Time::unmarshal(value.payload())
    {
        return date(time);
    }
    let method = match value.stream_type().shape() {
        StreamShape::Opaque(StreamMarshaler::Binary) => "UnmarshalBinary",
        StreamShape::Opaque(StreamMarshaler::Text) => "UnmarshalText",
        _ => "GobDecode",
    };
    format!("func() (v {ty}) {{ v.{method}({}); return }}()", bytes(value.payload(), "[]byte"))
}

fn date(time: Time) -> String {
    let (seconds, nanos) = (time.unix_seconds(), time.nanosecond());
    let zone = match time.offset() {
        None => "UTC()".to_owned(),
        Some(offset) => format!("In(time.FixedZone(\"\", {offset}))"),
    };
    format!("time.Unix({seconds}, {nanos}).{zone} /* {time} */")
}

/// Whether a type is `outer`, or a struct or array that holds it.
fn holds(ty: &StreamType, outer: &StreamType) -> bool {
    reaches(ty, outer, |ty| match ty.shape() {
        StreamShape::Struct(fields) => fields.iter().map(|field| field.ty().clone()).collect(),
        StreamShape::Array(elem, _) => vec![elem],
        _ => Vec::new(),
    })
}

/// Whether a type leads to itself, in whatever way.
fn is_recursive(ty: &StreamType) -> bool {
    parts(ty).iter().any(|part| reaches(part, ty, parts))
}

fn parts(ty: &StreamType) -> Vec<StreamType> {
    match ty.shape() {
        StreamShape::Struct(fields) => fields.iter().map(|field| field.ty().clone()).collect(),
        StreamShape::Slice(elem) | StreamShape::Array(elem, _) => vec![elem],
        StreamShape::Map(key, elem) => vec![key, elem],
        _ => Vec::new(),
    }
}

fn reaches(from: &StreamType, to: &StreamType, parts: impl Fn(&StreamType) -> Vec<StreamType>) -> bool {
    let mut seen = HashSet::new();
    let mut todo = vec![from.clone()];
    while let Some(ty) = todo.pop() {
        if ty == *to {
            return true;
        }
        if seen.insert(ty.id()) {
            todo.extend(parts(&ty));
        }
    }
    false
}

/// The type in Go's syntax, by its name if the stream tells one.
fn spell(ty: &StreamType) -> String {
    let name = ty.name();
    let is_declared = name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && !["map[", "struct {", "struct{"].iter().any(|literal| name.starts_with(literal));
    match ty.shape() {
        StreamShape::Bool => "bool".to_owned(),
        StreamShape::Int => "int".to_owned(),
        StreamShape::Uint => "uint".to_owned(),
        StreamShape::Float => "float64".to_owned(),
        StreamShape::Complex => "complex128".to_owned(),
        StreamShape::String => "string".to_owned(),
        StreamShape::Bytes => "[]byte".to_owned(),
        StreamShape::Interface => "any".to_owned(),
        _ if is_declared => name,
        // It has a name, which is not sent.
        _ if is_recursive(ty) => format!("T{}", ty.id()),
        StreamShape::Slice(elem) => format!("[]{}", spell(&elem)),
        StreamShape::Array(elem, len) => format!("[{len}]{}", spell(&elem)),
        StreamShape::Map(key, elem) => format!("map[{}]{}", spell(&key), spell(&elem)),
        StreamShape::Struct(fields) => {
            let fields: Vec<String> =
                fields.iter().map(|field| format!("{} {}", field.name(), spell(field.ty()))).collect();
            format!("struct{{{}}}", fields.join("; "))
        }
        _ => format!("T{}", ty.id()),
    }
}

fn float(value: f64) -> String {
    match value {
        value if value.is_nan() => "math.NaN()".to_owned(),
        f64::INFINITY => "math.Inf(1)".to_owned(),
        f64::NEG_INFINITY => "math.Inf(-1)".to_owned(),
        // Go has no constant for it.
        value if value == 0.0 && value.is_sign_negative() => "math.Copysign(0, -1)".to_owned(),
        value => format!("{value:?}"),
    }
}

/// As text where it is one.
fn bytes(bytes: &[u8], ty: &str) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.is_empty() && !text.contains(char::is_control) => format!("{ty}({})", quoted(bytes)),
        _ => composite(ty, bytes.iter().map(|byte| format!("{byte:#04x}"))),
    }
}

fn quoted(text: &[u8]) -> String {
    let mut out = "\"".to_owned();
    for chunk in text.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '"' | '\\' => out.extend(['\\', c]),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                // Writing to a string cannot fail.
                '\u{feff}' | '\u{80}'..='\u{9f}' => drop(write!(out, "\\u{:04x}", u32::from(c))),
                c if c.is_control() => drop(write!(out, "\\x{:02x}", u32::from(c))),
                c => out.push(c),
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out.push('"');
    out
}
