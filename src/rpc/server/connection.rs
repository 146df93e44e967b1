//! One connection of a server: reads calls, runs them, writes replies as they come.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{self, Poll, ready};

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::JoinSet;

use super::call::{self, Running};
use super::context::{Connection, Context, Route};
use super::deadline::{Deadlines, Waiting};
use super::dispatch::Outgoing;
use super::linger::Linger;
use super::lost::Connected;
use super::registry::Registry;
use super::settings::Settings;
use super::signals::{Listening, Order};
use crate::rpc::buffer::TURN;
use crate::rpc::codec::ServerCodec;
use crate::rpc::error::Result;
use crate::rpc::input::Input;
use crate::rpc::log;
use crate::rpc::message::Request;
use crate::rpc::output::Output;
use crate::rpc::payload::Body;
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

/// A call that has ended in a task of its own, and its answer.
type Ended = (Request, Context, Outgoing);

/// A future, written by hand: most connections are idle, and this is what there is of them.
pub(super) struct Served<IO> {
    io: IO,
    setup: Setup,
    conn: ServerConn,
    /// The calls that run in tasks of their own, by number.
    running: BTreeMap<u64, Context>,
    /// Those tasks, after the first of them.
    tasks: Option<JoinSet<Ended>>,
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
                        Order::Cut => return Poll::Ready((Ok(()), served.running.values().cloned().collect())),
                    };
                    if stopping && matches!(served.stage, Stage::Serving) {
                        served.conn.stop_reading();
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
        Self {
            io,
            conn: ServerConn::new(codec).cancels(setup.settings.cancels),
            running: BTreeMap::new(),
            tasks: None,
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
        if self.conn.in_flight() > 0 {
            self.answer_ended(cx);
        }
        if self.gives_way(cx) {
            return Poll::Pending;
        }
        let mut read = 0;
        loop {
            self.start_calls(cx)?;
            let mut blocked = self.poll_write(cx)?.is_pending();
            if self.conn.is_drained() && !blocked {
                return Poll::Ready(self.conn.error().cloned().map_or(Ok(()), Err));
            }
            let backlog = self.conn.backlog();
            let full = self.output.len() + backlog;
            // A call that has to wait holds up those behind it; until then, a client may still cancel what runs.
            let may_read = self.conn.is_reading()
                && self.conn.waiting() == 0
                && backlog <= HIGH_WATER
                && !(blocked && full > HIGH_WATER);
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
                    for_client: may_read && self.conn.in_flight() == 0 && !self.in_request && room.is_none(),
                    for_room: room,
                };
                let Some(deadlines) = &mut self.deadlines else { return Poll::Pending };
                return deadlines.poll(cx, waiting).map(|error| Err(error.into()));
            }
        }
    }

    /// Whether calls that run in tasks of their own are given the time to be answered together with one that is done.
    fn gives_way(&mut self, cx: &task::Context<'_>) -> bool {
        self.has_waited = !self.has_waited && self.conn.in_flight() > 0 && self.conn.backlog() > 0;
        if self.has_waited {
            cx.waker().wake_by_ref();
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
        let conn = &mut self.conn;
        self.input.take(|input| {
            if end {
                conn.handle_eof(input);
                return (None, ());
            }
            conn.handle_input(input);
            (conn.announced(input), ())
        });
        while let Some(seq) = conn.poll_cancelled() {
            if let Some(context) = self.running.get(&seq) {
                context.token().cancel();
            }
        }
        self.in_request = conn.has_begun() || !self.input.is_empty();
        if let Some(deadlines) = &mut self.deadlines {
            deadlines.restart(conn.waiting() > 0);
        }
    }

    /// Writes what is answered.
    fn poll_write(&mut self, cx: &mut task::Context<'_>) -> Poll<Result<()>> {
        if self.conn.backlog() == 0 && self.output.is_idle() {
            return Poll::Ready(Ok(()));
        }
        let written = self.output.poll(&mut self.io, cx, |buffer| self.conn.transmit(buffer));
        written.map_err(Into::into)
    }

    /// Starts the calls that came, as many as may run. One of a method that is known to be quick runs at once.
    fn start_calls(&mut self, cx: &mut task::Context<'_>) -> Result<()> {
        loop {
            while self.conn.in_flight() < self.setup.settings.max_in_flight
                && let Some((request, body)) = self.conn.poll_request()
            {
                self.start_call(request, body, cx)?;
            }
            // One that has ended meanwhile makes room for another.
            if self.conn.in_flight() == 0 || !self.answer_ended(cx) {
                return Ok(());
            }
        }
    }

    fn start_call(&mut self, request: Request, body: Body, cx: &mut task::Context<'_>) -> Result<()> {
        let context = self.context(&request);
        let quick = match context.route().entry() {
            Ok(entry) => entry.pace().is_quick(),
            Err(error) if self.setup.settings.authorize.is_none() => {
                self.conn.respond(request, Err(error));
                return Ok(());
            }
            Err(_) => false,
        };
        let mut call = Running::new(context, body);
        match quick.then(|| Pin::new(&mut call).poll(cx)) {
            Some(Poll::Ready(result)) => {
                call::respond(&mut self.conn, request, call.context(), result);
                self.last = Some(call.into_context());
                if self.conn.has_batch() {
                    // While there is no room, answers wait for it here.
                    let _has_room = self.poll_write(cx)?;
                }
            }
            _ => {
                self.last = Some(call.context().clone());
                self.spawn(request, call);
            }
        }
        Ok(())
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
    fn spawn(&mut self, request: Request, mut call: Running) {
        self.running.insert(request.seq, call.context().clone());
        self.tasks.get_or_insert_default().spawn(async move {
            let result = (&mut call).await;
            (request, call.into_context(), result)
        });
    }

    /// Answers the calls that have ended in tasks of their own, and has the connection woken when another one has.
    /// Whether there was any.
    fn answer_ended(&mut self, cx: &mut task::Context<'_>) -> bool {
        let Some(tasks) = &mut self.tasks else { return false };
        let mut any = false;
        // A task that was not to end belonged to a runtime that shuts down.
        while let Poll::Ready(Some(ended)) = tasks.poll_join_next(cx) {
            if let Ok((request, context, result)) = ended {
                self.running.remove(&request.seq);
                call::respond(&mut self.conn, request, &context, result);
                any = true;
            }
        }
        any
    }
}

impl<IO> Drop for Served<IO> {
    /// What runs goes on, as in Go, even if nobody will hear of it.
    fn drop(&mut self) {
        if let Some(tasks) = &mut self.tasks {
            tasks.detach_all();
        }
    }
}
