//! What clients and servers say to each other, followed from beside: for `tap` as it happens, for `replay` from a file.

mod conversation;
mod gob;
mod http;
mod json;
mod pending;
mod recording;
pub(crate) mod show;

use std::time::Duration;

pub(crate) use self::conversation::{Conversation, Limits};
pub(crate) use self::recording::{Header, Reader, Record, What, Writer};

/// Who says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Side {
    Client,
    Server,
}

impl Side {
    pub(crate) const fn other(self) -> Self {
        match self {
            Self::Client => Self::Server,
            Self::Server => Self::Client,
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
        }
    }
}

/// What became clear from the bytes of a connection.
#[derive(Debug, PartialEq)]
pub(crate) enum Event {
    /// The server speaks RPC over HTTP, and has agreed to.
    Connected {
        path: String,
    },
    Call(Call),
    /// This is no RPC; it is passed on, and not looked at any more.
    Other(String),
    /// What this side says cannot be followed any further.
    Lost {
        side: Side,
        error: String,
    },
}

/// A call, and what came of it.
#[derive(Debug, PartialEq)]
pub(crate) struct Call {
    /// The number of the call, in JSON: JSON-RPC allows any value.
    pub(crate) seq: String,
    pub(crate) method: String,
    /// Missing if the request was not seen.
    pub(crate) args: Option<Shown>,
    pub(crate) outcome: Outcome,
    /// When the request was whole, or the reply if that is all there is.
    pub(crate) at: Duration,
    pub(crate) took: Option<Duration>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Outcome {
    Reply(Shown),
    Error(String),
    /// There was no reply, and why.
    Unanswered(&'static str),
}

/// Arguments or a reply.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shown {
    Json(String),
    /// Too long to be shown: so many bytes.
    Long(usize),
    /// Cannot be read.
    Bad(String),
}

/// A request, read from a stream.
struct Request {
    seq: String,
    method: String,
    args: Shown,
}

/// A response, read from a stream.
struct Response {
    seq: String,
    /// Empty where the protocol does not repeat it.
    method: String,
    outcome: Outcome,
}

/// Reads what the two sides of a connection say, in one of the protocols. An error means that the side cannot be
/// followed any further.
trait Follow: Send {
    fn request(&mut self, input: &mut bytes::BytesMut, eof: bool) -> Result<Option<Request>, String>;
    fn response(&mut self, input: &mut bytes::BytesMut, eof: bool) -> Result<Option<Response>, String>;
}
