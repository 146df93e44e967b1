//! How values look, for people and for programs.

use std::fmt::{self, Write as _};
use std::io;

use serde_json::value::RawValue;

use super::Shown;

/// The value, or why there is none.
pub(crate) fn shown(shown: &Shown) -> io::Result<(Option<&RawValue>, Option<String>)> {
    Ok(match shown {
        Shown::Json(json) => (Some(serde_json::from_str(json)?), None),
        Shown::Long(len) => (None, Some(format!("{len} bytes"))),
        Shown::Bad(why) => (None, Some(why.clone())),
    })
}

/// A text that cannot do anything to a terminal: what controls it is escaped.
pub(crate) struct Plain<'a>(pub(crate) &'a str);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                c if c.is_control() => write!(f, "{}", c.escape_default())?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// At most so many characters of a text.
pub(crate) struct Cut<'a>(pub(crate) &'a str, pub(crate) usize);

impl fmt::Display for Cut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(text, cut) = self;
        match text.char_indices().nth(*cut) {
            Some((at, _)) => write!(f, "{}… ({} bytes)", Plain(&text[..at]), text.len()),
            None => Plain(text).fmt(f),
        }
    }
}

/// Arguments or a reply, cut after so many characters.
pub(crate) struct Value<'a>(pub(crate) &'a Shown, pub(crate) usize);

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Shown::Json(json) => Cut(json, self.1).fmt(f),
            Shown::Long(len) => write!(f, "({len} bytes)"),
            Shown::Bad(why) => write!(f, "(unreadable: {})", Plain(why)),
        }
    }
}
