//! Who moves a client's bytes: a tokio task, or two threads.

#[cfg(feature = "tokio")]
mod bell;
#[cfg(feature = "tokio")]
pub(super) mod link;
mod reading;
pub(super) mod thread;
#[cfg(feature = "tokio")]
pub(super) mod tokio;
