//! Two threads that move a client's bytes where there is no runtime, as Go's client has a goroutine that reads.

use std::io::{ErrorKind, Read, Write};
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};
use std::thread;
use std::time::Instant;

use bytes::BytesMut;

use crate::rpc::block::Unpark;
use crate::rpc::buffer::{self, CHUNK, KEEP};
use crate::rpc::client::shared::{self, Shared, Turn};
use crate::rpc::error::{Error, Result};

/// What is written to, and what is to be written. The thread that writes and calls that are alone take turns.
pub(in crate::rpc::client) struct Link<W>(Mutex<(W, Vec<u8>)>);

impl<W: Write> Link<W> {
    pub(in crate::rpc::client) fn new(writer: W) -> Self {
        Self(Mutex::new((writer, Vec::new())))
    }

    /// Writes what calls left in the buffer. Whether there was anything.
    fn write(&self, shared: &Shared) -> bool {
        match self.0.lock() {
            Ok(mut link) => transmit(&mut link, shared),
            // It panicked when a call wrote to it, and nobody knows what it has written.
            Err(_) => {
                shared.fail(Error::UnexpectedEof);
                true
            }
        }
    }
}

impl<W: Write + Send> shared::Link for Link<W> {
    fn write(&self, shared: &Shared) -> bool {
        let Ok(mut link) = self.0.try_lock() else { return false };
        transmit(&mut link, shared);
        !shared.is_dead()
    }

    /// To write may be to wait.
    fn write_batch(&self, _: &Shared) {}

    /// A thread is at it anyway.
    fn read(&self, _: &Shared, _: u64, _: &mut Context<'_>) -> bool {
        true
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

/// Starts the threads. `close` ends the stream for both, so that a read that waits returns; `input` is what was read
/// already.
pub(in crate::rpc::client) fn spawn(
    reader: impl Read + Send + 'static,
    link: Arc<Link<impl Write + Send + 'static>>,
    close: impl FnOnce() + Send + 'static,
    shared: &Arc<Shared>,
    input: BytesMut,
) -> Result<()> {
    let (for_reader, for_writer) = (Arc::clone(shared), Arc::clone(shared));
    thread::Builder::new().name("gobrpc reader".to_owned()).spawn(move || read(reader, &for_reader, input))?;
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

/// Reads until the connection is over.
fn read(mut reader: impl Read, shared: &Shared, mut input: BytesMut) {
    // What is never read into takes no memory.
    let mut chunk = vec![0; 8 * CHUNK];
    let len = input.len();
    let mut is_over = len > 0 && shared.handle_read(&mut input, Ok(len)).is_over;
    while !is_over {
        let read = reader.read(&mut chunk);
        match read {
            Ok(read) => input.extend_from_slice(&chunk[..read]),
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(_) => {}
        }
        let came = shared.handle_read(&mut input, read);
        if !input.is_empty() {
            input.reserve(buffer::room(input.len(), came.announced));
        } else if input.capacity() > KEEP {
            input = BytesMut::new();
        }
        is_over = came.is_over;
    }
    // The writer closes the stream.
    shared.wake_driver();
}

/// Writes what calls leave in the buffer, and ends calls whose time is up.
fn write(link: &Link<impl Write>, shared: &Shared) {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let cx = Context::from_waker(&waker);
    while !matches!(shared.turn(&cx, true), Turn::Over) {
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
