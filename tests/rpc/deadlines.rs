//! How long a server waits. The clock stands still until nothing else can go on, and then jumps to the next deadline,
//! so that times are exact on every machine; sockets, which the clock does not see, are no part of it.

use std::io;
use std::time::Duration;

use gobrpc::gob::Session;
use gobrpc::rpc::{Client, Connection, Context, Error, Listener, Request, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep, timeout};

use super::{begun, eventually, hex, multiply, server};

const LIMIT: Duration = Duration::from_millis(100);

/// The other end of a connection to this server, and how serving it ends.
fn connect(server: Server) -> (DuplexStream, oneshot::Receiver<Result<(), Error>>) {
    let (ours, theirs) = tokio::io::duplex(1 << 16);
    let (end, ends) = oneshot::channel();
    tokio::spawn(async move { end.send(server.serve_connection(theirs).await) });
    (ours, ends)
}

/// Asserts that the server closes, and after how long: a timer may be late by its tick.
async fn assert_closes(stream: &mut (impl AsyncReadExt + Unpin), begun: Instant, after: Duration) {
    eventually(stream.read_to_end(&mut Vec::new())).await.unwrap();
    let late = begun.elapsed().checked_sub(after).expect("not before its time");
    assert!(late <= Duration::from_millis(2), "{late:?} late");
}

/// The first bytes of a call; the rest never comes, or a byte at a time.
fn beginning() -> Vec<u8> {
    hex("2e7f030101075265717565737401ff80000102010d536572766963654d6574686f64010c0001035365710106000000 13ff8001")
}

/// Calls whose arguments and replies are more than any connection holds.
fn flood(method: &str) -> Vec<u8> {
    let (mut session, mut calls) = (Session::new(), Vec::new());
    for seq in 0..200 {
        session.encode(&Request { service_method: method.into(), seq }, &mut calls).unwrap();
        session.encode(&vec![0_u8; 100_000], &mut calls).unwrap();
    }
    calls
}

#[tokio::test(start_paused = true)]
async fn an_idle_client_is_sent_away() {
    let begun = Instant::now();
    let (mut stream, end) = connect(server().idle_timeout(LIMIT));
    assert_closes(&mut stream, begun, LIMIT).await;
    drop(stream);
    let error = eventually(end).await.unwrap().unwrap_err();
    assert_eq!(error.to_string(), "rpc: the client was idle for too long");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_calls_or_waits_is_not_idle() {
    let (stream, _) = connect(server().idle_timeout(LIMIT));
    let client = Client::new(stream);
    for _ in 0..4 {
        sleep(LIMIT * 9 / 10).await;
        assert_eq!(multiply(&client).await, 56);
    }
    assert_eq!(client.call::<u64>("Arith.Sleep", &300_u64).await.unwrap(), 300);
    assert_eq!(multiply(&client).await, 56);
    let begun = Instant::now();
    eventually(client.closed()).await;
    assert!(begun.elapsed() >= LIMIT, "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_request_has_its_time() {
    let (mut stream, end) = connect(server().read_timeout(LIMIT));
    // To be idle is no fault.
    sleep(10 * LIMIT).await;
    stream.write_all(&beginning()).await.unwrap();
    assert_closes(&mut stream, Instant::now(), LIMIT).await;
    drop(stream);
    let error = eventually(end).await.unwrap().unwrap_err();
    assert_eq!(error.to_string(), "rpc: the client took too long over a request");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_drips_is_sent_away_and_the_others_are_served() {
    let server = server().read_timeout(LIMIT);
    let (stream, _) = connect(server.clone());
    let (mut from, mut to) = tokio::io::split(stream);
    let begun = Instant::now();
    let dripping = tokio::spawn(async move {
        for byte in beginning() {
            if to.write_all(&[byte]).await.is_err() {
                return;
            }
            sleep(LIMIT / 4).await;
        }
    });
    let busy = tokio::spawn(async move {
        let client = Client::new(connect(server).0);
        // Every request of a busy client has its own time.
        for _ in 0..8 {
            assert_eq!(multiply(&client).await, 56);
            sleep(LIMIT / 2).await;
        }
    });
    assert_closes(&mut from, begun, LIMIT).await;
    eventually(busy).await.unwrap();
    dripping.abort();
}

/// One byte a second, and no policy: it may go on as long as it likes.
#[tokio::test(start_paused = true)]
async fn a_client_that_drips_holds_up_nobody() {
    let (mut slow, _end) = connect(server());
    let client = Client::new(connect(server()).0);
    for byte in beginning() {
        slow.write_all(&[byte]).await.unwrap();
        assert_eq!(multiply(&client).await, 56);
        sleep(Duration::from_secs(1)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_that_takes_no_replies_is_sent_away() {
    let (mut greedy, end) = connect(server().write_timeout(LIMIT));
    let writing = tokio::spawn(async move { greedy.write_all(&flood("Arith.Echo")).await.map(|()| greedy) });
    let error = eventually(end).await.unwrap().unwrap_err();
    assert_eq!(error.to_string(), "rpc: the client does not take its replies");
    assert!(eventually(writing).await.unwrap().is_err());
}

/// What is not read fills the connection, and the client feels it.
#[tokio::test(start_paused = true)]
async fn a_full_connection_is_not_read() {
    let server =
        Server::new().max_in_flight(1).method("Bytes.Keep", |_: Vec<u8>| std::future::pending::<Result<(), String>>());
    let (mut stream, _end) = connect(server);
    let writing = timeout(Duration::from_secs(3600), async { stream.write_all(&flood("Bytes.Keep")).await });
    assert!(writing.await.is_err(), "somebody reads 20 MB");
}

#[tokio::test(start_paused = true)]
async fn a_handshake_has_its_time() {
    let known = || Connection::new().with_peer("192.0.2.7:1234".parse().unwrap());
    let server = server().handshake_timeout(LIMIT);
    let (mut late, theirs) = tokio::io::duplex(1 << 16);
    let (serving, begun) = (server.clone(), Instant::now());
    tokio::spawn(async move { serving.serve_http_connection_with(theirs, known()).await });
    late.write_all(b"CONNECT /_goRPC_ HTTP/1.0\n").await.unwrap();
    assert_closes(&mut late, begun, LIMIT).await;

    let (mut quick, theirs) = tokio::io::duplex(1 << 16);
    tokio::spawn(async move { server.serve_http_connection_with(theirs, known()).await });
    quick.write_all(b"CONNECT /_goRPC_ HTTP/1.0\n\n").await.unwrap();
    quick.read_exact(&mut [0; 34]).await.unwrap();
    // After it, the client may be as slow as it likes.
    sleep(10 * LIMIT).await;
    assert_eq!(multiply(&Client::new(quick)).await, 56);
}

/// Streams that a test makes.
struct Streams(mpsc::UnboundedReceiver<DuplexStream>);

impl Listener for Streams {
    type Io = DuplexStream;

    async fn accept(&mut self) -> io::Result<DuplexStream> {
        match self.0.recv().await {
            Some(stream) => Ok(stream),
            None => std::future::pending().await,
        }
    }
}

struct Stubborn;

#[gobrpc::service]
impl Stubborn {
    async fn stay(&self, #[rpc(context)] cx: &Context, _: ()) -> Result<(), String> {
        std::future::pending::<()>().await;
        Err(cx.service_method().to_owned())
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_does_not_end_after_a_shutdown_is_cut_and_reported() {
    let server = server().register(Stubborn).drain_timeout(LIMIT);
    let (connect, streams) = mpsc::unbounded_channel();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = server.clone();
    let task = tokio::spawn(async move {
        serving.serve_with_shutdown(Streams(streams), async { drop(stopped.await) }).await.unwrap()
    });
    let (ours, theirs) = tokio::io::duplex(1 << 16);
    connect.send(theirs).unwrap();
    let client = Client::new(ours);
    let short = client.call::<u64>("Arith.Sleep", &90_u64);
    let stays = client.call::<()>("Stubborn.Stay", &());
    begun(&server, 2).await;
    let asked = Instant::now();
    stop.send(()).unwrap();
    let drained = eventually(task).await.unwrap();
    assert!(asked.elapsed() >= LIMIT, "{:?}", asked.elapsed());
    let cut: Vec<_> = drained.cut.iter().map(|cx| (cx.service_method(), cx.seq(), cx.is_cancelled())).collect();
    assert_eq!(cut, [("Stubborn.Stay", 1, true)]);
    assert_eq!(eventually(short).await.unwrap(), 90);
    assert!(eventually(stays).await.is_err());
}
