//! `gobrpc bench` against real servers.

use serde_json::{Value, json};

use crate::command::{Ran, gobrpc};
use crate::go::go_or_return;
use crate::peers::Transport;

const ARGS: &str = r#"{"A":7,"B":8}"#;

fn bench(args: &[&str]) -> Ran {
    gobrpc(&[&["bench"], args].concat())
}

fn report(ran: &Ran) -> Value {
    serde_json::from_str(ran.text()).unwrap_or_else(|error| panic!("{ran:?}: {error}"))
}

/// How often the server says that it was called.
fn calls(address: &str, method: &str) -> u64 {
    let ran = gobrpc(&["list", address]);
    let line = ran.ok().lines().find(|line| line.starts_with(method)).expect("the method is there");
    line.rsplit(' ').next().and_then(|calls| calls.parse().ok()).expect("a number")
}

#[tokio::test]
async fn as_many_calls_are_made_as_asked_for_over_all_connections() {
    let server = go_or_return!().server(Transport::Http).await;
    let address = server.endpoint.address.as_str();
    let ran = bench(&["--http", address, "Arith.Multiply", ARGS, "-n", "501", "-c", "4", "-p", "3", "--json"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    let report = report(&ran);
    assert_eq!(calls(address, "Arith.Multiply "), 501);
    assert_eq!((&report["calls"], &report["failed"], &report["errors"]), (&json!(501), &json!(0), &json!({})));
    let latency = &report["latency_ns"];
    let in_buckets = latency["histogram"].as_array().expect("buckets").iter();
    assert_eq!(in_buckets.map(|bucket| bucket["calls"].as_u64().expect("a number")).sum::<u64>(), 501);
    let of = |name: &str| latency[name].as_f64().expect("a number");
    assert!(of("min") > 0.0 && of("min") <= of("mean") && of("mean") <= of("max"), "{latency}");
    let percentiles = latency["percentiles"].as_object().expect("percentiles");
    assert!(percentiles["50"].as_u64() <= percentiles["99"].as_u64(), "{latency}");
}

#[tokio::test]
async fn the_load_ends_when_its_time_is_up() {
    let server = go_or_return!().server(Transport::Tcp).await;
    let ran = bench(&[&server.endpoint.address, "Arith.Multiply", ARGS, "-d", "300ms", "--json"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    let report = report(&ran);
    assert!(report["calls"].as_u64().is_some_and(|calls| calls > 0), "{report}");
    let seconds = report["seconds"].as_f64().expect("a number");
    assert!((0.3..10.0).contains(&seconds), "{report}");
}

#[tokio::test]
async fn calls_are_made_in_json_too() {
    let server = go_or_return!().server(Transport::Json).await;
    let ran = bench(&["--jsonrpc", &server.endpoint.address, "Arith.Multiply", ARGS, "-n", "50", "--json"]);
    assert_eq!((&report(&ran)["calls"], &report(&ran)["failed"]), (&json!(50), &json!(0)));
}

#[tokio::test]
async fn errors_are_counted_and_make_no_latency() {
    let server = go_or_return!().server(Transport::Tcp).await;
    let address = server.endpoint.address.as_str();
    let ran = bench(&[address, "Arith.Divide", r#"{"A":7,"B":0}"#, "-n", "20", "--json"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), "gobrpc: no call succeeded: divide by zero\n"));
    assert_eq!(report(&ran)["errors"], json!({ "divide by zero": 20 }));
    assert_eq!(report(&ran)["latency_ns"]["histogram"], json!([]));
    let ran = bench(&[address, "Arith.Divide", r#"{"A":7,"B":0}"#, "-n", "20"]);
    assert!(ran.text().contains("\nerrors     20, 100.00 %\n                 20  divide by zero\n"), "{}", ran.text());
}

#[tokio::test]
async fn a_server_that_dies_ends_the_load() {
    let server = go_or_return!().server(Transport::Tcp).await;
    let ran = bench(&[&server.endpoint.address, "Arith.Die", "1", "-n", "20"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.starts_with("gobrpc: cannot connect to ") && ran.stderr.lines().count() == 1, "{}", ran.stderr);
}

#[tokio::test]
async fn a_report_for_people_has_percentiles_and_a_histogram() {
    let server = go_or_return!().server(Transport::Tcp).await;
    let ran = bench(&[&server.endpoint.address, "Arith.Echo", "\"hi\"", "-n", "100", "-c", "2"]);
    let text = ran.ok();
    let head = format!("Arith.Echo at {}: 2 connections, 1 call at a time on each\n", server.endpoint.address);
    assert!(text.starts_with(&head), "{text}");
    for part in ["\ncalls      100 in ", "\nlatency    min ", "\n     50 %  ", "\n   99.9 %  ", "\nhistogram\n  ≤ "] {
        assert!(text.contains(part), "{text}");
    }
    assert!(!text.contains('\u{1b}'), "{text}");
}

#[test]
fn what_cannot_be_sent_is_an_error_before_the_load() {
    let error = |args: &[&str]| {
        let ran = bench(args);
        assert_eq!(ran.code, Some(1));
        ran.stderr
    };
    let one = error(&["127.0.0.1:1", "A.B", "1 2"]);
    assert_eq!(one, "gobrpc: there is more than one JSON document; every call has the same arguments\n");
    assert!(error(&["127.0.0.1:1", "A.B", "\"x\"", "--arg-type", "int"]).starts_with("gobrpc: "));
    assert_eq!(bench(&["127.0.0.1:1", "A.B", "1"]).code, Some(2));
}
