//! Gets a page over HTTP.

use std::fmt;

use http_body_util::{BodyExt, Empty, Limited};
use hyper::header::{ACCEPT, HOST, LOCATION, USER_AGENT};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;

use crate::addr::parse_addr;
use crate::error::{Error, Result};
use crate::net::Stream;

/// The longest page.
const MAX_PAGE: usize = 64 << 20;

/// Where a page is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    addr: String,
    path: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.addr.starts_with("unix:") {
            true => write!(f, "{} on {}", self.path, self.addr),
            false => write!(f, "http://{}{}", self.addr, self.path),
        }
    }
}

/// Reads `http://host:port/path`, of which all but the host and the port may be missing, or `unix:/path`.
pub(super) fn parse_place(text: &str) -> Result<Place, String> {
    let default = || gobrpc::rpc::DEFAULT_DEBUG_PATH.to_owned();
    if text.starts_with("unix:") {
        return Ok(Place { addr: parse_addr(text)?, path: default() });
    }
    if text.starts_with("https://") {
        return Err("the page is read over http:// alone".to_owned());
    }
    let rest = text.strip_prefix("http://").unwrap_or(text);
    let (host, path) = match rest.find('/') {
        Some(at) if &rest[at..] != "/" => (&rest[..at], rest[at..].to_owned()),
        Some(at) => (&rest[..at], default()),
        None => (rest, default()),
    };
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| !port.ends_with(']'));
    let addr = match has_port {
        true => parse_addr(host)?,
        false => parse_addr(&format!("{host}:80"))?,
    };
    Ok(Place { addr, path })
}

/// Gets the page, which has to be text.
pub(super) async fn get(place: &Place) -> Result<String> {
    let failed = |error: &dyn fmt::Display| Error::connection(format_args!("cannot read {place}: {error}"));
    let stream = Stream::connect(&place.addr).await.map_err(|error| failed(&error))?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|error| failed(&error))?;
    // Errors of the connection are those of the request, too.
    tokio::spawn(async { drop(connection.await) });
    let host = if place.addr.starts_with("unix:") { "localhost" } else { &place.addr };
    // A server of plain gob takes the first byte for the length of a message, and waits if the request is not longer.
    let agent = concat!("gobrpc/", env!("CARGO_PKG_VERSION"));
    let request = Request::get(&place.path).header(HOST, host).header(USER_AGENT, agent).header(ACCEPT, "text/html");
    let request = request.body(Empty::<&[u8]>::new());
    let request = request.map_err(|error| failed(&error))?;
    let response = sender.send_request(request).await.map_err(|error| failed(&explained(&error)))?;
    let status = response.status();
    if let Some(location) = response.headers().get(LOCATION)
        && status.is_redirection()
    {
        let location = String::from_utf8_lossy(location.as_bytes());
        return Err(Error::data(format_args!("{place} has moved to {location}; give that instead")));
    }
    if status != StatusCode::OK {
        return Err(Error::data(format_args!(
            "{place} says {status}; give the path of the server's debug page, if it is another one"
        )));
    }
    let body = Limited::new(response.into_body(), MAX_PAGE).collect().await.map_err(|error| failed(&error))?;
    Ok(String::from_utf8_lossy(&body.to_bytes()).into_owned())
}

/// What is wrong when something else than HTTP is spoken there.
fn explained(error: &hyper::Error) -> String {
    // It is cancelled when the server speaks first.
    if error.is_parse() || error.is_incomplete_message() || error.is_canceled() {
        return format!("no HTTP is spoken there ({error}); a server without HTTP has no debug page");
    }
    error.to_string()
}
