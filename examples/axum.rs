//! RPC for Go and Rust clients among the routes of a web application, for those who show a token.
//!
//! `cargo run --example axum --features hyper -- [ADDR]`, then `curl http://ADDR/` and `curl http://ADDR/debug/rpc`. A
//! Rust client calls it with [`ClientBuilder::http_header`](gobrpc::rpc::ClientBuilder::http_header); a Go client has
//! to write the `CONNECT` itself to send one, since `rpc.DialHTTP` has no headers.

use std::convert::Infallible;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::response::{Html, IntoResponse};
use axum::routing::{any, get};
use gobrpc::rpc::{Connection, DEFAULT_DEBUG_PATH, DEFAULT_RPC_PATH, Server};

/// Who has opened a connection; methods find it there.
struct User(String);

fn user(request: &Request) -> Option<User> {
    let token = request.headers().get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")?;
    Some(User(token.to_owned()))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "localhost:9527".to_owned());

    let server = Server::new().method_with_context("Greeter.Greet", |cx, greeting: String| async move {
        let user = cx.connection().extensions().get::<User>();
        Ok::<_, Infallible>(format!("{greeting}, {}!", user.as_deref().map_or("stranger", |user| &user.0)))
    });
    let debug = server.clone();
    let rpc = async move |request: Request| match user(&request) {
        Some(user) => server.handle_http_with(request, Connection::new().with(user)).into_response(),
        None => (StatusCode::UNAUTHORIZED, "a token is needed\n").into_response(),
    };
    let router = Router::new()
        .route("/", get(async || "RPC is next door\n"))
        .route(DEFAULT_RPC_PATH, any(rpc))
        .route(DEFAULT_DEBUG_PATH, get(async move || Html(debug.debug_page())));

    let listener = tokio::net::TcpListener::bind(&address).await?;
    println!("listening {}", listener.local_addr()?);
    axum::serve(listener, router).await?;
    Ok(())
}
