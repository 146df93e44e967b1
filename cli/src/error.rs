//! Errors of the command: one line that says what to do, and the code it exits with.

use std::fmt::{self, Display};
use std::io;
use std::process::ExitCode;

use gobrpc::{gob, rpc};

/// The result of a verb.
pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

/// Why the command failed.
#[derive(Debug)]
pub(crate) enum Error {
    /// Data that is not what it has to be, or cannot be read. Exits with 1.
    Data(String),
    /// What the server answered, in its own words. Exits with 1.
    Server(String),
    /// The server could not be reached, or was lost. Exits with 2.
    Connection(String),
    /// Whoever reads our output has seen enough. No message, exits with 0.
    Closed,
}

impl Error {
    pub(crate) fn data(message: impl Display) -> Self {
        Self::Data(message.to_string())
    }

    pub(crate) fn connection(message: impl Display) -> Self {
        Self::Connection(message.to_string())
    }

    /// Prints the message, and gives the code to exit with.
    pub(crate) fn report(&self) -> ExitCode {
        match self {
            Self::Closed => return ExitCode::SUCCESS,
            // The server's words alone, so that scripts can compare them.
            Self::Server(message) => anstream::eprintln!("{message}"),
            Self::Data(_) | Self::Connection(_) => anstream::eprintln!("gobrpc: {self}"),
        }
        match self {
            Self::Connection(_) => ExitCode::from(2),
            _ => ExitCode::FAILURE,
        }
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Data(message) | Self::Server(message) | Self::Connection(message) => f.write_str(message),
            Self::Closed => f.write_str("the output was closed"),
        }
    }
}

/// Of writing what was asked for.
impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Closed,
            _ => Self::Data(format!("cannot write: {error}")),
        }
    }
}

impl From<gob::Error> for Error {
    fn from(error: gob::Error) -> Self {
        Self::data(error)
    }
}

impl From<gob::ParseError> for Error {
    fn from(error: gob::ParseError) -> Self {
        Self::data(error)
    }
}

/// Of a call, or of connecting.
impl From<rpc::Error> for Error {
    fn from(error: rpc::Error) -> Self {
        match error {
            rpc::Error::Server(error) => Self::Server(error.to_string()),
            rpc::Error::ReadingBody(_) | rpc::Error::Codec(_) => Self::data(error),
            _ => Self::connection(error),
        }
    }
}
