//! Reading what a connection says.

use std::io;
use std::pin::pin;
use std::task::{Context, Poll};

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncReadExt};

use super::buffer::{self, KEEP};

/// The bytes that came from a stream and are not taken. Between messages there is no memory for them, since a
/// connection is idle most of the time.
pub(crate) struct Input {
    bytes: BytesMut,
    /// How long the message is going to be, if its beginning tells.
    announced: Option<usize>,
}

impl Input {
    /// `bytes` is what was read already.
    pub(crate) fn new(bytes: BytesMut) -> Self {
        Self { bytes, announced: None }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Reads once; how much, 0 at the end of the stream.
    pub(crate) fn poll_read(
        &mut self,
        io: &mut (impl AsyncRead + Unpin),
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        if self.bytes.capacity() == 0 {
            self.bytes = buffer::take_input();
        } else {
            self.bytes.reserve(buffer::room(self.bytes.len(), self.announced));
        }
        let read = pin!(io.read_buf(&mut self.bytes)).poll(cx);
        if self.bytes.is_empty() {
            buffer::give_input(std::mem::take(&mut self.bytes));
        }
        read
    }

    /// Has the messages taken from the front, and gives back the memory of large ones. `take` also returns how long the
    /// next one is announced to be.
    pub(crate) fn take<T>(&mut self, take: impl FnOnce(&mut BytesMut) -> (Option<usize>, T)) -> T {
        let len = self.bytes.len();
        let (announced, taken) = take(&mut self.bytes);
        self.announced = announced;
        if len > KEEP && self.bytes.len() < len {
            self.bytes = BytesMut::from(&*self.bytes);
        }
        taken
    }
}
