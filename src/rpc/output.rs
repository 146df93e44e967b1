//! Writing what a connection has to say.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use tokio::io::AsyncWrite;

/// The bytes on their way to a stream.
#[derive(Default)]
pub(crate) struct Output {
    bytes: Bytes,
    /// Whether something was written since the last flush.
    unflushed: bool,
}

impl Output {
    /// How many bytes the stream has not taken.
    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Writes all that `more` gives, then flushes. Ready when there is nothing left, or writing fails.
    pub(crate) fn poll(
        &mut self,
        io: &mut (impl AsyncWrite + Unpin),
        cx: &mut Context<'_>,
        mut more: impl FnMut() -> Option<Vec<u8>>,
    ) -> Poll<io::Result<()>> {
        loop {
            if self.bytes.has_remaining() {
                let written = ready!(Pin::new(&mut *io).poll_write(cx, &self.bytes))?;
                if written == 0 {
                    return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
                }
                self.bytes.advance(written);
                self.unflushed = true;
            } else if let Some(bytes) = more() {
                self.bytes = bytes.into();
            } else {
                if self.unflushed {
                    ready!(Pin::new(&mut *io).poll_flush(cx))?;
                    self.unflushed = false;
                }
                return Poll::Ready(Ok(()));
            }
        }
    }
}
