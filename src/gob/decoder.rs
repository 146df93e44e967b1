//! `Decoder`: gob from a reader.

use std::fmt;
use std::io::{self, ErrorKind, Read};

use serde::de::{DeserializeOwned, DeserializeSeed};

use super::de::content::Content;
use super::de::plan::Plan;
use super::de::{Context, Recent};
use super::error::{Error, Kind, Result};
use super::limits::Limits;
use super::room::Room;
use super::schema::Gob;
use super::stream::frame::{Found, Payload, Receiver};
use super::stream::types::StreamType;
use super::stream::wiretype::TypeId;
use super::ty::Type;
use super::value::Value;
use super::wire::MAX_UINT_LEN;

/// Up to this, room for a message is made before it has arrived.
const LARGE: usize = 1 << 14;

/// Reads values from a stream, as Go's `gob.Decoder`.
///
/// It reads exactly the messages it needs and never past a value, so what follows stays in the reader. A message takes
/// a few small reads and one large one: give it a [`BufReader`](std::io::BufReader) where reads are costly.
///
/// After an error in a value the next call goes on with the next message, as in Go (G185).
///
/// ```no_run
/// use std::fs::File;
/// use std::io::BufReader;
///
/// use gobrpc::gob::Decoder;
///
/// let mut decoder = Decoder::new(BufReader::new(File::open("names.gob")?));
/// while let Some(name) = decoder.decode::<String>()? {
///     println!("{name}");
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Decoder<R> {
    reader: R,
    receiver: Receiver,
    context: Context,
    recent: Recent,
    /// Holds the last message, or the value that it completed, in its first `len` bytes. The rest has no meaning, and
    /// need not be cleared again.
    buffer: Vec<u8>,
    len: usize,
    room: Room,
}

impl<R: Read> Decoder<R> {
    /// A decoder of a new stream.
    pub fn new(reader: R) -> Self {
        Self::with_limits(reader, Limits::default())
    }

    /// A decoder with other limits.
    pub fn with_limits(reader: R, limits: Limits) -> Self {
        let receiver = Receiver::new(limits);
        let context = Context::new(receiver.types().clone(), limits);
        Self { reader, receiver, context, recent: Recent::default(), buffer: Vec::new(), len: 0, room: Room::default() }
    }

    /// Reads the next value; `None` at the end of the stream.
    ///
    /// # Errors
    /// [`Kind::UnexpectedEof`] when the stream ends inside a value, and all that [`from_slice`](super::from_slice)
    /// returns.
    #[inline]
    pub fn decode<T: Gob + DeserializeOwned>(&mut self) -> Result<Option<T>> {
        match self.next_value()? {
            Some(next) => self.decode_next(next).map(Some),
            None => Ok(None),
        }
    }

    /// Kept apart from [`decode`](Self::decode), which is inlined, so that the value goes straight to where the caller
    /// wants it.
    fn decode_next<T: Gob + DeserializeOwned>(&mut self, next: Next) -> Result<T> {
        let plan = next.plan(&self.context, &mut self.recent, T::TYPE)?;
        match next {
            Next::Value { start, offset, .. } => self.context.decode_by(plan, &self.buffer[start..self.len], offset),
            Next::Content(content) => content.decode(&self.context, plan),
        }
    }

    /// Reads the next value as one of a type that is known only at run time; `None` at the end of the stream. The seed
    /// must deserialize in the same way as a Rust type with that Go type.
    ///
    /// # Errors
    /// As [`decode`](Self::decode).
    pub fn decode_as<S, V>(&mut self, ty: &'static Type, seed: S) -> Result<Option<V>>
    where
        S: for<'de> DeserializeSeed<'de, Value = V>,
    {
        let Some(next) = self.next_value()? else { return Ok(None) };
        let plan = next.plan(&self.context, &mut self.recent, ty)?;
        match next {
            Next::Value { start, offset, .. } => {
                self.context.decode_by_seed(plan, ty, seed, &self.buffer[start..self.len], offset).map(Some)
            }
            Next::Content(content) => content.decode_by_seed(&self.context, plan, ty, seed).map(Some),
        }
    }

    /// Reads the next value without knowing its type; `None` at the end of the stream.
    ///
    /// # Errors
    /// When the stream is broken.
    pub fn decode_value(&mut self) -> Result<Option<Value>> {
        match self.next_value()? {
            Some(Next::Value { id, start, offset }) => {
                self.context.decode_value(id, &self.buffer[start..self.len], offset).map(Some)
            }
            Some(Next::Content(content)) => Ok(Some(content.into_value())),
            None => Ok(None),
        }
    }

    /// Reads over the next value; `false` at the end of the stream. Its definitions are kept.
    ///
    /// # Errors
    /// When the stream is broken.
    pub fn skip(&mut self) -> Result<bool> {
        match self.next_value()? {
            Some(Next::Value { id, start, offset }) => {
                self.context.skip(id, &self.buffer[start..self.len], offset)?;
                Ok(true)
            }
            Some(Next::Content(_)) => Ok(true),
            None => Ok(false),
        }
    }

    /// The types the stream has defined so far, in that order.
    pub fn types(&self) -> Vec<StreamType> {
        self.receiver.types().list()
    }

    /// How many bytes of the stream have been read.
    pub fn offset(&self) -> u64 {
        self.receiver.offset()
    }

    /// The reader, at the first byte that was not needed.
    pub fn into_inner(self) -> R {
        self.reader
    }

    fn next_value(&mut self) -> Result<Option<Next>> {
        loop {
            self.room.tidy(&mut self.buffer, self.len);
            let Some((prefix, len)) = self.read_length()? else { return Ok(None) };
            self.len = len;
            if len <= LARGE {
                self.read_small(prefix)?;
            } else if let Some(content) = self.read_large(prefix)? {
                return Ok(Some(Next::Content(content)));
            }
            if let Some(Found { id, offset, payload }) = self.receiver.take(&self.buffer[..self.len], prefix)? {
                let start = match payload {
                    Payload::InPlace(range) => range.start,
                    Payload::Joined(bytes) => self.replace(bytes),
                };
                return Ok(Some(Next::Value { id, start, offset }));
            }
        }
    }

    /// Puts a value that was joined from several messages where the last of them is. Returns where it begins.
    #[cold]
    fn replace(&mut self, joined: Vec<u8>) -> usize {
        self.len = joined.len();
        match self.buffer.get_mut(..joined.len()) {
            Some(place) => place.copy_from_slice(&joined),
            None => self.buffer = joined,
        }
        0
    }

    /// Reads the length of the next message, and says how many bytes it took; `None` when the stream ends before it.
    #[inline]
    fn read_length(&mut self) -> Result<Option<(usize, usize)>> {
        let mut head = [0; MAX_UINT_LEN];
        // The first byte tells how long the length is.
        if read_some(&mut self.reader, &mut head[..1]).map_err(|error| self.failed(error))? == 0 {
            let clean = self.receiver.is_between_values();
            return if clean { Ok(None) } else { Err(self.unexpected_eof(0)) };
        }
        if head[0] <= 0x7f {
            return Ok(Some((1, self.receiver.allow(head[0].into())?)));
        }
        let mut prefix = 1;
        if usize::from(head[0].wrapping_neg()) < MAX_UINT_LEN {
            prefix += usize::from(head[0].wrapping_neg());
            let read = read_some(&mut self.reader, &mut head[1..prefix]).map_err(|error| self.failed(error))?;
            if read < prefix - 1 {
                return Err(self.unexpected_eof(1 + read));
            }
        }
        Ok(self.receiver.needed(&head[..prefix])?.map(|needed| (prefix, needed - prefix)))
    }

    /// Reads a message for which room can be made before it has arrived.
    #[inline]
    fn read_small(&mut self, prefix: usize) -> Result<()> {
        if self.buffer.len() < self.len {
            self.buffer.resize(self.len, 0);
        }
        let read = read_some(&mut self.reader, &mut self.buffer[..self.len]).map_err(|error| self.failed(error))?;
        if read == self.len { Ok(()) } else { Err(self.unexpected_eof(prefix + read)) }
    }

    /// Reads a large message, or its content, if it is nothing else.
    fn read_large(&mut self, prefix: usize) -> Result<Option<Content>> {
        self.buffer.clear();
        if let Some(content) = self.read_content(prefix)? {
            return Ok(Some(content));
        }
        let mut buffer = std::mem::take(&mut self.buffer);
        let result = self.read_much(self.len - buffer.len(), &mut buffer);
        self.buffer = buffer;
        if result? { Ok(None) } else { Err(self.unexpected_eof(prefix + self.buffer.len())) }
    }

    /// Reads a large byte slice or string where it is going to stay. If the message is something else, its first bytes
    /// are in the buffer then.
    fn read_content(&mut self, prefix: usize) -> Result<Option<Content>> {
        /// The id, a zero, and the count of a large content.
        const HEADS: std::ops::RangeInclusive<usize> = 5..=7;

        let len = self.len;
        for head in HEADS {
            let start = self.buffer.len();
            self.buffer.resize(head, 0);
            let read = read_some(&mut self.reader, &mut self.buffer[start..]).map_err(|error| self.failed(error))?;
            if read < head - start {
                return Err(self.unexpected_eof(prefix + start + read));
            }
            if let Some(id) = self.receiver.content(&self.buffer, len) {
                let mut bytes = Vec::new();
                if !self.read_much(len - head, &mut bytes)? {
                    return Err(self.unexpected_eof(prefix + head + bytes.len()));
                }
                let offset = self.receiver.offset() + prefix as u64 + 1;
                self.receiver.take_content((prefix + len) as u64);
                return Ok(Some(Content { id, offset, bytes }));
            }
        }
        Ok(None)
    }

    /// Appends `count` bytes to `to`, which grows with what arrives; `false` when the stream ends first.
    fn read_much(&mut self, count: usize, to: &mut Vec<u8>) -> Result<bool> {
        /// Room that is not written to costs nothing.
        const RESERVED: usize = 1 << 20;

        to.reserve(count.min(RESERVED));
        match (&mut self.reader).take(count as u64).read_to_end(to) {
            Ok(read) => Ok(read == count),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
            Err(error) => Err(self.failed(error)),
        }
    }

    /// The reader failed.
    #[cold]
    fn failed(&self, error: io::Error) -> Error {
        Error::from(error).at(self.receiver.offset())
    }

    /// The stream ended in a message of which this many bytes have been read.
    #[cold]
    fn unexpected_eof(&self, read: usize) -> Error {
        Error::new(Kind::UnexpectedEof).at(self.receiver.offset() + read as u64)
    }
}

/// Reads until `place` is full or the stream ends, and returns how much it has read.
#[inline]
fn read_some(reader: &mut impl Read, place: &mut [u8]) -> io::Result<usize> {
    let mut done = 0;
    while done < place.len() {
        match reader.read(&mut place[done..]) {
            Ok(0) => break,
            Ok(read) => done += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => break,
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

/// What comes next in a stream.
enum Next {
    /// A value, which is in the buffer from `start` on.
    Value { id: TypeId, start: usize, offset: u64 },
    /// A value that has been read where it stays.
    Content(Content),
}

impl Next {
    /// How it is decoded.
    #[inline]
    fn plan<'r>(&self, context: &Context, recent: &'r mut Recent, ty: &'static Type) -> Result<&'r Plan> {
        let (id, offset) = match self {
            Self::Value { id, offset, .. } => (*id, *offset),
            Self::Content(content) => (content.id, content.offset),
        };
        context.recall(recent, id, ty).map_err(|error| error.at(offset))
    }
}

impl<R: fmt::Debug> fmt::Debug for Decoder<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoder")
            .field("reader", &self.reader)
            .field("offset", &self.receiver.offset())
            .finish_non_exhaustive()
    }
}
