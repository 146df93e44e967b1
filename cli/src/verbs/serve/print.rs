//! What the server is called with.

use std::io::{self, Write};

use clap::builder::styling::{AnsiColor, Style};
use gobrpc::rpc::Context;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::capture::show::Plain;
use crate::clock::{self, Clock};

const DIM: Style = Style::new().dimmed();
const METHOD: Style = Style::new().bold();
const REPLY: Style = AnsiColor::Green.on_default();
const ERROR: Style = AnsiColor::Red.on_default();

pub(super) struct Printer {
    json: bool,
    clock: Clock,
}

#[derive(Serialize)]
struct Line<'a> {
    time: String,
    peer: &'a str,
    seq: u64,
    method: &'a str,
    args: Option<&'a RawValue>,
    reply: Option<&'a RawValue>,
    error: Option<&'a str>,
}

impl Printer {
    pub(super) fn new(json: bool) -> Self {
        Self { json, clock: Clock::new() }
    }

    /// Prints a call and its answer. The arguments are missing where they were not read.
    pub(super) fn call(&self, context: &Context, args: Option<&str>, answer: Result<&str, &str>) {
        // Those who call want their answer, whoever reads this.
        let _ = self.try_call(context, args, answer);
    }

    fn try_call(&self, context: &Context, args: Option<&str>, answer: Result<&str, &str>) -> io::Result<()> {
        let now = Timestamp::now();
        let peer = context.peer().map_or_else(|| "unix".to_owned(), |peer| peer.to_string());
        let method = context.service_method();
        let mut out = anstream::stdout().lock();
        if self.json {
            let raw = |text: Option<&str>| text.map(serde_json::from_str::<Box<RawValue>>).transpose();
            let (args, reply) = (raw(args)?, raw(answer.ok())?);
            let line = Line {
                time: clock::rfc3339(now),
                peer: &peer,
                seq: context.seq(),
                method,
                args: args.as_deref(),
                reply: reply.as_deref(),
                error: answer.err(),
            };
            serde_json::to_writer(&mut out, &line)?;
            return writeln!(out).and_then(|()| out.flush());
        }
        let time = self.clock.time_of_day(now);
        write!(out, "{DIM}{time}  {peer}{DIM:#}  {METHOD}{}{METHOD:#} ", Plain(method))?;
        if let Some(args) = args {
            write!(out, "{} ", Plain(args))?;
        }
        match answer {
            Ok(reply) => writeln!(out, "-> {REPLY}{}{REPLY:#}", Plain(reply))?,
            Err(error) => writeln!(out, "-> {ERROR}error: {}{ERROR:#}", Plain(error))?,
        }
        out.flush()
    }
}
