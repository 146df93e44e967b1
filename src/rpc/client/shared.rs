//! What the clones of a client, its pending calls and its driver share.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::future::poll_fn;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use bytes::BytesMut;

use crate::rpc::codec::ClientCodec;
use crate::rpc::error::{Error, Result};
use crate::rpc::message::{CANCEL, CancelArgs};
use crate::rpc::payload::{Body, Payload};
use crate::rpc::proto::ClientConn;

pub(super) struct Shared(Mutex<State>);

struct State {
    conn: ClientConn,
    /// Calls that are not finished, or finished and not yet picked up.
    calls: HashMap<u64, Call>,
    /// How long a call may take.
    timeout: Option<Duration>,
    /// When calls have taken that long.
    deadlines: BTreeSet<(Instant, u64)>,
    /// Whether the server is told of calls that nobody waits for any more.
    cancels: bool,
    driver: Option<Waker>,
    /// Whether the driver has closed the stream.
    finished: bool,
    on_finish: Vec<Waker>,
}

enum Call {
    Waiting { waker: Option<Waker>, deadline: Option<Instant> },
    Done(Result<Body>),
}

impl Shared {
    pub(super) fn new(codec: impl ClientCodec, timeout: Option<Duration>, cancels: bool) -> Self {
        Self(Mutex::new(State {
            conn: ClientConn::new(codec),
            calls: HashMap::new(),
            timeout,
            deadlines: BTreeSet::new(),
            cancels,
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
        let deadline = state.timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        state.deadlines.extend(deadline.map(|deadline| (deadline, seq)));
        state.calls.insert(seq, Call::Waiting { waker: None, deadline });
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
            Some(Call::Waiting { deadline, .. }) => {
                state.calls.insert(seq, Call::Waiting { waker: Some(cx.waker().clone()), deadline });
                Poll::Pending
            }
            None => Poll::Ready(Err(Error::Shutdown)),
        }
    }

    pub(super) fn is_done(&self, seq: u64) -> bool {
        !matches!(self.lock().calls.get(&seq), Some(Call::Waiting { .. }))
    }

    pub(super) fn abandon(&self, seq: u64) {
        let mut state = self.lock();
        if let Some(Call::Waiting { deadline, .. }) = state.calls.remove(&seq) {
            deadline.map(|deadline| state.deadlines.remove(&(deadline, seq)));
            state.take_back(seq);
        }
    }

    /// Ends the calls whose time is up; when the next one's is.
    pub(super) fn expire(&self, now: Instant) -> Option<Instant> {
        let mut state = self.lock();
        let mut wakers = Vec::new();
        let next = loop {
            match state.deadlines.first() {
                Some(&(deadline, seq)) if deadline <= now => {
                    state.deadlines.pop_first();
                    let error = Error::Timeout { what: "call", after: state.timeout.unwrap_or_default() };
                    if let Some(Call::Waiting { waker, .. }) = state.calls.insert(seq, Call::Done(Err(error))) {
                        wakers.extend(waker);
                    }
                    state.take_back(seq);
                }
                next => break next.map(|(deadline, _)| *deadline),
            }
        };
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
        next
    }

    pub(super) fn wake_driver(&self) {
        self.lock().wake_driver();
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
            if let Some(Call::Waiting { waker, deadline }) = self.calls.insert(seq, Call::Done(result)) {
                wakers.extend(waker);
                deadline.map(|deadline| self.deadlines.remove(&(deadline, seq)));
            }
        }
        wakers
    }

    /// Forgets a call that was sent, and tells the server so if that is wanted (R137).
    fn take_back(&mut self, seq: u64) {
        self.conn.abandon(seq);
        if self.cancels
            && let Ok(cancel) = self.conn.start(CANCEL, &CancelArgs { seq })
        {
            // What the server says to it does not matter.
            self.conn.abandon(cancel);
            self.wake_driver();
        }
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
