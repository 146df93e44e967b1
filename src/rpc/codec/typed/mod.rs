//! Values in formats that describe themselves, written and read by their Go type, as Go's reflection does.
//!
//! serde alone does not know that a `Vec<u8>` is a `[]byte`, what a field that did not come is, or which struct to name
//! in an error. [`ser`] and [`de`] follow the type; a format is a [`ser::Sink`] and a [`de::Source`].

pub(super) mod de;
pub(super) mod names;
pub(super) mod ser;

use bytes::{Bytes, BytesMut};

use crate::gob::{ErrorKind, Limits, Result};

/// Takes a message from the front of `input`, if that was `found` to have all of it. What comes of one that is too long
/// is not waited for.
pub(super) fn take(input: &mut BytesMut, found: Option<usize>, limits: Limits) -> Result<Option<Bytes>> {
    if found.unwrap_or(input.len()) as u64 > limits.message {
        return Err(ErrorKind::TooBig(limits.message).into());
    }
    Ok(found.map(|len| input.split_to(len).freeze()))
}
