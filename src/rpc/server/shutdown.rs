//! Accepting connections, and ending with them in good order.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::listener::{Backoff, Listener};
use crate::rpc::error::Result;

/// What became of the connections that were open when a server was told to stop.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Drained {
    /// Connections that ended in time, with every call answered.
    pub drained: usize,
    /// Connections that were cut, with calls that still ran or replies that nobody took.
    pub cut: usize,
}

/// Serves the connections of a listener until `signal` is ready, and then no longer than `patience`.
pub(super) async fn accept<L, F, Fut>(
    mut listener: L,
    max: usize,
    serve: F,
    signal: impl Future<Output = ()>,
    patience: Duration,
) -> Drained
where
    L: Listener,
    F: Fn(L::Io, CancellationToken) -> Fut,
    Fut: Future<Output = Result<()>> + Send + 'static,
{
    let stop = CancellationToken::new();
    let mut signal = pin!(signal);
    let mut connections = JoinSet::new();
    let mut delay = Backoff::new();
    loop {
        tokio::select! {
            biased;
            () = &mut signal => break,
            // How a connection ended is its own affair; it only has to be taken off the list.
            Some(_) = connections.join_next() => {}
            accepted = listener.accept(), if connections.len() < max => match accepted {
                Ok(io) => {
                    delay = Backoff::new();
                    connections.spawn(serve(io, stop.clone()));
                }
                // Out of file descriptors, say: what is open goes on, and closes some (Go gives up here, R64).
                Err(_) => delay.wait().await,
            },
        }
    }
    drop(listener);
    stop.cancel();
    let mut report = Drained::default();
    let drain = async {
        while connections.join_next().await.is_some() {
            report.drained += 1;
        }
    };
    let _ = tokio::time::timeout(patience, drain).await;
    report.cut = connections.len();
    connections.shutdown().await;
    report
}
