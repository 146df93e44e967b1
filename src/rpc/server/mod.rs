//! `Server`: registered methods, and the connections that call them.

mod connection;
mod dispatch;
mod listener;
mod registry;

use std::fmt::Display;
use std::future::Future;
use std::sync::Arc;

use bytes::BytesMut;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::task::JoinSet;

pub use self::dispatch::{Dispatch, Incoming, Method, Outgoing, ReplyFuture};
pub use self::listener::Listener;
use self::registry::Registry;
use crate::gob::{Gob, Limits};
use crate::rpc::codec::{GobCodec, ServerCodec};
use crate::rpc::error::{Error, Result};
use crate::rpc::http::{self, Answer};

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
/// clone; clones share the methods registered before.
#[derive(Debug, Clone, Default)]
pub struct Server {
    registry: Arc<Registry>,
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
    /// A name that is taken or empty is an error when serving begins (R33).
    #[must_use]
    pub fn register<D: Dispatch>(self, receiver: D) -> Self {
        let name = receiver.name();
        self.register_name(name, receiver)
    }

    /// Registers the methods of a receiver under another name: Go's `Server.RegisterName`. A receiver without methods
    /// is an error too.
    #[must_use]
    pub fn register_name<D: Dispatch>(mut self, name: &str, receiver: D) -> Self {
        let result = Arc::make_mut(&mut self.registry).register(name, Arc::new(receiver));
        self.note(result)
    }

    /// Registers a function as `Service.Method`. Several methods of one service may be registered one by one.
    ///
    /// A name that is taken, or without a dot, is an error when serving begins.
    #[must_use]
    pub fn method<A, T, E, F, Fut>(mut self, name: &str, function: F) -> Self
    where
        A: Gob + DeserializeOwned + Send + 'static,
        T: Gob + Serialize + Send + Sync + 'static,
        E: Display,
        F: Fn(A) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<T, E>> + Send,
    {
        let function = Arc::new(function);
        let handler = move |call: Incoming| {
            let function = Arc::clone(&function);
            call.answer(move |args| async move { function(args).await })
        };
        let result = Arc::make_mut(&mut self.registry).method(name, Arc::new(handler));
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

    /// Serves all connections of a listener, until the future is dropped: Go's `Server.Accept`. Connections end with
    /// it; methods that run go on.
    ///
    /// # Errors
    /// When a registration had failed. An error of accepting is waited out, since it passes.
    pub async fn serve<L: Listener>(self, listener: L) -> Result<()> {
        self.check()?;
        accept(listener, move |io| {
            let server = self.clone();
            async move { server.serve_connection(io).await }
        })
        .await
    }

    /// Serves all connections of a listener through another codec: `codec` makes one for each connection.
    ///
    /// ```no_run
    /// # async fn run(listener: tokio::net::TcpListener) -> Result<(), gobrpc::rpc::Error> {
    /// use gobrpc::gob::Limits;
    /// use gobrpc::rpc::{Server, codec::GobCodec};
    ///
    /// let strict = Limits::new().message(1 << 20);
    /// Server::new().serve_with_codec(listener, move || GobCodec::new(strict)).await
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`serve`](Self::serve).
    pub async fn serve_with_codec<L, C, F>(self, listener: L, codec: F) -> Result<()>
    where
        L: Listener,
        C: ServerCodec,
        F: Fn() -> C,
    {
        self.check()?;
        accept(listener, move |io| {
            let (server, codec) = (self.clone(), codec());
            async move { server.serve_codec(io, codec).await }
        })
        .await
    }

    /// Serves JSON-RPC 1.0 on all connections of a listener, as Go does with `jsonrpc.NewServerCodec` (R118).
    ///
    /// # Errors
    /// As [`serve`](Self::serve).
    #[cfg(feature = "jsonrpc")]
    pub async fn serve_json<L: Listener>(self, listener: L) -> Result<()> {
        self.serve_with_codec(listener, crate::rpc::codec::JsonCodec::new).await
    }

    /// Serves RPC over HTTP on all connections of a listener, under the path that Go clients ask for: Go's
    /// `HandleHTTP` with `http.Serve`.
    ///
    /// # Errors
    /// As [`serve`](Self::serve).
    pub async fn serve_http<L: Listener>(self, listener: L) -> Result<()> {
        self.check()?;
        accept(listener, move |io| {
            let server = self.clone();
            async move { server.serve_http_connection(io).await }
        })
        .await
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
        self.serve_codec(io, GobCodec::new(Limits::default())).await
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
        connection::serve(&self.registry, io, codec, BytesMut::new()).await
    }

    /// Serves one HTTP connection: the `CONNECT` request, then RPC.
    ///
    /// # Errors
    /// As [`serve_connection`](Self::serve_connection).
    pub async fn serve_http_connection<IO>(&self, mut io: IO) -> Result<()>
    where
        IO: AsyncRead + AsyncWrite + Send + Unpin,
    {
        self.check()?;
        let mut input = BytesMut::new();
        loop {
            if input.len() > http::MAX_HEAD || io.read_buf(&mut input).await? == 0 {
                return Ok(());
            }
            match http::answer(&input) {
                Answer::Incomplete => {}
                Answer::Refused(text) => {
                    io.write_all(text.as_bytes()).await?;
                    return Ok(io.shutdown().await?);
                }
                Answer::Connected(text, len) => {
                    // Nothing may follow before the client speaks: Go's drops it (R75).
                    io.write_all(text.as_bytes()).await?;
                    let input = input.split_off(len);
                    return connection::serve(&self.registry, io, GobCodec::new(Limits::default()), input).await;
                }
            }
        }
    }
}

async fn accept<L, F, Fut>(mut listener: L, serve: F) -> Result<()>
where
    L: Listener,
    F: Fn(L::Io) -> Fut,
    Fut: Future<Output = Result<()>> + Send + 'static,
{
    let mut connections = JoinSet::new();
    let mut delay = listener::Backoff::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(io) => {
                    delay = listener::Backoff::new();
                    connections.spawn(serve(io));
                }
                // Out of file descriptors, say: what is open goes on, and closes some (Go gives up here, R64).
                Err(_) => delay.wait().await,
            },
            // How a connection ended is its own affair; it only has to be taken off the list.
            Some(_) = connections.join_next() => {}
        }
    }
}
