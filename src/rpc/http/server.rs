//! The server's side of the handshake, and the debug page (R71–R73).

use super::MAX_HEADERS;
use crate::rpc::{DEFAULT_DEBUG_PATH, DEFAULT_RPC_PATH};

/// What a server makes of a request.
#[derive(Debug)]
pub(crate) enum Answer {
    /// The head is not whole.
    Incomplete,
    /// Say this; the RPC connection begins at this byte of the input.
    Connected(&'static str, usize, HttpRequest),
    /// Show the debug page, or only the head of the response that holds it.
    Debug { head_only: bool },
    /// Say this and close.
    Refused(&'static str),
}

/// The HTTP request with which a connection began.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HttpRequest {
    target: String,
    headers: Vec<(String, Vec<u8>)>,
}

impl HttpRequest {
    /// The path that was asked for, without what follows a `?`.
    pub fn path(&self) -> &str {
        self.target.split_once('?').map_or(&self.target, |(path, _)| path)
    }

    /// What follows the `?`, if there is one.
    pub fn query(&self) -> Option<&str> {
        self.target.split_once('?').map(|(_, query)| query)
    }

    /// The first header of this name, in whatever case, if it is text. Go's clients send none (R69).
    pub fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        header.and_then(|(_, value)| std::str::from_utf8(value).ok())
    }
}

/// The paths under which a server answers.
#[derive(Debug, Clone)]
pub(crate) struct Paths {
    pub(crate) rpc: String,
    pub(crate) debug: String,
}

impl Default for Paths {
    fn default() -> Self {
        Self { rpc: DEFAULT_RPC_PATH.to_owned(), debug: DEFAULT_DEBUG_PATH.to_owned() }
    }
}

/// Reads the request of a client and decides on it (R71–R73).
pub(crate) fn answer(input: &[u8], paths: &Paths) -> Answer {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let len = match request.parse(input) {
        Ok(httparse::Status::Complete(len)) => len,
        Ok(httparse::Status::Partial) => return Answer::Incomplete,
        Err(_) => return Answer::Refused(BAD_REQUEST),
    };
    let headers = request.headers.iter().map(|header| (header.name.to_owned(), header.value.to_vec()));
    let asked = HttpRequest { target: request.path.unwrap_or_default().to_owned(), headers: headers.collect() };
    match request.method {
        Some("CONNECT") if asked.path() == paths.rpc => {
            Answer::Connected("HTTP/1.0 200 Connected to Go RPC\n\n", len, asked)
        }
        _ if asked.path() == paths.rpc => Answer::Refused(MUST_CONNECT),
        method if asked.path() == paths.debug => Answer::Debug { head_only: method == Some("HEAD") },
        _ => Answer::Refused(NOT_FOUND),
    }
}

/// The response that holds the debug page.
pub(crate) fn debug_response(page: &str, head_only: bool) -> String {
    let body = if head_only { "" } else { page };
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        page.len()
    )
}

const MUST_CONNECT: &str = "HTTP/1.1 405 Method Not Allowed\r\n\
    Content-Type: text/plain; charset=utf-8\r\n\
    Content-Length: 17\r\n\
    Connection: close\r\n\
    \r\n\
    405 must CONNECT\n";

const NOT_FOUND: &str = "HTTP/1.1 404 Not Found\r\n\
    Content-Type: text/plain; charset=utf-8\r\n\
    X-Content-Type-Options: nosniff\r\n\
    Content-Length: 19\r\n\
    Connection: close\r\n\
    \r\n\
    404 page not found\n";

const BAD_REQUEST: &str = "HTTP/1.1 400 Bad Request\r\n\
    Content-Type: text/plain; charset=utf-8\r\n\
    Content-Length: 15\r\n\
    Connection: close\r\n\
    \r\n\
    400 Bad Request";
