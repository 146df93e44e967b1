//! Two threads that move a client's bytes where there is no runtime, as Go's client has a goroutine that reads.

use std::io::{ErrorKind, Read, Write};
use std::sync::Arc;
use std::task::{Context, Waker};
use std::thread;
use std::time::Instant;

use bytes::BytesMut;

use crate::rpc::block::Unpark;
use crate::rpc::buffer::{self, CHUNK, KEEP};
use crate::rpc::client::shared::{Shared, Turn};
use crate::rpc::error::{Error, Result};

/// Starts the threads. `close` ends the stream for both, so that a read that waits returns; `input` is what was read
/// already.
pub(in crate::rpc::client) fn spawn(
    reader: impl Read + Send + 'static,
    writer: impl Write + Send + 'static,
    close: impl FnOnce() + Send + 'static,
    shared: &Arc<Shared>,
    input: BytesMut,
) -> Result<()> {
    let (for_reader, for_writer) = (Arc::clone(shared), Arc::clone(shared));
    thread::Builder::new().name("gobrpc reader".to_owned()).spawn(move || read(reader, &for_reader, input))?;
    let spawned = thread::Builder::new().name("gobrpc writer".to_owned()).spawn(move || {
        // Also when the writer panics, which is no code of ours: those who wait must be told.
        let _finish = Finish(&for_writer);
        write(writer, &for_writer);
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
    if !input.is_empty() {
        shared.handle_input(&mut input);
    }
    while !shared.is_dead() {
        match reader.read(&mut chunk) {
            Ok(0) => shared.handle(|conn| conn.handle_eof(&mut input)),
            Ok(read) => {
                input.extend_from_slice(&chunk[..read]);
                shared.handle_input(&mut input);
                if input.is_empty() && input.capacity() > KEEP {
                    input = BytesMut::new();
                }
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => shared.handle(|conn| conn.fail(Error::from(error))),
        }
    }
    // The writer closes the stream.
    shared.wake_driver();
}

/// Writes what calls leave in the buffer, and ends calls whose time is up.
fn write(mut writer: impl Write, shared: &Shared) {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let cx = Context::from_waker(&waker);
    let mut bytes = Vec::new();
    while !matches!(shared.turn(&cx, true), Turn::Over) {
        let next = shared.expire();
        shared.transmit(&mut bytes);
        if !bytes.is_empty() {
            if let Err(error) = writer.write_all(&bytes).and_then(|()| writer.flush()) {
                shared.handle(|conn| conn.fail(Error::from(error)));
            }
            buffer::clear(&mut bytes);
            continue;
        }
        match next {
            Some(deadline) => thread::park_timeout(deadline.saturating_duration_since(Instant::now())),
            None => thread::park(),
        }
    }
}
