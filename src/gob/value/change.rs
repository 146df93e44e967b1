//! Changing a dynamic value: what goes into it has to be of the type that its stream has for that place.

use super::{Interface, Map, Sequence, Struct, TypeOf, Value};
use crate::gob::error::{Kind, Result};
use crate::gob::stream::types::{StreamShape, StreamType};
use crate::gob::stream::wiretype::builtin;

impl Struct {
    /// Gives a field another value, be it one that did not come. A nil interface leaves the field out, which makes it
    /// Go's zero, or nil.
    ///
    /// ```
    /// use gobrpc::gob::{Decoder, Encoder, Value};
    ///
    /// /// Changes a field of every record of a file.
    /// fn rename(input: &[u8]) -> gobrpc::gob::Result<Vec<u8>> {
    ///     let mut decoder = Decoder::new(input);
    ///     let mut encoder = Encoder::new(Vec::new());
    ///     while let Some(mut record) = decoder.decode_value()? {
    ///         if let Value::Struct(record) = &mut record {
    ///             record.set("Name", "somebody")?;
    ///         }
    ///         encoder.encode_value(&record)?;
    ///     }
    ///     Ok(encoder.into_inner())
    /// }
    /// # #[derive(serde::Serialize, serde::Deserialize, gobrpc::Gob)]
    /// # struct User { name: String, age: u8 }
    /// # let bytes = gobrpc::gob::to_vec(&User { name: "Ada".to_owned(), age: 36 })?;
    /// # let user: User = gobrpc::gob::from_slice(&rename(&bytes)?)?;
    /// # assert_eq!((&*user.name, user.age), ("somebody", 36));
    /// # Ok::<(), gobrpc::gob::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::WrongPart`](Kind::WrongPart) if the value is not of the type of the field, and
    /// [`ErrorKind::UnknownKey`](Kind::UnknownKey) if there is no such field.
    pub fn set(&mut self, field: &str, value: impl Into<Value>) -> Result<()> {
        let StreamShape::Struct(fields) = self.ty.shape() else { return Err(self.unknown(field)) };
        let number = fields.iter().position(|known| known.name() == field).ok_or_else(|| self.unknown(field))?;
        let value = value.into();
        let value = match value.is_nil() {
            true => value,
            false => fit(value, fields[number].ty(), || format!("{}.{field}", self.type_name()))?,
        };
        let place = self.fields.binary_search_by_key(&number, |(known, _)| *known);
        match (place, value.is_left_out()) {
            (Ok(place), true) => drop(self.fields.remove(place)),
            (Ok(place), false) => self.fields[place].1 = value,
            (Err(_), true) => {}
            (Err(place), false) => self.fields.insert(place, (number, value)),
        }
        Ok(())
    }

    fn unknown(&self, field: &str) -> crate::gob::Error {
        Kind::UnknownKey { ty: self.type_name(), key: field.to_owned() }.into()
    }
}

impl Sequence {
    /// Gives a slice or an array other elements.
    ///
    /// # Errors
    /// [`ErrorKind::WrongPart`](Kind::WrongPart) if one is not of the type of the elements, and
    /// [`ErrorKind::ArrayLength`](Kind::ArrayLength) for an array of another length.
    pub fn set_items(&mut self, items: Vec<Value>) -> Result<()> {
        let elem = match self.ty.shape() {
            StreamShape::Slice(elem) => elem,
            StreamShape::Array(elem, len) if len == items.len() => elem,
            _ => return Err(Kind::ArrayLength.into()),
        };
        let place = || format!("an element of {}", named(&self.ty, "a slice or array"));
        self.items = items.into_iter().map(|item| fit(item, &elem, place)).collect::<Result<_>>()?;
        Ok(())
    }
}

impl Map {
    /// Gives the map other entries.
    ///
    /// # Errors
    /// [`ErrorKind::WrongPart`](Kind::WrongPart) if a key or an element is not of the type that it has in this map.
    pub fn set_entries(&mut self, entries: Vec<(Value, Value)>) -> Result<()> {
        let StreamShape::Map(key_type, elem_type) = self.ty.shape() else { return Err(Kind::UndefinedType.into()) };
        let name = named(&self.ty, "a map");
        let fit_both = |(key, elem)| {
            let key = fit(key, &key_type, || format!("a key of {name}"))?;
            Ok((key, fit(elem, &elem_type, || format!("an element of {name}"))?))
        };
        self.entries = entries.into_iter().map(fit_both).collect::<Result<_>>()?;
        Ok(())
    }
}

impl Interface {
    /// Puts another value of the same type into the interface.
    ///
    /// # Errors
    /// [`ErrorKind::WrongPart`](Kind::WrongPart) if it is of another type.
    pub fn set_value(&mut self, value: impl Into<Value>) -> Result<()> {
        let wanted = match &self.ty {
            TypeOf::Stream(ty) => ty.clone(),
            TypeOf::Static(_) => self.value.stream_type(),
        };
        self.value = fit(value.into(), &wanted, || format!("an interface that holds {}", self.name))?;
        Ok(())
    }
}

/// The value, if it is of the wanted type; a scalar becomes an interface where there has to be one.
fn fit(value: Value, wanted: &StreamType, place: impl Fn() -> String) -> Result<Value> {
    let value = match wanted.id() {
        builtin::INTERFACE => value.into_interface().unwrap_or_else(|value| value),
        _ => value,
    };
    let given = value.stream_type();
    if given.fits(wanted) {
        return Ok(value);
    }
    let wanted = named(wanted, "another type");
    Err(Kind::WrongPart { place: place(), wanted, given: value.type_text() }.into())
}

fn named(ty: &StreamType, otherwise: &str) -> String {
    Some(ty.name()).filter(|name| !name.is_empty()).unwrap_or_else(|| otherwise.to_owned())
}

impl Value {
    /// Whether Go leaves a field with this value out (G68).
    fn is_left_out(&self) -> bool {
        match self {
            Self::Bool(value) => !value,
            Self::Int(value) => *value == 0,
            Self::Uint(value) => *value == 0,
            Self::Float(value) => *value == 0.0,
            Self::Complex(re, im) => *re == 0.0 && *im == 0.0,
            Self::String(value) => value.as_bytes().is_empty(),
            Self::Bytes(value) => value.is_empty(),
            Self::Slice(value) => value.items.is_empty(),
            Self::Interface(value) => value.is_none(),
            Self::Array(_) | Self::Map(_) | Self::Struct(_) | Self::Opaque(_) => false,
        }
    }
}
