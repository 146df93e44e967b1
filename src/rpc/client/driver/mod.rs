//! Who moves a client's bytes: a tokio task, or two threads.

pub(super) mod thread;
#[cfg(feature = "tokio")]
pub(super) mod tokio;

/// How much is read at a time.
const CHUNK: usize = 8 << 10;
