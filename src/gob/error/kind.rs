//! `Kind`: what can go wrong, in Go's words where Go has some.

use std::io;

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
    /// A value is put into an interface whose type has no registered name (G120). A [`Registry`](crate::gob::Registry)
    /// gives it one.
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
    /// What was to become a part of a dynamic value has another type than that part.
    #[error("gob: {place} takes {wanted}, not {given}")]
    WrongPart {
        /// The part: `User.Name`, or `an element of []string`.
        place: String,
        /// The type that the stream has for it.
        wanted: String,
        /// The type of what was given.
        given: String,
    },
    /// serde gave a field that the Go type does not have.
    #[error("gob: Go type {ty} has no field for serde's \"{key}\"")]
    UnknownKey {
        /// The Go struct.
        ty: String,
        /// The key serde gave.
        key: String,
    },

    /// The value is longer than [`Limits::message`](crate::gob::Limits::message).
    #[error("gob: value of more than {0} bytes")]
    TooBig(u64),
    /// The value nests deeper than [`Limits::depth`](crate::gob::Limits::depth).
    #[error("gob: value nests deeper than {0} levels")]
    TooDeep(usize),
    /// The stream defines more types than [`Limits::types`](crate::gob::Limits::types).
    #[error("gob: stream defines more than {0} types")]
    TooManyTypes(usize),
    /// The definitions of the stream are longer, all in all, than [`Limits::message`](crate::gob::Limits::message).
    #[error("gob: stream defines types in more than {0} bytes")]
    TooBigTypes(u64),

    /// An error of the value's own `Serialize` or `Deserialize`, in its own words (G142).
    #[error("{0}")]
    Custom(String),
}
