//! Writing a value with the types of the stream it came from.

use super::{Struct, TypeOf, Value};
use crate::gob::error::{Kind, Result};
use crate::gob::ser::Output;
use crate::gob::stream::types::StreamType;
use crate::gob::stream::wiretype::{TypeId, builtin};
use crate::gob::wire::float_to_uint;

impl Value {
    /// The type, as far as the value knows it. A scalar has one of the types that need no definition.
    pub(crate) fn type_id(&self) -> Result<StreamType, TypeId> {
        Err(match self {
            Self::Slice(value) | Self::Array(value) => return Ok(value.ty.clone()),
            Self::Map(value) => return Ok(value.ty.clone()),
            Self::Struct(value) => return Ok(value.ty.clone()),
            Self::Opaque(value) => return Ok(value.ty.clone()),
            Self::Bool(_) => builtin::BOOL,
            Self::Int(_) => builtin::INT,
            Self::Uint(_) => builtin::UINT,
            Self::Float(_) => builtin::FLOAT,
            Self::Complex(..) => builtin::COMPLEX,
            Self::String(_) => builtin::STRING,
            Self::Bytes(_) => builtin::BYTES,
            Self::Interface(_) => builtin::INTERFACE,
        })
    }

    /// Whether it is written as the one field of an imaginary struct (G17).
    pub(crate) const fn is_singleton(&self) -> bool {
        !matches!(self, Self::Struct(_))
    }

    /// Writes the value, without what goes before it at top level.
    pub(crate) fn write(&self, out: &mut Output<'_>) -> Result<()> {
        match self {
            Self::Bool(value) => out.put_byte(u8::from(*value)),
            Self::Int(value) => out.put_int(*value),
            Self::Uint(value) => out.put_uint(*value),
            Self::Float(value) => out.put_uint(float_to_uint(*value)),
            Self::Complex(re, im) => {
                out.put_uint(float_to_uint(*re));
                out.put_uint(float_to_uint(*im));
            }
            Self::String(value) => out.put_bytes(value.as_bytes()),
            Self::Bytes(value) => out.put_bytes(value),
            Self::Opaque(value) => out.put_bytes(&value.payload),
            Self::Slice(value) | Self::Array(value) => {
                out.put_uint(value.items.len() as u64);
                out.deeper(|out| value.items.iter().try_for_each(|item| item.write(out)))?;
            }
            Self::Map(value) => {
                out.put_uint(value.entries.len() as u64);
                out.deeper(|out| {
                    value.entries.iter().try_for_each(|(key, value)| {
                        key.write(out)?;
                        value.write(out)
                    })
                })?;
            }
            Self::Struct(value) => out.deeper(|out| write_struct(value, out))?,
            Self::Interface(None) => out.put_byte(0),
            Self::Interface(Some(value)) => {
                out.put_bytes(value.name.as_bytes());
                let id = match &value.ty {
                    TypeOf::Stream(ty) => out.define_dynamic(ty)?,
                    TypeOf::Static(ty) => out.define(ty)?,
                };
                out.put_int(id.into());
                out.counted(|out| {
                    if value.value.is_singleton() {
                        out.put_byte(0);
                    }
                    value.value.write(out)
                })?;
            }
        }
        Ok(())
    }
}

fn write_struct(value: &Struct, out: &mut Output<'_>) -> Result<()> {
    let mut last = 0;
    for (number, field) in &value.fields {
        let number = *number as u64 + 1;
        out.put_uint(number.checked_sub(last).filter(|delta| *delta > 0).ok_or(Kind::NegativeDelta)?);
        last = number;
        field.write(out)?;
    }
    out.put_byte(0);
    Ok(())
}
