//! Sequences, maps and structs.

use serde::ser::{
    Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, SerializeTupleStruct,
};

use super::complex::Complex;
use super::{Element, InField, Output, Position, ValueSerializer, elem, miscounted, mismatch};
use crate::gob::Gob;
use crate::gob::error::{Error, Kind as ErrorKind, Result};
use crate::gob::ty::{Field, Kind, Parts, Type};
use crate::gob::wire::Gap;

/// What enums would be: Go has none.
pub(crate) type Variant = Impossible<(), Error>;

/// The count before the elements: written at once, or into a gap when serde does not know it.
enum Count {
    Known(usize),
    Gap(Gap),
}

impl Count {
    #[inline]
    fn begin(out: &mut Output<'_>, len: Option<usize>) -> Self {
        match len {
            Some(len) => {
                out.put_uint(len as u64);
                Self::Known(len)
            }
            None => {
                out.open_counts += 1;
                Self::Gap(Gap::open(out.flushed(), 1))
            }
        }
    }

    #[inline]
    fn end(self, out: &mut Output<'_>, ty: &'static Type, count: usize) -> Result<()> {
        match self {
            Self::Known(len) if len == count => {}
            Self::Known(len) => return Err(miscounted(ty, len, count)),
            Self::Gap(gap) => {
                out.open_counts -= 1;
                gap.close(out.flushed(), count as u64);
            }
        }
        Ok(())
    }
}

/// A slice or an array, or a set, which is a map of its items to nothing (G108).
pub(crate) struct Sequence<'a, 'o> {
    out: &'a mut Output<'o>,
    ty: &'static Type,
    elem: &'static Type,
    count: usize,
    /// `None` for the empty slice that is left out.
    announced: Option<Count>,
}

impl<'a, 'o> Sequence<'a, 'o> {
    #[inline]
    pub(super) fn begin(out: &'a mut Output<'o>, ty: &'static Type, len: Option<usize>, present: bool) -> Result<Self> {
        out.enter()?;
        let elem = match ty.parts {
            Parts::Map(key, _) => key.get(),
            _ if ty.kind == Kind::Bytes => u8::TYPE,
            _ => elem(ty)?,
        };
        let announced = present.then(|| Count::begin(out, len));
        Ok(Self { out, ty, elem, count: 0, announced })
    }

    #[inline]
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        if self.elem.kind == Kind::Uint8 && self.ty.kind == Kind::Bytes {
            super::items::extend_bytes(self.out.flushed(), self.ty, std::iter::once(value))
                .map_err(|error| error.in_element(self.count))?;
        } else {
            value
                .serialize(ValueSerializer::new(self.out, self.elem, Element))
                .map_err(|error| error.in_element(self.count))?;
            if self.ty.kind == Kind::Map {
                // The empty struct that every item leads to.
                self.out.put_byte(0);
            }
        }
        self.count += 1;
        Ok(())
    }

    #[inline]
    fn finish(self) -> Result<()> {
        self.out.leave();
        match self.announced {
            Some(count) => count.end(self.out, self.ty, self.count),
            None => Count::Known(0).end(self.out, self.ty, self.count),
        }
    }
}

impl SerializeSeq for Sequence<'_, '_> {
    type Ok = ();
    type Error = Error;

    #[inline]
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.element(value)
    }

    fn end(self) -> Result<()> {
        self.finish()
    }
}

/// What serde writes as a tuple: an array, or a complex number.
pub(crate) enum Tuple<'a, 'o, P> {
    Sequence(Sequence<'a, 'o>),
    Complex(Complex<'a, 'o, P>),
}

impl<P: Position> SerializeTuple for Tuple<'_, '_, P> {
    type Ok = ();
    type Error = Error;

    #[inline]
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        match self {
            Self::Sequence(sequence) => sequence.element(value),
            Self::Complex(complex) => complex.part(value),
        }
    }

    fn end(self) -> Result<()> {
        match self {
            Self::Sequence(sequence) => sequence.finish(),
            Self::Complex(complex) => complex.end(),
        }
    }
}

impl SerializeTupleStruct for Sequence<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.element(value)
    }

    fn end(self) -> Result<()> {
        self.finish()
    }
}

/// A map: keys and elements in turn (G104).
pub(crate) struct Map<'a, 'o> {
    out: &'a mut Output<'o>,
    ty: &'static Type,
    key: &'static Type,
    elem: &'static Type,
    count: usize,
    announced: Count,
}

impl<'a, 'o> Map<'a, 'o> {
    #[inline]
    pub(super) fn begin(out: &'a mut Output<'o>, ty: &'static Type, len: Option<usize>) -> Result<Self> {
        out.enter()?;
        let Parts::Map(key, elem) = ty.parts else { return Err(mismatch(ty, "a map")) };
        let announced = Count::begin(out, len);
        Ok(Self { out, ty, key: key.get(), elem: elem.get(), count: 0, announced })
    }
}

impl SerializeMap for Map<'_, '_> {
    type Ok = ();
    type Error = Error;

    #[inline]
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        self.count += 1;
        key.serialize(ValueSerializer::new(self.out, self.key, Element)).map_err(Error::in_key)
    }

    #[inline]
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        value.serialize(ValueSerializer::new(self.out, self.elem, Element)).map_err(Error::in_value)
    }

    #[inline]
    fn end(self) -> Result<()> {
        self.out.leave();
        self.announced.end(self.out, self.ty, self.count)
    }
}

/// A struct: the fields that are not zero, each with the distance to the one before (G11). No reference to it is passed
/// on, so that the compiler can keep it in registers.
pub(crate) struct Struct<'a, 'o> {
    out: &'a mut Output<'o>,
    ty: &'static Type,
    /// The fields that serde has not given yet; its order is that of the type.
    rest: &'static [Field],
}

impl<'a, 'o> Struct<'a, 'o> {
    #[inline(always)]
    pub(super) fn begin(out: &'a mut Output<'o>, ty: &'static Type, fields: &'static [Field]) -> Result<Self> {
        out.enter()?;
        Ok(Self { out, ty, rest: fields })
    }

    /// Where serde's code is inlined the key is a constant, and comparing it takes an instruction or two.
    #[inline(always)]
    fn field(&mut self, key: &'static str) -> Result<&'static Field> {
        let (field, rest) = match self.rest.split_first() {
            Some((field, rest)) if key == field.key => (field, rest),
            _ => find(self.out, self.ty, self.rest, key)?,
        };
        self.rest = rest;
        self.out.distance += 1;
        Ok(field)
    }
}

/// A field and those behind it. It may be passed over silently, but not come out of order: the wire only counts
/// upwards.
#[cold]
#[inline(never)]
fn find(
    out: &mut Output<'_>,
    ty: &'static Type,
    fields: &'static [Field],
    key: &'static str,
) -> Result<(&'static Field, &'static [Field])> {
    let passed = fields.iter().take_while(|field| field.key != key).count();
    match fields[passed..].split_first() {
        Some(found) => {
            out.distance += passed as u64;
            Ok(found)
        }
        None => Err(ErrorKind::UnknownKey { ty: ty.to_string(), key: key.to_owned() }.into()),
    }
}

impl SerializeStruct for Struct<'_, '_> {
    type Ok = ();
    type Error = Error;

    #[inline(always)]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<()> {
        let field = self.field(key)?;
        value
            .serialize(ValueSerializer::new(self.out, field.ty.get(), InField))
            .map_err(|error| error.in_field(field.name))
    }

    fn skip_field(&mut self, key: &'static str) -> Result<()> {
        self.field(key).map(drop)
    }

    #[inline(always)]
    fn end(self) -> Result<()> {
        self.out.put_byte(0);
        // The field that holds this struct has been written last.
        self.out.distance = 0;
        self.out.leave();
        Ok(())
    }
}
