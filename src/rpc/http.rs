//! The handshake of RPC over HTTP: a `CONNECT`, a status, and from then on the plain protocol (R68–R76).

use crate::rpc::DEFAULT_RPC_PATH;

/// The status by which both sides know each other (R68).
const CONNECTED: &str = "200 Connected to Go RPC";

/// The longest head of a request or response.
pub(crate) const MAX_HEAD: usize = 16 << 10;

const MAX_HEADERS: usize = 64;

/// What a client says first: bare line feeds, no headers (R69).
pub(crate) fn connect_request(path: &str) -> String {
    format!("CONNECT {path} HTTP/1.0\n\n")
}

/// Reads the answer to it: the length of its head, or `None` while that is not whole.
///
/// # Errors
/// What Go says of any other answer (R76).
pub(crate) fn read_response(input: &[u8]) -> Result<Option<usize>, String> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let Ok(status) = response.parse(input) else {
        let line = input.split(|byte| *byte == b'\n').next().unwrap_or_default();
        return Err(format!("malformed HTTP response {:?}", String::from_utf8_lossy(line).trim_end()));
    };
    let httparse::Status::Complete(len) = status else { return Ok(None) };
    let status = format!("{} {}", response.code.unwrap_or_default(), response.reason.unwrap_or_default());
    if status == CONNECTED { Ok(Some(len)) } else { Err(format!("unexpected HTTP response: {status}")) }
}

/// What a server makes of a request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The head is not whole.
    Incomplete,
    /// Say this; the RPC connection begins at this byte of the input.
    Connected(&'static str, usize),
    /// Say this and close.
    Refused(&'static str),
}

/// Reads the request of a client and decides on it (R71–R73).
pub(crate) fn answer(input: &[u8]) -> Answer {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let len = match request.parse(input) {
        Ok(httparse::Status::Complete(len)) => len,
        Ok(httparse::Status::Partial) => return Answer::Incomplete,
        Err(_) => return Answer::Refused(BAD_REQUEST),
    };
    let path = request.path.unwrap_or_default();
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    match request.method {
        _ if path != DEFAULT_RPC_PATH => Answer::Refused(NOT_FOUND),
        Some("CONNECT") => Answer::Connected("HTTP/1.0 200 Connected to Go RPC\n\n", len),
        _ => Answer::Refused(MUST_CONNECT),
    }
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
