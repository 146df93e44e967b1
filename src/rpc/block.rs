//! Waiting for a future without a runtime.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Instant;

/// Blocks the thread until a future is ready. For the calls of a client that has no runtime; not for use inside an
/// async task, which should await instead.
///
/// ```no_run
/// use gobrpc::rpc::{Client, block_on};
///
/// let client = Client::dial("localhost:1234")?;
/// let product: isize = block_on(client.call("Arith.Square", &7_isize))?;
/// # Ok::<(), gobrpc::rpc::Error>(())
/// ```
pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Some(output) = until(future.as_mut(), None) {
            return output;
        }
    }
}

/// Blocks until a future is ready, or `deadline` has passed.
pub(super) fn until<F: Future>(future: F, deadline: Option<Instant>) -> Option<F::Output> {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut cx = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return Some(output);
        }
        match deadline.map(|deadline| deadline.saturating_duration_since(Instant::now())) {
            None => thread::park(),
            Some(left) if left.is_zero() => return None,
            Some(left) => thread::park_timeout(left),
        }
    }
}

/// Wakes a thread.
pub(super) struct Unpark(pub(super) Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
