//! One connection of a server: reads calls, runs each in a task of its own, writes replies as they come.

use std::any::Any;
use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context as Task, Poll, Waker, ready};
use std::time::Duration;

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::{Instant, Sleep};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

use super::context::{self, Context};
use super::dispatch::{Incoming, Outgoing};
use super::options::Options;
use super::registry::{Registered, Registry};
use crate::rpc::codec::ServerCodec;
use crate::rpc::error::{Result, ServerError};
use crate::rpc::message::{CANCEL, CancelArgs, Request};
use crate::rpc::output::Output;
use crate::rpc::payload::{Body, Payload};
use crate::rpc::proto::ServerConn;

/// How much is read at a time.
const CHUNK: usize = 8 << 10;

/// With so much waiting to be written, nothing more is read: a client that does not take its replies waits for itself
/// alone.
const HIGH_WATER: usize = 1 << 20;

/// What a connection is served with.
pub(super) struct Serving<'s> {
    pub(super) registry: &'s Registry,
    pub(super) options: &'s Options,
    pub(super) connection: context::Connection,
    /// Tells to stop reading.
    pub(super) stop: CancellationToken,
}

impl Serving<'_> {
    /// Serves a connection to its end. `input` is what was read already.
    pub(super) async fn serve<IO>(self, io: IO, codec: impl ServerCodec, input: BytesMut) -> Result<()>
    where
        IO: AsyncRead + AsyncWrite + Send + Unpin,
    {
        let conn = ServerConn::new(codec).with_max_in_flight(self.options.max_in_flight);
        let shared = Arc::new(Shared(Mutex::new(State { conn, running: HashMap::new(), driver: None })));
        let mut driver = Driver {
            io,
            stopped: Box::pin(self.stop.clone().cancelled_owned()),
            serving: self,
            shared,
            input,
            output: Output::default(),
            deadline: None,
        };
        driver.handle_input();
        poll_fn(|cx| driver.poll(cx)).await?;
        Ok(driver.io.shutdown().await?)
    }
}

/// What a connection shares with the calls that run.
struct Shared(Mutex<State>);

struct State {
    conn: ServerConn,
    /// The calls that run, by their number.
    running: HashMap<u64, CancellationToken>,
    driver: Option<Waker>,
}

impl Shared {
    // Every change under the lock is complete: what a panic in a user's `Serialize` left behind, the codec takes back.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn respond(&self, request: Request, result: Result<&dyn Payload, &ServerError>) {
        let mut state = self.lock();
        state.running.remove(&request.seq);
        state.conn.respond(request, result);
        if let Some(driver) = state.driver.take() {
            driver.wake();
        }
    }

    /// Nobody will read a reply any more.
    fn cancel_all(&self) {
        let running = std::mem::take(&mut self.lock().running);
        running.values().for_each(CancellationToken::cancel);
    }
}

struct Driver<'s, IO> {
    io: IO,
    serving: Serving<'s>,
    shared: Arc<Shared>,
    input: BytesMut,
    output: Output,
    stopped: Pin<Box<WaitForCancellationFutureOwned>>,
    /// When to give up waiting for the client, if it is its turn.
    deadline: Option<Pin<Box<Sleep>>>,
}

impl<IO> Drop for Driver<'_, IO> {
    fn drop(&mut self) {
        self.shared.cancel_all();
    }
}

impl<IO: AsyncRead + AsyncWrite + Unpin> Driver<'_, IO> {
    /// Moves bytes. Ready when the client has closed and all is answered (R48), or when writing fails.
    fn poll(&mut self, cx: &mut Task<'_>) -> Poll<Result<()>> {
        self.shared.lock().driver = Some(cx.waker().clone());
        if self.shared.lock().conn.is_reading() && self.stopped.as_mut().poll(cx).is_ready() {
            self.shared.lock().conn.stop();
        }
        loop {
            self.start_calls();
            let mut blocked =
                self.output.poll(&mut self.io, cx, || self.shared.lock().conn.poll_transmit())?.is_pending();
            let (reading, drained, full, backlog) = {
                let conn = &self.shared.lock().conn;
                (conn.is_reading(), conn.is_drained(), conn.is_full(), conn.backlog())
            };
            if drained && !blocked {
                return Poll::Ready(Ok(()));
            }
            if !reading || full || backlog > HIGH_WATER || (blocked && self.output.len() > HIGH_WATER) {
                return Poll::Pending;
            }
            let read = self.poll_read(cx);
            if read.is_pending() && self.poll_deadline(cx).is_ready() {
                // As if the client had closed.
                self.shared.lock().conn.stop();
                continue;
            }
            blocked |= read.is_pending();
            if blocked {
                return Poll::Pending;
            }
        }
    }

    /// Reads once.
    fn poll_read(&mut self, cx: &mut Task<'_>) -> Poll<()> {
        self.input.reserve(CHUNK);
        match ready!(pin!(self.io.read_buf(&mut self.input)).poll(cx)) {
            Ok(0) => self.shared.lock().conn.handle_eof(&mut self.input),
            Ok(_) => self.handle_input(),
            // A client that was cut off is answered as one that closed: nobody reads it (R65).
            Err(_) => {
                self.shared.lock().conn.handle_eof(&mut self.input);
                self.shared.cancel_all();
            }
        }
        Poll::Ready(())
    }

    fn handle_input(&mut self) {
        self.deadline = None;
        self.shared.lock().conn.handle_input(&mut self.input);
    }

    /// Ready when the client has kept the server waiting for too long.
    fn poll_deadline(&mut self, cx: &mut Task<'_>) -> Poll<()> {
        let Some(timeout) = self.serving.options.idle_timeout else { return Poll::Pending };
        if self.shared.lock().conn.in_flight() > 0 {
            // It is the server's turn.
            self.deadline = None;
            return Poll::Pending;
        }
        self.deadline.get_or_insert_with(|| Box::pin(sleep(timeout))).as_mut().poll(cx)
    }

    fn start_calls(&self) {
        loop {
            let next = self.shared.lock().conn.poll_request();
            let Some((request, body)) = next else { return };
            match self.serving.registry.find(&request.service_method) {
                Ok(method) => self.start_call(method, request, body),
                Err(_) if request.service_method == CANCEL => self.cancel(request, body),
                Err(error) => self.shared.respond(request, Err(&error)),
            }
        }
    }

    fn start_call(&self, method: Arc<Registered>, request: Request, body: Body) {
        let context = Context::new(request.service_method.clone(), request.seq, self.serving.connection.clone());
        if let Some(authorize) = &self.serving.options.authorize
            && let Err(error) = authorize(&context)
        {
            return self.shared.respond(request, Err(&error));
        }
        self.shared.lock().running.insert(request.seq, context.cancellation());
        tokio::spawn(call(method, context, request, body, Arc::clone(&self.shared)));
    }

    /// Takes back the call whose number is in the arguments.
    fn cancel(&self, request: Request, body: Body) {
        match body.decode::<CancelArgs>() {
            Ok(args) => {
                let running = self.shared.lock().running.remove(&args.seq);
                if let Some(running) = running {
                    running.cancel();
                }
                self.shared.respond(request, Ok(&false));
            }
            Err(error) => self.shared.respond(request, Err(&error.kind().to_string().into())),
        }
    }
}

fn sleep(timeout: Duration) -> Sleep {
    let now = Instant::now();
    tokio::time::sleep_until(now.checked_add(timeout).unwrap_or_else(|| now + Duration::from_secs(1 << 30)))
}

/// Runs one call and answers it, whatever happens.
async fn call(method: Arc<Registered>, context: Context, request: Request, body: Body, shared: Arc<Shared>) {
    let incoming = Incoming::new(context, body);
    let outgoing = guarded(async move { method.call(incoming).await }).await;
    let result = outgoing.unwrap_or_else(|panic| Err(panicked(&request, &*panic)));
    let answered = catch_unwind(AssertUnwindSafe(|| {
        let reply: Result<&dyn Payload, _> = match &result {
            Ok(reply) => Ok(&**reply),
            Err(error) => Err(error),
        };
        shared.respond(request.clone(), reply);
    }));
    if let Err(panic) = answered {
        // The reply's own `Serialize` panicked.
        shared.respond(request.clone(), Err(&panicked(&request, &*panic)));
    }
}

/// Go ends the process here (R54).
fn panicked(request: &Request, panic: &(dyn Any + Send)) -> ServerError {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    let text = text.unwrap_or_else(|| "unknown panic".to_owned());
    format!("rpc: method {} panicked: {text}", request.service_method).into()
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
