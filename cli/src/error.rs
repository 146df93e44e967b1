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
    /// What has been reported already. Exits with 1.
    Reported,
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

    /// Says in which of several documents the data is wrong.
    pub(crate) fn of_document(self, index: usize) -> Self {
        match self {
            Self::Data(message) if index > 0 => Self::Data(format!("document {}: {message}", index + 1)),
            error => error,
        }
    }

    /// Prints the message, and which of several calls it is of.
    pub(crate) fn report_one(&self, number: Option<usize>) {
        let number = number.map(|number| format!("call {number}: ")).unwrap_or_default();
        match self {
            Self::Closed | Self::Reported => {}
            // The server's words alone, so that scripts can compare them.
            Self::Server(message) => eprintln!("{number}{message}"),
            Self::Data(message) | Self::Connection(message) => eprintln!("gobrpc: {number}{message}"),
        }
    }

    /// Prints the message, and gives the code to exit with.
    pub(crate) fn report(&self) -> ExitCode {
        self.report_one(None);
        match self {
            Self::Closed => ExitCode::SUCCESS,
            Self::Connection(_) => ExitCode::from(2),
            _ => ExitCode::FAILURE,
        }
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Data(message) | Self::Server(message) | Self::Connection(message) => f.write_str(message),
            Self::Reported => f.write_str("there were errors"),
            Self::Closed => f.write_str("the output was closed"),
        }
    }
}

/// Of writing what was asked for.
impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Closed,
            // Our own limit.
            io::ErrorKind::FileTooLarge if error.get_ref().is_some() => Self::data(error),
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
