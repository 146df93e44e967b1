//! `Server`: registered methods, and the connections that call them.

mod connection;
mod context;
mod debug;
mod dispatch;
mod listener;
mod options;
mod registry;
mod shutdown;

use std::fmt::Display;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio_util::sync::CancellationToken;

use self::connection::Serving;
pub use self::context::{Connection, Context};
pub use self::dispatch::{Dispatch, Incoming, Method, Outgoing, ReplyFuture};
pub use self::listener::Listener;
use self::options::Options;
pub use self::registry::{MethodInfo, ServiceInfo};
use self::registry::{Registered, Registry};
pub use self::shutdown::Drained;
use crate::gob::{Gob, Limits};
use crate::rpc::codec::{GobCodec, ServerCodec};
use crate::rpc::error::{Error, Result, ServerError};
use crate::rpc::http::MAX_HEAD;
use crate::rpc::http::server::{self as http, Answer, HttpRequest};

/// The debug page for these services, to the byte as Go renders it (R80).
pub fn debug_page(services: &[ServiceInfo]) -> String {
    debug::page(services)
}

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
/// Every call runs in a task of its own, and its reply is sent when it is ready, in whatever order. It is cheap to
/// clone; clones share the methods, also those that are registered later.
#[derive(Debug, Clone, Default)]
pub struct Server {
    registry: Arc<Registry>,
    options: Arc<Options>,
    /// The first registration that failed. It is reported when serving begins.
    failed: Option<Error>,
}

/// Methods.
impl Server {
    /// A server without methods.
    pub fn new() -> Self {
        Self::default()
    }

    /// Registers the methods of a receiver under its own name: Go's `Server.Register`. A receiver is made by
    /// [`service`](macro@crate::service).
    ///
    /// A name that is taken or empty is an error when serving begins (R33).
    #[must_use]
    pub fn register<D: Dispatch>(self, receiver: D) -> Self {
        let name = receiver.name();
        self.register_name(name, receiver)
    }

    /// Registers the methods of a receiver under another name: Go's `Server.RegisterName`. A receiver without methods
    /// is an error too.
    #[must_use]
    pub fn register_name<D: Dispatch>(self, name: &str, receiver: D) -> Self {
        let result = self.add_name(name, receiver);
        self.note(result)
    }

    /// Registers the methods of a receiver under its own name, on a server that may be serving already (R32).
    ///
    /// # Errors
    /// [`Error::Register`] with Go's text (R33). Nothing is registered then.
    pub fn add<D: Dispatch>(&self, receiver: D) -> Result<()> {
        self.add_name(receiver.name(), receiver)
    }

    /// Registers the methods of a receiver under another name, on a server that may be serving already.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    pub fn add_name<D: Dispatch>(&self, name: &str, receiver: D) -> Result<()> {
        self.registry.register(name, Arc::new(receiver))
    }

    /// Registers a function as `Service.Method`. Several methods of one service may be registered one by one.
    ///
    /// A name that is taken, or without a dot, is an error when serving begins.
    #[must_use]
    pub fn method<A, T, E, F, Fut>(self, name: &str, function: F) -> Self
    where
        A: Gob + DeserializeOwned + Send + 'static,
        T: Gob + Serialize + Send + Sync + 'static,
        E: Display,
        F: Fn(A) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<T, E>> + Send,
    {
        self.method_with_context(name, move |_, args| function(args))
    }

    /// Registers a function that wants to know of the call, too.
    ///
    /// As [`method`](Self::method).
    #[must_use]
    pub fn method_with_context<A, T, E, F, Fut>(self, name: &str, function: F) -> Self
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
        let result = self.registry.method(name, Registered::new(A::ty, T::ty, handler));
        self.note(result)
    }

    /// What is registered, sorted by name, and how often each method was called.
    pub fn services(&self) -> Vec<ServiceInfo> {
        self.registry.services()
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
}

/// What clients are allowed. Unless said otherwise here, all that Go allows.
impl Server {
    fn with(mut self, change: impl FnOnce(&mut Options)) -> Self {
        change(Arc::make_mut(&mut self.options));
        self
    }

    /// Limits on the gob streams of clients.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        self.with(|options| options.limits = limits)
    }

    /// How many calls of one connection may run at a time. With so many, nothing more is read from it until one of them
    /// ends. With one, calls run in the order in which they came, and so do their replies: what Go programs do with
    /// `ServeRequest` in a loop (R63).
    #[must_use]
    pub fn max_in_flight(self, count: usize) -> Self {
        self.with(|options| options.max_in_flight = count)
    }

    /// How many connections [`serve`](Self::serve) keeps at a time; further ones wait to be accepted.
    #[must_use]
    pub fn max_connections(self, count: usize) -> Self {
        self.with(|options| options.max_connections = count.max(1))
    }

    /// Closes a connection from which nothing arrives for so long while none of its calls runs.
    #[must_use]
    pub fn idle_timeout(self, timeout: Duration) -> Self {
        self.with(|options| options.idle_timeout = Some(timeout))
    }

    /// How long a client may take over its HTTP request.
    #[must_use]
    pub fn handshake_timeout(self, timeout: Duration) -> Self {
        self.with(|options| options.handshake_timeout = Some(timeout))
    }

    /// The HTTP paths of RPC and of the debug page, in place of Go's own: what `HandleHTTP` takes.
    #[must_use]
    pub fn http_paths(self, rpc: &str, debug: &str) -> Self {
        self.with(|options| options.paths = http::Paths { rpc: rpc.to_owned(), debug: debug.to_owned() })
    }

    /// Asks `authorize` about each call before its arguments are decoded. The call is answered with its error, if it has
    /// one.
    ///
    /// ```
    /// use gobrpc::rpc::{Context, Server};
    ///
    /// let server = Server::new().authorize(|cx: &Context| {
    ///     match cx.connection().http().and_then(|request| request.header("Authorization")) {
    ///         Some("Bearer let-me-in") => Ok(()),
    ///         _ => Err("not authorized"),
    ///     }
    /// });
    /// ```
    #[must_use]
    pub fn authorize<E, F>(self, authorize: F) -> Self
    where
        E: Display,
        F: Fn(&Context) -> Result<(), E> + Send + Sync + 'static,
    {
        let authorize = move |cx: &Context| authorize(cx).map_err(|error| ServerError::from(error.to_string()));
        self.with(|options| options.authorize = Some(Arc::new(authorize)))
    }
}

/// Connections.
impl Server {
    /// Serves all connections of a listener, until the future is dropped: Go's `Server.Accept`. Connections end with
    /// it; methods that run go on.
    ///
    /// # Errors
    /// When a registration had failed. An error of accepting is waited out, since it passes.
    pub async fn serve<L: Listener>(self, listener: L) -> Result<()> {
        self.serve_until(listener, std::future::pending(), Duration::ZERO).await.map(drop)
    }

    /// Serves all connections of a listener until `signal` is ready. Then it accepts no more, reads no more, waits until
    /// the calls that run are answered, but no longer than `patience`, and says what became of the connections.
    ///
    /// # Errors
    /// When a registration had failed.
    pub async fn serve_until<L: Listener>(
        self,
        listener: L,
        signal: impl Future<Output = ()>,
        patience: Duration,
    ) -> Result<Drained> {
        self.check()?;
        let max = self.options.max_connections;
        let serve = move |io: L::Io, stop| {
            let server = self.clone();
            async move { server.connection(L::peer(&io), io, stop).await }
        };
        Ok(shutdown::accept(listener, max, serve, signal, patience).await)
    }

    /// Serves RPC over HTTP on all connections of a listener, under the path that Go clients ask for, and the debug page
    /// under the other: Go's `HandleHTTP` with `http.Serve`.
    ///
    /// # Errors
    /// As [`serve`](Self::serve).
    pub async fn serve_http<L: Listener>(self, listener: L) -> Result<()> {
        self.serve_http_until(listener, std::future::pending(), Duration::ZERO).await.map(drop)
    }

    /// Serves RPC over HTTP until `signal` is ready, as [`serve_until`](Self::serve_until).
    ///
    /// # Errors
    /// When a registration had failed.
    pub async fn serve_http_until<L: Listener>(
        self,
        listener: L,
        signal: impl Future<Output = ()>,
        patience: Duration,
    ) -> Result<Drained> {
        self.check()?;
        let max = self.options.max_connections;
        let serve = move |io: L::Io, stop| {
            let server = self.clone();
            async move { server.http_connection(L::peer(&io), io, stop).await }
        };
        Ok(shutdown::accept(listener, max, serve, signal, patience).await)
    }

    /// Serves one connection over any stream of bytes, until the client has closed and every reply is sent: Go's
    /// `Server.ServeConn`.
    ///
    /// # Errors
    /// When a registration had failed, or writing does.
    pub async fn serve_connection<IO>(&self, io: IO) -> Result<()>
    where
        IO: AsyncRead + AsyncWrite + Send + Unpin,
    {
        self.check()?;
        self.connection(None, io, CancellationToken::new()).await
    }

    /// Serves one connection with any codec: Go's `Server.ServeCodec`.
    ///
    /// # Errors
    /// As [`serve_connection`](Self::serve_connection).
    pub async fn serve_codec<IO>(&self, io: IO, codec: impl ServerCodec) -> Result<()>
    where
        IO: AsyncRead + AsyncWrite + Send + Unpin,
    {
        self.check()?;
        self.serving(None, None, CancellationToken::new()).serve(io, codec, BytesMut::new()).await
    }

    /// Serves one HTTP connection: the `CONNECT` request, then RPC.
    ///
    /// # Errors
    /// As [`serve_connection`](Self::serve_connection).
    pub async fn serve_http_connection<IO>(&self, io: IO) -> Result<()>
    where
        IO: AsyncRead + AsyncWrite + Send + Unpin,
    {
        self.check()?;
        self.http_connection(None, io, CancellationToken::new()).await
    }

    fn serving(&self, peer: Option<String>, http: Option<HttpRequest>, stop: CancellationToken) -> Serving<'_> {
        let connection = Connection::new(peer, http);
        Serving { registry: &self.registry, options: &self.options, connection, stop }
    }

    async fn connection<IO>(&self, peer: Option<String>, io: IO, stop: CancellationToken) -> Result<()>
    where
        IO: AsyncRead + AsyncWrite + Send + Unpin,
    {
        let codec = GobCodec::new(self.options.limits);
        self.serving(peer, None, stop).serve(io, codec, BytesMut::new()).await
    }

    async fn http_connection<IO>(&self, peer: Option<String>, mut io: IO, stop: CancellationToken) -> Result<()>
    where
        IO: AsyncRead + AsyncWrite + Send + Unpin,
    {
        let handshake = self.handshake(&mut io);
        let agreed = match self.options.handshake_timeout {
            Some(timeout) => tokio::time::timeout(timeout, handshake).await.unwrap_or(Ok(None)),
            None => handshake.await,
        };
        match agreed? {
            Some((request, input)) => {
                let codec = GobCodec::new(self.options.limits);
                self.serving(peer, Some(request), stop).serve(io, codec, input).await
            }
            None => Ok(()),
        }
    }

    /// Answers the HTTP request; what comes after it, if RPC does.
    async fn handshake<IO>(&self, io: &mut IO) -> Result<Option<(HttpRequest, BytesMut)>>
    where
        IO: AsyncRead + AsyncWrite + Send + Unpin,
    {
        let mut input = BytesMut::new();
        let text = loop {
            if input.len() > MAX_HEAD || io.read_buf(&mut input).await? == 0 {
                return Ok(None);
            }
            match http::answer(&input, &self.options.paths) {
                Answer::Incomplete => {}
                Answer::Refused(text) => break text.to_owned(),
                Answer::Debug { head_only } => break http::debug_response(&debug::page(&self.services()), head_only),
                Answer::Connected(text, len, request) => {
                    // Nothing may follow before the client speaks: Go's drops it (R75).
                    io.write_all(text.as_bytes()).await?;
                    return Ok(Some((request, input.split_off(len))));
                }
            }
        };
        io.write_all(text.as_bytes()).await?;
        io.shutdown().await?;
        Ok(None)
    }
}
