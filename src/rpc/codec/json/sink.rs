//! Writing JSON as Go does.

use std::io;

use serde_json::ser::{CharEscape, Formatter};

use super::text;
use crate::gob::ty::{Kind, Type};
use crate::gob::{Error, Result};
use crate::rpc::codec::typed::ser::{Container, Entry, Sink, sort};

pub(super) struct JsonSink<'o>(pub(super) &'o mut Vec<u8>);

impl Sink for JsonSink<'_> {
    const READABLE: bool = true;

    fn position(&self) -> usize {
        self.0.len()
    }

    fn nil(&mut self) {
        self.0.extend_from_slice(b"null");
    }

    fn bool(&mut self, value: bool) {
        self.0.extend_from_slice(if value { b"true" } else { b"false" });
    }

    fn int(&mut self, value: i64) {
        self.0.extend_from_slice(value.to_string().as_bytes());
    }

    fn uint(&mut self, value: u64) {
        self.0.extend_from_slice(value.to_string().as_bytes());
    }

    fn float(&mut self, value: f64, kind: Kind) -> Result<()> {
        if !value.is_finite() {
            let name = if value.is_nan() { "NaN" } else { ["+Inf", "-Inf"][usize::from(value < 0.0)] };
            return Err(serde::ser::Error::custom(format_args!("json: unsupported value: {name}")));
        }
        self.0.extend_from_slice(text::float(value, kind == Kind::Float32).as_bytes());
        Ok(())
    }

    fn text(&mut self, text: &[u8]) {
        text::put_string(self.0, text);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        text::put_base64(self.0, bytes);
    }

    fn readable(&mut self, value: &dyn erased_serde::Serialize) -> Result<()> {
        let mut serializer = serde_json::Serializer::with_formatter(&mut *self.0, GoFormatter);
        erased_serde::serialize(value, &mut serializer).map_err(serde::ser::Error::custom)
    }

    fn takes_key(&self, key: &Type) -> bool {
        is_number(key) || matches!(key.kind, Kind::String | Kind::Opaque | Kind::Interface)
    }

    fn unsupported(&self, ty: &Type) -> Error {
        serde::ser::Error::custom(format_args!("json: unsupported type: {ty}"))
    }

    fn begin(&mut self, kind: Container, _len: Option<usize>) {
        self.0.push(if kind == Container::Array { b'[' } else { b'{' });
    }

    fn separate(&mut self) {
        self.0.push(b',');
    }

    fn key_end(&mut self, start: usize, key: &Type) -> Result<()> {
        if is_number(key) {
            self.0.insert(start, b'"');
            self.0.push(b'"');
        } else if self.0.get(start) != Some(&b'"') {
            return Err(self.unsupported(key));
        }
        self.0.push(b':');
        Ok(())
    }

    fn end(&mut self, kind: Container, _start: usize, _len: Option<usize>, _count: usize, entries: &mut [Entry]) {
        if kind == Container::Map {
            sort(self.0, entries, b",", key);
        }
        self.0.push(if kind == Container::Array { b']' } else { b'}' });
    }
}

fn is_number(ty: &Type) -> bool {
    ty.kind.int_range().is_some() || ty.kind.uint_max().is_some()
}

/// The key of an entry, given with its quotes and the colon.
fn key(raw: &[u8]) -> Vec<u8> {
    text::unescape(raw.get(1..raw.len().saturating_sub(2)).unwrap_or_default()).into_owned()
}

/// Go's spelling for what serde_json writes.
struct GoFormatter;

impl Formatter for GoFormatter {
    fn write_f32<W: io::Write + ?Sized>(&mut self, out: &mut W, value: f32) -> io::Result<()> {
        out.write_all(text::float(value.into(), true).as_bytes())
    }

    fn write_f64<W: io::Write + ?Sized>(&mut self, out: &mut W, value: f64) -> io::Result<()> {
        out.write_all(text::float(value, false).as_bytes())
    }

    fn write_string_fragment<W: io::Write + ?Sized>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        text::put_for_html(out, fragment)
    }

    fn write_char_escape<W: io::Write + ?Sized>(&mut self, out: &mut W, escape: CharEscape) -> io::Result<()> {
        match escape {
            // Go leaves it as it is.
            CharEscape::Solidus => out.write_all(b"/"),
            CharEscape::Quote => out.write_all(b"\\\""),
            CharEscape::ReverseSolidus => out.write_all(br"\\"),
            CharEscape::Backspace => out.write_all(br"\b"),
            CharEscape::FormFeed => out.write_all(br"\f"),
            CharEscape::LineFeed => out.write_all(br"\n"),
            CharEscape::CarriageReturn => out.write_all(br"\r"),
            CharEscape::Tab => out.write_all(br"\t"),
            CharEscape::AsciiControl(byte) => write!(out, "\\u{byte:04x}"),
        }
    }

    fn write_byte_array<W: io::Write + ?Sized>(&mut self, out: &mut W, bytes: &[u8]) -> io::Result<()> {
        let mut text = Vec::new();
        text::put_base64(&mut text, bytes);
        out.write_all(&text)
    }
}
