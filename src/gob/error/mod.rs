//! The one error of the codec: what went wrong, in which field, at which byte.

mod kind;

use std::{fmt, io};

pub use self::kind::Kind;

/// The result of a gob operation.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error of encoding or decoding.
///
/// It is one word long. [`kind`](Self::kind) says what happened, in Go's words where Go has some; [`path`](Self::path)
/// and [`offset`](Self::offset) say where.
///
/// ```
/// use gobrpc::gob::{self, Category, ErrorKind};
///
/// let bytes = gob::to_vec(&vec![1_i64, 300])?;
/// let error = gob::from_slice::<Vec<i8>>(&bytes).unwrap_err();
/// assert!(matches!(error.kind(), ErrorKind::OutOfRange { .. }));
/// assert_eq!((error.classify(), &*error.path()), (Category::Data, "[1]"));
/// # Ok::<(), gob::Error>(())
/// ```
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
            | Kind::WrongPart { .. }
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

/// The text has that of an I/O error in it, which is therefore not its own source: the [kind](Error::kind) has it.
impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.kind {
            Kind::Io(error) => error.source(),
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
