//! What HTTP servers say to clients of all kinds, and the debug page (R68–R74, R80, R81).

use gobrpc::rpc::{Client, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::go::{Programs, go_or_return};
use crate::languages::Language;
use crate::patience::eventually;
use crate::peers::{Endpoint, Transport};

/// What a server says to this request, up to the end, but for the date.
async fn said_to(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("the server is there");
    stream.write_all(request.as_bytes()).await.expect("the server listens");
    let mut said = Vec::new();
    // An answer that takes us over to RPC has no end.
    if request.starts_with("CONNECT") {
        while !said.windows(2).any(|end| end == b"\n\n") && !said.windows(4).any(|end| end == b"\r\n\r\n") {
            if eventually(stream.read_buf(&mut said)).await.unwrap_or(0) == 0 {
                break;
            }
        }
    }
    let _ = stream.shutdown().await;
    eventually(stream.read_to_end(&mut said)).await.expect("the answer has an end");
    let said = String::from_utf8(said).expect("HTTP is text");
    let lines = said.split_inclusive('\n').filter(|line| !line.starts_with("Date: "));
    lines.collect::<String>().replace("Connection: close\r\n", "")
}

async fn assert_same(go: &Programs, requests: &[&str]) -> Vec<String> {
    let theirs = Language::Go.server(go, Transport::Http).await;
    let ours = Language::Rust.server(go, Transport::Http).await;
    let mut answers = Vec::new();
    for request in requests {
        let answer = said_to(&ours.endpoint.address, request).await;
        assert_eq!(answer, said_to(&theirs.endpoint.address, request).await, "{request:?}");
        answers.push(answer);
    }
    answers
}

/// R70, R71
#[tokio::test]
async fn a_connect_is_answered_by_one_line_however_it_is_put() {
    let requests = [
        "CONNECT /_goRPC_ HTTP/1.0\n\n",
        "CONNECT /_goRPC_ HTTP/1.0\r\n\r\n",
        "CONNECT /_goRPC_ HTTP/1.1\r\n\r\n",
        "CONNECT /_goRPC_ HTTP/1.1\r\nHost: somewhere\r\n\r\n",
        "CONNECT /_goRPC_ HTTP/1.0\r\nAuthorization: Bearer x\r\nX-Other: y\r\n\r\n",
        "CONNECT /_goRPC_?query=1 HTTP/1.0\n\n",
    ];
    for answer in assert_same(go_or_return!(), &requests).await {
        assert_eq!(answer, "HTTP/1.0 200 Connected to Go RPC\n\n");
    }
}

/// R72, R73. The answer to a method in lower case is HTTP/1.0 too.
#[tokio::test]
async fn anything_else_is_refused() {
    let requests = [
        "GET /_goRPC_ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET /_goRPC_ HTTP/1.0\r\n\r\n",
        "POST /_goRPC_ HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        "HEAD /_goRPC_ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "connect /_goRPC_ HTTP/1.0\n\n",
        "CONNECT /nope HTTP/1.0\n\n",
        "GET /nope HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "CONNECT localhost:80 HTTP/1.0\n\n",
    ];
    for answer in assert_same(go_or_return!(), &requests).await {
        assert!(answer.contains(" 405 Method Not Allowed\r\n") || answer.contains(" 404 Not Found\r\n"), "{answer}");
    }
}

/// R78
#[tokio::test]
async fn rpc_may_be_under_another_path() {
    let go = go_or_return!();
    let theirs = go.server_with(Transport::Http, &["-path", "/some/rpc"]).await;
    let client = Client::connect_http_path(&theirs.endpoint.address, "/some/rpc").await.expect("it is there");
    assert_eq!(eventually(client.call::<String>("Arith.Echo", &"x")).await.expect("Go answers"), "x");

    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port to listen on");
    let address = listener.local_addr().expect("it has an address").to_string();
    let server = Server::new().method("Arith.Echo", |text: String| async { Ok::<_, String>(text) });
    let mut serving = JoinSet::new();
    serving.spawn(server.rpc_path("/some/rpc").serve_http(listener));
    let ours = Endpoint { transport: Transport::Http, address };
    // Flags come before the steps.
    assert_eq!(go.client(&ours, &["-path", "/some/rpc", "echo"]).await, ["echo ok \"hi\""]);
}

/// R80, R81: but for the stars of Go's pointers, which Rust's arguments have not, and for the name that our
/// interface has.
#[tokio::test]
async fn the_debug_page_shows_the_same_services_and_counts() {
    const GET: &str = "GET /debug/rpc HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let go = go_or_return!();
    let steps = ["mul", "mul2", "div0", "concat", "badarg-kind", "unknown-method"];
    let mut pages = Vec::new();
    for language in [Language::Go, Language::Rust] {
        let server = language.server(go, Transport::Http).await;
        language.client(go, &server.endpoint, &steps).await;
        pages
            .push(said_to(&server.endpoint.address, GET).await.replace("(*", "(").replace("main.Held", "interface {}"));
    }
    let (head, page) = pages[0].split_once("\r\n\r\n").expect("a head and a page");
    assert!(head.starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8"), "{head}");
    // Chunks have their lengths between them.
    let (_, ours) = pages[1].split_once("\r\n\r\n").expect("a head and a page");
    let rows =
        |page: &str| page.lines().filter(|line| line.contains("align=left")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(rows(ours), rows(page));
    assert!(rows(page).len() > 10, "{page}");
    assert_eq!(ours.matches("<td align=center>2</td>").count(), 1, "{ours}");
}
