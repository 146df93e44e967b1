//! Calls that are taken back, with the fork of net/rpc that invented it, on either side (R137).

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use gobrpc::rpc::{self, Client, Context, Error};
use gobrpc::service;
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::task::JoinSet;

use crate::go::{Programs, go_or_return};
use crate::patience::eventually;
use crate::peers::{Endpoint, Server, Transport};

/// The service of the Go server in Rust.
#[derive(Clone, Default)]
struct Slow {
    counts: Arc<[AtomicI64; 2]>,
}

#[service]
impl Slow {
    async fn wait(&self, #[rpc(context)] cx: &Context, millis: u64) -> Result<u64, &'static str> {
        self.counts[0].fetch_add(1, Ordering::SeqCst);
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(millis)) => Ok(millis),
            () = cx.cancelled() => {
                self.counts[1].fetch_add(1, Ordering::SeqCst);
                Err("context canceled")
            }
        }
    }

    fn begun(&self, _: ()) -> i64 {
        self.counts[0].load(Ordering::SeqCst)
    }

    fn cancelled(&self, _: ()) -> i64 {
        self.counts[1].load(Ordering::SeqCst)
    }
}

async fn go_server(go: &Programs) -> Server {
    let mut command = Command::new(go.third_party("cancel"));
    command.arg("server");
    Server::process(command, Transport::Tcp, None).await
}

async fn rust_server() -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port to listen on");
    let address = listener.local_addr().expect("it has an address").to_string();
    let mut tasks = JoinSet::new();
    tasks.spawn(rpc::Server::new().register(Slow::default()).serve(listener));
    Server::tasks(tasks, Endpoint { transport: Transport::Tcp, address }, None)
}

/// What a Go client prints that cancels one of two calls.
async fn go_client(go: &Programs, server: &Server) -> String {
    let mut command = Command::new(go.third_party("cancel"));
    command.args(["client", &server.endpoint.address]).stdin(Stdio::null()).kill_on_drop(true);
    let output = eventually(command.output()).await.expect("the client can be run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it prints text")
}

/// Waits until a count of the server is so high.
async fn until(client: &Client, count: &str, want: i64) {
    eventually(async {
        while client.call::<i64>(&format!("Slow.{count}"), &()).await.expect("the server counts") < want {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_go_client_cancels_a_call_at_a_rust_server_as_at_a_go_server() {
    let go = go_or_return!();
    for server in [go_server(go).await, rust_server().await] {
        let want = "victim: context canceled\ncancelled: <nil>\nother: 500 <nil>\n";
        assert_eq!(go_client(go, &server).await, want);
    }
}

#[tokio::test]
async fn a_call_that_a_rust_client_drops_is_cancelled_at_either_server() {
    for server in [go_server(go_or_return!()).await, rust_server().await] {
        let client = Client::builder().cancel_on_drop(true).connect(&server.endpoint.address).await;
        let client = client.expect("the server listens");
        let victim = client.call::<u64>("Slow.Wait", &60_000_u64);
        let other = client.call::<u64>("Slow.Wait", &500_u64);
        until(&client, "Begun", 2).await;
        drop(victim);
        until(&client, "Cancelled", 1).await;
        assert_eq!(eventually(other).await.expect("this one goes on"), 500);
    }
}

#[tokio::test]
async fn a_call_whose_time_is_up_is_cancelled_at_either_server() {
    for server in [go_server(go_or_return!()).await, rust_server().await] {
        let builder = Client::builder().cancel_on_drop(true).timeout(Duration::from_millis(200));
        let client = builder.connect(&server.endpoint.address).await.expect("the server listens");
        let error = eventually(client.call::<u64>("Slow.Wait", &60_000_u64)).await.expect_err("nobody waits so long");
        assert!(matches!(error, Error::Timeout { .. }), "{error:?}");
        until(&client, "Cancelled", 1).await;
        assert_eq!(eventually(client.call::<u64>("Slow.Wait", &1_u64)).await.expect("this one is quick"), 1);
    }
}

/// It refuses the cancellation, and replies in the end: neither is noticed.
#[tokio::test]
async fn a_go_server_that_cannot_cancel_does_no_harm() {
    let server = go_or_return!().server(Transport::Tcp).await;
    let client = Client::builder().cancel_on_drop(true).connect(&server.endpoint.address).await;
    let client = client.expect("the server listens");
    for _ in 0..10 {
        drop(client.call::<isize>("Arith.Sleep", &50_isize));
    }
    assert_eq!(eventually(client.call::<isize>("Arith.Sleep", &200_isize)).await.expect("this one goes on"), 200);
    assert!(!client.is_closed());
}
