//! Streams without an end.

use std::io::Read;

/// Reads a stream to its end, and then its tail again and again.
pub struct Cycle {
    bytes: Vec<u8>,
    tail: usize,
    at: usize,
}

impl Cycle {
    pub fn new(bytes: Vec<u8>, tail: usize) -> Self {
        Self { bytes, tail, at: 0 }
    }
}

impl Read for Cycle {
    #[inline]
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let read = (&self.bytes[self.at..]).read(buf)?;
        self.at += read;
        if self.at == self.bytes.len() {
            self.at = self.tail;
        }
        Ok(read)
    }
}

/// Decodes from a slice of some values again and again, each time with a new decoder. A reader of std, as a slice is,
/// fills memory that nobody has cleared, which [`Cycle`] cannot; it counts where the values are large.
pub fn again<D>(bytes: Vec<u8>, new: impl Fn(&'static [u8]) -> D, decode: impl Fn(&mut D) -> bool) -> impl FnMut() {
    let bytes: &'static [u8] = bytes.leak();
    let mut decoder = new(bytes);
    move || {
        if !decode(&mut decoder) {
            decoder = new(bytes);
            assert!(decode(&mut decoder), "the first value is there");
        }
    }
}
