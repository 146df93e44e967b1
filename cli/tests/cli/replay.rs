//! `gobrpc replay` of what `gobrpc tap` has recorded.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use gobrpc::rpc::{Client, Server};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::command::{Ran, gobrpc};
use crate::go::{Programs, go_or_return};
use crate::peers::Transport;
use crate::running::Running;

async fn replay(args: &[&str]) -> Ran {
    let args: Vec<_> = std::iter::once("replay").chain(args.iter().copied()).map(str::to_owned).collect();
    tokio::task::spawn_blocking(move || gobrpc(&args)).await.expect("it runs")
}

/// Records what a Go client does that takes these steps.
async fn recorded(go: &Programs, transport: Transport, steps: &[&str]) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let server = go.server(transport).await;
    let path = file.path().to_str().expect("its path is text");
    let mut tap = Running::tap(&server.endpoint, &["--json", "--record", path]).await;
    go.client(&tap.endpoint(transport), steps).await;
    tap.event("close").await;
    let (_, said, status) = tap.stop().await;
    assert!(status.success() && said.is_empty(), "{said}");
    file
}

async fn assert_replayed(go: &Programs, transport: Transport) {
    let steps = ["mul", "div", "div0", "kinds", "lookup", "unknown-method", "concurrent:50", "close"];
    let file = recorded(go, transport, &steps).await;
    let server = go.server(transport).await;
    let target = match transport {
        Transport::Unix => format!("unix:{}", server.endpoint.address),
        _ => server.endpoint.address.clone(),
    };
    let ran = replay(&[file.path().to_str().expect("text"), &target]).await;
    assert_eq!(ran.ok(), "56 calls on 1 connections: 56 the same\n");
}

#[tokio::test]
async fn the_same_server_gives_the_same_replies_over_tcp() {
    assert_replayed(go_or_return!(), Transport::Tcp).await;
}

#[tokio::test]
async fn the_same_server_gives_the_same_replies_over_a_unix_socket() {
    assert_replayed(go_or_return!(), Transport::Unix).await;
}

#[tokio::test]
async fn the_same_server_gives_the_same_replies_over_http() {
    assert_replayed(go_or_return!(), Transport::Http).await;
}

#[tokio::test]
async fn the_same_server_gives_the_same_replies_in_json() {
    assert_replayed(go_or_return!(), Transport::Json).await;
}

/// A server that counts, and may begin with another number.
async fn counter(from: i64) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port to listen on");
    let address = listener.local_addr().expect("it has an address").to_string();
    let count = Arc::new(AtomicI64::new(from));
    let server = Server::new()
        .method("Counter.Add", move |by: i64| {
            let count = Arc::clone(&count);
            async move { Ok::<_, &str>(count.fetch_add(by, Ordering::Relaxed) + by) }
        })
        .method("Counter.Fail", move |(): ()| async move { Err::<i64, _>(format!("begun at {from}")) });
    tokio::spawn(server.serve(listener));
    address
}

/// Two clients take turns, so that what one gets depends on the other.
async fn take_turns(tap: &str) {
    let (a, b) = (Client::connect(tap).await.expect("it listens"), Client::connect(tap).await.expect("it listens"));
    for turn in 0..20_i64 {
        let client = if turn % 2 == 0 { &a } else { &b };
        client.call::<i64>("Counter.Add", &turn).await.expect("a number");
    }
    a.call::<i64>("Counter.Fail", &()).await.expect_err("it fails");
}

async fn recorded_turns() -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let endpoint = crate::peers::Endpoint { transport: Transport::Tcp, address: counter(0).await };
    let path = file.path().to_str().expect("its path is text");
    let mut tap = Running::tap(&endpoint, &["--json", "--record", path]).await;
    take_turns(&tap.address).await;
    tap.calls(21).await;
    tap.stop().await;
    file
}

#[tokio::test]
async fn what_was_answered_before_a_request_is_answered_before_it_again() {
    let file = recorded_turns().await;
    let ran = replay(&[file.path().to_str().expect("text"), &counter(0).await]).await;
    assert_eq!(ran.ok(), "21 calls on 2 connections: 21 the same\n");
}

#[tokio::test]
async fn replies_that_differ_are_shown() {
    let file = recorded_turns().await;
    let path = file.path().to_str().expect("text");
    let ran = replay(&[path, &counter(100).await]).await;
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), "gobrpc: 21 replies differ from the recording\n"));
    let lines: Vec<_> = ran.text().lines().collect();
    assert_eq!(lines[..3], ["1  0  Counter.Add 0", "  - 0", "  + 100"]);
    assert_eq!(lines[60..63], ["1  10  Counter.Fail {}", "  - error: begun at 0", "  + error: begun at 100"]);
    assert_eq!(lines[63], "21 calls on 2 connections: 21 different");

    let ran = replay(&[path, &counter(100).await, "--ignore", "Counter.Add", "--json"]).await;
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), "gobrpc: 1 reply differs from the recording\n"));
    let lines: Vec<Value> = ran.text().lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let difference = json!({
        "conn": 1, "seq": 10, "method": "Counter.Fail", "args": {},
        "recorded": { "error": "begun at 0" }, "replayed": { "error": "begun at 100" },
    });
    assert_eq!(lines[0], difference);
    assert_eq!((&lines[1]["calls"], &lines[1]["different"], &lines[1]["ignored"]), (&json!(21), &json!(1), &json!(20)));
}

#[tokio::test]
async fn a_server_that_does_not_answer_differs() {
    let file = recorded_turns().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port to listen on");
    let address = listener.local_addr().expect("it has an address").to_string();
    tokio::spawn(async move {
        // Whoever comes is turned away.
        while let Ok((stream, _)) = listener.accept().await {
            drop(stream);
        }
    });
    let ran = replay(&[file.path().to_str().expect("text"), &address]).await;
    assert_eq!(ran.code, Some(1));
    assert!(ran.text().contains("  - 0\n  + no reply: the connection ended\n"), "{}", ran.text());
}

#[tokio::test]
async fn what_is_no_recording_is_an_error() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let path = file.path().to_str().expect("text");
    for (content, error) in [
        ("", "this is no recording: it is empty"),
        ("hello\n", "this is no recording: the first line is not its header"),
        (
            "{\"gobrpc\":\"recording\",\"version\":2,\"started\":\"\",\"target\":\"\"}\n",
            "this recording has version 2, and only 1 can be read",
        ),
    ] {
        std::fs::write(path, content).expect("it can be written");
        let ran = replay(&[path, "127.0.0.1:1"]).await;
        assert_eq!((ran.code, ran.stderr), (Some(1), format!("gobrpc: cannot replay {path}: {error}\n")));
    }
    let header = "{\"gobrpc\":\"recording\",\"version\":1,\"started\":\"\",\"target\":\"\"}\n";
    std::fs::write(path, format!("{header}{{\"at\":1}}\n")).expect("it can be written");
    let ran = replay(&[path, "127.0.0.1:1"]).await;
    assert!(ran.stderr.contains("line 2 of the recording: "), "{}", ran.stderr);
    // The last line may be cut where the recording was.
    std::fs::write(path, format!("{header}{{\"at\":1")).expect("it can be written");
    assert_eq!(replay(&[path, "127.0.0.1:1"]).await.ok(), "0 calls on 0 connections\n");
}
