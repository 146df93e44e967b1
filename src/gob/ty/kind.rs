//! `Kind`: what a Go type is at bottom, and which numbers it holds.

/// The kind of a Go type, with its width: `reflect.Kind`, plus the two that gob treats apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// `bool`
    Bool,
    /// `int`
    Int,
    /// `int8`
    Int8,
    /// `int16`
    Int16,
    /// `int32`
    Int32,
    /// `int64`
    Int64,
    /// `uint`
    Uint,
    /// `uint8`
    Uint8,
    /// `uint16`
    Uint16,
    /// `uint32`
    Uint32,
    /// `uint64`
    Uint64,
    /// `float32`
    Float32,
    /// `float64`
    Float64,
    /// `complex64`
    Complex64,
    /// `complex128`
    Complex128,
    /// `string`
    String,
    /// `[]byte`: any slice whose element kind is `uint8` (G96).
    Bytes,
    /// `[]T`
    Slice,
    /// `[N]T`
    Array,
    /// `map[K]V`
    Map,
    /// `struct{…}`
    Struct,
    /// `*T`
    Pointer,
    /// `interface{…}`: one of several types, named on the wire.
    Interface,
    /// A type that encodes itself: Go's `GobEncoder`, `BinaryMarshaler`.
    Opaque,
}

impl Kind {
    /// The smallest and largest value of a signed integer kind.
    pub(crate) const fn int_range(self) -> Option<(i64, i64)> {
        match self {
            Self::Int | Self::Int64 => Some((i64::MIN, i64::MAX)),
            Self::Int8 => Some((i8::MIN as i64, i8::MAX as i64)),
            Self::Int16 => Some((i16::MIN as i64, i16::MAX as i64)),
            Self::Int32 => Some((i32::MIN as i64, i32::MAX as i64)),
            _ => None,
        }
    }

    /// The largest value of an unsigned integer kind.
    pub(crate) const fn uint_max(self) -> Option<u64> {
        match self {
            Self::Uint | Self::Uint64 => Some(u64::MAX),
            Self::Uint8 => Some(u8::MAX as u64),
            Self::Uint16 => Some(u16::MAX as u64),
            Self::Uint32 => Some(u32::MAX as u64),
            _ => None,
        }
    }

    /// Whether a float is in the range of this kind, before it is rounded. Infinities are (G214).
    #[inline]
    pub(crate) const fn has_float(self, value: f64) -> bool {
        !matches!(self, Self::Float32) || !value.is_finite() || value.abs() <= f32::MAX as f64
    }

    pub(crate) const fn is_integer(self) -> bool {
        self.int_range().is_some() || self.uint_max().is_some()
    }

    /// Whether a value of this kind can be nil without being a pointer.
    pub(crate) const fn is_nilable(self) -> bool {
        matches!(self, Self::Bytes | Self::Slice | Self::Map | Self::Interface)
    }

    /// The predeclared Go identifier of a basic kind.
    pub(crate) const fn basic_name(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Int8 => "int8",
            Self::Int16 => "int16",
            Self::Int32 => "int32",
            Self::Int64 => "int64",
            Self::Uint => "uint",
            Self::Uint8 => "uint8",
            Self::Uint16 => "uint16",
            Self::Uint32 => "uint32",
            Self::Uint64 => "uint64",
            Self::Float32 => "float32",
            Self::Float64 => "float64",
            Self::Complex64 => "complex64",
            Self::Complex128 => "complex128",
            Self::String => "string",
            Self::Bytes
            | Self::Slice
            | Self::Array
            | Self::Map
            | Self::Struct
            | Self::Pointer
            | Self::Interface
            | Self::Opaque => "",
        }
    }
}
