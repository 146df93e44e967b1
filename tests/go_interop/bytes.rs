//! The first messages of a connection, as Go 1.26 is known to write them.

use crate::go::{Programs, go_or_return};
use crate::languages::Language;
use crate::peers::Transport;
use crate::tee::{Recording, Tee};

/// `Arith.Multiply(&Args{7, 8})`, call 0: the definitions of `Request` and `Args`, and a value of each.
const FIRST_REQUEST: &str = "\
    2e7f030101075265717565737401ff80000102010d536572766963654d6574686f64010c0001035365710106000000\
    13ff80010e41726974682e4d756c7469706c7900\
    1eff81030101044172677301ff820001020101410104000101420104000000\
    07ff82010e011000";

/// Its reply, 56: the definition of `Response`, a value of it, and an int.
const FIRST_REPLY: &str = "\
    397f03010108526573706f6e736501ff80000103010d536572766963654d6574686f64010c00010353657101060001054572726f72010c000000\
    13ff80010e41726974682e4d756c7469706c7900\
    03040070";

/// `Arith.Divide(&Args{17, 8})`, call 1: both types are defined already.
const SECOND_REQUEST: &str = "13ff80010c41726974682e446976696465010100\
    07ff820122011000";

/// Its reply, `Quotient{2, 1}`.
const SECOND_REPLY: &str = "13ff80010c41726974682e446976696465010100\
    26ff810301010851756f7469656e7401ff82000102010351756f010400010352656d0104000000\
    07ff820104010200";

/// The reply to a division by zero as call 0: a header with the error, and an empty struct.
const FIRST_ERROR_REPLY: &str = "\
    397f03010108526573706f6e736501ff80000103010d536572766963654d6574686f64010c00010353657101060001054572726f72010c000000\
    21ff80010c41726974682e446976696465020e646976696465206279207a65726f00\
    0aff81030102ff82000000\
    03ff8200";

/// What is said while a client takes these steps.
async fn recorded(go: &Programs, client: Language, server: Language, steps: &[&str]) -> Recording {
    let server = server.server(go, Transport::Tcp).await;
    let tee = Tee::before(&server.endpoint).await;
    client.client(go, &tee.endpoint, steps).await;
    tee.recording().await
}

fn bytes(hex: &[&str]) -> Vec<u8> {
    crate::hex::hex(&hex.concat())
}

#[test]
fn the_known_messages_have_the_known_lengths() {
    let lengths =
        [FIRST_REQUEST, FIRST_REPLY, SECOND_REQUEST, SECOND_REPLY, FIRST_ERROR_REPLY].map(|hex| hex.len() / 2);
    assert_eq!(lengths, [106, 82, 28, 67, 107]);
}

#[tokio::test]
async fn a_rust_client_begins_with_the_known_requests() {
    let recorded = recorded(go_or_return!(), Language::Rust, Language::Go, &["mul", "div", "close"]).await;
    assert_eq!(recorded.client, bytes(&[FIRST_REQUEST, SECOND_REQUEST]));
}

#[tokio::test]
async fn a_rust_server_begins_with_the_known_replies() {
    let recorded = recorded(go_or_return!(), Language::Go, Language::Rust, &["mul", "div", "close"]).await;
    assert_eq!(recorded.server, bytes(&[FIRST_REPLY, SECOND_REPLY]));
}

#[tokio::test]
async fn a_rust_server_writes_the_known_error_reply() {
    let recorded = recorded(go_or_return!(), Language::Go, Language::Rust, &["div0", "close"]).await;
    assert_eq!(recorded.server, bytes(&[FIRST_ERROR_REPLY]));
}

#[tokio::test]
async fn this_go_writes_the_known_requests_and_replies_too() {
    let go = go_or_return!();
    let calls = recorded(go, Language::Go, Language::Go, &["mul", "div", "close"]).await;
    assert_eq!(calls.client, bytes(&[FIRST_REQUEST, SECOND_REQUEST]));
    assert_eq!(calls.server, bytes(&[FIRST_REPLY, SECOND_REPLY]));
    let error = recorded(go, Language::Go, Language::Go, &["div0", "close"]).await;
    assert_eq!(error.server, bytes(&[FIRST_ERROR_REPLY]));
}
