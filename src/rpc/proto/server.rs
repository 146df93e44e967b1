//! The server's side of a connection (R41–R61).

use std::collections::VecDeque;
use std::fmt;

use bytes::BytesMut;

use crate::rpc::codec::ServerCodec;
use crate::rpc::error::{Error, ServerError};
use crate::rpc::message::{Request, Response};
use crate::rpc::payload::{Body, Payload};

/// A connection of a server: bytes go in, requests come out, replies go in, bytes come out.
pub struct ServerConn {
    codec: Box<dyn ServerCodec>,
    requests: VecDeque<(Request, Body)>,
    out: Vec<u8>,
    /// Requests handed out and not answered.
    in_flight: usize,
    /// How many may be at a time.
    max_in_flight: usize,
    /// Whether reading has ended.
    ended: bool,
}

impl ServerConn {
    /// A connection on which nothing was said yet.
    pub fn new(codec: impl ServerCodec) -> Self {
        Self {
            codec: Box::new(codec),
            requests: VecDeque::new(),
            out: Vec::new(),
            in_flight: 0,
            max_in_flight: usize::MAX,
            ended: false,
        }
    }

    /// Hands out no more than so many requests before one of them is answered. With one at a time, calls are answered in
    /// the order in which they came (R63).
    #[must_use]
    pub fn with_max_in_flight(mut self, count: usize) -> Self {
        self.max_in_flight = count.max(1);
        self
    }

    /// Reads no more. What was read and not handed out is forgotten; what runs is still answered.
    pub fn stop(&mut self) {
        self.ended = true;
        self.requests.clear();
    }

    /// How many requests have been handed out and not answered.
    pub fn in_flight(&self) -> usize {
        self.in_flight
    }

    /// Whether requests wait to be handed out.
    pub fn is_full(&self) -> bool {
        !self.requests.is_empty()
    }

    /// Takes whole requests from the front of `input`.
    pub fn handle_input(&mut self, input: &mut BytesMut) {
        self.read(input, false);
    }

    /// The other side sends no more: what is left in `input` is all there is. Replies may still go out (R66).
    pub fn handle_eof(&mut self, input: &mut BytesMut) {
        self.read(input, true);
        self.ended = true;
    }

    /// Whether requests are still to be expected.
    pub fn is_reading(&self) -> bool {
        !self.ended
    }

    /// Whether nothing is left to do: reading has ended, every request is answered and every answer taken (R48).
    pub fn is_drained(&self) -> bool {
        self.ended && self.requests.is_empty() && self.in_flight == 0 && self.out.is_empty()
    }

    /// How many bytes wait to be written.
    pub fn backlog(&self) -> usize {
        self.out.len()
    }

    /// The next request. Each must be answered with [`respond`](Self::respond).
    pub fn poll_request(&mut self) -> Option<(Request, Body)> {
        if self.in_flight >= self.max_in_flight {
            return None;
        }
        let request = self.requests.pop_front()?;
        self.in_flight += 1;
        Some(request)
    }

    /// Answers a request. A reply that cannot be encoded becomes an error, where Go closes the connection (R60).
    pub fn respond(&mut self, request: Request, result: Result<&dyn Payload, &ServerError>) {
        let mut response = Response { service_method: request.service_method, seq: request.seq, error: String::new() };
        let written = match result {
            Ok(reply) => self.codec.write_response(&response, reply, &mut self.out),
            Err(error) => {
                error.as_str().clone_into(&mut response.error);
                // R17: an error has a body too, an empty struct.
                self.codec.write_response(&response, &(), &mut self.out)
            }
        };
        if let Err(error) = written {
            response.error = match &error {
                Error::Codec(error) => format!("rpc: gob error encoding body: {}", error.kind()),
                error => error.to_string(),
            };
            // Two strings and a number can always be encoded within any limit but an absurd one.
            if self.codec.write_response(&response, &(), &mut self.out).is_err() {
                self.ended = true;
            }
        }
        // Last, so that a reply that panics while it is encoded can still be answered otherwise.
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    /// Bytes to write.
    pub fn poll_transmit(&mut self) -> Option<Vec<u8>> {
        (!self.out.is_empty()).then(|| std::mem::take(&mut self.out))
    }

    fn read(&mut self, input: &mut BytesMut, eof: bool) {
        while !self.ended {
            match self.codec.read_request(input, eof) {
                Ok(Some(request)) => self.requests.push_back(request),
                Ok(None) => return,
                // R42: a header that cannot be read ends the connection without a word.
                Err(_) => self.ended = true,
            }
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
