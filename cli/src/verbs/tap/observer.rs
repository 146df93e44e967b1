//! Looks at what is passed on: records it, decodes it, and has it printed.

use std::collections::HashMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use tokio::sync::mpsc::Receiver;

use super::print::Printer;
use crate::capture::{Conversation, Event, Header, Limits, Record, Side, What, Writer};
use crate::error::{Error, Result};

pub(super) struct Observer {
    printer: Printer,
    limits: Limits,
    connections: HashMap<u64, Connection>,
    recording: Option<(Writer<BufWriter<File>>, PathBuf)>,
    /// Why the recording is not whole.
    failed: Option<Error>,
}

struct Connection {
    conversation: Conversation,
    calls: u64,
}

impl Observer {
    pub(super) fn new(printer: Printer, limits: Limits) -> Self {
        Self { printer, limits, connections: HashMap::new(), recording: None, failed: None }
    }

    /// Also writes all to this file.
    pub(super) fn record(&mut self, path: &Path, header: &Header) -> Result<()> {
        let writer = File::create(path).and_then(|file| Writer::new(BufWriter::new(file), header));
        self.recording = Some((writer.map_err(|error| unwritable(path, &error))?, path.to_owned()));
        Ok(())
    }

    /// Looks at all that comes. Ends when nothing more will, or when nobody reads what is printed.
    pub(super) fn run(mut self, mut records: Receiver<Record>) -> Result<()> {
        while let Some(record) = records.blocking_recv() {
            self.look(record)?;
            if records.is_empty() {
                self.flush()?;
            }
        }
        let mut open: Vec<_> = self.connections.keys().copied().collect();
        open.sort_unstable();
        for conn in open {
            self.close(conn)?;
        }
        self.flush()?;
        self.failed.map_or(Ok(()), Err)
    }

    fn look(&mut self, record: Record) -> Result<()> {
        self.write(|recording| recording.write(&record));
        let Record { at, conn, what } = record;
        if let What::Open(peer) = what {
            let conversation = Conversation::new(self.limits);
            self.connections.insert(conn, Connection { conversation, calls: 0 });
            return Ok(self.printer.opened(at, conn, &peer)?);
        }
        let Some(Connection { conversation, calls }) = self.connections.get_mut(&conn) else { return Ok(()) };
        let events = match &what {
            What::Client(bytes) => conversation.said(Side::Client, bytes, at),
            What::Server(bytes) => conversation.said(Side::Server, bytes, at),
            What::End(side) => conversation.ended(*side, at),
            What::Open(_) => Vec::new(),
            What::Closed(error) => {
                self.close(conn)?;
                let calls = self.connections.remove(&conn).map_or(0, |connection| connection.calls);
                return Ok(self.printer.closed(at, conn, calls, error.as_deref())?);
            }
        };
        for event in events {
            *calls += u64::from(matches!(event, Event::Call(_)));
            self.printer.event(at, conn, &event)?;
        }
        Ok(())
    }

    /// Prints the calls that will not be answered any more.
    fn close(&mut self, conn: u64) -> Result<()> {
        let Some(Connection { conversation, calls }) = self.connections.get_mut(&conn) else { return Ok(()) };
        for event in conversation.closed() {
            *calls += 1;
            self.printer.event(std::time::Duration::ZERO, conn, &event)?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        self.write(Writer::flush);
        Ok(self.printer.flush()?)
    }

    /// Writes to the recording, if there is one. Passing on is worth more than it: it ends with an error, and nothing
    /// else does.
    fn write(&mut self, write: impl FnOnce(&mut Writer<BufWriter<File>>) -> std::io::Result<()>) {
        let Some((writer, path)) = &mut self.recording else { return };
        if let Err(error) = write(writer) {
            let error = unwritable(path, &error);
            anstream::eprintln!("gobrpc: {error}; the recording ends here");
            self.recording = None;
            self.failed = Some(error);
        }
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> Error {
    Error::data(format_args!("cannot write {}: {error}", path.display()))
}
