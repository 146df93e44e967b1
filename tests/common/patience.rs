//! How long tests wait for what has to come.
//!
//! Patience is counted in turns and not read off a clock: a machine that stands still for a minute costs one turn, and
//! no test fails for it. The turns are taken by a task of their own, so that a future is polled only when something
//! wakes it: one that is woken by nobody is found out.

#![allow(dead_code, reason = "not every program of tests waits in all of these ways")]

use std::future::Future;
use std::time::Duration;

use tokio::task::JoinSet;

const TURN: Duration = Duration::from_millis(100);

/// Waits for something that has to come, so that a test that is stuck fails instead of hanging.
pub(crate) async fn eventually<F: Future>(future: F) -> F::Output {
    within(300, future).await
}

/// Waits for something that has to come at once, which is within a second on a machine that does nothing else.
pub(crate) async fn at_once<F: Future>(future: F) -> F::Output {
    within(10, future).await
}

/// Waits until something is so of which nobody tells.
pub(crate) async fn until(is_so: impl Fn() -> bool) {
    eventually(async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    })
    .await;
}

async fn within<F: Future>(turns: u32, future: F) -> F::Output {
    let mut patience = JoinSet::new();
    patience.spawn(async move {
        for _ in 0..turns {
            tokio::time::sleep(TURN).await;
        }
    });
    tokio::select! {
        biased;
        output = future => output,
        _ = patience.join_next() => panic!("this does not take so long"),
    }
}
