//! The server's side of the handshake, and the debug page (R71–R73).

use std::fmt;

use super::{CONNECTED, MAX_HEADERS};
use crate::rpc::{DEFAULT_DEBUG_PATH, DEFAULT_RPC_PATH};

/// The answer to any method but `CONNECT` (R72).
pub(crate) const MUST_CONNECT: &str = "405 must CONNECT\n";

/// The `CONNECT` request with which a connection began. What net/rpc itself does not look at, such as an
/// `Authorization`, is here for a method or a check before it (R71).
#[derive(Clone, PartialEq, Eq)]
pub struct Handshake {
    path: String,
    headers: Vec<(String, Vec<u8>)>,
}

impl Handshake {
    /// A request for this path, with its query, and with these headers.
    pub fn new<N: Into<String>, V: Into<Vec<u8>>>(
        path: impl Into<String>,
        headers: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let headers = headers.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { path: path.into(), headers }
    }

    /// The path that the client asked for, with its query.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The first header of this name, in whatever case, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        let (_, value) = self.headers().find(|(header, _)| header.eq_ignore_ascii_case(name))?;
        std::str::from_utf8(value).ok()
    }

    /// All headers, in their order.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_slice()))
    }
}

/// Without the values of headers, some of which are secret.
impl fmt::Debug for Handshake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.headers().map(|(name, _)| name).collect();
        f.debug_struct("Handshake").field("path", &self.path).field("headers", &names).finish()
    }
}

/// Under which paths a server answers.
#[derive(Debug, Clone)]
pub(crate) struct Paths {
    pub(crate) rpc: String,
    pub(crate) debug: Option<String>,
}

impl Default for Paths {
    fn default() -> Self {
        Self { rpc: DEFAULT_RPC_PATH.to_owned(), debug: Some(DEFAULT_DEBUG_PATH.to_owned()) }
    }
}

/// What a server makes of a request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The head is not whole.
    Incomplete,
    /// Say the [`connect_answer`]; the RPC connection begins at this byte of the input.
    Connected(Handshake, usize),
    /// Show the debug page, and close.
    DebugPage(Reply),
    /// Say this and close.
    Refused(String),
}

/// What a server says to a request that it grants: bare line feeds, no headers (R70).
pub(crate) fn connect_answer() -> String {
    format!("HTTP/1.0 200 {CONNECTED}\n\n")
}

/// How to answer a request with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reply {
    minor_version: u8,
    /// A `HEAD` has the headers of the answer, and not its body.
    with_body: bool,
}

impl Reply {
    pub(crate) fn render(self, status: &str, headers: &str, body: &str) -> String {
        let (minor, length) = (self.minor_version, body.len());
        let body = if self.with_body { body } else { "" };
        format!("HTTP/1.{minor} {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}")
    }

    /// The debug page; Go's server guesses the type of its content (R80).
    pub(crate) fn page(self, html: &str) -> String {
        self.render("200 OK", "Content-Type: text/html; charset=utf-8\r\n", html)
    }

    fn refusal(self, status: &str, headers: &str, body: &str) -> Answer {
        Answer::Refused(self.render(status, &format!("Content-Type: text/plain; charset=utf-8\r\n{headers}"), body))
    }
}

/// Reads the request of a client and decides on it (R71–R73).
pub(crate) fn answer(input: &[u8], paths: &Paths) -> Answer {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let len = match request.parse(input) {
        Ok(httparse::Status::Complete(len)) => len,
        Ok(httparse::Status::Partial) => return Answer::Incomplete,
        Err(_) => {
            return Reply { minor_version: 1, with_body: true }.refusal("400 Bad Request", "", "400 Bad Request");
        }
    };
    let full_path = request.path.unwrap_or_default();
    let path = full_path.split_once('?').map_or(full_path, |(path, _)| path);
    let method = request.method.unwrap_or_default();
    let reply = Reply { minor_version: request.version.unwrap_or(1), with_body: method != "HEAD" };
    if path == paths.rpc {
        if method != "CONNECT" {
            return reply.refusal("405 Method Not Allowed", "", MUST_CONNECT);
        }
        let headers = request.headers.iter().map(|header| (header.name, header.value));
        return Answer::Connected(Handshake::new(full_path, headers), len);
    }
    if paths.debug.as_deref() == Some(path) {
        return Answer::DebugPage(reply);
    }
    reply.refusal("404 Not Found", "X-Content-Type-Options: nosniff\r\n", "404 page not found\n")
}
