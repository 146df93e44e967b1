//! `gobrpc replay`: sends the requests of a recording again, and compares the replies.

mod live;
mod report;

use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;
use std::time::Duration;

use self::live::Live;
use self::report::Report;
use crate::addr::{parse_addr, parse_duration};
use crate::capture::{Call, Conversation, Event, Limits, Outcome, Reader, Record, Side, What};
use crate::error::{Error, Result};
use crate::runtime::block_on;

/// Send recorded requests again, and compare the replies
///
/// FILE is what `gobrpc tap --record` has written. The connections are made again, and the bytes of the clients sent
/// again, in the order of the recording: what had been answered before a request was made, on whatever connection, is
/// waited for before that request is sent. Replies are found by their connection and number, and compared as the JSON
/// that is printed of them. Those that differ are shown, and the command exits with 1.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The recording
    file: PathBuf,
    /// The server: `host:port` or `unix:/path`
    #[arg(value_parser = parse_addr)]
    target: String,
    /// Do not compare the replies of this method, because they differ every time; may be given more than once
    #[arg(long, value_name = "METHOD")]
    ignore: Vec<String>,
    /// How long to wait for a reply: 500ms, 2s, 1m30s
    #[arg(long, value_name = "DURATION", value_parser = parse_duration, default_value = "10s")]
    timeout: Duration,
    /// Print a line of JSON for each difference, and one for the summary
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  gobrpc tap localhost:9528 localhost:9527 --record calls.rec
  gobrpc replay calls.rec localhost:9527
  gobrpc replay calls.rec localhost:9527 --ignore Clock.Now --json";

/// The file is one's own: nothing in it is too long.
const LIMITS: Limits = Limits { message: usize::MAX, show: usize::MAX };

pub(crate) fn run(args: Args) -> Result<()> {
    let unreadable = |error: String| Error::data(format_args!("cannot replay {}: {error}", args.file.display()));
    let file = File::open(&args.file).map_err(|error| unreadable(error.to_string()))?;
    let (mut reader, _) = Reader::new(BufReader::new(file)).map_err(unreadable)?;
    let report = Report::new(args.json, args.ignore);
    block_on(async {
        let mut replay = Replay { target: args.target, timeout: args.timeout, connections: HashMap::new(), report };
        while let Some(record) = reader.next().map_err(unreadable)? {
            replay.step(record).await?;
        }
        replay.finish().await
    })
}

struct Replay {
    target: String,
    timeout: Duration,
    connections: HashMap<u64, Connection>,
    report: Report,
}

/// A connection, as it was and as it is.
struct Connection {
    recorded: Conversation,
    live: Live,
}

impl Replay {
    async fn step(&mut self, Record { at, conn, what }: Record) -> Result<()> {
        if let What::Open(_) = what {
            let live = Live::connect(&self.target).await?;
            self.report.connections += 1;
            self.connections.insert(conn, Connection { recorded: Conversation::new(LIMITS), live });
            return Ok(());
        }
        let Some(Connection { recorded, live }) = self.connections.get_mut(&conn) else { return Ok(()) };
        let events = match what {
            What::Open(_) => Vec::new(),
            What::Client(bytes) => {
                live.send(&bytes).await;
                recorded.said(Side::Client, &bytes, at)
            }
            What::Server(bytes) => recorded.said(Side::Server, &bytes, at),
            What::End(side) => {
                match side {
                    Side::Client => live.end().await,
                    Side::Server => live.ended(self.timeout).await,
                }
                recorded.ended(side, at)
            }
            What::Closed(_) => return self.close(conn).await,
        };
        self.compare(conn, events).await
    }

    async fn close(&mut self, conn: u64) -> Result<()> {
        let Some(Connection { recorded, .. }) = self.connections.get_mut(&conn) else { return Ok(()) };
        let events = recorded.closed();
        self.compare(conn, events).await?;
        self.connections.remove(&conn);
        Ok(())
    }

    /// Waits for what has happened in the recording to happen again.
    async fn compare(&mut self, conn: u64, events: Vec<Event>) -> Result<()> {
        let Some(Connection { live, .. }) = self.connections.get_mut(&conn) else { return Ok(()) };
        for event in events {
            match event {
                Event::Connected { .. } => live.connected(self.timeout).await?,
                // There is nothing to compare with.
                Event::Call(Call { outcome: Outcome::Unanswered(_), .. }) => self.report.unanswered += 1,
                Event::Call(call) => {
                    let outcome = live.answer(&call.seq, self.timeout).await;
                    self.report.compare(conn, &call, &outcome)?;
                }
                Event::Other(what) => self.report.note(conn, &format!("not RPC, sent again and not compared: {what}")),
                Event::Lost { side, error } => {
                    let side = side.name();
                    self.report.note(conn, &format!("what the {side} said cannot be followed any further: {error}"));
                }
            }
        }
        Ok(())
    }

    async fn finish(mut self) -> Result<()> {
        let mut open: Vec<_> = self.connections.keys().copied().collect();
        open.sort_unstable();
        for conn in open {
            self.close(conn).await?;
        }
        self.report.finish()
    }
}
