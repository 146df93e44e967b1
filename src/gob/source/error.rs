//! Why a source is not understood.

use std::fmt::{self, Write};

use super::syntax::Expected;

/// Why a text is not a Go type, and where.
#[derive(Clone, PartialEq, Eq)]
pub struct ParseError {
    message: String,
    place: Option<Place>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    /// From 1.
    line: usize,
    /// In characters, from 1.
    column: usize,
    text: String,
}

impl ParseError {
    pub(super) fn expected(source: &str, expected: Expected) -> Self {
        let what = if expected.what.is_empty() { "Go" } else { expected.what };
        Self::at(source, expected.left, format!("expected {what}"))
    }

    /// Says what is wrong at a place, given by how much of the source is left there.
    #[doc(hidden)]
    pub fn at(source: &str, left: usize, message: String) -> Self {
        let before = source.get(..source.len().saturating_sub(left)).unwrap_or(source);
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let text = source[start..].lines().next().unwrap_or("").to_owned();
        let place = Place { line: before.matches('\n').count() + 1, column: before[start..].chars().count() + 1, text };
        Self { message, place: Some(place) }
    }

    pub(super) const fn without_place(message: String) -> Self {
        Self { message, place: None }
    }

    /// What is wrong, without the place.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The line, from 1, if it is known.
    pub fn line(&self) -> Option<usize> {
        self.place.as_ref().map(|place| place.line)
    }
}

/// The place, what is wrong, and the line with a caret under it.
impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(Place { line, column, text }) = &self.place else { return f.write_str(&self.message) };
        write!(f, "line {line}, column {column}: {}\n    {text}\n    ", self.message)?;
        // Tabs stay tabs, so that the caret stands where it should.
        for c in text.chars().take(column - 1) {
            f.write_char(if c == '\t' { '\t' } else { ' ' })?;
        }
        f.write_str("^")
    }
}

impl fmt::Debug for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ParseError({self})")
    }
}

impl std::error::Error for ParseError {}
