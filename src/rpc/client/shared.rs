//! What the clones of a client, its pending calls and its driver share.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::future::poll_fn;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use bytes::BytesMut;

use crate::rpc::buffer::CHUNK;
use crate::rpc::codec::ClientCodec;
use crate::rpc::error::{Error, Result};
use crate::rpc::message::{CANCEL, CancelArgs};
use crate::rpc::numbers::BuildNumberHasher;
use crate::rpc::payload::{Body, Payload};
use crate::rpc::proto::ClientConn;

pub(super) struct Shared {
    /// How long a call may take.
    timeout: Option<Duration>,
    state: Mutex<State>,
    link: Arc<dyn Link>,
}

struct State {
    conn: ClientConn,
    /// Calls that are not finished, or finished and not yet picked up.
    calls: HashMap<u64, Call, BuildNumberHasher>,
    /// How many calls are finished and not yet picked up.
    unclaimed: usize,
    /// When calls have taken that long.
    deadlines: BTreeSet<(Instant, u64)>,
    /// Whether the server is told of calls that nobody waits for any more.
    cancels: bool,
    driver: Option<Waker>,
    /// The call that moves its bytes itself, since it is alone: nobody is kept waiting, should it not be polled any
    /// more.
    alone: Option<u64>,
    /// When the driver looks for calls whose time is up.
    alarm: Option<Instant>,
    /// Whether the driver has closed the stream.
    finished: bool,
    on_finish: Vec<Waker>,
}

enum Call {
    Waiting { waker: Option<Waker>, deadline: Option<Instant> },
    Done(Result<Body>),
}

/// The stream of a client, for a call that is alone. Whoever holds it may lock the state, and not the other way round,
/// so nobody waits for it here.
pub(super) trait Link: Send + Sync {
    /// Writes what the call left. False when something is left for the driver.
    fn write(&self, shared: &Shared) -> bool;

    /// Writes what calls left, of which there is much, if nobody has to wait for that. Otherwise it is left for the
    /// driver.
    fn write_batch(&self, shared: &Shared);

    /// Reads the reply, and returns it once it is here. Afterwards the task of the call is woken when there is more, or,
    /// when it is done, the driver. False when something is left for the driver.
    fn read(&self, shared: &Shared, seq: u64, cx: &mut Context<'_>) -> (Option<Result<Body>>, bool);

    /// Reads the reply on a thread that does nothing else until it is here, if that is sooner than to be woken for it.
    fn wait(&self, shared: &Shared, seq: u64);
}

/// What a driver is to do.
pub(super) enum Turn {
    /// To close the stream: the connection is over.
    Over,
    /// To let others have their turn first, since they are likely to have something to send, too.
    Later,
    /// To read and write.
    Now,
}

/// What a read has brought.
#[cfg_attr(not(feature = "tokio"), expect(dead_code, reason = "threads need less of it"))]
pub(super) struct Came {
    /// How many bytes.
    pub(super) len: usize,
    /// The reply for which it was read.
    pub(super) reply: Option<Result<Body>>,
    /// How long the next reply is announced to be.
    pub(super) announced: Option<usize>,
    /// Whether the connection is over.
    pub(super) is_over: bool,
}

impl Shared {
    pub(super) fn new(codec: impl ClientCodec, timeout: Option<Duration>, cancels: bool, link: Arc<dyn Link>) -> Self {
        let state = State {
            conn: ClientConn::new(codec),
            calls: HashMap::default(),
            unclaimed: 0,
            deadlines: BTreeSet::new(),
            cancels,
            driver: None,
            alone: None,
            alarm: None,
            finished: false,
            on_finish: Vec::new(),
        };
        Self { timeout, state: Mutex::new(state), link }
    }

    // Every change under the lock is complete: what a panic in a user's `Serialize` left behind, the codec takes back.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn start(&self, method: &str, args: &dyn Payload) -> Result<u64> {
        let deadline = self.timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let mut state = self.lock();
        let seq = state.conn.start(method, args)?;
        state.deadlines.extend(deadline.map(|deadline| (deadline, seq)));
        state.calls.insert(seq, Call::Waiting { waker: None, deadline });
        let is_alone = state.is_alone(deadline);
        state.alone = is_alone.then_some(seq);
        let driver = if is_alone { None } else { state.driver.take() };
        let has_batch = state.conn.has_batch();
        // Whoever is woken would only wait for the lock.
        drop(state);
        wake(driver);
        if is_alone {
            if !self.link.write(self) {
                self.leave_alone();
            }
        } else if has_batch {
            self.link.write_batch(self);
        }
        Ok(seq)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.leave_alone();
        self.lock().conn.is_closed()
    }

    /// Closes; `false` if that was done before.
    pub(super) fn close(&self) -> bool {
        let mut state = self.lock();
        let first = !state.conn.is_closing();
        state.conn.close();
        let wakers = state.deliver();
        let driver = state.driver.take();
        drop(state);
        wake(wakers.into_iter().chain(driver));
        first
    }

    pub(super) async fn closed(&self) {
        poll_fn(|cx| {
            self.leave_alone();
            let mut state = self.lock();
            if state.finished {
                return Poll::Ready(());
            }
            // It may be asked again and again.
            if !state.on_finish.iter().any(|waker| waker.will_wake(cx.waker())) {
                state.on_finish.push(cx.waker().clone());
            }
            Poll::Pending
        })
        .await;
    }

    pub(super) fn poll_call(&self, seq: u64, cx: &mut Context<'_>) -> Poll<Result<Body>> {
        let mut state = self.lock();
        if state.alone == Some(seq)
            && let Some(Call::Waiting { waker, .. }) = state.calls.get_mut(&seq)
        {
            // It is here, and need not be woken for what it reads. But the first time the reply is hardly ever there.
            let is_first = waker.is_none();
            let waker = std::mem::replace(waker, is_first.then(|| cx.waker().clone()));
            drop(state);
            drop(waker);
            let (reply, is_done) = self.link.read(self, seq, cx);
            if !is_done {
                self.leave();
            }
            match reply {
                Some(reply) => return Poll::Ready(reply),
                None if is_first => return Poll::Pending,
                None => state = self.lock(),
            }
        }
        if let Some(Call::Waiting { waker, .. }) = state.calls.get_mut(&seq) {
            match waker {
                Some(waker) => waker.clone_from(cx.waker()),
                None => *waker = Some(cx.waker().clone()),
            }
            return Poll::Pending;
        }
        Poll::Ready(state.claim(seq).unwrap_or(Err(Error::Shutdown)))
    }

    /// Waits for a call on this thread, if it is alone. It may not have ended afterwards.
    pub(super) fn wait(&self, seq: u64) {
        // Nobody wakes a read when the time is up.
        let is_alone = self.timeout.is_none() && self.lock().alone == Some(seq);
        if is_alone {
            self.link.wait(self, seq);
        }
    }

    /// Whether there are calls that have not ended.
    pub(super) fn is_waited_for(&self) -> bool {
        let state = self.lock();
        state.calls.len() > state.unclaimed
    }

    /// For one who asks again and again, and does not wait.
    pub(super) fn is_done(&self, seq: u64) -> bool {
        self.leave_alone();
        self.has_ended(seq)
    }

    pub(super) fn has_ended(&self, seq: u64) -> bool {
        !matches!(self.lock().calls.get(&seq), Some(Call::Waiting { .. }))
    }

    pub(super) fn abandon(&self, seq: u64) {
        let mut state = self.lock();
        match state.calls.remove(&seq) {
            Some(Call::Waiting { deadline, .. }) => {
                deadline.map(|deadline| state.deadlines.remove(&(deadline, seq)));
                let driver = state.take_back(seq);
                drop(state);
                wake(driver);
                self.leave_alone();
            }
            Some(Call::Done(_)) => state.unclaimed -= 1,
            None => {}
        }
    }

    /// Ends the calls whose time is up; when the next one's is.
    pub(super) fn expire(&self) -> Option<Instant> {
        self.timeout?;
        let now = Instant::now();
        let mut state = self.lock();
        let mut wakers = Vec::new();
        let next = loop {
            match state.deadlines.first() {
                Some(&(deadline, seq)) if deadline <= now => {
                    state.deadlines.pop_first();
                    let error = Error::Timeout { what: "call", after: self.timeout.unwrap_or_default() };
                    wakers.extend(state.end(seq, Err(error)));
                    wakers.extend(state.take_back(seq));
                }
                next => break next.map(|(deadline, _)| *deadline),
            }
        };
        state.alarm = next;
        drop(state);
        wake(wakers);
        next
    }

    /// Leaves the bytes to the driver.
    fn leave_alone(&self) {
        let mut state = self.lock();
        let driver = state.alone.take().and_then(|_| state.driver.take());
        drop(state);
        wake(driver);
    }

    /// Leaves everything to the driver.
    pub(super) fn leave(&self) {
        let mut state = self.lock();
        state.alone = None;
        let driver = state.driver.take();
        drop(state);
        wake(driver);
    }

    /// What the driver is to do, and has it woken when there is more. It `has_waited` when it was told to last time.
    pub(super) fn turn(&self, cx: &Context<'_>, has_waited: bool) -> Turn {
        let mut state = self.lock();
        if state.conn.is_dead() {
            return Turn::Over;
        }
        // Of many callers that had their replies together, the first is not to go alone.
        if !has_waited && state.unclaimed > 0 && state.conn.has_output() {
            return Turn::Later;
        }
        match &mut state.driver {
            Some(driver) => driver.clone_from(cx.waker()),
            driver => *driver = Some(cx.waker().clone()),
        }
        Turn::Now
    }

    pub(super) fn is_dead(&self) -> bool {
        self.lock().conn.is_dead()
    }

    /// What there is to write, in exchange for an empty buffer.
    pub(super) fn transmit(&self, buffer: &mut Vec<u8>) {
        self.lock().conn.transmit(buffer);
    }

    /// Takes what a read has brought: whole replies from the front of `input`, or the end of the connection. The call
    /// that has read for itself takes its reply.
    pub(super) fn handle_read(&self, input: &mut BytesMut, read: io::Result<usize>, reader: Option<u64>) -> Came {
        let mut state = self.lock();
        let len = *read.as_ref().unwrap_or(&0);
        let conn = &mut state.conn;
        match read {
            Ok(0) => conn.handle_eof(input),
            Ok(_) => conn.handle_input(input),
            Err(error) => conn.fail(error.into()),
        }
        let (announced, is_over) = (conn.announced(input), conn.is_dead());
        let wakers = state.deliver();
        let reply = reader.and_then(|seq| state.claim(seq));
        drop(state);
        wake(wakers);
        Came { len, reply, announced, is_over }
    }

    /// Reading or writing has failed.
    pub(super) fn fail(&self, error: Error) {
        let mut state = self.lock();
        state.conn.fail(error);
        let wakers = state.deliver();
        drop(state);
        wake(wakers);
    }

    /// The stream is closed.
    pub(super) fn finish(&self) {
        let mut state = self.lock();
        state.conn.fail(Error::UnexpectedEof);
        state.finished = true;
        let mut wakers = state.deliver();
        wakers.append(&mut state.on_finish);
        drop(state);
        wake(wakers);
    }
}

impl State {
    /// Whether the call that has just started can do without the driver: nobody else waits for a reply or for the end
    /// of the connection, the driver comes in time for the deadline, and the stream is sure to have room for what is to
    /// be written, since the server has read all but that.
    fn is_alone(&self, deadline: Option<Instant>) -> bool {
        self.driver.is_some()
            && self.calls.len() == 1
            && self.conn.unanswered() == 1
            && self.conn.backlog() <= CHUNK
            && self.on_finish.is_empty()
            && deadline.is_none_or(|deadline| self.alarm.is_some_and(|alarm| alarm <= deadline))
    }

    /// Hands finished calls to those who wait for them.
    fn deliver(&mut self) -> Vec<Waker> {
        let mut wakers = Vec::new();
        while let Some((seq, result)) = self.conn.poll_event() {
            wakers.extend(self.end(seq, result));
        }
        wakers
    }

    /// A call has ended. Who waits for it is to be woken then.
    fn end(&mut self, seq: u64, result: Result<Body>) -> Option<Waker> {
        let call = self.calls.get_mut(&seq)?;
        let Call::Waiting { waker, deadline } = std::mem::replace(call, Call::Done(result)) else { return None };
        self.unclaimed += 1;
        deadline.map(|deadline| self.deadlines.remove(&(deadline, seq)));
        waker
    }

    /// Hands out how a call has ended, if it has.
    fn claim(&mut self, seq: u64) -> Option<Result<Body>> {
        match self.calls.remove(&seq)? {
            Call::Done(result) => {
                self.unclaimed -= 1;
                self.alone = None;
                Some(result)
            }
            waiting => {
                self.calls.insert(seq, waiting);
                None
            }
        }
    }

    /// Forgets a call that was sent, and tells the server so if that is wanted (R137). The driver is to be woken then.
    fn take_back(&mut self, seq: u64) -> Option<Waker> {
        self.conn.abandon(seq);
        if self.cancels
            && let Ok(cancel) = self.conn.start(CANCEL, &CancelArgs { seq })
        {
            // What the server says to it does not matter.
            self.conn.abandon(cancel);
            return self.driver.take();
        }
        None
    }
}

fn wake(wakers: impl IntoIterator<Item = Waker>) {
    wakers.into_iter().for_each(Waker::wake);
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lock().conn.fmt(f)
    }
}

/// Held by clients and pending calls; the last one to go closes the connection.
#[derive(Debug)]
pub(super) struct Handle(pub(super) Arc<Shared>);

impl Drop for Handle {
    fn drop(&mut self) {
        self.0.close();
    }
}
