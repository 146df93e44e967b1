//! Where connections come from.

use std::future::Future;
use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};

/// A source of connections: TCP and unix sockets, or one of your own, TLS for instance.
pub trait Listener: Send + 'static {
    /// The stream of a connection.
    type Io: AsyncRead + AsyncWrite + Send + Unpin + 'static;

    /// Waits for the next connection. Dropping the future must lose none.
    fn accept(&mut self) -> impl Future<Output = io::Result<Self::Io>> + Send;

    /// The address of the client at the other end of a stream, for [`Connection::peer`](super::Connection::peer).
    fn peer(_io: &Self::Io) -> Option<String> {
        None
    }
}

impl Listener for TcpListener {
    type Io = TcpStream;

    async fn accept(&mut self) -> io::Result<TcpStream> {
        let (stream, _) = Self::accept(self).await?;
        // As Go: a reply is written at once.
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    fn peer(io: &TcpStream) -> Option<String> {
        io.peer_addr().ok().map(|address| address.to_string())
    }
}

#[cfg(unix)]
impl Listener for tokio::net::UnixListener {
    type Io = tokio::net::UnixStream;

    async fn accept(&mut self) -> io::Result<tokio::net::UnixStream> {
        Ok(Self::accept(self).await?.0)
    }

    fn peer(io: &tokio::net::UnixStream) -> Option<String> {
        Some(io.peer_addr().ok()?.as_pathname()?.display().to_string())
    }
}

/// Ever longer pauses after errors of accepting.
pub(super) struct Backoff(Duration);

impl Backoff {
    pub(super) const fn new() -> Self {
        Self(Duration::from_millis(5))
    }

    pub(super) async fn wait(&mut self) {
        tokio::time::sleep(self.0).await;
        self.0 = (self.0 * 2).min(Duration::from_secs(1));
    }
}
