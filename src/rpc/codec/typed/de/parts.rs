//! The elements of slices and arrays, and the entries of maps.

use serde::de::{DeserializeSeed, MapAccess, SeqAccess};

use super::reader::Reader;
use super::source::{Items, Source};
use crate::gob::de::zero::Zero;
use crate::gob::ty::{Kind, Type};
use crate::gob::{Error, Result};

/// The elements of a slice or an array. What an array lacks is zero, and what it has too much is read over.
pub(super) struct Elements<'a, S> {
    reader: &'a mut Reader<S>,
    elem: &'static Type,
    items: Items,
    /// How many an array still wants.
    fixed: Option<usize>,
}

impl<'a, 'i, S: Source<'i>> Elements<'a, S> {
    pub(super) const fn new(
        reader: &'a mut Reader<S>,
        elem: &'static Type,
        items: Items,
        fixed: Option<usize>,
    ) -> Self {
        Self { reader, elem, items, fixed }
    }

    /// Reads to the end of the array.
    pub(super) fn finish(mut self) -> Result<()> {
        while self.reader.more(&mut self.items)? {
            self.reader.skip()?;
        }
        Ok(())
    }
}

impl<'i, S: Source<'i>> SeqAccess<'i> for &mut Elements<'_, S> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'i>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        if self.fixed == Some(0) {
            return Ok(None);
        }
        let came = self.reader.more(&mut self.items)?;
        if let Some(fixed) = &mut self.fixed {
            *fixed -= 1;
            if !came {
                return seed.deserialize(Zero::new(self.elem)).map(Some);
            }
        }
        if came { self.reader.value(self.elem, seed).map(Some) } else { Ok(None) }
    }
}

/// The entries of a map.
pub(super) struct Entries<'a, S> {
    reader: &'a mut Reader<S>,
    key: &'static Type,
    elem: &'static Type,
    items: Items,
}

impl<'a, 'i, S: Source<'i>> Entries<'a, S> {
    pub(super) const fn new(reader: &'a mut Reader<S>, key: &'static Type, elem: &'static Type, items: Items) -> Self {
        Self { reader, key, elem, items }
    }

    /// Reads to the end of the map.
    pub(super) fn finish(mut self) -> Result<()> {
        while self.reader.more(&mut self.items)? {
            self.reader.skip()?;
            self.reader.source.colon()?;
            self.reader.skip()?;
        }
        Ok(())
    }
}

/// Whether a key of this type is text by itself, and not only where the format has no other keys.
pub(super) const fn is_text(key: &Type) -> bool {
    matches!(key.kind, Kind::String | Kind::Opaque)
}

impl<'i, S: Source<'i>> MapAccess<'i> for &mut Entries<'_, S> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'i>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        if !self.reader.more(&mut self.items)? {
            return Ok(None);
        }
        let reader = &mut *self.reader;
        if !S::TEXT_KEYS || is_text(self.key) {
            return reader.value(self.key, seed).map(Some);
        }
        let raw = reader.source.raw()?;
        // Between the quotes.
        let text = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
        let after = std::mem::replace(&mut reader.source, S::number(text));
        let key = reader.value(self.key, seed);
        reader.source = after;
        key.map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'i>>(&mut self, seed: V) -> Result<V::Value> {
        self.reader.source.colon()?;
        self.reader.value(self.elem, seed)
    }
}
