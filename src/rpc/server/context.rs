//! `Context`: what a method may know of its call and its connection.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tokio_util::sync::CancellationToken;

use crate::rpc::http::server::HttpRequest;

/// The call that a method answers, and the connection it came over.
///
/// A method of a [`service`](macro@crate::service) takes one as a further argument, marked with `#[rpc(context)]`:
///
/// ```
/// use gobrpc::rpc::Context;
///
/// struct Clock;
///
/// #[gobrpc::service]
/// impl Clock {
///     async fn tick(&self, #[rpc(context)] cx: &Context, count: i64) -> Result<i64, &'static str> {
///         tokio::select! {
///             () = cx.cancelled() => Err("context canceled"),
///             () = tokio::task::yield_now() => Ok(count + 1),
///         }
///     }
/// }
/// ```
///
/// It is cheap to clone.
#[derive(Clone)]
pub struct Context(Arc<Call>);

struct Call {
    service_method: String,
    seq: u64,
    connection: Connection,
    cancelled: CancellationToken,
}

impl Context {
    pub(super) fn new(service_method: String, seq: u64, connection: Connection) -> Self {
        Self(Arc::new(Call { service_method, seq, connection, cancelled: CancellationToken::new() }))
    }

    /// `Service.Method`, as the client wrote it.
    pub fn service_method(&self) -> &str {
        &self.0.service_method
    }

    /// The number the client gave the call. It is the client's own affair, and may come twice (R57).
    pub fn seq(&self) -> u64 {
        self.0.seq
    }

    /// The connection.
    pub fn connection(&self) -> &Connection {
        &self.0.connection
    }

    /// Whether nobody waits for the reply any more: the client said so with `_goRPC_.Cancel` (R137), or the connection
    /// was lost. A client that has only stopped sending still takes replies (R66).
    pub fn is_cancelled(&self) -> bool {
        self.0.cancelled.is_cancelled()
    }

    /// Waits until the call is cancelled.
    pub async fn cancelled(&self) {
        self.0.cancelled.cancelled().await;
    }

    /// A token that tells of the same, to hand on.
    pub fn cancellation(&self) -> CancellationToken {
        self.0.cancelled.clone()
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("service_method", &self.0.service_method)
            .field("seq", &self.0.seq)
            .field("connection", &self.0.connection)
            .field("is_cancelled", &self.is_cancelled())
            .finish()
    }
}

/// A connection, as the methods called over it see it.
#[derive(Clone, Default)]
pub struct Connection(Arc<Inner>);

#[derive(Default)]
struct Inner {
    peer: Option<String>,
    http: Option<HttpRequest>,
    state: Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
}

impl Connection {
    pub(super) fn new(peer: Option<String>, http: Option<HttpRequest>) -> Self {
        Self(Arc::new(Inner { peer, http, state: Mutex::default() }))
    }

    /// The address of the client, if the listener knows one.
    pub fn peer(&self) -> Option<&str> {
        self.0.peer.as_deref()
    }

    /// The `CONNECT` request with which the connection began, if it did.
    pub fn http(&self) -> Option<&HttpRequest> {
        self.0.http.as_ref()
    }

    /// State of the connection: one value of each type, made when it is asked for first, and shared by all calls.
    pub fn state<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        let value = state.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default()));
        // It cannot fail: the key is the type.
        Arc::clone(value).downcast().unwrap_or_default()
    }

    /// Puts a value of its type in place of the one that is there.
    pub fn set_state<T: Send + Sync + 'static>(&self, value: T) {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.insert(TypeId::of::<T>(), Arc::new(value));
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("peer", &self.0.peer).field("http", &self.0.http).finish_non_exhaustive()
    }
}
