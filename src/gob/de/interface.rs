//! Interface values: the name picks the variant, the type id says how its value came (G117, G131).

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, Unexpected, VariantAccess, Visitor};

use super::plan::Node;
use super::reader::{Lend, Reader};
use super::value::ValueDeserializer;
use crate::gob::error::{Error, Kind as ErrorKind, Result};
use crate::gob::stream::walk::{take_id, take_singleton, take_type_name};
use crate::gob::ty::{Concrete, Type};

/// Reads an interface as the enum that stands for it. `node` is the interface's own.
pub(super) fn deserialize<'i, 'de, 'p, V, L>(
    reader: &mut Reader<'i, 'p, L>,
    node: &'p Node,
    ty: &'static Type,
    visitor: V,
) -> Result<V::Value>
where
    V: Visitor<'de>,
    L: Lend<'i, 'de>,
{
    let at = reader.cursor.clone();
    let Some(name) = take_type_name(&mut reader.cursor)? else {
        return Err(at.error(ErrorKind::NilInterface(ty.to_string())));
    };
    let listed = |concrete: &&Concrete| !concrete.is_open() && concrete.registered_name().as_bytes() == name;
    if let Some(concrete) = ty.concretes().iter().find(listed) {
        return visitor.visit_enum(Listed { reader, concrete });
    }
    let Some(concrete) = ty.concretes().iter().find(|concrete| concrete.is_open()) else {
        return Err(at.error(ErrorKind::NotRegistered(String::from_utf8_lossy(name).into_owned())));
    };
    // The dynamic value takes the name too.
    reader.cursor = at;
    visitor.visit_enum(Open { content: ValueDeserializer::new(reader, node), key: concrete.key })
}

impl<L> Reader<'_, '_, L> {
    /// Takes a nil interface, if one comes next.
    pub(super) fn take_nil(&mut self) -> Result<bool> {
        let mut ahead = self.cursor.clone();
        let nil = ahead.take_uint()? == 0;
        if nil {
            self.cursor = ahead;
        }
        Ok(nil)
    }
}

/// An interface's value of a type that is listed, after its name.
struct Listed<'a, 'i, 'p, L> {
    reader: &'a mut Reader<'i, 'p, L>,
    concrete: &'static Concrete,
}

impl<'i, 'de, L: Lend<'i, 'de>> EnumAccess<'de> for Listed<'_, 'i, '_, L> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self)> {
        Ok((variant(self.concrete.key, seed)?, self))
    }
}

impl<'i, 'de, L: Lend<'i, 'de>> VariantAccess<'de> for Listed<'_, 'i, '_, L> {
    type Error = Error;

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value> {
        let id = take_id(&mut self.reader.cursor)?;
        let at = self.reader.cursor.offset();
        let plan = self.reader.context.plan(id, self.concrete.ty.get()).map_err(|error| error.at(at))?;
        if !self.reader.context.types.is_struct(id) {
            take_singleton(&mut self.reader.cursor)?;
        }
        self.reader.apart(&plan, |reader| {
            reader.deeper(|reader| seed.deserialize(ValueDeserializer::new(reader, plan.root())))
        })
    }

    fn unit_variant(self) -> Result<()> {
        no_newtype(Unexpected::UnitVariant)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, _visitor: V) -> Result<V::Value> {
        no_newtype(Unexpected::TupleVariant)
    }

    fn struct_variant<V: Visitor<'de>>(self, _fields: &'static [&'static str], _visitor: V) -> Result<V::Value> {
        no_newtype(Unexpected::StructVariant)
    }
}

/// An interface with a type that is not listed, from its name on: a dynamic value.
struct Open<D> {
    content: D,
    key: &'static str,
}

impl<'de, D: Deserializer<'de, Error = Error>> EnumAccess<'de> for Open<D> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self)> {
        Ok((variant(self.key, seed)?, self))
    }
}

impl<'de, D: Deserializer<'de, Error = Error>> VariantAccess<'de> for Open<D> {
    type Error = Error;

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value> {
        seed.deserialize(self.content)
    }

    fn unit_variant(self) -> Result<()> {
        no_newtype(Unexpected::UnitVariant)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, _visitor: V) -> Result<V::Value> {
        no_newtype(Unexpected::TupleVariant)
    }

    fn struct_variant<V: Visitor<'de>>(self, _fields: &'static [&'static str], _visitor: V) -> Result<V::Value> {
        no_newtype(Unexpected::StructVariant)
    }
}

fn variant<'de, V: DeserializeSeed<'de>>(key: &'static str, seed: V) -> Result<V::Value> {
    seed.deserialize(IntoDeserializer::<Error>::into_deserializer(key))
}

#[cold]
fn no_newtype<T>(wanted: Unexpected<'_>) -> Result<T> {
    Err(serde::de::Error::invalid_type(wanted, &"one value in an interface"))
}
