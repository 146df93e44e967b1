//! Go 1.19, whose first type has the number 65 where later ones begin with 64 (R15).

use crate::go::{Programs, go_or_return};
use crate::languages::Language;
use crate::peers::Transport;
use crate::tee::{Recording, Tee};

const STEPS: &[&str] =
    &["mul", "div", "div0", "echo", "sum", "lookup", "tree", "kinds", "kinds-zero", "unknown-method", "close"];

/// What the client printed, and what was said.
async fn conversation(go: &Programs, client: Language, server: Language) -> (Vec<String>, Recording) {
    let server = server.server(go, Transport::Tcp).await;
    let tee = Tee::before(&server.endpoint).await;
    let lines = client.client(go, &tee.endpoint, STEPS).await;
    (lines, tee.recording().await)
}

/// The definition of the first type with its number, as a signed integer.
fn number_of_first_type(said: &[u8]) -> &[u8] {
    said.get(1..3).expect("a definition")
}

const NUMBER_65: &[u8] = &[0xff, 0x81];

#[tokio::test]
async fn a_rust_client_understands_an_old_server() {
    let go = go_or_return!();
    let (want, _) = conversation(go, Language::Go, Language::Go).await;
    let (lines, recording) = conversation(go.old(), Language::Rust, Language::Go).await;
    assert_eq!(number_of_first_type(&recording.server), NUMBER_65);
    assert_eq!(lines, want);
}

#[tokio::test]
async fn an_old_client_understands_a_rust_server() {
    let go = go_or_return!();
    let (want, _) = conversation(go, Language::Go, Language::Go).await;
    let (lines, recording) = conversation(go.old(), Language::Go, Language::Rust).await;
    assert_eq!(number_of_first_type(&recording.client), NUMBER_65);
    assert_eq!(lines, want);
}
