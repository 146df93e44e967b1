//! The task that moves a client's bytes.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};

use super::shared::{Shared, Transmit};
use crate::rpc::error::Error;

/// How much is read at a time.
const CHUNK: usize = 8 << 10;

/// A future that writes what calls left in the buffer, as one write when there are many, and hands out what is read.
/// Reading and writing never wait for each other, so a caller on a full socket keeps no failure from the others (R100).
pub(super) struct Driver<IO> {
    io: IO,
    shared: Arc<Shared>,
    input: BytesMut,
    output: bytes::Bytes,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    Flushing,
    Closing,
}

impl<IO> Driver<IO> {
    /// `input` is what was read already.
    pub(super) fn new(io: IO, shared: Arc<Shared>, input: BytesMut) -> Self {
        Self { io, shared, input, output: bytes::Bytes::new(), state: State::Open }
    }
}

impl<IO: AsyncRead + AsyncWrite + Unpin> Driver<IO> {
    /// Writes all there is. Ready only when the connection is over.
    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        loop {
            if self.output.has_remaining() {
                let written = ready!(Pin::new(&mut self.io).poll_write(cx, &self.output))?;
                if written == 0 {
                    return Poll::Ready(Err(std::io::ErrorKind::WriteZero.into()));
                }
                self.output.advance(written);
                self.state = State::Flushing;
                continue;
            }
            match self.shared.poll_transmit() {
                Transmit::Bytes(bytes) => self.output = bytes.into(),
                Transmit::Close => return Poll::Ready(Ok(())),
                Transmit::Nothing if self.state == State::Flushing => {
                    ready!(Pin::new(&mut self.io).poll_flush(cx))?;
                    self.state = State::Open;
                }
                Transmit::Nothing => return Poll::Pending,
            }
        }
    }

    /// Reads all there is. Ready only when the connection is over.
    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            self.input.reserve(CHUNK);
            let read = ready!(pin!(self.io.read_buf(&mut self.input)).poll(cx));
            match read {
                Ok(0) => {
                    let input = &mut self.input;
                    self.shared.handle(|conn| conn.handle_eof(input));
                    return Poll::Ready(());
                }
                Ok(_) => self.shared.handle_input(&mut self.input),
                Err(error) => {
                    self.shared.handle(|conn| conn.fail(Error::from(error)));
                    return Poll::Ready(());
                }
            }
        }
    }
}

impl<IO: AsyncRead + AsyncWrite + Unpin> Future for Driver<IO> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        if this.state != State::Closing {
            if this.shared.register(cx) || this.poll_read(cx).is_ready() {
                this.state = State::Closing;
            } else {
                match ready!(this.poll_write(cx)) {
                    Ok(()) => {}
                    Err(error) => this.shared.handle(|conn| conn.fail(Error::from(error))),
                }
                this.state = State::Closing;
            }
        }
        // The error of closing a connection that is over tells nothing new.
        let _ = ready!(Pin::new(&mut this.io).poll_shutdown(cx));
        this.shared.finish();
        Poll::Ready(())
    }
}

impl<IO> Drop for Driver<IO> {
    /// A runtime that shuts down drops its tasks: whoever still waits must be told.
    fn drop(&mut self) {
        self.shared.finish();
    }
}
