//! The stream of a client, and who moves its bytes: the driver, or a call that is alone.

use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, Waker, ready};

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::runtime::Handle;

use crate::rpc::buffer::TURN;
use crate::rpc::client::shared::{self, Shared};
use crate::rpc::error::Error;
use crate::rpc::input::Input;
use crate::rpc::output::Output;

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<IO: AsyncRead + AsyncWrite + Send + Unpin> Stream for IO {}

/// What a driver and a call that is alone take turns with. There is none when the driver is gone.
pub(in crate::rpc::client) struct Link(Mutex<Option<Moving>>);

struct Moving {
    io: Box<dyn Stream>,
    input: Input,
    output: Output,
    /// Wakes the driver, which the stream is left to.
    driver: Option<Waker>,
    /// A stream may ask for it, whichever thread moves its bytes.
    runtime: Handle,
}

impl Link {
    /// `input` is what was read already. Must be called within a tokio runtime.
    pub(in crate::rpc::client) fn new(
        io: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
        input: BytesMut,
    ) -> Self {
        let (input, output) = (Input::new(input), Output::default());
        Self(Mutex::new(Some(Moving { io: Box::new(io), input, output, driver: None, runtime: Handle::current() })))
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
        let Some(driver) = moving.driver.clone() else { return false };
        let runtime = moving.runtime.clone();
        let _runtime = runtime.enter();
        change(moving, &driver)
    }
}

impl shared::Link for Link {
    fn write(&self, shared: &Shared) -> bool {
        self.try_with(|moving, driver| {
            moving.poll_write(shared, &mut Context::from_waker(driver));
            !shared.is_dead()
        })
    }

    fn read(&self, shared: &Shared, seq: u64, cx: &mut Context<'_>) -> bool {
        self.try_with(|moving, driver| {
            let mut read = 0;
            while let Poll::Ready(more) = moving.poll_read(shared, cx) {
                if shared.has_ended(seq) {
                    let has_read_all = moving.poll_read(shared, &mut Context::from_waker(driver)).is_pending();
                    return has_read_all && !shared.is_dead();
                }
                read += more;
                if read > TURN {
                    cx.waker().wake_by_ref();
                    break;
                }
            }
            true
        })
    }
}

impl Moving {
    fn poll(&mut self, shared: &Shared, cx: &mut Context<'_>) -> Poll<()> {
        match &mut self.driver {
            Some(driver) => driver.clone_from(cx.waker()),
            driver => *driver = Some(cx.waker().clone()),
        }
        let mut read = 0;
        while let Poll::Ready(more) = self.poll_read(shared, cx) {
            read += more;
            if shared.is_dead() {
                return Poll::Ready(());
            }
            if read > TURN {
                cx.waker().wake_by_ref();
                break;
            }
        }
        self.poll_write(shared, cx);
        // Reading or writing may have found that nothing more can be.
        if shared.is_dead() { Poll::Ready(()) } else { Poll::Pending }
    }

    /// Reads once; how much.
    fn poll_read(&mut self, shared: &Shared, cx: &mut Context<'_>) -> Poll<usize> {
        let read = match ready!(self.input.poll_read(&mut self.io, cx)) {
            Ok(0) => {
                self.input.take(|input| {
                    shared.handle(|conn| conn.handle_eof(input));
                    None
                });
                0
            }
            Ok(read) => {
                self.input.take(|input| shared.handle_input(input));
                read
            }
            Err(error) => {
                shared.handle(|conn| conn.fail(Error::from(error)));
                0
            }
        };
        Poll::Ready(read)
    }

    /// Writes what calls left, as far as there is room.
    fn poll_write(&mut self, shared: &Shared, cx: &mut Context<'_>) {
        let written = self.output.poll(&mut self.io, cx, |buffer| shared.transmit(buffer));
        if let Poll::Ready(Err(error)) = written {
            shared.handle(|conn| conn.fail(Error::from(error)));
        }
    }
}
