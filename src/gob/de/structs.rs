//! Structs: fields by position where both sides agree on the order, else by key. Fields that did not come are Go
//! zeros.

use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess};

use super::plan::{Node, StructPlan, WirePlan};
use super::reader::{Lend, Reader};
use super::value::ValueDeserializer;
use super::zero::Zero;
use crate::gob::error::{Error, Result};
use crate::gob::ty::Field;

/// Walks the received fields, in their order, and skips what nobody wants.
struct Fields<'a, 'i, 'p, L> {
    reader: &'a mut Reader<'i, 'p, L>,
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
                    && received.is_wanted()
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
            if received.is_wanted() {
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
        match seed.deserialize(ValueDeserializer::new(self.reader, &received.node)) {
            Ok(value) => Ok(value),
            Err(error) => Err(error.at(self.reader.cursor.offset()).in_field(self.fields.local[received.local].name)),
        }
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

/// Fields in the local order. It is handed to visitors as a whole, and what is rare gets no reference to it: so the
/// compiler can keep it in registers.
pub(super) struct StructSeq<'a, 'i, 'p, L> {
    reader: &'a mut Reader<'i, 'p, L>,
    fields: &'p StructPlan,
    /// How many received fields have been passed.
    passed: usize,
    ended: bool,
    /// The local field that serde wants next.
    local: usize,
}

/// What comes next for a local field.
enum Next {
    /// The field with this number, whose header has been read.
    Field(usize),
    /// A later one, whose header has not been read, and how many have been passed.
    Later(usize),
    End,
}

impl<'a, 'i, 'p, L> StructSeq<'a, 'i, 'p, L> {
    #[inline]
    pub(super) fn begin(reader: &'a mut Reader<'i, 'p, L>, fields: &'p StructPlan) -> Result<Self> {
        reader.enter()?;
        Ok(Self { reader, fields, passed: 0, ended: false, local: 0 })
    }

    /// How the local field comes, if it comes.
    #[inline(always)]
    fn next(&mut self, local: usize) -> Result<Option<&'p Node>> {
        if self.ended {
            return Ok(None);
        }
        match self.reader.cursor.first() {
            Some(0) => {
                self.reader.cursor.skip_first();
                self.ended = true;
                return Ok(None);
            }
            // Mostly it is near, and somebody wants it.
            Some(delta @ 1..=0x7f) => {
                let number = self.passed + usize::from(delta);
                match self.fields.wire.get(number - 1) {
                    Some(received) if received.local == local => {
                        self.reader.cursor.skip_first();
                        self.passed = number;
                        return Ok(Some(&received.node));
                    }
                    Some(received) if received.local > local && received.is_wanted() => return Ok(None),
                    _ => {}
                }
            }
            _ => {}
        }
        match search(self.reader, self.fields, self.passed, local)? {
            Next::Field(number) => {
                self.passed = number;
                Ok(Some(&self.fields.wire[number - 1].node))
            }
            Next::Later(passed) => {
                self.passed = passed;
                Ok(None)
            }
            Next::End => {
                self.ended = true;
                Ok(None)
            }
        }
    }

    /// Reads to the end of the struct.
    #[inline(always)]
    fn end(&mut self) -> Result<()> {
        if !self.ended {
            if self.reader.cursor.first() == Some(0) {
                self.reader.cursor.skip_first();
            } else {
                search(self.reader, self.fields, self.passed, WirePlan::NOBODY)?;
            }
        }
        self.reader.leave();
        Ok(())
    }
}

/// Reads over fields that nobody wants, up to one that is wanted: that of index `local` with its header.
#[cold]
#[inline(never)]
fn search<L>(reader: &mut Reader<'_, '_, L>, fields: &StructPlan, mut passed: usize, local: usize) -> Result<Next> {
    loop {
        let (before, mut number) = (reader.cursor.clone(), passed as u64);
        let Some(index) = reader.next_field(&mut number, fields.wire.len())? else { return Ok(Next::End) };
        let received = &fields.wire[index];
        if received.is_wanted() && received.local == local {
            return Ok(Next::Field(index + 1));
        }
        if received.is_wanted() && received.local > local {
            reader.cursor = before;
            return Ok(Next::Later(passed));
        }
        reader.skip(received.id)?;
        passed = index + 1;
    }
}

impl<'i, 'de, L: Lend<'i, 'de>> SeqAccess<'de> for StructSeq<'_, 'i, '_, L> {
    type Error = Error;

    #[inline(always)]
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        let local = self.local;
        let Some(field) = self.fields.local.get(local) else { return Ok(None) };
        let value = match self.next(local)? {
            Some(node) => match seed.deserialize(ValueDeserializer::new(self.reader, node)) {
                Ok(value) => value,
                Err(error) => return Err(error.at(self.reader.cursor.offset()).in_field(field.name)),
            },
            None => zero(field, seed)?,
        };
        self.local = local + 1;
        if self.local == self.fields.local.len() {
            self.end()?;
        }
        Ok(Some(value))
    }

    #[inline(always)]
    fn next_element<T: Deserialize<'de>>(&mut self) -> Result<Option<T>> {
        self.next_element_seed(PhantomData)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.fields.local.len() - self.local)
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
    pub(super) fn new(reader: &'a mut Reader<'i, 'p, L>, fields: &'p StructPlan) -> Self {
        let came = vec![false; fields.local.len()];
        let fields = Fields { reader, fields, next: 0, ended: false };
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
#[inline]
fn zero<'de, T: DeserializeSeed<'de>>(field: &'static Field, seed: T) -> Result<T::Value> {
    match seed.deserialize(Zero::of(field)) {
        Ok(value) => Ok(value),
        Err(error) => Err(error.in_field(field.name)),
    }
}
