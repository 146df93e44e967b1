//! Values as Go literals. What the stream does not tell is left to the reader: packages, and whether a field is a
//! pointer where it need not be one.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::io::{self, Write};
use std::rc::Rc;

use gobrpc::gob::{Blob, Interface, Opaque, StreamMarshaler, StreamShape, StreamType, Struct, Time, Value};

use crate::capture::show::Plain;

/// Writes values of one stream as expressions.
#[derive(Default)]
pub(super) struct Literals {
    /// Types in Go's syntax, by their ids.
    spelled: HashMap<i32, Rc<str>>,
    /// The fields of structs: what goes before the value.
    fields: HashMap<i32, Rc<[String]>>,
}

impl Literals {
    pub(super) fn write(&mut self, value: &Value, out: &mut impl Write) -> io::Result<()> {
        match value {
            // Untyped constants would be other numbers.
            Value::Uint(value) => write!(out, "uint({value})"),
            value => self.part(value, out),
        }
    }

    /// A value of the type that its stream tells.
    fn part(&mut self, value: &Value, out: &mut impl Write) -> io::Result<()> {
        match value {
            Value::Bool(_) | Value::Int(_) | Value::Uint(_) | Value::Float(_) | Value::Complex(..) => {
                write!(out, "{}", number(value))
            }
            Value::String(value) => out.write_all(quoted(value.as_bytes()).as_bytes()),
            Value::Interface(None) => out.write_all(b"nil"),
            Value::Interface(Some(held)) => self.held(held, out),
            value => {
                let ty = self.spell(&value.stream_type());
                self.typed(value, &ty, out)
            }
        }
    }

    /// A value that is written with its type.
    fn typed(&mut self, value: &Value, ty: &str, out: &mut impl Write) -> io::Result<()> {
        match value {
            Value::Bytes(value) => return out.write_all(bytes(value, ty).as_bytes()),
            Value::Opaque(value) => return self.opaque(value, ty, out),
            _ => {}
        }
        write!(out, "{ty}{{")?;
        match value {
            Value::Slice(value) | Value::Array(value) => {
                for (index, item) in value.items().iter().enumerate() {
                    comma(index, out)?;
                    self.part(item, out)?;
                }
            }
            Value::Map(value) => {
                for (index, (key, value)) in value.entries().iter().enumerate() {
                    comma(index, out)?;
                    self.part(key, out)?;
                    out.write_all(b": ")?;
                    self.part(value, out)?;
                }
            }
            Value::Struct(value) => {
                let fields = self.fields(value);
                for (index, (number, value)) in value.numbered_fields().iter().enumerate() {
                    comma(index, out)?;
                    out.write_all(fields.get(*number).map_or(&b""[..], |field| field.as_bytes()))?;
                    self.part(value, out)?;
                }
            }
            _ => {}
        }
        out.write_all(b"}")
    }

    fn fields(&mut self, value: &Struct) -> Rc<[String]> {
        let ty = value.stream_type();
        let fields = self.fields.entry(ty.id()).or_insert_with(|| match ty.shape() {
            // A struct can be a part of itself only by a pointer.
            StreamShape::Struct(fields) => fields
                .iter()
                .map(|field| format!("{}: {}", Plain(field.name()), if holds(field.ty(), ty) { "&" } else { "" }))
                .collect(),
            _ => Rc::default(),
        });
        Rc::clone(fields)
    }

    /// What is in an interface needs its type, which only the name tells.
    fn held(&mut self, held: &Interface, out: &mut impl Write) -> io::Result<()> {
        let name = Plain(&String::from_utf8_lossy(held.name().as_bytes())).to_string();
        // Of an import path, Go source has the last element.
        let ty = match name.rsplit_once('/') {
            Some((before, last)) => format!("{}{last}", if before.starts_with('*') { "*" } else { "" }),
            None => name,
        };
        let value = held.value();
        match (ty.strip_prefix('*'), value) {
            (Some(ty), Value::Struct(_)) => {
                out.write_all(b"&")?;
                self.typed(value, ty, out)
            }
            (None, Value::Bool(_) | Value::Int(_) | Value::Uint(_) | Value::Float(_) | Value::Complex(..)) => {
                match ty.as_str() {
                    "bool" | "int" | "float64" | "complex128" => self.part(value, out),
                    _ => write!(out, "{ty}({})", number(value)),
                }
            }
            (None, Value::String(value)) if ty != "string" => write!(out, "{ty}({})", quoted(value.as_bytes())),
            (None, Value::String(_) | Value::Interface(_)) | (Some(_), _) => self.part(value, out),
            (None, _) => self.typed(value, &ty, out),
        }
    }

    /// A time is written as one; whatever else encodes itself is asked to decode its bytes.
    fn opaque(&self, value: &Blob, ty: &str, out: &mut impl Write) -> io::Result<()> {
        if value.type_name() == "Time"
            && let Ok(time) = Time::unmarshal(value.payload())
        {
            return out.write_all(date(time).as_bytes());
        }
        let method = match value.stream_type().shape() {
            StreamShape::Opaque(StreamMarshaler::Binary) => "UnmarshalBinary",
            StreamShape::Opaque(StreamMarshaler::Text) => "UnmarshalText",
            _ => "GobDecode",
        };
        write!(out, "func() (v {ty}) {{ v.{method}({}); return }}()", bytes(value.payload(), "[]byte"))
    }

    fn spell(&mut self, ty: &StreamType) -> Rc<str> {
        if let Some(spelled) = self.spelled.get(&ty.id()) {
            return Rc::clone(spelled);
        }
        let spelled: Rc<str> = spell(ty, &mut { MAX_PARTS }).into();
        self.spelled.insert(ty.id(), Rc::clone(&spelled));
        spelled
    }
}

fn comma(index: usize, out: &mut impl Write) -> io::Result<()> {
    if index > 0 { out.write_all(b", ") } else { Ok(()) }
}

fn number(value: &Value) -> String {
    match value {
        Value::Float(value) => float(*value),
        Value::Complex(re, im) => format!("complex({}, {})", float(*re), float(*im)),
        value => value.to_string(),
    }
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

/// Whether a type leads to itself, without one between that can be named.
fn is_recursive(ty: &StreamType) -> bool {
    let nameless = |ty: &StreamType| if is_declared(&ty.name()) { Vec::new() } else { parts(ty) };
    parts(ty).iter().any(|part| reaches(part, ty, nameless))
}

/// Whether a name is that of a declared type, and not the printed form of another.
fn is_declared(name: &str) -> bool {
    name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && !["map[", "struct {", "struct{"].iter().any(|literal| name.starts_with(literal))
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

/// Of how many parts a type is spelled. A few types could otherwise make one that is longer than anything.
const MAX_PARTS: usize = 200;

/// The type in Go's syntax, by its name if the stream tells one.
fn spell(ty: &StreamType, parts_left: &mut usize) -> String {
    let name = Plain(&ty.name()).to_string();
    *parts_left = parts_left.saturating_sub(1);
    let is_long = *parts_left == 0;
    let mut part = |ty: &StreamType| spell(ty, parts_left);
    match ty.shape() {
        StreamShape::Bool => "bool".to_owned(),
        StreamShape::Int => "int".to_owned(),
        StreamShape::Uint => "uint".to_owned(),
        StreamShape::Float => "float64".to_owned(),
        StreamShape::Complex => "complex128".to_owned(),
        StreamShape::String => "string".to_owned(),
        StreamShape::Bytes => "[]byte".to_owned(),
        StreamShape::Interface => "any".to_owned(),
        _ if is_declared(&name) => name,
        // What leads to itself has a name, which was not sent.
        _ if is_long || is_recursive(ty) => format!("T{}", ty.id()),
        StreamShape::Slice(elem) => format!("[]{}", part(&elem)),
        StreamShape::Array(elem, len) => format!("[{len}]{}", part(&elem)),
        StreamShape::Map(key, elem) => format!("map[{}]{}", part(&key), part(&elem)),
        StreamShape::Struct(fields) => {
            let fields: Vec<String> =
                fields.iter().map(|field| format!("{} {}", Plain(field.name()), part(field.ty()))).collect();
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
        _ => {
            let bytes: Vec<String> = bytes.iter().map(|byte| format!("{byte:#04x}")).collect();
            format!("{ty}{{{}}}", bytes.join(", "))
        }
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
