//! Streams and listeners over TCP and unix sockets.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

#[cfg(unix)]
use gobrpc::rpc::UnixStream;
use gobrpc::rpc::{Connection, Listener as ServerListener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
#[cfg(unix)]
use tokio::net::UnixListener;
use tokio::net::{TcpListener, TcpStream};

use crate::error::{Error, Result};

/// A connection.
#[derive(Debug)]
pub(crate) enum Stream {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
}

/// Waits for connections. The socket of a unix address is removed in the end.
#[derive(Debug)]
pub(crate) enum Listener {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix(UnixListener, SocketFile),
}

/// Where a socket is in the file system, as long as it is there.
#[cfg(unix)]
#[derive(Debug)]
pub(crate) struct SocketFile(std::path::PathBuf);

#[cfg(unix)]
impl Drop for SocketFile {
    fn drop(&mut self) {
        // Someone else may have removed it.
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Listener {
    /// Listens on `host:port` or `unix:/path`.
    pub(crate) async fn bind(addr: &str) -> Result<Self> {
        let failed = |error: io::Error| {
            let advice = match error.kind() {
                io::ErrorKind::AddrInUse if addr.starts_with("unix:") => "; remove the file if nobody listens there",
                _ => "",
            };
            Error::connection(format_args!("cannot listen on {addr}: {error}{advice}"))
        };
        match addr.strip_prefix("unix:") {
            None => Ok(Self::Tcp(TcpListener::bind(addr).await.map_err(failed)?)),
            #[cfg(unix)]
            Some(path) => Ok(Self::Unix(UnixListener::bind(path).map_err(failed)?, SocketFile(path.into()))),
            #[cfg(not(unix))]
            Some(_) => Err(failed(io::ErrorKind::Unsupported.into())),
        }
    }

    /// Where it listens, with the port that it got.
    pub(crate) fn address(&self) -> String {
        match self {
            Self::Tcp(listener) => listener.local_addr().map_or_else(|_| "?".to_owned(), |addr| addr.to_string()),
            #[cfg(unix)]
            Self::Unix(_, file) => format!("unix:{}", file.0.display()),
        }
    }

    /// The next connection, and whose it is.
    pub(crate) async fn accept(&self) -> io::Result<(Stream, String)> {
        match self {
            Self::Tcp(listener) => {
                let (stream, peer) = listener.accept().await?;
                stream.set_nodelay(true)?;
                Ok((Stream::Tcp(stream), peer.to_string()))
            }
            #[cfg(unix)]
            Self::Unix(listener, _) => Ok((Stream::Unix(listener.accept().await?.0.try_into()?), "unix".to_owned())),
        }
    }
}

impl ServerListener for Listener {
    type Io = Stream;

    async fn accept(&mut self) -> io::Result<Stream> {
        Ok(Self::accept(self).await?.0)
    }

    fn connection(stream: &Stream) -> Connection {
        match stream {
            Stream::Tcp(stream) => TcpListener::connection(stream),
            #[cfg(unix)]
            Stream::Unix(stream) => UnixListener::connection(stream),
        }
    }
}

impl Stream {
    /// Connects to `host:port` or `unix:/path`.
    pub(crate) async fn connect(addr: &str) -> io::Result<Self> {
        match addr.strip_prefix("unix:") {
            None => {
                let stream = TcpStream::connect(addr).await?;
                stream.set_nodelay(true)?;
                Ok(Self::Tcp(stream))
            }
            #[cfg(unix)]
            Some(path) => Ok(Self::Unix(UnixStream::connect(path).await?)),
            #[cfg(not(unix))]
            Some(_) => Err(io::ErrorKind::Unsupported.into()),
        }
    }
}

/// What the streams have in common.
trait Io: AsyncRead + AsyncWrite + Unpin {}

impl<T: AsyncRead + AsyncWrite + Unpin> Io for T {}

impl Stream {
    fn io(self: Pin<&mut Self>) -> Pin<&mut dyn Io> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream),
            #[cfg(unix)]
            Self::Unix(stream) => Pin::new(stream),
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.io().poll_read(cx, buf)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.io().poll_write(cx, buf)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.io().poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.io().poll_shutdown(cx)
    }
}
