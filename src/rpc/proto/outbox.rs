//! What one side of a connection has to say.

#[cfg(feature = "tokio")]
use crate::rpc::buffer;
use crate::rpc::buffer::CHUNK;

/// How many messages are written without waiting for more: the other side can begin with them while this one goes on.
/// With more, the sides would wait for each other; with fewer, the write would cost more than its messages.
const BATCH: usize = 16;

/// Messages that nobody has taken to be written.
#[derive(Default)]
pub(super) struct Outbox {
    bytes: Vec<u8>,
    messages: usize,
}

impl Outbox {
    /// Adds a message: what `write` appends.
    pub(super) fn add<E>(&mut self, write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>) -> Result<(), E> {
        #[cfg(feature = "tokio")]
        if self.bytes.capacity() == 0 {
            self.bytes = buffer::take();
        }
        write(&mut self.bytes)?;
        self.messages += 1;
        Ok(())
    }

    /// How many bytes there are.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Whether there is enough that it should not wait for more.
    pub(super) fn is_batch(&self) -> bool {
        self.messages >= BATCH || self.bytes.len() >= CHUNK
    }

    /// All of it, if there is anything.
    pub(super) fn take(&mut self) -> Option<Vec<u8>> {
        (!self.is_empty()).then(|| std::mem::take(self).bytes)
    }

    /// All of it, in exchange for an empty buffer.
    pub(super) fn swap(&mut self, buffer: &mut Vec<u8>) {
        self.messages = 0;
        std::mem::swap(&mut self.bytes, buffer);
    }
}
