//! Reading a value by its wire type alone.

use super::{Blob, Interface, Map, Sequence, Struct, TypeOf, Value};
use crate::gob::de::reader::Reader;
use crate::gob::error::{Kind, Result};
use crate::gob::stream::table::{TypeTable, Types};
use crate::gob::stream::types::StreamType;
use crate::gob::stream::walk::{take_id, take_singleton, take_type_name};
use crate::gob::stream::wiretype::{Shape, TypeId, builtin};
use crate::gob::wire::{Cursor, int_from_uint};

/// Reads the payload of a top-level value, or the value of an interface after its type.
pub(in crate::gob) fn decode<L>(reader: &mut Reader<'_, '_, L>, id: TypeId) -> Result<Value> {
    let table = reader.context.types();
    Values { reader, table, types: &table.read() }.singleton(id)
}

/// Reads an interface.
pub(in crate::gob) fn interface<L>(reader: &mut Reader<'_, '_, L>) -> Result<Value> {
    let table = reader.context.types();
    Values { reader, table, types: &table.read() }.interface()
}

/// Reads values whose types are looked up once.
struct Values<'a, 'i, 'p, L> {
    reader: &'a mut Reader<'i, 'p, L>,
    table: &'a TypeTable,
    types: &'a Types,
}

impl<L> Values<'_, '_, '_, L> {
    fn singleton(&mut self, id: TypeId) -> Result<Value> {
        if !self.types.is_struct(id) {
            take_singleton(&mut self.reader.cursor)?;
        }
        self.value(id)
    }

    #[inline]
    fn value(&mut self, id: TypeId) -> Result<Value> {
        let cursor = &mut self.reader.cursor;
        Ok(match id {
            builtin::BOOL => Value::Bool(cursor.take_uint()? != 0),
            builtin::INT => Value::Int(cursor.take_int()?),
            builtin::UINT => Value::Uint(cursor.take_uint()?),
            builtin::FLOAT => Value::Float(cursor.take_float()?),
            builtin::COMPLEX => Value::Complex(cursor.take_float()?, cursor.take_float()?),
            builtin::STRING => Value::String(cursor.take_bytes(|_| Kind::StringTooLong)?.into()),
            builtin::BYTES => Value::Bytes(cursor.take_bytes(|_| Kind::BytesTooLong)?.to_vec()),
            _ => return self.other(id),
        })
    }

    fn other(&mut self, id: TypeId) -> Result<Value> {
        if id == builtin::INTERFACE {
            return self.interface();
        }
        let types = self.types;
        let defined = types.get(id).ok_or_else(|| self.reader.cursor.error(Kind::UndefinedType))?;
        self.reader.enter()?;
        let ty = StreamType { table: self.table.clone(), id };
        let value = self.composite(ty, &defined.shape);
        self.reader.leave();
        value
    }

    fn composite(&mut self, ty: StreamType, shape: &Shape) -> Result<Value> {
        Ok(match shape {
            Shape::Slice { elem } => {
                let count = self.reader.cursor.take_uint()?;
                Value::Slice(Sequence { ty, items: self.items(*elem, count)? })
            }
            Shape::Array { elem, len } => {
                let count = self.reader.cursor.take_uint()?;
                if u64::try_from(*len) != Ok(count) {
                    return Err(self.reader.cursor.error(Kind::ArrayLength));
                }
                Value::Array(Sequence { ty, items: self.items(*elem, count)? })
            }
            Shape::Map { key, elem } => {
                let count = self.reader.cursor.take_uint()?;
                let mut entries = Vec::with_capacity(self.at_most(count));
                for _ in 0..count {
                    if self.reader.cursor.is_empty() {
                        return Err(self.reader.cursor.error(Kind::MissingValue));
                    }
                    entries.push((self.value(*key)?, self.value(*elem)?));
                }
                Value::Map(Map { ty, entries })
            }
            Shape::Struct { fields } => {
                let (mut next, mut came) = (0, Vec::new());
                while let Some(number) = self.reader.next_field(&mut next, fields.len())? {
                    if came.capacity() == 0 {
                        // Room for all of most structs, but not for fields without end that one byte says are zero.
                        came.reserve(fields.len().min(8));
                    }
                    came.push((number, self.value(fields[number].id)?));
                }
                Value::Struct(Struct { ty, fields: came })
            }
            Shape::External { .. } => {
                let payload = self.reader.cursor.take_bytes(|_| Kind::PayloadTooLong)?.to_vec();
                Value::Opaque(Blob { ty, payload })
            }
            Shape::Unusable => return Err(self.reader.cursor.error(Kind::UnusableType)),
        })
    }

    fn items(&mut self, elem: TypeId, count: u64) -> Result<Vec<Value>> {
        match elem {
            builtin::INT => self.numbers(count, |cursor| Ok(Value::Int(int_from_uint(cursor.take_uint_in_row()?)))),
            builtin::UINT => self.numbers(count, |cursor| cursor.take_uint_in_row().map(Value::Uint)),
            builtin::FLOAT => self.numbers(count, |cursor| cursor.take_float_in_row().map(Value::Float)),
            _ => {
                let mut items = Vec::with_capacity(self.at_most(count));
                for index in 0..count {
                    if self.reader.cursor.is_empty() {
                        return Err(self.reader.cursor.error(Kind::TooManyElements(count)));
                    }
                    items.push(self.value(elem).map_err(|error| error.in_element(index as usize))?);
                }
                Ok(items)
            }
        }
    }

    #[inline]
    fn numbers(&mut self, count: u64, read: impl Fn(&mut Cursor<'_>) -> Result<Value>) -> Result<Vec<Value>> {
        // Each takes a byte or more, and there is nothing else in them.
        if count > self.reader.cursor.remaining() as u64 {
            return Err(self.reader.cursor.error(Kind::TooManyElements(count)));
        }
        let mut items = Vec::with_capacity(count as usize);
        // A copy, which is in registers.
        let mut cursor = self.reader.cursor.clone();
        for index in 0..count {
            if cursor.is_empty() {
                return Err(cursor.error(Kind::TooManyElements(count)));
            }
            match read(&mut cursor) {
                Ok(value) => items.push(value),
                Err(error) => return Err(error.in_element(index as usize)),
            }
        }
        self.reader.cursor = cursor;
        Ok(items)
    }

    /// For how many of `count` values room is made before they are there.
    fn at_most(&self, count: u64) -> usize {
        const MOST: usize = 4096;

        self.reader.believed(usize::try_from(count).unwrap_or(MOST)).min(MOST)
    }

    fn interface(&mut self) -> Result<Value> {
        let Some(name) = take_type_name(&mut self.reader.cursor)? else { return Ok(Value::Interface(None)) };
        let id = take_id(&mut self.reader.cursor)?;
        self.reader.enter()?;
        let value = self.singleton(id)?;
        self.reader.leave();
        let ty = TypeOf::Stream(StreamType { table: self.table.clone(), id });
        Ok(Value::Interface(Some(Box::new(Interface { name: name.into(), ty, value }))))
    }
}
