//! Two threads that move a client's bytes where there is no runtime, as Go's client has a goroutine that reads.

use std::io::{Read, Write};
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};
use std::thread;
use std::time::Instant;

use bytes::BytesMut;

use super::reading::Reading;
use crate::rpc::block::Unpark;
use crate::rpc::buffer;
use crate::rpc::client::shared::{self, Shared, Turn};
use crate::rpc::error::{Error, Result};
use crate::rpc::payload::Body;

/// What is read from; what is written to, and what is to be written. The threads and calls that are alone take turns.
pub(in crate::rpc::client) struct Link<R, W> {
    reading: Reading<R>,
    writing: Mutex<(W, Vec<u8>)>,
}

impl<R: Read, W: Write> Link<R, W> {
    /// `input` is what was read already.
    pub(in crate::rpc::client) fn new(reader: R, writer: W, input: BytesMut) -> Self {
        Self { reading: Reading::new(reader, input), writing: Mutex::new((writer, Vec::new())) }
    }

    /// Writes what calls left in the buffer. Whether there was anything.
    fn write(&self, shared: &Shared) -> bool {
        match self.writing.lock() {
            Ok(mut writing) => transmit(&mut writing, shared),
            // It panicked when a call wrote to it, and nobody knows what it has written.
            Err(_) => {
                shared.fail(Error::UnexpectedEof);
                true
            }
        }
    }
}

impl<R: Read + Send, W: Write + Send> shared::Link for Link<R, W> {
    fn write(&self, shared: &Shared) -> bool {
        let Ok(mut writing) = self.writing.try_lock() else { return false };
        transmit(&mut writing, shared);
        !shared.is_dead()
    }

    /// To write may be to wait.
    fn write_batch(&self, _: &Shared) {}

    /// To read may be to wait, and who polls may have other things to do.
    fn read(&self, _: &Shared, _: u64, _: &mut Context<'_>) -> (Option<Result<Body>>, bool) {
        (None, !self.reading.stands_back())
    }

    fn wait(&self, shared: &Shared, seq: u64) {
        self.reading.read_until_ended(shared, seq);
    }
}

fn transmit((writer, bytes): &mut (impl Write, Vec<u8>), shared: &Shared) -> bool {
    shared.transmit(bytes);
    if bytes.is_empty() {
        return false;
    }
    if let Err(error) = writer.write_all(bytes).and_then(|()| writer.flush()) {
        shared.fail(error.into());
    }
    buffer::clear(bytes);
    true
}

/// Starts the threads. `close` ends the stream for both, so that a read that waits returns.
pub(in crate::rpc::client) fn spawn(
    link: Arc<Link<impl Read + Send + 'static, impl Write + Send + 'static>>,
    close: impl FnOnce() + Send + 'static,
    shared: &Arc<Shared>,
) -> Result<()> {
    let (reading, for_reader, for_writer) = (Arc::clone(&link), Arc::clone(shared), Arc::clone(shared));
    thread::Builder::new().name("gobrpc reader".to_owned()).spawn(move || reading.reading.run(&for_reader))?;
    let spawned = thread::Builder::new().name("gobrpc writer".to_owned()).spawn(move || {
        // Also when the writer panics, which is no code of ours: those who wait must be told.
        let _finish = Finish(&for_writer);
        write(&link, &for_writer);
        close();
    });
    if spawned.is_err() {
        shared.finish();
    }
    spawned?;
    Ok(())
}

struct Finish<'s>(&'s Shared);

impl Drop for Finish<'_> {
    fn drop(&mut self) {
        self.0.finish();
    }
}

/// Writes what calls leave in the buffer, and ends calls whose time is up.
fn write(link: &Link<impl Read, impl Write>, shared: &Shared) {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let cx = Context::from_waker(&waker);
    let mut has_waited = false;
    loop {
        let turn = shared.turn(&cx, has_waited);
        has_waited = matches!(turn, Turn::Later);
        if has_waited {
            thread::yield_now();
            continue;
        }
        // There is something that no call does for itself, so nor does it read for the others.
        link.reading.summon();
        if matches!(turn, Turn::Over) {
            return;
        }
        let next = shared.expire();
        if link.write(shared) {
            continue;
        }
        match next {
            Some(deadline) => thread::park_timeout(deadline.saturating_duration_since(Instant::now())),
            None => thread::park(),
        }
    }
}
