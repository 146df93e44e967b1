//! What a server allows its clients.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::context::Context;
use crate::gob::Limits;
use crate::rpc::error::ServerError;
use crate::rpc::http::server::Paths;

type Authorize = dyn Fn(&Context) -> Result<(), ServerError> + Send + Sync;

#[derive(Clone)]
pub(super) struct Options {
    pub(super) limits: Limits,
    pub(super) paths: Paths,
    pub(super) max_in_flight: usize,
    pub(super) max_connections: usize,
    pub(super) idle_timeout: Option<Duration>,
    pub(super) handshake_timeout: Option<Duration>,
    pub(super) authorize: Option<Arc<Authorize>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            paths: Paths::default(),
            max_in_flight: usize::MAX,
            max_connections: usize::MAX,
            idle_timeout: None,
            handshake_timeout: None,
            authorize: None,
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("limits", &self.limits)
            .field("paths", &self.paths)
            .field("max_in_flight", &self.max_in_flight)
            .field("max_connections", &self.max_connections)
            .field("idle_timeout", &self.idle_timeout)
            .field("handshake_timeout", &self.handshake_timeout)
            .field("authorize", &self.authorize.is_some())
            .finish()
    }
}
