//! Headers and bodies as values of two gob streams, one in each direction (R1–R6).

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

use bytes::{Buf, BytesMut};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{ClientCodec, ServerCodec};
use crate::gob::de::Context;
use crate::gob::stream::frame::{Found, Payload as Place, Poll, Receiver};
use crate::gob::{self, ErrorKind, Gob, Limits, Session};
use crate::rpc::error::{Error, Result};
use crate::rpc::message::{Request, Response};
use crate::rpc::payload::{Body, Octets, Payload};

/// The codec of net/rpc: `H` is the header that is received.
#[derive(Debug)]
pub struct GobCodec<H> {
    session: Session,
    receiver: Receiver,
    context: Arc<Context>,
    /// A header whose body has not come yet.
    header: Option<H>,
    /// What was wrong with a definition that belongs to that body.
    failed: Option<gob::Error>,
}

impl<H: Gob + DeserializeOwned> GobCodec<H> {
    /// The codec of a new connection.
    pub fn new(limits: Limits) -> Self {
        let receiver = Receiver::new(limits);
        let context = Arc::new(Context::new(receiver.types().clone(), limits));
        Self { session: Session::with_limits(limits), receiver, context, header: None, failed: None }
    }

    /// Appends header and body together or not at all, where Go leaves a lone header (R103).
    fn write<T: Gob + Serialize>(
        &mut self,
        header: &T,
        out: &mut Vec<u8>,
        body: impl FnOnce(&mut Session, &mut Vec<u8>) -> gob::Result<()>,
    ) -> Result<()> {
        let mark = self.session.mark(out);
        let result = catch_unwind(AssertUnwindSafe(|| {
            self.session.encode(header, out)?;
            body(&mut self.session, out)
        }));
        // A `Serialize` that panics must not leave half a value on a connection that others use.
        if !matches!(result, Ok(Ok(()))) {
            self.session.roll_back(mark, out);
        }
        Ok(result.unwrap_or_else(|panic| resume_unwind(panic))?)
    }

    fn read(&mut self, input: &mut BytesMut, eof: bool) -> Result<Option<(H, Body)>> {
        loop {
            let (len, found) = match self.receiver.poll(input) {
                Ok(Poll::Message(len, found)) => (len, found),
                Ok(Poll::Incomplete) if eof => return Ok(self.cut(input.is_empty())),
                Ok(Poll::Incomplete) => return Ok(None),
                // The stream is lost, but the call whose body this was can still be told why.
                Err(error) => {
                    return match self.header.take() {
                        Some(header) => Ok(Some((header, Body::failed(error)))),
                        None => Err(error.into()),
                    };
                }
            };
            match found {
                Ok(None) => input.advance(len),
                Ok(Some(found)) => match self.header.take() {
                    Some(header) => {
                        let body = self.body(found, input, len);
                        return Ok(Some((header, self.failed.take().map_or(body, Body::failed))));
                    }
                    None => {
                        let header = self.header(&found, input);
                        input.advance(len);
                        self.header = Some(header?);
                    }
                },
                Err(error) => {
                    input.advance(len);
                    // A bad definition is not the body yet; the value is still to come.
                    if self.header.is_some() && !self.receiver.is_between_values() {
                        self.failed.get_or_insert(error);
                        continue;
                    }
                    return match self.header.take() {
                        Some(header) => Ok(Some((header, Body::failed(self.failed.take().unwrap_or(error))))),
                        None => Err(error.into()),
                    };
                }
            }
        }
    }

    fn announced(&self, input: &[u8]) -> Option<usize> {
        self.receiver.needed(input).ok().flatten()
    }

    fn header(&self, found: &Found, input: &[u8]) -> gob::Result<H> {
        let bytes = match &found.payload {
            Place::InPlace(range) => &input[range.clone()],
            Place::Joined(bytes) => bytes,
        };
        self.context.decode(found.id, bytes, found.offset)
    }

    /// Takes the body, which is in the message at the front of the input, whose length is given.
    fn body(&self, found: Found, input: &mut BytesMut, len: usize) -> Body {
        let bytes = match found.payload {
            Place::InPlace(range) => match Octets::few(&input[range.clone()]) {
                Some(few) => {
                    input.advance(len);
                    few
                }
                None => {
                    // What stands alone keeps its buffer to itself, and gives it back when it is decoded.
                    if input.len() == len {
                        let is_alone = input.capacity() <= 2 * len;
                        let octets = std::mem::take(input).freeze().slice(range);
                        if is_alone { Octets::Alone(octets) } else { Octets::Many(octets) }
                    } else {
                        Octets::Many(input.split_to(len).freeze().slice(range))
                    }
                }
            },
            Place::Joined(bytes) => {
                input.advance(len);
                Octets::Many(bytes.into())
            }
        };
        Body::gob(found.id, bytes, found.offset, Arc::clone(&self.context))
    }

    /// The stream has ended: a header without its body still gets an answer (R45).
    fn cut(&mut self, empty: bool) -> Option<(H, Body)> {
        let header = self.header.take()?;
        let kind = if empty && self.receiver.is_between_values() { ErrorKind::Eof } else { ErrorKind::UnexpectedEof };
        Some((header, Body::failed(kind.into())))
    }
}

impl ClientCodec for GobCodec<Response> {
    fn write_request(&mut self, request: &Request, args: &dyn Payload, out: &mut Vec<u8>) -> Result<()> {
        self.write(request, out, |session, out| args.encode_gob(session, out))
    }

    fn read_response(&mut self, input: &mut BytesMut, eof: bool) -> Result<Option<(Response, Body)>> {
        self.read(input, eof)
    }

    fn announced(&self, input: &[u8]) -> Option<usize> {
        self.announced(input)
    }
}

impl ServerCodec for GobCodec<Request> {
    fn read_request(&mut self, input: &mut BytesMut, eof: bool) -> Result<Option<(Request, Body)>> {
        self.read(input, eof)
    }

    fn announced(&self, input: &[u8]) -> Option<usize> {
        self.announced(input)
    }

    fn write_response(&mut self, response: &Response, reply: &dyn Payload, out: &mut Vec<u8>) -> Result<()> {
        self.write(response, out, |session, out| reply.encode_gob_reply(session, out))
    }

    fn explain(&self, error: &Error) -> String {
        match error {
            Error::Codec(error) => format!("rpc: gob error encoding body: {}", error.kind()),
            error => error.to_string(),
        }
    }
}
