//! [`inspect`]: what every byte of a stream means.

mod definition;
mod input;
mod value;

use std::io::Read;
use std::ops::Range;

use self::input::Input;
use super::error::{Error, Kind, Result};
use super::limits::Limits;
use super::stream::table::TypeTable;
use super::stream::walk::take_id;
use super::wire::Cursor;

/// Some bytes of a stream, and what they mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Note<'a> {
    /// Where in the stream the bytes begin.
    pub offset: u64,
    /// The bytes. All notes of a stream, one after the other, have all of its bytes.
    pub bytes: &'a [u8],
    /// How deep within a message, a definition or a value they are.
    pub depth: usize,
    /// What they mean.
    pub meaning: &'a str,
}

/// Goes through a stream and gives `note` every byte of it with its meaning: lengths of messages, definitions of types
/// member by member, values field by field. Never more than a message is kept.
///
/// ```
/// let bytes = gobrpc::gob::to_vec("hello")?;
/// let mut lines = Vec::new();
/// gobrpc::gob::inspect(&bytes[..], Default::default(), |note| {
///     lines.push(format!("{} {:02x?} {}", note.offset, note.bytes, note.meaning));
///     Ok(())
/// })?;
/// assert_eq!(lines[0], "0 [08] message of 8 bytes");
/// assert_eq!(lines[1], "1 [0c] value of type 6, string");
/// assert_eq!(lines[3], "3 [05, 68, 65, 6c, 6c, 6f] \"hello\"");
/// # Ok::<(), gobrpc::gob::Error>(())
/// ```
///
/// # Errors
/// When the stream is broken, after notes on all that could be read; and the first error of `note`.
pub fn inspect(reader: impl Read, limits: Limits, note: impl FnMut(&Note<'_>) -> std::io::Result<()>) -> Result<()> {
    let types = TypeTable::default();
    let mut walker = Walker { input: Input::new(reader, limits), types, limits, note, depth: 0, expects_value: false };
    while walker.message()? {}
    Ok(())
}

/// Goes through a stream, one message after the other.
struct Walker<R, N> {
    input: Input<R>,
    types: TypeTable,
    limits: Limits,
    note: N,
    depth: usize,
    /// Whether definitions came since the last value.
    expects_value: bool,
}

impl<R: Read, N: FnMut(&Note<'_>) -> std::io::Result<()>> Walker<R, N> {
    /// A definition, or a value with all of its messages. `false` at the end of the stream.
    fn message(&mut self) -> Result<bool> {
        if !self.next_message()? {
            return if self.expects_value { Err(self.input.unexpected_eof()) } else { Ok(false) };
        }
        let (id, bytes) = self.take(take_id)?;
        if id < 0 {
            self.expects_value = true;
            self.say(bytes, &format!("definition of type {}", id.wrapping_neg()))?;
            self.deeper(|this| this.definition(id))?;
            if !self.input.is_empty() {
                return Err(self.error(Kind::ExtraData));
            }
            return Ok(true);
        }
        self.expects_value = false;
        self.say(bytes, &format!("value of type {id}, {}", self.describe(id)))?;
        self.deeper(|this| this.top_value(id))?;
        // As in decoding, what follows a value in its message does not count.
        let left = self.input.left();
        if !left.is_empty() {
            self.say(left, "not a part of the value")?;
        }
        if self.input.is_cut() { Err(self.input.unexpected_eof()) } else { Ok(true) }
    }

    /// Reads a message, and tells how long it is. `false` when the stream ends before it.
    fn next_message(&mut self) -> Result<bool> {
        if !self.input.next_message()? {
            return Ok(false);
        }
        let (len, bytes) = self.uint()?;
        self.say(bytes, &format!("message of {len} bytes"))?;
        if len == 0 {
            return Err(self.error(Kind::EmptyMessage));
        }
        Ok(true)
    }

    /// Reads something of the message at hand, and gives its place too.
    fn take<T>(&mut self, read: impl FnOnce(&mut Cursor<'_>) -> Result<T>) -> Result<(T, Range<usize>)> {
        self.input.take(read)
    }

    fn uint(&mut self) -> Result<(u64, Range<usize>)> {
        self.take(|cursor| cursor.take_uint())
    }

    fn int(&mut self) -> Result<(i64, Range<usize>)> {
        self.take(|cursor| cursor.take_int())
    }

    fn say(&mut self, bytes: Range<usize>, meaning: &str) -> Result<()> {
        let offset = self.input.offset_of(bytes.start);
        let note = Note { offset, bytes: self.input.bytes(bytes), depth: self.depth, meaning };
        (self.note)(&note).map_err(Error::from)
    }

    fn deeper<T>(&mut self, walk: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth > self.limits.depth {
            return Err(self.error(Kind::TooDeep(self.limits.depth)));
        }
        self.depth += 1;
        let result = walk(self);
        self.depth -= 1;
        result
    }

    #[cold]
    fn error(&self, kind: Kind) -> Error {
        Error::new(kind).at(self.input.offset_of(self.input.pos()))
    }
}
