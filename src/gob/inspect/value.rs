//! Values, field by field.

use std::io::Read;
use std::ops::Range;

use super::{Note, Walker};
use crate::gob::error::{Kind, Result};
use crate::gob::stream::walk::{take_id, take_singleton, take_type_name};
use crate::gob::stream::wiretype::{FIRST_USER_ID, Shape, TypeId, WireField, builtin};
use crate::gob::wire::Cursor;

/// How much of a text is shown.
const SHOWN: usize = 60;

impl<R: Read, N: FnMut(&Note<'_>) -> std::io::Result<()>> Walker<R, N> {
    /// The type in words: its name, or what it is.
    pub(super) fn describe(&self, id: TypeId) -> String {
        let name = self.types.name(id);
        if !name.is_empty() {
            return shortened(&name);
        }
        match self.types.get(id).as_deref().map(|ty| &ty.shape) {
            Some(Shape::Slice { .. }) => "a slice".to_owned(),
            Some(Shape::Array { len, .. }) => format!("an array of {len}"),
            Some(Shape::Map { .. }) => "a map".to_owned(),
            Some(Shape::Struct { .. }) => "a struct".to_owned(),
            Some(Shape::External { .. }) => "a type that encodes itself".to_owned(),
            Some(Shape::Unusable) | None => "not defined".to_owned(),
        }
    }

    pub(super) fn is_known(&self, id: TypeId) -> bool {
        id < FIRST_USER_ID || self.types.get(id).is_some()
    }

    /// A value at top level, or in an interface.
    pub(super) fn top_value(&mut self, id: TypeId) -> Result<()> {
        if !self.types.is_struct(id) {
            let ((), bytes) = self.take(take_singleton)?;
            self.say(bytes, "no struct")?;
        }
        self.value(id, None, "")
    }

    /// A value, which `label` calls by the name of its field or such. `before` is the place of what led to it.
    fn value(&mut self, id: TypeId, before: Option<Range<usize>>, label: &str) -> Result<()> {
        match id {
            builtin::BOOL => self.scalar(before, label, |cursor| Ok(cursor.take_uint()? != 0)),
            builtin::INT => self.scalar(before, label, |cursor| cursor.take_int()),
            builtin::UINT => self.scalar(before, label, |cursor| cursor.take_uint()),
            builtin::FLOAT => self.scalar(before, label, |cursor| cursor.take_float()),
            builtin::COMPLEX => self.scalar(before, label, |cursor| {
                let (re, im) = (cursor.take_float()?, cursor.take_float()?);
                Ok(format!("({re}{im:+}i)"))
            }),
            builtin::STRING => {
                self.scalar(before, label, |cursor| Ok(text(cursor.take_bytes(|_| Kind::StringTooLong)?)))
            }
            builtin::BYTES => self.scalar(before, label, |cursor| {
                Ok(format!("{} bytes", cursor.take_bytes(|_| Kind::BytesTooLong)?.len()))
            }),
            builtin::INTERFACE => self.interface(before, label),
            _ => self.composite(id, before, label),
        }
    }

    fn scalar<T: std::fmt::Display>(
        &mut self,
        before: Option<Range<usize>>,
        label: &str,
        read: impl FnOnce(&mut Cursor<'_>) -> Result<T>,
    ) -> Result<()> {
        let (value, bytes) = self.take(read)?;
        self.say(joined(before, bytes), &format!("{label}{value}"))
    }

    fn composite(&mut self, id: TypeId, before: Option<Range<usize>>, label: &str) -> Result<()> {
        let ty = self.types.get(id).ok_or_else(|| self.error(Kind::UndefinedType))?;
        let name = self.describe(id);
        match &ty.shape {
            Shape::Slice { elem } => {
                let (count, bytes) = self.uint()?;
                self.say(joined(before, bytes), &format!("{label}{name}, {count} elements"))?;
                self.elements(*elem, count)
            }
            Shape::Array { elem, len } => {
                let (count, bytes) = self.uint()?;
                self.say(joined(before, bytes), &format!("{label}{name}, {count} elements"))?;
                if u64::try_from(*len) != Ok(count) {
                    return Err(self.error(Kind::ArrayLength));
                }
                self.elements(*elem, count)
            }
            Shape::Map { key, elem } => {
                let (count, bytes) = self.uint()?;
                self.say(joined(before, bytes), &format!("{label}{name}, {count} entries"))?;
                self.deeper(|this| {
                    for index in 0..count {
                        if this.input.is_empty() {
                            return Err(this.error(Kind::MissingValue));
                        }
                        this.value(*key, None, &format!("key {index}: "))?;
                        this.value(*elem, None, &format!("value {index}: "))?;
                    }
                    Ok(())
                })
            }
            Shape::Struct { fields } => {
                match before {
                    Some(bytes) => self.say(bytes, &format!("{label}{name}"))?,
                    // As an element it has nothing before its fields.
                    None if !label.is_empty() => self.say(self.here(), &format!("{label}{name}"))?,
                    None => {}
                }
                let is_top = label.is_empty();
                if is_top { self.fields(fields) } else { self.deeper(|this| this.fields(fields)) }
            }
            Shape::External { .. } => self.scalar(before, &format!("{label}{name}, "), |cursor| {
                Ok(format!("{} bytes", cursor.take_bytes(|_| Kind::PayloadTooLong)?.len()))
            }),
            Shape::Unusable => Err(self.error(Kind::UnusableType)),
        }
    }

    fn elements(&mut self, elem: TypeId, count: u64) -> Result<()> {
        self.deeper(|this| {
            for index in 0..count {
                if this.input.is_empty() {
                    return Err(this.error(Kind::TooManyElements(count)));
                }
                this.value(elem, None, &format!("[{index}]: "))?;
            }
            Ok(())
        })
    }

    fn fields(&mut self, fields: &[WireField]) -> Result<()> {
        let mut number = 0_u64;
        loop {
            // G216: a struct may end with its message.
            if self.input.is_empty() {
                return Ok(());
            }
            let (delta, bytes) = self.uint()?;
            if delta == 0 {
                return self.say(bytes, "end");
            }
            number = number.checked_add(delta).ok_or_else(|| self.error(Kind::NegativeDelta))?;
            let field = usize::try_from(number - 1).ok().and_then(|index| fields.get(index));
            let Some(field) = field else { return Err(self.error(Kind::FieldOutOfBounds)) };
            self.value(field.id, Some(bytes), &format!("{}: ", shortened(&field.name)))?;
        }
    }

    /// An interface: a name, definitions that may interrupt the message, and a value (G116–G130).
    fn interface(&mut self, before: Option<Range<usize>>, label: &str) -> Result<()> {
        let (name, bytes) = self.take(|cursor| Ok(take_type_name(cursor)?.map(text)))?;
        let Some(name) = name else { return self.say(joined(before, bytes), &format!("{label}nil")) };
        self.say(joined(before, bytes), &format!("{label}interface with {name}"))?;
        self.deeper(|this| {
            let (id, bytes) = this.concrete_type()?;
            this.say(bytes, &format!("value of type {id}, {}", this.describe(id)))?;
            // It cannot be trusted (G129).
            let (len, bytes) = this.uint()?;
            this.say(bytes, &format!("value of {len} bytes"))?;
            this.deeper(|this| this.top_value(id))
        })
    }

    /// The type of an interface's value, with its place, after the definitions before it (G128).
    fn concrete_type(&mut self) -> Result<(TypeId, Range<usize>)> {
        loop {
            if self.input.is_empty() && !self.next_message()? {
                return Err(self.input.unexpected_eof());
            }
            let (id, bytes) = self.take(take_id)?;
            if id >= 0 {
                return Ok((id, bytes));
            }
            self.say(bytes, &format!("definition of type {}", id.wrapping_neg()))?;
            self.deeper(|this| this.definition(id))?;
            if !self.input.is_empty() {
                let (len, bytes) = self.uint()?;
                self.say(bytes, &format!("the value goes on, {len} bytes"))?;
            }
        }
    }

    /// The empty place before the next byte.
    fn here(&self) -> Range<usize> {
        self.input.pos()..self.input.pos()
    }
}

/// Both places, the second of which follows the first.
fn joined(before: Option<Range<usize>>, bytes: Range<usize>) -> Range<usize> {
    before.map_or(bytes.start, |before| before.start)..bytes.end
}

/// A text in quotes, its end left out if it is long.
fn text(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(4 * SHOWN)]);
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{:?}… ({} bytes)", &text[..at], bytes.len()),
        None => format!("{text:?}"),
    }
}

/// A name, its end left out if it is long: it may be that of many. What controls a terminal is escaped.
fn shortened(name: &str) -> String {
    let mut out = String::new();
    for (index, c) in name.chars().enumerate() {
        match c {
            _ if index == SHOWN => {
                out.push('…');
                break;
            }
            c if c.is_control() => out.extend(c.escape_default()),
            c => out.push(c),
        }
    }
    out
}
