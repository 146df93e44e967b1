//! `Server`: registered methods, and the connections that call them.

mod accept;
mod call;
mod connection;
mod context;
mod deadline;
mod debug;
mod dispatch;
mod extensions;
#[cfg(feature = "hyper")]
mod hyper;
#[cfg(feature = "tower")]
mod layer;
mod linger;
mod listener;
mod lost;
mod pace;
mod policies;
mod registry;
mod requests;
mod settings;
mod signals;
mod web;

use std::fmt::Display;
use std::future::Future;
use std::sync::Arc;

use bytes::BytesMut;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncWrite};

pub use self::accept::Drained;
use self::connection::Setup;
pub use self::context::{Connection, Context};
pub use self::dispatch::{Dispatch, Incoming, Method, Outgoing, ReplyFuture};
pub use self::extensions::Extensions;
#[cfg(feature = "tower")]
pub use self::layer::Invoke;
pub use self::listener::Listener;
use self::registry::{Entry, Registry};
pub use self::registry::{MethodInfo, ServiceInfo};
pub use self::requests::{Requests, Served};
use self::settings::Settings;
use self::signals::Signals;
use crate::gob::Gob;
use crate::gob::ty::TypeRef;
use crate::rpc::codec::{GobCodec, ServerCodec};
use crate::rpc::error::{Error, Result};

/// A net/rpc server: Go's `rpc.Server`.
///
/// ```no_run
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// use std::convert::Infallible;
///
/// use gobrpc::rpc::Server;
///
/// let listener = tokio::net::TcpListener::bind("localhost:1234").await?;
/// Server::new()
///     .method("Echo.Say", |text: String| async move { Ok::<_, Infallible>(text) })
///     .serve(listener)
///     .await?;
/// # Ok(())
/// # }
/// ```
///
/// Every call runs in a task of its own, and its reply is sent as soon as it is ready, in any order. There is one
/// exception: a method whose last calls all finished or began to wait within microseconds is first run where its
/// connection is read, and moved to a task if it has to wait. A method that blocks its thread must say so with
/// `#[rpc(blocking)]`, above all if it waits for another call of the same connection: see
/// [`service`](macro@crate::service).
///
/// # Registration
///
/// [`register`](Self::register), [`register_name`](Self::register_name) and [`method`](Self::method) are for what is
/// known when the server is built; a registration that fails is reported when serving begins. Each has a `try_` form
/// that takes the server by reference and returns the error at once. It also works while the server serves: a server
/// is cheap to clone, and clones share all services, including those registered later (R32). As in Go, a service cannot
/// be removed.
///
/// # Policies
///
/// By default a server does what Go's does, except that it limits what it reads and the time of an HTTP handshake.
/// [`limits`](Self::limits), [`max_in_flight`](Self::max_in_flight), [`serial`](Self::serial),
/// [`max_connections`](Self::max_connections), the timeouts and [`authorize`](Self::authorize) change that for this
/// value and clones made of it later, so that two listeners can serve the same methods on different terms.
#[derive(Debug, Clone, Default)]
pub struct Server {
    registry: Arc<Registry>,
    settings: Arc<Settings>,
    /// The first registration that failed. It is reported when serving begins.
    failed: Option<Error>,
}

impl Server {
    /// A server without methods.
    pub fn new() -> Self {
        Self::default()
    }

    /// Registers the methods of a receiver under its own name: Go's `Server.Register`. A receiver is made by
    /// [`service`](macro@crate::service).
    ///
    /// A name that is taken or does not begin with an upper-case letter, or a receiver without methods, is an error
    /// when serving begins (R33).
    #[must_use]
    pub fn register<D: Dispatch>(self, receiver: D) -> Self {
        let result = self.try_register(receiver);
        self.note(result)
    }

    /// Registers the methods of a receiver under another name: Go's `Server.RegisterName`. The name may be anything
    /// that is not empty and not taken (R34).
    #[must_use]
    pub fn register_name<D: Dispatch>(self, name: &str, receiver: D) -> Self {
        let result = self.try_register_name(name, receiver);
        self.note(result)
    }

    /// Registers a function as `Service.Method`. Several methods of one service may be registered one by one.
    ///
    /// A name that is taken, or has nothing on one side of its last dot, is an error when serving begins.
    #[must_use]
    pub fn method<A, T, E, F, Fut>(self, name: &str, function: F) -> Self
    where
        A: Gob + DeserializeOwned + Send + 'static,
        T: Gob + Serialize + Send + Sync + 'static,
        E: Display,
        F: Fn(A) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<T, E>> + Send,
    {
        let result = self.try_method(name, function);
        self.note(result)
    }

    /// As [`method`](Self::method), for a function that needs the context of its call.
    ///
    /// ```
    /// # use std::convert::Infallible;
    /// # use gobrpc::rpc::Server;
    /// Server::new().method_with_context("Who.AmI", |cx, (): ()| async move {
    ///     Ok::<_, Infallible>(format!("{:?}", cx.peer()))
    /// })
    /// # ;
    /// ```
    #[must_use]
    pub fn method_with_context<A, T, E, F, Fut>(self, name: &str, function: F) -> Self
    where
        A: Gob + DeserializeOwned + Send + 'static,
        T: Gob + Serialize + Send + Sync + 'static,
        E: Display,
        F: Fn(Context, A) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<T, E>> + Send,
    {
        let result = self.try_method_with_context(name, function);
        self.note(result)
    }

    fn note(mut self, result: Result<()>) -> Self {
        if self.failed.is_none() {
            self.failed = result.err();
        }
        self
    }

    fn check(&self) -> Result<()> {
        self.failed.clone().map_or(Ok(()), Err)
    }

    /// As [`register`](Self::register), at once, and while the server serves.
    ///
    /// # Errors
    /// With Go's texts (R33), as [`Error::Register`].
    pub fn try_register<D: Dispatch>(&self, receiver: D) -> Result<()> {
        self.registry.register(receiver)
    }

    /// As [`register_name`](Self::register_name), at once, and while the server serves.
    ///
    /// # Errors
    /// As [`try_register`](Self::try_register).
    pub fn try_register_name<D: Dispatch>(&self, name: &str, receiver: D) -> Result<()> {
        self.registry.register_name(name, receiver)
    }

    /// As [`method`](Self::method), at once, and while the server serves.
    ///
    /// # Errors
    /// When the name is taken, or has nothing on one side of its last dot.
    pub fn try_method<A, T, E, F, Fut>(&self, name: &str, function: F) -> Result<()>
    where
        A: Gob + DeserializeOwned + Send + 'static,
        T: Gob + Serialize + Send + Sync + 'static,
        E: Display,
        F: Fn(A) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<T, E>> + Send,
    {
        self.try_method_with_context(name, move |_, args| function(args))
    }

    /// As [`method_with_context`](Self::method_with_context), at once, and while the server serves.
    ///
    /// # Errors
    /// As [`try_method`](Self::try_method).
    pub fn try_method_with_context<A, T, E, F, Fut>(&self, name: &str, function: F) -> Result<()>
    where
        A: Gob + DeserializeOwned + Send + 'static,
        T: Gob + Serialize + Send + Sync + 'static,
        E: Display,
        F: Fn(Context, A) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<T, E>> + Send,
    {
        let function = Arc::new(function);
        let handler = move |call: Incoming| {
            let (function, context) = (Arc::clone(&function), call.context().clone());
            call.answer(move |args| async move { function(context, args).await })
        };
        let types = (TypeRef::new(A::ty), TypeRef::new(T::ty));
        self.registry.method(Entry::new(name.to_owned(), types, Box::new(handler)))
    }

    /// The services and methods, sorted by name, and how often they were called.
    pub fn services(&self) -> Vec<ServiceInfo> {
        self.registry.services()
    }

    /// Go's debug page of [`services`](Self::services), to be served as `text/html`. It equals, byte for byte, that of
    /// a Go server that has the same methods with the same types (R80).
    pub fn debug_page(&self) -> String {
        debug::page(&self.services())
    }

    /// Serves all connections of a listener, until the future is dropped: Go's `Server.Accept`. Connections end with
    /// it; methods that run go on.
    ///
    /// # Errors
    /// When a registration had failed. Errors of accepting are retried after a pause, since they pass.
    pub async fn serve<L: Listener>(self, listener: L) -> Result<()> {
        self.serve_with_shutdown(listener, std::future::pending()).await.map(drop)
    }

    /// As [`serve`](Self::serve), until `shutdown` is ready. Then no connection is accepted and none is read any
    /// more, and the calls that run have [a while](Self::drain_timeout) to be done and answered (R138). Their clients
    /// see the connection end, as if the server had closed it.
    ///
    /// # Errors
    /// As [`serve`](Self::serve).
    pub async fn serve_with_shutdown<L: Listener>(
        self,
        listener: L,
        shutdown: impl Future<Output = ()>,
    ) -> Result<Drained> {
        let limits = self.settings.limits;
        self.serve_with_codec(listener, shutdown, move || GobCodec::new(limits)).await
    }

    /// Serves all connections of a listener through another codec, until `shutdown` is ready. `codec` makes one for
    /// each connection.
    ///
    /// ```no_run
    /// # async fn run(listener: tokio::net::TcpListener) -> Result<(), gobrpc::rpc::Error> {
    /// use gobrpc::gob::Limits;
    /// use gobrpc::rpc::{Server, codec::GobCodec};
    ///
    /// let strict = Limits::new().message(1 << 20);
    /// Server::new().serve_with_codec(listener, std::future::pending(), move || GobCodec::new(strict)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`serve`](Self::serve).
    pub async fn serve_with_codec<L, C, F>(
        self,
        listener: L,
        shutdown: impl Future<Output = ()>,
        codec: F,
    ) -> Result<Drained>
    where
        L: Listener,
        C: ServerCodec,
        F: Fn() -> C,
    {
        self.check()?;
        let serve = |io, signals| {
            let setup = Setup { signals, ..self.setup(L::connection(&io)) };
            connection::serve(setup, io, codec(), BytesMut::new())
        };
        Ok(accept::accept(listener, &self.settings, shutdown, serve).await)
    }

    /// Serves JSON-RPC 1.0 on all connections of a listener, as Go does with `jsonrpc.NewServerCodec` (R118). For an
    /// end to it use [`serve_with_codec`](Self::serve_with_codec) with a [`JsonCodec`](crate::rpc::codec::JsonCodec).
    ///
    /// # Errors
    /// As [`serve`](Self::serve).
    #[cfg(feature = "jsonrpc")]
    pub async fn serve_json<L: Listener>(self, listener: L) -> Result<()> {
        let limits = self.settings.limits;
        let codec = move || crate::rpc::codec::JsonCodec::with_limits(limits);
        self.serve_with_codec(listener, std::future::pending(), codec).await.map(drop)
    }

    /// Serves RPC over HTTP on all connections of a listener, under the path that Go clients ask for, with Go's debug
    /// page beside it: Go's `HandleHTTP` with `http.Serve`. To serve it among other routes, use the feature `hyper`.
    ///
    /// # Errors
    /// As [`serve`](Self::serve).
    pub async fn serve_http<L: Listener>(self, listener: L) -> Result<()> {
        self.serve_http_with_shutdown(listener, std::future::pending()).await.map(drop)
    }

    /// As [`serve_http`](Self::serve_http), until `shutdown` is ready; then as
    /// [`serve_with_shutdown`](Self::serve_with_shutdown).
    ///
    /// # Errors
    /// As [`serve`](Self::serve).
    pub async fn serve_http_with_shutdown<L: Listener>(
        self,
        listener: L,
        shutdown: impl Future<Output = ()>,
    ) -> Result<Drained> {
        self.check()?;
        let serve = |io, signals| {
            let setup = Setup { signals, ..self.setup(L::connection(&io)) };
            web::serve(setup, io)
        };
        Ok(accept::accept(listener, &self.settings, shutdown, serve).await)
    }

    /// Serves one connection over any stream of bytes, until the client has closed and every reply is sent: Go's
    /// `Server.ServeConn`.
    ///
    /// # Errors
    /// When a registration had failed, when writing fails, when a deadline passes, or when the client sent no request.
    pub async fn serve_connection<IO>(&self, io: IO) -> Result<()>
    where
        IO: AsyncRead + AsyncWrite + Send + Unpin,
    {
        self.serve_connection_with(io, Connection::new()).await
    }

    /// As [`serve_connection`](Self::serve_connection), with what methods can learn about the connection.
    ///
    /// # Errors
    /// As [`serve_connection`](Self::serve_connection).
    pub async fn serve_connection_with<IO>(&self, io: IO, connection: Connection) -> Result<()>
    where
        IO: AsyncRead + AsyncWrite + Send + Unpin,
    {
        self.serve_codec_with(io, GobCodec::new(self.settings.limits), connection).await
    }

    /// Serves one connection with any codec: Go's `Server.ServeCodec`.
    ///
    /// # Errors
    /// As [`serve_connection`](Self::serve_connection).
    pub async fn serve_codec<IO>(&self, io: IO, codec: impl ServerCodec) -> Result<()>
    where
        IO: AsyncRead + AsyncWrite + Send + Unpin,
    {
        self.serve_codec_with(io, codec, Connection::new()).await
    }

    /// As [`serve_codec`](Self::serve_codec), with what methods can learn about the connection.
    ///
    /// # Errors
    /// As [`serve_connection`](Self::serve_connection).
    pub async fn serve_codec_with<IO>(&self, io: IO, codec: impl ServerCodec, connection: Connection) -> Result<()>
    where
        IO: AsyncRead + AsyncWrite + Send + Unpin,
    {
        self.check()?;
        connection::serve(self.setup(connection), io, codec, BytesMut::new()).await.0
    }

    /// Serves one HTTP connection: the `CONNECT` request, then RPC.
    ///
    /// # Errors
    /// As [`serve_connection`](Self::serve_connection).
    pub async fn serve_http_connection<IO>(&self, io: IO) -> Result<()>
    where
        IO: AsyncRead + AsyncWrite + Send + Unpin,
    {
        self.serve_http_connection_with(io, Connection::new()).await
    }

    /// As [`serve_http_connection`](Self::serve_http_connection), with what methods can learn about the connection
    /// besides the request.
    ///
    /// # Errors
    /// As [`serve_connection`](Self::serve_connection).
    pub async fn serve_http_connection_with<IO>(&self, io: IO, connection: Connection) -> Result<()>
    where
        IO: AsyncRead + AsyncWrite + Send + Unpin,
    {
        self.check()?;
        web::serve(self.setup(connection), io).await.0
    }

    fn setup(&self, connection: Connection) -> Setup {
        let (registry, settings) = (Arc::clone(&self.registry), Arc::clone(&self.settings));
        Setup { registry, settings, signals: Signals::default().listen(), connection }
    }
}
