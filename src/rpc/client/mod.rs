//! `Client`: calls over one connection, any number at a time.

mod driver;
mod pending;
mod shared;

use std::path::Path;
use std::sync::Arc;

use bytes::BytesMut;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

use self::driver::Driver;
pub use self::pending::Pending;
use self::shared::{Handle, Shared};
use crate::gob::{Gob, Limits};
use crate::rpc::address::Address;
use crate::rpc::codec::{ClientCodec, GobCodec};
use crate::rpc::error::{Error, Result};
use crate::rpc::payload::Payload;
use crate::rpc::{DEFAULT_RPC_PATH, http};

/// A client of a net/rpc server: Go's `rpc.Client`.
///
/// It is cheap to clone, and its clones share one connection. Calls may be made from any task or thread, wait for
/// their replies independently, and may be dropped at any point: the connection stays whole. Dropping the last clone and
/// the last [`Pending`] closes the connection.
#[derive(Debug, Clone)]
pub struct Client {
    handle: Arc<Handle>,
}

impl Client {
    /// Connects to `host:port`, or to `unix:/path`: Go's `rpc.Dial`.
    ///
    /// # Errors
    /// When the connection is refused.
    pub async fn connect(address: &str) -> Result<Self> {
        match Address::parse(address) {
            Address::Tcp(address) => Ok(Self::new(tcp(&address).await?)),
            Address::Unix(path) => Self::connect_unix(path).await,
        }
    }

    /// Connects to a unix socket: Go's `rpc.Dial("unix", path)`.
    ///
    /// # Errors
    /// When the connection is refused, or the system has no unix sockets.
    pub async fn connect_unix(path: impl AsRef<Path>) -> Result<Self> {
        Ok(Self::new(unix(path.as_ref()).await?))
    }

    /// Connects over HTTP to a server at `host:port` or `unix:/path`: Go's `rpc.DialHTTP`.
    ///
    /// # Errors
    /// When the connection is refused, or what answers is no RPC server: [`Error::Handshake`].
    pub async fn connect_http(address: &str) -> Result<Self> {
        Self::connect_http_path(address, DEFAULT_RPC_PATH).await
    }

    /// Connects over HTTP to a path of the server: Go's `rpc.DialHTTPPath`.
    ///
    /// # Errors
    /// As [`connect_http`](Self::connect_http).
    pub async fn connect_http_path(address: &str, path: &str) -> Result<Self> {
        let address = Address::parse(address);
        match &address {
            Address::Tcp(host) => Self::handshake(tcp(host).await?, &address, path).await,
            Address::Unix(socket) => Self::handshake(unix(socket).await?, &address, path).await,
        }
    }

    /// Connects to `host:port`, or to `unix:/path`, of a server that speaks through another codec.
    ///
    /// # Errors
    /// When the connection is refused.
    pub async fn connect_with_codec(address: &str, codec: impl ClientCodec) -> Result<Self> {
        match Address::parse(address) {
            Address::Tcp(address) => Ok(Self::with_codec(tcp(&address).await?, codec)),
            Address::Unix(path) => Ok(Self::with_codec(unix(path.as_ref()).await?, codec)),
        }
    }

    /// Connects to `host:port`, or to `unix:/path`, of a server that speaks JSON-RPC 1.0: Go's `jsonrpc.Dial`.
    ///
    /// # Errors
    /// When the connection is refused.
    #[cfg(feature = "jsonrpc")]
    pub async fn connect_json(address: &str) -> Result<Self> {
        Self::connect_with_codec(address, crate::rpc::codec::JsonCodec::new()).await
    }

    /// A client over any stream of bytes, TLS for one: Go's `rpc.NewClient`. Must be called within a tokio runtime.
    pub fn new<IO>(io: IO) -> Self
    where
        IO: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        Self::with_codec(io, GobCodec::new(Limits::default()))
    }

    /// A client over any stream of bytes and with any codec: Go's `rpc.NewClientWithCodec`. Must be called within a
    /// tokio runtime.
    pub fn with_codec<IO>(io: IO, codec: impl ClientCodec) -> Self
    where
        IO: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        Self::spawn(io, codec, BytesMut::new())
    }

    fn spawn<IO>(io: IO, codec: impl ClientCodec, input: BytesMut) -> Self
    where
        IO: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let shared = Arc::new(Shared::new(codec));
        tokio::spawn(Driver::new(io, Arc::clone(&shared), input));
        Self { handle: Arc::new(Handle(shared)) }
    }

    /// Calls a method and waits for its reply: Go's `Client.Call`.
    ///
    /// The request is on its way when this returns, before the future is polled. Dropping the future forgets the reply;
    /// the method runs all the same, since net/rpc cannot cancel.
    ///
    /// # Errors
    /// The future gives [`Error::Server`] when the method failed, [`Error::ReadingBody`] when its reply is no `R`, and
    /// the other errors when the call or the connection failed.
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
        let seq = self.handle.0.start(method, args)?;
        Ok(Pending::new(Arc::clone(&self.handle), seq))
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

    async fn handshake<IO>(mut io: IO, address: &Address, path: &str) -> Result<Self>
    where
        IO: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let refused = |reason: String| Error::Handshake { address: address.to_string(), reason };
        io.write_all(http::connect_request(path).as_bytes()).await?;
        let mut input = BytesMut::new();
        // Nothing may be sent before the whole answer is here: a Go server drops it (R74).
        let len = loop {
            if io.read_buf(&mut input).await? == 0 {
                return Err(refused("unexpected EOF".to_owned()));
            }
            match http::read_response(&input).map_err(refused)? {
                Some(len) => break len,
                None if input.len() > http::MAX_HEAD => return Err(refused("response head too long".to_owned())),
                None => {}
            }
        };
        let input = input.split_off(len);
        Ok(Self::spawn(io, GobCodec::new(Limits::default()), input))
    }
}

async fn tcp(address: &str) -> Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    // As Go: a call is written at once.
    stream.set_nodelay(true)?;
    Ok(stream)
}

#[cfg(unix)]
async fn unix(path: &Path) -> Result<tokio::net::UnixStream> {
    Ok(tokio::net::UnixStream::connect(path).await?)
}

#[cfg(not(unix))]
async fn unix(_path: &Path) -> Result<TcpStream> {
    Err(std::io::Error::from(std::io::ErrorKind::Unsupported).into())
}
