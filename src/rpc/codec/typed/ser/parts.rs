//! Sequences, maps and structs.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, SerializeTupleStruct};

use super::containers::{Elements, Entries};
use super::output::Output;
use super::sink::Sink;
use crate::gob::ser::items::extend_bytes;
use crate::gob::ty::{Field, Type};
use crate::gob::{Error, ErrorKind, Result};

/// A slice, an array, a set, or bytes that come one by one.
pub(super) struct List<'a, 's, S> {
    pub(super) out: &'a mut Output<'s, S>,
    pub(super) ty: &'static Type,
    pub(super) items: Items,
}

pub(super) enum Items {
    Bytes(Vec<u8>),
    Array(Elements, &'static Type),
    Set { entries: Entries, key: &'static Type, elem: &'static Type },
}

impl<S: Sink> List<'_, '_, S> {
    fn item<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<()> {
        let out = &mut *self.out;
        match &mut self.items {
            Items::Bytes(bytes) => extend_bytes(bytes, self.ty, std::iter::once(item)).map(drop),
            Items::Array(elements, elem) => {
                elements.open(out);
                out.value(elem, item)
            }
            Items::Set { entries, key, elem } => {
                entries.open(out);
                out.value(key, item)?;
                entries.key_end(out, key)?;
                out.value(elem, &())?;
                entries.close(out);
                Ok(())
            }
        }
    }

    fn finish(self) -> Result<()> {
        match self.items {
            Items::Bytes(bytes) => self.out.sink.bytes(&bytes),
            Items::Array(elements, _) => {
                if let Some((announced, count)) = elements.miscounted() {
                    let found = format!("{count} elements after announcing {announced}");
                    return Err(ErrorKind::SchemaMismatch { expected: self.ty.to_string(), found }.into());
                }
                elements.end(self.out);
            }
            Items::Set { entries, .. } => entries.end(self.out),
        }
        Ok(())
    }
}

impl<S: Sink> SerializeSeq for List<'_, '_, S> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.item(value)
    }

    fn end(self) -> Result<()> {
        self.finish()
    }
}

impl<S: Sink> SerializeTuple for List<'_, '_, S> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.item(value)
    }

    fn end(self) -> Result<()> {
        self.finish()
    }
}

impl<S: Sink> SerializeTupleStruct for List<'_, '_, S> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.item(value)
    }

    fn end(self) -> Result<()> {
        self.finish()
    }
}

pub(super) struct Map<'a, 's, S> {
    pub(super) out: &'a mut Output<'s, S>,
    pub(super) entries: Entries,
    pub(super) key: &'static Type,
    pub(super) elem: &'static Type,
}

impl<S: Sink> SerializeMap for Map<'_, '_, S> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        self.entries.open(self.out);
        self.out.value(self.key, key)?;
        self.entries.key_end(self.out, self.key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.out.value(self.elem, value)?;
        self.entries.close(self.out);
        Ok(())
    }

    fn end(self) -> Result<()> {
        self.entries.end(self.out);
        Ok(())
    }
}

pub(super) struct Struct<'a, 's, S> {
    pub(super) out: &'a mut Output<'s, S>,
    pub(super) entries: Entries,
    pub(super) ty: &'static Type,
    /// The field that serde should give next; its order is that of the type.
    pub(super) next: usize,
}

impl<S: Sink> Struct<'_, '_, S> {
    fn field(&mut self, key: &'static str) -> Result<&'static Field> {
        let fields = self.ty.fields();
        let index = match fields.get(self.next) {
            Some(field) if field.key == key => Some(self.next),
            _ => fields.iter().position(|field| field.key == key),
        };
        let index = index.ok_or_else(|| ErrorKind::UnknownKey { ty: self.ty.to_string(), key: key.to_owned() })?;
        self.next = index + 1;
        Ok(&fields[index])
    }
}

impl<S: Sink> SerializeStruct for Struct<'_, '_, S> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<()> {
        let field = self.field(key)?;
        self.entries.open_field(self.out, field.key)?;
        self.out.value(field.ty(), value)?;
        self.entries.close(self.out);
        Ok(())
    }

    fn skip_field(&mut self, key: &'static str) -> Result<()> {
        self.field(key).map(drop)
    }

    fn end(self) -> Result<()> {
        self.entries.end(self.out);
        Ok(())
    }
}
