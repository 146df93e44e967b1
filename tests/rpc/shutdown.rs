//! Shutting down, without losing a reply or waiting for ever.

use std::time::Duration;

use gobrpc::rpc::{Client, Drained, Server};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::{ARGS, begun, calls_of, eventually, gated, server, until};

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

#[tokio::test]
async fn calls_that_run_are_answered() {
    let (server, gate) = gated();
    let Running { address, stop, task } = start(server.clone(), false).await;
    let client = Client::connect(&address).await.unwrap();
    let calls: Vec<_> = (0..10_u64).map(|n| client.call::<u64>("Gate.Pass", &n)).collect();
    begun(&server, 10).await;
    stop.send(()).unwrap();
    gate.add_permits(calls.len());
    for (n, call) in (0..).zip(calls) {
        assert_eq!(eventually(call).await.unwrap(), n);
    }
    assert!(eventually(task).await.unwrap().cut.is_empty());
    eventually(client.closed()).await;
}

#[tokio::test]
async fn nobody_is_accepted_any_more_and_nobody_is_read() {
    let (server, gate) = gated();
    let Running { address, stop, task } = start(server.clone(), false).await;
    let client = Client::connect(&address).await.unwrap();
    let slow = client.call::<u64>("Gate.Pass", &7_u64);
    begun(&server, 1).await;
    stop.send(()).unwrap();
    eventually(async { while Client::connect(&address).await.is_ok() {} }).await;
    let late = client.call::<isize>("Arith.Multiply", &ARGS);
    // The late call costs the early one nothing, though its bytes are never read.
    gate.add_permits(1);
    assert_eq!(eventually(slow).await.unwrap(), 7);
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
    until(|| calls_of(&echo) > 0).await;
    stop.send(()).unwrap();
    let mut answered = 0;
    for call in calls {
        answered += u64::from(eventually(call).await.is_ok());
    }
    eventually(task).await.unwrap();
    assert_eq!(answered, calls_of(&echo));
}

#[tokio::test]
async fn an_idle_connection_is_closed_at_once() {
    for http in [false, true] {
        let Running { address, stop, task } = start(server().drain_timeout(Duration::from_secs(600)), http).await;
        // One that has not said a word, and is accepted before the other.
        let _silent = tokio::net::TcpStream::connect(&address).await.unwrap();
        let client = match http {
            true => Client::connect_http(&address).await.unwrap(),
            false => Client::connect(&address).await.unwrap(),
        };
        assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
        stop.send(()).unwrap();
        eventually(task).await.unwrap();
        eventually(client.closed()).await;
    }
}
