//! Writing a value with the types of the stream it came from.

use super::{Struct, TypeOf, Value};
use crate::gob::error::{Kind, Result};
use crate::gob::ser::Output;
use crate::gob::stream::types::StreamType;
use crate::gob::stream::wiretype::{TypeId, builtin};
use crate::gob::wire::{put_bytes, put_float, put_int, put_uint};

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
            Self::Bool(value) => out.buf.push(u8::from(*value)),
            Self::Int(value) => put_int(out.buf, *value),
            Self::Uint(value) => put_uint(out.buf, *value),
            Self::Float(value) => put_float(out.buf, *value),
            Self::Complex(re, im) => {
                put_float(out.buf, *re);
                put_float(out.buf, *im);
            }
            Self::String(value) => put_bytes(out.buf, value.as_bytes()),
            Self::Bytes(value) => put_bytes(out.buf, value),
            Self::Opaque(value) => put_bytes(out.buf, &value.payload),
            Self::Slice(value) | Self::Array(value) => {
                put_uint(out.buf, value.items.len() as u64);
                out.deeper(|out| value.items.iter().try_for_each(|item| item.write(out)))?;
            }
            Self::Map(value) => {
                put_uint(out.buf, value.entries.len() as u64);
                out.deeper(|out| {
                    value.entries.iter().try_for_each(|(key, value)| {
                        key.write(out)?;
                        value.write(out)
                    })
                })?;
            }
            Self::Struct(value) => out.deeper(|out| write_struct(value, out))?,
            Self::Interface(None) => out.buf.push(0),
            Self::Interface(Some(value)) => {
                put_bytes(out.buf, value.name.as_bytes());
                let id = match &value.ty {
                    TypeOf::Stream(ty) => out.define_dynamic(ty)?,
                    TypeOf::Static(ty) => out.define(ty)?,
                };
                put_int(out.buf, id.into());
                out.counted(|out| {
                    if value.value.is_singleton() {
                        out.buf.push(0);
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
        put_uint(out.buf, number.checked_sub(last).filter(|delta| *delta > 0).ok_or(Kind::NegativeDelta)?);
        last = number;
        field.write(out)?;
    }
    out.buf.push(0);
    Ok(())
}
