//! Errors of calls and connections, with Go's texts.

use std::sync::Arc;
use std::time::Duration;
use std::{fmt, io};

use crate::gob;

/// The result of an operation on a connection.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call, or a connection, failed.
///
/// [`Server`](Self::Server) is what the server answered. A [`ReadingBody`](Self::ReadingBody) means that the method has
/// run; after any other error of a call that was sent, it is unknown whether it ran.
///
/// ```no_run
/// use gobrpc::rpc::{Client, Error};
///
/// # async fn run(client: Client) -> Result<(), Error> {
/// match client.call::<String>("Users.Name", &7_u64).await {
///     Ok(name) => println!("{name}"),
///     Err(Error::Server(refusal)) if refusal.as_str() == "no such user" => println!("nobody"),
///     Err(error) => return Err(error),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server answered with an error: Go's `rpc.ServerError` (R89).
    #[error(transparent)]
    Server(#[from] ServerError),
    /// The connection was closed by this side, or had died before: Go's `rpc.ErrShutdown`.
    #[error("connection is shut down")]
    Shutdown,
    /// The other side closed the connection while the call was pending (R101).
    #[error("unexpected EOF")]
    UnexpectedEof,
    /// The reply does not fit the expected type. The connection stays usable.
    #[error("reading body {0}")]
    ReadingBody(Arc<gob::Error>),
    /// The arguments could not be encoded, and nothing was sent; or what was received is not valid in the codec, and
    /// the connection is dead.
    #[error(transparent)]
    Codec(Arc<gob::Error>),
    /// The connection failed.
    #[error(transparent)]
    Io(Arc<io::Error>),
    /// The other side did not agree to speak RPC over HTTP (R76).
    #[error("dial-http {address}: {reason}")]
    Handshake {
        /// The network and address of the server, such as `tcp localhost:1234`.
        address: String,
        /// What it said.
        reason: String,
    },
    /// This side has waited as long as it was told to. A call may still run on the server; its reply will be dropped.
    #[error("rpc: {what} timed out after {after:?}")]
    Timeout {
        /// `call` or `connecting`.
        what: &'static str,
        /// How long this side waited.
        after: Duration,
    },
    /// A tower service in front of the client failed the call.
    #[cfg(feature = "tower")]
    #[error(transparent)]
    Layer(Arc<dyn std::error::Error + Send + Sync>),
    /// A service or method cannot be registered (R33).
    #[error("{0}")]
    Register(String),
}

/// Why middleware of tower did not let a call through. On a server, its text is the answer.
#[cfg(feature = "tower")]
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

#[cfg(feature = "tower")]
impl Error {
    /// An error that comes out of a stack of services: one of ours that went through, or their own.
    pub(crate) fn from_layer(error: BoxError) -> Self {
        match error.downcast::<Self>() {
            Ok(error) => *error,
            Err(error) => Self::Layer(error.into()),
        }
    }
}

const _: () = assert!(size_of::<Error>() <= 56);

impl From<gob::Error> for Error {
    fn from(error: gob::Error) -> Self {
        Self::Codec(Arc::new(error))
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Io(Arc::new(error))
    }
}

/// The text with which a method failed. Only the text crosses the wire (R53).
///
/// A method can return any other error with a text as well, also one that a contract names: an `anyhow::Error`, for
/// instance, to which `?` converts all others.
///
/// ```
/// use gobrpc::rpc::ServerError;
///
/// let error = ServerError::from("divide by zero");
/// assert_eq!(error.to_string(), "divide by zero");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ServerError(String);

impl ServerError {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ServerError {}

impl From<String> for ServerError {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for ServerError {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}
