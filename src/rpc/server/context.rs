//! What a method can learn about its call, besides the arguments.

use std::fmt;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use tokio_util::sync::CancellationToken;

use super::extensions::Extensions;
use super::lost::Lost;
use super::registry::{Entry, Registry};
use super::settings::Settings;
use crate::rpc::error::{Result, ServerError};
use crate::rpc::http::server::Handshake;

/// A connection, as the methods that are called over it see it. Cheap to clone; clones share the extensions.
///
/// [`Server::serve_connection_with`](super::Server::serve_connection_with) takes one, for what only you know about the
/// stream, such as the identity of the client.
#[derive(Debug, Clone, Default)]
pub struct Connection(Arc<Known>);

#[derive(Debug, Clone, Default)]
struct Known {
    peer: Option<SocketAddr>,
    handshake: Option<Arc<Handshake>>,
    /// Made when they are asked for: most applications keep nothing.
    extensions: OnceLock<Arc<Extensions>>,
}

impl Connection {
    /// A connection about which nothing is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same connection, with the address of the client.
    #[must_use]
    pub fn with_peer(self, peer: SocketAddr) -> Self {
        self.with_known(|known| known.peer = Some(peer))
    }

    /// The same connection, which began with this request.
    #[must_use]
    pub fn with_handshake(self, handshake: Handshake) -> Self {
        self.with_known(|known| known.handshake = Some(Arc::new(handshake)))
    }

    /// Clones that are there already know nothing of it, and share the extensions all the same.
    fn with_known(mut self, change: impl FnOnce(&mut Known)) -> Self {
        if Arc::get_mut(&mut self.0).is_none() {
            self.extensions();
        }
        change(Arc::make_mut(&mut self.0));
        self
    }

    /// The same connection, with a value among its extensions.
    #[must_use]
    pub fn with<T: Send + Sync + 'static>(self, value: T) -> Self {
        self.extensions().insert(value);
        self
    }

    /// The address of the client, over TCP.
    pub fn peer(&self) -> Option<SocketAddr> {
        self.0.peer
    }

    /// The request with which a connection over HTTP began.
    pub fn handshake(&self) -> Option<&Handshake> {
        self.0.handshake.as_deref()
    }

    /// What the application keeps with the connection.
    pub fn extensions(&self) -> &Extensions {
        self.0.extensions.get_or_init(Arc::default)
    }
}

/// A call, as its method sees it: which it is, whose, and whether the answer is still wanted.
///
/// A method gets it with [`#[rpc(context)]`](macro@crate::service). It has no deadline, since net/rpc sends none.
#[derive(Clone)]
pub struct Context(Arc<Call>);

struct Call {
    route: Arc<Route>,
    seq: u64,
    /// Made when somebody asks for it.
    cancelled: OnceLock<CancellationToken>,
    /// Whether the arguments were decoded.
    started: AtomicBool,
}

/// What the calls of one method over one connection have in common. They count themselves here, and nowhere where other
/// connections do: processors would have to wait for each other.
pub(super) struct Route {
    method: Called,
    connection: Connection,
    lost: Lost,
    settings: Arc<Settings>,
}

/// What is called: a method that exists, or a name, and why there is none.
enum Called {
    Method(Arc<Entry>),
    Unknown(String, ServerError),
}

impl Route {
    pub(super) fn new(
        registry: &Registry,
        service_method: &str,
        connection: Connection,
        lost: Lost,
        settings: Arc<Settings>,
    ) -> Self {
        let method = match registry.find(service_method) {
            Ok(entry) => Called::Method(entry),
            Err(error) => Called::Unknown(service_method.to_owned(), error),
        };
        Self { method, connection, lost, settings }
    }

    /// `Service.Method`, as the client wrote it.
    pub(super) fn name(&self) -> &str {
        match &self.method {
            Called::Method(entry) => entry.name(),
            Called::Unknown(name, _) => name,
        }
    }

    /// The method, if there is one.
    pub(super) fn entry(&self) -> Result<&Entry, &ServerError> {
        match &self.method {
            Called::Method(entry) => Ok(entry),
            Called::Unknown(_, error) => Err(error),
        }
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }
}

impl Context {
    pub(super) fn new(route: Arc<Route>, seq: u64) -> Self {
        Self(Arc::new(Call { route, seq, cancelled: OnceLock::new(), started: AtomicBool::new(false) }))
    }

    /// That of another call of the same method. It takes the place of this one, if no method has kept it.
    pub(super) fn next(mut self, seq: u64) -> Self {
        match Arc::get_mut(&mut self.0) {
            Some(call) => {
                (call.seq, call.cancelled, call.started) = (seq, OnceLock::new(), AtomicBool::new(false));
                self
            }
            None => Self::new(Arc::clone(&self.0.route), seq),
        }
    }

    pub(super) fn route(&self) -> &Route {
        &self.0.route
    }

    /// `Service.Method`, as the client wrote it.
    pub fn service_method(&self) -> &str {
        self.0.route.name()
    }

    /// The number that the client gave the call.
    pub fn seq(&self) -> u64 {
        self.0.seq
    }

    /// The connection over which the call came.
    pub fn connection(&self) -> &Connection {
        &self.0.route.connection
    }

    /// The address of the client, over TCP.
    pub fn peer(&self) -> Option<SocketAddr> {
        self.0.route.connection.peer()
    }

    /// Completes when nobody waits for the answer any more, because the client has cancelled the call or was cut off. A
    /// client that has only closed its sending side still waits (R66), and one that has closed its connection looks
    /// the same until something is written to it.
    pub async fn cancelled(&self) {
        self.token().cancelled().await;
    }

    /// Whether nobody waits for the answer any more.
    pub fn is_cancelled(&self) -> bool {
        self.0.cancelled.get().map_or_else(|| self.0.route.lost.is_lost(), CancellationToken::is_cancelled)
    }

    /// The token behind [`cancelled`](Self::cancelled), to pass on to what the method starts.
    pub fn token(&self) -> &CancellationToken {
        self.0.cancelled.get_or_init(|| self.0.route.lost.token())
    }

    /// The method begins. That is when a call counts, and not when its arguments do not fit (R50).
    pub(super) fn note_started(&self) {
        self.0.started.store(true, Ordering::Relaxed);
        if let Ok(entry) = self.route().entry() {
            entry.count();
        }
    }

    pub(super) fn has_started(&self) -> bool {
        self.0.started.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("service_method", &self.service_method())
            .field("seq", &self.0.seq)
            .field("connection", self.connection())
            .field("is_cancelled", &self.is_cancelled())
            .finish_non_exhaustive()
    }
}
