//! One connection of a server: reads calls, runs each in a task of its own, writes replies as they come.

use std::any::Any;
use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{self, Poll, Waker, ready};
use std::time::Duration;

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::context::{Connection, Context};
use super::deadline::{Deadlines, Waiting};
use super::dispatch::{Incoming, Outgoing};
use super::registry::{Entry, Registry};
use super::settings::Settings;
use crate::rpc::codec::ServerCodec;
use crate::rpc::error::{Result, ServerError};
use crate::rpc::log;
use crate::rpc::message::Request;
use crate::rpc::output::Output;
use crate::rpc::payload::{Body, Payload};
use crate::rpc::proto::ServerConn;

/// How much is read at a time.
const CHUNK: usize = 8 << 10;

/// With so much waiting to be written, nothing more is read: a client that does not take its replies waits for itself
/// alone.
const HIGH_WATER: usize = 1 << 20;

/// How long a client may take to hear that nothing more is read. A socket that is closed over unread bytes may lose the
/// last replies.
const LINGER: Duration = Duration::from_millis(500);

/// What those who accept connections tell the connections.
#[derive(Debug, Clone, Default)]
pub(super) struct Signals {
    /// Read no more.
    pub(super) stop: CancellationToken,
    /// Wait no more.
    pub(super) cut: CancellationToken,
}

/// What a connection needs of its server.
#[derive(Debug, Clone)]
pub(super) struct Setup {
    pub(super) registry: Arc<Registry>,
    pub(super) settings: Arc<Settings>,
    pub(super) signals: Signals,
    pub(super) connection: Connection,
}

/// Serves a connection to its end. `input` is what was read already. The calls are those that were cut off.
pub(super) async fn serve<IO>(
    setup: Setup,
    io: IO,
    codec: impl ServerCodec,
    input: BytesMut,
) -> (Result<()>, Vec<Context>)
where
    IO: AsyncRead + AsyncWrite + Send + Unpin,
{
    let signals = setup.signals.clone();
    let mut stop = pin!(signals.stop.cancelled());
    let mut cut = pin!(signals.cut.cancelled());
    let mut served = Served::new(setup, io, codec, input);
    let mut stopped = false;
    served.handle_input();
    let result = loop {
        tokio::select! {
            result = poll_fn(|cx| served.poll(cx)) => break result,
            () = &mut stop, if !stopped => {
                stopped = true;
                served.shared.lock().conn.stop_reading();
            }
            () = &mut cut => return (Ok(()), served.shared.running()),
        }
    };
    let result = match result {
        Ok(()) if stopped => served.linger().await,
        Ok(()) => served.close().await,
        Err(error) => {
            log::debug("a connection of the server failed", &error);
            Err(error)
        }
    };
    (result, Vec::new())
}

/// Says that nothing more will come, and waits for the client to have read it.
pub(super) async fn linger<IO: AsyncRead + AsyncWrite + Unpin>(io: &mut IO) -> Result<()> {
    io.shutdown().await?;
    let mut rest = [0; 1024];
    let discard = async { while io.read(&mut rest).await.is_ok_and(|read| read > 0) {} };
    let _ = tokio::time::timeout(LINGER, discard).await;
    Ok(())
}

/// What a connection shares with the calls that run.
struct Shared(Mutex<State>);

struct State {
    conn: ServerConn,
    driver: Option<Waker>,
    /// The calls that run, by number.
    running: HashMap<u64, Context>,
}

impl Shared {
    // Every change under the lock is complete: what a panic in a user's `Serialize` left behind, the codec takes back.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn respond(&self, request: Request, result: Result<&dyn Payload, &ServerError>) {
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

struct Served<IO> {
    io: IO,
    setup: Setup,
    shared: Arc<Shared>,
    input: BytesMut,
    output: Output,
    deadlines: Deadlines,
    /// Whether a request has begun to come.
    in_request: bool,
    /// Cancels the calls that still run when this is gone.
    lost: CancellationToken,
    _guard: DropGuard,
}

impl<IO: AsyncRead + AsyncWrite + Unpin> Served<IO> {
    fn new(setup: Setup, io: IO, codec: impl ServerCodec, input: BytesMut) -> Self {
        let conn = ServerConn::new(codec).cancels(setup.settings.cancels);
        let lost = CancellationToken::new();
        Self {
            io,
            shared: Arc::new(Shared(Mutex::new(State { conn, driver: None, running: HashMap::new() }))),
            in_request: false,
            input,
            output: Output::default(),
            deadlines: Deadlines::new(&setup.settings),
            setup,
            _guard: lost.clone().drop_guard(),
            lost,
        }
    }

    /// Moves bytes. Ready when the client has closed and all is answered (R48), when writing fails, or the client takes
    /// too long.
    fn poll(&mut self, cx: &mut task::Context<'_>) -> Poll<Result<()>> {
        self.shared.lock().driver = Some(cx.waker().clone());
        loop {
            // Those that had to wait for others to be done.
            self.start_calls();
            let mut blocked =
                self.output.poll(&mut self.io, cx, || self.shared.lock().conn.poll_transmit())?.is_pending();
            let (reading, drained, backlog, waiting, in_flight) = {
                let conn = &self.shared.lock().conn;
                (conn.is_reading(), conn.is_drained(), conn.backlog(), conn.waiting(), conn.in_flight())
            };
            if drained && !blocked {
                return Poll::Ready(self.shared.lock().conn.error().cloned().map_or(Ok(()), Err));
            }
            let full = self.output.len() + backlog;
            // A call that has to wait holds up those behind it; until then, a client may still cancel what runs.
            let may_read = reading && waiting == 0 && backlog <= HIGH_WATER && !(blocked && full > HIGH_WATER);
            let room = blocked.then_some(full);
            if may_read {
                blocked |= self.poll_read(cx).is_pending();
            }
            if blocked || !may_read {
                let waiting = Waiting {
                    for_rest: may_read && self.in_request,
                    for_client: may_read && in_flight == 0 && !self.in_request && room.is_none(),
                    for_room: room,
                };
                return self.deadlines.poll(cx, waiting).map(|error| Err(error.into()));
            }
        }
    }

    /// Reads once and starts the calls that came.
    fn poll_read(&mut self, cx: &mut task::Context<'_>) -> Poll<()> {
        self.input.reserve(CHUNK);
        match ready!(pin!(self.io.read_buf(&mut self.input)).poll(cx)) {
            Ok(read) if read > 0 => self.handle_input(),
            end => {
                // A client that was cut off is answered as one that closed: nobody reads it (R65). But one that has only
                // closed its sending side waits for its answers (R66).
                if end.is_err() {
                    self.lost.cancel();
                }
                self.shared.lock().conn.handle_eof(&mut self.input);
                self.start_calls();
            }
        }
        Poll::Ready(())
    }

    fn handle_input(&mut self) {
        let (came, begun) = {
            let conn = &mut self.shared.lock().conn;
            conn.handle_input(&mut self.input);
            (conn.waiting() > 0, conn.has_begun())
        };
        self.in_request = begun || !self.input.is_empty();
        if came {
            self.deadlines.restart_read();
        }
        self.deadlines.restart_idle();
        self.start_calls();
    }

    fn start_calls(&self) {
        let settings = &self.setup.settings;
        loop {
            let (next, cancelled) = {
                let mut state = self.shared.lock();
                let State { conn, running, .. } = &mut *state;
                let cancelled: Vec<_> =
                    std::iter::from_fn(|| conn.poll_cancelled()).filter_map(|seq| running.get(&seq).cloned()).collect();
                let room = conn.in_flight() < settings.max_in_flight;
                let next = if room { conn.poll_request() } else { None };
                let next = next.map(|(request, body)| {
                    let name = request.service_method.clone();
                    let connection = self.setup.connection.clone();
                    let context = Context::new(name, request.seq, connection, self.lost.child_token());
                    running.insert(request.seq, context.clone());
                    (request, body, context)
                });
                (next, cancelled)
            };
            // Outside of the lock: whoever waits for it is woken.
            for context in &cancelled {
                context.token().cancel();
            }
            let Some((request, body, context)) = next else { return };
            let entry = self.setup.registry.find(&request.service_method);
            match entry {
                Err(error) if settings.authorize.is_none() => self.shared.respond(request, Err(&error)),
                entry => {
                    let (settings, shared) = (Arc::clone(settings), Arc::clone(&self.shared));
                    tokio::spawn(async move {
                        let result = run(settings, context, entry, body).await;
                        respond(request, result, |request, result| shared.respond(request, result));
                    });
                }
            }
        }
    }

    async fn linger(&mut self) -> Result<()> {
        linger(&mut self.io).await
    }

    async fn close(&mut self) -> Result<()> {
        Ok(self.io.shutdown().await?)
    }
}

/// Runs one call, whatever happens.
pub(super) async fn run(
    settings: Arc<Settings>,
    context: Context,
    entry: Result<Arc<Entry>, ServerError>,
    body: Body,
) -> Outgoing {
    let name = context.service_method().to_owned();
    let outgoing = guarded(async move {
        settings.check(&context)?;
        settings.invoke(Incoming::new(context, body, entry?)).await
    });
    outgoing.await.unwrap_or_else(|panic| Err(panicked(&name, &*panic)))
}

/// Answers a call, even when the reply's own `Serialize` panics.
pub(super) fn respond(
    request: Request,
    result: Outgoing,
    mut send: impl FnMut(Request, Result<&dyn Payload, &ServerError>),
) {
    let answered = catch_unwind(AssertUnwindSafe(|| match &result {
        Ok(reply) => send(request.clone(), Ok(&**reply)),
        Err(error) => send(request.clone(), Err(error)),
    }));
    if let Err(panic) = answered {
        let error = panicked(&request.service_method, &*panic);
        send(request, Err(&error));
    }
}

/// Go ends the process here (R54).
fn panicked(service_method: &str, panic: &(dyn Any + Send)) -> ServerError {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    let text = text.unwrap_or_else(|| "unknown panic".to_owned());
    let error = ServerError::from(format!("rpc: method {service_method} panicked: {text}"));
    log::warn("a method panicked", &error);
    error
}

/// Turns a panic of the future into a value.
async fn guarded(future: impl Future<Output = Outgoing>) -> Result<Outgoing, Box<dyn Any + Send>> {
    let mut future = pin!(future);
    poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
        Ok(poll) => poll.map(Ok),
        Err(panic) => Poll::Ready(Err(panic)),
    })
    .await
}
