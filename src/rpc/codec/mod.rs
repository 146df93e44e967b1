//! How headers and bodies become bytes and back: Go's `ClientCodec` and `ServerCodec`, without I/O.

mod gob;
#[cfg(feature = "jsonrpc")]
mod json;
#[cfg(feature = "msgpack")]
mod msgpack;
#[cfg(any(feature = "jsonrpc", feature = "msgpack"))]
// Each of the formats has its own needs.
#[cfg_attr(not(all(feature = "jsonrpc", feature = "msgpack")), allow(dead_code))]
mod typed;

use bytes::BytesMut;

pub use self::gob::GobCodec;
#[cfg(feature = "jsonrpc")]
pub use self::json::JsonCodec;
#[cfg(feature = "msgpack")]
pub use self::msgpack::MsgpackCodec;
use super::error::{Error, Result};
use super::message::{Request, Response};
use super::payload::{Body, Payload};

/// The client's side of a connection: requests out, responses in.
pub trait ClientCodec: Send + 'static {
    /// Appends a call to `out`: the header and the arguments, or nothing at all.
    ///
    /// # Errors
    /// When the arguments cannot be encoded. The connection stays usable.
    fn write_request(&mut self, request: &Request, args: &dyn Payload, out: &mut Vec<u8>) -> Result<()>;

    /// Takes the next reply from the front of `input`; `None` while it is incomplete. With `eof`, no more will follow.
    ///
    /// # Errors
    /// When nothing more of the connection can be read.
    fn read_response(&mut self, input: &mut BytesMut, eof: bool) -> Result<Option<(Response, Body)>>;

    /// The length of the message at the front of `input`, if its beginning announces it: a hint for the buffer.
    fn announced(&self, input: &[u8]) -> Option<usize> {
        let _ = input;
        None
    }
}

/// The server's side of a connection: requests in, responses out.
pub trait ServerCodec: Send + 'static {
    /// Takes the next call from the front of `input`; `None` while it is incomplete. With `eof`, no more will follow.
    ///
    /// # Errors
    /// When nothing more of the connection can be read.
    fn read_request(&mut self, input: &mut BytesMut, eof: bool) -> Result<Option<(Request, Body)>>;

    /// The length of the message at the front of `input`, if its beginning announces it: a hint for the buffer.
    fn announced(&self, input: &[u8]) -> Option<usize> {
        let _ = input;
        None
    }

    /// Appends a reply to `out`: the header and the body, or nothing at all.
    ///
    /// # Errors
    /// When the reply cannot be encoded. The connection stays usable.
    fn write_response(&mut self, response: &Response, reply: &dyn Payload, out: &mut Vec<u8>) -> Result<()>;

    /// What the client is told when its reply cannot be encoded.
    fn explain(&self, error: &Error) -> String {
        match error {
            Error::Codec(error) => error.kind().to_string(),
            error => error.to_string(),
        }
    }
}
