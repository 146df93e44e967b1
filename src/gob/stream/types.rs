//! `StreamType`: a type as a stream describes it, to be looked at.

use std::fmt;
use std::sync::Arc;

use super::table::TypeTable;
use super::wiretype::{Shape, TypeId, WireType, builtin, say_the_same};

/// A type of a stream: what the stream says about a Go type, which is less than Go knows.
///
/// [`Decoder::types`](crate::gob::Decoder::types) lists those of a stream,
/// [`Value::stream_type`](crate::gob::Value::stream_type) is that of a value. Two of one stream are equal if they have
/// the same id.
///
/// ```
/// use gobrpc::gob::{Decoder, StreamShape, to_vec};
///
/// let bytes = to_vec(&vec!["a", "b"])?;
/// let value = Decoder::new(&bytes[..]).decode_value()?.expect("a value");
/// let StreamShape::Slice(elem) = value.stream_type().shape() else { panic!("a slice") };
/// assert_eq!(elem.shape(), StreamShape::String);
/// # Ok::<(), gobrpc::gob::Error>(())
/// ```
#[derive(Clone)]
pub struct StreamType {
    pub(crate) table: TypeTable,
    pub(crate) id: TypeId,
}

/// What a type of a stream is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StreamShape {
    /// `bool`
    Bool,
    /// Any signed integer.
    Int,
    /// Any unsigned integer.
    Uint,
    /// `float32` or `float64`
    Float,
    /// `complex64` or `complex128`
    Complex,
    /// `string`
    String,
    /// `[]byte`
    Bytes,
    /// An interface.
    Interface,
    /// A slice of these.
    Slice(StreamType),
    /// An array of these, and its length.
    Array(StreamType, usize),
    /// A map: its keys and its elements.
    Map(StreamType, StreamType),
    /// A struct. A field of struct or array type that did not come with a value was a nil pointer.
    Struct(Vec<StreamField>),
    /// A type that encodes itself.
    Opaque(StreamMarshaler),
    /// A type that was not defined, or from whose definition nothing can be read (G228).
    Unknown,
}

/// A field of a struct of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamField {
    name: String,
    ty: StreamType,
}

/// The Go interface by which a type of a stream encodes itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StreamMarshaler {
    /// `gob.GobEncoder`
    Gob,
    /// `encoding.BinaryMarshaler`
    Binary,
    /// `encoding.TextMarshaler`, of which Go sends none since Go 1.2 (G138).
    Text,
}

impl StreamType {
    pub(crate) fn get(&self) -> Option<Arc<WireType>> {
        self.table.get(self.id)
    }

    /// Whether values of both have the same bytes, whatever the types are called.
    pub(crate) fn fits(&self, other: &Self) -> bool {
        self == other
            || say_the_same(self.id, other.id, |a, b| self.table.get(a)?.shape.pair_parts(&other.table.get(b)?.shape))
    }

    /// The id of the type on its stream. Those below 16 need no definition.
    pub const fn id(&self) -> i32 {
        self.id
    }

    /// The name the sender gave it: that of a declared type, without its package; the printed form or nothing for
    /// others; what Go calls those that need no definition.
    pub fn name(&self) -> String {
        self.table.name(self.id)
    }

    /// What it is made of.
    pub fn shape(&self) -> StreamShape {
        let to = |id: &TypeId| Self { table: self.table.clone(), id: *id };
        match self.id {
            builtin::BOOL => StreamShape::Bool,
            builtin::INT => StreamShape::Int,
            builtin::UINT => StreamShape::Uint,
            builtin::FLOAT => StreamShape::Float,
            builtin::BYTES => StreamShape::Bytes,
            builtin::STRING => StreamShape::String,
            builtin::COMPLEX => StreamShape::Complex,
            builtin::INTERFACE => StreamShape::Interface,
            _ => match self.get().as_deref().map(|ty| &ty.shape) {
                Some(Shape::Slice { elem }) => StreamShape::Slice(to(elem)),
                Some(Shape::Array { elem, len }) => StreamShape::Array(to(elem), usize::try_from(*len).unwrap_or(0)),
                Some(Shape::Map { key, elem }) => StreamShape::Map(to(key), to(elem)),
                Some(Shape::Struct { fields }) => {
                    let fields = fields.iter().map(|field| StreamField { name: field.name.clone(), ty: to(&field.id) });
                    StreamShape::Struct(fields.collect())
                }
                Some(Shape::External { member: 5 }) => StreamShape::Opaque(StreamMarshaler::Gob),
                Some(Shape::External { member: 6 }) => StreamShape::Opaque(StreamMarshaler::Binary),
                Some(Shape::External { .. }) => StreamShape::Opaque(StreamMarshaler::Text),
                Some(Shape::Unusable) | None => StreamShape::Unknown,
            },
        }
    }
}

impl StreamField {
    /// The Go name of the field.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The type of the field.
    pub const fn ty(&self) -> &StreamType {
        &self.ty
    }
}

impl TypeTable {
    /// All types that were defined, in the order in which they came.
    pub(crate) fn list(&self) -> Vec<StreamType> {
        self.order().into_iter().map(|id| StreamType { table: self.clone(), id }).collect()
    }
}

impl PartialEq for StreamType {
    fn eq(&self, other: &Self) -> bool {
        let builtin = |id: TypeId| (builtin::BOOL..=builtin::INTERFACE).contains(&id);
        self.id == other.id && (builtin(self.id) || self.table.is(&other.table))
    }
}

impl Eq for StreamType {}

impl fmt::Debug for StreamType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.id, self.name())
    }
}
