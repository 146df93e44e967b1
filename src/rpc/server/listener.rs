//! Where connections come from.

use std::future::Future;
use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};

use super::context::Connection;
#[cfg(unix)]
use crate::rpc::UnixStream;
use crate::rpc::tcp;

/// A source of connections: TCP and unix sockets, or one of your own, TLS for instance.
pub trait Listener: Send + 'static {
    /// The stream of a connection.
    type Io: AsyncRead + AsyncWrite + Send + Unpin + 'static;

    /// Waits for the next connection. Dropping the future must lose none, and the next connection waits until this one
    /// is returned, so a handshake has no place in here: `examples/tls.rs` has it in a task for each connection. After
    /// an error there is a pause before the next call.
    fn accept(&mut self) -> impl Future<Output = io::Result<Self::Io>> + Send;

    /// What methods can know of a connection.
    fn connection(_: &Self::Io) -> Connection {
        Connection::new()
    }
}

impl Listener for TcpListener {
    type Io = TcpStream;

    async fn accept(&mut self) -> io::Result<TcpStream> {
        let (stream, _) = Self::accept(self).await?;
        tcp::set_up(&stream);
        Ok(stream)
    }

    fn connection(stream: &TcpStream) -> Connection {
        let connection = Connection::new();
        // A client that is gone again has none.
        match stream.peer_addr() {
            Ok(peer) => connection.with_peer(peer),
            Err(_) => connection,
        }
    }
}

#[cfg(unix)]
impl Listener for tokio::net::UnixListener {
    type Io = UnixStream;

    async fn accept(&mut self) -> io::Result<UnixStream> {
        Self::accept(self).await?.0.try_into()
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
