//! How much memory the buffers of a connection take.

#[cfg(feature = "tokio")]
use std::cell::{Cell, RefCell};

#[cfg(feature = "tokio")]
use bytes::BytesMut;

/// How much is read at a time, when nothing is known of what comes.
pub(crate) const CHUNK: usize = 8 << 10;

/// How much is read before others have their turn, be there more.
#[cfg(feature = "tokio")]
pub(crate) const TURN: usize = 256 * CHUNK;

/// How much room the rest of a message gets, of which so much has come. It grows with that, and is no more than what is
/// announced, which alone is not believed.
pub(crate) fn room(came: usize, announced: Option<usize>) -> usize {
    match announced {
        Some(announced) if announced > came => (3 * came).max(CHUNK).min(announced - came),
        _ => came.clamp(CHUNK, 16 * CHUNK),
    }
}

/// What a buffer may keep after a large message: Go's never shrink.
pub(crate) const KEEP: usize = 2 * CHUNK;

/// Empties a buffer that will be used again.
pub(crate) fn clear(buffer: &mut Vec<u8>) {
    buffer.clear();
    if buffer.capacity() > KEEP {
        *buffer = Vec::new();
    }
}

/// How many buffers for output a thread keeps: one that is filled, one that is written, for a connection or two.
#[cfg(feature = "tokio")]
const SPARES: usize = 4;

/// One of them may be as large as this, so that not every large message has memory mapped and cleared for it.
#[cfg(feature = "tokio")]
const LARGE: usize = 4 << 20;

#[cfg(feature = "tokio")]
thread_local! {
    /// The buffers that no connection needs just now. Of many connections few have something to say at the same time.
    static SPARE: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
    static SPARE_INPUT: Cell<BytesMut> = Cell::new(BytesMut::new());
}

/// An empty buffer for output.
#[cfg(feature = "tokio")]
pub(crate) fn take() -> Vec<u8> {
    SPARE.try_with(|spare| spare.borrow_mut().pop()).ok().flatten().unwrap_or_default()
}

/// Gives back a buffer for output.
#[cfg(feature = "tokio")]
pub(crate) fn give(mut buffer: Vec<u8>) {
    buffer.clear();
    if (1..=LARGE).contains(&buffer.capacity()) {
        // A thread that ends needs none.
        let _ = SPARE.try_with(|spare| {
            let mut spare = spare.borrow_mut();
            let is_large = |buffer: &Vec<u8>| buffer.capacity() > KEEP;
            if spare.len() < SPARES && !(is_large(&buffer) && spare.iter().any(is_large)) {
                spare.push(buffer);
            }
        });
    }
}

/// An empty buffer to read into.
#[cfg(feature = "tokio")]
pub(crate) fn take_input() -> BytesMut {
    let mut buffer = SPARE_INPUT.try_with(Cell::take).unwrap_or_default();
    buffer.reserve(CHUNK);
    buffer
}

/// Gives back a buffer to read into.
#[cfg(feature = "tokio")]
pub(crate) fn give_input(buffer: BytesMut) {
    debug_assert!(buffer.is_empty(), "what was read is not taken");
    if buffer.capacity() <= KEEP {
        let _ = SPARE_INPUT.try_with(|spare| spare.set(buffer));
    }
}
