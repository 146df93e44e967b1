//! Reading what a connection says.

use std::io;
use std::mem::MaybeUninit;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncReadExt, ReadBuf};

use super::buffer::{CHUNK, KEEP};

/// The bytes that came from a stream and are not taken. Between messages it needs next to no memory, since a connection
/// is idle most of the time.
pub(crate) struct Input {
    bytes: BytesMut,
}

impl Input {
    /// `bytes` is what was read already.
    pub(crate) fn new(bytes: BytesMut) -> Self {
        Self { bytes }
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
        if self.bytes.is_empty() {
            let mut chunk = [MaybeUninit::uninit(); CHUNK];
            let mut chunk = ReadBuf::uninit(&mut chunk);
            ready!(Pin::new(io).poll_read(cx, &mut chunk))?;
            self.bytes.extend_from_slice(chunk.filled());
            return Poll::Ready(Ok(chunk.filled().len()));
        }
        // The rest of a message goes where its beginning is. Room grows with what has come, and not with what is announced.
        self.bytes.reserve(self.bytes.len().clamp(CHUNK, 16 * CHUNK));
        pin!(io.read_buf(&mut self.bytes)).poll(cx)
    }

    /// Has the messages taken from the front, and gives back the memory of large ones.
    pub(crate) fn take(&mut self, take: impl FnOnce(&mut BytesMut)) {
        let len = self.bytes.len();
        take(&mut self.bytes);
        if len > KEEP && self.bytes.len() < len {
            self.bytes = BytesMut::from(&*self.bytes);
        }
    }
}
