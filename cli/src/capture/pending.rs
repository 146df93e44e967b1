//! Requests whose reply has not come.

use std::collections::VecDeque;
use std::time::Duration;

use super::{Request, Shown};

/// How many are remembered of a connection, and how much of their arguments.
const MAX_CALLS: usize = 10_000;
const MAX_BYTES: usize = 16 << 20;

/// A request, and when it was whole.
pub(super) struct Pending {
    pub(super) request: Request,
    pub(super) at: Duration,
}

/// In the order they came. Memory is bounded: the oldest go when there are too many.
#[derive(Default)]
pub(super) struct Queue {
    calls: VecDeque<Pending>,
    bytes: usize,
}

impl Queue {
    pub(super) fn push(&mut self, call: Pending) {
        self.bytes += size(&call.request);
        self.calls.push_back(call);
    }

    /// One that has to go for the others to have room.
    pub(super) fn pop_excess(&mut self) -> Option<Pending> {
        if self.calls.len() > MAX_CALLS || (self.bytes > MAX_BYTES && self.calls.len() > 1) { self.pop() } else { None }
    }

    pub(super) fn pop(&mut self) -> Option<Pending> {
        let call = self.calls.pop_front()?;
        self.bytes -= size(&call.request);
        Some(call)
    }

    /// The first one of that number. Most replies come in about the order of the requests.
    pub(super) fn take(&mut self, seq: &str) -> Option<Pending> {
        let index = self.calls.iter().position(|call| call.request.seq == seq)?;
        let call = self.calls.remove(index)?;
        self.bytes -= size(&call.request);
        Some(call)
    }
}

fn size(request: &Request) -> usize {
    let args = match &request.args {
        Shown::Json(text) | Shown::Bad(text) => text.len(),
        Shown::Long(_) => 0,
    };
    args + request.method.len() + request.seq.len()
}
