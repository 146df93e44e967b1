//! Finds the end of a value that may hold interfaces.
//!
//! A type first met inside an interface interrupts the message with its definition, and the value goes on in the next
//! one (G121–G128). The walk follows the value, takes up those definitions, and copies the rest together without them
//! and without the byte counts, which nobody can trust (G125, G129): what comes out is one plain run of bytes, in
//! which an interface is its name, a type id and a value.
//!
//! It keeps its own stack, so it can stop where a message ends and go on with the next, and each byte is read once.

use std::sync::Arc;

use super::table::TypeTable;
use super::wiretype::{Shape, TypeId, WireType, builtin};
use crate::gob::error::{Kind, Result};
use crate::gob::limits::Limits;
use crate::gob::wire::{Cursor, put_int};

/// The longest name of a concrete type that Go's decoder takes (G115).
const MAX_TYPE_NAME: usize = 1024;

#[derive(Debug)]
pub(crate) struct Walk {
    stack: Vec<Step>,
    joined: Vec<u8>,
    /// The types of interfaces' values that were introduced on the way.
    introduced: Vec<TypeId>,
    /// Whether a definition came for the interface at hand.
    defined: bool,
}

/// What is still to be read, innermost last.
#[derive(Debug)]
enum Step {
    Value(TypeId),
    /// A struct, and the number of the field before the next.
    Struct(Arc<WireType>, u64),
    Elements {
        elem: TypeId,
        left: u64,
    },
    Entries {
        key: TypeId,
        elem: TypeId,
        left: u64,
    },
    /// After the name in an interface: definitions, then the type id.
    Definitions,
}

/// How far a walk came.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    Done,
    NeedsMessage,
}

impl Walk {
    /// Begins at the payload of a top-level value.
    pub(crate) fn new(id: TypeId, table: &TypeTable, cursor: &mut Cursor<'_>) -> Result<Self> {
        let mut walk = Self { stack: Vec::new(), joined: Vec::new(), introduced: Vec::new(), defined: false };
        if !table.is_struct(id) {
            take_singleton(cursor)?;
            walk.joined.push(0);
        }
        walk.stack.push(Step::Value(id));
        Ok(walk)
    }

    /// The value without its interruptions, and the types they introduced.
    pub(crate) fn finish(self) -> (Vec<u8>, Vec<TypeId>) {
        (self.joined, self.introduced)
    }

    pub(crate) fn len(&self) -> usize {
        self.joined.len()
    }

    /// Goes on with a message. `input` is what `cursor` reads from.
    pub(crate) fn run(
        &mut self,
        input: &[u8],
        cursor: &mut Cursor<'_>,
        table: &TypeTable,
        limits: &Limits,
    ) -> Result<Progress> {
        let mut copied = cursor.pos();
        while let Some(step) = self.stack.pop() {
            if self.stack.len() > limits.depth {
                return Err(cursor.error(Kind::TooDeep(limits.depth)));
            }
            match step {
                Step::Value(id) => self.value(id, cursor, table)?,
                Step::Struct(ty, before) => {
                    // G216: a struct may end with its message.
                    let delta = if cursor.is_empty() {
                        // What follows is read from the joined bytes, where the end has to show.
                        self.joined.extend_from_slice(&input[copied..cursor.pos()]);
                        copied = cursor.pos();
                        self.joined.push(0);
                        0
                    } else {
                        cursor.take_uint()?
                    };
                    if delta > 0 {
                        let number = before.checked_add(delta).ok_or_else(|| cursor.error(Kind::NegativeDelta))?;
                        let id = field(&ty, number).ok_or_else(|| cursor.error(Kind::FieldOutOfBounds))?;
                        self.stack.push(Step::Struct(ty, number));
                        self.stack.push(Step::Value(id));
                    }
                }
                Step::Elements { elem, left } => {
                    if left > 0 {
                        if cursor.is_empty() {
                            return Err(cursor.error(Kind::TooManyElements(left)));
                        }
                        self.stack.push(Step::Elements { elem, left: left - 1 });
                        self.stack.push(Step::Value(elem));
                    }
                }
                Step::Entries { key, elem, left } => {
                    if left > 0 {
                        if cursor.is_empty() {
                            return Err(cursor.error(Kind::MissingValue));
                        }
                        self.stack.push(Step::Entries { key, elem, left: left - 1 });
                        self.stack.push(Step::Value(elem));
                        self.stack.push(Step::Value(key));
                    }
                }
                Step::Definitions => {
                    self.joined.extend_from_slice(&input[copied..cursor.pos()]);
                    let Some(id) = self.definitions(cursor, table, limits)? else {
                        self.stack.push(Step::Definitions);
                        return Ok(Progress::NeedsMessage);
                    };
                    if std::mem::take(&mut self.defined) {
                        self.introduced.push(id);
                    }
                    put_int(&mut self.joined, i64::from(id));
                    cursor.take_uint()?;
                    copied = cursor.pos();
                    if !table.is_struct(id) {
                        take_singleton(cursor)?;
                    }
                    self.stack.push(Step::Value(id));
                }
            }
        }
        self.joined.extend_from_slice(&input[copied..cursor.pos()]);
        Ok(Progress::Done)
    }

    /// Takes up the definitions before an interface's value (G128). `None` when the message ends first.
    fn definitions(&mut self, cursor: &mut Cursor<'_>, table: &TypeTable, limits: &Limits) -> Result<Option<TypeId>> {
        while !cursor.is_empty() {
            let id = take_id(cursor)?;
            if id >= 0 {
                return Ok(Some(id));
            }
            define(id, cursor, table, limits, None)?;
            self.defined = true;
            if !cursor.is_empty() {
                // The length of the next chunk.
                cursor.take_uint()?;
            }
        }
        Ok(None)
    }

    fn value(&mut self, id: TypeId, cursor: &mut Cursor<'_>, table: &TypeTable) -> Result<()> {
        match id {
            builtin::BOOL | builtin::INT | builtin::UINT | builtin::FLOAT => {
                cursor.take_uint()?;
            }
            builtin::COMPLEX => {
                cursor.take_uint()?;
                cursor.take_uint()?;
            }
            builtin::BYTES | builtin::STRING => {
                cursor.take_bytes(|_| Kind::SkippedTooLong)?;
            }
            builtin::INTERFACE => {
                if take_type_name(cursor)?.is_some() {
                    self.stack.push(Step::Definitions);
                }
            }
            _ => {
                let ty = table.get(id).ok_or_else(|| cursor.error(Kind::UndefinedType))?;
                match ty.shape {
                    Shape::Slice { elem } => {
                        let left = cursor.take_uint()?;
                        self.stack.push(Step::Elements { elem, left });
                    }
                    Shape::Array { elem, len } => {
                        let left = cursor.take_uint()?;
                        if u64::try_from(len) != Ok(left) {
                            return Err(cursor.error(Kind::ArrayLength));
                        }
                        self.stack.push(Step::Elements { elem, left });
                    }
                    Shape::Map { key, elem } => {
                        let left = cursor.take_uint()?;
                        self.stack.push(Step::Entries { key, elem, left });
                    }
                    Shape::Struct { .. } => self.stack.push(Step::Struct(ty, 0)),
                    Shape::External { .. } => {
                        cursor.take_bytes(|_| Kind::SkippedTooLong)?;
                    }
                    Shape::Unusable => return Err(cursor.error(Kind::UnusableType)),
                }
            }
        }
        Ok(())
    }
}

/// The type of the field with this number, which begins at 1.
fn field(ty: &WireType, number: u64) -> Option<TypeId> {
    match &ty.shape {
        Shape::Struct { fields } => fields.get(usize::try_from(number - 1).ok()?).map(|field| field.id),
        _ => None,
    }
}

/// Reads the zero before a value that is no struct (G17).
#[inline]
pub(crate) fn take_singleton(cursor: &mut Cursor<'_>) -> Result<()> {
    match cursor.take_uint()? {
        0 => Ok(()),
        _ => Err(cursor.error(Kind::NonZeroDelta)),
    }
}

/// Reads the name of an interface's concrete type; `None` for a nil interface (G116).
pub(crate) fn take_type_name<'de>(cursor: &mut Cursor<'de>) -> Result<Option<&'de [u8]>> {
    let name = cursor.take_bytes(Kind::TypeNameLength)?;
    if name.len() > MAX_TYPE_NAME {
        return Err(cursor.error(Kind::TypeNameTooLong(name.len())));
    }
    Ok((!name.is_empty()).then_some(name))
}

/// Reads the id before a value, or a negative one before a definition. It is cut to 32 bits (G21).
#[inline]
pub(crate) fn take_id(cursor: &mut Cursor<'_>) -> Result<TypeId> {
    Ok(cursor.take_int()? as TypeId)
}

/// Reads the definition of type `-id`, which may be all of a message.
pub(crate) fn define(
    id: TypeId,
    cursor: &mut Cursor<'_>,
    table: &TypeTable,
    limits: &Limits,
    message: Option<&[u8]>,
) -> Result<()> {
    let at = cursor.offset();
    let ty = WireType::decode(cursor)?;
    let message = message.filter(|_| cursor.is_empty());
    table.define(id.wrapping_neg(), ty, cursor.offset() - at, limits, message).map_err(|error| error.at(at))
}
