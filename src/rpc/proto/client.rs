//! The client's side of a connection (R83–R106).

use std::collections::{HashSet, VecDeque};
use std::fmt;

use bytes::BytesMut;

use super::outbox::Outbox;
use crate::gob::ErrorKind;
use crate::rpc::codec::ClientCodec;
use crate::rpc::error::{Error, Result, ServerError};
use crate::rpc::message::Request;
use crate::rpc::numbers::BuildNumberHasher;
use crate::rpc::payload::{Body, Payload};

/// A connection of a client: calls and bytes go in, bytes and replies come out.
///
/// Give it what is read with [`handle_input`](Self::handle_input), write what
/// [`poll_transmit`](Self::poll_transmit) gives, and take replies from [`poll_event`](Self::poll_event).
pub struct ClientConn {
    codec: Box<dyn ClientCodec>,
    next: u64,
    pending: HashSet<u64, BuildNumberHasher>,
    /// How many calls the server has not answered, those included that nobody waits for.
    unanswered: u64,
    events: VecDeque<(u64, Result<Body>)>,
    /// The last request, whose room the next one takes.
    request: Request,
    out: Outbox,
    /// Whether this side has closed: then an end of input is no surprise.
    closing: bool,
    dead: bool,
}

impl ClientConn {
    /// A new connection.
    pub fn new(codec: impl ClientCodec) -> Self {
        Self {
            codec: Box::new(codec),
            next: 0,
            pending: HashSet::default(),
            unanswered: 0,
            events: VecDeque::new(),
            request: Request::default(),
            out: Outbox::default(),
            closing: false,
            dead: false,
        }
    }

    /// Whether no more calls can be made.
    pub fn is_closed(&self) -> bool {
        self.closing || self.dead
    }

    /// Whether this side has closed.
    pub fn is_closing(&self) -> bool {
        self.closing
    }

    /// Whether the connection is over and can be dropped, once the events are taken.
    pub fn is_dead(&self) -> bool {
        self.dead
    }

    /// How many calls wait for their reply.
    pub fn pending(&self) -> usize {
        self.pending.len()
    }

    /// Encodes a call and returns its number. Numbers begin at 0 (R85).
    ///
    /// # Errors
    /// [`Error::Shutdown`] once closed, or why the arguments cannot be encoded. Nothing is sent then.
    pub fn start(&mut self, method: &str, args: &dyn Payload) -> Result<u64> {
        if self.is_closed() {
            return Err(Error::Shutdown);
        }
        let seq = self.next;
        self.request.seq = seq;
        method.clone_into(&mut self.request.service_method);
        self.out.add(|out| self.codec.write_request(&self.request, args, out))?;
        self.next = seq.wrapping_add(1);
        self.pending.insert(seq);
        self.unanswered += 1;
        Ok(seq)
    }

    /// Forgets a call: its reply will be dropped, as any with an unknown number (R96).
    pub fn abandon(&mut self, seq: u64) {
        self.pending.remove(&seq);
    }

    /// Takes whole replies from the front of `input`.
    pub fn handle_input(&mut self, input: &mut BytesMut) {
        self.read(input, false);
    }

    /// How long the message at the front of `input` is, if that is known.
    pub(crate) fn announced(&self, input: &[u8]) -> Option<usize> {
        self.codec.announced(input)
    }

    /// The other side has closed: what is left in `input` is all there is.
    pub fn handle_eof(&mut self, input: &mut BytesMut) {
        self.read(input, true);
        self.fail(Error::UnexpectedEof);
    }

    /// Reading or writing has failed: every pending call gets the error, or [`Error::Shutdown`] after
    /// [`close`](Self::close).
    pub fn fail(&mut self, error: Error) {
        if self.dead {
            return;
        }
        self.dead = true;
        self.out = Outbox::default();
        let error = if self.closing { Error::Shutdown } else { error };
        let mut pending: Vec<_> = self.pending.drain().collect();
        pending.sort_unstable();
        self.events.extend(pending.into_iter().map(|seq| (seq, Err(error.clone()))));
    }

    /// Closes this side: pending calls get [`Error::Shutdown`].
    pub fn close(&mut self) {
        self.closing = true;
        self.fail(Error::Shutdown);
    }

    /// The next call that has ended, and how.
    pub fn poll_event(&mut self) -> Option<(u64, Result<Body>)> {
        self.events.pop_front()
    }

    /// Bytes to write.
    pub fn poll_transmit(&mut self) -> Option<Vec<u8>> {
        self.out.take()
    }

    /// Whether there are bytes to write.
    pub(crate) fn has_output(&self) -> bool {
        !self.out.is_empty()
    }

    /// Whether there is enough to write that it should not wait for more.
    pub(crate) fn has_batch(&self) -> bool {
        self.out.is_batch()
    }

    /// How many bytes there are to write.
    pub(crate) fn backlog(&self) -> usize {
        self.out.len()
    }

    /// How many calls the server has not answered, those included that were [abandoned](Self::abandon).
    pub(crate) fn unanswered(&self) -> u64 {
        self.unanswered
    }

    /// As [`poll_transmit`](Self::poll_transmit), in exchange for an empty buffer.
    pub(crate) fn transmit(&mut self, buffer: &mut Vec<u8>) {
        self.out.swap(buffer);
    }

    fn read(&mut self, input: &mut BytesMut, eof: bool) {
        while !self.dead {
            match self.codec.read_response(input, eof) {
                Ok(Some((response, body))) => {
                    self.unanswered = self.unanswered.saturating_sub(1);
                    if self.pending.remove(&response.seq) {
                        let result = match response.error.is_empty() {
                            true => Ok(body),
                            false => Err(ServerError::from(response.error).into()),
                        };
                        self.events.push_back((response.seq, result));
                    }
                }
                Ok(None) => return,
                // R27: a message of length zero ends a Go stream.
                Err(Error::Codec(error)) if matches!(error.kind(), ErrorKind::EmptyMessage) => {
                    self.fail(Error::UnexpectedEof);
                }
                Err(error) => self.fail(error),
            }
        }
    }
}

impl fmt::Debug for ClientConn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientConn")
            .field("next", &self.next)
            .field("pending", &self.pending.len())
            .field("closing", &self.closing)
            .field("dead", &self.dead)
            .finish_non_exhaustive()
    }
}
