//! Strings and numbers as Go's `encoding/json` spells them (R110).

use std::borrow::Cow;
use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::gob::Result;

/// Appends a string in quotes. What is not UTF-8 is replaced, byte by byte; what HTML would take for its own, escaped.
pub(super) fn put_string(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    for chunk in text.utf8_chunks() {
        put_escaped(out, chunk.valid());
        for _ in chunk.invalid() {
            out.extend_from_slice(br"\ufffd");
        }
    }
    out.push(b'"');
}

fn put_escaped(out: &mut Vec<u8>, text: &str) {
    let mut done = 0;
    for (at, c) in text.char_indices() {
        if !matches!(c, '\0'..='\x1f' | '"' | '\\' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}') {
            continue;
        }
        out.extend_from_slice(&text.as_bytes()[done..at]);
        done = at + c.len_utf8();
        match c {
            '"' | '\\' => out.extend_from_slice(&[b'\\', c as u8]),
            '\x08' => out.extend_from_slice(br"\b"),
            '\x0c' => out.extend_from_slice(br"\f"),
            '\n' => out.extend_from_slice(br"\n"),
            '\r' => out.extend_from_slice(br"\r"),
            '\t' => out.extend_from_slice(br"\t"),
            _ => put_unicode(out, c),
        }
    }
    out.extend_from_slice(&text.as_bytes()[done..]);
}

fn put_unicode(out: &mut Vec<u8>, c: char) {
    // Writing to a vector cannot fail.
    let _ = write!(out, "\\u{:04x}", u32::from(c));
}

/// Appends a part of a string that needs no escapes but those for HTML.
pub(super) fn put_for_html(out: &mut (impl Write + ?Sized), text: &str) -> std::io::Result<()> {
    let mut escaped = Vec::new();
    put_escaped(&mut escaped, text);
    out.write_all(&escaped)
}

/// Appends bytes as a string in base64.
pub(super) fn put_base64(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'"');
    out.extend_from_slice(STANDARD.encode(bytes).as_bytes());
    out.push(b'"');
}

/// The bytes that base64 stands for. Line ends do not count, as in Go.
pub(super) fn base64<'i>(text: &[u8]) -> Result<Cow<'i, [u8]>> {
    let stripped: Cow<'_, [u8]> = if text.iter().any(|byte| matches!(byte, b'\r' | b'\n')) {
        text.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect()
    } else {
        text.into()
    };
    STANDARD.decode(stripped).map(Cow::Owned).map_err(|error| {
        let at = match error {
            base64::DecodeError::InvalidByte(at, _) | base64::DecodeError::InvalidLastSymbol { 0: at, .. } => at,
            _ => text.len() / 4 * 4,
        };
        serde::de::Error::custom(format_args!("illegal base64 data at input byte {at}"))
    })
}

/// A float in the shortest form that reads back the same, without an exponent where that is not too long. Not for
/// infinities and such.
pub(super) fn float(value: f64, is_single: bool) -> String {
    let single = value as f32;
    let magnitude = if is_single { f64::from(single.abs()) } else { value.abs() };
    let small = if is_single { f64::from(1e-6_f32) } else { 1e-6 };
    let large = if is_single { f64::from(1e21_f32) } else { 1e21 };
    if magnitude != 0.0 && (magnitude < small || magnitude >= large) {
        let text = if is_single { format!("{single:e}") } else { format!("{value:e}") };
        return if magnitude < 1.0 { text } else { text.replace('e', "e+") };
    }
    if is_single { single.to_string() } else { value.to_string() }
}

/// The bytes of a string, given what is between its quotes. Lone surrogates and bytes that are not UTF-8 are replaced.
pub(super) fn unescape(raw: &[u8]) -> Cow<'_, [u8]> {
    if !raw.contains(&b'\\') && std::str::from_utf8(raw).is_ok() {
        return raw.into();
    }
    let mut out = Vec::with_capacity(raw.len());
    let mut rest = raw;
    loop {
        let plain = rest.iter().position(|byte| *byte == b'\\').unwrap_or(rest.len());
        put_lossy(&mut out, &rest[..plain]);
        let Some((escape, after)) = rest[plain..].get(1..).and_then(<[u8]>::split_first) else { break };
        rest = after;
        match escape {
            b'b' => out.push(0x08),
            b'f' => out.push(0x0c),
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'u' => {
                let (c, after) = unicode(rest);
                out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                rest = after;
            }
            other => out.push(*other),
        }
    }
    out.into()
}

/// Appends text with a replacement character for each byte that is not UTF-8.
fn put_lossy(out: &mut Vec<u8>, text: &[u8]) {
    for chunk in text.utf8_chunks() {
        out.extend_from_slice(chunk.valid().as_bytes());
        for _ in chunk.invalid() {
            out.extend_from_slice("\u{fffd}".as_bytes());
        }
    }
}

/// The character of one or two `\uXXXX`, after the first `\u`.
fn unicode(raw: &[u8]) -> (char, &[u8]) {
    let (first, rest) = hex4(raw);
    if let Some(c) = char::from_u32(first) {
        return (c, rest);
    }
    if (0xd800..0xdc00).contains(&first)
        && let Some(low) = rest.strip_prefix(br"\u")
    {
        let (second, after) = hex4(low);
        if (0xdc00..0xe000).contains(&second) {
            let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
            return (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), after);
        }
    }
    (char::REPLACEMENT_CHARACTER, rest)
}

fn hex4(raw: &[u8]) -> (u32, &[u8]) {
    let (digits, rest) = raw.split_at(raw.len().min(4));
    let code = std::str::from_utf8(digits).ok().and_then(|digits| u32::from_str_radix(digits, 16).ok());
    (code.unwrap_or(char::REPLACEMENT_CHARACTER as u32), rest)
}

/// Appends a value that came, without its white space and with escapes for HTML, as Go passes it on.
pub(super) fn put_compact(out: &mut Vec<u8>, raw: &[u8]) {
    let (mut in_string, mut escaped) = (false, false);
    let mut at = 0;
    while let Some(&byte) = raw.get(at) {
        at += 1;
        match byte {
            b'<' | b'>' | b'&' => put_unicode(out, byte.into()),
            // U+2028 and U+2029
            0xe2 if matches!(raw.get(at..at + 2), Some([0x80, 0xa8 | 0xa9])) => {
                put_unicode(out, if raw[at + 1] == 0xa8 { '\u{2028}' } else { '\u{2029}' });
                at += 2;
            }
            b' ' | b'\t' | b'\r' | b'\n' if !in_string => {}
            _ => out.push(byte),
        }
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => in_string = !in_string,
            _ => {}
        }
    }
}
