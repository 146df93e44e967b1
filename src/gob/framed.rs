//! Streams and sinks of values over asynchronous readers and writers.

use std::fmt;
use std::marker::PhantomData;

use bytes::{Buf, BufMut, BytesMut};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::codec::{Decoder, Encoder, FramedRead, FramedWrite};

use super::de::Context;
use super::error::{Error, Kind, Result};
use super::limits::Limits;
use super::schema::Gob;
use super::session::Session;
use super::stream::frame::{Payload, Poll, Receiver};

/// The values of an asynchronous reader, as a `futures::Stream`. With `T = Value` they may be of any type.
///
/// After an error it ends, as streams do; asked again, it goes on with the next message.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), gobrpc::gob::Error> {
/// use futures::{SinkExt, StreamExt};
/// use gobrpc::gob::framed;
///
/// let (near, far) = tokio::io::duplex(64);
/// let mut numbers = framed::sink(near);
/// numbers.send(&[1_i64, 2][..]).await?;
/// numbers.send("three").await?;
/// drop(numbers);
///
/// let mut values = framed::stream::<gobrpc::gob::Value, _>(far);
/// assert_eq!(values.next().await.expect("a value")?.to_string(), "[1, 2]");
/// assert_eq!(values.next().await.expect("a value")?.as_str(), Some("three"));
/// assert!(values.next().await.is_none());
/// # Ok(())
/// # }
/// ```
pub fn stream<T: Gob + DeserializeOwned, R: AsyncRead>(reader: R) -> FramedRead<R, GobDecoder<T>> {
    FramedRead::new(reader, GobDecoder::new())
}

/// A `futures::Sink` that writes values of any types to an asynchronous writer.
pub fn sink<W: AsyncWrite>(writer: W) -> FramedWrite<W, GobEncoder> {
    FramedWrite::new(writer, GobEncoder::new())
}

/// Reads values of one type in a [`tokio_util::codec`].
pub struct GobDecoder<T> {
    receiver: Receiver,
    context: Context,
    target: PhantomData<fn() -> T>,
}

impl<T> GobDecoder<T> {
    /// A decoder of a new stream.
    pub fn new() -> Self {
        Self::with_limits(Limits::default())
    }

    /// A decoder with other limits.
    pub fn with_limits(limits: Limits) -> Self {
        let receiver = Receiver::new(limits);
        let context = Context::new(receiver.types().clone(), limits);
        Self { receiver, context, target: PhantomData }
    }
}

impl<T> Default for GobDecoder<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> fmt::Debug for GobDecoder<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GobDecoder").field("offset", &self.receiver.offset()).finish_non_exhaustive()
    }
}

impl<T: Gob + DeserializeOwned> Decoder for GobDecoder<T> {
    type Item = T;
    type Error = Error;

    fn decode(&mut self, src: &mut BytesMut) -> Result<Option<T>> {
        while let Poll::Message(len, found) = self.receiver.poll(src)? {
            // The message is passed whatever is wrong in it.
            let message = src.split_to(len);
            if let Some(found) = found? {
                let payload = match &found.payload {
                    Payload::InPlace(range) => &message[range.clone()],
                    Payload::Joined(bytes) => bytes,
                };
                return self.context.decode(found.id, payload, found.offset).map(Some);
            }
        }
        if let Some(needed) = self.receiver.needed(src)? {
            // Memory grows with what arrives, not with what was announced.
            src.reserve(needed.saturating_sub(src.len()).min(src.len().max(4096)));
        }
        Ok(None)
    }

    fn decode_eof(&mut self, src: &mut BytesMut) -> Result<Option<T>> {
        let value = self.decode(src)?;
        if value.is_none() && !(src.is_empty() && self.receiver.is_between_values()) {
            let end = self.receiver.offset() + src.remaining() as u64;
            src.clear();
            return Err(Error::new(Kind::UnexpectedEof).at(end));
        }
        Ok(value)
    }
}

/// Writes values of any types in a [`tokio_util::codec`].
#[derive(Debug, Default)]
pub struct GobEncoder {
    session: Session,
    buffer: Vec<u8>,
}

impl GobEncoder {
    /// An encoder of a new stream.
    pub fn new() -> Self {
        Self::default()
    }

    /// An encoder with other limits.
    pub fn with_limits(limits: Limits) -> Self {
        Self { session: Session::with_limits(limits), buffer: Vec::new() }
    }
}

impl<T: Gob + Serialize> Encoder<T> for GobEncoder {
    type Error = Error;

    fn encode(&mut self, value: T, dst: &mut BytesMut) -> Result<()> {
        self.buffer.clear();
        self.session.encode(&value, &mut self.buffer)?;
        dst.put_slice(&self.buffer);
        Ok(())
    }
}
