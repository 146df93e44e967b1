//! `Client`: calls over one connection, any number at a time.

mod builder;
mod channel;
mod connect;
mod driver;
mod pending;
mod shared;
#[cfg(feature = "tower")]
mod stack;

#[cfg(feature = "tokio")]
use std::path::Path;
use std::sync::Arc;

use serde::de::DeserializeOwned;
#[cfg(feature = "tokio")]
use tokio::io::{AsyncRead, AsyncWrite};

pub use self::builder::ClientBuilder;
pub use self::channel::Channel;
pub use self::pending::Pending;
use self::pending::Sent;
use self::shared::Handle;
#[cfg(feature = "tower")]
pub use self::stack::{Call, Responding};
use crate::gob::Gob;
use crate::rpc::block;
#[cfg(feature = "tokio")]
use crate::rpc::codec::ClientCodec;
use crate::rpc::error::{Error, Result};
use crate::rpc::payload::Payload;

/// A client of a net/rpc server: Go's `rpc.Client`.
///
/// It is cheap to clone, and its clones share one connection. Calls may be made from any task or thread, wait for their
/// replies independently, and may be dropped at any point: the connection stays whole. Dropping the last clone and the
/// last [`Pending`] closes the connection.
///
/// A tokio task moves its bytes, or two threads where there is no runtime ([`dial`](Self::dial)); a call that is alone
/// on its connection does so itself. Calls are made in the same way in both cases.
///
/// ```no_run
/// use gobrpc::rpc::{Client, Error};
///
/// # fn main() -> Result<(), Error> {
/// let client = Client::dial("localhost:1234")?; // or connect(…).await
/// let pending = client.go::<u64>("Counter.Add", &1_u64)?; // Go's client.Go
/// let sum = client.call::<u64>("Counter.Add", &2_u64).wait()?; // or .await
/// println!("{sum} {}", pending.wait()?);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Client {
    handle: Arc<Handle>,
}

/// Connecting.
impl Client {
    /// For timeouts, limits, headers and whatever else is set before connecting.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Connects to `host:port`, to `:port` of this machine, or to `unix:/path`: Go's `rpc.Dial`.
    ///
    /// # Errors
    /// When the connection is refused.
    #[cfg(feature = "tokio")]
    pub async fn connect(address: &str) -> Result<Self> {
        Self::builder().connect(address).await
    }

    /// Connects to a unix socket: Go's `rpc.Dial("unix", path)`.
    ///
    /// # Errors
    /// When the connection is refused, or the system has no unix sockets.
    #[cfg(feature = "tokio")]
    pub async fn connect_unix(path: impl AsRef<Path>) -> Result<Self> {
        Ok(Self::new(connect::asynchronous::unix(path.as_ref()).await?))
    }

    /// Connects over HTTP to a server at `host:port` or `unix:/path`: Go's `rpc.DialHTTP`.
    ///
    /// # Errors
    /// When the connection is refused, or what answers is not an RPC server: [`Error::Handshake`].
    #[cfg(feature = "tokio")]
    pub async fn connect_http(address: &str) -> Result<Self> {
        Self::builder().connect_http(address).await
    }

    /// Connects over HTTP to a path of the server: Go's `rpc.DialHTTPPath`.
    ///
    /// # Errors
    /// As [`connect_http`](Self::connect_http).
    #[cfg(feature = "tokio")]
    pub async fn connect_http_path(address: &str, path: &str) -> Result<Self> {
        Self::builder().http_path(path).connect_http(address).await
    }

    /// Connects to `host:port`, or to `unix:/path`, of a server that speaks JSON-RPC 1.0: Go's `jsonrpc.Dial`.
    ///
    /// # Errors
    /// When the connection is refused.
    #[cfg(all(feature = "jsonrpc", feature = "tokio"))]
    pub async fn connect_json(address: &str) -> Result<Self> {
        Self::builder().connect_json(address).await
    }

    /// A client over any stream of bytes, TLS for one: Go's `rpc.NewClient`. Must be called within a tokio runtime.
    #[cfg(feature = "tokio")]
    pub fn new<IO>(io: IO) -> Self
    where
        IO: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        Self::builder().build(io)
    }

    /// A client over any stream of bytes and with any codec: Go's `rpc.NewClientWithCodec`. Must be called within a
    /// tokio runtime.
    #[cfg(feature = "tokio")]
    pub fn with_codec<IO>(io: IO, codec: impl ClientCodec) -> Self
    where
        IO: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        Self::builder().build_with_codec(io, codec)
    }

    /// Connects to `host:port`, or to `unix:/path`, without a runtime: Go's `rpc.Dial`.
    ///
    /// ```no_run
    /// use gobrpc::rpc::Client;
    ///
    /// let client = Client::dial("localhost:1234")?;
    /// let echo: String = client.call("Echo.Say", &"hello").wait()?;
    /// # Ok::<(), gobrpc::rpc::Error>(())
    /// ```
    ///
    /// # Errors
    /// When the connection is refused.
    pub fn dial(address: &str) -> Result<Self> {
        Self::builder().dial(address)
    }

    /// Connects over HTTP without a runtime: Go's `rpc.DialHTTP`.
    ///
    /// # Errors
    /// When the connection is refused, or what answers is not an RPC server: [`Error::Handshake`].
    pub fn dial_http(address: &str) -> Result<Self> {
        Self::builder().dial_http(address)
    }

    /// Connects to a server that speaks JSON-RPC 1.0, without a runtime: Go's `jsonrpc.Dial`.
    ///
    /// # Errors
    /// When the connection is refused.
    #[cfg(feature = "jsonrpc")]
    pub fn dial_json(address: &str) -> Result<Self> {
        Self::builder().dial_json(address)
    }
}

/// Calling.
impl Client {
    /// Calls a method and waits for its reply: Go's `Client.Call`.
    ///
    /// The arguments are behind a reference to a value of a known size: `&"hello"` for a `&str`.
    ///
    /// The request is on its way when this returns, before the future is polled. Dropping the future forgets the reply;
    /// the method still runs, unless the client was told to [cancel](ClientBuilder::cancel_on_drop) such calls.
    ///
    /// # Errors
    /// The future gives [`Error::Server`] when the method failed, [`Error::ReadingBody`] when its reply is not an `R`,
    /// and the other errors when the call or the connection failed.
    pub fn call<R: Gob + DeserializeOwned>(&self, method: &str, args: &dyn Payload) -> Pending<R> {
        self.go(method, args).unwrap_or_else(Pending::failed)
    }

    /// Calls a method and returns at once: Go's `Client.Go`. It differs from [`call`](Self::call) in that arguments
    /// that cannot be sent are an error right here.
    ///
    /// # Errors
    /// [`Error::Shutdown`] on a closed connection, [`Error::Codec`] when the arguments cannot be encoded. Nothing was
    /// sent then, and the next call works.
    pub fn go<R: Gob + DeserializeOwned>(&self, method: &str, args: &dyn Payload) -> Result<Pending<R>> {
        self.start(method, args).map(Pending::new)
    }

    fn start(&self, method: &str, args: &dyn Payload) -> Result<Sent> {
        let seq = self.handle.0.start(method, args)?;
        Ok(Sent::new(Arc::clone(&self.handle), seq))
    }

    /// Whether the connection is closed or has died.
    pub fn is_closed(&self) -> bool {
        self.handle.0.is_closed()
    }

    /// Waits until the connection is closed, by whichever side.
    pub async fn closed(&self) {
        self.handle.0.closed().await;
    }

    /// Closes the connection: Go's `Client.Close`. Pending calls get [`Error::Shutdown`].
    ///
    /// # Errors
    /// [`Error::Shutdown`] if it was closed already (R91).
    pub async fn close(&self) -> Result<()> {
        let first = self.handle.0.close();
        self.closed().await;
        if first { Ok(()) } else { Err(Error::Shutdown) }
    }

    /// Closes the connection, as [`close`](Self::close) does, and blocks the thread until it is closed.
    ///
    /// # Errors
    /// [`Error::Shutdown`] if it was closed already.
    pub fn shut_down(&self) -> Result<()> {
        block::block_on(self.close())
    }
}
