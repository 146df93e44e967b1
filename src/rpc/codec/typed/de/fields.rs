//! The fields of structs.

use serde::de::{DeserializeSeed, IntoDeserializer, MapAccess};

use super::super::names;
use super::reader::Reader;
use super::source::{Items, Source};
use crate::gob::de::zero::Zero;
use crate::gob::ty::{Kind, Type};
use crate::gob::{Error, Result};

/// The members of a struct, then the zeros of the fields that did not come.
pub(super) struct Fields<'a, S> {
    reader: &'a mut Reader<S>,
    ty: &'static Type,
    items: Items,
    came: Vec<bool>,
    /// The field whose value is next, and whether it came.
    next: Option<(usize, bool)>,
    /// The next field to look at for absence.
    absent: usize,
    /// The fields in the order of their values, each at its last place, and where the struct ends; when members are
    /// known to come twice.
    places: Option<(std::vec::IntoIter<(usize, usize)>, usize)>,
}

impl<'a, 'i, S: Source<'i>> Fields<'a, S> {
    pub(super) fn new(reader: &'a mut Reader<S>, ty: &'static Type, items: Items) -> Result<Self> {
        let came = vec![false; ty.fields().len()];
        let mut fields = Self { reader, ty, items, came, next: None, absent: 0, places: None };
        if fields.reader.is_careful() {
            fields.look_through()?;
        }
        Ok(fields)
    }

    /// Finds the last place of each field. A nil changes nothing, so it does not count.
    fn look_through(&mut self) -> Result<()> {
        let mut last = vec![None; self.came.len()];
        while let Some(field) = self.member()? {
            last[field] = Some(self.reader.source.position());
            self.reader.skip()?;
        }
        let mut places: Vec<_> = last.iter().enumerate().filter_map(|(field, at)| Some((field, (*at)?))).collect();
        places.sort_by_key(|(_, at)| *at);
        self.places = Some((places.into_iter(), self.reader.source.position()));
        Ok(())
    }

    /// The field of the next member that has one, and a value.
    fn member(&mut self) -> Result<Option<usize>> {
        while self.reader.more(&mut self.items)? {
            let name = self.reader.text(const { &Type::basic(Kind::String) })?;
            self.reader.source.colon()?;
            match names::field(self.ty, &name) {
                Some(field) if !self.reader.source.take_nil() => return Ok(Some(field)),
                Some(_) => {}
                None => self.reader.skip()?,
            }
        }
        Ok(None)
    }

    fn received(&mut self) -> Result<Option<usize>> {
        if let Some((places, _)) = &mut self.places {
            let next = places.next();
            if let Some((_, at)) = next {
                self.reader.source.seek(at);
            }
            return Ok(next.map(|(field, _)| field));
        }
        let field = self.member()?;
        if field.is_some_and(|field| self.came[field]) {
            return Err(self.reader.repeated());
        }
        Ok(field)
    }

    /// Reads to the end of the struct.
    pub(super) fn finish(mut self) -> Result<()> {
        if let Some((_, end)) = self.places {
            self.reader.source.seek(end);
            return Ok(());
        }
        while self.member()?.is_some() {
            self.reader.skip()?;
        }
        Ok(())
    }
}

impl<'i, S: Source<'i>> MapAccess<'i> for &mut Fields<'_, S> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'i>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        let fields = self.ty.fields();
        let next = match self.received()? {
            Some(field) => {
                self.came[field] = true;
                Some((field, true))
            }
            None => {
                // A field with a default of its own is left to serde.
                let absent = (self.absent..fields.len()).find(|&at| !self.came[at] && !fields[at].has_default);
                self.absent = absent.map_or(fields.len(), |field| field + 1);
                absent.map(|field| (field, false))
            }
        };
        self.next = next;
        next.map(|(field, _)| seed.deserialize(fields[field].key.into_deserializer())).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'i>>(&mut self, seed: V) -> Result<V::Value> {
        let Some((field, came)) = self.next.take() else {
            return Err(serde::de::Error::custom("a value was asked for without its key"));
        };
        let field = &self.ty.fields()[field];
        match came {
            true => self.reader.in_field(self.ty, field.key, |reader| reader.value(field.ty(), seed)),
            false => seed.deserialize(Zero::new(field.ty())),
        }
    }
}
