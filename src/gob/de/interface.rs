//! Interface values: the name picks the variant, the type id says how its value came (G117, G131).

use serde::de::{DeserializeSeed, EnumAccess, IntoDeserializer, Unexpected, VariantAccess, Visitor};

use super::reader::{Lend, Reader};
use super::value::ValueDeserializer;
use crate::gob::error::{Error, Kind as ErrorKind, Result};
use crate::gob::stream::walk::{take_singleton, take_type_name};
use crate::gob::stream::wiretype::TypeId;
use crate::gob::ty::{Concrete, Type};

/// Reads an interface as the enum that stands for it.
pub(super) fn deserialize<'i, 'de, V, L>(
    reader: &mut Reader<'i, '_, L>,
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
    let concrete = ty.concretes().iter().find(|concrete| concrete.registered_name().as_bytes() == name);
    let Some(concrete) = concrete else {
        return Err(at.error(ErrorKind::NotRegistered(String::from_utf8_lossy(name).into_owned())));
    };
    visitor.visit_enum(Dynamic { reader, concrete })
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

/// An interface's value, after its name.
struct Dynamic<'a, 'i, 'p, L> {
    reader: &'a mut Reader<'i, 'p, L>,
    concrete: &'static Concrete,
}

impl<'i, 'de, L: Lend<'i, 'de>> EnumAccess<'de> for Dynamic<'_, 'i, '_, L> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self)> {
        let variant = IntoDeserializer::<Error>::into_deserializer(self.concrete.key);
        Ok((seed.deserialize(variant)?, self))
    }
}

impl<'i, 'de, L: Lend<'i, 'de>> VariantAccess<'de> for Dynamic<'_, 'i, '_, L> {
    type Error = Error;

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value> {
        let id = self.reader.cursor.take_int()? as TypeId;
        let at = self.reader.cursor.offset();
        let plan = self.reader.context.plan(id, self.concrete.ty.get()).map_err(|error| error.at(at))?;
        if !self.reader.context.types.is_struct(id) {
            take_singleton(&mut self.reader.cursor)?;
        }
        self.reader.apart(|reader| {
            reader.deeper(|reader| seed.deserialize(ValueDeserializer::new(reader, &plan, plan.root())))
        })
    }

    fn unit_variant(self) -> Result<()> {
        Err(serde::de::Error::invalid_type(Unexpected::UnitVariant, &"a value in an interface"))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, _visitor: V) -> Result<V::Value> {
        Err(serde::de::Error::invalid_type(Unexpected::TupleVariant, &"one value in an interface"))
    }

    fn struct_variant<V: Visitor<'de>>(self, _fields: &'static [&'static str], _visitor: V) -> Result<V::Value> {
        Err(serde::de::Error::invalid_type(Unexpected::StructVariant, &"one value in an interface"))
    }
}
