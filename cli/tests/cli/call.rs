//! `gobrpc call` against real Go servers.

use std::convert::Infallible;
use std::fmt::Write as _;

use gobrpc::rpc;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::command::{Ran, gobrpc, gobrpc_with};
use crate::go::go_or_return;
use crate::peers::{Server, Transport};

fn call(args: &[&str]) -> Ran {
    gobrpc(&[&["call"], args].concat())
}

/// The address as the command takes it.
fn address(server: &Server) -> String {
    match server.endpoint.transport {
        Transport::Unix => format!("unix:{}", server.endpoint.address),
        _ => server.endpoint.address.clone(),
    }
}

#[tokio::test]
async fn a_method_is_called_over_every_transport() {
    let go = go_or_return!();
    for (transport, flag) in [
        (Transport::Tcp, None),
        (Transport::Unix, None),
        (Transport::Http, Some("--http")),
        (Transport::Http, Some("--http=/_goRPC_")),
        (Transport::Json, Some("--jsonrpc")),
    ] {
        let server = go.server(transport).await;
        let address = address(&server);
        let args = [&address, "StringService.Concat", r#"{"SA":"hello ","SB":"go rpc"}"#];
        let ran = call(&flag.into_iter().chain(args).collect::<Vec<_>>());
        assert_eq!(ran.ok(), "\"hello go rpc\"\n", "{transport:?}");
    }
}

#[tokio::test]
async fn what_the_server_says_is_an_error_in_its_own_words() {
    let go = go_or_return!();
    for (transport, flag) in [(Transport::Tcp, None), (Transport::Json, Some("--jsonrpc"))] {
        let server = go.server(transport).await;
        let error = |method: &str, json: &str| {
            let args = [&server.endpoint.address, method, json];
            let ran = call(&flag.into_iter().chain(args).collect::<Vec<_>>());
            assert_eq!((ran.code, ran.text()), (Some(1), ""), "{ran:?}");
            ran.stderr
        };
        assert_eq!(error("Arith.Divide", r#"{"A":1,"B":0}"#), "divide by zero\n");
        assert_eq!(error("Arith.Nope", "{}"), "rpc: can't find method Arith.Nope\n");
        assert_eq!(error("Nope.Nope", "{}"), "rpc: can't find service Nope.Nope\n");
        assert_eq!(error("Nope", "{}"), "rpc: service/method request ill-formed: Nope\n");
    }
}

#[tokio::test]
async fn types_are_those_that_the_json_suggests() {
    let server = go_or_return!().server(Transport::Tcp).await;
    let reply = |method: &str, json: &str| call(&[&server.endpoint.address, method, json]).ok().to_owned();
    assert_eq!(reply("Arith.Sum", "[1, 2, 39]"), "42\n");
    assert_eq!(reply("Arith.Echo", r#""Жü""#), "\"Жü\"\n");
    assert_eq!(reply("Arith.Lookup", r#"{"b": 1, "a": 2}"#), "[\"a\",\"b\"]\n");
    assert_eq!(reply("Arith.Tree", r#"{"V": 1, "L": {"V": 2, "R": null}, "R": {"V": 3}}"#), "6\n");
    // Without arguments, those of a struct are zero.
    assert_eq!(call(&[&server.endpoint.address, "Arith.Multiply"]).ok(), "0\n");
    assert_eq!(
        reply("Arith.Kinds", r#"{"Bool": true, "I8": -1, "F64": 0.5, "Strs": ["a"], "Map": {}, "Nested": {"ID": 7}}"#),
        "{\"Bool\":true,\"I8\":-1,\"I16\":0,\"I32\":0,\"I64\":0,\"I\":0,\"U8\":0,\"U16\":0,\"U32\":0,\"U64\":0,\
         \"U\":0,\"F32\":0,\"F64\":0.5,\"Str\":\"\",\"Bytes\":null,\"Strs\":[\"a\"],\"Arr\":[0,0,0],\"Map\":null,\
         \"Nested\":{\"ID\":7,\"Name\":\"\"},\"PNested\":null}\n"
    );
    assert_eq!(reply("Arith.Wrap", "3"), "{\"type\":\"gobrpc.test/interop/service.Known\",\"value\":{\"N\":3}}\n");
}

#[tokio::test]
async fn types_may_be_given() {
    let server = go_or_return!().server(Transport::Tcp).await;
    let source = crate::go::module("go_interop").join("service/service.go");
    let decl = source.to_str().expect("a path that is text");
    let reply = |ty: &str, method: &str, json: &str| {
        call(&[&server.endpoint.address, method, "--decl", decl, "--arg-type", ty, json]).ok().to_owned()
    };
    let kinds = r#"{"U64": 18446744073709551615, "Bytes": "AQI=", "F32": 0.1, "PNested": {"Name": "n"}}"#;
    let expected = "\"U64\":18446744073709551615,\"U\":0,\"F32\":0.10000000149011612,\"F64\":0,\"Str\":\"\",\
                    \"Bytes\":\"AQI=\"";
    let printed = reply("Kinds", "Arith.Kinds", kinds);
    assert!(printed.contains(expected) && printed.ends_with("\"PNested\":{\"ID\":0,\"Name\":\"n\"}}\n"), "{printed}");
    let holder = r#"{"Name": "four", "Value": {"type": "gobrpc.test/interop/service.Known", "value": {"N": 1}}}"#;
    assert_eq!(reply("Holder", "Arith.Any", holder), "4\n");
}

#[tokio::test]
async fn many_calls_are_answered_in_order() {
    let server = go_or_return!().server(Transport::Tcp).await;
    let (mut input, mut expected) = (String::new(), String::new());
    for number in 0..500 {
        let _ = writeln!(input, "{number}");
        let _ = writeln!(expected, "{number}");
    }
    let ran = gobrpc_with(&["call", &server.endpoint.address, "Arith.Shuffle", "-"], input.as_bytes());
    assert_eq!(ran.ok(), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_calls_are_made_at_once() {
    // None of them returns before there are a hundred. Those that come later need not wait for a hundred more: the calls
    // are in flight in their order, and one that is passed by others must not hold up those that it waits for.
    let crowd = watch::Sender::new(0);
    let server = rpc::Server::new().method("Crowd.Meet", move |number: i64| {
        let mut crowd_now = crowd.subscribe();
        crowd.send_modify(|count| *count += 1);
        async move {
            crowd_now.wait_for(|count| *count >= 100).await.expect("the server is there");
            Ok::<_, Infallible>(number)
        }
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("it has an address").to_string();
    tokio::spawn(server.serve(listener));
    let numbers: String = (0..500).map(|number| format!("{number}\n")).collect();
    let ran = gobrpc_with(&["call", "--timeout", "30s", &address, "Crowd.Meet", "-"], numbers.as_bytes());
    assert_eq!(ran.ok(), numbers);
}

#[tokio::test]
async fn of_many_calls_those_that_fail_are_told_by_their_number() {
    let server = go_or_return!().server(Transport::Tcp).await;
    let input = br#"{"A":7,"B":2} {"A":1,"B":0} {"A":9,"B":3}"#;
    let ran = gobrpc_with(&["call", &server.endpoint.address, "Arith.Divide", "-"], input);
    assert_eq!(ran.text(), "{\"Quo\":3,\"Rem\":1}\n{\"Quo\":3,\"Rem\":0}\n");
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), "call 2: divide by zero\n"));
}

#[tokio::test]
async fn arguments_that_are_wrong_end_it_after_the_replies_to_those_before() {
    let server = go_or_return!().server(Transport::Tcp).await;
    let args = ["call", &server.endpoint.address, "Arith.Sum", "--arg-type", "[]int8", "-"];
    let ran = gobrpc_with(&args, b"[1] [2] [300] [4]");
    assert_eq!(ran.text(), "1\n2\n");
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), "gobrpc: document 3: [0]: the number does not fit int8\n"));
    let ran = gobrpc_with(&args, b"[1] [");
    assert_eq!(ran.text(), "1\n");
    assert_eq!(ran.code, Some(1));
    assert_eq!(ran.stderr, "gobrpc: document 2: not JSON: EOF while parsing a list at line 1 column 5\n");
}

#[test]
fn an_address_with_a_scheme_is_refused_with_what_to_write_instead() {
    let ran = call(&["http://localhost:1234", "Arith.Multiply", "{}"]);
    assert_eq!((ran.code, ran.text()), (Some(64), ""));
    assert!(
        ran.stderr.contains("host:port or unix:/path, without a scheme; --http is for RPC over HTTP"),
        "{}",
        ran.stderr
    );
}

#[tokio::test]
async fn without_a_connection_it_exits_with_two() {
    let ran = call(&["127.0.0.1:1", "Arith.Multiply", "{}"]);
    assert_eq!(ran.stderr, "gobrpc: cannot connect to 127.0.0.1:1: Connection refused (os error 111)\n");
    assert_eq!((ran.code, ran.text()), (Some(2), ""));
    let ran = call(&["unix:/nowhere", "Arith.Multiply", "{}"]);
    assert_eq!(ran.stderr, "gobrpc: cannot connect to unix:/nowhere: No such file or directory (os error 2)\n");
    assert_eq!(ran.code, Some(2));

    let go = go_or_return!();
    let server = go.server(Transport::Tcp).await;
    let ran = call(&[&server.endpoint.address, "Arith.Die", "1"]);
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (Some(2), "gobrpc: unexpected EOF; use --http or --jsonrpc if that is what the server speaks\n")
    );
    let server = go.server(Transport::Http).await;
    let ran = call(&["--http=/nowhere", &server.endpoint.address, "Arith.Echo", "\"a\""]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.stderr.contains("unexpected HTTP response: 404 Not Found"), "{ran:?}");
}

#[tokio::test]
async fn a_call_takes_no_longer_than_it_may() {
    let server = go_or_return!().server(Transport::Tcp).await;
    let ran = call(&["--timeout", "100ms", &server.endpoint.address, "Arith.Sleep", "20000"]);
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (
            Some(2),
            "gobrpc: rpc: call timed out after 100ms; use --http or --jsonrpc if that is what the server speaks\n"
        )
    );
}

#[tokio::test]
async fn a_server_is_called_over_tls_if_its_certificate_is_trusted() {
    let go = go_or_return!();
    let signed = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let dir = tempfile::tempdir().expect("a directory");
    let path = |name: &str| dir.path().join(name);
    std::fs::write(path("cert.pem"), signed.cert.pem()).expect("a file");
    std::fs::write(path("key.pem"), signed.signing_key.serialize_pem()).expect("a file");
    let server = go.tls_server(&path("cert.pem"), &path("key.pem")).await;
    let trusted = path("cert.pem").to_str().expect("text").to_owned();
    let args = [server.endpoint.address.as_str(), "Arith.Echo", "\"a\""];
    let with = |flags: &[&str]| call(&[flags, &args[..]].concat());
    assert_eq!(with(&["--tls-ca", &trusted, "--tls-name", "localhost"]).ok(), "\"a\"\n");
    let ran = with(&["--tls-ca", &trusted]);
    assert!(ran.code == Some(2) && ran.stderr.contains("certificate"), "{ran:?}");
    let ran = with(&["--tls-ca", "/nowhere"]);
    assert!(ran.code == Some(1) && ran.stderr.starts_with("gobrpc: cannot use /nowhere: "), "{ran:?}");
}

#[test]
fn a_wrong_address_is_an_error_of_the_command_line() {
    for address in ["localhost", "localhost:http", "unix:"] {
        let ran = call(&[address, "Arith.Multiply", "{}"]);
        assert_eq!(ran.code, Some(64), "{ran:?}");
        assert!(ran.stderr.contains("invalid value"), "{ran:?}");
    }
}

#[test]
fn tls_and_http_are_not_asked_for_together() {
    for tls in [&["--tls"][..], &["--tls-ca", "ca.pem"], &["--tls-name", "localhost"]] {
        let ran = call(&[&["--http"], tls, &["localhost:1", "Arith.Multiply"]].concat());
        assert_eq!(ran.code, Some(64), "{ran:?}");
        assert!(ran.stderr.contains("cannot be used with"), "{ran:?}");
    }
}

#[test]
fn null_needs_a_type() {
    let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let ran = call(&[&server.local_addr().unwrap().to_string(), "Arith.Multiply", "null"]);
    assert_eq!(ran.stderr, "gobrpc: null has no Go type; give one with --arg-type\n");
    assert_eq!(ran.code, Some(1));
}
