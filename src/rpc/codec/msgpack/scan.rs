//! Finds the end of a MessagePack value that comes in pieces. The bytes between two values are counted, not read.

use rmp::Marker;

use crate::gob::{Error, Result};

/// The beginning of a value: how long it is, and what follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    /// The marker, and what it announces: a number, a length.
    pub(super) len: usize,
    pub(super) rest: Rest,
}

/// What follows the beginning of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    Nothing,
    Text(usize),
    Bytes(usize),
    Extension(usize),
    Array(usize),
    Map(usize),
}

/// Reads the beginning of a value; `None` if it is not all there.
pub(super) fn head(input: &[u8]) -> Result<Option<Head>> {
    let Some(&first) = input.first() else { return Ok(None) };
    // The marker, and a length of this many bytes.
    let length = |size: usize| -> Option<usize> {
        let bytes = input.get(1..1 + size)?;
        Some(bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)))
    };
    let counted = |size: usize, rest: fn(usize) -> Rest| {
        Ok(length(size).map(|length| Head { len: 1 + size, rest: rest(length) }))
    };
    let fixed = |len: usize, rest: Rest| Ok((input.len() >= len).then_some(Head { len, rest }));
    match Marker::from_u8(first) {
        Marker::FixPos(_) | Marker::FixNeg(_) | Marker::Null | Marker::True | Marker::False => fixed(1, Rest::Nothing),
        Marker::U8 | Marker::I8 => fixed(2, Rest::Nothing),
        Marker::U16 | Marker::I16 => fixed(3, Rest::Nothing),
        Marker::U32 | Marker::I32 | Marker::F32 => fixed(5, Rest::Nothing),
        Marker::U64 | Marker::I64 | Marker::F64 => fixed(9, Rest::Nothing),
        Marker::FixStr(len) => fixed(1, Rest::Text(len.into())),
        Marker::FixArray(len) => fixed(1, Rest::Array(len.into())),
        Marker::FixMap(len) => fixed(1, Rest::Map(len.into())),
        Marker::Str8 => counted(1, Rest::Text),
        Marker::Str16 => counted(2, Rest::Text),
        Marker::Str32 => counted(4, Rest::Text),
        Marker::Bin8 => counted(1, Rest::Bytes),
        Marker::Bin16 => counted(2, Rest::Bytes),
        Marker::Bin32 => counted(4, Rest::Bytes),
        Marker::Array16 => counted(2, Rest::Array),
        Marker::Array32 => counted(4, Rest::Array),
        Marker::Map16 => counted(2, Rest::Map),
        Marker::Map32 => counted(4, Rest::Map),
        // The type of an extension stands before its bytes.
        Marker::FixExt1 => fixed(1, Rest::Extension(2)),
        Marker::FixExt2 => fixed(1, Rest::Extension(3)),
        Marker::FixExt4 => fixed(1, Rest::Extension(5)),
        Marker::FixExt8 => fixed(1, Rest::Extension(9)),
        Marker::FixExt16 => fixed(1, Rest::Extension(17)),
        Marker::Ext8 => counted(1, |len| Rest::Extension(len + 1)),
        Marker::Ext16 => counted(2, |len| Rest::Extension(len + 1)),
        Marker::Ext32 => counted(4, |len| Rest::Extension(len + 1)),
        Marker::Reserved => {
            Err(<Error as serde::de::Error>::custom(format_args!("msgpack: unrecognized descriptor byte: {first:x}")))
        }
    }
}

/// Looks through one value after another.
#[derive(Debug)]
pub(super) struct Scanner {
    /// How many bytes of the value were counted. They may be more than are here.
    at: usize,
    /// How many values are still to come, the parts of others among them.
    left: u64,
}

impl Default for Scanner {
    fn default() -> Self {
        Self { at: 0, left: 1 }
    }
}

impl Scanner {
    /// Goes on to the end of `input`, which begins with the value, or to the end of the value, which is given. Then it
    /// is ready for the next.
    pub(super) fn scan(&mut self, input: &[u8]) -> Result<Option<usize>> {
        while self.left > 0 {
            let Some(head) = head(input.get(self.at..).unwrap_or_default())? else { return Ok(None) };
            let (bytes, parts) = match head.rest {
                Rest::Nothing => (0, 0),
                Rest::Text(len) | Rest::Bytes(len) | Rest::Extension(len) => (len, 0),
                Rest::Array(len) => (0, len as u64),
                Rest::Map(len) => (0, 2 * len as u64),
            };
            self.at = self.at.saturating_add(head.len).saturating_add(bytes);
            // What is announced without being sent never ends; it costs nothing to wait for it.
            self.left = (self.left - 1).saturating_add(parts);
        }
        if self.at > input.len() {
            return Ok(None);
        }
        let Self { at, .. } = std::mem::take(self);
        Ok(Some(at))
    }
}
