//! JSON-RPC 1.0 as Go's `net/rpc/jsonrpc` speaks it (R107–R125).

mod message;
mod scan;
mod sink;
mod source;
mod text;

use std::collections::HashMap;

use bytes::{Buf, Bytes, BytesMut};

use self::message::{cannot, members, printed, string};
use self::scan::Scanner;
use self::sink::JsonSink;
use self::source::JsonSource;
use super::typed::de::{self, Source, Token};
use super::typed::{self, ser};
use super::{ClientCodec, ServerCodec};
use crate::gob::ty::{Kind, Type};
use crate::gob::{self, ErrorKind, Limits};
use crate::rpc::error::Result;
use crate::rpc::message::{Request, Response};
use crate::rpc::payload::{Body, Decode, Encoded, Payload};

/// The codec of Go's `net/rpc/jsonrpc`, for either side of a connection.
///
/// Each message is a JSON object; any white space may stand between them. A field is written under its serde name,
/// which `#[serde(rename)]` sets as a `json` tag does in Go. When read, it is also found under its Go name, and letters
/// match in either case.
///
/// ```
/// use bytes::BytesMut;
/// use gobrpc::rpc::codec::JsonCodec;
/// use gobrpc::rpc::proto::ServerConn;
///
/// let mut server = ServerConn::new(JsonCodec::new());
/// server.handle_input(&mut BytesMut::from(r#"{"method":"Echo.Say","params":["hello"],"id":7}"#));
/// let (request, body) = server.poll_request().expect("a request");
/// let text: String = body.decode()?;
/// server.respond(request, Ok(&text));
/// assert_eq!(server.poll_transmit().unwrap(), b"{\"id\":7,\"result\":\"hello\",\"error\":null}\n");
/// # Ok::<(), gobrpc::gob::Error>(())
/// ```
///
/// # How values look
///
/// As `encoding/json` would write them: `[]byte` is base64, maps are sorted by their keys, `<`, `>` and `&` are
/// escaped, and invalid UTF-8 is replaced. An empty `Vec` is `[]`, like an empty Go slice that is not nil. Complex
/// numbers, infinities and NaN are errors. The value in an interface is written without its type, so a closed interface
/// cannot be read back, and a [`Value`](gob::Value) is read as Go fills an `interface{}`. A type that encodes itself
/// has the form that serde gives it in human-readable formats, or base64 if that form is bytes.
///
/// # Where it differs from Go
///
/// * A reply that cannot be encoded is answered with an error; in Go the caller waits for ever (R116).
/// * A reply that is a nil pointer or a nil interface is an error too, because Go's client takes `null` for the end
///   of the connection (R117, R121). A nil slice or map goes out as `[]` or `{}`.
/// * A reply of `null`, or an error that is not a string, fails its call and not the client. `null` is a valid reply
///   for types that have a nil, and for `()`.
/// * [`Limits::message`] bounds a message, and [`Limits::depth`] the depth of a decoded value. Parts of a message that
///   are not decoded may nest 10,000 levels deep, as in Go.
#[derive(Debug)]
pub struct JsonCodec {
    limits: Limits,
    scanner: Scanner,
    /// The number of the last request, and the ids of those that are not answered, by number. They may repeat (R111).
    seq: u64,
    ids: HashMap<u64, Vec<u8>>,
}

impl Default for JsonCodec {
    fn default() -> Self {
        Self::new()
    }
}

impl JsonCodec {
    /// The codec of a new connection.
    pub fn new() -> Self {
        Self::with_limits(Limits::default())
    }

    /// The codec of a new connection.
    pub fn with_limits(limits: Limits) -> Self {
        Self { limits, scanner: Scanner::default(), seq: 0, ids: HashMap::new() }
    }

    /// Takes the next message from the front of `input`.
    fn message(&mut self, input: &mut BytesMut, eof: bool) -> Result<Option<Bytes>> {
        if self.scanner.is_between_values() {
            let space = input.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).count();
            input.advance(space);
        }
        let found = self.scanner.scan(input, eof)?;
        match typed::take(input, found, self.limits)? {
            None if eof && !input.is_empty() => Err(gob::Error::from(ErrorKind::UnexpectedEof).into()),
            message => Ok(message),
        }
    }

    fn body(&self, json: Bytes) -> Body {
        Body::new(JsonBody { json, limits: self.limits })
    }
}

impl ServerCodec for JsonCodec {
    fn read_request(&mut self, input: &mut BytesMut, eof: bool) -> Result<Option<(Request, Body)>> {
        let Some(message) = self.message(input, eof)? else { return Ok(None) };
        let [method, params, id] = members(&message, ["method", "params", "id"])?;
        let service_method = match method {
            Some(method) => string(&message[method], "struct field serverRequest.method")?,
            None => String::new(),
        };
        self.seq += 1;
        let mut echo = Vec::new();
        match id {
            Some(id) => text::put_compact(&mut echo, &message[id]),
            None => echo.extend_from_slice(b"null"),
        }
        self.ids.insert(self.seq, echo);
        let body = match params {
            Some(params) => match first_param(&message[params.clone()]) {
                Ok(Some(first)) => self.body(message.slice(params.start + first.start..params.start + first.end)),
                // R113: the method runs with zero arguments.
                Ok(None) => self.body(Bytes::from_static(b"null")),
                Err(error) => Body::failed(error),
            },
            None => Body::failed(serde::de::Error::custom("jsonrpc: request body missing params")),
        };
        Ok(Some((Request { service_method, seq: self.seq }, body)))
    }

    fn write_response(&mut self, response: &Response, reply: &dyn Payload, out: &mut Vec<u8>) -> Result<()> {
        let Some(id) = self.ids.get(&response.seq) else {
            return Err(<gob::Error as serde::ser::Error>::custom("invalid sequence number in response").into());
        };
        ser::append(out, |out| {
            out.extend_from_slice(b"{\"id\":");
            out.extend_from_slice(id);
            out.extend_from_slice(b",\"result\":");
            if response.error.is_empty() {
                put_result(out, self.limits, reply)?;
                out.extend_from_slice(b",\"error\":null}\n");
            } else {
                out.extend_from_slice(b"null,\"error\":");
                text::put_string(out, response.error.as_bytes());
                out.extend_from_slice(b"}\n");
            }
            Ok(())
        })?;
        self.ids.remove(&response.seq);
        Ok(())
    }
}

impl ClientCodec for JsonCodec {
    fn write_request(&mut self, request: &Request, args: &dyn Payload, out: &mut Vec<u8>) -> Result<()> {
        Ok(ser::append(out, |out| {
            out.extend_from_slice(b"{\"method\":");
            text::put_string(out, request.service_method.as_bytes());
            out.extend_from_slice(b",\"params\":[");
            ser::write(&mut JsonSink(out), self.limits, args)?;
            out.extend_from_slice(format!("],\"id\":{}}}\n", request.seq).as_bytes());
            Ok(())
        })?)
    }

    fn read_response(&mut self, input: &mut BytesMut, eof: bool) -> Result<Option<(Response, Body)>> {
        let Some(message) = self.message(input, eof)? else { return Ok(None) };
        let [id, result, error] = members(&message, ["id", "result", "error"])?;
        let mut response = Response { seq: id.map_or(Ok(0), |id| seq(&message[id]))?, ..Response::default() };
        let body = match (error, result) {
            (Some(error), _) => {
                let error = &message[error];
                match string(error, "value") {
                    Ok(text) if text.is_empty() => response.error = "unspecified error".to_owned(),
                    Ok(text) => response.error = text,
                    Err(_) => return Ok(Some((response, Body::failed(invalid_error(&printed(error)))))),
                }
                // Nothing reads it.
                self.body(Bytes::from_static(b"null"))
            }
            (None, Some(result)) => self.body(message.slice(result)),
            (None, None) => Body::new(Nothing),
        };
        Ok(Some((response, body)))
    }
}

/// The number of the call that a reply is for (R120).
fn seq(id: &[u8]) -> gob::Result<u64> {
    let digits = std::str::from_utf8(id).ok().filter(|digits| digits.starts_with(|c: char| c.is_ascii_digit()));
    match (digits.and_then(|digits| digits.parse().ok()), JsonSource::new(id).token()?) {
        (Some(seq), _) => Ok(seq),
        (None, found) => {
            let found = match found {
                Token::Number(number) => number.to_string(),
                other => other.describe().to_owned(),
            };
            let text = format!("json: cannot unmarshal {found} into Go struct field clientResponse.id of type uint64");
            Err(serde::de::Error::custom(text))
        }
    }
}

/// R121
fn invalid_error(what: &str) -> gob::Error {
    serde::de::Error::custom(format_args!("invalid error {what}"))
}

/// Where the arguments are in the parameters: the first of them, if any. The others do not count.
fn first_param(params: &[u8]) -> gob::Result<Option<std::ops::Range<usize>>> {
    let mut source = JsonSource::new(params);
    let mut items = match source.token()? {
        Token::Array(items) => items,
        other => return Err(cannot(&other, "value", "[1]interface {}")),
    };
    if !source.more(&mut items)? {
        return Ok(None);
    }
    let len = source.raw()?.len();
    Ok(Some(source.position() - len..source.position()))
}

/// Writes a reply, which must not be `null` (R117).
fn put_result(out: &mut Vec<u8>, limits: Limits, reply: &dyn Payload) -> gob::Result<()> {
    let start = out.len();
    ser::write(&mut JsonSink(out), limits, reply)?;
    if &out[start..] != b"null" {
        return Ok(());
    }
    let ty = reply.go_type();
    let empty: &[u8] = match ty.kind {
        Kind::Slice => b"[]",
        Kind::Bytes => b"\"\"",
        Kind::Map => b"{}",
        _ => return Err(serde::ser::Error::custom(format_args!("json: a reply cannot be a nil {ty}"))),
    };
    out.truncate(start);
    out.extend_from_slice(empty);
    Ok(())
}

/// A value that was received.
struct JsonBody {
    json: Bytes,
    limits: Limits,
}

impl Encoded for JsonBody {
    fn decode(self: Box<Self>, ty: &'static Type, decode: &mut Decode<'_>) -> gob::Result<()> {
        de::read(JsonSource::new(&self.json), self.limits, ty, decode)
    }
}

/// A reply of `null` without an error.
struct Nothing;

impl Encoded for Nothing {
    fn decode(self: Box<Self>, ty: &'static Type, decode: &mut Decode<'_>) -> gob::Result<()> {
        let is_unit = ty.kind == Kind::Struct && ty.fields().is_empty();
        if !ty.kind.is_nilable() && ty.kind != Kind::Pointer && !is_unit {
            return Err(invalid_error("<nil>"));
        }
        de::read(JsonSource::new(b"null"), Limits::default(), ty, decode)
    }
}
