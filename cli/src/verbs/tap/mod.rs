//! `gobrpc tap`: a proxy that shows the calls that go through it.

mod observer;
mod print;
mod proxy;

use std::path::PathBuf;

use jiff::Timestamp;
use tokio::sync::mpsc;

use self::observer::Observer;
use self::print::{Form, Printer};
use crate::addr::parse_addr;
use crate::capture::{Header, Limits};
use crate::error::{Error, Result};
use crate::net::Listener;
use crate::runtime::block_on;

/// Pass connections on to a server, and show every call
///
/// Clients connect to LISTEN instead of TARGET. Every byte is passed on as it comes; beside that it is decoded, and
/// each call is printed when its reply has come: the time, the connection, the number of the call, the method, the
/// arguments, the reply or the error, and how long it took. gob, gob over HTTP and JSON-RPC are told apart by
/// themselves. What cannot be understood is passed on all the same.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Where to listen: `host:port` or `unix:/path`; port 0 takes a free one
    #[arg(value_parser = parse_addr)]
    listen: String,
    /// The server: `host:port` or `unix:/path`
    #[arg(value_parser = parse_addr)]
    target: String,
    /// Print a line of JSON for each call
    #[arg(long)]
    json: bool,
    /// Print long arguments and replies whole, too
    #[arg(long)]
    full: bool,
    /// Write all that is said to this file, for `gobrpc replay`
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Follow messages up to this length; a longer one is passed on, but ends what is shown of its connection
    #[arg(long, value_name = "BYTES", default_value_t = 16 << 20)]
    max_message: usize,
}

const EXAMPLES: &str = "\
Examples:
  gobrpc tap localhost:9528 localhost:9527            # then let clients connect to 9528
  gobrpc tap localhost:9528 unix:/run/app.sock --json | jq 'select(.error)'
  gobrpc tap :9528 localhost:9527 --record calls.rec  # and later: gobrpc replay calls.rec localhost:9527";

/// How much may wait to be looked at, in pieces of what was read at once. Then reading waits, too.
const WAITING: usize = 64;

/// Values in longer messages are told by their length: in memory they may take some fifty times as much.
const SHOW: usize = 1 << 20;

pub(crate) fn run(args: Args) -> Result<()> {
    let limits = Limits { message: args.max_message, show: SHOW.min(args.max_message) };
    let form = match (args.json, args.full) {
        (true, _) => Form::Json,
        (false, true) => Form::Text { cut: usize::MAX },
        (false, false) => Form::Text { cut: 500 },
    };
    block_on(async {
        let listener = Listener::bind(&args.listen).await?;
        let started = Timestamp::now();
        let mut observer = Observer::new(Printer::new(form, started), limits);
        if let Some(path) = &args.record {
            observer.record(path, &Header::new(started.to_string(), args.target.clone()))?;
        }
        anstream::eprintln!("gobrpc: listening on {}, passing on to {}", listener.address(), args.target);
        let (records, observed) = mpsc::channel(WAITING);
        // Printing may block, and decoding takes time: both are for a thread of their own.
        let observing = tokio::task::spawn_blocking(move || observer.run(observed));
        proxy::run(listener, &args.target, records).await;
        observing.await.map_err(Error::data)?
    })
}
