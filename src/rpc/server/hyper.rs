//! A server among the routes of hyper, and of whatever is built on it.

use bytes::BytesMut;
use hyper::ext::ReasonPhrase;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::upgrade::OnUpgrade;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;

use super::connection;
use super::{Connection, Server};
use crate::rpc::codec::GobCodec;
use crate::rpc::error::Result;
use crate::rpc::http::CONNECTED;
use crate::rpc::http::server::{Handshake, MUST_CONNECT};
use crate::rpc::log;

impl Server {
    /// Answers a request that a router has for this server: a `CONNECT` becomes an RPC connection, anything else is
    /// refused as Go refuses it (R72). The path is the router's affair.
    ///
    /// The connection is served by a task of its own. The web server's shutdown does not wait for it, as in Go (R79).
    ///
    /// ```no_run
    /// # use gobrpc::rpc::{DEFAULT_RPC_PATH, Server};
    /// # async fn run(server: Server) -> Result<(), Box<dyn std::error::Error>> {
    /// let debug = server.clone();
    /// let router = axum::Router::new()
    ///     .route(DEFAULT_RPC_PATH, axum::routing::any(async move |request| server.handle_http(request)))
    ///     .route("/debug/rpc", axum::routing::any(async move || axum::response::Html(debug.debug_page())));
    /// axum::serve(tokio::net::TcpListener::bind("localhost:1234").await?, router).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The `Response` may be answered with, or looked at and replaced; it has to be sent for the connection to begin.
    /// To refuse a client by its headers, answer otherwise and do not call this at all.
    pub fn handle_http<B>(&self, request: Request<B>) -> Response<String> {
        self.handle_http_with(request, Connection::new())
    }

    /// As [`handle_http`](Self::handle_http), with more that is known of the connection. The headers of the request
    /// are added to it.
    pub fn handle_http_with<B>(&self, mut request: Request<B>, connection: Connection) -> Response<String> {
        if request.method() != Method::CONNECT {
            return text(StatusCode::METHOD_NOT_ALLOWED, MUST_CONNECT.to_owned());
        }
        if let Err(error) = self.check() {
            return text(StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n"));
        }
        let headers = request.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
        let connection = connection.with_handshake(Handshake::new(request.uri().to_string(), headers));
        let (server, upgrade) = (self.clone(), hyper::upgrade::on(&mut request));
        tokio::spawn(async move {
            if let Err(error) = server.serve_upgraded(upgrade, connection).await {
                log::debug("a connection over HTTP failed", &error);
            }
        });
        let mut response = Response::new(String::new());
        response.extensions_mut().insert(ReasonPhrase::from_static(CONNECTED.as_bytes()));
        response
    }

    async fn serve_upgraded(self, upgrade: OnUpgrade, connection: Connection) -> Result<()> {
        let upgraded = upgrade.await.map_err(|error| {
            log::warn("rpc hijacking", &error);
            std::io::Error::other(error)
        })?;
        let (setup, codec) = (self.setup(connection), GobCodec::new(self.settings.limits));
        connection::serve(setup, TokioIo::new(upgraded), codec, BytesMut::new()).await.0
    }
}

fn text(status: StatusCode, body: String) -> Response<String> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}
