//! Streams to servers: TCP and unix sockets, with or without a runtime, and the handshake of HTTP.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream, ToSocketAddrs};
use std::path::Path;
use std::time::{Duration, Instant};

use bytes::BytesMut;

use crate::rpc::address::Address;
use crate::rpc::error::{Error, Result};
use crate::rpc::{http, tcp};

/// A socket that blocks.
pub(super) enum Socket {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(std::os::unix::net::UnixStream),
}

impl Socket {
    /// Connects, and gives up at the deadline.
    pub(super) fn connect(address: &Address, deadline: Option<Instant>) -> Result<Self> {
        let connected = match address {
            Address::Tcp(address) => Self::connect_tcp(address, deadline),
            Address::Unix(path) => Self::connect_unix(path),
        };
        Ok(connected.map_err(|error| address.explain(error))?)
    }

    fn connect_tcp(address: &str, deadline: Option<Instant>) -> io::Result<Self> {
        let stream = match deadline {
            None => TcpStream::connect(address),
            Some(deadline) => connect_until(address, deadline),
        }?;
        tcp::set_up(&stream);
        Ok(Self::Tcp(stream))
    }

    #[cfg(unix)]
    fn connect_unix(path: &Path) -> io::Result<Self> {
        Ok(Self::Unix(std::os::unix::net::UnixStream::connect(path)?))
    }

    #[cfg(not(unix))]
    fn connect_unix(_path: &Path) -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn try_clone(&self) -> io::Result<Self> {
        Ok(match self {
            Self::Tcp(stream) => Self::Tcp(stream.try_clone()?),
            #[cfg(unix)]
            Self::Unix(stream) => Self::Unix(stream.try_clone()?),
        })
    }

    /// Ends the connection for all clones.
    pub(super) fn shutdown(&self) {
        // The error of closing a connection that is over tells nothing new.
        let _ = match self {
            Self::Tcp(stream) => stream.shutdown(Shutdown::Both),
            #[cfg(unix)]
            Self::Unix(stream) => stream.shutdown(Shutdown::Both),
        };
    }

    fn set_read_timeout(&self, timeout: Option<Duration>) -> io::Result<()> {
        match self {
            Self::Tcp(stream) => stream.set_read_timeout(timeout),
            #[cfg(unix)]
            Self::Unix(stream) => stream.set_read_timeout(timeout),
        }
    }

    /// Agrees with the server to speak RPC over HTTP. What it said beyond that is returned.
    pub(super) fn handshake(
        &mut self,
        request: &[u8],
        deadline: Option<Instant>,
        mut refused: impl FnMut(String) -> Error,
    ) -> Result<BytesMut> {
        self.write_all(request)?;
        let mut input = BytesMut::new();
        // Nothing may be sent before the whole answer is here: a Go server drops it (R74).
        loop {
            let mut chunk = [0; 1024];
            if let Some(deadline) = deadline {
                let left = deadline.saturating_duration_since(Instant::now());
                if left.is_zero() {
                    return Err(io::Error::from(io::ErrorKind::TimedOut).into());
                }
                self.set_read_timeout(Some(left))?;
            }
            let read = self.read(&mut chunk)?;
            if read == 0 {
                return Err(refused("unexpected EOF".to_owned()));
            }
            input.extend_from_slice(&chunk[..read]);
            match http::read_response(&input).map_err(&mut refused)? {
                Some(len) => {
                    self.set_read_timeout(None)?;
                    return Ok(input.split_off(len));
                }
                None if input.len() > http::MAX_HEAD => return Err(refused("response head too long".to_owned())),
                None => {}
            }
        }
    }
}

/// Tries all addresses of a name, as std does without a deadline.
fn connect_until(address: &str, deadline: Instant) -> io::Result<TcpStream> {
    let mut last = None;
    for address in address.to_socket_addrs()? {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        match TcpStream::connect_timeout(&address, left) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "no address")))
}

/// Whether a socket gave up waiting.
pub(super) fn is_timeout(error: &Error) -> bool {
    let Error::Io(error) = error else { return false };
    matches!(error.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock)
}

impl Read for Socket {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.read(buf),
            #[cfg(unix)]
            Self::Unix(stream) => stream.read(buf),
        }
    }
}

impl Write for Socket {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.write(buf),
            #[cfg(unix)]
            Self::Unix(stream) => stream.write(buf),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(feature = "tokio")]
pub(super) mod asynchronous {
    //! The same for tokio.

    use std::io;
    use std::path::Path;

    use bytes::BytesMut;
    use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
    use tokio::net::TcpStream;

    use crate::rpc::address::Address;
    use crate::rpc::error::{Error, Result};
    use crate::rpc::{http, tcp};

    pub(in crate::rpc::client) async fn tcp(address: &str) -> io::Result<TcpStream> {
        let failed = |error| Address::Tcp(address.to_owned()).explain(error);
        let stream = TcpStream::connect(address).await.map_err(failed)?;
        tcp::set_up(&stream);
        Ok(stream)
    }

    #[cfg(unix)]
    pub(in crate::rpc::client) async fn unix(path: &Path) -> io::Result<crate::rpc::UnixStream> {
        crate::rpc::UnixStream::connect(path).await.map_err(|error| Address::Unix(path.to_owned()).explain(error))
    }

    #[cfg(not(unix))]
    pub(in crate::rpc::client) async fn unix(_path: &Path) -> io::Result<TcpStream> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Agrees with the server to speak RPC over HTTP. What it said beyond that is returned.
    pub(in crate::rpc::client) async fn handshake<IO: AsyncRead + AsyncWrite + Unpin>(
        io: &mut IO,
        request: &[u8],
        refused: impl Fn(String) -> Error,
    ) -> Result<BytesMut> {
        io.write_all(request).await?;
        let mut input = BytesMut::new();
        // Nothing may be sent before the whole answer is here: a Go server drops it (R74).
        loop {
            if io.read_buf(&mut input).await? == 0 {
                return Err(refused("unexpected EOF".to_owned()));
            }
            match http::read_response(&input).map_err(&refused)? {
                Some(len) => return Ok(input.split_off(len)),
                None if input.len() > http::MAX_HEAD => return Err(refused("response head too long".to_owned())),
                None => {}
            }
        }
    }
}
