//! `Decoder`: gob from a reader.

use std::io::{ErrorKind as IoErrorKind, Read};
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, DeserializeSeed};

use super::de::{Context, Recent};
use super::error::{Error, Kind, Result};
use super::limits::Limits;
use super::room::Room;
use super::schema::Gob;
use super::stream::frame::{Found, Payload, Poll, Receiver};
use super::stream::types::StreamType;
use super::ty::Type;
use super::value::Value;
use super::wire::MAX_UINT_LEN;

/// Reads values from a stream, as Go's `gob.Decoder`.
///
/// It reads exactly the messages it needs and never past a value, so what follows stays in the reader. A message takes
/// a few small reads and one large one: give it a [`BufReader`](std::io::BufReader) where reads are costly.
///
/// After an error in a value the next call goes on with the next message, as in Go (G185).
#[derive(Debug)]
pub struct Decoder<R> {
    reader: R,
    receiver: Receiver,
    context: Context,
    recent: Recent,
    buffer: Vec<u8>,
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
        Self { reader, receiver, context, recent: Recent::default(), buffer: Vec::new(), room: Room::default() }
    }

    /// Reads the next value; `None` at the end of the stream.
    ///
    /// # Errors
    /// [`Kind::UnexpectedEof`] when the stream ends inside a value, and all that [`from_slice`](super::from_slice)
    /// returns.
    pub fn decode<T: Gob + DeserializeOwned>(&mut self) -> Result<Option<T>> {
        self.decode_as(T::TYPE, PhantomData::<T>)
    }

    /// Reads the next value as one of a type that is known only at run time; `None` at the end of the stream. The seed
    /// must deserialize as a Rust type with that Go type does.
    ///
    /// # Errors
    /// As [`decode`](Self::decode).
    pub fn decode_as<S, V>(&mut self, ty: &'static Type, seed: S) -> Result<Option<V>>
    where
        S: for<'de> DeserializeSeed<'de, Value = V>,
    {
        let Some(found) = self.next_value()? else { return Ok(None) };
        let plan = self.context.recall(&mut self.recent, found.id, ty).map_err(|error| error.at(found.offset))?;
        let payload = payload(&self.buffer, &found);
        self.context.decode_by(plan, ty, seed, payload, found.offset).map(Some)
    }

    /// Reads the next value without knowing its type; `None` at the end of the stream.
    ///
    /// # Errors
    /// When the stream is broken.
    pub fn decode_value(&mut self) -> Result<Option<Value>> {
        let Some(found) = self.next_value()? else { return Ok(None) };
        self.context.decode_value(found.id, payload(&self.buffer, &found), found.offset).map(Some)
    }

    /// Reads over the next value; `false` at the end of the stream. Its definitions are kept.
    ///
    /// # Errors
    /// When the stream is broken.
    pub fn skip(&mut self) -> Result<bool> {
        let Some(found) = self.next_value()? else { return Ok(false) };
        self.context.skip(found.id, payload(&self.buffer, &found), found.offset)?;
        Ok(true)
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

    fn next_value(&mut self) -> Result<Option<Found>> {
        loop {
            if !self.read_message()? {
                return Ok(None);
            }
            match self.receiver.poll(&self.buffer)? {
                Poll::Message(_, found) => {
                    if let Some(found) = found? {
                        return Ok(Some(found));
                    }
                }
                Poll::Incomplete => return Err(self.unexpected_eof()),
            }
        }
    }

    /// Reads one message into the buffer; `false` when the stream ends before it.
    fn read_message(&mut self) -> Result<bool> {
        self.room.tidy(&mut self.buffer);
        // The first byte tells how long the length is, the length how long the message is.
        if !self.read_more(1)? {
            return if self.receiver.is_between_values() { Ok(false) } else { Err(self.unexpected_eof()) };
        }
        let prefix = usize::from(self.buffer[0].wrapping_neg());
        if self.buffer[0] > 0x7f && prefix < MAX_UINT_LEN && !self.read_more(prefix)? {
            return Err(self.unexpected_eof());
        }
        if let Some(needed) = self.receiver.needed(&self.buffer)?
            && !self.read_more(needed - self.buffer.len())?
        {
            return Err(self.unexpected_eof());
        }
        Ok(true)
    }

    /// Appends `count` bytes; `false` when the stream ends first. Memory grows with what arrives.
    #[inline]
    fn read_more(&mut self, count: usize) -> Result<bool> {
        /// Up to this, room is made before anything has arrived.
        const STEP: usize = 1 << 12;

        if count > STEP {
            return self.read_much(count);
        }
        let start = self.buffer.len();
        self.buffer.resize(start + count, 0);
        let mut done = 0;
        while done < count {
            match self.reader.read(&mut self.buffer[start + done..]) {
                Ok(0) => break,
                Ok(read) => done += read,
                Err(error) if error.kind() == IoErrorKind::Interrupted => {}
                Err(error) if error.kind() == IoErrorKind::UnexpectedEof => break,
                Err(error) => return Err(Error::from(error).at(self.receiver.offset())),
            }
        }
        self.buffer.truncate(start + done);
        Ok(done == count)
    }

    fn read_much(&mut self, count: usize) -> Result<bool> {
        match (&mut self.reader).take(count as u64).read_to_end(&mut self.buffer) {
            Ok(read) => Ok(read == count),
            Err(error) if error.kind() == IoErrorKind::UnexpectedEof => Ok(false),
            Err(error) => Err(Error::from(error).at(self.receiver.offset())),
        }
    }

    #[cold]
    fn unexpected_eof(&self) -> Error {
        Error::new(Kind::UnexpectedEof).at(self.receiver.offset() + self.buffer.len() as u64)
    }
}

fn payload<'a>(buffer: &'a [u8], found: &'a Found) -> &'a [u8] {
    match &found.payload {
        Payload::InPlace(range) => &buffer[range.clone()],
        Payload::Joined(bytes) => bytes,
    }
}
