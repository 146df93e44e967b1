//! Who reads for a client without a runtime: a thread, or a caller that waits for its own reply.

use std::io::{ErrorKind, Read};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use bytes::BytesMut;

use crate::rpc::buffer::{self, CHUNK, KEEP};
use crate::rpc::client::shared::Shared;
use crate::rpc::error::Error;

/// When nobody has read for so long, the thread does again: it is who hears of the end of the connection.
const QUIET: Duration = Duration::from_millis(20);

/// What is read from, by one at a time. A caller that has the connection to itself reads its reply, and no other thread
/// has to be woken first; whenever there is more than one call, the thread reads for all of them.
pub(super) struct Reading<R> {
    source: Mutex<Source<R>>,
    watch: Mutex<Watch>,
    summoned: Condvar,
}

struct Source<R> {
    reader: R,
    input: BytesMut,
    chunk: Vec<u8>,
}

#[derive(Default)]
struct Watch {
    /// Whether the thread leaves it to callers to read.
    stands_back: bool,
    /// Whether a caller would have read, had the thread not been at it.
    is_wanted: bool,
    /// Whether a caller has read since the thread last looked.
    was_used: bool,
}

impl<R: Read> Reading<R> {
    /// `input` is what was read already.
    pub(super) fn new(reader: R, input: BytesMut) -> Self {
        // What is never read into takes no memory.
        let source = Source { reader, input, chunk: vec![0; 8 * CHUNK] };
        Self { source: Mutex::new(source), watch: Mutex::default(), summoned: Condvar::new() }
    }

    fn watch(&self) -> MutexGuard<'_, Watch> {
        self.watch.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the thread does until the connection is over.
    pub(super) fn run(&self, shared: &Shared) {
        let _end = End(shared);
        while !self.read(shared) {
            self.stand_back();
        }
    }

    /// Reads for everybody, until callers read for themselves. Whether the connection is over.
    fn read(&self, shared: &Shared) -> bool {
        // It panicked when a caller read, and nobody knows what it has read.
        let Ok(mut source) = self.source.lock() else { return true };
        let mut is_over = source.begin(shared);
        while !is_over && !self.steps_back(shared) {
            is_over = source.read(shared);
        }
        is_over
    }

    /// Whether the thread leaves it to callers to read from now on.
    fn steps_back(&self, shared: &Shared) -> bool {
        let mut watch = self.watch();
        if !std::mem::take(&mut watch.is_wanted) {
            return false;
        }
        watch.stands_back = true;
        drop(watch);
        // Who has looked before that relies on the thread.
        if shared.is_waited_for() {
            self.watch().stands_back = false;
        }
        self.stands_back()
    }

    /// Whether nobody reads but callers for themselves: who does not has to have the thread summoned.
    pub(super) fn stands_back(&self) -> bool {
        self.watch().stands_back
    }

    /// Lets callers read until the thread is summoned, or nobody has read for a while.
    fn stand_back(&self) {
        let mut watch = self.watch();
        while watch.stands_back {
            let (guard, waited) = self.summoned.wait_timeout(watch, QUIET).unwrap_or_else(PoisonError::into_inner);
            watch = guard;
            if waited.timed_out() && !std::mem::take(&mut watch.was_used) {
                watch.stands_back = matches!(self.source.try_lock(), Err(TryLockError::WouldBlock));
            }
        }
    }

    /// Has the thread read, for there are others than a caller that reads for itself.
    pub(super) fn summon(&self) {
        if std::mem::take(&mut self.watch().stands_back) {
            self.summoned.notify_one();
        }
    }

    /// A caller that has the connection to itself reads until its call has ended, if the thread lets it.
    pub(super) fn read_until_ended(&self, shared: &Shared, seq: u64) {
        let mut source = match self.source.try_lock() {
            Ok(source) => source,
            Err(TryLockError::WouldBlock) => {
                self.watch().is_wanted = true;
                return;
            }
            // The thread will see it, too.
            Err(TryLockError::Poisoned(_)) => return,
        };
        let mut is_over = false;
        while !is_over && !shared.has_ended(seq) {
            is_over = source.read(shared);
        }
        drop(source);
        self.watch().was_used = true;
        if is_over || shared.is_waited_for() {
            shared.leave();
        }
    }
}

/// Ends the connection when nobody reads any more, be it that the stream panics.
struct End<'s>(&'s Shared);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.fail(Error::UnexpectedEof);
        self.0.leave();
    }
}

impl<R: Read> Source<R> {
    /// Takes what was read before there was a connection. Whether that was all.
    fn begin(&mut self, shared: &Shared) -> bool {
        let len = self.input.len();
        len > 0 && shared.handle_read(&mut self.input, Ok(len), None).is_over
    }

    /// Reads once. Whether the connection is over.
    fn read(&mut self, shared: &Shared) -> bool {
        let Self { reader, input, chunk } = self;
        let read = reader.read(chunk);
        match read {
            Ok(read) => input.extend_from_slice(&chunk[..read]),
            Err(error) if error.kind() == ErrorKind::Interrupted => return false,
            Err(_) => {}
        }
        let came = shared.handle_read(input, read, None);
        if !input.is_empty() {
            input.reserve(buffer::room(input.len(), came.announced));
        } else if input.capacity() > KEEP {
            *input = BytesMut::new();
        }
        came.is_over
    }
}
