//! The heads of HTTP messages, before RPC begins.

use bytes::{Buf, BytesMut};

/// The longest head that is looked at.
pub(super) const MAX_HEAD: usize = 16 << 10;

const MAX_HEADERS: usize = 64;

/// What a client asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ask {
    pub(super) method: String,
    pub(super) path: String,
}

/// Takes the head of a request from the front of `input`; `None` while it is not whole.
pub(super) fn take_request(input: &mut BytesMut) -> Result<Option<Ask>, String> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let Some(len) = complete(request.parse(input), input)? else { return Ok(None) };
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let ask = Ask { method: text(request.method), path: text(request.path) };
    input.advance(len);
    Ok(Some(ask))
}

/// Takes the head of a response, and gives its status: `200 Connected to Go RPC`.
pub(super) fn take_response(input: &mut BytesMut) -> Result<Option<String>, String> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let Some(len) = complete(response.parse(input), input)? else { return Ok(None) };
    let status = format!("{} {}", response.code.unwrap_or_default(), response.reason.unwrap_or_default());
    input.advance(len);
    Ok(Some(status))
}

fn complete(parsed: httparse::Result<usize>, input: &[u8]) -> Result<Option<usize>, String> {
    match parsed {
        Ok(httparse::Status::Complete(len)) => Ok(Some(len)),
        Ok(httparse::Status::Partial) if input.len() > MAX_HEAD => Err("an HTTP head without end".to_owned()),
        Ok(httparse::Status::Partial) => Ok(None),
        Err(error) => Err(format!("no HTTP: {error}")),
    }
}
