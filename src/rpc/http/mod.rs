//! The handshake of RPC over HTTP: a `CONNECT`, a status, and from then on the plain protocol (R68–R76).

#[cfg(feature = "tokio")]
pub(crate) mod server;

/// The reason of the status 200 by which both sides know each other (R68).
pub(crate) const CONNECTED: &str = "Connected to Go RPC";

/// The longest head of a request or response.
pub(crate) const MAX_HEAD: usize = 16 << 10;

const MAX_HEADERS: usize = 64;

/// What a client says first: bare line feeds and no headers, unless there are some to send (R69).
///
/// # Errors
/// For a line break where it would begin another header.
pub(crate) fn connect_request(path: &str, headers: &[(String, String)]) -> Result<String, String> {
    let is_broken = |text: &str| text.contains(['\n', '\r']);
    if is_broken(path) {
        return Err(format!("a line break in the path {path:?}"));
    }
    let mut request = format!("CONNECT {path} HTTP/1.0\n");
    for (name, value) in headers {
        if is_broken(name) || is_broken(value) {
            // The value may be secret.
            return Err(format!("a line break in the header {name:?}"));
        }
        request.push_str(&format!("{name}: {value}\n"));
    }
    Ok(request + "\n")
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
    match (response.code.unwrap_or_default(), response.reason.unwrap_or_default()) {
        (200, CONNECTED) => Ok(Some(len)),
        (code, reason) => Err(format!("unexpected HTTP response: {code} {reason}")),
    }
}
