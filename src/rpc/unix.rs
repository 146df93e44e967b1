//! Unix sockets that sleep while the other side reads.

use std::cell::RefCell;
use std::io::{self, ErrorKind, Read, Write};
use std::net::Shutdown;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net;
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::unix::AsyncFd;
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::runtime::Handle;

use super::buffer::CHUNK;

/// Whether a read that does not fill its buffer has taken all there is, and the next byte is told of: so it is where
/// events are those of an edge.
const DRAINED_BY_A_SHORT_READ: bool = cfg!(any(target_os = "linux", target_os = "android"));

/// A unix socket like [`tokio::net::UnixStream`], at half the cost for short messages.
///
/// Linux reports to a sender whenever the other side has read something, even if there was room before. tokio's socket
/// always asks for these events, so its task is woken in vain after every message. This one asks for them only while it
/// has no room to write.
#[derive(Debug)]
pub struct UnixStream {
    socket: AsyncFd<net::UnixStream>,
    /// The same socket, while there is no room to write.
    full: Option<AsyncFd<net::UnixStream>>,
    /// Where that is registered, whichever thread writes.
    runtime: Handle,
}

impl UnixStream {
    /// Connects to a path. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// When the connection is refused.
    pub async fn connect(path: impl AsRef<Path>) -> io::Result<Self> {
        tokio::net::UnixStream::connect(path).await?.try_into()
    }
}

// Its replacement is newer than the oldest tokio that is supported.
#[allow(deprecated)]
fn register(socket: net::UnixStream, interest: Interest) -> io::Result<AsyncFd<net::UnixStream>> {
    AsyncFd::with_interest(socket, interest)
}

thread_local! {
    static SCRATCH: RefCell<[u8; CHUNK]> = const { RefCell::new([0; CHUNK]) };
}

/// Reads once. A little room need not be cleared for it: what comes is copied, which is little most of the time.
fn read(mut socket: &net::UnixStream, buf: &mut ReadBuf<'_>) -> io::Result<usize> {
    let room = buf.remaining();
    if room <= CHUNK {
        return SCRATCH.with_borrow_mut(|scratch| {
            let read = socket.read(&mut scratch[..room])?;
            buf.put_slice(&scratch[..read]);
            Ok(read)
        });
    }
    let read = socket.read(buf.initialize_unfilled())?;
    buf.advance(read);
    Ok(read)
}

impl TryFrom<tokio::net::UnixStream> for UnixStream {
    type Error = io::Error;

    /// Must be called within a tokio runtime.
    fn try_from(stream: tokio::net::UnixStream) -> io::Result<Self> {
        let socket = register(stream.into_std()?, Interest::READABLE)?;
        Ok(Self { socket, full: None, runtime: Handle::current() })
    }
}

impl AsFd for UnixStream {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.get_ref().as_fd()
    }
}

impl AsyncRead for UnixStream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        loop {
            let mut ready = ready!(self.socket.poll_read_ready(cx))?;
            let len = buf.remaining();
            match ready.try_io(|socket| read(socket.get_ref(), buf)) {
                Ok(Ok(read)) => {
                    if DRAINED_BY_A_SHORT_READ && 0 < read && read < len {
                        ready.clear_ready();
                    }
                    return Poll::Ready(Ok(()));
                }
                Ok(Err(error)) if error.kind() == ErrorKind::Interrupted => {}
                Ok(Err(error)) => return Poll::Ready(Err(error)),
                Err(_would_block) => {}
            }
        }
    }
}

impl AsyncWrite for UnixStream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        loop {
            let written = match &this.full {
                None => this.socket.get_ref().write(buf),
                Some(full) => match ready!(full.poll_write_ready(cx))?.try_io(|socket| socket.get_ref().write(buf)) {
                    Ok(written) => written,
                    Err(_would_block) => continue,
                },
            };
            match written {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    let socket = this.socket.get_ref().try_clone()?;
                    let _runtime = this.runtime.enter();
                    this.full = Some(register(socket, Interest::WRITABLE)?);
                }
                written => return Poll::Ready(written),
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        // All is written.
        self.get_mut().full = None;
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.socket.get_ref().shutdown(Shutdown::Write))
    }
}
