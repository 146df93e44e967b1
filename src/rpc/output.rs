//! Writing what a connection has to say.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::AsyncWrite;

use super::buffer;

/// The bytes on their way to a stream. Where there are none, there is no memory for them.
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

    /// Whether nothing is on its way.
    pub(crate) fn is_idle(&self) -> bool {
        self.len() == 0 && !self.unflushed
    }

    /// Writes what is left, then what `more` puts in place of an empty buffer, and flushes. Ready when all that is
    /// done, or writing fails.
    pub(crate) fn poll(
        &mut self,
        io: &mut (impl AsyncWrite + Unpin),
        cx: &mut Context<'_>,
        more: impl FnOnce(&mut Vec<u8>),
    ) -> Poll<io::Result<()>> {
        ready!(self.poll_write(io, cx))?;
        more(&mut self.bytes);
        ready!(self.poll_write(io, cx))?;
        if self.unflushed {
            ready!(Pin::new(io).poll_flush(cx))?;
            self.unflushed = false;
        }
        Poll::Ready(Ok(()))
    }

    fn poll_write(&mut self, io: &mut (impl AsyncWrite + Unpin), cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.len() > 0 {
            let written = ready!(Pin::new(&mut *io).poll_write(cx, &self.bytes[self.written..]))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.written += written;
            self.unflushed = true;
        }
        buffer::give(std::mem::take(&mut self.bytes));
        self.written = 0;
        Poll::Ready(Ok(()))
    }
}
