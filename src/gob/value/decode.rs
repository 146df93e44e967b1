//! Reading a value by its wire type alone.

use super::{Blob, Interface, Map, Sequence, Struct, TypeOf, Value};
use crate::gob::de::reader::Reader;
use crate::gob::error::{Kind, Result};
use crate::gob::stream::types::StreamType;
use crate::gob::stream::walk::{take_id, take_singleton, take_type_name};
use crate::gob::stream::wiretype::{Shape, TypeId, builtin};

/// Reads the payload of a top-level value, or the value of an interface after its type.
pub(in crate::gob) fn decode<L>(reader: &mut Reader<'_, '_, L>, id: TypeId) -> Result<Value> {
    if !reader.context.types().is_struct(id) {
        take_singleton(&mut reader.cursor)?;
    }
    value(reader, id)
}

fn value<L>(reader: &mut Reader<'_, '_, L>, id: TypeId) -> Result<Value> {
    let cursor = &mut reader.cursor;
    Ok(match id {
        builtin::BOOL => Value::Bool(cursor.take_uint()? != 0),
        builtin::INT => Value::Int(cursor.take_int()?),
        builtin::UINT => Value::Uint(cursor.take_uint()?),
        builtin::FLOAT => Value::Float(cursor.take_float()?),
        builtin::COMPLEX => Value::Complex(cursor.take_float()?, cursor.take_float()?),
        builtin::STRING => Value::String(cursor.take_bytes(|_| Kind::StringTooLong)?.into()),
        builtin::BYTES => Value::Bytes(cursor.take_bytes(|_| Kind::BytesTooLong)?.to_vec()),
        builtin::INTERFACE => interface(reader)?,
        _ => {
            let types = reader.context.types().clone();
            let defined = types.get(id).ok_or_else(|| reader.cursor.error(Kind::UndefinedType))?;
            let ty = StreamType { table: types, id };
            reader.deeper(|reader| composite(reader, ty, &defined.shape))?
        }
    })
}

fn composite<L>(reader: &mut Reader<'_, '_, L>, ty: StreamType, shape: &Shape) -> Result<Value> {
    Ok(match shape {
        Shape::Slice { elem } => {
            let count = reader.cursor.take_uint()?;
            Value::Slice(Sequence { ty, items: items(reader, *elem, count)? })
        }
        Shape::Array { elem, len } => {
            let count = reader.cursor.take_uint()?;
            if u64::try_from(*len) != Ok(count) {
                return Err(reader.cursor.error(Kind::ArrayLength));
            }
            Value::Array(Sequence { ty, items: items(reader, *elem, count)? })
        }
        Shape::Map { key, elem } => {
            let count = reader.cursor.take_uint()?;
            let mut entries = Vec::new();
            for _ in 0..count {
                if reader.cursor.is_empty() {
                    return Err(reader.cursor.error(Kind::MissingValue));
                }
                entries.push((value(reader, *key)?, value(reader, *elem)?));
            }
            Value::Map(Map { ty, entries })
        }
        Shape::Struct { fields } => {
            let (mut next, mut came) = (0, Vec::new());
            while let Some(number) = reader.next_field(&mut next, fields.len())? {
                came.push((number, value(reader, fields[number].id)?));
            }
            Value::Struct(Struct { ty, fields: came })
        }
        Shape::External { .. } => {
            let payload = reader.cursor.take_bytes(|_| Kind::PayloadTooLong)?.to_vec();
            Value::Opaque(Blob { ty, payload })
        }
        Shape::Unusable => return Err(reader.cursor.error(Kind::UnusableType)),
    })
}

fn items<L>(reader: &mut Reader<'_, '_, L>, elem: TypeId, count: u64) -> Result<Vec<Value>> {
    let mut items = Vec::new();
    for index in 0..count {
        if reader.cursor.is_empty() {
            return Err(reader.cursor.error(Kind::TooManyElements(count)));
        }
        items.push(value(reader, elem).map_err(|error| error.in_element(index as usize))?);
    }
    Ok(items)
}

/// Reads an interface.
pub(in crate::gob) fn interface<L>(reader: &mut Reader<'_, '_, L>) -> Result<Value> {
    let Some(name) = take_type_name(&mut reader.cursor)? else { return Ok(Value::Interface(None)) };
    let id = take_id(&mut reader.cursor)?;
    let value = reader.deeper(|reader| decode(reader, id))?;
    let ty = TypeOf::Stream(StreamType { table: reader.context.types().clone(), id });
    Ok(Value::Interface(Some(Box::new(Interface { name: name.into(), ty, value }))))
}
