//! Structs: fields by position where both sides agree on the order, else by key. Fields that did not come are Go
//! zeros.

use serde::de::{DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess};

use super::plan::{Plan, StructPlan};
use super::reader::Reader;
use super::value::ValueDeserializer;
use super::zero::Zero;
use crate::gob::error::{Error, Result};
use crate::gob::ty::Field;

/// Walks the received fields, in their order, and skips what nobody wants.
struct Fields<'a, 'de, 'p> {
    reader: &'a mut Reader<'de, 'p>,
    plan: &'p Plan,
    fields: &'p StructPlan,
    next: u64,
    ended: bool,
}

impl<'de, 'p> Fields<'_, 'de, 'p> {
    /// The next received field that has a local counterpart: its number and the index of that one.
    #[inline]
    fn next(&mut self) -> Result<Option<(usize, usize)>> {
        while !self.ended {
            let Some(number) = self.reader.next_field(&mut self.next, self.fields.wire.len())? else {
                self.ended = true;
                break;
            };
            let plan = self.fields.wire[number];
            match plan.local {
                Some(local) => return Ok(Some((number, local))),
                None => {
                    ValueDeserializer::new(self.reader, self.plan, self.plan.node(plan.node)).skip()?;
                }
            }
        }
        Ok(None)
    }

    #[inline]
    fn value<T: DeserializeSeed<'de>>(&mut self, number: usize, seed: T, local: &Field) -> Result<T::Value> {
        let node = self.plan.node(self.fields.wire[number].node);
        seed.deserialize(ValueDeserializer::new(self.reader, self.plan, node))
            .map_err(|error| error.at(self.reader.cursor.offset()).in_field(local.name))
    }

    fn finish(&mut self, pending: Option<usize>) -> Result<()> {
        if let Some(number) = pending {
            let node = self.plan.node(self.fields.wire[number].node);
            ValueDeserializer::new(self.reader, self.plan, node).skip()?;
        }
        while let Some((number, _)) = self.next()? {
            let node = self.plan.node(self.fields.wire[number].node);
            ValueDeserializer::new(self.reader, self.plan, node).skip()?;
        }
        Ok(())
    }
}

/// Fields in the local order.
pub(super) struct StructSeq<'a, 'de, 'p> {
    fields: Fields<'a, 'de, 'p>,
    /// The received field that comes next, when its header has been read.
    pending: Option<(usize, usize)>,
    /// The local field that serde wants next.
    local: usize,
}

impl<'a, 'de, 'p> StructSeq<'a, 'de, 'p> {
    pub(super) fn new(reader: &'a mut Reader<'de, 'p>, plan: &'p Plan, fields: &'p StructPlan) -> Self {
        Self { fields: Fields { reader, plan, fields, next: 0, ended: false }, pending: None, local: 0 }
    }

    /// Reads to the end of the struct.
    pub(super) fn finish(mut self) -> Result<()> {
        self.fields.finish(self.pending.map(|(number, _)| number))
    }
}

impl<'de> SeqAccess<'de> for &mut StructSeq<'_, 'de, '_> {
    type Error = Error;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        let Some(field) = self.fields.fields.local.get(self.local) else { return Ok(None) };
        if self.pending.is_none() {
            self.pending = self.fields.next()?;
        }
        let value = match self.pending {
            Some((number, local)) if local == self.local => {
                self.pending = None;
                self.fields.value(number, seed, field)?
            }
            _ => seed.deserialize(Zero::new(field.ty())).map_err(|error| error.in_field(field.name))?,
        };
        self.local += 1;
        Ok(Some(value))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.fields.fields.local.len() - self.local)
    }
}

/// Fields in the received order, then the zeros of those that did not come.
pub(super) struct StructMap<'a, 'de, 'p> {
    fields: Fields<'a, 'de, 'p>,
    pending: Option<(usize, usize)>,
    /// Which local fields came.
    came: Vec<bool>,
    /// The next local field to look at for absence.
    absent: usize,
    zero: Option<&'static Field>,
}

impl<'a, 'de, 'p> StructMap<'a, 'de, 'p> {
    pub(super) fn new(reader: &'a mut Reader<'de, 'p>, plan: &'p Plan, fields: &'p StructPlan) -> Self {
        let came = vec![false; fields.local.len()];
        let fields = Fields { reader, plan, fields, next: 0, ended: false };
        Self { fields, pending: None, came, absent: 0, zero: None }
    }

    /// Reads to the end of the struct.
    pub(super) fn finish(mut self) -> Result<()> {
        self.fields.finish(self.pending.map(|(number, _)| number))
    }
}

impl<'de> MapAccess<'de> for &mut StructMap<'_, 'de, '_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        let locals = self.fields.fields.local;
        self.pending = self.fields.next()?;
        if let Some((_, local)) = self.pending {
            self.came[local] = true;
            return seed.deserialize(locals[local].key.into_deserializer()).map(Some);
        }
        // A field with a default of its own is left to serde.
        let absent = (self.absent..locals.len()).find(|&index| !self.came[index] && !locals[index].has_default);
        self.absent = absent.map_or(locals.len(), |index| index + 1);
        self.zero = absent.map(|index| &locals[index]);
        self.zero.map(|field| seed.deserialize(field.key.into_deserializer())).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        if let Some((number, local)) = self.pending.take() {
            return self.fields.value(number, seed, &self.fields.fields.local[local]);
        }
        match self.zero.take() {
            Some(field) => seed.deserialize(Zero::new(field.ty())).map_err(|error| error.in_field(field.name)),
            None => Err(serde::de::Error::custom("a value was asked for without its key")),
        }
    }
}
