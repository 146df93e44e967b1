//! Connections, passed on byte for byte.

use std::io;
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc::Sender;
use tokio::task::JoinSet;

use crate::capture::{Record, Side, What};
use crate::net::{Listener, Stream};
use crate::signals;

/// How much is read at once.
const PIECE: usize = 64 << 10;

/// Takes connections until someone interrupts the program, or nobody looks at them any more.
pub(super) async fn run(listener: Listener, target: &str, records: Sender<Record>) {
    let start = Instant::now();
    let interrupted = signals::interrupted();
    tokio::pin!(interrupted);
    let mut connections = JoinSet::new();
    let mut conn = 0;
    loop {
        tokio::select! {
            () = &mut interrupted => break,
            () = records.closed() => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((client, peer)) => {
                    conn += 1;
                    let log = Log { conn, start, records: records.clone() };
                    connections.spawn(connection(client, peer, target.to_owned(), log));
                }
                // There may be too many open files; that passes.
                Err(error) => {
                    anstream::eprintln!("gobrpc: cannot accept a connection: {error}");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            },
        }
    }
}

/// Where a connection tells what happens on it.
#[derive(Debug, Clone)]
struct Log {
    conn: u64,
    start: Instant,
    records: Sender<Record>,
}

impl Log {
    /// Waits for there to be room, so that memory is bounded. `false` when nobody looks any more.
    async fn tell(&self, what: What) -> bool {
        let record = Record { at: self.start.elapsed(), conn: self.conn, what };
        self.records.send(record).await.is_ok()
    }
}

async fn connection(client: Stream, peer: String, target: String, log: Log) {
    if !log.tell(What::Open(peer)).await {
        return;
    }
    let error = match Stream::connect(&target).await {
        Ok(server) => pass(client, server, &log).await.err().map(|error| error.to_string()),
        Err(error) => Some(format!("cannot connect to {target}: {error}")),
    };
    log.tell(What::Closed(error)).await;
}

/// Passes on both directions until both have ended, or one breaks.
async fn pass(client: Stream, server: Stream, log: &Log) -> io::Result<()> {
    let (mut from_client, mut to_client) = tokio::io::split(client);
    let (mut from_server, mut to_server) = tokio::io::split(server);
    tokio::try_join!(
        pump(Side::Client, &mut from_client, &mut to_server, log),
        pump(Side::Server, &mut from_server, &mut to_client, log),
    )?;
    Ok(())
}

/// Passes on one direction: its bytes, as fast as the other end takes them, and its end.
async fn pump(
    side: Side,
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
    log: &Log,
) -> io::Result<()> {
    let mut piece = vec![0; PIECE];
    loop {
        let len = from.read(&mut piece).await.map_err(|error| of(side, &error))?;
        if len == 0 {
            log.tell(What::End(side)).await;
            // The other end may be gone already.
            let _ = to.shutdown().await;
            return Ok(());
        }
        // Told before it is passed on: what it causes comes later in the recording, on whatever connection.
        if !log.tell(What::said(side, &piece[..len])).await {
            return Ok(());
        }
        to.write_all(&piece[..len]).await.map_err(|error| of(side.other(), &error))?;
    }
}

/// An error of this side's connection.
fn of(side: Side, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", side.name()))
}
