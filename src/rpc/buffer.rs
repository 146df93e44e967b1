//! How much memory the buffers of a connection take.

/// How much is read at a time, when nothing is known of what comes.
pub(crate) const CHUNK: usize = 8 << 10;

/// What a buffer may keep after a large message: Go's never shrink.
pub(crate) const KEEP: usize = 2 * CHUNK;

/// Empties a buffer that will be used again.
pub(crate) fn clear(buffer: &mut Vec<u8>) {
    buffer.clear();
    if buffer.capacity() > KEEP {
        *buffer = Vec::new();
    }
}
