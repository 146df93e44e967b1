//! What the clones of a client, its pending calls and its driver share.

use std::collections::HashMap;
use std::fmt;
use std::future::poll_fn;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use bytes::BytesMut;

use crate::rpc::codec::ClientCodec;
use crate::rpc::error::{Error, Result};
use crate::rpc::payload::{Body, Payload};
use crate::rpc::proto::ClientConn;

pub(super) struct Shared(Mutex<State>);

struct State {
    conn: ClientConn,
    /// Calls that are not finished, or finished and not yet picked up.
    calls: HashMap<u64, Call>,
    driver: Option<Waker>,
    /// Whether the driver has closed the stream.
    finished: bool,
    on_finish: Vec<Waker>,
}

enum Call {
    Waiting(Option<Waker>),
    Done(Result<Body>),
}

impl Shared {
    pub(super) fn new(codec: impl ClientCodec) -> Self {
        Self(Mutex::new(State {
            conn: ClientConn::new(codec),
            calls: HashMap::new(),
            driver: None,
            finished: false,
            on_finish: Vec::new(),
        }))
    }

    // Every change under the lock is complete: what a panic in a user's `Serialize` left behind, the codec takes back.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn start(&self, method: &str, args: &dyn Payload) -> Result<u64> {
        let mut state = self.lock();
        let seq = state.conn.start(method, args)?;
        state.calls.insert(seq, Call::Waiting(None));
        state.wake_driver();
        Ok(seq)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.lock().conn.is_closed()
    }

    /// Closes; `false` if that was done before.
    pub(super) fn close(&self) -> bool {
        let mut state = self.lock();
        let first = !state.conn.is_closing();
        state.conn.close();
        let wakers = state.deliver();
        state.wake_driver();
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
        first
    }

    pub(super) async fn closed(&self) {
        poll_fn(|cx| {
            let mut state = self.lock();
            if state.finished {
                return Poll::Ready(());
            }
            state.on_finish.push(cx.waker().clone());
            Poll::Pending
        })
        .await;
    }

    pub(super) fn poll_call(&self, seq: u64, cx: &mut Context<'_>) -> Poll<Result<Body>> {
        let mut state = self.lock();
        match state.calls.remove(&seq) {
            Some(Call::Done(result)) => Poll::Ready(result),
            Some(Call::Waiting(_)) => {
                state.calls.insert(seq, Call::Waiting(Some(cx.waker().clone())));
                Poll::Pending
            }
            None => Poll::Ready(Err(Error::Shutdown)),
        }
    }

    pub(super) fn is_done(&self, seq: u64) -> bool {
        !matches!(self.lock().calls.get(&seq), Some(Call::Waiting(_)))
    }

    pub(super) fn abandon(&self, seq: u64) {
        let mut state = self.lock();
        state.conn.abandon(seq);
        state.calls.remove(&seq);
    }

    /// Has the driver woken when there is something to do; whether the connection is over.
    pub(super) fn register(&self, cx: &Context<'_>) -> bool {
        let mut state = self.lock();
        state.driver = Some(cx.waker().clone());
        state.conn.is_dead()
    }

    pub(super) fn is_dead(&self) -> bool {
        self.lock().conn.is_dead()
    }

    /// What there is to write.
    pub(super) fn poll_transmit(&self) -> Option<Vec<u8>> {
        self.lock().conn.poll_transmit()
    }

    pub(super) fn handle(&self, change: impl FnOnce(&mut ClientConn)) {
        let mut state = self.lock();
        change(&mut state.conn);
        let wakers = state.deliver();
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
    }

    pub(super) fn handle_input(&self, input: &mut BytesMut) {
        self.handle(|conn| conn.handle_input(input));
    }

    /// The stream is closed.
    pub(super) fn finish(&self) {
        let mut state = self.lock();
        state.conn.fail(Error::UnexpectedEof);
        state.finished = true;
        let mut wakers = state.deliver();
        wakers.append(&mut state.on_finish);
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
    }
}

impl State {
    /// Hands finished calls to those who wait for them.
    fn deliver(&mut self) -> Vec<Waker> {
        let mut wakers = Vec::new();
        while let Some((seq, result)) = self.conn.poll_event() {
            if let Some(Call::Waiting(waker)) = self.calls.insert(seq, Call::Done(result)) {
                wakers.extend(waker);
            }
        }
        wakers
    }

    fn wake_driver(&mut self) {
        if let Some(driver) = self.driver.take() {
            driver.wake();
        }
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lock().conn.fmt(f)
    }
}

/// Held by clients and pending calls; the last one to go closes the connection.
#[derive(Debug)]
pub(super) struct Handle(pub(super) std::sync::Arc<Shared>);

impl Drop for Handle {
    fn drop(&mut self) {
        self.0.close();
    }
}
