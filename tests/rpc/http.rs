//! RPC over HTTP: the handshake, and what is refused.

use std::time::Duration;

use gobrpc::rpc::{Client, Error};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::{ARGS, server};

async fn serve_http() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(server().serve_http(listener));
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
        timeout(Duration::from_secs(1), stream.read_exact(&mut answer)).await.unwrap().unwrap();
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
        timeout(Duration::from_secs(1), stream.read_to_string(&mut answer)).await.unwrap().unwrap();
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
        let error = timeout(Duration::from_secs(1), Client::connect_http(&address)).await.unwrap().unwrap_err();
        assert!(matches!(error, Error::Handshake { .. }), "{error:?}");
        assert_eq!(error.to_string(), format!("dial-http tcp {address}: {reason}"));
    }
}
