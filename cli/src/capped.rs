//! Output that ends somewhere. A stream of a few bytes may have values that print as the product of what is in it: all
//! fields of a struct, zero ones too, for each of many elements.

use std::io::{self, Write};

/// What a value may print as that came in so many bytes.
pub(crate) const fn allowance(bytes: u64) -> u64 {
    bytes.saturating_mul(1000).saturating_add(16 << 20)
}

/// Writes up to so many bytes, and fails then.
pub(crate) struct Capped<W> {
    out: W,
    left: u64,
}

impl<W: Write> Capped<W> {
    pub(crate) const fn new(out: W, bytes: u64) -> Self {
        Self { out, left: bytes }
    }
}

impl<W: Write> Write for Capped<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() as u64 > self.left {
            let message = "the value prints as more than a thousand times what it came in";
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
        }
        let written = self.out.write(bytes)?;
        self.left -= written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
