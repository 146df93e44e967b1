//! Writing a value by its Go type.

mod containers;
mod dynamic;
mod entries;
mod output;
mod parts;
mod sink;
mod value;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

pub(in crate::rpc::codec) use self::entries::{Entry, sort};
use self::output::Output;
pub(in crate::rpc::codec) use self::sink::{Container, Sink};
use crate::gob::{Limits, Result};
use crate::rpc::payload::Payload;

/// Writes arguments or a reply.
pub(in crate::rpc::codec) fn write<S: Sink>(sink: &mut S, limits: Limits, payload: &dyn Payload) -> Result<()> {
    Output::new(sink, limits.depth).value(payload.go_type(), payload.as_serialize())
}

/// Appends what `write` appends, or nothing if it fails or panics.
pub(in crate::rpc::codec) fn append(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>) -> Result<()>) -> Result<()> {
    let start = out.len();
    let result = catch_unwind(AssertUnwindSafe(|| write(out)));
    if !matches!(result, Ok(Ok(()))) {
        out.truncate(start);
    }
    result.unwrap_or_else(|panic| resume_unwind(panic))
}
