//! The one error of the codec: what went wrong, in which field, at which byte.

use std::{fmt, io};

/// The result of a gob operation.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error of encoding or decoding.
///
/// It is one word long. [`kind`](Self::kind) says what happened, in Go's words where Go has some; [`path`](Self::path)
/// and [`offset`](Self::offset) say where.
pub struct Error(Box<Inner>);

struct Inner {
    kind: Kind,
    /// Innermost first: it grows on the way out.
    path: Vec<Segment>,
    offset: Option<u64>,
}

enum Segment {
    Field(&'static str),
    Index(usize),
    Key,
    Value,
}

// A larger error makes every `Result` on the hot path larger.
const _: () = assert!(size_of::<Error>() == size_of::<usize>());

/// What went wrong. The text is Go's own where Go has one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Kind {
    /// The reader or writer failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The stream ended inside a message or between a definition and its value (G180).
    #[error("unexpected EOF")]
    UnexpectedEof,
    /// The stream ended before a value that had to be there.
    #[error("EOF")]
    Eof,
    /// A message of length zero, which Go takes for the end of the stream (G20).
    #[error("gob: message of length zero")]
    EmptyMessage,

    /// An unsigned integer that announces more than eight bytes (G2).
    #[error("gob: encoded unsigned integer out of range")]
    UintOutOfRange,
    /// An integer that is cut by the end of its message (G2).
    #[error("gob: invalid uint data length {len}: exceeds input size {have}")]
    UintTooLong {
        /// The bytes it announces.
        len: u64,
        /// The bytes that are there.
        have: usize,
    },
    /// A message ended where a value had to begin; Go reports it as plain EOF (G218).
    #[error("EOF")]
    MissingValue,
    /// A message longer than Go allows (G13).
    #[error("invalid message length")]
    InvalidLength,
    /// Bytes after a definition (G18).
    #[error("extra data in buffer")]
    ExtraData,
    /// A top-level value that is not a struct does not begin with a zero (G17).
    #[error("gob: decode: corrupted data: non-zero delta for singleton")]
    NonZeroDelta,
    /// A field number beyond the last field (G203).
    #[error("gob: bad data: field numbers out of bounds")]
    FieldOutOfBounds,
    /// A field number that went backwards (G203).
    #[error("gob: decode: corrupted data: negative delta")]
    NegativeDelta,
    /// A string longer than what is left (G217).
    #[error("gob: bad string slice length: 0")]
    StringTooLong,
    /// A byte slice longer than what is left (G217).
    #[error("gob: bad []uint8 slice length: 0")]
    BytesTooLong,
    /// Counted bytes, being skipped, longer than what is left (G217).
    #[error("gob: slice length too large")]
    SkippedTooLong,
    /// The payload of a type that encodes itself is longer than what is left (G147).
    #[error("gob: GobDecoder: length too large for buffer")]
    PayloadTooLong,
    /// More elements announced than there are (G219).
    #[error("gob: decoding array or slice: length exceeds input size ({0} elements)")]
    TooManyElements(u64),
    /// An array whose value has another length than its type (G222).
    #[error("gob: length mismatch in decodeArray")]
    ArrayLength,
    /// The name of an interface's type is longer than what is left (G134).
    #[error("gob: invalid type name length {0}: exceeds input size")]
    TypeNameLength(u64),
    /// The name of an interface's type is longer than 1024 bytes (G115).
    #[error("gob: name too long ({0} bytes)")]
    TypeNameTooLong(usize),

    /// A type id defined twice, or below the first user id (G49).
    #[error("gob: duplicate type received")]
    DuplicateType,
    /// A value of a type that was never defined (G192, G227).
    #[error("gob: unknown type id or corrupted data")]
    UnknownTypeId,
    /// An undefined type in something that is skipped (G195, G227).
    #[error("gob: bad data: undefined type <nil>")]
    UndefinedType,
    /// A definition from which no value can be read (G228).
    #[error("gob: bad data: ignore can't handle type <nil>")]
    UnusableType,
    /// A received field without a name (G201).
    #[error("gob: empty name for remote field of type {0}")]
    EmptyFieldName(String),

    /// The received type does not fit the local one (G190).
    #[error("gob: decoding into local type *{local}, received remote type {remote}")]
    WrongType {
        /// The local type as Go spells it.
        local: String,
        /// The name of the received type.
        remote: String,
    },
    /// An interface was wanted and a concrete type came (G190).
    #[error(
        "gob: local interface type *{local} can only be decoded from remote interface type; received concrete type {remote}"
    )]
    WantInterface {
        /// The local type as Go spells it.
        local: String,
        /// The name of the received type.
        remote: String,
    },
    /// An interface holds a type that the local one does not list (G131).
    #[error("gob: name not registered for interface: {0:?}")]
    NotRegistered(String),
    /// A value was asked for that is not the one in the interface: what Go's `x.(T)` panics with.
    #[error("interface conversion: interface {{}} is {held}, not {wanted}")]
    WrongInterface {
        /// The name of the type that is in there.
        held: String,
        /// The name of the type that was asked for.
        wanted: String,
    },
    /// A value is put into an interface whose type has no registered name (G120). A [`Registry`](super::Registry) gives
    /// it one.
    #[error("gob: type not registered for interface: {0}")]
    TypeNotRegistered(String),
    /// A name or a type is registered twice (G114).
    #[error("{0}")]
    Registration(String),
    /// An interface holds nothing, and the local type is not an `Option`.
    #[error("gob: nil interface for {0}; use `Option<…>` for an interface that may be nil")]
    NilInterface(String),
    /// A number or string that is none of the constants of the local type.
    #[error("gob: {value} is no constant of {ty}")]
    UnknownConstant {
        /// The value that was received.
        value: String,
        /// The local type.
        ty: String,
    },
    /// A struct was wanted and something else came (G192).
    #[error("gob: type mismatch in decoder: want struct type {0}; got non-struct")]
    WantStruct(String),
    /// The received field does not fit the local one (G193).
    #[error("gob: wrong type ({local}) for received field {remote}.{field}")]
    WrongFieldType {
        /// The type of the local field as Go spells it.
        local: String,
        /// The name of the received struct.
        remote: String,
        /// The name of the field.
        field: String,
    },
    /// Two structs without a field in common (G198).
    #[error("gob: type mismatch: no fields matched compiling decoder for {0}")]
    NoFieldsMatched(String),
    /// A number that the local type cannot hold (G214).
    #[error("value for \"{name}\" out of range")]
    OutOfRange {
        /// The field, or the Go type at top level.
        name: String,
    },
    /// A Go string that is not UTF-8, for a Rust string.
    #[error("gob: Go string is not UTF-8")]
    NotUtf8,

    /// A nil pointer where gob has no nil: an element, or the whole value (G79, G81).
    #[error("gob: cannot encode nil pointer of type {0}")]
    NilPointer(String),
    /// A struct whose fields cannot be sent (G66).
    #[error("gob: type {0} has no exported fields")]
    NoExportedFields(String),
    /// serde gave something else than the Go type says: a hand-written `Serialize`, or a wrong `Gob`.
    #[error("gob: the Go type is {expected}, but Serialize gave {found}")]
    SchemaMismatch {
        /// The Go type.
        expected: String,
        /// What serde called.
        found: String,
    },
    /// serde gave a field that the Go type does not have.
    #[error("gob: Go type {ty} has no field for serde's \"{key}\"")]
    UnknownKey {
        /// The Go struct.
        ty: String,
        /// The key serde gave.
        key: String,
    },

    /// The value is longer than [`Limits::message`](super::Limits::message).
    #[error("gob: value of more than {0} bytes")]
    TooBig(u64),
    /// The value nests deeper than [`Limits::depth`](super::Limits::depth).
    #[error("gob: value nests deeper than {0} levels")]
    TooDeep(usize),
    /// The stream defines more types than [`Limits::types`](super::Limits::types).
    #[error("gob: stream defines more than {0} types")]
    TooManyTypes(usize),
    /// The definitions of the stream are longer, all in all, than [`Limits::message`](super::Limits::message).
    #[error("gob: stream defines types in more than {0} bytes")]
    TooBigTypes(u64),

    /// An error of the value's own `Serialize` or `Deserialize`, in its own words (G142).
    #[error("{0}")]
    Custom(String),
}

/// The families of errors, for callers that only need to know what to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Category {
    /// The reader or writer failed.
    Io,
    /// The stream ended too early.
    Eof,
    /// The bytes are not a gob stream.
    Syntax,
    /// The types of the two sides do not fit.
    Type,
    /// The types fit and the value does not.
    Data,
    /// A limit was reached.
    Limit,
}

impl Error {
    #[cold]
    pub(crate) fn new(kind: Kind) -> Self {
        Self(Box::new(Inner { kind, path: Vec::new(), offset: None }))
    }

    /// What went wrong. Its text is Go's where Go has one.
    pub fn kind(&self) -> &Kind {
        &self.0.kind
    }

    /// The offset in the stream, in bytes, at which it was noticed.
    pub fn offset(&self) -> Option<u64> {
        self.0.offset
    }

    /// The way to the field, `Address.Lines[2]`; empty at top level.
    pub fn path(&self) -> String {
        let mut path = String::new();
        for segment in self.0.path.iter().rev() {
            match segment {
                Segment::Field(name) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(name);
                }
                Segment::Index(index) => path.push_str(&format!("[{index}]")),
                Segment::Key => path.push_str("[key]"),
                Segment::Value => path.push_str("[value]"),
            }
        }
        path
    }

    /// The family of the error.
    pub fn classify(&self) -> Category {
        match self.kind() {
            Kind::Io(_) => Category::Io,
            Kind::UnexpectedEof | Kind::Eof | Kind::MissingValue => Category::Eof,
            Kind::EmptyMessage
            | Kind::UintOutOfRange
            | Kind::UintTooLong { .. }
            | Kind::InvalidLength
            | Kind::ExtraData
            | Kind::NonZeroDelta
            | Kind::FieldOutOfBounds
            | Kind::NegativeDelta
            | Kind::StringTooLong
            | Kind::BytesTooLong
            | Kind::SkippedTooLong
            | Kind::PayloadTooLong
            | Kind::TooManyElements(_)
            | Kind::ArrayLength
            | Kind::TypeNameLength(_)
            | Kind::TypeNameTooLong(_)
            | Kind::DuplicateType
            | Kind::UnknownTypeId
            | Kind::UndefinedType
            | Kind::UnusableType
            | Kind::EmptyFieldName(_) => Category::Syntax,
            Kind::WrongType { .. }
            | Kind::WantInterface { .. }
            | Kind::WantStruct(_)
            | Kind::WrongFieldType { .. }
            | Kind::NoFieldsMatched(_)
            | Kind::NoExportedFields(_)
            | Kind::SchemaMismatch { .. }
            | Kind::UnknownKey { .. } => Category::Type,
            Kind::OutOfRange { .. }
            | Kind::NotRegistered(_)
            | Kind::WrongInterface { .. }
            | Kind::TypeNotRegistered(_)
            | Kind::Registration(_)
            | Kind::NilInterface(_)
            | Kind::UnknownConstant { .. }
            | Kind::NotUtf8
            | Kind::NilPointer(_)
            | Kind::Custom(_) => Category::Data,
            Kind::TooBig(_) | Kind::TooDeep(_) | Kind::TooManyTypes(_) | Kind::TooBigTypes(_) => Category::Limit,
        }
    }

    /// Notes the offset, unless a more precise one is known.
    pub(crate) fn at(mut self, offset: u64) -> Self {
        self.0.offset.get_or_insert(offset);
        self
    }

    /// Forgets the offset, which is that of no stream that the caller knows.
    #[cold]
    pub(crate) fn nowhere(mut self) -> Self {
        self.0.offset = None;
        self
    }

    #[cold]
    pub(crate) fn in_field(mut self, name: &'static str) -> Self {
        if let Kind::OutOfRange { name: known } = &mut self.0.kind
            && known.is_empty()
        {
            *known = element_of(&self.0.path, name);
        }
        self.0.path.push(Segment::Field(name));
        self
    }

    #[cold]
    pub(crate) fn in_element(mut self, index: usize) -> Self {
        self.0.path.push(Segment::Index(index));
        self
    }

    /// In the value of a map entry.
    #[cold]
    pub(crate) fn in_value(mut self) -> Self {
        self.0.path.push(Segment::Value);
        self
    }

    /// Names the Go type in a range error at top level (G215).
    #[cold]
    pub(crate) fn named(mut self, ty: &super::ty::Type) -> Self {
        if let Kind::OutOfRange { name } = &mut self.0.kind
            && name.is_empty()
        {
            *name = element_of(&self.0.path, &format!("*{ty}"));
        }
        self
    }

    #[cold]
    pub(crate) fn in_key(mut self) -> Self {
        self.0.path.push(Segment::Key);
        self
    }
}

/// How Go names what is out of range: after the innermost field, or the type at top level, with a word for each level
/// of elements below. A number right in a map goes by the map's own name (G215).
fn element_of(path: &[Segment], name: &str) -> String {
    let levels = path.len() - usize::from(matches!(path.first(), Some(Segment::Key | Segment::Value)));
    format!("{}{name}", "element of ".repeat(levels))
}

impl From<Kind> for Error {
    fn from(kind: Kind) -> Self {
        Self::new(kind)
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::new(Kind::Io(error))
    }
}

/// Go's text, then where: `gob: Go string is not UTF-8 (Person.Name at byte 47)`.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.kind)?;
        match (self.path(), self.0.offset) {
            (path, None) if path.is_empty() => Ok(()),
            (path, None) => write!(f, " ({path})"),
            (path, Some(offset)) if path.is_empty() => write!(f, " (at byte {offset})"),
            (path, Some(offset)) => write!(f, " ({path} at byte {offset})"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("path", &self.path())
            .field("offset", &self.0.offset)
            .finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.kind {
            Kind::Io(error) => Some(error),
            _ => None,
        }
    }
}

impl serde::ser::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(Kind::Custom(message.to_string()))
    }
}

impl serde::de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(Kind::Custom(message.to_string()))
    }
}
