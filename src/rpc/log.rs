//! Events where Go's server writes to its log (R82); nothing without the feature `tracing`.

use std::fmt::Display;

/// Something that whoever runs the server should know of.
#[cfg(feature = "tracing")]
pub(crate) fn warn(what: &str, error: &dyn Display) {
    tracing::warn!(target: "gobrpc::rpc", error = %error, "{what}");
}

/// Something that only helps in search of a fault: Go never says it.
#[cfg(feature = "tracing")]
pub(crate) fn debug(what: &str, error: &dyn Display) {
    tracing::debug!(target: "gobrpc::rpc", error = %error, "{what}");
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn warn(_: &str, _: &dyn Display) {}

#[cfg(not(feature = "tracing"))]
pub(crate) fn debug(_: &str, _: &dyn Display) {}
