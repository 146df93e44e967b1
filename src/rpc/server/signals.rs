//! What those who accept connections tell the connections.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Waker};

use crate::rpc::numbers::BuildNumberHasher;

/// What a connection is to do. It only gets worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Order {
    GoOn,
    /// To read no more.
    Stop,
    /// To wait no more.
    Cut,
}

const ORDERS: [Order; 3] = [Order::GoOn, Order::Stop, Order::Cut];

/// An order, and whom to wake for the next. Looking at it costs a connection next to nothing, whenever it is woken.
#[derive(Default)]
struct Board {
    order: AtomicU8,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    next: u64,
    wakers: HashMap<u64, Waker, BuildNumberHasher>,
}

impl Board {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn order(&self) -> Order {
        ORDERS[usize::from(self.order.load(Ordering::SeqCst))]
    }
}

/// The giving end.
#[derive(Default)]
pub(super) struct Signals(Arc<Board>);

impl Signals {
    pub(super) fn give(&self, order: Order) {
        self.0.order.store(order as u8, Ordering::SeqCst);
        let wakers: Vec<_> = self.0.lock().wakers.values().cloned().collect();
        wakers.into_iter().for_each(Waker::wake);
    }

    /// A new receiving end.
    pub(super) fn listen(&self) -> Listening {
        let mut waiting = self.0.lock();
        waiting.next += 1;
        Listening { board: Arc::clone(&self.0), number: waiting.next, waker: None }
    }
}

/// The receiving end.
pub(super) struct Listening {
    board: Arc<Board>,
    number: u64,
    /// What is on the board, so that it need not be looked at every time.
    waker: Option<Waker>,
}

impl Listening {
    /// The order, and has the task woken when there is another.
    pub(super) fn poll(&mut self, cx: &Context<'_>) -> Order {
        if self.waker.as_ref().is_none_or(|waker| !waker.will_wake(cx.waker())) {
            self.waker = Some(cx.waker().clone());
            self.board.lock().wakers.insert(self.number, cx.waker().clone());
        }
        self.board.order()
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        if self.waker.is_some() {
            let _waker = self.board.lock().wakers.remove(&self.number);
        }
    }
}

impl fmt::Debug for Listening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.board.order().fmt(f)
    }
}
