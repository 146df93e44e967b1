//! Calls that have their connection to themselves: they move its bytes, until they are no longer alone or polled.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::thread;
use std::time::Duration;

use futures::poll;
use gobrpc::rpc::{Client, Error, Pending};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf, join};
use tokio::net::tcp::OwnedReadHalf;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

use super::{ARGS, client, eventually, multiply, serve, server, until};

/// A call that is alone and waits for its reply.
async fn waiting(client: &Client, millis: u64) -> Pending<u64> {
    // The first call of a connection is not alone: there is the driver that begins.
    assert_eq!(multiply(client).await, 56);
    let mut call = client.call("Arith.Sleep", &millis);
    assert!(poll!(&mut call).is_pending());
    call
}

#[tokio::test]
async fn one_that_is_not_polled_keeps_no_other_waiting() {
    let client = client().await;
    let call = waiting(&client, 1).await;
    for _ in 0..3 {
        assert_eq!(eventually(client.call::<isize>("Arith.Multiply", &ARGS)).await.unwrap(), 56);
    }
    assert_eq!(eventually(call).await.unwrap(), 1);
}

#[tokio::test]
async fn one_that_is_dropped_leaves_the_connection_to_others() {
    let client = client().await;
    for _ in 0..3 {
        drop(waiting(&client, 50).await);
        drop(client.call::<u64>("Arith.Sleep", &50_u64));
        assert_eq!(eventually(client.call::<isize>("Arith.Multiply", &ARGS)).await.unwrap(), 56);
    }
}

#[tokio::test]
async fn one_that_moves_to_another_task_is_woken_there() {
    let client = client().await;
    let call = waiting(&client, 50).await;
    let elsewhere = tokio::spawn(call);
    assert_eq!(eventually(elsewhere).await.unwrap().unwrap(), 50);
}

#[tokio::test]
async fn who_asks_whether_it_is_done_need_not_poll_it() {
    let client = client().await;
    let call = waiting(&client, 10).await;
    until(|| call.is_done()).await;
    assert_eq!(call.await.unwrap(), 10);
}

/// A connection whose server can be cut off.
async fn cut() -> (Client, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let serving = tokio::spawn(async move { server().serve(listener).await.unwrap() });
    (Client::connect(&address).await.unwrap(), serving)
}

#[tokio::test]
async fn the_end_is_heard_of_between_calls() {
    let (client, serving) = cut().await;
    assert_eq!(waiting(&client, 1).await.await.unwrap(), 1);
    assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
    serving.abort();
    eventually(client.closed()).await;
    assert!(client.is_closed());
}

#[tokio::test]
async fn the_end_is_heard_of_while_one_waits() {
    let (client, serving) = cut().await;
    let call = waiting(&client, 60_000).await;
    serving.abort();
    let error = eventually(call).await.unwrap_err();
    assert!(matches!(error, Error::UnexpectedEof | Error::Io(_)), "{error:?}");
    eventually(client.closed()).await;
}

#[tokio::test]
async fn the_end_is_heard_of_while_one_is_not_polled() {
    let (client, serving) = cut().await;
    let call = waiting(&client, 60_000).await;
    let closed = tokio::spawn({
        let client = client.clone();
        async move { client.closed().await }
    });
    serving.abort();
    eventually(closed).await.unwrap();
    assert!(call.await.is_err());

    let (client, serving) = cut().await;
    let call = waiting(&client, 60_000).await;
    serving.abort();
    until(|| client.is_closed()).await;
    drop(call);
}

#[tokio::test]
async fn one_that_takes_too_long_is_told_so() {
    let timeout = Duration::from_millis(200);
    let client = Client::builder().timeout(timeout).connect(&serve(server()).await).await.unwrap();
    for _ in 0..2 {
        let begun = Instant::now();
        let call = waiting(&client, 60_000).await;
        assert!(matches!(eventually(call).await, Err(Error::Timeout { .. })));
        assert!(begun.elapsed() >= timeout);
    }
}

#[tokio::test]
async fn one_that_does_not_fit_the_socket_is_sent_all_the_same() {
    let client = client().await;
    assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
    let large = vec![7_u8; 20 << 20];
    let echo: Vec<u8> = eventually(client.call("Arith.Echo", &large)).await.unwrap();
    assert!(echo == large);
}

#[tokio::test]
async fn one_of_a_thread_without_a_runtime_does_the_same() {
    let client = client().await;
    let calling = thread::spawn(move || {
        for _ in 0..100 {
            assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).wait().unwrap(), 56);
        }
        let large = vec![7_u8; 20 << 20];
        assert!(client.call::<Vec<u8>>("Arith.Echo", &large).wait().unwrap() == large);
    });
    eventually(tokio::task::spawn_blocking(|| calling.join())).await.unwrap().unwrap();
}

/// The reading half of a stream, with a mistake in it.
struct Broken {
    reader: OwnedReadHalf,
    panics: Arc<AtomicBool>,
}

impl AsyncRead for Broken {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        assert!(!self.panics.load(Ordering::SeqCst), "a mistake");
        Pin::new(&mut self.reader).poll_read(cx, buf)
    }
}

#[tokio::test]
async fn a_stream_that_panics_ends_the_connection() {
    let (reader, writer) = TcpStream::connect(serve(server()).await).await.unwrap().into_split();
    let panics = Arc::new(AtomicBool::new(false));
    let client = Client::new(join(Broken { reader, panics: Arc::clone(&panics) }, writer));
    let call = waiting(&client, 50).await;
    panics.store(true, Ordering::SeqCst);
    assert!(eventually(tokio::spawn(call)).await.unwrap_err().is_panic());
    eventually(client.closed()).await;
    assert!(matches!(client.call::<isize>("Arith.Multiply", &ARGS).await, Err(Error::Shutdown)));
}

/// A stream that may have to read before it can write, as some protocols do, and asks for both with the waker of the
/// writer.
struct Asking(TcpStream);

impl AsyncRead for Asking {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl AsyncWrite for Asking {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let _is_ready = self.0.poll_read_ready(cx)?;
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

#[tokio::test]
async fn one_whose_stream_wakes_who_wrote_is_answered() {
    let stream = TcpStream::connect(serve(server()).await).await.unwrap();
    let client = Client::new(Asking(stream));
    for _ in 0..10 {
        let product = eventually(client.call::<isize>("Arith.Multiply", &ARGS)).await;
        assert_eq!(product.unwrap(), 56);
    }
}
