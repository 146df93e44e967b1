//! Accepting connections, and how that ends.

use std::future::Future;
use std::pin::pin;

use tokio::task::JoinSet;

use super::context::Context;
use super::listener::{Backoff, Listener};
use super::settings::Settings;
use super::signals::{Listening, Order, Signals};
use crate::rpc::error::Result;
use crate::rpc::log;

/// How a shutdown went.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Drained {
    /// The calls that did not finish in time. Their clients got no answer, their [tokens](Context::token) are
    /// cancelled, and their methods run on until they notice that.
    pub cut: Vec<Context>,
}

/// Serves what comes, until `shutdown`. Connections then read no more, and have a while for the calls that run.
pub(super) async fn accept<L, F, Fut>(
    mut listener: L,
    settings: &Settings,
    shutdown: impl Future<Output = ()>,
    serve: F,
) -> Drained
where
    L: Listener,
    F: Fn(L::Io, Listening) -> Fut,
    Fut: Future<Output = (Result<()>, Vec<Context>)> + Send + 'static,
{
    let signals = Signals::default();
    let mut shutdown = pin!(shutdown);
    let mut connections = JoinSet::new();
    let mut delay = Backoff::new();
    loop {
        let accepted = async {
            let accepted = listener.accept().await;
            match &accepted {
                Ok(_) => delay = Backoff::new(),
                // Out of file descriptors, say: what is open goes on, and closes some (Go gives up here, R64).
                Err(error) => {
                    log::warn("rpc.Serve: accept", error);
                    delay.wait().await;
                }
            }
            accepted
        };
        tokio::select! {
            biased;
            () = &mut shutdown => break,
            // How a connection ended is its own affair; it only has to be taken off the list.
            Some(_) = connections.join_next() => {}
            accepted = accepted, if connections.len() < settings.max_connections => if let Ok(io) = accepted {
                connections.spawn(serve(io, signals.listen()));
            },
        }
    }
    drop(listener);
    signals.give(Order::Stop);
    let mut drained = Drained::default();
    let all_done = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(settings.drain_timeout, all_done).await.is_err() {
        signals.give(Order::Cut);
        while let Some(ended) = connections.join_next().await {
            drained.cut.extend(ended.map(|(_, cut)| cut).unwrap_or_default());
        }
    }
    drained
}
