//! `ClientBuilder`: how a client connects, and how long it waits.

use std::fmt;
use std::io::{Read, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::BytesMut;
#[cfg(feature = "tokio")]
use tokio::io::{AsyncRead, AsyncWrite};

use super::Client;
use super::connect::{Socket, is_timeout};
use super::driver;
use super::shared::{Handle, Link, Shared};
use crate::gob::Limits;
use crate::rpc::address::Address;
use crate::rpc::codec::{ClientCodec, GobCodec};
use crate::rpc::error::{Error, Result};
use crate::rpc::{DEFAULT_RPC_PATH, http};

/// Makes a [`Client`] with timeouts, limits, headers and other settings that Go's client does not have.
///
/// ```no_run
/// use std::time::Duration;
///
/// use gobrpc::rpc::Client;
///
/// # async fn run() -> Result<(), gobrpc::rpc::Error> {
/// let client = Client::builder()
///     .connect_timeout(Duration::from_secs(2))
///     .timeout(Duration::from_secs(10))
///     .http_header("Authorization", "Bearer let-me-in")
///     .connect_http("localhost:1234")
///     .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct ClientBuilder {
    limits: Limits,
    timeout: Option<Duration>,
    connect_timeout: Option<Duration>,
    path: Option<String>,
    headers: Vec<(String, String)>,
    cancel_on_drop: bool,
}

impl ClientBuilder {
    /// Limits on what the server sends.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// How long a call may take, from when it is made. Then it ends with [`Error::Timeout`], and a reply that still
    /// comes is dropped. Go's client waits for ever.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout: Some(timeout), ..self }
    }

    /// How long connecting may take, the exchange of HTTP included.
    #[must_use]
    pub fn connect_timeout(self, timeout: Duration) -> Self {
        Self { connect_timeout: Some(timeout), ..self }
    }

    /// The path to ask for over HTTP, if it is not Go's own: what `rpc.DialHTTPPath` takes.
    #[must_use]
    pub fn http_path(self, path: &str) -> Self {
        Self { path: Some(path.to_owned()), ..self }
    }

    /// A header to send with the HTTP request, for authentication for instance. Go's servers ignore it (R71).
    #[must_use]
    pub fn http_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Tells the server when a call is dropped or times out, by calling `_goRPC_.Cancel` (R137). A server that does not
    /// know that method, such as Go's own, answers with an error, which is ignored.
    #[must_use]
    pub fn cancel_on_drop(self, cancel: bool) -> Self {
        Self { cancel_on_drop: cancel, ..self }
    }

    /// Connects to `host:port` or `unix:/path`. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// When the connection is refused, or [`Error::Timeout`].
    #[cfg(feature = "tokio")]
    pub async fn connect(&self, address: &str) -> Result<Client> {
        self.connect_with_codec(address, GobCodec::new(self.limits)).await
    }

    /// Connects to `host:port` or `unix:/path` of a server that speaks through another codec. Must be called within a
    /// tokio runtime.
    ///
    /// # Errors
    /// As [`connect`](Self::connect).
    #[cfg(feature = "tokio")]
    pub async fn connect_with_codec(&self, address: &str, codec: impl ClientCodec) -> Result<Client> {
        let input = BytesMut::new();
        self.in_time(async {
            match Address::parse(address) {
                Address::Tcp(host) => Ok(self.spawn(super::connect::asynchronous::tcp(&host).await?, codec, input)),
                Address::Unix(path) => Ok(self.spawn(super::connect::asynchronous::unix(&path).await?, codec, input)),
            }
        })
        .await
    }

    /// Connects to `host:port` or `unix:/path` of a server that speaks JSON-RPC 1.0. Must be called within a tokio
    /// runtime.
    ///
    /// # Errors
    /// As [`connect`](Self::connect).
    #[cfg(all(feature = "jsonrpc", feature = "tokio"))]
    pub async fn connect_json(&self, address: &str) -> Result<Client> {
        self.connect_with_codec(address, crate::rpc::codec::JsonCodec::with_limits(self.limits)).await
    }

    /// Connects over HTTP to `host:port` or `unix:/path`. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// When the connection is refused, or what answers is not an RPC server: [`Error::Handshake`], or
    /// [`Error::Timeout`].
    #[cfg(feature = "tokio")]
    pub async fn connect_http(&self, address: &str) -> Result<Client> {
        let address = Address::parse(address);
        self.in_time(async {
            match &address {
                Address::Tcp(host) => self.handshake(super::connect::asynchronous::tcp(host).await?, &address).await,
                Address::Unix(path) => self.handshake(super::connect::asynchronous::unix(path).await?, &address).await,
            }
        })
        .await
    }

    /// A client over any stream of bytes. Must be called within a tokio runtime.
    #[cfg(feature = "tokio")]
    pub fn build<IO>(&self, io: IO) -> Client
    where
        IO: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        self.build_with_codec(io, GobCodec::new(self.limits))
    }

    /// A client over any stream of bytes and with any codec. Must be called within a tokio runtime.
    #[cfg(feature = "tokio")]
    pub fn build_with_codec<IO>(&self, io: IO, codec: impl ClientCodec) -> Client
    where
        IO: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        self.spawn(io, codec, BytesMut::new())
    }

    /// Connects to `host:port` or `unix:/path` without a runtime: two threads move the bytes.
    ///
    /// # Errors
    /// As [`connect`](Self::connect).
    pub fn dial(&self, address: &str) -> Result<Client> {
        self.dial_with_codec(address, GobCodec::new(self.limits))
    }

    /// Connects without a runtime to a server that speaks through another codec.
    ///
    /// # Errors
    /// As [`connect`](Self::connect).
    pub fn dial_with_codec(&self, address: &str, codec: impl ClientCodec) -> Result<Client> {
        let deadline = self.deadline();
        let socket = Socket::connect(&Address::parse(address), deadline).map_err(|error| self.timed_out(error))?;
        self.drive(socket, codec, BytesMut::new())
    }

    /// Connects without a runtime to a server that speaks JSON-RPC 1.0.
    ///
    /// # Errors
    /// As [`connect`](Self::connect).
    #[cfg(feature = "jsonrpc")]
    pub fn dial_json(&self, address: &str) -> Result<Client> {
        self.dial_with_codec(address, crate::rpc::codec::JsonCodec::with_limits(self.limits))
    }

    /// Connects over HTTP without a runtime.
    ///
    /// # Errors
    /// As [`connect_http`](Self::connect_http).
    pub fn dial_http(&self, address: &str) -> Result<Client> {
        let (address, deadline) = (Address::parse(address), self.deadline());
        let connected = || {
            let request = self.connect_request(&address)?;
            let mut socket = Socket::connect(&address, deadline)?;
            let input = socket.handshake(request.as_bytes(), deadline, |reason| refused(&address, reason))?;
            Ok((socket, input))
        };
        let (socket, input) = connected().map_err(|error| self.timed_out(error))?;
        self.drive(socket, GobCodec::new(self.limits), input)
    }

    /// A client over the two halves of any blocking stream, driven by two threads, and by the thread that waits for a
    /// call while there is no other. `close` must end the stream, so that a blocked read returns.
    ///
    /// # Errors
    /// When the threads cannot be started.
    pub fn build_blocking(
        &self,
        reader: impl Read + Send + 'static,
        writer: impl Write + Send + 'static,
        close: impl FnOnce() + Send + 'static,
    ) -> Result<Client> {
        let link = Arc::new(driver::thread::Link::new(reader, writer, BytesMut::new()));
        let shared = self.shared(GobCodec::new(self.limits), Arc::clone(&link));
        driver::thread::spawn(link, close, &shared)?;
        Ok(Client { handle: Arc::new(Handle(shared)) })
    }

    fn drive(&self, socket: Socket, codec: impl ClientCodec, input: BytesMut) -> Result<Client> {
        let (reader, closer) = (socket.try_clone()?, socket.try_clone()?);
        let link = Arc::new(driver::thread::Link::new(reader, socket, input));
        let shared = self.shared(codec, Arc::clone(&link));
        driver::thread::spawn(link, move || closer.shutdown(), &shared)?;
        Ok(Client { handle: Arc::new(Handle(shared)) })
    }

    fn shared(&self, codec: impl ClientCodec, link: Arc<impl Link + 'static>) -> Arc<Shared> {
        Arc::new(Shared::new(codec, self.timeout, self.cancel_on_drop, link))
    }

    fn deadline(&self) -> Option<Instant> {
        self.connect_timeout.and_then(|timeout| Instant::now().checked_add(timeout))
    }

    fn timed_out(&self, error: Error) -> Error {
        match self.connect_timeout {
            Some(after) if is_timeout(&error) => Error::Timeout { what: "connecting", after },
            _ => error,
        }
    }

    fn connect_request(&self, address: &Address) -> Result<String> {
        let path = self.path.as_deref().unwrap_or(DEFAULT_RPC_PATH);
        http::connect_request(path, &self.headers).map_err(|reason| refused(address, reason))
    }

    #[cfg(feature = "tokio")]
    fn spawn<IO>(&self, io: IO, codec: impl ClientCodec, input: BytesMut) -> Client
    where
        IO: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let link = Arc::new(driver::link::Link::new(io, input));
        let shared = self.shared(codec, Arc::clone(&link));
        tokio::spawn(driver::tokio::Driver::new(Arc::clone(&shared), link));
        Client { handle: Arc::new(Handle(shared)) }
    }

    #[cfg(feature = "tokio")]
    async fn handshake<IO>(&self, mut io: IO, address: &Address) -> Result<Client>
    where
        IO: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let request = self.connect_request(address)?;
        let refused = |reason| refused(address, reason);
        let input = super::connect::asynchronous::handshake(&mut io, request.as_bytes(), refused).await?;
        Ok(self.spawn(io, GobCodec::new(self.limits), input))
    }

    #[cfg(feature = "tokio")]
    async fn in_time(&self, connecting: impl Future<Output = Result<Client>>) -> Result<Client> {
        match self.connect_timeout {
            None => connecting.await,
            Some(after) => match tokio::time::timeout(after, connecting).await {
                Ok(result) => result,
                Err(_) => Err(Error::Timeout { what: "connecting", after }),
            },
        }
    }
}

/// Without the values of headers, some of which are secret.
impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { limits, timeout, connect_timeout, path, headers, cancel_on_drop } = self;
        let names: Vec<_> = headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("ClientBuilder")
            .field("limits", limits)
            .field("timeout", timeout)
            .field("connect_timeout", connect_timeout)
            .field("path", path)
            .field("headers", &names)
            .field("cancel_on_drop", cancel_on_drop)
            .finish()
    }
}

fn refused(address: &Address, reason: String) -> Error {
    Error::Handshake { address: address.to_string(), reason }
}
