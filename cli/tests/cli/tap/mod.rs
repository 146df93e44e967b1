//! `gobrpc tap` between real clients and servers.

mod goreman;
mod hostile;

use gobrpc::rpc::{Client, Server};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use crate::go::{Programs, go_or_return};
use crate::patience::eventually;
use crate::peers::{Endpoint, Transport};
use crate::running::Running;
use crate::tee::{Recording, Tee};

const STEPS: &[&str] = &[
    "mul",
    "div",
    "mul0",
    "div0",
    "div0",
    "echo",
    "echo-empty",
    "sum",
    "lookup",
    "tree",
    "kinds",
    "concat",
    "concat-max",
    "unknown-method",
    "unknown-service",
    "ill-formed",
    "close",
];

fn tcp(address: &str) -> Endpoint {
    Endpoint { transport: Transport::Tcp, address: address.to_owned() }
}

/// A server of one's own, which gets one connection.
async fn listen() -> (TcpListener, Endpoint) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port to listen on");
    let address = listener.local_addr().expect("it has an address").to_string();
    (listener, tcp(&address))
}

/// Asserts that Go's client and server say the same with `tap` between them as without it, that on both sides of `tap`
/// the same is said, and gives the calls that it shows.
async fn assert_unchanged(go: &Programs, transport: Transport) -> Vec<Value> {
    async fn direct(go: &Programs, transport: Transport) -> (Vec<String>, Recording) {
        let server = go.server(transport).await;
        let tee = Tee::before(&server.endpoint).await;
        (go.client(&tee.endpoint, STEPS).await, tee.recording().await)
    }

    let (want_lines, want) = direct(go, transport).await;
    let server = go.server(transport).await;
    let behind = Tee::before(&server.endpoint).await;
    let mut tap = Running::tap(&behind.endpoint, &["--json"]).await;
    let before = Tee::before(&tap.endpoint(transport)).await;
    assert_eq!(go.client(&before.endpoint, STEPS).await, want_lines);
    assert_eq!(before.recording().await, want);
    assert_eq!(behind.recording().await, want);
    let calls = tap.calls(STEPS.len() - 1).await;
    let close = tap.event("close").await;
    assert_eq!((&close["calls"], close.get("message")), (&json!(STEPS.len() - 1), None));
    calls
}

/// Asserts that these are the calls of [`STEPS`].
fn assert_calls(calls: &[Value]) {
    assert_eq!(calls.len(), STEPS.len() - 1);
    for (index, call) in calls.iter().enumerate() {
        assert_eq!((&call["conn"], &call["seq"]), (&json!(1), &json!(index)), "{call}");
        assert!(call["ms"].as_f64().is_some_and(|ms| ms > 0.0), "{call}");
        assert!(call["time"].as_str().is_some_and(|time| time.ends_with('Z')), "{call}");
    }
    let shown = |step: &str| {
        let call = &calls[STEPS.iter().position(|known| *known == step).expect("a step")];
        (call["method"].as_str().expect("a method"), &call["args"], &call["reply"], &call["error"])
    };
    let null = &Value::Null;
    assert_eq!(shown("mul"), ("Arith.Multiply", &json!({ "A": 7, "B": 8 }), &json!(56), null));
    assert_eq!(shown("mul0"), ("Arith.Multiply", &json!({ "A": 0, "B": 0 }), &json!(0), null));
    assert_eq!(shown("div0"), ("Arith.Divide", &json!({ "A": 1, "B": 0 }), null, &json!("divide by zero")));
    assert_eq!(shown("lookup"), ("Arith.Lookup", &json!({ "web": 1 }), &json!(["web"]), null));
    assert_eq!(shown("kinds").1["Bytes"], json!("AAH+/w=="));
    assert_eq!(shown("kinds").1["U64"], json!(18_446_744_073_709_551_615_u64));
    assert_eq!(shown("kinds").1, shown("kinds").2);
    assert_eq!(shown("unknown-method").3, &json!("rpc: can't find method Arith.Nope"));
}

#[tokio::test]
async fn calls_over_tcp_are_shown_and_no_byte_changes() {
    assert_calls(&assert_unchanged(go_or_return!(), Transport::Tcp).await);
}

#[tokio::test]
async fn calls_over_a_unix_socket_are_shown_and_no_byte_changes() {
    assert_calls(&assert_unchanged(go_or_return!(), Transport::Unix).await);
}

#[tokio::test]
async fn calls_over_http_are_shown_and_no_byte_changes() {
    assert_calls(&assert_unchanged(go_or_return!(), Transport::Http).await);
}

#[tokio::test]
async fn calls_in_json_are_shown_and_no_byte_changes() {
    assert_calls(&assert_unchanged(go_or_return!(), Transport::Json).await);
}

#[tokio::test]
async fn a_value_in_an_interface_is_shown_with_its_type() {
    let go = go_or_return!();
    let server = go.server(Transport::Tcp).await;
    let mut tap = Running::tap(&server.endpoint, &["--json"]).await;
    go.client(&tap.endpoint(Transport::Tcp), &["any", "close"]).await;
    let want = json!({ "Name": "x", "Value": { "type": "gobrpc.test/interop/service.Known", "value": { "N": 5 } } });
    assert_eq!(tap.calls(1).await[0]["args"], want);
}

#[tokio::test]
async fn connections_are_told_apart_and_all_calls_are_shown() {
    let go = go_or_return!();
    let server = go.server(Transport::Tcp).await;
    let mut tap = Running::tap(&server.endpoint, &["--json"]).await;
    let endpoint = tap.endpoint(Transport::Tcp);
    let (a, b) = tokio::join!(go.client(&endpoint, &["concurrent:100"]), go.client(&endpoint, &["concurrent:100"]));
    assert_eq!(a, b);
    let calls = tap.calls(200).await;
    for conn in [1, 2] {
        let mut seqs: Vec<_> = calls.iter().filter(|call| call["conn"] == conn).map(|call| &call["seq"]).collect();
        seqs.sort_by_key(|seq| seq.as_u64());
        assert_eq!(seqs, (0..100).map(Value::from).collect::<Vec<_>>().iter().collect::<Vec<_>>());
    }
    assert!(calls.iter().all(|call| call["args"] == call["reply"]), "each reply is found");
}

#[tokio::test]
async fn text_is_for_people_and_without_colours_in_a_pipe() {
    let go = go_or_return!();
    let server = go.server(Transport::Http).await;
    let mut tap = Running::tap(&server.endpoint, &[]).await;
    go.client(&tap.endpoint(Transport::Http), &["mul", "div0", "concat-max", "close"]).await;
    let mut lines = Vec::new();
    for _ in 0..6 {
        let line = tap.line().await;
        let (time, rest) = line.split_once("  ").expect("the time comes first");
        assert_eq!(time.len(), "05:24:30.916966".len(), "{line}");
        lines.push(rest.to_owned());
    }
    assert!(lines[0].starts_with("1  connected from 127.0.0.1:"), "{lines:?}");
    assert_eq!(lines[1], "1  RPC over HTTP at /_goRPC_");
    let [product, division, concat] = [&lines[2], &lines[3], &lines[4]];
    assert!(product.starts_with("1  0  Arith.Multiply {\"A\":7,\"B\":8} -> 56  "), "{product}");
    assert!(division.starts_with("1  1  Arith.Divide {\"A\":1,\"B\":0} -> error: divide by zero  "), "{division}");
    let cut = format!("1  2  StringService.Concat {{\"SA\":\"{}… (1042 bytes) -> error: ", "a".repeat(493));
    assert!(concat.starts_with(&cut), "{concat}");
    assert_eq!(lines[5], "1  closed after 3 calls");
}

#[tokio::test]
async fn what_is_no_rpc_passes_through() {
    let go = go_or_return!();
    let server = go.server(Transport::Http).await;
    let mut tap = Running::tap(&server.endpoint, &["--json"]).await;
    let through = crate::command::gobrpc(&["list", &tap.address, "--json"]);
    let direct = crate::command::gobrpc(&["list", &server.endpoint.address, "--json"]);
    assert_eq!(through.ok(), direct.ok());
    assert_eq!(tap.event("other").await["message"], "HTTP: GET /debug/rpc: 200 OK");
}

#[tokio::test]
async fn an_end_of_input_is_passed_on_and_replies_still_come() {
    let (listener, endpoint) = listen().await;
    let tap = Running::tap(&endpoint, &[]).await;
    let mut client = TcpStream::connect(&tap.address).await.expect("it listens");
    let (mut server, _) = eventually(listener.accept()).await.expect("it connects");
    client.write_all(b"all I say").await.expect("it can be written");
    client.shutdown().await.expect("it can be ended");
    let mut said = Vec::new();
    eventually(server.read_to_end(&mut said)).await.expect("it ends");
    assert_eq!(said, b"all I say");
    server.write_all(b"late").await.expect("it can be written");
    drop(server);
    said.clear();
    eventually(client.read_to_end(&mut said)).await.expect("it ends");
    assert_eq!(said, b"late");
}

#[tokio::test]
async fn a_call_that_is_never_answered_is_shown_in_the_end() {
    let go = go_or_return!();
    let server = go.server(Transport::Tcp).await;
    let mut tap = Running::tap(&server.endpoint, &["--json"]).await;
    go.client(&tap.endpoint(Transport::Tcp), &["mul", "die"]).await;
    let calls = tap.calls(2).await;
    assert_eq!(calls[0]["reply"], 56);
    assert_eq!(calls[1]["method"], "Arith.Die");
    assert_eq!(calls[1]["reply_note"], "no reply: the connection ended");
    assert_eq!((&calls[1]["reply"], &calls[1]["error"], &calls[1]["ms"]), (&Value::Null, &Value::Null, &Value::Null));
}

#[tokio::test]
async fn a_call_that_is_pending_is_shown_when_tap_is_stopped() {
    let (begins, mut begun) = mpsc::unbounded_channel();
    let server = Server::new().method("Arith.Sleep", move |millis: i64| {
        let _ = begins.send(millis);
        std::future::pending::<Result<i64, String>>()
    });
    let (listener, endpoint) = listen().await;
    tokio::spawn(server.serve(listener));
    let tap = Running::tap(&endpoint, &["--json"]).await;
    let client = Client::connect(&tap.address).await.expect("it listens");
    let _call = client.go::<i64>("Arith.Sleep", &60_000_i64).expect("it is sent");
    // What the server has, tap has had before.
    eventually(begun.recv()).await.expect("the method begins");
    let (lines, said, status) = tap.stop().await;
    let call: Value = serde_json::from_str(lines.last().expect("a line")).expect("JSON");
    assert_eq!((&call["method"], &call["args"]), (&json!("Arith.Sleep"), &json!(60000)));
    assert!(status.success() && said.is_empty(), "{said}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_of() {
    let (listener, endpoint) = listen().await;
    drop(listener);
    let mut tap = Running::tap(&endpoint, &["--json"]).await;
    let mut client = TcpStream::connect(&tap.address).await.expect("it listens");
    assert_eq!(eventually(client.read(&mut [0])).await.expect("it is closed"), 0);
    let message = tap.event("close").await["message"].clone();
    let want = format!("cannot connect to {}: Connection refused", endpoint.address);
    assert!(message.as_str().is_some_and(|message| message.starts_with(&want)), "{message}");
}

#[tokio::test]
async fn an_address_that_is_taken_is_an_error() {
    let (_listener, endpoint) = listen().await;
    let ran = crate::command::gobrpc(&["tap", &endpoint.address, "127.0.0.1:1"]);
    assert_eq!(ran.code, Some(2));
    let want = format!("gobrpc: cannot listen on {}: Address already in use", endpoint.address);
    assert!(ran.stderr.starts_with(&want) && ran.stderr.lines().count() == 1, "{}", ran.stderr);
}

#[tokio::test]
async fn a_socket_is_removed_in_the_end_and_one_of_another_is_left_alone() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("socket");
    let address = format!("unix:{}", path.display());
    let tap = Running::start(&["tap", &address, "127.0.0.1:1"]).await;
    let ran = crate::command::gobrpc(&["tap", &address, "127.0.0.1:1"]);
    assert!(ran.stderr.ends_with("; remove the file if nobody listens there\n"), "{}", ran.stderr);
    assert!(path.exists());
    assert!(tap.stop().await.2.success());
    assert!(!path.exists());
}

#[tokio::test]
async fn tap_ends_when_nobody_reads_what_it_prints() {
    let go = go_or_return!();
    let server = go.server(Transport::Tcp).await;
    let tap = Running::tap(&server.endpoint, &[]).await;
    let endpoint = tap.endpoint(Transport::Tcp);
    let mut child = tap.close_stdout();
    // Its first line finds the pipe closed.
    drop(TcpStream::connect(&endpoint.address).await);
    let status = eventually(child.wait()).await.expect("it can be waited for");
    assert!(status.success(), "{status}");
}
