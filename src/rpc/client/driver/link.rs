//! The stream of a client, and who moves its bytes: the driver, or a call that is alone.

use std::any::TypeId;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker, ready};

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::runtime::Handle;

use super::bell::Bell;
use crate::rpc::buffer::TURN;
use crate::rpc::client::shared::{self, Came, Shared};
use crate::rpc::error::Result;
use crate::rpc::input::Input;
use crate::rpc::output::Output;
use crate::rpc::payload::Body;
#[cfg(unix)]
use crate::rpc::unix::UnixStream;

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<IO: AsyncRead + AsyncWrite + Send + Unpin> Stream for IO {}

/// What a driver and a call that is alone take turns with. There is none when the driver is gone.
pub(in crate::rpc::client) struct Link(Mutex<Option<Moving>>);

struct Moving {
    io: Box<dyn Stream>,
    input: Input,
    output: Output,
    /// What the stream rings when it can be read, and the same for the stream.
    bell: Arc<Bell>,
    rope: Waker,
    /// Whether it will, since there was nothing to read.
    is_set: bool,
    /// Wakes the driver, which the stream is left to.
    driver: Option<Waker>,
    /// For a stream that may ask for it, whichever thread moves its bytes.
    runtime: Option<Handle>,
}

/// Whether streams of this kind keep their runtime themselves. To enter it for each call would be to have all
/// connections count those who are in it.
fn knows_runtime<IO: 'static>() -> bool {
    let io = TypeId::of::<IO>();
    #[cfg(unix)]
    if io == TypeId::of::<UnixStream>() {
        return true;
    }
    io == TypeId::of::<TcpStream>()
}

impl Link {
    /// `input` is what was read already. Must be called within a tokio runtime.
    pub(in crate::rpc::client) fn new<IO>(io: IO, input: BytesMut) -> Self
    where
        IO: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let (input, output) = (Input::new(input), Output::default());
        let runtime = (!knows_runtime::<IO>()).then(Handle::current);
        let bell = Arc::<Bell>::default();
        let rope = Waker::from(Arc::clone(&bell));
        let io = Box::new(io);
        Self(Mutex::new(Some(Moving { io, input, output, bell, rope, is_set: false, driver: None, runtime })))
    }

    /// The driver moves bytes. Ready when the connection is over.
    pub(super) fn poll(&self, shared: &Shared, cx: &mut Context<'_>) -> Poll<()> {
        self.poll_with(|moving| moving.poll(shared, cx))
    }

    /// Ends the stream, when the connection is over.
    pub(super) fn poll_shutdown(&self, cx: &mut Context<'_>) -> Poll<()> {
        // An error tells nothing new.
        self.poll_with(|moving| Pin::new(&mut moving.io).poll_shutdown(cx).map(drop))
    }

    /// Closes the stream, if it is not closed.
    pub(super) fn close(&self) {
        let moving = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(moving);
    }

    fn poll_with(&self, poll: impl FnOnce(&mut Moving) -> Poll<()>) -> Poll<()> {
        // Who panicked was a stream that nobody can rely on.
        let Ok(mut moving) = self.0.lock() else { return Poll::Ready(()) };
        moving.as_mut().map_or(Poll::Ready(()), poll)
    }

    /// For a call that is alone: with what wakes the driver. False when the driver is at it, or gone.
    fn try_with(&self, change: impl FnOnce(&mut Moving, &Waker) -> bool) -> bool {
        let Ok(mut moving) = self.0.try_lock() else { return false };
        let Some(moving) = moving.as_mut() else { return false };
        let Some(driver) = moving.driver.take() else { return false };
        let runtime = moving.runtime.clone();
        let entered = runtime.as_ref().map(Handle::enter);
        let done = change(moving, &driver);
        drop(entered);
        moving.driver = Some(driver);
        done
    }
}

impl shared::Link for Link {
    fn write(&self, shared: &Shared) -> bool {
        self.try_with(|moving, driver| moving.poll_write(shared, &mut Context::from_waker(driver)))
    }

    fn write_batch(&self, shared: &Shared) {
        // What it says is for calls that are alone: the driver is awake.
        let _is_written = self.write(shared);
    }

    fn read(&self, shared: &Shared, seq: u64, cx: &mut Context<'_>) -> (Option<Result<Body>>, bool) {
        let mut reply = None;
        let is_done = self.try_with(|moving, driver| {
            let mut read = 0;
            while let Poll::Ready(came) = moving.poll_read(shared, Some(seq), cx.waker()) {
                if came.reply.is_some() {
                    reply = came.reply;
                    return !came.is_over && moving.poll_read(shared, None, driver).is_pending();
                }
                read += came.len;
                if read > TURN {
                    cx.waker().wake_by_ref();
                    break;
                }
            }
            true
        });
        (reply, is_done)
    }

    /// The reply wakes who waits for it.
    fn wait(&self, _: &Shared, _: u64) {}
}

impl Moving {
    fn poll(&mut self, shared: &Shared, cx: &mut Context<'_>) -> Poll<()> {
        match &mut self.driver {
            Some(driver) => driver.clone_from(cx.waker()),
            driver => *driver = Some(cx.waker().clone()),
        }
        // A stream that has to read before it writes may have forgotten the bell, and have woken who wrote.
        self.is_set = false;
        let mut read = 0;
        while let Poll::Ready(came) = self.poll_read(shared, None, cx.waker()) {
            if came.is_over {
                return Poll::Ready(());
            }
            read += came.len;
            if read > TURN {
                cx.waker().wake_by_ref();
                break;
            }
        }
        if self.poll_write(shared, cx) { Poll::Pending } else { Poll::Ready(()) }
    }

    /// Reads once, be it for a call that is alone. `waker` is woken when there is more.
    fn poll_read(&mut self, shared: &Shared, reader: Option<u64>, waker: &Waker) -> Poll<Came> {
        let has_rung = self.bell.listen(waker);
        if self.is_set && !has_rung {
            return Poll::Pending;
        }
        let read = self.input.poll_read(&mut self.io, &mut Context::from_waker(&self.rope));
        self.is_set = read.is_pending();
        let read = ready!(read);
        Poll::Ready(self.input.take(|input| {
            let came = shared.handle_read(input, read, reader);
            (came.announced, came)
        }))
    }

    /// Writes what calls left, as far as there is room. False when the connection is over.
    fn poll_write(&mut self, shared: &Shared, cx: &mut Context<'_>) -> bool {
        match self.output.poll(&mut self.io, cx, |buffer| shared.transmit(buffer)) {
            Poll::Ready(Err(error)) => {
                shared.fail(error.into());
                false
            }
            _ => true,
        }
    }
}
