//! What a server may be told about how to treat its clients.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use gobrpc::gob::Limits;
use gobrpc::rpc::{Client, Error, Server};
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;

use super::cancel::CancelArgs;
use super::{ARGS, Arith, eventually, serve, server, server_error};

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
    assert!(timeout(Duration::from_millis(200), &mut call).await.is_err());
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
