//! Who moves a client's bytes: a tokio task, or two threads.

pub(super) mod thread;
#[cfg(feature = "tokio")]
pub(super) mod tokio;
