//! Requests to Go's JSON-RPC server and ours (R109–R118).

use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::cases;
use crate::go::go_or_return;
use crate::hex::hex;
use crate::languages::Language;
use crate::patience::eventually;
use crate::peers::Transport;

#[derive(Deserialize)]
struct Case {
    name: String,
    sent: Option<String>,
    sent_hex: Option<String>,
}

/// The lines that a server says to this, in any order.
async fn said_to(address: &str, bytes: &[u8]) -> Vec<String> {
    let mut stream = TcpStream::connect(address).await.expect("the server is there");
    // It may hang up before it has heard all.
    let _ = stream.write_all(bytes).await;
    let _ = stream.shutdown().await;
    let mut said = Vec::new();
    let _ = eventually(stream.read_to_end(&mut said)).await;
    let mut lines: Vec<String> = String::from_utf8(said).expect("JSON is text").lines().map(str::to_owned).collect();
    lines.sort_unstable();
    lines
}

/// The answer in the words of Go 1.26. Later versions say where in `params` it is what does not fit.
fn as_of_1_26(answer: &str) -> String {
    answer.replace(" into .0 of type ", " into Go value of type ")
}

/// R111, R113, R115
#[tokio::test]
async fn requests_of_all_kinds_are_answered_the_same() {
    let go = go_or_return!();
    let theirs = Language::Go.server(go, Transport::Json).await;
    let ours = Language::Rust.server(go, Transport::Json).await;
    let cases: Vec<Case> = cases("jsonrpc.json");
    assert_eq!(cases.len(), 48);
    for case in cases {
        let bytes = case.sent.map_or_else(|| hex(&case.sent_hex.unwrap_or_default()), String::into_bytes);
        let (want, got) =
            tokio::join!(said_to(&theirs.endpoint.address, &bytes), said_to(&ours.endpoint.address, &bytes));
        assert_eq!(got, want.iter().map(|answer| as_of_1_26(answer)).collect::<Vec<_>>(), "{}", case.name);
    }
}
