//! What a server allows its clients, and how it ends.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use gobrpc::gob::Limits;
use gobrpc::rpc::{Client, Context, Drained, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};

async fn listener() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    (listener, address)
}

async fn serve(server: Server) -> String {
    let (listener, address) = listener().await;
    tokio::spawn(server.serve(listener));
    address
}

fn echo() -> Server {
    Server::new().method("Echo.Say", |text: String| async move { Ok::<_, Infallible>(text) })
}

async fn says(address: &str, text: &str) -> gobrpc::rpc::Result<String> {
    Client::connect(address).await?.call("Echo.Say", &text).await
}

#[tokio::test]
async fn a_service_may_come_while_the_server_serves() {
    struct Late;

    #[gobrpc::service]
    impl Late {
        fn say(&self, text: String) -> String {
            text
        }
    }

    let server = Server::new();
    let address = serve(server.clone()).await;
    let client = Client::connect(&address).await.unwrap();
    let error = client.call::<String>("Late.Say", &"x").await.unwrap_err();
    assert_eq!(error.to_string(), "rpc: can't find service Late.Say");
    server.add(Late).unwrap();
    assert_eq!(client.call::<String>("Late.Say", &"x").await.unwrap(), "x");
    assert_eq!(server.add(Late).unwrap_err().to_string(), "rpc: service already defined: Late");
    server.add_name("a.b/c d", Late).unwrap();
    assert_eq!(client.call::<String>("a.b/c d.Say", &"x").await.unwrap(), "x");
    assert_eq!(server.services()[0].name, "Late");
    assert_eq!(server.services()[0].methods[0].calls, 1);
}

/// Counts how many of its calls run at a time.
fn counting(most: &Arc<AtomicUsize>) -> Server {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::clone(most));
    Server::new().method("Count.Run", move |number: u64| {
        let (now, most) = (Arc::clone(&now), Arc::clone(&most));
        async move {
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            // The later calls are the quicker ones.
            tokio::time::sleep(Duration::from_millis(20 - number)).await;
            now.fetch_sub(1, Ordering::SeqCst);
            Ok::<_, Infallible>(number)
        }
    })
}

#[tokio::test]
async fn no_more_calls_run_at_a_time_than_are_allowed() {
    let most = Arc::new(AtomicUsize::new(0));
    let address = serve(counting(&most).max_in_flight(3)).await;
    let client = Client::connect(&address).await.unwrap();
    let calls: Vec<_> = (0..20).map(|number| client.go::<u64>("Count.Run", &(number as u64)).unwrap()).collect();
    for (number, call) in calls.into_iter().enumerate() {
        assert_eq!(call.await.unwrap(), number as u64);
    }
    assert_eq!(most.load(Ordering::SeqCst), 3);
}

/// R63
#[tokio::test]
async fn one_call_at_a_time_is_in_order() {
    let most = Arc::new(AtomicUsize::new(0));
    let address = serve(counting(&most).max_in_flight(1)).await;
    let client = Client::connect(&address).await.unwrap();
    let calls: Vec<_> = (0..5).map(|number| client.go::<u64>("Count.Run", &(number as u64)).unwrap()).collect();
    let mut done = futures::stream::FuturesUnordered::from_iter(calls);
    let mut order = Vec::new();
    while let Some(number) = futures::StreamExt::next(&mut done).await {
        order.push(number.unwrap());
    }
    assert_eq!(order, [0, 1, 2, 3, 4]);
    assert_eq!(most.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_client_that_says_nothing_is_sent_away() {
    let address = serve(echo().idle_timeout(Duration::from_millis(50))).await;
    let mut idle = TcpStream::connect(&address).await.unwrap();
    assert_eq!(idle.read(&mut [0]).await.unwrap(), 0);
    // One that waits for a reply is not idle.
    let slow = Server::new().idle_timeout(Duration::from_millis(50)).method("Slow.Say", |text: String| async move {
        tokio::time::sleep(Duration::from_millis(200)).await;
        Ok::<_, Infallible>(text)
    });
    let client = Client::connect(&serve(slow).await).await.unwrap();
    assert_eq!(client.call::<String>("Slow.Say", &"x").await.unwrap(), "x");
}

#[tokio::test]
async fn a_client_that_never_ends_its_http_request_is_sent_away() {
    let (listener, address) = listener().await;
    tokio::spawn(echo().handshake_timeout(Duration::from_millis(50)).serve_http(listener));
    let mut slow = TcpStream::connect(&address).await.unwrap();
    slow.write_all(b"CONNECT /_goRPC_ HT").await.unwrap();
    assert_eq!(slow.read(&mut [0]).await.unwrap(), 0);
    assert_eq!(Client::connect_http(&address).await.unwrap().call::<String>("Echo.Say", &"x").await.unwrap(), "x");
}

#[tokio::test]
async fn a_message_that_is_too_long_ends_its_connection_alone() {
    let address = serve(echo().limits(Limits::new().message(1000))).await;
    let error = says(&address, &"x".repeat(2000)).await.unwrap_err();
    assert!(matches!(error, gobrpc::rpc::Error::Server(_) | gobrpc::rpc::Error::UnexpectedEof), "{error:?}");
    assert_eq!(says(&address, "x").await.unwrap(), "x");
}

#[tokio::test]
async fn a_connection_too_many_waits_for_another_to_end() {
    let address = serve(echo().max_connections(1)).await;
    let first = Client::connect(&address).await.unwrap();
    assert_eq!(first.call::<String>("Echo.Say", &"a").await.unwrap(), "a");
    let second = Client::connect(&address).await.unwrap();
    let call = second.go::<String>("Echo.Say", &"b").unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!call.is_done());
    first.close().await.unwrap();
    assert_eq!(call.await.unwrap(), "b");
}

#[tokio::test]
async fn a_call_may_be_refused_before_its_arguments_are_read() {
    let server = echo().authorize(|cx: &Context| match cx.connection().http().and_then(|http| http.header("token")) {
        Some("secret") => Ok(()),
        _ => Err(format!("{} is not for you", cx.service_method())),
    });
    let (listener, address) = listener().await;
    tokio::spawn(server.serve_http(listener));
    let client = Client::connect_http(&address).await.unwrap();
    let error = client.call::<String>("Echo.Say", &"x").await.unwrap_err();
    assert_eq!(error.to_string(), "Echo.Say is not for you");
    // As Go's clients cannot: with a header.
    let mut stream = TcpStream::connect(&address).await.unwrap();
    stream.write_all(b"CONNECT /_goRPC_ HTTP/1.0\r\nToken: secret\r\n\r\n").await.unwrap();
    let mut answer = [0; 33];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.0 200 Connected to Go RPC\n");
    stream.read_exact(&mut [0]).await.unwrap();
    assert_eq!(Client::new(stream).call::<String>("Echo.Say", &"x").await.unwrap(), "x");
}

#[tokio::test]
async fn other_paths_may_be_agreed_on() {
    let (listener, address) = listener().await;
    tokio::spawn(echo().http_paths("/rpc", "/rpc/debug").serve_http(listener));
    let client = Client::connect_http_path(&address, "/rpc").await.unwrap();
    assert_eq!(client.call::<String>("Echo.Say", &"x").await.unwrap(), "x");
    assert!(Client::connect_http(&address).await.unwrap_err().to_string().ends_with("404 Not Found"));
}

/// A server with a method that waits until it is told to go on.
async fn stoppable(patience: Duration) -> (String, Arc<Notify>, oneshot::Sender<()>, tokio::task::JoinHandle<Drained>) {
    let go_on = Arc::new(Notify::new());
    let waiting = Arc::clone(&go_on);
    let server = echo().method("Wait.For", move |(): ()| {
        let waiting = Arc::clone(&waiting);
        async move {
            waiting.notified().await;
            Ok::<_, Infallible>(7_i64)
        }
    });
    let (listener, address) = listener().await;
    let (stop, stopped) = oneshot::channel::<()>();
    let signal = async move { drop(stopped.await) };
    let task = tokio::spawn(async move { server.serve_until(listener, signal, patience).await.unwrap() });
    (address, go_on, stop, task)
}

#[tokio::test]
async fn a_server_that_ends_answers_what_runs() {
    let (address, go_on, stop, task) = stoppable(Duration::from_secs(30)).await;
    let client = Client::connect(&address).await.unwrap();
    let call = client.go::<i64>("Wait.For", &()).unwrap();
    assert_eq!(client.call::<String>("Echo.Say", &"x").await.unwrap(), "x");
    stop.send(()).unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    // No one new, and nothing new.
    assert!(Client::connect(&address).await.is_err());
    let late = client.go::<String>("Echo.Say", &"late").unwrap();
    go_on.notify_one();
    assert_eq!(call.await.unwrap(), 7);
    assert!(late.await.is_err());
    assert_eq!(task.await.unwrap(), Drained { drained: 1, cut: 0 });
}

#[tokio::test]
async fn a_server_that_ends_does_not_wait_for_ever() {
    let (address, _go_on, stop, task) = stoppable(Duration::from_millis(50)).await;
    let client = Client::connect(&address).await.unwrap();
    let call = client.go::<i64>("Wait.For", &()).unwrap();
    assert_eq!(client.call::<String>("Echo.Say", &"x").await.unwrap(), "x");
    stop.send(()).unwrap();
    assert_eq!(task.await.unwrap(), Drained { drained: 0, cut: 1 });
    assert!(call.await.is_err());
}

#[tokio::test]
async fn a_client_that_keeps_the_server_waiting_keeps_nobody_else() {
    let address = serve(echo().method("Never.Ends", |(): ()| std::future::pending::<Result<(), Infallible>>())).await;
    // One whose call never ends, one that never reads, one that sends byte by byte.
    let endless = Client::connect(&address).await.unwrap();
    let never = endless.go::<()>("Never.Ends", &()).unwrap();
    let deaf = TcpStream::connect(&address).await.unwrap();
    let (_deaf_reader, mut deaf_writer) = deaf.into_split();
    let mut request = Vec::new();
    let mut session = gobrpc::gob::Session::new();
    for seq in 0..200 {
        let header = gobrpc::rpc::Request { service_method: "Echo.Say".to_owned(), seq };
        session.encode(&header, &mut request).unwrap();
        session.encode(&"x".repeat(100_000), &mut request).unwrap();
    }
    let flood = tokio::spawn(async move { deaf_writer.write_all(&request).await });
    let mut slow = TcpStream::connect(&address).await.unwrap();
    slow.write_all(&[0x2e]).await.unwrap();
    for number in 0..20 {
        let text = format!("number {number}");
        assert_eq!(says(&address, &text).await.unwrap(), text);
    }
    // What the deaf client sends is not taken without end.
    assert!(!flood.is_finished());
    assert!(!never.is_done());
    flood.abort();
}
