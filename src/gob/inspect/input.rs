//! A stream, message by message. One that is cut short is there as far as it came.

use std::io::Read;
use std::ops::Range;

use super::super::error::{Error, Kind, Result};
use super::super::limits::Limits;
use super::super::stream::frame::Receiver;
use super::super::wire::{Cursor, MAX_UINT_LEN};

pub(super) struct Input<R> {
    reader: R,
    /// Knows how long messages may be.
    receiver: Receiver,
    /// The message at hand, with its length.
    message: Vec<u8>,
    /// Where it begins in the stream, and how much of it has been read.
    base: u64,
    pos: usize,
    /// Whether the stream ended inside of it.
    is_cut: bool,
}

impl<R: Read> Input<R> {
    pub(super) fn new(reader: R, limits: Limits) -> Self {
        Self { reader, receiver: Receiver::new(limits), message: Vec::new(), base: 0, pos: 0, is_cut: false }
    }

    /// Reads a message; `false` when the stream ends before it.
    pub(super) fn next_message(&mut self) -> Result<bool> {
        self.base += self.message.len() as u64;
        // A large one leaves no large buffer behind.
        self.message = Vec::new();
        self.pos = 0;
        if !self.read_more(1)? {
            return Ok(false);
        }
        let prefix = usize::from(self.message[0].wrapping_neg());
        if self.message[0] > 0x7f && prefix < MAX_UINT_LEN {
            self.is_cut = !self.read_more(prefix)?;
        }
        if !self.is_cut
            && let Some(needed) = self.receiver.needed(&self.message).map_err(|error| error.at(self.base))?
        {
            self.is_cut = !self.read_more(needed - self.message.len())?;
        }
        Ok(true)
    }

    /// Appends `count` bytes; `false` when the stream ends first. Memory grows with what arrives.
    fn read_more(&mut self, count: usize) -> Result<bool> {
        let read = (&mut self.reader).take(count as u64).read_to_end(&mut self.message);
        Ok(read.map_err(|error| Error::from(error).at(self.base))? == count)
    }

    /// Reads something of the message, and gives its place too.
    pub(super) fn take<T>(&mut self, read: impl FnOnce(&mut Cursor<'_>) -> Result<T>) -> Result<(T, Range<usize>)> {
        let mut cursor = Cursor::new(&self.message[self.pos..], self.base + self.pos as u64);
        match read(&mut cursor) {
            Ok(value) => {
                let start = self.pos;
                self.pos += cursor.pos();
                Ok((value, start..self.pos))
            }
            // What is missing is the matter, and not what its lack looks like.
            Err(_) if self.is_cut => Err(self.unexpected_eof()),
            Err(error) => {
                let at = cursor.offset();
                Err(error.at(at))
            }
        }
    }

    /// Begins to read at another place of the message.
    pub(super) fn go_to(&mut self, pos: usize) {
        self.pos = pos;
    }

    pub(super) fn pos(&self) -> usize {
        self.pos
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pos == self.message.len() && !self.is_cut
    }

    /// Whether the stream ended inside of the message.
    pub(super) fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// What has not been read of the message.
    pub(super) fn left(&self) -> Range<usize> {
        self.pos..self.message.len()
    }

    pub(super) fn bytes(&self, range: Range<usize>) -> &[u8] {
        &self.message[range]
    }

    pub(super) fn offset_of(&self, pos: usize) -> u64 {
        self.base + pos as u64
    }

    #[cold]
    pub(super) fn unexpected_eof(&self) -> Error {
        Error::new(Kind::UnexpectedEof).at(self.base + self.message.len() as u64)
    }
}
