//! Calls in gob, the protocol of net/rpc itself.

use std::{io, mem};

use bytes::BytesMut;
use gobrpc::gob::{Limits, Value};
use gobrpc::rpc::codec::{ClientCodec, GobCodec, ServerCodec};
use gobrpc::rpc::{Body, Request as RequestHeader, Response as ResponseHeader};

use super::{Follow, Outcome, Request, Response, Shown};
use crate::json;

pub(super) struct Gob {
    requests: GobCodec<RequestHeader>,
    responses: GobCodec<ResponseHeader>,
    /// How much of the next request and response has been taken from the input.
    request_len: usize,
    response_len: usize,
    /// How long a message may be whose value is shown.
    show: usize,
}

impl Gob {
    pub(super) fn new(limits: Limits, show: usize) -> Self {
        let (requests, responses) = (GobCodec::new(limits), GobCodec::new(limits));
        Self { requests, responses, request_len: 0, response_len: 0, show }
    }

    fn shown(&self, body: Body, len: usize) -> Shown {
        if len > self.show {
            return Shown::Long(len);
        }
        let value = match body.decode::<Value>() {
            Ok(value) => value,
            Err(error) => return Shown::Bad(error.to_string()),
        };
        // Fields that did not come are printed, too: a short message may become a long text.
        let mut text = Bounded { text: Vec::new(), left: self.show.saturating_mul(TEXT) };
        match json::print(&value, json::Style::default(), &mut text).map(|()| String::from_utf8(text.text)) {
            Ok(Ok(text)) => Shown::Json(text),
            _ => Shown::Long(len),
        }
    }
}

/// How much longer than the longest message a text may be.
const TEXT: usize = 4;

/// A text that may not become longer than that.
struct Bounded {
    text: Vec<u8>,
    left: usize,
}

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.left = self.left.checked_sub(bytes.len()).ok_or(io::ErrorKind::FileTooLarge)?;
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Follow for Gob {
    fn request(&mut self, input: &mut BytesMut, eof: bool) -> Result<Option<Request>, String> {
        let before = input.len();
        let read = self.requests.read_request(input, eof).map_err(|error| error.to_string())?;
        self.request_len += before - input.len();
        let Some((header, body)) = read else { return Ok(None) };
        let len = mem::take(&mut self.request_len);
        let args = self.shown(body, len);
        Ok(Some(Request { seq: header.seq.to_string(), method: header.service_method, args }))
    }

    fn response(&mut self, input: &mut BytesMut, eof: bool) -> Result<Option<Response>, String> {
        let before = input.len();
        let read = self.responses.read_response(input, eof).map_err(|error| error.to_string())?;
        self.response_len += before - input.len();
        let Some((header, body)) = read else { return Ok(None) };
        let len = mem::take(&mut self.response_len);
        let outcome = match header.error.is_empty() {
            true => Outcome::Reply(self.shown(body, len)),
            false => Outcome::Error(header.error),
        };
        Ok(Some(Response { seq: header.seq.to_string(), method: header.service_method, outcome }))
    }
}
