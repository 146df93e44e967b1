//! The end of a connection.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

use crate::rpc::error::Result;

/// How long a client may take to hear that nothing more is read. A socket that is closed over unread bytes may lose the
/// last replies.
const LINGER: Duration = Duration::from_millis(500);

/// Says that nothing more will come, and waits for the client to have read it.
#[derive(Default)]
pub(super) struct Linger {
    /// Once it is said.
    timer: Option<Pin<Box<Sleep>>>,
}

impl Linger {
    pub(super) fn poll(
        &mut self,
        io: &mut (impl AsyncRead + AsyncWrite + Unpin),
        cx: &mut Context<'_>,
    ) -> Poll<Result<()>> {
        if self.timer.is_none() {
            ready!(Pin::new(&mut *io).poll_shutdown(cx))?;
        }
        let timer = self.timer.get_or_insert_with(|| Box::pin(tokio::time::sleep(LINGER)));
        let mut rest = [0; 1024];
        while timer.as_mut().poll(cx).is_pending() {
            let mut rest = ReadBuf::new(&mut rest);
            if ready!(Pin::new(&mut *io).poll_read(cx, &mut rest)).is_err() || rest.filled().is_empty() {
                break;
            }
        }
        Poll::Ready(Ok(()))
    }
}
