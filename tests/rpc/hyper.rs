//! A server among the routes of axum, and with hyper alone.

use std::convert::Infallible;

use axum::Router;
use axum::extract::Request;
use axum::response::{Html, IntoResponse};
use axum::routing::{any, get};
use gobrpc::rpc::{Client, Connection, Server};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::{ARGS, eventually, server};

struct User(String);

/// RPC under `/rpc`, for those who have a header, besides a page for all.
fn router(server: Server) -> Router {
    let debug = server.clone();
    let rpc = async move |request: Request| {
        let Some(user) = request.headers().get("X-User").and_then(|user| user.to_str().ok()) else {
            return (axum::http::StatusCode::UNAUTHORIZED, "who are you?").into_response();
        };
        let connection = Connection::new().with(User(user.to_owned()));
        server.handle_http_with(request, connection).into_response()
    };
    Router::new()
        .route("/hello", get(async || "hello"))
        .route("/rpc", any(rpc))
        .route("/debug/rpc", any(async move || Html(debug.debug_page())))
}

async fn serve_axum() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let server = server().method_with_context("Who.AmI", |cx, (): ()| async move {
        let user = cx.connection().extensions().get::<User>().ok_or("nobody")?;
        let path = cx.connection().handshake().map(|handshake| handshake.path().to_owned());
        Ok::<_, &str>(format!("{} {}", user.0, path.unwrap_or_default()))
    });
    tokio::spawn(async move { axum::serve(listener, router(server)).await });
    address
}

async fn connect(address: &str, request: &str) -> (TcpStream, String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(eventually(stream.read_u8()).await.unwrap());
    }
    (stream, String::from_utf8(head).unwrap())
}

/// R76
#[tokio::test]
async fn connect_is_answered_with_gos_status() {
    let address = serve_axum().await;
    for version in ["1.0", "1.1"] {
        let request = format!("CONNECT /rpc?a=b HTTP/{version}\r\nHost: x\r\nX-User: gopher\r\n\r\n");
        let (stream, head) = connect(&address, &request).await;
        assert!(head.starts_with(&format!("HTTP/{version} 200 Connected to Go RPC\r\n")), "{head}");
        let client = Client::new(stream);
        assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
        assert_eq!(client.call::<String>("Who.AmI", &()).await.unwrap(), "gopher /rpc?a=b");
    }
}

#[tokio::test]
async fn the_other_routes_go_on() {
    let address = serve_axum().await;
    let (mut stream, head) = connect(&address, "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    let mut body = [0; 5];
    stream.read_exact(&mut body).await.unwrap();
    assert_eq!(&body, b"hello");
    let (_, head) = connect(&address, "GET /rpc HTTP/1.1\r\nHost: x\r\nX-User: gopher\r\n\r\n").await;
    assert!(head.starts_with("HTTP/1.1 405 Method Not Allowed\r\n"), "{head}");
    let (_, head) = connect(&address, "GET /debug/rpc HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert!(head.contains("content-type: text/html; charset=utf-8\r\n"), "{head}");
    let error = Client::connect_http_path(&address, "/rpc").await.unwrap_err();
    assert!(error.to_string().ends_with("unexpected HTTP response: 401 Unauthorized"), "{error}");
}

#[tokio::test]
async fn hyper_alone_is_enough() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let service = service_fn(|request| {
            let response = server().handle_http::<hyper::body::Incoming>(request);
            async move { Ok::<_, Infallible>(response) }
        });
        let io = TokioIo::new(stream);
        hyper::server::conn::http1::Builder::new().serve_connection(io, service).with_upgrades().await
    });
    let client = eventually(Client::connect_http_path(&address, "/any/path")).await.unwrap();
    assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
}
