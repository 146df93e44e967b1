//! Addresses as Go programs write them.

use std::path::PathBuf;
use std::{fmt, io};

/// Where a server listens: `host:port`, `:port` of this machine, or `unix:/path`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Address {
    Tcp(String),
    Unix(PathBuf),
}

impl Address {
    pub(crate) fn parse(address: &str) -> Self {
        match address.strip_prefix("unix:") {
            Some(path) => Self::Unix(path.into()),
            // As Go takes it; to look up a host without a name is an error elsewhere.
            None if address.starts_with(':') => Self::Tcp(format!("localhost{address}")),
            None => Self::Tcp(address.to_owned()),
        }
    }

    /// An error of connecting, with the address that it is about, as Go tells it. Of an address without a port the system
    /// says no more than that it is invalid.
    pub(crate) fn explain(&self, error: io::Error) -> io::Error {
        let text = match self {
            Self::Tcp(address) if error.kind() == io::ErrorKind::InvalidInput && !address.contains(':') => {
                match address.as_str() {
                    "" => "dial tcp: missing address".to_owned(),
                    _ => format!("dial tcp: address {address}: missing port in address"),
                }
            }
            _ => format!("dial {self}: {error}"),
        };
        io::Error::new(error.kind(), text)
    }
}

/// The network and the address, as in Go's error texts.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => write!(f, "tcp {address}"),
            Self::Unix(path) => write!(f, "unix {}", path.display()),
        }
    }
}
