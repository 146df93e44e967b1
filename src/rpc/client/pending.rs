//! `Pending`: a call that was sent, and its reply to come.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;

use super::shared::Handle;
use crate::gob::Gob;
use crate::rpc::block;
use crate::rpc::error::{Error, Result};

/// A call whose reply has not come yet: Go's `rpc.Call` with its `Done` channel.
///
/// It is a future for any executor; [`wait`](Self::wait) does without one. Dropping it forgets the reply.
#[must_use = "the reply is dropped with it"]
pub struct Pending<R> {
    call: Call,
    reply: PhantomData<fn() -> R>,
}

enum Call {
    Sent { handle: Arc<Handle>, seq: u64 },
    Failed(Option<Error>),
}

impl<R> Pending<R> {
    pub(super) fn new(handle: Arc<Handle>, seq: u64) -> Self {
        Self { call: Call::Sent { handle, seq }, reply: PhantomData }
    }

    /// A call that was never sent.
    pub(super) fn failed(error: Error) -> Self {
        Self { call: Call::Failed(Some(error)), reply: PhantomData }
    }

    /// The number of the call on its connection, if it was sent.
    pub fn seq(&self) -> Option<u64> {
        match &self.call {
            Call::Sent { seq, .. } => Some(*seq),
            Call::Failed(_) => None,
        }
    }

    /// Whether the reply is here, or will never come.
    pub fn is_done(&self) -> bool {
        match &self.call {
            Call::Sent { handle, seq } => handle.0.is_done(*seq),
            Call::Failed(_) => true,
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
        match &mut self.get_mut().call {
            Call::Sent { handle, seq } => handle.0.poll_call(*seq, cx).map(|result| {
                // Here, and not where it was read: a reply of another type is this call's trouble alone.
                result?.decode().map_err(|error| Error::ReadingBody(Arc::new(error)))
            }),
            Call::Failed(error) => Poll::Ready(Err(error.take().unwrap_or(Error::Shutdown))),
        }
    }
}

impl<R> Drop for Pending<R> {
    fn drop(&mut self) {
        if let Call::Sent { handle, seq } = &self.call {
            handle.0.abandon(*seq);
        }
    }
}

impl<R> std::fmt::Debug for Pending<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pending").field("seq", &self.seq()).field("is_done", &self.is_done()).finish()
    }
}
