//! Whole conversations: whoever speaks them, they are the same, byte for byte (R6, R10, R17, R38).

use crate::go::{Programs, go_or_return};
use crate::hex::to_hex;
use crate::languages::Language;
use crate::peers::Transport;
use crate::tee::{Recording, Tee};

/// What all codecs can say, and with which both languages print the same.
const STEPS: &[&str] = &[
    "mul",
    "div",
    "mul2",
    "mul0",
    "div0",
    "div0",
    "echo",
    "echo-empty",
    "bool",
    "float",
    "uint",
    "bytes",
    "array",
    "map",
    "structs",
    "sum",
    "sum-empty",
    "lookup",
    "tree",
    "kinds",
    "concat",
    "concat-max",
    "unknown-method",
    "unknown-service",
    "ill-formed",
];

fn steps(transport: Transport) -> Vec<&'static str> {
    let more: &[_] = match transport {
        // What is empty is not nil, to us, and JSON and MessagePack tell one from the other.
        Transport::Msgpack => &["close"],
        Transport::Json => &["time", "close"],
        _ => &["kinds-zero", "time", "any-int", "any-known", "any-known", "any-nil", "close"],
    };
    [STEPS, more].concat()
}

/// What the client printed, and what was said.
async fn conversation(
    go: &Programs,
    transport: Transport,
    client: Language,
    server: Language,
) -> (Vec<String>, Recording) {
    let server = server.server(go, transport).await;
    let tee = Tee::before(&server.endpoint).await;
    let lines = client.client(go, &tee.endpoint, &steps(transport)).await;
    (lines, tee.recording().await)
}

/// Asserts that this client and this server talk as two Go programs do.
async fn assert_same(go: &Programs, transport: Transport, client: Language, server: Language) {
    let (want_lines, want) = conversation(go, transport, Language::Go, Language::Go).await;
    let (lines, got) = conversation(go, transport, client, server).await;
    assert_eq!(lines.join("\n"), want_lines.join("\n"));
    let show = if transport == Transport::Json { text } else { to_hex };
    assert_eq!(show(&got.client), show(&want.client), "what the client says");
    assert_eq!(show(&got.server), show(&want.server), "what the server says");
    assert_eq!(lines.len(), steps(transport).len());
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("JSON is text")
}

#[tokio::test]
async fn over_tcp_a_rust_client_talks_as_a_go_client() {
    assert_same(go_or_return!(), Transport::Tcp, Language::Rust, Language::Go).await;
}

#[tokio::test]
async fn over_tcp_a_rust_server_talks_as_a_go_server() {
    assert_same(go_or_return!(), Transport::Tcp, Language::Go, Language::Rust).await;
}

#[tokio::test]
async fn over_tcp_rust_talks_to_rust_as_go_to_go() {
    assert_same(go_or_return!(), Transport::Tcp, Language::Rust, Language::Rust).await;
}

#[tokio::test]
async fn over_a_unix_socket_a_rust_client_talks_as_a_go_client() {
    assert_same(go_or_return!(), Transport::Unix, Language::Rust, Language::Go).await;
}

#[tokio::test]
async fn over_a_unix_socket_a_rust_server_talks_as_a_go_server() {
    assert_same(go_or_return!(), Transport::Unix, Language::Go, Language::Rust).await;
}

#[tokio::test]
async fn over_a_unix_socket_rust_talks_to_rust_as_go_to_go() {
    assert_same(go_or_return!(), Transport::Unix, Language::Rust, Language::Rust).await;
}

#[tokio::test]
async fn over_http_a_rust_client_talks_as_a_go_client() {
    assert_same(go_or_return!(), Transport::Http, Language::Rust, Language::Go).await;
}

#[tokio::test]
async fn over_http_a_rust_server_talks_as_a_go_server() {
    assert_same(go_or_return!(), Transport::Http, Language::Go, Language::Rust).await;
}

#[tokio::test]
async fn over_http_rust_talks_to_rust_as_go_to_go() {
    assert_same(go_or_return!(), Transport::Http, Language::Rust, Language::Rust).await;
}

#[tokio::test]
async fn over_http_on_a_unix_socket_a_rust_client_talks_as_a_go_client() {
    assert_same(go_or_return!(), Transport::HttpUnix, Language::Rust, Language::Go).await;
}

#[tokio::test]
async fn over_http_on_a_unix_socket_a_rust_server_talks_as_a_go_server() {
    assert_same(go_or_return!(), Transport::HttpUnix, Language::Go, Language::Rust).await;
}

#[tokio::test]
async fn over_http_on_a_unix_socket_rust_talks_to_rust_as_go_to_go() {
    assert_same(go_or_return!(), Transport::HttpUnix, Language::Rust, Language::Rust).await;
}

#[tokio::test]
async fn in_json_a_rust_client_talks_as_a_go_client() {
    assert_same(go_or_return!(), Transport::Json, Language::Rust, Language::Go).await;
}

#[tokio::test]
async fn in_json_a_rust_server_talks_as_a_go_server() {
    assert_same(go_or_return!(), Transport::Json, Language::Go, Language::Rust).await;
}

#[tokio::test]
async fn in_json_rust_talks_to_rust_as_go_to_go() {
    assert_same(go_or_return!(), Transport::Json, Language::Rust, Language::Rust).await;
}

#[tokio::test]
async fn in_messagepack_a_rust_client_talks_as_a_go_client() {
    assert_same(go_or_return!(), Transport::Msgpack, Language::Rust, Language::Go).await;
}

#[tokio::test]
async fn in_messagepack_a_rust_server_talks_as_a_go_server() {
    assert_same(go_or_return!(), Transport::Msgpack, Language::Go, Language::Rust).await;
}

#[tokio::test]
async fn in_messagepack_rust_talks_to_rust_as_go_to_go() {
    assert_same(go_or_return!(), Transport::Msgpack, Language::Rust, Language::Rust).await;
}
