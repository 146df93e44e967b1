//! How connections end, and who is told.

use std::time::Duration;

use gobrpc::rpc::{Client, Error};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tokio::time::timeout;

use super::{ARGS, client, eventually, serve, server};

/// A server that takes a connection and hands it over.
async fn raw() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    (listener, address)
}

/// R99, R101
#[tokio::test]
async fn every_pending_call_learns_that_the_server_closed() {
    let (listener, address) = raw().await;
    let client = Client::connect(&address).await.unwrap();
    let calls: Vec<_> = (0..3).map(|_| client.call::<isize>("Arith.Multiply", &ARGS)).collect();
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut buf = [0; 4096];
    assert!(stream.read(&mut buf).await.unwrap() > 0);
    drop(stream);
    for call in calls {
        let error = eventually(call).await.unwrap_err();
        assert!(matches!(error, Error::UnexpectedEof | Error::Io(_)), "{error:?}");
    }
    eventually(client.closed()).await;
    assert!(client.is_closed());
    assert!(matches!(client.go::<isize>("Arith.Multiply", &ARGS), Err(Error::Shutdown)));
}

/// R91, R92
#[tokio::test]
async fn closing_ends_pending_calls_and_a_second_close_says_so() {
    let client = client().await;
    let call = client.call::<u64>("Arith.Sleep", &10_000_u64);
    client.close().await.unwrap();
    assert!(matches!(eventually(call).await, Err(Error::Shutdown)));
    assert!(matches!(client.close().await, Err(Error::Shutdown)));
    assert!(matches!(client.call::<isize>("Arith.Multiply", &ARGS).await, Err(Error::Shutdown)));
}

/// The clock goes on only when nothing else does.
#[tokio::test(start_paused = true)]
async fn the_last_client_to_go_closes_the_connection() {
    let (ours, mut stream) = tokio::io::duplex(16);
    let client = Client::new(ours);
    let clone = client.clone();
    drop(client);
    let mut buf = [0; 16];
    assert!(timeout(Duration::from_secs(60), stream.read(&mut buf)).await.is_err(), "a clone is left");
    drop(clone);
    assert_eq!(eventually(stream.read(&mut buf)).await.unwrap(), 0);
}

#[tokio::test]
async fn a_pending_call_keeps_the_connection_when_its_client_is_gone() {
    let call = client().await.call::<u64>("Arith.Sleep", &50_u64);
    assert_eq!(call.await.unwrap(), 50);
}

/// R98, where Go leaves the socket open.
#[tokio::test]
async fn nonsense_from_the_server_closes_the_connection() {
    use tokio::io::AsyncWriteExt;

    let (listener, address) = raw().await;
    let client = Client::connect(&address).await.unwrap();
    let call = client.call::<isize>("Arith.Multiply", &ARGS);
    let (mut stream, _) = listener.accept().await.unwrap();
    stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n and a body that is long enough for one message").await.unwrap();
    let error = eventually(call).await.unwrap_err();
    assert!(matches!(error, Error::Codec(_)), "{error:?}");
    eventually(client.closed()).await;
}

#[tokio::test]
async fn dropping_the_serving_future_closes_its_connections() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let serving = tokio::spawn(server().serve(listener));
    let client = Client::connect(&address).await.unwrap();
    assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
    serving.abort();
    eventually(client.closed()).await;
}

#[tokio::test]
async fn a_runtime_that_ends_tells_those_who_wait() {
    let address = serve(server()).await;
    let pending = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let client = runtime.block_on(Client::connect(&address)).unwrap();
        client.call::<u64>("Arith.Sleep", &60_000_u64)
    });
    let pending = pending.join().unwrap();
    let waited = tokio::task::spawn_blocking(move || pending.wait());
    assert!(eventually(waited).await.unwrap().is_err());
}
