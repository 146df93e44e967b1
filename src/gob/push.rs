//! `PushDecoder`: the decoder for bytes that are pushed to it.

use std::fmt;

use serde::de::DeserializeOwned;

use super::de::Context;
use super::error::{Error, Kind, Result};
use super::limits::Limits;
use super::schema::Gob;
use super::stream::frame::{Found, Payload, Poll, Receiver};
use super::value::Value;

/// A decoder without I/O: give it the stream in pieces of any size, and take values as they become complete.
///
/// ```
/// use gobrpc::gob::{PushDecoder, to_vec};
///
/// let bytes = to_vec(&vec![1_i64, 2, 3])?;
/// let mut decoder = PushDecoder::new();
/// let (last, most) = bytes.split_last().unwrap();
/// decoder.push(most);
/// assert_eq!(decoder.decode::<Vec<i64>>()?, None);
/// decoder.push(&[*last]);
/// assert_eq!(decoder.decode::<Vec<i64>>()?, Some(vec![1, 2, 3]));
/// decoder.finish()?;
/// # Ok::<(), gobrpc::gob::Error>(())
/// ```
pub struct PushDecoder {
    receiver: Receiver,
    context: Context,
    buffer: Vec<u8>,
    /// How much of the buffer has been read.
    read: usize,
}

impl PushDecoder {
    /// A decoder of a new stream.
    pub fn new() -> Self {
        Self::with_limits(Limits::default())
    }

    /// A decoder with other limits.
    pub fn with_limits(limits: Limits) -> Self {
        let receiver = Receiver::new(limits);
        let context = Context::new(receiver.types().clone(), limits);
        Self { receiver, context, buffer: Vec::new(), read: 0 }
    }

    /// Takes the next piece of the stream.
    pub fn push(&mut self, bytes: &[u8]) {
        // What has been read goes when it is most of the buffer, so that each byte moves once on average.
        if self.read > self.buffer.len() / 2 {
            self.buffer.drain(..self.read);
            self.read = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// The next value; `None` while it is not complete.
    ///
    /// # Errors
    /// As [`Decoder::decode`](super::Decoder::decode). After an error in a value the next call goes on with the next
    /// message.
    pub fn decode<T: Gob + DeserializeOwned>(&mut self) -> Result<Option<T>> {
        let Some((start, found)) = self.next_value()? else { return Ok(None) };
        self.context.decode(found.id, self.payload(start, &found), found.offset).map(Some)
    }

    /// The next value, whatever its type; `None` while it is not complete.
    ///
    /// # Errors
    /// When the stream is broken.
    pub fn decode_value(&mut self) -> Result<Option<Value>> {
        let Some((start, found)) = self.next_value()? else { return Ok(None) };
        self.context.decode_value(found.id, self.payload(start, &found), found.offset).map(Some)
    }

    /// Tells the decoder that the stream has ended.
    ///
    /// # Errors
    /// [`Kind::UnexpectedEof`] if it ended inside a value.
    pub fn finish(&self) -> Result<()> {
        if self.read == self.buffer.len() && self.receiver.is_between_values() {
            return Ok(());
        }
        let end = self.receiver.offset() + (self.buffer.len() - self.read) as u64;
        Err(Error::new(Kind::UnexpectedEof).at(end))
    }

    fn next_value(&mut self) -> Result<Option<(usize, Found)>> {
        loop {
            let start = self.read;
            match self.receiver.poll(&self.buffer[start..])? {
                Poll::Incomplete => return Ok(None),
                Poll::Message(len, found) => {
                    self.read += len;
                    if let Some(found) = found? {
                        return Ok(Some((start, found)));
                    }
                }
            }
        }
    }

    /// The bytes of a value in a message that begins at `start` of the buffer.
    fn payload<'a>(&'a self, start: usize, found: &'a Found) -> &'a [u8] {
        match &found.payload {
            Payload::InPlace(range) => &self.buffer[start + range.start..start + range.end],
            Payload::Joined(bytes) => bytes,
        }
    }
}

impl Default for PushDecoder {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for PushDecoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let buffered = self.buffer.len() - self.read;
        f.debug_struct("PushDecoder")
            .field("offset", &self.receiver.offset())
            .field("buffered", &buffered)
            .finish_non_exhaustive()
    }
}
