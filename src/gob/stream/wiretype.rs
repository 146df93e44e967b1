//! `WireType`: a type as a stream describes it (G22–G25).

use crate::gob::error::{Kind, Result};
use crate::gob::wire::{Cursor, put_bytes, put_int, put_uint};

/// The id of a type on one stream.
pub(crate) type TypeId = i32;

/// The ids both sides know without a definition (G22).
pub(crate) mod builtin {
    use super::TypeId;

    pub(crate) const BOOL: TypeId = 1;
    pub(crate) const INT: TypeId = 2;
    pub(crate) const UINT: TypeId = 3;
    pub(crate) const FLOAT: TypeId = 4;
    pub(crate) const BYTES: TypeId = 5;
    pub(crate) const STRING: TypeId = 6;
    pub(crate) const COMPLEX: TypeId = 7;
    pub(crate) const INTERFACE: TypeId = 8;
}

/// The lowest id a stream may define: Go 1.26 gives it to the first type, Go 1.19 began one later (G24).
pub(crate) const FIRST_USER_ID: TypeId = 64;

/// Whether two types say the same, each in its own table. `compare` pairs the parts of two types that need a definition,
/// if they are alike but for these.
pub(crate) fn say_the_same(
    here: TypeId,
    there: TypeId,
    compare: impl Fn(TypeId, TypeId) -> Option<Vec<(TypeId, TypeId)>>,
) -> bool {
    let mut assumed = vec![(here, there)];
    let mut next = 0;
    while let Some(&(here, there)) = assumed.get(next) {
        next += 1;
        if here < FIRST_USER_ID || there < FIRST_USER_ID {
            if here != there {
                return false;
            }
            continue;
        }
        let Some(parts) = compare(here, there) else { return false };
        for pair in parts {
            if !assumed.contains(&pair) {
                assumed.push(pair);
            }
        }
    }
    true
}

/// One definition. Edges are ids, because a type may be used before it is defined (G33).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WireType {
    pub(crate) name: String,
    /// `CommonType.Id`. Decoders ignore it (G50).
    pub(crate) id: TypeId,
    pub(crate) shape: Shape,
    /// Whether the definition says both that the type encodes itself and how it looks: Go reads it as nothing, but for
    /// a struct at top level.
    pub(crate) is_ambiguous: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape {
    Array {
        elem: TypeId,
        len: i64,
    },
    Slice {
        elem: TypeId,
    },
    Struct {
        fields: Vec<WireField>,
    },
    Map {
        key: TypeId,
        elem: TypeId,
    },
    /// A type that encodes itself, by the member number of `wireType`: 5 `GobEncoder`, 6 `BinaryMarshaler`, 7
    /// `TextMarshaler`.
    External {
        member: u8,
    },
    /// A definition without any member, from which nothing can be read (G228).
    Unusable,
}

impl Shape {
    /// The types it refers to.
    pub(crate) fn parts(&self) -> impl Iterator<Item = TypeId> {
        let (parts, fields) = match self {
            Self::Array { elem, .. } | Self::Slice { elem } => ([Some(*elem), None], &[][..]),
            Self::Map { key, elem } => ([Some(*key), Some(*elem)], &[][..]),
            Self::Struct { fields } => ([None, None], &fields[..]),
            Self::External { .. } | Self::Unusable => ([None, None], &[][..]),
        };
        parts.into_iter().flatten().chain(fields.iter().map(|field: &WireField| field.id))
    }

    /// The types to which one and the other refer in the same places, if they are alike but for these.
    pub(crate) fn pair_parts(&self, other: &Self) -> Option<Vec<(TypeId, TypeId)>> {
        // With all ids alike, what is left is the shape itself.
        let is_alike = self.map_ids(|_| 0) == other.map_ids(|_| 0);
        is_alike.then(|| self.parts().zip(other.parts()).collect())
    }

    /// The same with other ids.
    pub(crate) fn map_ids(&self, id: impl Fn(TypeId) -> TypeId) -> Self {
        match self {
            Self::Array { elem, len } => Self::Array { elem: id(*elem), len: *len },
            Self::Slice { elem } => Self::Slice { elem: id(*elem) },
            Self::Map { key, elem } => Self::Map { key: id(*key), elem: id(*elem) },
            Self::Struct { fields } => {
                let fields = fields.iter().map(|field| WireField { name: field.name.clone(), id: id(field.id) });
                Self::Struct { fields: fields.collect() }
            }
            Self::External { .. } | Self::Unusable => self.clone(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WireField {
    pub(crate) name: String,
    pub(crate) id: TypeId,
}

impl WireType {
    /// Writes the `wireType` struct value of this definition (G25).
    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        let member = match &self.shape {
            Shape::Array { .. } => 1,
            Shape::Slice { .. } => 2,
            Shape::Struct { .. } => 3,
            Shape::Map { .. } => 4,
            Shape::External { member } => *member,
            // Never issued; written as the empty struct it was read from.
            Shape::Unusable => return out.push(0),
        };
        out.push(member);
        self.encode_common(out);
        match &self.shape {
            Shape::Array { elem, len } => {
                put_int_field(out, *elem);
                if *len != 0 {
                    out.push(1);
                    put_int(out, *len);
                }
            }
            Shape::Slice { elem } => put_int_field(out, *elem),
            Shape::Struct { fields } if fields.is_empty() => {}
            Shape::Struct { fields } => {
                out.push(1);
                put_uint(out, fields.len() as u64);
                for field in fields {
                    out.push(1);
                    put_bytes(out, field.name.as_bytes());
                    put_int_field(out, field.id);
                    out.push(0);
                }
            }
            Shape::Map { key, elem } => {
                put_int_field(out, *key);
                put_int_field(out, *elem);
            }
            Shape::External { .. } | Shape::Unusable => {}
        }
        out.extend_from_slice(&[0, 0]);
    }

    fn encode_common(&self, out: &mut Vec<u8>) {
        out.push(1);
        if self.name.is_empty() {
            out.push(2);
        } else {
            out.push(1);
            put_bytes(out, self.name.as_bytes());
            out.push(1);
        }
        put_int(out, i64::from(self.id));
        out.push(0);
    }

    /// Reads a `wireType` struct value, as strictly as Go: an unknown member is an error (G229).
    pub(crate) fn decode(cursor: &mut Cursor<'_>) -> Result<Self> {
        let mut this = Self { name: String::new(), id: 0, shape: Shape::Unusable, is_ambiguous: false };
        each_field(cursor, 7, |number, cursor| {
            let shape = match number {
                0 => {
                    let (mut elem, mut len) = (0, 0);
                    each_field(cursor, 3, |number, cursor| match number {
                        0 => this.decode_common(cursor),
                        1 => take_id(cursor, "Elem", &mut elem),
                        _ => cursor.take_int().map(|value| len = value),
                    })?;
                    Shape::Array { elem, len }
                }
                1 => {
                    let mut elem = 0;
                    each_field(cursor, 2, |number, cursor| match number {
                        0 => this.decode_common(cursor),
                        _ => take_id(cursor, "Elem", &mut elem),
                    })?;
                    Shape::Slice { elem }
                }
                2 => {
                    let mut fields = Vec::new();
                    each_field(cursor, 2, |number, cursor| match number {
                        0 => this.decode_common(cursor),
                        _ => decode_fields(cursor, &mut fields),
                    })?;
                    Shape::Struct { fields }
                }
                3 => {
                    let (mut key, mut elem) = (0, 0);
                    each_field(cursor, 3, |number, cursor| match number {
                        0 => this.decode_common(cursor),
                        1 => take_id(cursor, "Key", &mut key),
                        _ => take_id(cursor, "Elem", &mut elem),
                    })?;
                    Shape::Map { key, elem }
                }
                _ => {
                    each_field(cursor, 1, |_, cursor| this.decode_common(cursor))?;
                    Shape::External { member: number + 1 }
                }
            };
            // With several members set, Go's decoder looks at arrays first, externals last (G228).
            if this.shape == Shape::Unusable {
                this.shape = shape;
            } else {
                this.is_ambiguous |= matches!(shape, Shape::External { .. });
            }
            Ok(())
        })?;
        Ok(this)
    }

    fn decode_common(&mut self, cursor: &mut Cursor<'_>) -> Result<()> {
        each_field(cursor, 2, |number, cursor| match number {
            0 => take_string(cursor).map(|name| self.name = name),
            _ => take_id(cursor, "Id", &mut self.id),
        })
    }
}

fn put_int_field(out: &mut Vec<u8>, value: TypeId) {
    out.push(1);
    put_int(out, i64::from(value));
}

/// Walks the fields of a struct of `count` fields that is present in the input.
fn each_field<'de>(
    cursor: &mut Cursor<'de>,
    count: u8,
    mut field: impl FnMut(u8, &mut Cursor<'de>) -> Result<()>,
) -> Result<()> {
    let mut next = 0_u64;
    loop {
        // A struct may also end with its message (G216).
        if cursor.is_empty() {
            return Ok(());
        }
        let delta = cursor.take_uint()?;
        if delta == 0 {
            return Ok(());
        }
        next = next.saturating_add(delta);
        if next > u64::from(count) {
            return Err(cursor.error(Kind::FieldOutOfBounds));
        }
        field((next - 1) as u8, cursor)?;
    }
}

fn decode_fields(cursor: &mut Cursor<'_>, fields: &mut Vec<WireField>) -> Result<()> {
    let count = cursor.take_uint()?;
    // As much as is needed and no more, since a table of types lives as long as its connection; but not what is only
    // said.
    fields.reserve_exact(count.min(16) as usize);
    for _ in 0..count {
        if cursor.is_empty() {
            return Err(cursor.error(Kind::TooManyElements(count)));
        }
        let mut field = WireField { name: String::new(), id: 0 };
        each_field(cursor, 2, |number, cursor| match number {
            0 => take_string(cursor).map(|name| field.name = name),
            _ => take_id(cursor, "Id", &mut field.id),
        })?;
        fields.push(field);
    }
    Ok(())
}

/// Names serve only error texts and matching, so one that is not UTF-8 may be read loosely.
fn take_string(cursor: &mut Cursor<'_>) -> Result<String> {
    let bytes = cursor.take_bytes(|_| Kind::StringTooLong)?;
    Ok(String::from_utf8_lossy(bytes).into_owned())
}

/// Reads an id in a definition. Unlike one that a message begins with (G21), it is not cut to 32 bits.
fn take_id(cursor: &mut Cursor<'_>, field: &str, id: &mut TypeId) -> Result<()> {
    let value = cursor.take_int()?;
    *id = TypeId::try_from(value).map_err(|_| cursor.error(Kind::OutOfRange { name: field.to_owned() }))?;
    Ok(())
}
