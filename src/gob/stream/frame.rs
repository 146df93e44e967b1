//! Messages in, without I/O: length prefixes, definitions, and where a value begins and ends (G15–G20).

use std::fmt;
use std::ops::Range;

use super::table::TypeTable;
use super::walk::{self, Progress, Walk, take_id};
use super::wiretype::{TypeId, builtin};
use crate::gob::error::{Error, Kind, Result};
use crate::gob::limits::Limits;
use crate::gob::wire::{Cursor, peek_uint};

/// Go's bound on the length of a message (G13).
const TOO_BIG: u64 = 1 << 33;

/// The receiving half of a stream: takes its bytes, one message at a time, and finds the values.
pub(crate) struct Receiver {
    types: TypeTable,
    limits: Limits,
    /// How many bytes of the stream have been consumed.
    offset: u64,
    /// A value that goes on in the next message.
    open: Option<Open>,
    /// The last types that were looked up, and whether a value of them is exactly one message, for it cannot hold an
    /// interface. There are two, since headers and bodies alternate. Forgotten whenever a definition arrives, since
    /// that may complete a type.
    recent: [Option<(TypeId, bool)>; 2],
    /// Whether definitions came since the last value.
    expects_value: bool,
    /// Whether definitions came that the table has not been told the value of.
    unsettled: bool,
}

#[derive(Debug)]
struct Open {
    id: TypeId,
    offset: u64,
    walk: Walk,
}

/// What a look at the input found.
#[derive(Debug)]
pub(crate) enum Poll {
    /// The message is incomplete.
    Incomplete,
    /// The length of a message, and the value that it completed.
    Message(usize, Result<Option<Found>>),
}

/// A whole value, not yet decoded.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) id: TypeId,
    /// Where the value begins in the stream.
    pub(crate) offset: u64,
    pub(crate) payload: Payload,
}

#[derive(Debug)]
pub(crate) enum Payload {
    /// A range of the input.
    InPlace(Range<usize>),
    /// A value that held interfaces, joined from its messages.
    Joined(Vec<u8>),
}

impl Receiver {
    pub(crate) fn new(limits: Limits) -> Self {
        Self::with_types(TypeTable::default(), limits)
    }

    /// A receiver of a stream whose definitions go into `types`.
    pub(crate) fn with_types(types: TypeTable, limits: Limits) -> Self {
        Self { types, limits, offset: 0, open: None, recent: [None; 2], expects_value: false, unsettled: false }
    }

    pub(crate) fn types(&self) -> &TypeTable {
        &self.types
    }

    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Whether the stream may end here: not between a definition and its value, nor inside a value (G180).
    pub(crate) fn is_between_values(&self) -> bool {
        self.open.is_none() && !self.expects_value
    }

    /// How many bytes the message at the start of `input` has, its length included; `None` while that is unknown.
    ///
    /// # Errors
    /// When the length is malformed or beyond the limits: the stream cannot be followed any further.
    #[inline]
    pub(crate) fn needed(&self, input: &[u8]) -> Result<Option<usize>> {
        Ok(self.frame(input)?.map(|body| body.end))
    }

    /// Where the body of the message at the start of `input` is.
    #[inline]
    fn frame(&self, input: &[u8]) -> Result<Option<Range<usize>>> {
        let Some((len, prefix)) = peek_uint(input).map_err(|error| error.at(self.offset))? else { return Ok(None) };
        let len = self.allow(len)?;
        Ok(Some(prefix..prefix + len))
    }

    /// Checks the length that a message says it has.
    ///
    /// # Errors
    /// When it is beyond the limits.
    #[inline]
    pub(crate) fn allow(&self, len: u64) -> Result<usize> {
        if len <= self.limits.message
            && self.open.is_none()
            && len < TOO_BIG
            && let Ok(len) = usize::try_from(len)
        {
            return Ok(len);
        }
        self.allow_more(len)
    }

    /// The same when the message goes on with a value, or is too large.
    fn allow_more(&self, len: u64) -> Result<usize> {
        if len >= TOO_BIG {
            return Err(Error::new(Kind::InvalidLength).at(self.offset));
        }
        let open = self.open.as_ref().map_or(0, |open| open.walk.len() as u64);
        match usize::try_from(len) {
            Ok(len) if (len as u64).saturating_add(open) <= self.limits.message => Ok(len),
            _ => Err(Error::new(Kind::TooBig(self.limits.message)).at(self.offset)),
        }
    }

    /// Looks at the message at the start of `input`, which continues where the last one ended.
    ///
    /// # Errors
    /// Those of [`needed`](Self::needed); what is wrong inside a message is in [`Poll::Message`].
    pub(crate) fn poll(&mut self, input: &[u8]) -> Result<Poll> {
        let Some(Range { start: prefix, end }) = self.frame(input)? else { return Ok(Poll::Incomplete) };
        let Some(body) = input.get(prefix..end) else { return Ok(Poll::Incomplete) };
        let mut found = self.take(body, prefix);
        if let Ok(Some(Found { payload: Payload::InPlace(range), .. })) = &mut found {
            *range = range.start + prefix..range.end + prefix;
        }
        Ok(Poll::Message(end, found))
    }

    /// Takes the body of a message, whose length took `prefix` bytes. A payload in place is in the body.
    #[inline(always)]
    pub(crate) fn take(&mut self, body: &[u8], prefix: usize) -> Result<Option<Found>> {
        let start = self.offset + prefix as u64;
        self.offset = start + body.len() as u64;
        match self.repeated(body, start) {
            Some(found) => Ok(Some(found)),
            None => self.message(body, start),
        }
    }

    /// The value in a message, if it is one of the same type as a recent one and nothing has to be done with it.
    #[inline]
    fn repeated(&self, body: &[u8], start: u64) -> Option<Found> {
        if self.open.is_some() || self.expects_value || self.unsettled {
            return None;
        }
        let mut cursor = Cursor::new(body, start);
        let id = take_id(&mut cursor).ok()?;
        let payload = Payload::InPlace(cursor.pos()..body.len());
        self.recent.contains(&Some((id, true))).then_some(Found { id, offset: cursor.offset(), payload })
    }

    /// The type of the value in the message of `len` bytes that begins with `head`, if it is nothing but a byte slice
    /// or string, which takes up the bytes after `head`.
    pub(crate) fn content(&self, head: &[u8], len: usize) -> Option<TypeId> {
        let mut cursor = Cursor::new(head, 0);
        let id = take_id(&mut cursor).ok()?;
        let is_content = self.open.is_none()
            && matches!(id, builtin::BYTES | builtin::STRING)
            && cursor.take_uint().is_ok_and(|zero| zero == 0)
            && cursor.take_uint().is_ok_and(|count| count == (len - head.len()) as u64)
            && cursor.is_empty();
        is_content.then_some(id)
    }

    /// Passes over a message of which [`content`](Self::content) has recognised the beginning.
    pub(crate) fn take_content(&mut self, len: u64) {
        self.offset += len;
        self.expects_value = false;
    }

    #[inline(never)]
    fn message(&mut self, body: &[u8], start: u64) -> Result<Option<Found>> {
        let mut cursor = Cursor::new(body, start);
        if body.is_empty() {
            return Err(cursor.error(Kind::EmptyMessage));
        }
        if let Some(open) = self.open.take() {
            return self.walk(open, body, &mut cursor);
        }
        let id = take_id(&mut cursor)?;
        if id < 0 {
            self.expects_value = true;
            self.forget();
            if self.types.recognize(body, &self.limits) {
                return Ok(None);
            }
            walk::define(id, &mut cursor, &self.types, &self.limits, Some(body))?;
            return if cursor.is_empty() { Ok(None) } else { Err(cursor.error(Kind::ExtraData)) };
        }
        self.expects_value = false;
        if self.is_plain(id) {
            if std::mem::take(&mut self.unsettled) {
                self.types.settle(&[id]);
            }
            let payload = Payload::InPlace(cursor.pos()..body.len());
            return Ok(Some(Found { id, offset: cursor.offset(), payload }));
        }
        let offset = cursor.offset();
        let walk = Walk::new(id, &self.types, &mut cursor)?;
        self.walk(Open { id, offset, walk }, body, &mut cursor)
    }

    fn walk(&mut self, mut open: Open, body: &[u8], cursor: &mut Cursor<'_>) -> Result<Option<Found>> {
        match open.walk.run(body, cursor, &self.types, &self.limits)? {
            Progress::NeedsMessage => {
                self.forget();
                self.open = Some(open);
                Ok(None)
            }
            Progress::Done => {
                self.forget();
                self.unsettled = false;
                let (joined, mut roots) = open.walk.finish();
                roots.push(open.id);
                self.types.settle(&roots);
                let payload = Payload::Joined(joined);
                Ok(Some(Found { id: open.id, offset: open.offset, payload }))
            }
        }
    }

    /// Takes note that definitions may have come.
    fn forget(&mut self) {
        self.recent = [None; 2];
        self.unsettled = true;
    }

    /// Whether a value of the type is its whole message. An undefined type is one too: the decoder reports it.
    #[inline]
    fn is_plain(&mut self, id: TypeId) -> bool {
        if let Some((_, plain)) = self.recent.iter().flatten().find(|(recent, _)| *recent == id) {
            return *plain;
        }
        let plain = self.types.is_plain(id);
        self.recent = [Some((id, plain)), self.recent[0]];
        plain
    }
}

/// Where it is, and not what it remembers: that is long, and tells nobody anything.
impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").field("offset", &self.offset).finish_non_exhaustive()
    }
}
