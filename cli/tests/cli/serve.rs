//! `gobrpc serve` and its clients, Go's above all.

use serde_json::{Value, json};

use crate::command::gobrpc;
use crate::go::{go_or_return, module};
use crate::peers::{Endpoint, Transport};
use crate::running::Running;

/// The Go source of the interop services.
fn source() -> String {
    module("go_interop").join("service/service.go").to_str().expect("its path is text").to_owned()
}

/// Serves canned replies for what that source declares.
async fn serve(transport: Transport, args: &[&str]) -> (Running, Endpoint) {
    let dir = tempfile::tempdir().expect("a directory");
    let listen = match transport {
        Transport::Unix => format!("unix:{}", dir.keep().join("serve").display()),
        _ => "127.0.0.1:0".to_owned(),
    };
    let flag = match transport {
        Transport::Http => &["--http"][..],
        Transport::Json => &["--jsonrpc"],
        _ => &[],
    };
    let source = source();
    let all = [&["serve", &listen, "--decl", &source, "--json"], flag, args].concat();
    let running = Running::start_after(&all, "gobrpc: ").await;
    let endpoint = running.endpoint(transport);
    (running, endpoint)
}

const ANSWERS: &[&str] = &[
    "--reply",
    "Arith.Multiply=56",
    "--reply",
    "Arith.Multiply=-15",
    "--reply",
    r#"Arith.Divide={"Quo":2,"Rem":1}"#,
    "--error",
    "Arith.Divide=divide by zero",
    "--reply",
    r#"Arith.Lookup=["web","worker"]"#,
    "--reply",
    r#"Arith.Kinds={"U64":18446744073709551615,"Bytes":"AAH+/w==","Arr":[1,0,-3],"Map":{"k":-7},"PNested":{"ID":2}}"#,
];

const KINDS: &str = r#"kinds ok {"Bool":false,"I8":0,"I16":0,"I32":0,"I64":0,"I":0,"U8":0,"U16":0,"U32":0,"U64":18446744073709551615,"U":0,"F32":0,"F64":0,"Str":"","Bytes":"AAH+/w==","Strs":null,"Arr":[1,0,-3],"Map":{"k":-7},"Nested":{"ID":0,"Name":""},"PNested":{"ID":2,"Name":""}}"#;

async fn assert_answered(transport: Transport) {
    let go = go_or_return!();
    let (mut serve, endpoint) = serve(transport, ANSWERS).await;
    let steps = ["mul", "mul", "mul2", "div", "div0", "div", "lookup", "kinds", "echo", "unknown-method", "close"];
    let got = go.client(&endpoint, &steps).await;
    let want = [
        "mul ok 56",
        "mul ok -15",
        "mul2 ok -15",
        r#"div ok {"Quo":2,"Rem":1}"#,
        "div0 server-error divide by zero",
        "div server-error divide by zero",
        r#"lookup ok ["web","worker"]"#,
        KINDS,
        "echo server-error gobrpc serve: Arith.Echo has no --reply and no --error",
        "unknown-method server-error rpc: can't find method Arith.Nope",
        "close ok null",
    ];
    assert_eq!(got, want);
    let mut lines = Vec::new();
    for _ in 0..10 {
        lines.push(serde_json::from_str::<Value>(&serve.line().await).expect("JSON"));
    }
    let shown = |index: usize| {
        let line: &Value = &lines[index];
        (line["method"].as_str().expect("a method"), &line["args"], &line["reply"], &line["error"])
    };
    let null = &Value::Null;
    assert_eq!(shown(0), ("Arith.Multiply", &json!({ "A": 7, "B": 8 }), &json!(56), null));
    assert_eq!(shown(4), ("Arith.Divide", &json!({ "A": 1, "B": 0 }), null, &json!("divide by zero")));
    assert_eq!(shown(9), ("Arith.Nope", null, null, &json!("there is no such method")));
    assert_eq!(serve.stop().await.2.code(), Some(0));
}

#[tokio::test]
async fn a_go_client_gets_canned_replies_over_tcp() {
    assert_answered(Transport::Tcp).await;
}

#[tokio::test]
async fn a_go_client_gets_canned_replies_over_a_unix_socket() {
    assert_answered(Transport::Unix).await;
}

#[tokio::test]
async fn a_go_client_gets_canned_replies_over_http() {
    assert_answered(Transport::Http).await;
}

#[tokio::test]
async fn a_go_client_gets_canned_replies_in_json() {
    assert_answered(Transport::Json).await;
}

#[tokio::test]
async fn arguments_of_the_wrong_type_are_refused_in_gos_words() {
    let go = go_or_return!();
    let (_serve, endpoint) = serve(Transport::Tcp, ANSWERS).await;
    let real = go.server(Transport::Tcp).await;
    let steps = ["badarg-struct", "badarg-kind", "badarg-field", "mul", "close"];
    assert_eq!(go.client(&endpoint, &steps).await, go.client(&real.endpoint, &steps).await);
}

#[tokio::test]
async fn the_debug_page_has_the_types_of_the_source() {
    let go = go_or_return!();
    let (_serve, endpoint) = serve(Transport::Http, ANSWERS).await;
    go.client(&endpoint, &["mul", "close"]).await;
    let real = go.server(Transport::Http).await;
    go.client(&real.endpoint, &["mul", "close"]).await;
    let list = |address: &str| {
        let services: Value = serde_json::from_str(gobrpc(&["list", address, "--json"]).ok()).expect("JSON");
        let arith = services.as_array().expect("a list").iter().find(|service| service["name"] == "Arith").cloned();
        arith.expect("the service")["methods"].as_array().expect("a list").clone()
    };
    let mut want = list(&real.endpoint.address);
    // Its reply is a type of which gob can send nothing.
    want.retain(|method| method["name"] != "Nothing");
    assert_eq!(list(&endpoint.address), want);
}

#[tokio::test]
async fn a_delay_is_waited_for() {
    let go = go_or_return!();
    let (_serve, endpoint) =
        serve(Transport::Tcp, &["--reply", "Arith.Multiply=1", "--delay", "Arith.Multiply=300ms"]).await;
    let start = std::time::Instant::now();
    assert_eq!(go.client(&endpoint, &["mul", "close"]).await, ["mul ok 1", "close ok null"]);
    assert!(start.elapsed() >= std::time::Duration::from_millis(300));
}

#[tokio::test]
async fn a_type_may_have_another_name() {
    let go = go_or_return!();
    let (_serve, endpoint) = serve(Transport::Tcp, &["--name", "Arith=Nope", "--reply", "Nope.Multiply=1"]).await;
    let lines = go.client(&endpoint, &["mul", "unknown-service", "close"]).await;
    let want = [
        "mul server-error rpc: can't find service Arith.Multiply",
        "unknown-service server-error rpc: can't find method Nope.X",
        "close ok null",
    ];
    assert_eq!(lines, want);
}

#[tokio::test]
async fn without_a_source_methods_are_declared_or_guessed() {
    let declared = ["serve", "127.0.0.1:0", "--method", "Arith.Multiply(struct{A, B int}, *int)"];
    let serve = Running::start(&[&declared[..], &["--reply", "Arith.Multiply=56"]].concat()).await;
    let call = |args: &str| gobrpc(&["call", &serve.address, "Arith.Multiply", args]);
    assert_eq!(call(r#"{"A":7,"B":8}"#).ok(), "56\n");
    assert_eq!(call(r#"{"C":1}"#).code, Some(1));
    let serve = Running::start(&["serve", "127.0.0.1:0", "--reply", r#"Clock.Zone={"Name":"UTC","Off":[1]}"#]).await;
    let ran = gobrpc(&["call", &serve.address, "Clock.Zone", r#"["whatever"]"#]);
    assert_eq!(ran.ok(), "{\"Name\":\"UTC\",\"Off\":[1]}\n");
}

#[test]
fn a_reply_that_does_not_fit_is_an_error() {
    let error = |args: &[&str]| {
        let ran = gobrpc(&[&["serve", "127.0.0.1:0"], args].concat());
        assert_eq!(ran.code, Some(1), "{ran:?}");
        ran.stderr
    };
    assert_eq!(error(&[]), "gobrpc: there is nothing to serve; give --decl, --method or --reply\n");
    let method = ["--method", "Arith.Add(int, int)"];
    let text = error(&[&method[..], &["--reply", "Arith.Add=\"x\""]].concat());
    assert!(text.starts_with("gobrpc: the reply of Arith.Add: "), "{text}");
    let text = error(&[&method[..], &["--reply", "Arith.Sub=1"]].concat());
    assert_eq!(text, "gobrpc: there is no method Arith.Sub, only Arith.Add; declare it with --method\n");
    let text = error(&["--method", "Arith.Add"]);
    assert_eq!(text, "gobrpc: \"Arith.Add\" is no method, as 'Arith.Add(Args, int)' is\n");
    assert!(error(&["--reply", "Arith.Add=1", "--delay", "Arith.Add=soon"]).contains("the delay of Arith.Add: "));
}
