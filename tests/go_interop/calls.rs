//! Calls at the same time, in the background, and out of order.

use std::time::Duration;

use gobrpc::rpc::{Client, Result};

use crate::go::go_or_return;
use crate::patience::eventually;
use crate::peers::{Endpoint, Transport};
use crate::services::{self, Args, StringRequest};

const THOUSAND: isize = 1_000;

async fn connect(server: &Endpoint) -> Client {
    server.connect().await.expect("the server is there")
}

#[tokio::test]
async fn a_thousand_calls_at_once_each_get_their_own_reply_from_a_go_server() {
    let server = go_or_return!().server(Transport::Tcp).await;
    let client = connect(&server.endpoint).await;
    let calls: Result<Vec<_>> = (0..THOUSAND).map(|n| client.go::<isize>("Arith.Shuffle", &n)).collect();
    for (n, call) in (0..THOUSAND).zip(calls.expect("all calls are sent")) {
        assert_eq!(eventually(call).await.expect("the call succeeds"), n);
    }
}

#[tokio::test]
async fn a_thousand_calls_at_once_of_a_go_client_each_get_their_own_reply() {
    let go = go_or_return!();
    let server = services::server(Transport::Tcp).await;
    assert_eq!(go.client(&server.endpoint, &["concurrent:1000"]).await, ["concurrent ok 1000"]);
}

#[tokio::test]
async fn tasks_with_clones_of_a_client_share_its_connection_to_a_go_server() {
    let server = go_or_return!().server(Transport::Unix).await;
    let client = connect(&server.endpoint).await;
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..100_isize {
        let client = client.clone();
        tasks.spawn(async move {
            let product: isize = client.call("Arith.Multiply", &Args { a: n, b: 2 }).await?;
            Ok::<_, gobrpc::rpc::Error>((n, product))
        });
    }
    let results = eventually(tasks.join_all()).await;
    assert_eq!(results.len(), 100);
    for result in results {
        let (n, product) = result.expect("the call succeeds");
        assert_eq!(product, n * 2);
    }
}

#[tokio::test]
async fn a_call_in_the_background_is_pending_before_it_is_done() {
    let server = go_or_return!().server(Transport::Tcp).await;
    let client = connect(&server.endpoint).await;
    let hello = StringRequest { sa: "hello ".into(), sb: "go rpc".into() };
    let call = client.go::<String>("StringService.Concat", &hello).expect("the call is sent");
    assert!(!call.is_done());
    eventually(async {
        while !call.is_done() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    })
    .await;
    assert_eq!(call.await.expect("the call succeeds"), "hello go rpc");
}

#[tokio::test]
async fn a_background_call_of_a_go_client_is_pending_before_it_is_done() {
    let go = go_or_return!();
    let server = services::server(Transport::Tcp).await;
    let lines = go.client(&server.endpoint, &["concat-async"]).await;
    assert_eq!(lines, ["concat-async pending true", "concat-async ok \"hello go rpc\""]);
}

async fn assert_quick_overtakes_slow(server: &Endpoint) {
    let client = connect(server).await;
    let slow = client.go::<isize>("Arith.Sleep", &500_isize).expect("the call is sent");
    let quick: isize = eventually(client.call("Arith.Sleep", &1_isize)).await.expect("the quick call succeeds");
    assert_eq!(quick, 1);
    assert!(!slow.is_done(), "the slow call was first");
    assert_eq!(eventually(slow).await.expect("the slow call succeeds"), 500);
}

#[tokio::test]
async fn a_quick_call_overtakes_a_slow_one_at_a_go_server() {
    let server = go_or_return!().server(Transport::Tcp).await;
    assert_quick_overtakes_slow(&server.endpoint).await;
}

#[tokio::test]
async fn a_quick_call_overtakes_a_slow_one_at_a_rust_server() {
    let server = services::server(Transport::Tcp).await;
    assert_quick_overtakes_slow(&server.endpoint).await;
}

#[tokio::test]
async fn a_dropped_call_leaves_the_connection_to_a_go_server_whole() {
    let server = go_or_return!().server(Transport::Tcp).await;
    let client = connect(&server.endpoint).await;
    drop(client.go::<isize>("Arith.Sleep", &20_isize).expect("the call is sent"));
    // Its reply comes before this one, and nobody wants it.
    let after: isize = eventually(client.call("Arith.Sleep", &100_isize)).await.expect("the next call succeeds");
    assert_eq!(after, 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_without_a_runtime_waits_for_its_call() {
    let server = go_or_return!().server(Transport::Tcp).await;
    let client = connect(&server.endpoint).await;
    let thread = std::thread::spawn(move || {
        assert!(tokio::runtime::Handle::try_current().is_err());
        let call = client.go::<isize>("Arith.Sleep", &50_isize)?;
        let was_done = call.is_done();
        call.wait().map(|reply| (was_done, reply))
    });
    let joined = eventually(tokio::task::spawn_blocking(|| thread.join())).await.expect("the waiting task lives");
    let (was_done, reply) = joined.expect("the thread does not panic").expect("the call succeeds");
    assert!(!was_done);
    assert_eq!(reply, 50);
}

#[tokio::test]
async fn a_rust_server_skips_a_body_that_holds_an_interface() {
    let go = go_or_return!();
    let server = services::server(Transport::Tcp).await;
    let lines = go.client(&server.endpoint, &["any-unknown-method", "mul", "any-unknown-method", "mul2"]).await;
    let nope = "any-unknown-method server-error rpc: can't find method Arith.Nope";
    assert_eq!(lines, [nope, "mul ok 56", nope, "mul2 ok -15"]);
}
