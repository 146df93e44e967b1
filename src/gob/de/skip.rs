//! Reads over a value (G223). It decodes and throws away, since the byte counts of interfaces cannot be trusted: that
//! is where Go's own skipping fails (G240–G242).

use super::reader::Reader;
use crate::gob::error::{Kind, Result};
use crate::gob::stream::walk::{take_id, take_singleton, take_type_name};
use crate::gob::stream::wiretype::{Shape, TypeId, builtin};

impl<L> Reader<'_, '_, L> {
    /// Reads over a top-level value, or one in an interface, of type `id`.
    pub(super) fn skip_singleton(&mut self, id: TypeId) -> Result<()> {
        if !self.context.types.is_struct(id) {
            take_singleton(&mut self.cursor)?;
        }
        self.skip(id)
    }

    /// Reads over a value of type `id`.
    pub(super) fn skip(&mut self, id: TypeId) -> Result<()> {
        match id {
            builtin::BOOL | builtin::INT | builtin::UINT | builtin::FLOAT => self.cursor.take_uint().map(drop),
            builtin::COMPLEX => {
                self.cursor.take_uint()?;
                self.cursor.take_uint().map(drop)
            }
            builtin::BYTES | builtin::STRING => self.cursor.take_bytes(|_| Kind::SkippedTooLong).map(drop),
            builtin::INTERFACE => self.skip_interface(),
            _ => self.skip_defined(id),
        }
    }

    fn skip_interface(&mut self) -> Result<()> {
        if take_type_name(&mut self.cursor)?.is_none() {
            return Ok(());
        }
        let id = take_id(&mut self.cursor)?;
        self.deeper(|this| this.skip_singleton(id))
    }

    fn skip_defined(&mut self, id: TypeId) -> Result<()> {
        let ty = self.context.types.get(id).ok_or_else(|| self.cursor.error(Kind::UndefinedType))?;
        self.deeper(|this| match &ty.shape {
            Shape::Slice { elem } => this.skip_elements(*elem),
            Shape::Array { elem, len } => {
                let mut ahead = this.cursor.clone();
                if u64::try_from(*len) != Ok(ahead.take_uint()?) {
                    return Err(this.cursor.error(Kind::ArrayLength));
                }
                this.skip_elements(*elem)
            }
            Shape::Map { key, elem } => {
                for _ in 0..this.cursor.take_uint()? {
                    if this.cursor.is_empty() {
                        return Err(this.cursor.error(Kind::MissingValue));
                    }
                    this.skip(*key)?;
                    this.skip(*elem)?;
                }
                Ok(())
            }
            Shape::Struct { fields } => {
                let mut next = 0;
                while let Some(number) = this.next_field(&mut next, fields.len())? {
                    this.skip(fields[number].id)?;
                }
                Ok(())
            }
            Shape::External { .. } => this.cursor.take_bytes(|_| Kind::SkippedTooLong).map(drop),
            Shape::Unusable => Err(this.cursor.error(Kind::UnusableType)),
        })
    }

    fn skip_elements(&mut self, elem: TypeId) -> Result<()> {
        let count = self.cursor.take_uint()?;
        for _ in 0..count {
            if self.cursor.is_empty() {
                return Err(self.cursor.error(Kind::TooManyElements(count)));
            }
            self.skip(elem)?;
        }
        Ok(())
    }
}
