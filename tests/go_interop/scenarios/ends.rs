//! Calls that end a connection in Go and not in Rust, and connections that end with calls on them.

use std::time::Instant;

use crate::go::{Programs, go_or_return};
use crate::languages::Language;
use crate::peers::Transport;

/// What a client prints for these steps.
async fn lines(go: &Programs, client: Language, server: Language, steps: &[&str]) -> Vec<String> {
    let server = server.server(go, Transport::Tcp).await;
    client.client(go, &server.endpoint, steps).await
}

const LANGUAGES: [Language; 2] = [Language::Go, Language::Rust];

/// R103: Go has written the header already, and the next call follows it as its arguments.
#[tokio::test]
async fn arguments_that_cannot_be_sent_cost_a_go_client_the_connection_and_ours_the_call() {
    let go = go_or_return!();
    const STEPS: &[&str] = &["mul", "badarg-nothing", "mul", "mul"];
    const UNSENDABLE: &str = "badarg-nothing error gob: type service.Unsendable has no exported fields";
    for server in LANGUAGES {
        let theirs = lines(go, Language::Go, server, STEPS).await;
        let shut_down = "mul error connection is shut down";
        assert_eq!(theirs, ["mul ok 56", UNSENDABLE, "mul error unexpected EOF", shut_down], "{server:?}");
        let ours = lines(go, Language::Rust, server, STEPS).await;
        assert_eq!(ours, ["mul ok 56", UNSENDABLE, "mul ok 56", "mul ok 56"], "{server:?}");
    }
}

/// R28, R61: there is nothing to be read after the type. We send no such thing.
#[tokio::test]
async fn a_nil_reply_costs_a_go_client_the_connection_and_ours_the_call() {
    let go = go_or_return!();
    const STEPS: &[&str] = &["nil-int", "settle", "mul"];
    const EOF: &str = "nil-int error reading body EOF";
    let go_to_go = lines(go, Language::Go, Language::Go, STEPS).await;
    assert_eq!(go_to_go, [EOF, "settle ok null", "mul error connection is shut down"]);
    let us_to_go = lines(go, Language::Rust, Language::Go, STEPS).await;
    assert_eq!(us_to_go, [EOF, "settle ok null", "mul ok 56"]);
    for client in LANGUAGES {
        let to_us = lines(go, client, Language::Rust, STEPS).await;
        let nil = "nil-int server-error rpc: gob error encoding body: gob: cannot encode nil pointer of type *int";
        assert_eq!(to_us, [nil, "settle ok null", "mul ok 56"], "{client:?}");
    }
}

/// R28: Go reads it, though.
#[tokio::test]
async fn a_nil_reply_of_a_struct_is_one_of_zeros_in_go_and_an_error_from_us() {
    let go = go_or_return!();
    for client in LANGUAGES {
        let from_go = lines(go, client, Language::Go, &["nil-args", "mul"]).await;
        assert_eq!(from_go, [r#"nil-args ok {"A":0,"B":0}"#, "mul ok 56"], "{client:?}");
        let from_us = lines(go, client, Language::Rust, &["nil-args", "mul"]).await;
        let nil = "rpc: gob error encoding body: gob: cannot encode nil pointer of type *service.Args";
        assert_eq!(from_us, [format!("nil-args server-error {nil}"), "mul ok 56".to_owned()], "{client:?}");
    }
}

/// R54
#[tokio::test]
async fn a_panic_costs_go_the_process_and_us_the_call() {
    let go = go_or_return!();
    for client in LANGUAGES {
        let theirs = lines(go, client, Language::Go, &["panic", "mul"]).await;
        assert!(theirs[0].starts_with("panic error "), "{theirs:?}");
        assert_eq!(theirs[1], "mul error connection is shut down");
        let ours = lines(go, client, Language::Rust, &["panic", "mul"]).await;
        assert_eq!(ours, ["panic server-error rpc: method Arith.Panic panicked: oh no", "mul ok 56"], "{client:?}");
    }
}

/// R91, R92: Go says what it was doing when the connection was closed.
#[tokio::test]
async fn closing_ends_the_calls_at_once() {
    let go = go_or_return!();
    const STEPS: &[&str] = &["close-in-flight", "mul", "close"];
    const SHUT_DOWN: &str = "connection is shut down";
    for (client, server) in LANGUAGES.into_iter().flat_map(|client| LANGUAGES.map(|server| (client, server))) {
        let server = server.server(go, Transport::Tcp).await;
        let start = Instant::now();
        let lines = client.client(go, &server.endpoint, STEPS).await;
        // The call would take a second.
        assert!(start.elapsed().as_millis() < 900, "{:?}", start.elapsed());
        let call = match client {
            Language::Go => "use of closed network connection",
            Language::Rust => SHUT_DOWN,
        };
        assert!(lines[0].starts_with("call error ") && lines[0].ends_with(call), "{lines:?}");
        let rest = [
            "close-in-flight ok null".to_owned(),
            format!("mul error {SHUT_DOWN}"),
            format!("close error {SHUT_DOWN}"),
        ];
        assert_eq!(lines[1..], rest);
    }
}

/// R31: the zero is not sent, and Go leaves there what was there. Our replies have nothing there.
#[tokio::test]
async fn a_reply_of_go_is_put_over_what_was_there() {
    let go = go_or_return!();
    for server in LANGUAGES {
        assert_eq!(lines(go, Language::Go, server, &["div-stale"]).await, [r#"div-stale ok {"Quo":2,"Rem":9}"#]);
        assert_eq!(lines(go, Language::Rust, server, &["div-stale"]).await, [r#"div-stale ok {"Quo":2,"Rem":0}"#]);
    }
}
