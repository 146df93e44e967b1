//! One connection of a server: reads calls, runs each in a task of its own, writes replies as they come.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::dispatch::{Incoming, Outgoing};
use super::registry::{Handler, Registry};
use crate::rpc::codec::ServerCodec;
use crate::rpc::error::{Result, ServerError};
use crate::rpc::message::Request;
use crate::rpc::output::Output;
use crate::rpc::payload::{Body, Payload};
use crate::rpc::proto::ServerConn;

/// How much is read at a time.
const CHUNK: usize = 8 << 10;

/// With so much waiting to be written, nothing more is read: a client that does not take its replies waits for itself
/// alone.
const HIGH_WATER: usize = 1 << 20;

/// Serves a connection to its end. `input` is what was read already.
pub(super) async fn serve<IO>(registry: &Registry, io: IO, codec: impl ServerCodec, input: BytesMut) -> Result<()>
where
    IO: AsyncRead + AsyncWrite + Send + Unpin,
{
    let shared = Arc::new(Shared(Mutex::new(State { conn: ServerConn::new(codec), driver: None })));
    let mut connection = Connection { io, registry, shared, input, output: Output::default() };
    connection.handle_input();
    poll_fn(|cx| connection.poll(cx)).await?;
    Ok(connection.io.shutdown().await?)
}

/// What a connection shares with the calls that run.
struct Shared(Mutex<State>);

struct State {
    conn: ServerConn,
    driver: Option<Waker>,
}

impl Shared {
    // Every change under the lock is complete: what a panic in a user's `Serialize` left behind, the codec takes back.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn respond(&self, request: Request, result: Result<&dyn Payload, &ServerError>) {
        let mut state = self.lock();
        state.conn.respond(request, result);
        if let Some(driver) = state.driver.take() {
            driver.wake();
        }
    }
}

struct Connection<'r, IO> {
    io: IO,
    registry: &'r Registry,
    shared: Arc<Shared>,
    input: BytesMut,
    output: Output,
}

impl<IO: AsyncRead + AsyncWrite + Unpin> Connection<'_, IO> {
    /// Moves bytes. Ready when the client has closed and all is answered (R48), or when writing fails.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.shared.lock().driver = Some(cx.waker().clone());
        loop {
            let mut blocked =
                self.output.poll(&mut self.io, cx, || self.shared.lock().conn.poll_transmit())?.is_pending();
            let (reading, drained, backlog) = {
                let conn = &self.shared.lock().conn;
                (conn.is_reading(), conn.is_drained(), conn.backlog())
            };
            if drained && !blocked {
                return Poll::Ready(Ok(()));
            }
            if !reading || backlog > HIGH_WATER || (blocked && self.output.len() > HIGH_WATER) {
                return Poll::Pending;
            }
            blocked |= self.poll_read(cx).is_pending();
            if blocked {
                return Poll::Pending;
            }
        }
    }

    /// Reads once and starts the calls that came.
    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.input.reserve(CHUNK);
        match ready!(pin!(self.io.read_buf(&mut self.input)).poll(cx)) {
            Ok(read) if read > 0 => self.handle_input(),
            // A client that was cut off is answered as one that closed: nobody reads it (R65).
            Ok(_) | Err(_) => {
                self.shared.lock().conn.handle_eof(&mut self.input);
                self.start_calls();
            }
        }
        Poll::Ready(())
    }

    fn handle_input(&mut self) {
        self.shared.lock().conn.handle_input(&mut self.input);
        self.start_calls();
    }

    fn start_calls(&self) {
        loop {
            let next = self.shared.lock().conn.poll_request();
            let Some((request, body)) = next else { return };
            match self.registry.find(&request.service_method) {
                Ok(handler) => {
                    tokio::spawn(call(Arc::clone(handler), request, body, Arc::clone(&self.shared)));
                }
                Err(error) => self.shared.respond(request, Err(&error)),
            }
        }
    }
}

/// Runs one call and answers it, whatever happens.
async fn call(handler: Handler, request: Request, body: Body, shared: Arc<Shared>) {
    let incoming = Incoming::new(request.service_method.clone(), body);
    let outgoing = guarded(async move { handler(incoming).await }).await;
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
