//! Structs: fields by position where both sides agree on the order, else by key. Fields that did not come are Go
//! zeros.

use serde::de::{DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess};

use super::plan::{Plan, StructPlan, WirePlan};
use super::reader::{Lend, Reader};
use super::value::ValueDeserializer;
use super::zero::Zero;
use crate::gob::error::{Error, Result};
use crate::gob::ty::Field;

/// Walks the received fields, in their order, and skips what nobody wants.
struct Fields<'a, 'i, 'p, L> {
    reader: &'a mut Reader<'i, 'p, L>,
    plan: &'p Plan,
    fields: &'p StructPlan,
    next: u64,
    ended: bool,
}

impl<'i, 'p, L> Fields<'_, 'i, 'p, L> {
    /// The next received field that has a local counterpart, when its header has been read.
    #[inline]
    fn next(&mut self) -> Result<Option<&'p WirePlan>> {
        match self.reader.cursor.first() {
            _ if self.ended => return Ok(None),
            Some(0) => {
                self.reader.cursor.skip_first();
                self.ended = true;
                return Ok(None);
            }
            // Mostly it is near, and somebody wants it.
            Some(delta @ 1..=0x7f) => {
                let next = self.next + u64::from(delta);
                if let Some(received) = self.fields.wire.get(next as usize - 1)
                    && received.wanted
                {
                    self.reader.cursor.skip_first();
                    self.next = next;
                    return Ok(Some(received));
                }
            }
            _ => {}
        }
        self.search()
    }

    #[inline(never)]
    fn search(&mut self) -> Result<Option<&'p WirePlan>> {
        while !self.ended {
            let Some(number) = self.reader.next_field(&mut self.next, self.fields.wire.len())? else {
                self.ended = true;
                break;
            };
            let received = &self.fields.wire[number];
            if received.wanted {
                return Ok(Some(received));
            }
            self.reader.skip(received.id)?;
        }
        Ok(None)
    }

    #[inline]
    fn value<'de, T>(&mut self, received: &'p WirePlan, seed: T) -> Result<T::Value>
    where
        T: DeserializeSeed<'de>,
        L: Lend<'i, 'de>,
    {
        let node = self.plan.node(received.node);
        match seed.deserialize(ValueDeserializer::new(self.reader, self.plan, node)) {
            Ok(value) => Ok(value),
            Err(error) => Err(self.locate(error, received)),
        }
    }

    #[cold]
    fn locate(&self, error: Error, received: &WirePlan) -> Error {
        error.at(self.reader.cursor.offset()).in_field(self.fields.local[received.local].name)
    }

    /// Reads to the end of the struct, `pending` first.
    #[inline]
    fn finish(&mut self, mut pending: Option<&'p WirePlan>) -> Result<()> {
        if pending.is_none() {
            pending = self.next()?;
        }
        while let Some(received) = pending {
            self.reader.skip(received.id)?;
            pending = self.next()?;
        }
        Ok(())
    }
}

/// Fields in the local order.
pub(super) struct StructSeq<'a, 'i, 'p, L> {
    fields: Fields<'a, 'i, 'p, L>,
    /// The received field that comes next, when its header has been read.
    pending: Option<&'p WirePlan>,
    /// The local field that serde wants next.
    local: usize,
}

impl<'a, 'i, 'p, L> StructSeq<'a, 'i, 'p, L> {
    #[inline]
    pub(super) fn new(reader: &'a mut Reader<'i, 'p, L>, plan: &'p Plan, fields: &'p StructPlan) -> Self {
        Self { fields: Fields { reader, plan, fields, next: 0, ended: false }, pending: None, local: 0 }
    }

    /// Reads to the end of the struct.
    #[inline]
    pub(super) fn finish(mut self) -> Result<()> {
        self.fields.finish(self.pending)
    }
}

impl<'i, 'de, L: Lend<'i, 'de>> SeqAccess<'de> for &mut StructSeq<'_, 'i, '_, L> {
    type Error = Error;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        let Some(field) = self.fields.fields.local.get(self.local) else { return Ok(None) };
        let received = match self.pending.take() {
            None if !self.fields.ended => self.fields.next()?,
            pending => pending,
        };
        let value = match received {
            Some(received) if received.local == self.local => self.fields.value(received, seed)?,
            later => {
                self.pending = later;
                zero(field, seed)?
            }
        };
        self.local += 1;
        Ok(Some(value))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.fields.fields.local.len() - self.local)
    }
}

/// Fields in the received order, then the zeros of those that did not come.
pub(super) struct StructMap<'a, 'i, 'p, L> {
    fields: Fields<'a, 'i, 'p, L>,
    pending: Option<&'p WirePlan>,
    /// Which local fields came.
    came: Vec<bool>,
    /// The next local field to look at for absence.
    absent: usize,
    zero: Option<&'static Field>,
}

impl<'a, 'i, 'p, L> StructMap<'a, 'i, 'p, L> {
    pub(super) fn new(reader: &'a mut Reader<'i, 'p, L>, plan: &'p Plan, fields: &'p StructPlan) -> Self {
        let came = vec![false; fields.local.len()];
        let fields = Fields { reader, plan, fields, next: 0, ended: false };
        Self { fields, pending: None, came, absent: 0, zero: None }
    }

    /// Reads to the end of the struct.
    pub(super) fn finish(mut self) -> Result<()> {
        self.fields.finish(self.pending)
    }
}

impl<'i, 'de, L: Lend<'i, 'de>> MapAccess<'de> for &mut StructMap<'_, 'i, '_, L> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        let locals = self.fields.fields.local;
        self.pending = self.fields.next()?;
        if let Some(received) = self.pending {
            self.came[received.local] = true;
            return seed.deserialize(locals[received.local].key.into_deserializer()).map(Some);
        }
        // A field with a default of its own is left to serde.
        let absent = (self.absent..locals.len()).find(|&index| !self.came[index] && !locals[index].has_default);
        self.absent = absent.map_or(locals.len(), |index| index + 1);
        self.zero = absent.map(|index| &locals[index]);
        self.zero.map(|field| seed.deserialize(field.key.into_deserializer())).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        if let Some(received) = self.pending.take() {
            return self.fields.value(received, seed);
        }
        match self.zero.take() {
            Some(field) => zero(field, seed),
            None => Err(serde::de::Error::custom("a value was asked for without its key")),
        }
    }
}

/// The value of a field that did not come.
fn zero<'de, T: DeserializeSeed<'de>>(field: &'static Field, seed: T) -> Result<T::Value> {
    seed.deserialize(Zero::of(field.ty)).map_err(|error| error.in_field(field.name))
}
