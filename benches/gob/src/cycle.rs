//! A stream without an end.

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
