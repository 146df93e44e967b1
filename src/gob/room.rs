//! `Room`: how much memory a buffer keeps from one value to the next.

/// A buffer gives back what a large value needed once two small ones follow; Go's keep everything. A stream of large
/// values keeps it, for taking that much from the system each time costs more than the copy.
#[derive(Debug, Default)]
pub(crate) struct Room {
    /// Whether the last value was large.
    large: bool,
}

impl Room {
    /// What is kept in any case.
    const KEEP: usize = 1 << 20;

    /// To be called when the contents of the buffer are no longer needed, of which there are `used` bytes.
    #[inline]
    pub(crate) fn tidy(&mut self, buffer: &mut Vec<u8>, used: usize) {
        if buffer.capacity() > Self::KEEP {
            self.tidy_large(buffer, used);
        }
    }

    fn tidy_large(&mut self, buffer: &mut Vec<u8>, used: usize) {
        // A vector grows to twice what is in it.
        let was_large = std::mem::replace(&mut self.large, used > Self::KEEP / 2);
        if !self.large && !was_large {
            *buffer = Vec::new();
        }
    }
}
