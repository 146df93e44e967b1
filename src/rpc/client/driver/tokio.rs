//! The task that moves a client's bytes.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::Sleep;

use crate::rpc::buffer::TURN;
use crate::rpc::client::shared::{Shared, Turn};
use crate::rpc::error::Error;
use crate::rpc::input::Input;
use crate::rpc::output::Output;

/// A future that writes what calls left in the buffer, as one write when there are many, and hands out what is read.
/// Reading and writing never wait for each other, so a caller on a full socket keeps no failure from the others (R100).
pub(in crate::rpc::client) struct Driver<IO> {
    io: IO,
    shared: Arc<Shared>,
    input: Input,
    output: Output,
    /// When the next call has waited long enough.
    alarm: Option<(Instant, Pin<Box<Sleep>>)>,
    /// Whether others have had their turn before the next write.
    has_waited: bool,
    /// Whether the connection is over, and only the stream is left to be closed.
    closing: bool,
}

impl<IO> Driver<IO> {
    /// `input` is what was read already.
    pub(in crate::rpc::client) fn new(io: IO, shared: Arc<Shared>, input: BytesMut) -> Self {
        let (input, output) = (Input::new(input), Output::default());
        Self { io, shared, input, output, alarm: None, has_waited: false, closing: false }
    }
}

impl<IO: AsyncRead + AsyncWrite + Unpin> Driver<IO> {
    /// Moves bytes. Ready when the connection is over.
    fn poll_open(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        match self.shared.turn(cx, self.has_waited) {
            Turn::Over => return Poll::Ready(()),
            Turn::Later => {
                self.has_waited = true;
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            Turn::Now => self.has_waited = false,
        }
        if self.poll_read(cx).is_ready() {
            return Poll::Ready(());
        }
        self.poll_alarm(cx);
        match self.output.poll(&mut self.io, cx, |buffer| self.shared.transmit(buffer)) {
            Poll::Ready(Err(error)) => {
                self.shared.handle(|conn| conn.fail(Error::from(error)));
                Poll::Ready(())
            }
            // Reading may have found that nothing more can be read.
            _ if self.shared.is_dead() => Poll::Ready(()),
            _ => Poll::Pending,
        }
    }

    /// Ends the calls whose time is up, and comes back for the next.
    fn poll_alarm(&mut self, cx: &mut Context<'_>) {
        while let Some(deadline) = self.shared.expire() {
            if self.alarm.as_ref().is_none_or(|(set, _)| *set != deadline) {
                self.alarm = Some((deadline, Box::pin(tokio::time::sleep_until(deadline.into()))));
            }
            if let Some((_, sleep)) = &mut self.alarm
                && sleep.as_mut().poll(cx).is_pending()
            {
                return;
            }
            self.alarm = None;
        }
        self.alarm = None;
    }

    /// Reads what there is. Ready only when the connection is over.
    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut read = 0;
        loop {
            if read > TURN {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            let shared = &self.shared;
            match ready!(self.input.poll_read(&mut self.io, cx)) {
                Ok(0) => {
                    self.input.take(|input| shared.handle(|conn| conn.handle_eof(input)));
                    return Poll::Ready(());
                }
                Ok(more) => {
                    read += more;
                    self.input.take(|input| shared.handle_input(input));
                }
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
        if !this.closing {
            ready!(this.poll_open(cx));
            this.closing = true;
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
