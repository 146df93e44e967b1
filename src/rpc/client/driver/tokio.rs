//! The task that moves a client's bytes.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use tokio::time::Sleep;

use super::link::Link;
use crate::rpc::client::shared::{Shared, Turn};

/// A future that writes what calls left in the buffer, as one write when there are many, and hands out what is read.
/// Reading and writing never wait for each other, so a caller on a full socket keeps no failure from the others (R100).
pub(in crate::rpc::client) struct Driver {
    shared: Arc<Shared>,
    link: Arc<Link>,
    /// When the next call has waited long enough.
    alarm: Option<(Instant, Pin<Box<Sleep>>)>,
    /// Whether others have had their turn before the next write.
    has_waited: bool,
    /// Whether the connection is over, and only the stream is left to be closed.
    closing: bool,
}

impl Driver {
    pub(in crate::rpc::client) fn new(shared: Arc<Shared>, link: Arc<Link>) -> Self {
        Self { shared, link, alarm: None, has_waited: false, closing: false }
    }

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
        let moved = self.link.poll(&self.shared, cx);
        if moved.is_pending() {
            self.poll_alarm(cx);
        }
        moved
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
}

impl Future for Driver {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        if !this.closing {
            ready!(this.poll_open(cx));
            this.closing = true;
        }
        this.link.poll_shutdown(cx)
    }
}

impl Drop for Driver {
    /// A runtime that shuts down drops its tasks: whoever still waits must be told.
    fn drop(&mut self) {
        self.link.close();
        self.shared.finish();
    }
}
