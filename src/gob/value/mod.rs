//! `Value`: a gob value whose type is known only from the stream.

#[cfg(any(feature = "jsonrpc", feature = "msgpack"))]
mod any;
mod change;
mod convert;
pub(in crate::gob) mod decode;
mod display;
pub(in crate::gob) mod encode;
mod eq;
mod from;
pub(crate) mod handoff;
mod text;

#[cfg(any(feature = "jsonrpc", feature = "msgpack"))]
pub(crate) use self::any::{any_map, any_slice};
pub use self::convert::{from_value, to_value, to_value_as};
pub use self::text::ByteString;
use super::stream::table::TypeTable;
use super::stream::types::StreamType;
use super::stream::wiretype::Shape;
use super::ty::Type;

/// Any gob value, with the type that the stream gave it.
///
/// It holds exactly what was sent: strings even if they are not UTF-8, only those fields that were sent, interfaces
/// with the names of their types, and types that encode themselves as their bytes. Encoding it on a fresh stream gives
/// the same bytes again.
///
/// [`Struct::set`], [`Sequence::set_items`], [`Map::set_entries`] and [`Interface::set_value`] change a value, and refuse
/// what is not of the type that the stream has for that place.
///
/// Two values are equal if their contents are, whatever their types are called. Floats are compared by their bits, and
/// the entries of maps in any order, so a value can be the key of a map, as in Go's `map[interface{}]interface{}`. A
/// scalar becomes in an interface what Go makes of a constant (`int`, `uint`, `float64`, `string`, …), and is equal to
/// itself in an interface. [`Registry::wrap`](super::Registry::wrap) makes values of other types, such as a `main.Key`:
///
/// ```
/// use std::collections::HashMap;
///
/// use gobrpc::gob::{Value, from_slice, to_vec};
///
/// # #[allow(clippy::mutable_key_type)]
/// # fn main() -> Result<(), gobrpc::gob::Error> {
/// let session = HashMap::from([(Value::from("user"), Value::from(7_u32))]);
/// let mut session: HashMap<Value, Value> = from_slice(&to_vec(&session)?)?;
/// assert_eq!(session[&Value::from("user")].as_u64(), Some(7));
/// session.insert(Value::from("user"), Value::from(8_u32));
/// assert_eq!(session.len(), 1);
/// # Ok(())
/// # }
/// ```
///
/// (Where clippy reports `mutable_key_type`, it is wrong: what a value is equal to never changes.)
///
/// ```
/// use gobrpc::gob::{Decoder, Encoder, Value, to_vec};
///
/// let bytes = to_vec(&vec!["a", "b"])?;
/// let value = Decoder::new(&bytes[..]).decode_value()?.expect("a value");
/// assert_eq!(value.to_string(), r#"["a", "b"]"#);
///
/// let mut encoder = Encoder::new(Vec::new());
/// encoder.encode_value(&value)?;
/// assert_eq!(encoder.into_inner(), bytes);
/// # Ok::<(), gobrpc::gob::Error>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Value {
    /// `bool`
    Bool(bool),
    /// Any signed integer.
    Int(i64),
    /// Any unsigned integer.
    Uint(u64),
    /// `float32` or `float64`
    Float(f64),
    /// `complex64` or `complex128`: the real and the imaginary part.
    Complex(f64, f64),
    /// A string, UTF-8 or not.
    String(ByteString),
    /// `[]byte`
    Bytes(Vec<u8>),
    /// A slice.
    Slice(Sequence),
    /// An array.
    Array(Sequence),
    /// A map.
    Map(Map),
    /// A struct.
    Struct(Struct),
    /// An interface, which may be nil.
    Interface(Option<Box<Interface>>),
    /// A type that encodes itself.
    Opaque(Blob),
}

/// The type of a value in an interface.
#[derive(Debug, Clone)]
pub(crate) enum TypeOf {
    /// As a stream told it.
    Stream(StreamType),
    /// As Rust knows it.
    Static(&'static Type),
}

/// The elements of a slice or an array.
#[derive(Debug, Clone)]
pub struct Sequence {
    pub(crate) ty: StreamType,
    pub(crate) items: Vec<Value>,
}

impl Sequence {
    /// The Go name of the type; empty for most.
    pub fn type_name(&self) -> String {
        self.ty.name()
    }

    /// The elements.
    pub fn items(&self) -> &[Value] {
        &self.items
    }

    /// The elements, to keep.
    pub fn into_items(self) -> Vec<Value> {
        self.items
    }
}

/// The entries of a map, in the order they came in.
#[derive(Debug, Clone)]
pub struct Map {
    pub(crate) ty: StreamType,
    pub(crate) entries: Vec<(Value, Value)>,
}

impl Map {
    /// The Go name of the type; empty for most.
    pub fn type_name(&self) -> String {
        self.ty.name()
    }

    /// The type, as its stream described it.
    pub const fn stream_type(&self) -> &StreamType {
        &self.ty
    }

    /// The entries.
    pub fn entries(&self) -> &[(Value, Value)] {
        &self.entries
    }

    /// The element of a key that is a string.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries.iter().find(|(known, _)| known.as_str() == Some(key)).map(|(_, value)| value)
    }

    /// The entries, to keep.
    pub fn into_entries(self) -> Vec<(Value, Value)> {
        self.entries
    }
}

/// The fields of a struct that were sent; the others are zero.
#[derive(Debug, Clone)]
pub struct Struct {
    pub(crate) ty: StreamType,
    /// By number on the wire, ascending.
    pub(crate) fields: Vec<(usize, Value)>,
}

impl Struct {
    /// The Go name of the type; empty if it has none, or was first met where Go forgets it (G55).
    pub fn type_name(&self) -> String {
        self.ty.name()
    }

    /// The type, as its stream described it.
    pub const fn stream_type(&self) -> &StreamType {
        &self.ty
    }

    /// The fields that were sent, each with its index among all fields of the type, in that order.
    pub fn numbered_fields(&self) -> &[(usize, Value)] {
        &self.fields
    }

    /// The names of all fields of the type, present or not, in Go's order.
    pub fn names(&self) -> Vec<String> {
        match self.ty.get().as_deref().map(|ty| &ty.shape) {
            Some(Shape::Struct { fields }) => fields.iter().map(|field| field.name.clone()).collect(),
            _ => Vec::new(),
        }
    }

    /// The value of a field, if it came.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let number = self.names().iter().position(|known| known == name)?;
        self.fields.iter().find(|(known, _)| *known == number).map(|(_, value)| value)
    }

    /// The fields that were sent, with their names.
    pub fn fields(&self) -> Vec<(String, &Value)> {
        let names = self.names();
        self.fields.iter().filter_map(|(number, value)| names.get(*number).map(|name| (name.clone(), value))).collect()
    }
}

/// What an interface holds.
#[derive(Debug, Clone)]
pub struct Interface {
    pub(crate) name: ByteString,
    /// The type of the value, which a scalar does not carry.
    pub(crate) ty: TypeOf,
    pub(crate) value: Value,
}

impl Interface {
    /// The name under which Go registered the concrete type.
    pub fn name(&self) -> &ByteString {
        &self.name
    }

    /// The value.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The type of the value, as its stream described it. A value that was put into an interface here has none.
    pub fn stream_type(&self) -> Option<StreamType> {
        match &self.ty {
            TypeOf::Stream(ty) => Some(ty.clone()),
            TypeOf::Static(_) => None,
        }
    }

    /// The value, to keep.
    pub fn into_value(self) -> Value {
        self.value
    }
}

/// What a type that encodes itself made of its value.
#[derive(Debug, Clone)]
pub struct Blob {
    pub(crate) ty: StreamType,
    pub(crate) payload: Vec<u8>,
}

impl Blob {
    /// The Go name of the type.
    pub fn type_name(&self) -> String {
        self.ty.name()
    }

    /// The type, as its stream described it.
    pub const fn stream_type(&self) -> &StreamType {
        &self.ty
    }

    /// The bytes.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }
}

/// A nil interface: Go's zero `interface{}`.
impl Default for Value {
    fn default() -> Self {
        Self::Interface(None)
    }
}

impl Value {
    /// The boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self.content() {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The integer, if it is a signed one.
    pub fn as_i64(&self) -> Option<i64> {
        match self.content() {
            Self::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// The integer, if it is an unsigned one.
    pub fn as_u64(&self) -> Option<u64> {
        match self.content() {
            Self::Uint(value) => Some(*value),
            _ => None,
        }
    }

    /// The number, if it is a float.
    pub fn as_f64(&self) -> Option<f64> {
        match self.content() {
            Self::Float(value) => Some(*value),
            _ => None,
        }
    }

    /// The string, if it is one and UTF-8.
    pub fn as_str(&self) -> Option<&str> {
        match self.content() {
            Self::String(value) => value.as_str(),
            _ => None,
        }
    }

    /// The bytes of a byte slice or a string.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self.content() {
            Self::Bytes(value) => Some(value),
            Self::String(value) => Some(value.as_bytes()),
            _ => None,
        }
    }

    /// A field of a struct, or the element of a map under a string.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self.content() {
            Self::Struct(value) => value.get(name),
            Self::Map(value) => value.get(name),
            _ => None,
        }
    }

    /// The type, as the stream described it.
    pub fn stream_type(&self) -> StreamType {
        self.type_id().unwrap_or_else(|id| StreamType { table: TypeTable::default(), id })
    }

    /// What errors call the type, which may have no name.
    pub(in crate::gob) fn type_text(&self) -> String {
        let name = self.stream_type().name();
        let kind = match self {
            _ if !name.is_empty() => return name,
            Self::Slice(_) => "a slice",
            Self::Array(_) => "an array",
            Self::Map(_) => "a map",
            Self::Opaque(_) => "a type that encodes itself",
            _ => "a struct",
        };
        format!("{kind} without a name")
    }

    /// Whether it is a nil interface.
    pub fn is_nil(&self) -> bool {
        matches!(self, Self::Interface(None))
    }

    /// The value in an interface, under the name by which Go knows its type from the start (G113). As an argument, it is
    /// what a Go method takes whose parameter is an `any`: a value at top level goes as what it is, and not as an
    /// interface.
    ///
    /// # Errors
    /// The value itself if its type has no such name: a composite one, or a nil interface.
    pub fn into_interface(self) -> Result<Self, Self> {
        match (self.basic_name(), self.type_id()) {
            (Some(name), Err(id)) => {
                let ty = TypeOf::Stream(StreamType { table: TypeTable::default(), id });
                Ok(Self::Interface(Some(Box::new(Interface { name: name.into(), ty, value: self }))))
            }
            _ => Err(self),
        }
    }

    /// The name by which Go knows the type from the start, if it does (G113).
    pub(in crate::gob) const fn basic_name(&self) -> Option<&'static str> {
        Some(match self {
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Uint(_) => "uint",
            Self::Float(_) => "float64",
            Self::Complex(..) => "complex128",
            Self::String(_) => "string",
            Self::Bytes(_) => "[]uint8",
            _ => return None,
        })
    }

    /// The value by itself if it is in an interface under the name that it gets there anyway.
    fn without_basic(&self) -> &Self {
        match self {
            Self::Interface(Some(interface))
                if interface.value.basic_name().is_some_and(|name| interface.name.as_bytes() == name.as_bytes()) =>
            {
                &interface.value
            }
            _ => self,
        }
    }

    /// What is inside, however many interfaces are around it.
    fn content(&self) -> &Self {
        let mut value = self;
        while let Self::Interface(Some(interface)) = value {
            value = &interface.value;
        }
        value
    }
}
