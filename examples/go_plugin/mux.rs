//! yamux: many streams over one connection, as Go and tokio expect them.

use std::future::poll_fn;
use std::io;
use std::task::{Context, Poll};

use futures::io::AsyncWriteExt;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{mpsc, oneshot};
use tokio_util::compat::{Compat, FuturesAsyncReadCompatExt, TokioAsyncReadCompatExt};
use yamux::{Config, Connection, DEFAULT_CREDIT, Mode};

/// One of the streams that share a connection.
pub type Stream = Compat<yamux::Stream>;

/// How many of them there may be.
const MAX_STREAMS: usize = 1024;

/// Whoever wants a stream sends where to put it.
pub type Opener = mpsc::Sender<Request>;
type Request = oneshot::Sender<Stream>;

pub async fn open(opener: &Opener) -> io::Result<Stream> {
    let (request, stream) = oneshot::channel();
    opener.send(request).await.map_err(|_| io::ErrorKind::BrokenPipe)?;
    Ok(stream.await.map_err(|_| io::ErrorKind::BrokenPipe)?)
}

/// Starts a task that moves the bytes of a connection, until it ends or nobody can want a stream any more.
pub fn start<IO>(io: IO, mode: Mode) -> (Opener, mpsc::Receiver<Stream>)
where
    IO: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let mut config = Config::default();
    // Go fills the window of a stream with one frame, and this crate takes none above 1 MiB. So the windows must not
    // grow.
    config.set_max_num_streams(MAX_STREAMS);
    config.set_max_connection_receive_window(Some(MAX_STREAMS * DEFAULT_CREDIT as usize));
    let mut connection = Connection::new(io.compat(), config, mode);
    let (opener, mut requests) = mpsc::channel(1);
    let (sender, incoming) = mpsc::channel(1);
    tokio::spawn(async move {
        let mut request = None;
        while let Some((mut stream, request)) =
            poll_fn(|cx| poll_stream(&mut connection, &mut requests, &mut request, cx)).await
        {
            // The crate opens and acknowledges a stream when something is written: nothing, here. Else a plugin would
            // wait for the streams on which a host only reads, and Go ends a connection with a stream that is not
            // acknowledged within 75 seconds.
            let _ = stream.write(&[]).await;
            match request {
                Some(request) => drop(request.send(stream.compat())),
                None => drop(sender.send(stream.compat()).await),
            }
        }
        let _ = poll_fn(|cx| connection.poll_close(cx)).await;
    });
    (opener, incoming)
}

/// The next stream, with the request if it is not the other side that opens it.
fn poll_stream<IO>(
    connection: &mut Connection<IO>,
    requests: &mut mpsc::Receiver<Request>,
    request: &mut Option<Request>,
    cx: &mut Context<'_>,
) -> Poll<Option<(yamux::Stream, Option<Request>)>>
where
    IO: futures::AsyncRead + futures::AsyncWrite + Unpin,
{
    if request.is_none() {
        match requests.poll_recv(cx) {
            Poll::Ready(None) => return Poll::Ready(None),
            Poll::Ready(next) => *request = next,
            Poll::Pending => {}
        }
    }
    if request.is_some()
        && let Poll::Ready(stream) = connection.poll_new_outbound(cx)
    {
        return Poll::Ready(stream.ok().map(|stream| (stream, request.take())));
    }
    connection.poll_next_inbound(cx).map(|stream| Some((stream?.ok()?, None)))
}
