//! `gobrpc list`: what the debug pages of real servers tell.

use std::io::Write;

use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::command::gobrpc;
use crate::go::go_or_return;
use crate::peers::Transport;

#[tokio::test]
async fn a_server_of_go_tells_its_methods_and_how_often_they_were_called() {
    let go = go_or_return!();
    let server = go.server(Transport::Http).await;
    go.client(&server.endpoint, &["mul", "mul2", "div0", "close"]).await;
    let url = format!("http://{}", server.endpoint.address);
    let ran = gobrpc(&["list", &url, "--json"]);
    let services: Value = serde_json::from_str(ran.ok()).expect("JSON");
    let method = |name: &str| {
        let named = |list: &Value, name: &str| {
            list.as_array().expect("a list").iter().find(|item| item["name"] == name).expect("it is there").clone()
        };
        named(&named(&services, "Arith")["methods"], name)
    };
    assert_eq!(method("Multiply"), json!({ "name": "Multiply", "args": "*service.Args", "reply": "*int", "calls": 2 }));
    assert_eq!(method("Wrap"), json!({ "name": "Wrap", "args": "int", "reply": "*interface {}", "calls": 0 }));
    assert_eq!(method("Divide")["calls"], 1);

    let ran = gobrpc(&["list", &url]);
    let lines: Vec<Vec<_>> = ran.ok().lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["METHOD", "ARGUMENTS", "REPLY", "CALLS"]);
    assert!(lines.contains(&vec!["Arith.Multiply", "*service.Args", "*int", "2"]), "{lines:?}");
    assert!(lines.contains(&vec!["StringService.Concat", "service.StringRequest", "*string", "0"]), "{lines:?}");
}

#[tokio::test]
async fn a_server_of_this_library_tells_the_same_way() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port to listen on");
    let address = listener.local_addr().expect("it has an address").to_string();
    let server = gobrpc::rpc::Server::new()
        .method("Echo.Say", |text: String| async move { Ok::<_, std::convert::Infallible>(text) });
    tokio::spawn(server.serve_http(listener));
    let ran = tokio::task::spawn_blocking(move || gobrpc(&["list", &address, "--json"])).await.expect("it runs");
    let want =
        json!([{ "name": "Echo", "methods": [{ "name": "Say", "args": "string", "reply": "*string", "calls": 0 }] }]);
    assert_eq!(serde_json::from_str::<Value>(ran.ok()).expect("JSON"), want);
}

#[tokio::test]
async fn what_is_no_debug_page_is_an_error_that_says_what_to_do() {
    let go = go_or_return!();
    let server = go.server(Transport::Http).await;
    let url = format!("http://{}/nowhere", server.endpoint.address);
    let ran = gobrpc(&["list", &url]);
    let want =
        format!("gobrpc: {url} says 404 Not Found; give the path of the server's debug page, if it is another one\n");
    assert_eq!((ran.code, ran.stderr), (Some(1), want));
    let plain = go.server(Transport::Tcp).await;
    let ran = gobrpc(&["list", &plain.endpoint.address]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("no HTTP is spoken there"), "{}", ran.stderr);
    assert_eq!(ran.stderr.lines().count(), 1);
    let ssh = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = ssh.local_addr().expect("an address").to_string();
    std::thread::spawn(move || {
        let (mut stream, _) = ssh.accept().expect("a client");
        stream.write_all(b"SSH-2.0-OpenSSH_9.0\r\n").expect("to speak first");
        std::io::copy(&mut stream, &mut std::io::sink())
    });
    let ran = gobrpc(&["list", &address]);
    assert!(ran.stderr.contains("no HTTP is spoken there"), "{}", ran.stderr);
    assert_eq!(gobrpc(&["list", "http://127.0.0.1:1"]).code, Some(2));
    assert_eq!(gobrpc(&["list", "https://127.0.0.1:1"]).code, Some(64));
}
