//! Messages in, without I/O: length prefixes, definitions, and where a value begins and ends (G15–G20).

use std::collections::HashMap;
use std::ops::Range;

use super::table::TypeTable;
use super::walk::{self, Progress, Walk, take_id};
use super::wiretype::TypeId;
use crate::gob::error::{Error, Kind, Result};
use crate::gob::limits::Limits;
use crate::gob::wire::{Cursor, peek_uint};

/// Go's bound on the length of a message (G13).
const TOO_BIG: u64 = 1 << 33;

/// The receiving half of a stream: takes its bytes, one message at a time, and finds the values.
#[derive(Debug)]
pub(crate) struct Receiver {
    types: TypeTable,
    limits: Limits,
    /// How many bytes of the stream have been consumed.
    offset: u64,
    /// Which types cannot hold an interface, so that a value of theirs is exactly one message. Forgotten whenever a
    /// definition arrives, since that may complete a type.
    plain: HashMap<TypeId, bool>,
    /// A value that goes on in the next message.
    open: Option<Open>,
    /// Whether definitions came since the last value.
    expects_value: bool,
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
    /// The message is not whole.
    Incomplete,
    /// A message of so many bytes, and the value it completed.
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
        Self { types, limits, offset: 0, plain: HashMap::new(), open: None, expects_value: false }
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
    pub(crate) fn needed(&self, input: &[u8]) -> Result<Option<usize>> {
        let Some((len, prefix)) = peek_uint(input).map_err(|error| error.at(self.offset))? else { return Ok(None) };
        if len >= TOO_BIG {
            return Err(Error::new(Kind::InvalidLength).at(self.offset));
        }
        let open = self.open.as_ref().map_or(0, |open| open.walk.len() as u64);
        match usize::try_from(len) {
            Ok(len) if (len as u64).saturating_add(open) <= self.limits.message => Ok(Some(prefix + len)),
            _ => Err(Error::new(Kind::TooBig(self.limits.message)).at(self.offset)),
        }
    }

    /// Looks at the message at the start of `input`, which continues where the last one ended.
    ///
    /// # Errors
    /// Those of [`needed`](Self::needed); what is wrong inside a message is in [`Poll::Message`].
    pub(crate) fn poll(&mut self, input: &[u8]) -> Result<Poll> {
        let Some(end) = self.needed(input)? else { return Ok(Poll::Incomplete) };
        let prefix = peek_uint(input)?.map_or(0, |(_, prefix)| prefix);
        let Some(body) = input.get(prefix..end) else { return Ok(Poll::Incomplete) };
        let start = self.offset + prefix as u64;
        self.offset += end as u64;
        let found = self.message(body, start).map(|found| {
            found.map(|mut found| {
                if let Payload::InPlace(range) = &mut found.payload {
                    *range = range.start + prefix..range.end + prefix;
                }
                found
            })
        });
        Ok(Poll::Message(end, found))
    }

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
            self.plain.clear();
            walk::define(id, &mut cursor, &self.types, &self.limits)?;
            return if cursor.is_empty() { Ok(None) } else { Err(cursor.error(Kind::ExtraData)) };
        }
        self.expects_value = false;
        if self.is_plain(id) {
            self.types.settle(&[id]);
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
                self.plain.clear();
                self.open = Some(open);
                Ok(None)
            }
            Progress::Done => {
                self.plain.clear();
                let (joined, mut roots) = open.walk.finish();
                roots.push(open.id);
                self.types.settle(&roots);
                let payload = Payload::Joined(joined);
                Ok(Some(Found { id: open.id, offset: open.offset, payload }))
            }
        }
    }

    /// Whether a value of the type is its whole message. An undefined type is one too: the decoder reports it.
    fn is_plain(&mut self, id: TypeId) -> bool {
        if let Some(&plain) = self.plain.get(&id) {
            return plain;
        }
        let plain = !self.types.holds_interface(id);
        self.plain.insert(id, plain);
        plain
    }
}
