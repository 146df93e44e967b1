//! Definitions, member by member (G25). The ids in them may be of types that are not defined yet (G33).

use std::io::Read;

use super::{Note, Walker};
use crate::gob::error::{Kind, Result};
use crate::gob::stream::walk;
use crate::gob::stream::wiretype::TypeId;
use crate::gob::wire::Cursor;

/// How the parts of a definition are sent.
#[derive(Clone, Copy)]
enum Part {
    Int,
    /// The id of a type.
    Type,
    Text,
    Struct(&'static [(&'static str, Self)]),
    List(&'static [(&'static str, Self)]),
}

const COMMON: (&str, Part) = ("CommonType", Part::Struct(&[("Name", Part::Text), ("Id", Part::Int)]));
const FIELD: &[(&str, Part)] = &[("Name", Part::Text), ("Id", Part::Type)];
const EXTERNAL: Part = Part::Struct(&[COMMON]);
const WIRE_TYPE: &[(&str, Part)] = &[
    ("ArrayT", Part::Struct(&[COMMON, ("Elem", Part::Type), ("Len", Part::Int)])),
    ("SliceT", Part::Struct(&[COMMON, ("Elem", Part::Type)])),
    ("StructT", Part::Struct(&[COMMON, ("Field", Part::List(FIELD))])),
    ("MapT", Part::Struct(&[COMMON, ("Key", Part::Type), ("Elem", Part::Type)])),
    ("GobEncoderT", EXTERNAL),
    ("BinaryMarshalerT", EXTERNAL),
    ("TextMarshalerT", EXTERNAL),
];

impl<R: Read, N: FnMut(&Note<'_>) -> std::io::Result<()>> Walker<R, N> {
    /// The definition of type `-id`, after the id.
    pub(super) fn definition(&mut self, id: TypeId) -> Result<()> {
        let start = self.input.pos();
        self.members(WIRE_TYPE)?;
        // What counts is what decoding makes of it.
        self.input.go_to(start);
        let (types, limits) = (self.types.clone(), self.limits);
        self.take(|cursor| walk::define(id, cursor, &types, &limits, None))?;
        Ok(())
    }

    fn members(&mut self, members: &'static [(&'static str, Part)]) -> Result<()> {
        let mut number = 0;
        loop {
            // A struct may also end with its message (G216).
            if self.input.is_empty() {
                return Ok(());
            }
            let (delta, bytes) = self.uint()?;
            if delta == 0 {
                return self.say(bytes, "end");
            }
            number = delta.saturating_add(number);
            let member = usize::try_from(number - 1).ok().and_then(|index| members.get(index));
            let Some(&(name, part)) = member else { return Err(self.error(Kind::FieldOutOfBounds)) };
            match part {
                Part::Int => {
                    let (value, after) = self.int()?;
                    self.say(bytes.start..after.end, &format!("{name}: {value}"))?;
                }
                Part::Type => {
                    let (id, after) = self.int()?;
                    let known = match TypeId::try_from(id) {
                        Ok(id) if self.is_known(id) => format!(", {}", self.describe(id)),
                        _ => String::new(),
                    };
                    self.say(bytes.start..after.end, &format!("{name}: type {id}{known}"))?;
                }
                Part::Text => {
                    let take = |cursor: &mut Cursor<'_>| {
                        let text = cursor.take_bytes(|_| Kind::StringTooLong)?;
                        Ok(String::from_utf8_lossy(text).into_owned())
                    };
                    let (text, after) = self.take(take)?;
                    self.say(bytes.start..after.end, &format!("{name}: {text:?}"))?;
                }
                Part::Struct(inner) => {
                    self.say(bytes, name)?;
                    self.deeper(|this| this.members(inner))?;
                }
                Part::List(inner) => {
                    let (count, after) = self.uint()?;
                    self.say(bytes.start..after.end, &format!("{name}: {count}"))?;
                    for _ in 0..count {
                        if self.input.is_empty() {
                            return Err(self.error(Kind::TooManyElements(count)));
                        }
                        self.deeper(|this| this.members(inner))?;
                    }
                }
            }
        }
    }
}
