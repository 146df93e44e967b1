//! RPC over HTTP: the handshake, and what is refused.

use std::time::Duration;

use gobrpc::rpc::{Client, Connection, Error, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::{ARGS, eventually, server};

async fn serve_http() -> String {
    serve_http_as(server()).await
}

async fn serve_http_as(server: Server) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(server.serve_http(listener));
    address
}

#[tokio::test]
async fn calls_pass_after_the_handshake() {
    let client = Client::connect_http(&serve_http().await).await.unwrap();
    assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
}

#[cfg(unix)]
#[tokio::test]
async fn http_works_over_a_unix_socket() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("http.sock");
    tokio::spawn(server().serve_http(tokio::net::UnixListener::bind(&path).unwrap()));
    let client = Client::connect_http(&format!("unix:{}", path.display())).await.unwrap();
    assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
}

#[tokio::test]
async fn any_stream_may_begin_with_the_handshake() {
    let (mut ours, theirs) = tokio::io::duplex(1 << 16);
    let server = server().method_with_context("Who.Asks", |cx, (): ()| async move {
        let connection = cx.connection();
        let asked = connection.handshake().and_then(|handshake| handshake.header("x-user")).map(str::to_owned);
        asked.zip(connection.peer()).map(|(user, peer)| format!("{user} at {peer}")).ok_or("nobody")
    });
    let known = Connection::new().with_peer("192.0.2.7:1234".parse().unwrap());
    tokio::spawn(async move { server.serve_http_connection_with(theirs, known).await });
    ours.write_all(b"CONNECT /_goRPC_ HTTP/1.0\nX-User: gopher\n\n").await.unwrap();
    let mut answer = [0; 34];
    eventually(ours.read_exact(&mut answer)).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.0 200 Connected to Go RPC\n\n");
    let client = Client::new(ours);
    assert_eq!(client.call::<String>("Who.Asks", &()).await.unwrap(), "gopher at 192.0.2.7:1234");
}

/// R70, R71
#[tokio::test]
async fn the_answer_to_connect_is_gos() {
    let address = serve_http().await;
    for request in [
        "CONNECT /_goRPC_ HTTP/1.0\n\n",
        "CONNECT /_goRPC_ HTTP/1.0\r\n\r\n",
        "CONNECT /_goRPC_ HTTP/1.1\r\nAuthorization: x\r\n\r\n",
        "CONNECT /_goRPC_?a=b HTTP/1.0\n\n",
    ] {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        const ANSWER: &[u8] = b"HTTP/1.0 200 Connected to Go RPC\n\n";
        let mut answer = [0; ANSWER.len()];
        eventually(stream.read_exact(&mut answer)).await.unwrap();
        assert_eq!(answer, ANSWER);
    }
}

/// R71, R72, R73
#[tokio::test]
async fn anything_else_is_refused() {
    let address = serve_http().await;
    for (request, status) in [
        ("GET /_goRPC_ HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 405 Method Not Allowed\r\n"),
        ("connect /_goRPC_ HTTP/1.0\n\n", "HTTP/1.0 405 Method Not Allowed\r\n"),
        ("CONNECT /nope HTTP/1.0\n\n", "HTTP/1.0 404 Not Found\r\n"),
        ("CONNECT host:80 HTTP/1.0\n\n", "HTTP/1.0 404 Not Found\r\n"),
        ("nonsense\n\n", "HTTP/1.1 400 Bad Request\r\n"),
    ] {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        eventually(stream.read_to_string(&mut answer)).await.unwrap();
        assert!(answer.starts_with(status), "{request:?}: {answer:?}");
    }
}

/// R76
#[tokio::test]
async fn a_client_takes_no_other_answer() {
    for (answer, reason) in [
        ("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "unexpected HTTP response: 404 Not Found"),
        ("HTTP/1.1 200 OK\r\n\r\n", "unexpected HTTP response: 200 OK"),
        ("HTTP/1.0 200 connected to go rpc\n\n", "unexpected HTTP response: 200 connected to go rpc"),
        ("hello\n", "malformed HTTP response \"hello\""),
        ("", "unexpected EOF"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 27];
            stream.read_exact(&mut request).await.unwrap();
            assert_eq!(&request, b"CONNECT /_goRPC_ HTTP/1.0\n\n");
            stream.write_all(answer.as_bytes()).await.unwrap();
        });
        let error = eventually(Client::connect_http(&address)).await.unwrap_err();
        assert!(matches!(error, Error::Handshake { .. }), "{error:?}");
        assert_eq!(error.to_string(), format!("dial-http tcp {address}: {reason}"));
    }
}

/// Sends a request and returns all that comes back.
async fn ask(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    eventually(stream.read_to_string(&mut answer)).await.unwrap();
    answer
}

/// R80
#[tokio::test]
async fn the_debug_page_is_shown_to_any_method() {
    let server = server();
    let address = serve_http_as(server.clone()).await;
    let page = server.debug_page();
    let head = format!(
        "200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        page.len()
    );
    for (request, version, body) in [
        ("GET /debug/rpc HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1", &*page),
        ("GET /debug/rpc HTTP/1.0\r\n\r\n", "HTTP/1.0", &*page),
        ("POST /debug/rpc?a=b HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", "HTTP/1.1", &*page),
        ("HEAD /debug/rpc HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1", ""),
    ] {
        assert_eq!(ask(&address, request).await, format!("{version} {head}{body}"), "{request:?}");
    }
}

/// Go's answers, less the date.
#[tokio::test]
async fn refusals_are_gos() {
    let address = serve_http().await;
    assert_eq!(
        ask(&address, "GET /_goRPC_ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await,
        "HTTP/1.1 405 Method Not Allowed\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 17\r\n\
         Connection: close\r\n\r\n405 must CONNECT\n"
    );
    assert_eq!(
        ask(&address, "GET /debug/rpc/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await,
        "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\n\
         Content-Length: 19\r\nConnection: close\r\n\r\n404 page not found\n"
    );
}

#[tokio::test]
async fn a_server_may_have_other_paths() {
    let address = serve_http_as(server().rpc_path("/rpc").debug_path("/rpc/debug")).await;
    let client = Client::connect_http_path(&address, "/rpc").await.unwrap();
    assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
    assert!(ask(&address, "GET /rpc/debug HTTP/1.0\r\n\r\n").await.contains("Service Arith"));
    assert!(ask(&address, "GET /debug/rpc HTTP/1.0\r\n\r\n").await.starts_with("HTTP/1.0 404 "));
    let error = Client::connect_http(&address).await.unwrap_err();
    assert!(error.to_string().ends_with("unexpected HTTP response: 404 Not Found"), "{error}");
    let address = serve_http_as(server().without_debug_page()).await;
    assert!(ask(&address, "GET /debug/rpc HTTP/1.0\r\n\r\n").await.starts_with("HTTP/1.0 404 "));
}

/// R71, R140
#[tokio::test]
async fn a_header_may_open_the_door() {
    let server = server().authorize(|cx| {
        let handshake = cx.connection().handshake().ok_or("no HTTP")?;
        if handshake.header("authorization") == Some("Bearer 4711") { Ok(()) } else { Err("permission denied") }
    });
    let address = serve_http_as(server).await;
    let stranger = Client::connect_http(&address).await.unwrap();
    let error = stranger.call::<isize>("Arith.Multiply", &ARGS).await.unwrap_err();
    assert_eq!(error.to_string(), "permission denied");
    let builder = Client::builder().http_header("Authorization", "Bearer 4711");
    let client = builder.connect_http(&address).await.unwrap();
    assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
}

#[test]
fn what_a_header_says_is_not_shown() {
    let text = format!("{:?}", Client::builder().http_header("Authorization", "Bearer 4711"));
    assert!(text.contains("Authorization") && !text.contains("4711"), "{text}");
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let builder = Client::builder().connect_timeout(Duration::from_millis(100));
    let error = eventually(builder.connect_http(&address)).await.unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error:?}");
}

/// R74: where Go's server loses them.
#[tokio::test]
async fn a_call_may_come_with_the_request_for_it() {
    use gobrpc::rpc::codec::GobCodec;
    use gobrpc::rpc::proto::ClientConn;

    let mut call = ClientConn::new(GobCodec::new(gobrpc::gob::Limits::default()));
    call.start("Arith.Multiply", &ARGS).unwrap();
    let mut stream = TcpStream::connect(&serve_http().await).await.unwrap();
    let request = [&b"CONNECT /_goRPC_ HTTP/1.0\n\n"[..], &call.poll_transmit().unwrap()].concat();
    stream.write_all(&request).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut answer = Vec::new();
    eventually(stream.read_to_end(&mut answer)).await.unwrap();
    // int 56
    assert!(answer.ends_with(&[0x03, 0x04, 0x00, 0x70]), "{answer:02x?}");
}
