//! The elements of slices and arrays, and the entries of maps.
//!
//! What hands them out is handed to visitors as a whole, and what is rare gets no reference to it: so the compiler can
//! keep it in registers.

use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::plan::Node;
use super::reader::{Lend, Reader};
use super::value::ValueDeserializer;
use crate::gob::error::{Error, Kind as ErrorKind, Result};

/// Parts that a visitor has left would be taken for what follows.
#[cold]
pub(super) fn not_taken(count: usize) -> Error {
    serde::de::Error::custom(format_args!("not all of {count} parts of a value were taken"))
}

/// The elements of a slice or array.
pub(super) struct Elements<'a, 'i, 'p, L> {
    reader: &'a mut Reader<'i, 'p, L>,
    node: &'p Node,
    count: usize,
    left: usize,
}

impl<'a, 'i, 'p, L> Elements<'a, 'i, 'p, L> {
    #[inline]
    pub(super) fn begin(reader: &'a mut Reader<'i, 'p, L>, node: &'p Node, count: usize) -> Result<Self> {
        reader.enter()?;
        if count == 0 {
            reader.leave();
        }
        Ok(Self { reader, node, count, left: count })
    }
}

impl<'i, 'de, L: Lend<'i, 'de>> SeqAccess<'de> for Elements<'_, 'i, '_, L> {
    type Error = Error;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        if self.left == 0 {
            return Ok(None);
        }
        if self.reader.cursor.is_empty() {
            return Err(self.reader.cursor.error(ErrorKind::TooManyElements(self.count as u64)));
        }
        match seed.deserialize(ValueDeserializer::new(self.reader, self.node)) {
            Ok(element) => {
                self.left -= 1;
                if self.left == 0 {
                    self.reader.leave();
                }
                Ok(Some(element))
            }
            Err(error) => Err(error.in_element(self.count - self.left)),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.reader.believed(self.left))
    }
}

/// The entries of a map.
pub(super) struct Entries<'a, 'i, 'p, L> {
    reader: &'a mut Reader<'i, 'p, L>,
    key: &'p Node,
    elem: &'p Node,
    left: usize,
}

impl<'a, 'i, 'p, L> Entries<'a, 'i, 'p, L> {
    #[inline]
    pub(super) fn begin(
        reader: &'a mut Reader<'i, 'p, L>,
        key: &'p Node,
        elem: &'p Node,
        count: usize,
    ) -> Result<Self> {
        reader.enter()?;
        if count == 0 {
            reader.leave();
        }
        Ok(Self { reader, key, elem, left: count })
    }
}

impl<'i, 'de, L: Lend<'i, 'de>> MapAccess<'de> for Entries<'_, 'i, '_, L> {
    type Error = Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        if self.left == 0 {
            return Ok(None);
        }
        if self.reader.cursor.is_empty() {
            return Err(self.reader.cursor.error(ErrorKind::MissingValue));
        }
        match seed.deserialize(ValueDeserializer::new(self.reader, self.key)) {
            Ok(key) => Ok(Some(key)),
            Err(error) => Err(error.in_key()),
        }
    }

    #[inline]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        match seed.deserialize(ValueDeserializer::new(self.reader, self.elem)) {
            Ok(value) => {
                self.left = self.left.saturating_sub(1);
                if self.left == 0 {
                    self.reader.leave();
                }
                Ok(value)
            }
            Err(error) => Err(error.in_value()),
        }
    }

    // What visitors call. It is inlined, so that an entry goes straight to where it stays.
    #[inline(always)]
    fn next_entry_seed<K, V>(&mut self, key: K, value: V) -> Result<Option<(K::Value, V::Value)>>
    where
        K: DeserializeSeed<'de>,
        V: DeserializeSeed<'de>,
    {
        match self.next_key_seed(key)? {
            Some(key) => Ok(Some((key, self.next_value_seed(value)?))),
            None => Ok(None),
        }
    }

    #[inline(always)]
    fn next_entry<K: Deserialize<'de>, V: Deserialize<'de>>(&mut self) -> Result<Option<(K, V)>> {
        self.next_entry_seed(PhantomData, PhantomData)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.reader.believed(self.left))
    }
}

/// Reads the keys of a map as a sequence.
pub(crate) struct Items<V>(pub(crate) V);

impl<'de, V: Visitor<'de>> Visitor<'de> for Items<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.0.visit_seq(Keys(map))
    }
}

struct Keys<A>(A);

impl<'de, A: MapAccess<'de>> SeqAccess<'de> for Keys<A> {
    type Error = A::Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, A::Error> {
        let key = self.0.next_key_seed(seed)?;
        if key.is_some() {
            self.0.next_value::<IgnoredAny>()?;
        }
        Ok(key)
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}
