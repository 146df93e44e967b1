//! The server's side of a connection (R41–R61).

use std::collections::VecDeque;
use std::fmt;

use bytes::BytesMut;

use super::outbox::Outbox;
use crate::rpc::codec::ServerCodec;
use crate::rpc::error::{Error, ServerError};
use crate::rpc::log;
use crate::rpc::message::{CANCEL, CancelArgs, Request, Response};
use crate::rpc::payload::{Body, Payload};

/// How many requests may come together before the room for more is given back.
const KEPT: usize = 64;

/// A connection of a server: bytes go in, requests come out, replies go in, bytes come out.
pub struct ServerConn {
    codec: Box<dyn ServerCodec>,
    requests: VecDeque<(Request, Body)>,
    out: Outbox,
    /// Requests handed out and not answered.
    in_flight: usize,
    /// Whether some of the next request was taken from the input.
    begun: bool,
    /// Whether reading has ended.
    ended: bool,
    /// Why it has, if the stream made no sense.
    error: Option<Error>,
    /// Whether `_goRPC_.Cancel` is for us.
    cancels: bool,
    /// The calls that the client no longer wants.
    cancelled: VecDeque<u64>,
}

impl ServerConn {
    /// A new connection.
    pub fn new(codec: impl ServerCodec) -> Self {
        Self {
            codec: Box::new(codec),
            requests: VecDeque::new(),
            out: Outbox::default(),
            in_flight: 0,
            begun: false,
            ended: false,
            error: None,
            cancels: true,
            cancelled: VecDeque::new(),
        }
    }

    /// Whether calls of `_goRPC_.Cancel` are answered here (R137), as they are if not told otherwise, or handed out
    /// like any other.
    #[must_use]
    pub fn cancels(mut self, cancels: bool) -> Self {
        self.cancels = cancels;
        self
    }

    /// Takes whole requests from the front of `input`.
    pub fn handle_input(&mut self, input: &mut BytesMut) {
        self.read(input, false);
    }

    /// How long the message at the front of `input` is, if that is known.
    #[cfg(feature = "tokio")]
    pub(crate) fn announced(&self, input: &[u8]) -> Option<usize> {
        self.codec.announced(input)
    }

    /// The other side sends no more: what is left in `input` is all there is. Replies may still go out (R66).
    pub fn handle_eof(&mut self, input: &mut BytesMut) {
        self.read(input, true);
        self.ended = true;
    }

    /// Reads no more, and answers what was read whole.
    pub fn stop_reading(&mut self) {
        self.ended = true;
    }

    /// Why nothing more of the connection could be read, if that is how it ended.
    pub fn error(&self) -> Option<&Error> {
        self.error.as_ref()
    }

    /// Whether requests are still to be expected.
    pub fn is_reading(&self) -> bool {
        !self.ended
    }

    /// Whether nothing is left to do: reading has ended, every request is answered and every answer taken (R48).
    pub fn is_drained(&self) -> bool {
        self.ended && self.requests.is_empty() && self.in_flight == 0 && self.out.is_empty()
    }

    /// Whether some of the next request has been taken from the input, and not all.
    pub fn has_begun(&self) -> bool {
        self.begun
    }

    /// How many bytes wait to be written.
    pub fn backlog(&self) -> usize {
        self.out.len()
    }

    /// Whether there is enough to write that it should not wait for more.
    #[cfg(feature = "tokio")]
    pub(crate) fn has_batch(&self) -> bool {
        self.out.is_batch()
    }

    /// How many requests are handed out and not answered.
    pub fn in_flight(&self) -> usize {
        self.in_flight
    }

    /// How many requests came and are not handed out.
    pub fn waiting(&self) -> usize {
        self.requests.len()
    }

    /// The number of a request that the client no longer wants. If it was handed out and is not answered, it still has
    /// to be; a client may also name one that it never made.
    pub fn poll_cancelled(&mut self) -> Option<u64> {
        self.cancelled.pop_front()
    }

    /// The next request. Each must be answered with [`respond`](Self::respond).
    pub fn poll_request(&mut self) -> Option<(Request, Body)> {
        let request = self.requests.pop_front()?;
        if self.requests.is_empty() {
            self.requests.shrink_to(KEPT);
        }
        self.in_flight += 1;
        Some(request)
    }

    /// Answers a request. A reply that cannot be encoded becomes an error, where Go closes the connection (R60).
    pub fn respond(&mut self, request: Request, result: Result<&dyn Payload, &ServerError>) {
        let mut response = Response { service_method: request.service_method, seq: request.seq, error: String::new() };
        let written = match result {
            Ok(reply) => self.out.add(|out| self.codec.write_response(&response, reply, out)),
            Err(error) => {
                response.error = match error.as_str() {
                    // It would pass for success (R19).
                    "" => format!("rpc: method {} failed without a word", response.service_method),
                    text => text.to_owned(),
                };
                // R17: an error has a body too, an empty struct.
                self.out.add(|out| self.codec.write_response(&response, &(), out))
            }
        };
        if let Err(error) = written {
            response.error = self.codec.explain(&error);
            log::warn("a reply cannot be encoded", &response.error);
            // Two strings and a number can always be encoded within any limit but an absurd one.
            if let Err(error) = self.out.add(|out| self.codec.write_response(&response, &(), out)) {
                log::warn("rpc: gob error encoding response", &error);
                self.ended = true;
            }
        }
        // Last, so that a reply that panics while it is encoded can still be answered otherwise.
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    /// Bytes to write.
    pub fn poll_transmit(&mut self) -> Option<Vec<u8>> {
        self.out.take()
    }

    /// As [`poll_transmit`](Self::poll_transmit), in exchange for an empty buffer.
    #[cfg(feature = "tokio")]
    pub(crate) fn transmit(&mut self, buffer: &mut Vec<u8>) {
        self.out.swap(buffer);
    }

    fn read(&mut self, input: &mut BytesMut, eof: bool) {
        while !self.ended {
            let len = input.len();
            let result = self.codec.read_request(input, eof);
            self.begun = match result {
                Ok(None) => self.begun || input.len() < len,
                _ => false,
            };
            match result {
                Ok(Some((request, body))) if self.cancels && request.service_method == CANCEL => {
                    self.cancel(request, body);
                }
                Ok(Some(request)) => {
                    if self.requests.capacity() == 0 {
                        // One call at a time is the rule.
                        self.requests.reserve_exact(1);
                    }
                    self.requests.push_back(request);
                }
                Ok(None) => return,
                // R42: a header that cannot be read ends the connection without a word.
                Err(error) => {
                    log::debug("rpc: server cannot decode request", &error);
                    self.error = Some(error);
                    self.ended = true;
                }
            }
        }
    }

    /// R137: the reply is false, whatever came of it. A call that has not begun is not going to.
    fn cancel(&mut self, request: Request, body: Body) {
        self.in_flight += 1;
        let seq = match body.decode::<CancelArgs>() {
            Ok(args) => args.seq,
            Err(error) => return self.respond(request, Err(&error.kind().to_string().into())),
        };
        self.respond(request, Ok(&false));
        match self.requests.iter().position(|(waiting, _)| waiting.seq == seq) {
            Some(index) => {
                if let Some((request, _)) = self.requests.remove(index) {
                    self.in_flight += 1;
                    self.respond(request, Err(&"context canceled".into()));
                }
            }
            None => self.cancelled.push_back(seq),
        }
    }
}

impl fmt::Debug for ServerConn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerConn")
            .field("in_flight", &self.in_flight)
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}
