//! How a server treats its clients.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::context::Context;
use super::dispatch::{Incoming, ReplyFuture};
#[cfg(feature = "tower")]
use super::layer::Stack;
use crate::gob::Limits;
use crate::rpc::error::ServerError;
use crate::rpc::http::server::Paths;

/// A check before a call: see [`Server::authorize`](super::Server::authorize).
pub(super) type Check = Arc<dyn Fn(&Context) -> Result<(), ServerError> + Send + Sync>;

#[derive(Clone)]
pub(super) struct Settings {
    pub(super) limits: Limits,
    /// How many calls of a connection run at the same time.
    pub(super) max_in_flight: usize,
    pub(super) max_connections: usize,
    pub(super) idle_timeout: Option<Duration>,
    pub(super) read_timeout: Option<Duration>,
    pub(super) write_timeout: Option<Duration>,
    pub(super) handshake_timeout: Duration,
    pub(super) drain_timeout: Duration,
    pub(super) cancels: bool,
    pub(super) paths: Paths,
    pub(super) authorize: Option<Check>,
    #[cfg(feature = "tower")]
    pub(super) stack: Option<Stack>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            max_in_flight: usize::MAX,
            max_connections: usize::MAX,
            idle_timeout: None,
            read_timeout: None,
            write_timeout: None,
            handshake_timeout: Duration::from_secs(10),
            drain_timeout: Duration::from_secs(30),
            cancels: true,
            paths: Paths::default(),
            authorize: None,
            #[cfg(feature = "tower")]
            stack: None,
        }
    }
}

impl Settings {
    /// Whether anything is asked before it is looked for.
    pub(super) fn check(&self, context: &Context) -> Result<(), ServerError> {
        self.authorize.as_ref().map_or(Ok(()), |check| check(context))
    }

    /// Runs a method, with all that lies around it.
    pub(super) fn invoke(&self, call: Incoming) -> ReplyFuture {
        #[cfg(feature = "tower")]
        if let Some(stack) = &self.stack {
            return stack.invoke(call);
        }
        call.run()
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("limits", &self.limits)
            .field("max_in_flight", &self.max_in_flight)
            .field("max_connections", &self.max_connections)
            .field("idle_timeout", &self.idle_timeout)
            .field("read_timeout", &self.read_timeout)
            .field("write_timeout", &self.write_timeout)
            .field("handshake_timeout", &self.handshake_timeout)
            .field("drain_timeout", &self.drain_timeout)
            .field("cancels", &self.cancels)
            .field("paths", &self.paths)
            .finish_non_exhaustive()
    }
}
