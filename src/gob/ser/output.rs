//! Where a value goes: what the serializers of one message share.

use std::mem;
use std::sync::Arc;

use super::items::Word;
use crate::gob::error::{Kind as ErrorKind, Result};
use crate::gob::stream::ids::TypeIds;
use crate::gob::stream::wiretype::TypeId;
use crate::gob::ty::Type;
use crate::gob::wire::{Gap, MAX_UINT_LEN, int_to_uint, put_uint, write_float_in_row, write_uint, write_uint_in_row};

/// How many bytes are gathered before they go to the buffer.
pub(crate) const BLOCK: usize = 256;

/// The longest bytes that are copied into the block without a call.
const SHORT: usize = 32;

/// How many bytes are copied from the block without a call.
const FEW: usize = 64;

/// How many bytes at once are made room for in the buffer for many integers.
const PIECE: usize = 1024;

/// Where a value goes, and how much deeper it may nest.
///
/// Bytes are gathered in a block. It has its place in the stack and never grows, so that to write a few bytes takes one
/// comparison and stores of constant size.
#[derive(Debug)]
pub(crate) struct Output<'o> {
    block: [u8; BLOCK],
    /// How much of the block is written.
    len: usize,
    buf: &'o mut Vec<u8>,
    ids: &'o mut Arc<TypeIds>,
    /// The length before what is being written: of the message, or of the value of the innermost interface.
    pub(super) chunk: Gap,
    /// How many counts of sequences wait for their number. They must not be moved.
    pub(super) open_counts: usize,
    /// How many fields of the innermost struct serde has given since the last one that was written, this one included;
    /// zero where a value begins.
    pub(super) distance: u64,
    depth: usize,
    max_depth: usize,
    /// Whether a pointer led to the next value, which encodes itself.
    pub(super) is_pointee: bool,
}

/// What the message of a value begins with, behind the length: the id of the type, and if that is no struct, a zero.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Head {
    bytes: [u8; 8],
    len: usize,
}

impl Head {
    pub(crate) const NONE: Self = Self { bytes: [0; 8], len: 0 };

    pub(crate) fn new(id: TypeId, is_singleton: bool) -> Self {
        let mut form = [0; MAX_UINT_LEN];
        let len = write_uint(&mut form, int_to_uint(id.into()));
        let mut head = Self::NONE;
        head.bytes[..len].copy_from_slice(&form[..len]);
        // G17: what is no struct is written as the one field of an imaginary struct.
        head.len = len + usize::from(is_singleton);
        head
    }
}

impl<'o> Output<'o> {
    /// Begins a message whose length is likely to take `prefix` bytes.
    #[inline(always)]
    pub(crate) fn new(buf: &'o mut Vec<u8>, ids: &'o mut Arc<TypeIds>, prefix: usize, max_depth: usize) -> Self {
        let prefix = prefix.min(MAX_UINT_LEN);
        Self {
            block: [0; BLOCK],
            len: prefix,
            chunk: Gap::at(buf.len(), prefix),
            buf,
            ids,
            open_counts: 0,
            distance: 0,
            depth: max_depth,
            max_depth,
            is_pointee: false,
        }
    }

    /// Writes what comes behind the length of the message. It is not in `new`, where the block would be made elsewhere
    /// and moved.
    #[inline(always)]
    pub(crate) fn begin(&mut self, head: Head) {
        if let Some(room) = self.room() {
            *room = head.bytes;
            self.len += head.len;
        }
    }

    /// Writes the length of the message and returns it, and how much room it took.
    #[inline(always)]
    pub(crate) fn finish(&mut self) -> (u64, usize) {
        let len = self.len.wrapping_sub(1) as u64;
        if len > 0x7f || !self.chunk.is_at(self.buf.len(), 1) {
            return self.finish_long();
        }
        self.block[0] = len as u8;
        self.flush();
        (len, 1)
    }

    #[inline(never)]
    fn finish_long(&mut self) -> (u64, usize) {
        self.flush();
        let chunk = mem::replace(&mut self.chunk, Gap::nowhere());
        let len = (self.buf.len() - chunk.end()) as u64;
        (len, chunk.close(self.buf, len))
    }

    #[inline(never)]
    fn flush(&mut self) {
        let len = mem::take(&mut self.len);
        if len <= FEW {
            // A copy of constant size needs no call.
            let end = self.buf.len() + len;
            self.buf.extend_from_slice(&self.block[..FEW]);
            self.buf.truncate(end);
        } else {
            self.buf.extend_from_slice(&self.block[..len]);
        }
    }

    /// The buffer, with all that has been written.
    #[inline]
    pub(crate) fn flushed(&mut self) -> &mut Vec<u8> {
        self.flush();
        self.buf
    }

    /// What is needed for definitions in the middle of a value: the ids, the buffer, with all that has been written,
    /// and the length before that.
    pub(super) fn split(&mut self) -> (&mut Arc<TypeIds>, &mut Vec<u8>, &mut Gap) {
        self.flush();
        (self.ids, self.buf, &mut self.chunk)
    }

    /// Room for the next bytes, unless the block must be flushed first. That is for a function of its own, with which
    /// the one that writes ends: as long as it calls nothing, it has no registers to save.
    #[inline(always)]
    fn room<const N: usize>(&mut self) -> Option<&mut [u8; N]> {
        if self.len > const { BLOCK - N } {
            return None;
        }
        self.block[self.len..].first_chunk_mut()
    }

    #[inline(always)]
    pub(crate) fn put_byte(&mut self, byte: u8) {
        let at = self.len;
        match self.room() {
            Some(room) => {
                *room = [byte];
                self.len = at + 1;
            }
            None => self.put_byte_flushed(byte),
        }
    }

    #[cold]
    #[inline(never)]
    fn put_byte_flushed(&mut self, byte: u8) {
        self.flushed().push(byte);
    }

    /// Writes an unsigned integer (G1).
    #[inline(always)]
    pub(crate) fn put_uint(&mut self, value: u64) {
        let at = self.len;
        match self.room() {
            Some(room) => self.len = at + write_uint(room, value),
            None => self.put_uint_flushed(value),
        }
    }

    /// Writes an unsigned integer behind the block.
    #[cold]
    #[inline(never)]
    fn put_uint_flushed(&mut self, value: u64) {
        put_uint(self.flushed(), value);
    }

    /// Writes a signed integer (G3).
    #[inline(always)]
    pub(crate) fn put_int(&mut self, value: i64) {
        self.put_uint(int_to_uint(value));
    }

    /// Writes a byte count and the bytes (G8, G9).
    #[inline(never)]
    pub(crate) fn put_bytes(&mut self, bytes: &[u8]) {
        let at = self.len;
        match self.room::<{ 1 + SHORT }>() {
            Some([count, room @ ..]) if bytes.len() <= SHORT => {
                *count = bytes.len() as u8;
                copy_short(room, bytes);
                self.len = at + 1 + bytes.len();
            }
            _ => self.put_long_bytes(bytes),
        }
    }

    #[inline(never)]
    fn put_long_bytes(&mut self, bytes: &[u8]) {
        self.put_uint(bytes.len() as u64);
        match self.block[self.len..].get_mut(..bytes.len()) {
            Some(room) => {
                room.copy_from_slice(bytes);
                self.len += bytes.len();
            }
            None => self.flushed().extend_from_slice(bytes),
        }
    }

    /// Writes a field that is one integer on the wire, with its distance before it (G11).
    #[inline(always)]
    pub(super) fn put_uint_field(&mut self, value: u64) {
        let (at, distance) = (self.len, self.advance());
        match self.room::<{ 1 + MAX_UINT_LEN }>() {
            Some([delta, room @ ..]) if distance <= 0x7f => {
                *delta = distance as u8;
                self.len = at + 1 + write_uint(room, value);
            }
            _ => self.put_far_uint_field(distance, value),
        }
    }

    #[cold]
    #[inline(never)]
    fn put_far_uint_field(&mut self, distance: u64, value: u64) {
        self.put_uint(distance);
        self.put_uint(value);
    }

    /// Writes a field that is bytes on the wire, with its distance before it (G11).
    #[inline(never)]
    pub(super) fn put_bytes_field(&mut self, bytes: &[u8]) {
        let (at, distance) = (self.len, self.advance());
        match self.room::<{ 2 + SHORT }>() {
            Some([delta, count, room @ ..]) if distance <= 0x7f && bytes.len() <= SHORT => {
                (*delta, *count) = (distance as u8, bytes.len() as u8);
                copy_short(room, bytes);
                self.len = at + 2 + bytes.len();
            }
            _ => self.put_long_bytes_field(distance, bytes),
        }
    }

    #[inline(never)]
    fn put_long_bytes_field(&mut self, distance: u64, bytes: &[u8]) {
        self.put_uint(distance);
        self.put_long_bytes(bytes);
    }

    /// Writes the distance of a field, of which more will be written (G11).
    #[inline(always)]
    pub(super) fn begin_field(&mut self) {
        let (at, distance) = (self.len, self.advance());
        match self.room() {
            Some([delta]) if distance <= 0x7f => {
                *delta = distance as u8;
                self.len = at + 1;
            }
            _ => self.put_uint_flushed(distance),
        }
    }

    #[inline(always)]
    fn advance(&mut self) -> u64 {
        mem::take(&mut self.distance)
    }

    /// Writes numbers one after the other.
    #[inline]
    pub(super) fn put_words(&mut self, mut words: impl Iterator<Item = Word>) {
        self.len = fill(&mut self.block, self.len, &mut words);
        if self.len <= const { BLOCK - MAX_UINT_LEN } {
            return;
        }
        // There are more than fit in the block. They are written where they stay: to copy what has just been written in
        // small pieces takes long, because a large load has to wait for all the stores.
        let buf = self.flushed();
        loop {
            let at = buf.len();
            buf.resize(at + PIECE, 0);
            let len = buf[at..].first_chunk_mut::<PIECE>().map_or(0, |piece| fill(piece, 0, &mut words));
            buf.truncate(at + len);
            if len <= const { PIECE - MAX_UINT_LEN } {
                return;
            }
        }
    }

    /// The id of a type whose definitions are on the stream.
    pub(super) fn known(&self, ty: &'static Type) -> Option<TypeId> {
        self.ids.known(ty)
    }

    /// Goes one level down for the time of `write`.
    pub(crate) fn deeper(&mut self, write: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        self.enter()?;
        write(self)?;
        self.leave();
        Ok(())
    }

    #[inline(always)]
    pub(super) fn enter(&mut self) -> Result<()> {
        match self.depth.checked_sub(1) {
            Some(depth) => {
                self.depth = depth;
                Ok(())
            }
            None => Err(ErrorKind::TooDeep(self.max_depth).into()),
        }
    }

    #[inline(always)]
    pub(super) fn leave(&mut self) {
        self.depth += 1;
    }
}

/// Writes numbers from `at` on until there are no more, or there may not be room for another one. Returns where they
/// end.
#[inline(always)]
fn fill<const N: usize>(room: &mut [u8; N], mut at: usize, words: &mut impl Iterator<Item = Word>) -> usize {
    while at <= const { N - MAX_UINT_LEN }
        && let Some(form) = room[at..].first_chunk_mut()
        && let Some(word) = words.next()
    {
        at += match word {
            Word::Uint(value) => write_uint_in_row(form, value),
            Word::Float(value) => write_float_in_row(form, value),
        };
    }
    at
}

/// Copies a few bytes with two copies of constant size, which overlap. A call that copies any number would take longer
/// to find out how many.
#[inline(always)]
fn copy_short(to: &mut [u8; SHORT], from: &[u8]) {
    if !copy_ends::<16>(to, from) && !copy_ends::<8>(to, from) && !copy_ends::<4>(to, from) {
        copy_ends::<2>(to, from);
        if let [byte] = from {
            to[0] = *byte;
        }
    }
}

/// Copies the first `N` bytes and the last `N` ones. `false` if there are not as many.
#[inline(always)]
fn copy_ends<const N: usize>(to: &mut [u8; SHORT], from: &[u8]) -> bool {
    let (Some(first), Some(last)) = (from.first_chunk::<N>(), from.last_chunk::<N>()) else { return false };
    if let Some(to) = to.get_mut(..from.len()) {
        if let Some(to) = to.first_chunk_mut() {
            *to = *first;
        }
        if let Some(to) = to.last_chunk_mut() {
            *to = *last;
        }
    }
    true
}
