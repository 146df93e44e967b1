//! Arrays, maps and structs while they are being written.

use super::entries::Entry;
use super::output::Output;
use super::sink::{Container, Sink};
use crate::gob::Result;
use crate::gob::ty::{Kind, Type};

/// The elements of an array so far.
pub(super) struct Elements {
    start: usize,
    len: Option<usize>,
    count: usize,
}

impl Elements {
    pub(super) fn begin<S: Sink>(out: &mut Output<'_, S>, len: Option<usize>) -> Result<Self> {
        out.enter()?;
        let start = out.sink.position();
        out.sink.begin(Container::Array, len);
        Ok(Self { start, len, count: 0 })
    }

    pub(super) fn open<S: Sink>(&mut self, out: &mut Output<'_, S>) {
        if self.count > 0 {
            out.sink.separate();
        }
        self.count += 1;
    }

    /// How many elements were announced and how many came, if that is not the same.
    pub(super) fn miscounted(&self) -> Option<(usize, usize)> {
        self.len.filter(|len| *len != self.count).map(|len| (len, self.count))
    }

    pub(super) fn end<S: Sink>(self, out: &mut Output<'_, S>) {
        out.leave();
        out.sink.end(Container::Array, self.start, self.len, self.count, &mut []);
    }
}

/// The entries of a map or struct so far.
pub(super) struct Entries {
    kind: Container,
    start: usize,
    len: Option<usize>,
    done: Vec<Entry>,
    open: Entry,
}

impl Entries {
    pub(super) fn begin<S: Sink>(out: &mut Output<'_, S>, kind: Container, len: Option<usize>) -> Result<Self> {
        out.enter()?;
        let start = out.sink.position();
        out.sink.begin(kind, len);
        Ok(Self { kind, start, len, done: Vec::new(), open: Entry { start: 0, value: 0, end: 0 } })
    }

    pub(super) fn open<S: Sink>(&mut self, out: &mut Output<'_, S>) {
        if !self.done.is_empty() {
            out.sink.separate();
        }
        self.open.start = out.sink.position();
    }

    pub(super) fn key_end<S: Sink>(&mut self, out: &mut Output<'_, S>, key: &Type) -> Result<()> {
        out.sink.key_end(self.open.start, key)?;
        self.open.value = out.sink.position();
        Ok(())
    }

    /// Opens the entry of a field: writes its name.
    pub(super) fn open_field<S: Sink>(&mut self, out: &mut Output<'_, S>, name: &str) -> Result<()> {
        self.open(out);
        out.sink.text(name.as_bytes());
        self.key_end(out, const { &Type::basic(Kind::String) })
    }

    pub(super) fn close<S: Sink>(&mut self, out: &mut Output<'_, S>) {
        self.open.end = out.sink.position();
        self.done.push(self.open.clone());
    }

    pub(super) fn end<S: Sink>(mut self, out: &mut Output<'_, S>) {
        out.leave();
        out.sink.end(self.kind, self.start, self.len, self.done.len(), &mut self.done);
    }
}
