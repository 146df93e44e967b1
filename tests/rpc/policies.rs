//! What a server may be told about how to treat its clients.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use gobrpc::gob::{Limits, Session};
use gobrpc::rpc::{Client, Error, Request, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::cancel::CancelArgs;
use super::{ARGS, Arith, eventually, hex, serve, server, server_error};

const SHORT: Duration = Duration::from_millis(100);

/// Notes how many of its calls run at the same time, and in which order they begin.
#[derive(Clone, Default)]
struct Crowd(Arc<Inner>);

#[derive(Default)]
struct Inner {
    running: AtomicUsize,
    most: AtomicUsize,
    order: std::sync::Mutex<Vec<u64>>,
}

#[gobrpc::service]
impl Crowd {
    async fn stay(&self, number: u64) -> u64 {
        self.0.order.lock().unwrap().push(number);
        let running = self.0.running.fetch_add(1, Ordering::SeqCst) + 1;
        self.0.most.fetch_max(running, Ordering::SeqCst);
        // The first stay longest, so that they would overtake each other if they could.
        tokio::time::sleep(Duration::from_millis(20_u64.saturating_sub(number))).await;
        self.0.running.fetch_sub(1, Ordering::SeqCst);
        number
    }
}

async fn crowd(server: Server) -> (Crowd, Vec<u64>) {
    let crowd = Crowd::default();
    let client = Client::connect(&serve(server.register(crowd.clone())).await).await.unwrap();
    let calls: Vec<_> = (0..20_u64).map(|n| client.call::<u64>("Crowd.Stay", &n)).collect();
    let mut replies = Vec::new();
    for call in calls {
        replies.push(eventually(call).await.unwrap());
    }
    (crowd, replies)
}

#[tokio::test]
async fn as_many_calls_run_as_come() {
    let (crowd, replies) = crowd(Server::new()).await;
    assert_eq!(replies, (0..20).collect::<Vec<_>>());
    assert!(crowd.0.most.load(Ordering::SeqCst) > 3);
}

/// R148
#[tokio::test]
async fn no_more_calls_of_a_connection_run_than_allowed() {
    let (crowd, replies) = crowd(Server::new().max_in_flight(3)).await;
    assert_eq!(replies, (0..20).collect::<Vec<_>>());
    assert_eq!(crowd.0.most.load(Ordering::SeqCst), 3);
}

/// R63, R147
#[tokio::test]
async fn a_serial_server_keeps_to_the_order_of_the_calls() {
    let (crowd, _) = crowd(Server::new().serial()).await;
    assert_eq!(crowd.0.most.load(Ordering::SeqCst), 1);
    assert_eq!(*crowd.0.order.lock().unwrap(), (0..20).collect::<Vec<_>>());
}

/// The limit is that of a connection: the server has no other.
#[tokio::test]
async fn a_method_that_never_returns_holds_up_its_own_connection_at_most() {
    let server = server().serial().method("Never.Returns", |(): ()| std::future::pending::<Result<(), String>>());
    let address = serve(server).await;
    let stuck = Client::connect(&address).await.unwrap();
    let never = stuck.call::<()>("Never.Returns", &());
    let behind = stuck.call::<isize>("Arith.Multiply", &ARGS);
    let other = Client::connect(&address).await.unwrap();
    assert_eq!(eventually(other.call::<isize>("Arith.Multiply", &ARGS)).await.unwrap(), 56);
    assert!(!never.is_done() && !behind.is_done());
}

#[tokio::test]
async fn a_method_that_never_returns_holds_up_nobody() {
    let server = server().method("Never.Returns", |(): ()| std::future::pending::<Result<(), String>>());
    let client = Client::connect(&serve(server).await).await.unwrap();
    let never = client.call::<()>("Never.Returns", &());
    assert_eq!(eventually(client.call::<isize>("Arith.Multiply", &ARGS)).await.unwrap(), 56);
    assert!(!never.is_done());
}

/// However many calls it has answered at once before.
#[tokio::test]
async fn a_method_that_was_quick_may_wait_for_ever_and_is_still_cancelled() {
    let server = server().method_with_context("Fickle.Call", |cx, waits: bool| async move {
        if waits {
            cx.cancelled().await;
        }
        Ok::<_, std::convert::Infallible>(waits)
    });
    let client = Client::connect(&serve(server).await).await.unwrap();
    for _ in 0..100 {
        assert!(!eventually(client.call::<bool>("Fickle.Call", &false)).await.unwrap());
    }
    let (victim, other) = (client.call::<bool>("Fickle.Call", &true), client.call::<bool>("Fickle.Call", &true));
    let seq = victim.seq().unwrap();
    assert!(!eventually(client.call::<bool>("Fickle.Call", &false)).await.unwrap());
    assert_eq!(eventually(client.call::<isize>("Arith.Multiply", &ARGS)).await.unwrap(), 56);
    assert!(!victim.is_done() && !other.is_done());
    assert!(!eventually(client.call::<bool>("_goRPC_.Cancel", &CancelArgs { seq })).await.unwrap());
    assert!(eventually(victim).await.unwrap());
    assert!(!other.is_done());
}

/// What is not read fills the socket, and the client feels it.
#[tokio::test]
async fn a_full_connection_is_not_read() {
    let server = Server::new()
        .max_in_flight(1)
        .method("Never.Returns", |(): ()| std::future::pending::<Result<(), String>>())
        .method("Bytes.Drop", |_: Vec<u8>| async { Ok::<_, String>(()) });
    let mut stream = TcpStream::connect(serve(server).await).await.unwrap();
    let mut session = Session::new();
    let mut bytes = Vec::new();
    session.encode(&Request { service_method: "Never.Returns".into(), seq: 0 }, &mut bytes).unwrap();
    session.encode(&(), &mut bytes).unwrap();
    for seq in 1..200 {
        session.encode(&Request { service_method: "Bytes.Drop".into(), seq }, &mut bytes).unwrap();
        session.encode(&vec![0_u8; 100_000], &mut bytes).unwrap();
    }
    assert!(timeout(Duration::from_secs(1), stream.write_all(&bytes)).await.is_err(), "somebody reads 20 MB");
}

async fn closes(stream: &mut TcpStream) -> Duration {
    let start = Instant::now();
    let mut rest = Vec::new();
    // A reset is an end, too.
    let _ = eventually(stream.read_to_end(&mut rest)).await;
    start.elapsed()
}

#[tokio::test]
async fn an_idle_client_is_sent_away() {
    let mut stream = TcpStream::connect(serve(server().idle_timeout(SHORT)).await).await.unwrap();
    let elapsed = closes(&mut stream).await;
    assert!(elapsed >= SHORT / 2, "{elapsed:?}");
}

#[tokio::test]
async fn a_client_that_calls_or_waits_is_not_idle() {
    let client = Client::connect(&serve(server().idle_timeout(SHORT)).await).await.unwrap();
    for _ in 0..4 {
        tokio::time::sleep(SHORT / 2).await;
        assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
    }
    assert_eq!(client.call::<u64>("Arith.Sleep", &300_u64).await.unwrap(), 300);
    assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
    eventually(client.closed()).await;
}

/// The first bytes of a call; the rest never comes, or a byte at a time.
fn begun() -> Vec<u8> {
    hex("2e7f030101075265717565737401ff80000102010d536572766963654d6574686f64010c0001035365710106000000 13ff8001")
}

#[tokio::test]
async fn a_request_has_its_time() {
    let address = serve(server().read_timeout(SHORT)).await;
    let mut stream = TcpStream::connect(&address).await.unwrap();
    // To be idle is no fault.
    tokio::time::sleep(2 * SHORT).await;
    stream.write_all(&begun()).await.unwrap();
    let elapsed = closes(&mut stream).await;
    assert!(elapsed >= SHORT / 2, "{elapsed:?}");
}

#[tokio::test]
async fn a_client_that_drips_is_sent_away_and_the_others_are_served() {
    let address = serve(server().read_timeout(2 * SHORT)).await;
    let (mut from, mut to) = TcpStream::connect(&address).await.unwrap().into_split();
    let dripping = tokio::spawn(async move {
        for byte in begun() {
            if to.write_all(&[byte]).await.is_err() {
                return;
            }
            tokio::time::sleep(SHORT / 2).await;
        }
    });
    let client = Client::connect(&address).await.unwrap();
    // Every request of a busy client has its own time.
    for _ in 0..8 {
        assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
        tokio::time::sleep(SHORT / 2).await;
    }
    let mut rest = Vec::new();
    let _ = timeout(SHORT, from.read_to_end(&mut rest)).await.expect("it was sent away by now");
    dripping.abort();
}

/// One byte a second, and no policy: it may go on as long as it likes.
#[tokio::test]
async fn a_client_that_drips_holds_up_nobody() {
    let address = serve(server()).await;
    let mut slow = TcpStream::connect(&address).await.unwrap();
    let dripping = tokio::spawn(async move {
        for byte in begun() {
            slow.write_all(&[byte]).await.unwrap();
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    });
    let client = Client::connect(&address).await.unwrap();
    for _ in 0..100 {
        assert_eq!(eventually(client.call::<isize>("Arith.Multiply", &ARGS)).await.unwrap(), 56);
    }
    assert!(!dripping.is_finished());
    dripping.abort();
}

#[tokio::test]
async fn a_client_that_takes_no_replies_is_sent_away() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let greedy = TcpStream::connect(address).await.unwrap();
    let (stream, _) = listener.accept().await.unwrap();
    let (_unread, mut writer) = greedy.into_split();
    let mut session = Session::new();
    let mut calls = Vec::new();
    for seq in 0..200 {
        session.encode(&Request { service_method: "Arith.Echo".into(), seq }, &mut calls).unwrap();
        session.encode(&vec![0_u8; 100_000], &mut calls).unwrap();
    }
    let flood = tokio::spawn(async move { writer.write_all(&calls).await });
    let served = server().write_timeout(SHORT);
    let error = eventually(served.serve_connection(stream)).await.unwrap_err();
    assert_eq!(error.to_string(), "rpc: the client does not take its replies");
    flood.abort();
}

/// R149
#[tokio::test]
async fn a_message_that_is_too_long_is_not_read() {
    let server = server().limits(Limits::new().message(1000));
    let client = Client::connect(&serve(server).await).await.unwrap();
    assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
    client.call::<Vec<u8>>("Arith.Echo", &vec![0_u8; 2000]).await.unwrap_err();
    eventually(client.closed()).await;
}

#[tokio::test]
async fn one_connection_more_waits_until_another_is_closed() {
    let address = serve(server().max_connections(2)).await;
    let one = Client::connect(&address).await.unwrap();
    let two = Client::connect(&address).await.unwrap();
    for client in [&one, &two] {
        assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
    }
    // The operating system takes the connection, the server does not.
    let three = Client::connect(&address).await.unwrap();
    let mut call = three.call::<isize>("Arith.Multiply", &ARGS);
    assert!(timeout(2 * SHORT, &mut call).await.is_err());
    one.close().await.unwrap();
    assert_eq!(eventually(call).await.unwrap(), 56);
}

/// R140
#[tokio::test]
async fn a_call_may_be_refused_before_its_arguments_are_decoded() {
    let server = server().authorize(|cx| match cx.service_method() {
        "Arith.Divide" | "Secret.Service" => Err(format!("{} is not for you", cx.peer().unwrap().ip())),
        _ => Ok(()),
    });
    let client = Client::connect(&serve(server.clone()).await).await.unwrap();
    assert_eq!(server_error(client.call::<()>("Arith.Divide", &ARGS).await), "127.0.0.1 is not for you");
    // Neither their type nor whether the method exists makes a difference.
    assert_eq!(server_error(client.call::<()>("Arith.Divide", &"text").await), "127.0.0.1 is not for you");
    assert_eq!(server_error(client.call::<()>("Secret.Service", &()).await), "127.0.0.1 is not for you");
    assert_eq!(server_error(client.call::<()>("Other.Service", &()).await), "rpc: can't find service Other.Service");
    assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
    assert_eq!(server.services()[0].methods[0].calls, 0);
}

#[tokio::test]
async fn all_checks_are_asked_and_one_that_panics_refuses() {
    let server = server()
        .authorize(|cx| if cx.seq() == 0 { Err("the first") } else { Ok(()) })
        .authorize(|cx| if cx.seq() == 1 { Err("the second") } else { Ok(()) })
        .authorize(|cx| if cx.seq() == 2 { panic!("boom") } else { Ok::<_, String>(()) });
    let client = Client::connect(&serve(server).await).await.unwrap();
    let mut texts = Vec::new();
    for _ in 0..3 {
        texts.push(server_error(client.call::<isize>("Arith.Multiply", &ARGS).await));
    }
    assert_eq!(texts, ["the first", "the second", "rpc: method Arith.Multiply panicked: boom"]);
    assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
}

#[tokio::test]
async fn listeners_may_serve_the_same_methods_on_different_terms() {
    let all = Server::new();
    let public = all.clone().authorize(|_| Err::<(), _>("closed"));
    let (inside, outside) = (serve(all.clone()).await, serve(public).await);
    all.try_register(Arith).unwrap();
    let (inside, outside) = (Client::connect(&inside).await.unwrap(), Client::connect(&outside).await.unwrap());
    assert_eq!(inside.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
    assert_eq!(server_error(outside.call::<isize>("Arith.Multiply", &ARGS).await), "closed");
}

/// R42, R144
#[tokio::test]
async fn whoever_serves_a_connection_learns_that_it_made_no_sense() {
    let (mut ours, theirs) = tokio::io::duplex(1 << 10);
    ours.write_all(
        b"GET / HTTP/1.1\r\n\r\n and enough for a whole message, the first byte of which is its length.......",
    )
    .await
    .unwrap();
    let error = eventually(server().serve_connection(theirs)).await.unwrap_err();
    assert!(matches!(error, Error::Codec(_)), "{error:?}");
}
