//! How JSON is laid out: on a line or indented, in colours or not, with Go's spelling of numbers and strings.

use std::io::{self, Write};

use serde_json::ser::{CharEscape, Formatter};

/// How to lay JSON out.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Style {
    /// Indented, for people; else all on one line.
    pub(crate) pretty: bool,
    pub(crate) colors: bool,
}

const KEY: &[u8] = b"\x1b[1;34m";
const STRING: &[u8] = b"\x1b[32m";
const NUMBER: &[u8] = b"\x1b[36m";
const WORD: &[u8] = b"\x1b[35m";
const RESET: &[u8] = b"\x1b[0m";

/// Lays JSON out as serde_json goes through it.
pub(super) struct Layout {
    style: Style,
    depth: usize,
    /// Whether the innermost open container has anything in it.
    filled: bool,
    in_key: bool,
}

impl Layout {
    pub(super) const fn new(style: Style) -> Self {
        Self { style, depth: 0, filled: false, in_key: false }
    }

    fn colored<W: Write + ?Sized>(&self, out: &mut W, color: &[u8], text: &[u8]) -> io::Result<()> {
        if !self.style.colors {
            return out.write_all(text);
        }
        out.write_all(color)?;
        out.write_all(text)?;
        out.write_all(RESET)
    }

    fn line<W: Write + ?Sized>(&self, out: &mut W) -> io::Result<()> {
        if self.style.pretty {
            out.write_all(b"\n")?;
            for _ in 0..self.depth {
                out.write_all(b"  ")?;
            }
        }
        Ok(())
    }

    fn open<W: Write + ?Sized>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.filled = false;
        out.write_all(bracket)
    }

    fn item<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        if !first {
            out.write_all(b",")?;
        }
        self.line(out)
    }

    fn close<W: Write + ?Sized>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth -= 1;
        if self.filled {
            self.line(out)?;
        }
        self.filled = true;
        out.write_all(bracket)
    }
}

impl Formatter for Layout {
    fn write_null<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.colored(out, WORD, b"null")
    }

    fn write_bool<W: Write + ?Sized>(&mut self, out: &mut W, value: bool) -> io::Result<()> {
        self.colored(out, WORD, if value { b"true" } else { b"false" })
    }

    fn write_i64<W: Write + ?Sized>(&mut self, out: &mut W, value: i64) -> io::Result<()> {
        self.colored(out, NUMBER, value.to_string().as_bytes())
    }

    fn write_u64<W: Write + ?Sized>(&mut self, out: &mut W, value: u64) -> io::Result<()> {
        self.colored(out, NUMBER, value.to_string().as_bytes())
    }

    fn write_f64<W: Write + ?Sized>(&mut self, out: &mut W, value: f64) -> io::Result<()> {
        self.colored(out, NUMBER, float(value).as_bytes())
    }

    fn begin_string<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        if self.style.colors {
            out.write_all(if self.in_key { KEY } else { STRING })?;
        }
        out.write_all(b"\"")
    }

    fn end_string<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b"\"")?;
        if self.style.colors { out.write_all(RESET) } else { Ok(()) }
    }

    /// Go escapes two more than JSON asks for: the line ends of JavaScript.
    fn write_string_fragment<W: Write + ?Sized>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(['\u{2028}', '\u{2029}']) {
            let (before, after) = rest.split_at(at);
            out.write_all(before.as_bytes())?;
            out.write_all(if after.starts_with('\u{2028}') { br"\u2028" } else { br"\u2029" })?;
            rest = &after['\u{2028}'.len_utf8()..];
        }
        out.write_all(rest.as_bytes())
    }

    fn write_char_escape<W: Write + ?Sized>(&mut self, out: &mut W, escape: CharEscape) -> io::Result<()> {
        match escape {
            CharEscape::Quote => out.write_all(b"\\\""),
            CharEscape::ReverseSolidus => out.write_all(br"\\"),
            CharEscape::Solidus => out.write_all(b"/"),
            CharEscape::Backspace => out.write_all(br"\b"),
            CharEscape::FormFeed => out.write_all(br"\f"),
            CharEscape::LineFeed => out.write_all(br"\n"),
            CharEscape::CarriageReturn => out.write_all(br"\r"),
            CharEscape::Tab => out.write_all(br"\t"),
            CharEscape::AsciiControl(byte) => write!(out, "\\u{byte:04x}"),
        }
    }

    fn begin_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b"[")
    }

    fn end_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b"]")
    }

    fn begin_array_value<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.item(out, first)
    }

    fn end_array_value<W: Write + ?Sized>(&mut self, _out: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }

    fn begin_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b"{")
    }

    fn end_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b"}")
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.item(out, first)?;
        self.in_key = true;
        Ok(())
    }

    fn end_object_key<W: Write + ?Sized>(&mut self, _out: &mut W) -> io::Result<()> {
        self.in_key = false;
        Ok(())
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(if self.style.pretty { b": " } else { b":" })
    }

    fn end_object_value<W: Write + ?Sized>(&mut self, _out: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }
}

/// A float as Go's `encoding/json` has it: the shortest that reads back the same, with an exponent where it is large or
/// small.
pub(super) fn float(value: f64) -> String {
    let magnitude = value.abs();
    if magnitude != 0.0 && !(1e-6..1e21).contains(&magnitude) {
        let text = format!("{value:e}");
        return if magnitude < 1.0 { text } else { text.replace('e', "e+") };
    }
    value.to_string()
}

#[cfg(test)]
mod tests {
    use super::float;

    #[test]
    fn floats_are_spelled_as_in_go() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.0, "1"),
            (0.1, "0.1"),
            (1e-6, "0.000001"),
            (9.99e-7, "9.99e-7"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (-1.5e300, "-1.5e+300"),
            (5e-324, "5e-324"),
        ] {
            assert_eq!(float(value), text);
        }
    }
}
