//! `Pending`: a call that was sent, and its reply to come.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
#[cfg(feature = "tower")]
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;

use super::shared::Handle;
use crate::gob::Gob;
use crate::rpc::block;
use crate::rpc::error::{Error, Result};
use crate::rpc::payload::Body;

/// A call whose reply has not come yet: Go's `rpc.Call` with its `Done` channel.
///
/// It is a future for any executor; [`wait`](Self::wait) does without one. Dropping it forgets the reply. An example is
/// at [`Client`](super::Client).
#[must_use = "the reply is dropped with it"]
pub struct Pending<R> {
    call: Call,
    reply: PhantomData<fn() -> R>,
}

enum Call {
    Sent(Sent),
    Failed(Option<Error>),
    /// Nobody ever locks it: it makes the call as `Sync` as it is without the feature.
    #[cfg(feature = "tower")]
    Stacked(Mutex<Pin<Box<dyn Future<Output = Result<Body>> + Send>>>),
}

impl<R> Pending<R> {
    pub(super) fn new(sent: Sent) -> Self {
        Self { call: Call::Sent(sent), reply: PhantomData }
    }

    /// A call that was never sent.
    pub(super) fn failed(error: Error) -> Self {
        Self { call: Call::Failed(Some(error)), reply: PhantomData }
    }

    /// A call that goes through services first.
    #[cfg(feature = "tower")]
    pub(super) fn stacked(reply: Pin<Box<dyn Future<Output = Result<Body>> + Send>>) -> Self {
        Self { call: Call::Stacked(Mutex::new(reply)), reply: PhantomData }
    }

    /// The number of the call on its connection, if it was sent there by this side and not through a stack of services.
    pub fn seq(&self) -> Option<u64> {
        match &self.call {
            Call::Sent(sent) => Some(sent.seq),
            _ => None,
        }
    }

    /// Whether the reply is here, or will never come. Of a call through a stack of services nobody knows.
    pub fn is_done(&self) -> bool {
        match &self.call {
            Call::Sent(sent) => sent.handle.0.is_done(sent.seq),
            Call::Failed(_) => true,
            #[cfg(feature = "tower")]
            Call::Stacked(_) => false,
        }
    }
}

impl<R: Gob + DeserializeOwned> Pending<R> {
    /// Blocks the thread until the reply is here: Go's `<-call.Done`. Not for use inside an async task, which should
    /// await instead.
    ///
    /// # Errors
    /// As [`Client::call`](super::Client::call).
    pub fn wait(self) -> Result<R> {
        if let Call::Sent(sent) = &self.call {
            sent.handle.0.wait(sent.seq);
        }
        block::block_on(self)
    }

    /// Blocks the thread until the reply is here, but no longer than `timeout`. A reply that comes later is dropped.
    ///
    /// # Errors
    /// [`Error::Timeout`], or as [`wait`](Self::wait).
    pub fn wait_timeout(self, timeout: Duration) -> Result<R> {
        let deadline = Instant::now().checked_add(timeout);
        block::until(self, deadline).unwrap_or(Err(Error::Timeout { what: "call", after: timeout }))
    }
}

impl<R: Gob + DeserializeOwned> Future for Pending<R> {
    type Output = Result<R>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<R>> {
        let body = match &mut self.get_mut().call {
            Call::Sent(sent) => ready!(sent.poll(cx)),
            Call::Failed(error) => Err(error.take().unwrap_or(Error::Shutdown)),
            #[cfg(feature = "tower")]
            Call::Stacked(reply) => {
                ready!(reply.get_mut().unwrap_or_else(PoisonError::into_inner).as_mut().poll(cx))
            }
        };
        // Here, and not where it was read: a reply of another type is this call's trouble alone.
        Poll::Ready(body.and_then(|body| body.decode().map_err(|error| Error::ReadingBody(Arc::new(error)))))
    }
}

/// A call that is on its way. Dropping it forgets the reply.
#[derive(Debug)]
pub(super) struct Sent {
    handle: Arc<Handle>,
    seq: u64,
    /// Whether the reply was handed out.
    over: bool,
}

impl Sent {
    pub(super) fn new(handle: Arc<Handle>, seq: u64) -> Self {
        Self { handle, seq, over: false }
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<Body>> {
        let reply = ready!(self.handle.0.poll_call(self.seq, cx));
        self.over = true;
        Poll::Ready(reply)
    }
}

impl Drop for Sent {
    fn drop(&mut self) {
        if !self.over {
            self.handle.0.abandon(self.seq);
        }
    }
}

impl<R> std::fmt::Debug for Pending<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pending").field("seq", &self.seq()).field("is_done", &self.is_done()).finish()
    }
}
