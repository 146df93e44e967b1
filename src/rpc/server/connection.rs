//! One connection of a server: reads calls, runs them, writes replies as they come.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{self, Poll, Waker, ready};

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncWrite};

use super::call::{self, Running};
use super::context::{Connection, Context, Route};
use super::deadline::{Deadlines, Waiting};
use super::linger::Linger;
use super::lost::Connected;
use super::registry::Registry;
use super::settings::Settings;
use super::signals::{Listening, Order};
use crate::rpc::buffer::TURN;
use crate::rpc::codec::ServerCodec;
use crate::rpc::error::{Result, ServerError};
use crate::rpc::input::Input;
use crate::rpc::log;
use crate::rpc::message::Request;
use crate::rpc::output::Output;
use crate::rpc::payload::{Body, Payload};
use crate::rpc::proto::ServerConn;

/// With so much waiting to be written, nothing more is read: a client that does not take its replies waits for itself
/// alone.
const HIGH_WATER: usize = 1 << 20;

/// What a connection needs of its server.
#[derive(Debug)]
pub(super) struct Setup {
    pub(super) registry: Arc<Registry>,
    pub(super) settings: Arc<Settings>,
    pub(super) signals: Listening,
    pub(super) connection: Connection,
}

/// A connection that is served: ready at its end. The calls are those that were cut off. `input` is what was read
/// already.
pub(super) fn serve<IO>(setup: Setup, io: IO, codec: impl ServerCodec, input: BytesMut) -> Served<IO>
where
    IO: AsyncRead + AsyncWrite + Send + Unpin,
{
    let mut served = Served::new(setup, io, codec, input);
    served.take_input(false);
    served
}

/// What a connection shares with the calls that run.
struct Shared(Mutex<State>);

struct State {
    conn: ServerConn,
    driver: Option<Waker>,
    /// The calls that run, by number.
    running: BTreeMap<u64, Context>,
}

/// What there was to do when somebody last looked. Whatever changes it wakes the connection.
#[derive(Clone, Copy)]
struct Status {
    is_reading: bool,
    is_drained: bool,
    /// How many requests came and wait.
    waiting: usize,
    in_flight: usize,
    /// How many bytes are to be written.
    backlog: usize,
    /// Whether they are not to wait for more.
    has_batch: bool,
}

impl Status {
    fn of(conn: &ServerConn) -> Self {
        Self {
            is_reading: conn.is_reading(),
            is_drained: conn.is_drained(),
            waiting: conn.waiting(),
            in_flight: conn.in_flight(),
            backlog: conn.backlog(),
            has_batch: conn.has_batch(),
        }
    }
}

impl Shared {
    // Every change under the lock is complete: what a panic in a user's `Serialize` left behind, the codec takes back.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers a call that has run where the connection is read.
    fn respond(&self, request: Request, result: Result<&dyn Payload, &ServerError>) -> Status {
        let conn = &mut self.lock().conn;
        conn.respond(request, result);
        Status::of(conn)
    }

    /// Answers a call that has run in a task of its own.
    fn respond_later(&self, request: Request, result: Result<&dyn Payload, &ServerError>) {
        let seq = request.seq;
        let mut state = self.lock();
        state.conn.respond(request, result);
        let done = state.running.remove(&seq);
        let driver = state.driver.take();
        drop(state);
        if let Some(driver) = driver {
            driver.wake();
        }
        drop(done);
    }

    /// The calls that are not answered.
    fn running(&self) -> Vec<Context> {
        self.lock().running.values().cloned().collect()
    }
}

/// A future, written by hand: most connections are idle, and this is what there is of them.
pub(super) struct Served<IO> {
    io: IO,
    setup: Setup,
    shared: Arc<Shared>,
    status: Status,
    input: Input,
    output: Output,
    deadlines: Option<Box<Deadlines>>,
    /// Whether a request has begun to come.
    in_request: bool,
    /// Whether others have had their turn before the next write.
    has_waited: bool,
    /// The last call. The next one is likely to be of the same method.
    last: Option<Context>,
    stage: Stage,
    connected: Connected,
}

enum Stage {
    Serving,
    /// It was told to read no more.
    Stopping,
    Lingering(Linger),
    Closing,
}

impl<IO: AsyncRead + AsyncWrite + Unpin> Future for Served<IO> {
    type Output = (Result<()>, Vec<Context>);

    fn poll(self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Self::Output> {
        let served = self.get_mut();
        let result = loop {
            match &mut served.stage {
                Stage::Serving | Stage::Stopping => {
                    let stopping = match served.setup.signals.poll(cx) {
                        Order::GoOn => false,
                        Order::Stop => true,
                        Order::Cut => return Poll::Ready((Ok(()), served.shared.running())),
                    };
                    if stopping && matches!(served.stage, Stage::Serving) {
                        served.shared.lock().conn.stop_reading();
                        served.stage = Stage::Stopping;
                    }
                    if let Err(error) = ready!(served.poll_serving(cx)) {
                        log::debug("a connection of the server failed", &error);
                        break Err(error);
                    }
                    served.stage = if stopping { Stage::Lingering(Linger::default()) } else { Stage::Closing };
                }
                Stage::Lingering(linger) => break ready!(linger.poll(&mut served.io, cx)),
                Stage::Closing => break ready!(Pin::new(&mut served.io).poll_shutdown(cx)).map_err(Into::into),
            }
        };
        Poll::Ready((result, Vec::new()))
    }
}

impl<IO: AsyncRead + AsyncWrite + Unpin> Served<IO> {
    fn new(setup: Setup, io: IO, codec: impl ServerCodec, input: BytesMut) -> Self {
        let conn = ServerConn::new(codec).cancels(setup.settings.cancels);
        Self {
            io,
            status: Status::of(&conn),
            shared: Arc::new(Shared(Mutex::new(State { conn, driver: None, running: BTreeMap::new() }))),
            in_request: false,
            input: Input::new(input),
            output: Output::default(),
            has_waited: false,
            last: None,
            stage: Stage::Serving,
            deadlines: Deadlines::new(&setup.settings),
            setup,
            connected: Connected::default(),
        }
    }

    /// Moves bytes. Ready when the client has closed and all is answered (R48), when writing fails, or the client takes
    /// too long.
    fn poll_serving(&mut self, cx: &mut task::Context<'_>) -> Poll<Result<()>> {
        if self.gives_way(cx) {
            return Poll::Pending;
        }
        let mut read = 0;
        loop {
            self.start_calls(cx)?;
            let mut blocked = self.poll_write(cx)?.is_pending();
            if self.status.is_drained && !blocked {
                return Poll::Ready(self.shared.lock().conn.error().cloned().map_or(Ok(()), Err));
            }
            let Status { is_reading, waiting, in_flight, backlog, .. } = self.status;
            let full = self.output.len() + backlog;
            // A call that has to wait holds up those behind it; until then, a client may still cancel what runs.
            let may_read = is_reading && waiting == 0 && backlog <= HIGH_WATER && !(blocked && full > HIGH_WATER);
            let room = blocked.then_some(full);
            if may_read {
                match self.poll_read(cx) {
                    Poll::Ready(more) => read += more,
                    Poll::Pending => blocked = true,
                }
            }
            if read > TURN {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            if blocked || !may_read {
                let waiting = Waiting {
                    for_rest: may_read && self.in_request,
                    for_client: may_read && in_flight == 0 && !self.in_request && room.is_none(),
                    for_room: room,
                };
                let Some(deadlines) = &mut self.deadlines else { return Poll::Pending };
                return deadlines.poll(cx, waiting).map(|error| Err(error.into()));
            }
        }
    }

    /// Whether calls that run in tasks of their own are given the time to be answered together with one that is done.
    /// The connection is woken when there is more to do.
    fn gives_way(&mut self, cx: &task::Context<'_>) -> bool {
        let mut state = self.shared.lock();
        self.status = Status::of(&state.conn);
        self.has_waited = !self.has_waited && self.status.in_flight > 0 && self.status.backlog > 0;
        if self.has_waited {
            cx.waker().wake_by_ref();
        } else {
            match &mut state.driver {
                Some(driver) => driver.clone_from(cx.waker()),
                driver => *driver = Some(cx.waker().clone()),
            }
        }
        self.has_waited
    }

    /// Reads once; how much.
    fn poll_read(&mut self, cx: &mut task::Context<'_>) -> Poll<usize> {
        let read = match ready!(self.input.poll_read(&mut self.io, cx)) {
            Ok(read) => read,
            // A client that was cut off is answered as one that closed: nobody reads it (R65). But one that has only
            // closed its sending side waits for its answers (R66).
            Err(_) => {
                self.connected.cancel();
                0
            }
        };
        self.take_input(read == 0);
        Poll::Ready(read)
    }

    /// Takes the requests from the input, and tells calls that are no longer wanted. At the `end` nothing will follow.
    fn take_input(&mut self, end: bool) {
        let (came, begun, cancelled) = {
            let State { conn, running, .. } = &mut *self.shared.lock();
            self.input.take(|input| {
                if end {
                    conn.handle_eof(input);
                    return None;
                }
                conn.handle_input(input);
                conn.announced(input)
            });
            self.status = Status::of(conn);
            let cancelled = std::iter::from_fn(|| conn.poll_cancelled());
            let cancelled: Vec<_> = cancelled.filter_map(|seq| running.get(&seq).cloned()).collect();
            (conn.waiting() > 0, conn.has_begun(), cancelled)
        };
        // Outside of the lock: whoever waits for it is woken.
        for context in &cancelled {
            context.token().cancel();
        }
        self.in_request = begun || !self.input.is_empty();
        if let Some(deadlines) = &mut self.deadlines {
            deadlines.restart(came);
        }
    }

    /// Writes what is answered.
    fn poll_write(&mut self, cx: &mut task::Context<'_>) -> Poll<Result<()>> {
        if self.status.backlog == 0 && self.output.is_idle() {
            return Poll::Ready(Ok(()));
        }
        let written = self.output.poll(&mut self.io, cx, |buffer| {
            let conn = &mut self.shared.lock().conn;
            conn.transmit(buffer);
            self.status = Status::of(conn);
        });
        written.map_err(Into::into)
    }

    /// Starts the calls that came, as many as may run. One of a method that is known to be quick runs at once.
    fn start_calls(&mut self, cx: &mut task::Context<'_>) -> Result<()> {
        while self.status.waiting > 0
            && let Some((request, body)) = self.next_call()
        {
            let context = self.context(&request);
            let quick = match context.route().entry() {
                Ok(entry) => entry.pace().is_quick(),
                Err(error) if self.setup.settings.authorize.is_none() => {
                    self.status = self.shared.respond(request, Err(error));
                    continue;
                }
                Err(_) => false,
            };
            let mut call = Running::new(context, body);
            match quick.then(|| Pin::new(&mut call).poll(cx)) {
                Some(Poll::Ready(result)) => {
                    call::respond(request, call.context(), result, |request, result| {
                        self.status = self.shared.respond(request, result);
                    });
                    self.last = Some(call.into_context());
                    if self.status.has_batch {
                        // While there is no room, answers wait for it here.
                        let _has_room = self.poll_write(cx)?;
                    }
                }
                _ => {
                    self.last = Some(call.context().clone());
                    self.spawn(request, call);
                }
            }
        }
        Ok(())
    }

    /// The next call, if one more may run.
    fn next_call(&mut self) -> Option<(Request, Body)> {
        let conn = &mut self.shared.lock().conn;
        let next = if conn.in_flight() < self.setup.settings.max_in_flight { conn.poll_request() } else { None };
        self.status = Status::of(conn);
        next
    }

    fn context(&mut self, request: &Request) -> Context {
        match self.last.take() {
            // A name that nothing has may have it later.
            Some(last) if last.service_method() == request.service_method && last.route().entry().is_ok() => {
                last.next(request.seq)
            }
            _ => {
                let Setup { registry, settings, connection, .. } = &self.setup;
                let (connection, settings) = (connection.clone(), Arc::clone(settings));
                let lost = self.connected.lost();
                let route = Route::new(registry, &request.service_method, connection, lost, settings);
                Context::new(Arc::new(route), request.seq)
            }
        }
    }

    /// Has a call run in a task of its own.
    fn spawn(&self, request: Request, mut call: Running) {
        self.shared.lock().running.insert(request.seq, call.context().clone());
        let shared = Arc::clone(&self.shared);
        tokio::spawn(async move {
            let result = (&mut call).await;
            call::respond(request, call.context(), result, |request, result| shared.respond_later(request, result));
        });
    }
}
