//! Writing what a connection has to say.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::AsyncWrite;

use super::buffer::{self, KEEP};

/// The bytes on their way to a stream.
#[derive(Default)]
pub(crate) struct Output {
    bytes: Vec<u8>,
    written: usize,
    /// Whether something was written since the last flush.
    unflushed: bool,
}

impl Output {
    /// How many bytes the stream has not taken.
    pub(crate) fn len(&self) -> usize {
        self.bytes.len() - self.written
    }

    /// Writes all that `more` puts in place of an empty buffer, then flushes. Ready when there is nothing left, or
    /// writing fails.
    pub(crate) fn poll(
        &mut self,
        io: &mut (impl AsyncWrite + Unpin),
        cx: &mut Context<'_>,
        mut more: impl FnMut(&mut Vec<u8>),
    ) -> Poll<io::Result<()>> {
        loop {
            if self.len() > 0 {
                let written = ready!(Pin::new(&mut *io).poll_write(cx, &self.bytes[self.written..]))?;
                if written == 0 {
                    return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
                }
                self.written += written;
                self.unflushed = true;
                continue;
            }
            self.bytes.clear();
            if self.bytes.capacity() > KEEP {
                buffer::give(std::mem::take(&mut self.bytes));
            }
            self.written = 0;
            more(&mut self.bytes);
            if self.bytes.is_empty() {
                if self.unflushed {
                    ready!(Pin::new(&mut *io).poll_flush(cx))?;
                    self.unflushed = false;
                }
                return Poll::Ready(Ok(()));
            }
        }
    }
}
