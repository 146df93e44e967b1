//! Shutting down, without losing a reply or waiting for ever.

use std::time::Duration;

use gobrpc::rpc::{Client, Context, Drained, Server};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::{ARGS, eventually, server};

struct Running {
    address: String,
    stop: oneshot::Sender<()>,
    task: JoinHandle<Drained>,
}

async fn start(server: Server, http: bool) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (stop, stopped) = oneshot::channel();
    let stopped = async { drop(stopped.await) };
    let task = tokio::spawn(async move {
        match http {
            true => server.serve_http_with_shutdown(listener, stopped).await.unwrap(),
            false => server.serve_with_shutdown(listener, stopped).await.unwrap(),
        }
    });
    Running { address, stop, task }
}

async fn begun() {
    tokio::time::sleep(Duration::from_millis(50)).await;
}

#[tokio::test]
async fn calls_that_run_are_answered() {
    let Running { address, stop, task } = start(server(), false).await;
    let client = Client::connect(&address).await.unwrap();
    let calls: Vec<_> = (0..10).map(|n| client.call::<u64>("Arith.Sleep", &(200_u64 + n))).collect();
    begun().await;
    stop.send(()).unwrap();
    for (n, call) in (200..).zip(calls) {
        assert_eq!(eventually(call).await.unwrap(), n);
    }
    assert!(eventually(task).await.unwrap().cut.is_empty());
    eventually(client.closed()).await;
}

#[tokio::test]
async fn nobody_is_accepted_any_more_and_nobody_is_read() {
    let Running { address, stop, task } = start(server(), false).await;
    let client = Client::connect(&address).await.unwrap();
    let slow = client.call::<u64>("Arith.Sleep", &300_u64);
    begun().await;
    stop.send(()).unwrap();
    begun().await;
    let late = client.call::<isize>("Arith.Multiply", &ARGS);
    assert!(Client::connect(&address).await.is_err(), "nobody listens");
    // The late call costs the early one nothing, though its bytes are never read.
    assert_eq!(eventually(slow).await.unwrap(), 300);
    assert!(eventually(late).await.is_err());
    eventually(task).await.unwrap();
}

/// So many that not all of the replies are with the client when the server closes.
#[tokio::test]
async fn a_busy_client_loses_no_reply_of_a_call_that_ran() {
    let echo = server();
    let Running { address, stop, task } = start(echo.clone(), false).await;
    let client = Client::connect(&address).await.unwrap();
    let calls: Vec<_> = (0..200).map(|_| client.call::<Vec<u8>>("Arith.Echo", &vec![7_u8; 10_000])).collect();
    tokio::time::sleep(Duration::from_millis(5)).await;
    stop.send(()).unwrap();
    let mut answered = 0;
    for call in calls {
        answered += u64::from(eventually(call).await.is_ok());
    }
    eventually(task).await.unwrap();
    let ran = echo.services()[0].methods[1].calls;
    assert_eq!(answered, ran);
}

struct Stubborn;

#[gobrpc::service]
impl Stubborn {
    async fn stay(&self, #[rpc(context)] cx: &Context, _: ()) -> Result<(), String> {
        std::future::pending::<()>().await;
        Err(cx.service_method().to_owned())
    }
}

#[tokio::test]
async fn a_call_that_does_not_end_is_cut_and_reported() {
    let server = server().register(Stubborn).drain_timeout(Duration::from_millis(200));
    let Running { address, stop, task } = start(server, false).await;
    let client = Client::connect(&address).await.unwrap();
    let short = client.call::<u64>("Arith.Sleep", &100_u64);
    let stays = client.call::<()>("Stubborn.Stay", &());
    begun().await;
    stop.send(()).unwrap();
    let drained = eventually(task).await.unwrap();
    let cut: Vec<_> = drained.cut.iter().map(|cx| (cx.service_method(), cx.seq(), cx.is_cancelled())).collect();
    assert_eq!(cut, [("Stubborn.Stay", 1, true)]);
    assert_eq!(eventually(short).await.unwrap(), 100);
    assert!(eventually(stays).await.is_err());
}

#[tokio::test]
async fn an_idle_connection_is_closed_at_once() {
    for http in [false, true] {
        let Running { address, stop, task } = start(server(), http).await;
        let client = match http {
            true => Client::connect_http(&address).await.unwrap(),
            false => Client::connect(&address).await.unwrap(),
        };
        assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
        // One that has not said a word.
        let _silent = tokio::net::TcpStream::connect(&address).await.unwrap();
        begun().await;
        stop.send(()).unwrap();
        tokio::time::timeout(Duration::from_secs(5), task).await.unwrap().unwrap();
        eventually(client.closed()).await;
    }
}
