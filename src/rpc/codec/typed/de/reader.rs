//! Values that have no parts, each of the Go type that is wanted, and the beginnings of those that have.

use std::borrow::Cow;
use std::fmt::Display;

use super::number::Number;
use super::source::{Items, Source, Token};
use crate::gob::ty::{Kind, Type};
use crate::gob::{Error, ErrorKind, Result};

/// Where values come from, and where in the value we are.
pub(super) struct Reader<S> {
    pub(super) source: S,
    /// The fields around, outermost first, each with its struct.
    fields: Vec<(&'static Type, &'static str)>,
    left: usize,
    depth: usize,
    /// Whether a member has come twice.
    repeated: bool,
    /// Whether to look at all members of a struct before the first is handed over.
    careful: bool,
}

impl<S> Reader<S> {
    pub(super) const fn new(source: S, depth: usize) -> Self {
        Self { source, fields: Vec::new(), left: depth, depth, repeated: false, careful: false }
    }

    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.left = self.left.checked_sub(1).ok_or(ErrorKind::TooDeep(self.depth))?;
        let value = read(self)?;
        self.left += 1;
        Ok(value)
    }

    /// Reads the value of a field, which errors name.
    pub(super) fn in_field<T>(
        &mut self,
        ty: &'static Type,
        key: &'static str,
        read: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        self.fields.push((ty, key));
        let value = read(self)?;
        self.fields.pop();
        Ok(value)
    }

    pub(super) const fn is_careful(&self) -> bool {
        self.careful
    }

    /// A member came twice. In Go the last one counts, but the first has been handed over already.
    pub(super) fn repeated(&mut self) -> Error {
        self.repeated = true;
        serde::de::Error::custom("a member that came twice")
    }

    /// Whether all must begin anew, because a member came twice.
    pub(super) const fn must_reread(&self) -> bool {
        self.repeated && !self.careful
    }
}

impl<'i, S: Source<'i>> Reader<S> {
    /// Begins anew, and looks at all members of a struct first.
    pub(super) fn reread(&mut self, start: usize) {
        self.careful = true;
        self.left = self.depth;
        self.fields.clear();
        self.source.seek(start);
    }

    /// Go's `UnmarshalTypeError`.
    #[cold]
    pub(super) fn mismatch(&self, found: impl Display, ty: &Type) -> Error {
        let place = match self.fields.last() {
            Some((structure, _)) => {
                let path: Vec<_> = self.fields.iter().map(|(_, key)| *key).collect();
                format!("struct field {}.{}", structure.identifier(), path.join("."))
            }
            None => "value".to_owned(),
        };
        serde::de::Error::custom(format_args!("{}: cannot unmarshal {found} into Go {place} of type {ty}", S::NAME))
    }

    /// Whether another item follows. Once the end was taken, none does.
    pub(super) fn more(&mut self, items: &mut Items) -> Result<bool> {
        items.ended = items.ended || !self.source.more(items)?;
        Ok(!items.ended)
    }

    pub(super) fn skip(&mut self) -> Result<()> {
        self.source.raw().map(drop)
    }

    pub(super) fn bool(&mut self, ty: &Type) -> Result<bool> {
        match self.source.token()? {
            Token::Bool(value) => Ok(value),
            other => Err(self.mismatch(other.describe(), ty)),
        }
    }

    pub(super) fn int(&mut self, ty: &Type) -> Result<i64> {
        let (min, max) = ty.kind.int_range().unwrap_or((0, 0));
        self.number(ty, |number| number.to_i64().filter(|value| (min..=max).contains(value)))
    }

    pub(super) fn uint(&mut self, ty: &Type) -> Result<u64> {
        let max = ty.kind.uint_max().unwrap_or(0);
        self.number(ty, |number| number.to_u64().filter(|value| *value <= max))
    }

    pub(super) fn float(&mut self, ty: &Type) -> Result<f64> {
        self.number(ty, |number| number.to_f64(ty.kind))
    }

    pub(super) fn char(&mut self, ty: &Type) -> Result<char> {
        self.number(ty, |number| number.to_char())
    }

    fn number<T>(&mut self, ty: &Type, value: impl FnOnce(&Number<'_>) -> Option<T>) -> Result<T> {
        match self.source.token()? {
            Token::Number(number) => value(&number).ok_or_else(|| self.mismatch(&number, ty)),
            other => Err(self.mismatch(other.describe(), ty)),
        }
    }

    /// A Go string, which may be anything.
    pub(super) fn text(&mut self, ty: &Type) -> Result<Cow<'i, [u8]>> {
        match self.source.token()? {
            Token::Text(text) => Ok(text),
            // Some formats have but one kind of bytes.
            Token::Bytes(bytes) if !S::READABLE => Ok(bytes.into()),
            other => Err(self.mismatch(other.describe(), ty)),
        }
    }

    /// A `[]byte`, which may come as an array too.
    pub(super) fn bytes(&mut self, ty: &Type) -> Result<Cow<'i, [u8]>> {
        match self.source.token()? {
            Token::Text(text) => S::bytes(text),
            Token::Bytes(bytes) => Ok(bytes.into()),
            Token::Array(mut items) => {
                let mut bytes = Vec::new();
                while self.more(&mut items)? {
                    let is_nil = self.source.take_nil();
                    bytes.push(if is_nil { 0 } else { self.uint(const { &Type::basic(Kind::Uint8) })? as u8 });
                }
                Ok(bytes.into())
            }
            other => Err(self.mismatch(other.describe(), ty)),
        }
    }

    pub(super) fn array(&mut self, ty: &Type) -> Result<Items> {
        match self.source.token()? {
            Token::Array(items) => Ok(items),
            other => Err(self.mismatch(other.describe(), ty)),
        }
    }

    pub(super) fn map(&mut self, ty: &Type) -> Result<Items> {
        match self.source.token()? {
            Token::Map(items) => Ok(items),
            other => Err(self.mismatch(other.describe(), ty)),
        }
    }
}
