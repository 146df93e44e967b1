//! MessagePack as `github.com/hashicorp/net-rpc-msgpackrpc` speaks it (R154).

mod scan;
mod sink;
mod source;

use bytes::{Bytes, BytesMut};
use serde::de::DeserializeOwned;

use self::scan::Scanner;
use self::sink::MsgpackSink;
use self::source::MsgpackSource;
use super::typed::{self, de, ser};
use super::{ClientCodec, ServerCodec};
use crate::gob::ty::Type;
use crate::gob::{self, ErrorKind, Gob, Limits};
use crate::rpc::error::Result;
use crate::rpc::message::{Request, Response};
use crate::rpc::payload::{Body, Decode, Encoded, Payload};

/// The codec of `github.com/hashicorp/net-rpc-msgpackrpc`, for either side of a connection: headers and bodies in turn,
/// each of them a MessagePack value.
///
/// ```no_run
/// # async fn run() -> Result<(), gobrpc::rpc::Error> {
/// use gobrpc::rpc::{Client, codec::MsgpackCodec};
///
/// let client = Client::builder().connect_with_codec("localhost:1234", MsgpackCodec::new()).await?;
/// let echo: String = client.call("Echo.Say", &"hello").await?;
/// # Ok(())
/// # }
/// ```
///
/// # How values look
///
/// As `go-msgpack` writes them by default: a struct is a map, sorted by the serde names of its fields; strings and
/// `[]byte` share the old raw format, without `str8` and `bin`, which are understood when they are read; signed
/// integers have signed formats. A type that encodes itself is sent as its bytes. Complex numbers are errors. The value
/// in an interface is sent without its type, so a closed interface cannot be read back. Extensions, and the format of
/// `go-msgpack` for a `time.Time`, are not understood.
///
/// # Where it differs from Go
///
/// * Arguments or a reply that cannot be encoded are an error of their call; in Go they end the connection.
/// * The letters of field names match in either case.
#[derive(Debug)]
pub struct MsgpackCodec {
    limits: Limits,
    scanner: Scanner,
    /// A header whose body has not come yet.
    header: Option<Bytes>,
}

impl Default for MsgpackCodec {
    fn default() -> Self {
        Self::new()
    }
}

impl MsgpackCodec {
    /// The codec of a new connection.
    pub fn new() -> Self {
        Self::with_limits(Limits::default())
    }

    /// The codec of a new connection.
    pub fn with_limits(limits: Limits) -> Self {
        Self { limits, scanner: Scanner::default(), header: None }
    }

    /// Appends header and body, or nothing.
    fn write(&self, header: &dyn Payload, body: &dyn Payload, out: &mut Vec<u8>) -> Result<()> {
        Ok(ser::append(out, |out| {
            let mut sink = MsgpackSink(out);
            ser::write(&mut sink, self.limits, header)?;
            ser::write(&mut sink, self.limits, body)
        })?)
    }

    fn read<H: Gob + DeserializeOwned>(&mut self, input: &mut BytesMut, eof: bool) -> Result<Option<(H, Body)>> {
        loop {
            let Some(value) = self.value(input)? else {
                return match self.header.take() {
                    // R45: a header without its body still gets an answer.
                    Some(header) if eof => {
                        let kind = if input.is_empty() { ErrorKind::Eof } else { ErrorKind::UnexpectedEof };
                        Ok(Some((self.body(header).decode()?, Body::failed(kind.into()))))
                    }
                    header => {
                        self.header = header;
                        Ok(None)
                    }
                };
            };
            match self.header.take() {
                Some(header) => return Ok(Some((self.body(header).decode()?, self.body(value)))),
                None => self.header = Some(value),
            }
        }
    }

    /// Takes the next value from the front of `input`.
    fn value(&mut self, input: &mut BytesMut) -> Result<Option<Bytes>> {
        let found = self.scanner.scan(input)?;
        Ok(typed::take(input, found, self.limits)?)
    }

    fn body(&self, value: Bytes) -> Body {
        Body::new(MsgpackBody { value, limits: self.limits })
    }
}

impl ServerCodec for MsgpackCodec {
    fn read_request(&mut self, input: &mut BytesMut, eof: bool) -> Result<Option<(Request, Body)>> {
        self.read(input, eof)
    }

    fn write_response(&mut self, response: &Response, reply: &dyn Payload, out: &mut Vec<u8>) -> Result<()> {
        self.write(response, reply, out)
    }
}

impl ClientCodec for MsgpackCodec {
    fn write_request(&mut self, request: &Request, args: &dyn Payload, out: &mut Vec<u8>) -> Result<()> {
        self.write(request, args, out)
    }

    fn read_response(&mut self, input: &mut BytesMut, eof: bool) -> Result<Option<(Response, Body)>> {
        self.read(input, eof)
    }
}

/// A value that was received.
struct MsgpackBody {
    value: Bytes,
    limits: Limits,
}

impl Encoded for MsgpackBody {
    fn decode(self: Box<Self>, ty: &'static Type, decode: &mut Decode<'_>) -> gob::Result<()> {
        de::read(MsgpackSource::new(&self.value), self.limits, ty, decode)
    }
}
