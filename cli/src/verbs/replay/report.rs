//! The differences between what was and what is.

use std::io::Write;

use clap::builder::styling::{AnsiColor, Style};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::capture::show::{Plain, Value, shown};
use crate::capture::{Call, Outcome};
use crate::error::{Error, Result};

const METHOD: Style = Style::new().bold();
const WAS: Style = AnsiColor::Red.on_default();
const IS: Style = AnsiColor::Green.on_default();

pub(super) struct Report {
    json: bool,
    ignore: Vec<String>,
    pub(super) connections: u64,
    /// Calls that had no reply in the recording.
    pub(super) unanswered: u64,
    same: u64,
    different: u64,
    ignored: u64,
}

/// A difference, for programs.
#[derive(Serialize)]
struct Line<'a> {
    conn: u64,
    seq: &'a RawValue,
    method: &'a str,
    args: Option<&'a RawValue>,
    recorded: End<'a>,
    replayed: End<'a>,
}

/// How a call ended: in one of these.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum End<'a> {
    Reply(Option<&'a RawValue>),
    Error(&'a str),
    NoReply(&'a str),
}

impl Report {
    pub(super) const fn new(json: bool, ignore: Vec<String>) -> Self {
        Self { json, ignore, connections: 0, unanswered: 0, same: 0, different: 0, ignored: 0 }
    }

    pub(super) fn compare(&mut self, conn: u64, call: &Call, outcome: &Outcome) -> Result<()> {
        if self.ignore.contains(&call.method) {
            self.ignored += 1;
            return Ok(());
        }
        if call.outcome == *outcome {
            self.same += 1;
            return Ok(());
        }
        self.different += 1;
        let mut out = anstream::stdout().lock();
        if self.json {
            let args = match &call.args {
                Some(args) => shown(args)?.0,
                None => None,
            };
            let (recorded, replayed) = (End::new(&call.outcome)?, End::new(outcome)?);
            let seq = serde_json::from_str(&call.seq).map_err(std::io::Error::from)?;
            let line = Line { conn, seq, method: &call.method, args, recorded, replayed };
            serde_json::to_writer(&mut out, &line).map_err(std::io::Error::from)?;
            writeln!(out)?;
        } else {
            write!(out, "{conn}  {}  {METHOD}{}{METHOD:#}", Plain(&call.seq), Plain(&call.method))?;
            match &call.args {
                Some(args) => writeln!(out, " {}", Value(args, usize::MAX))?,
                None => writeln!(out)?,
            }
            writeln!(out, "  {WAS}- {}{WAS:#}", text(&call.outcome))?;
            writeln!(out, "  {IS}+ {}{IS:#}", text(outcome))?;
        }
        Ok(out.flush()?)
    }

    /// Says what is no difference, and worth to know.
    pub(super) fn note(&self, conn: u64, text: &str) {
        anstream::eprintln!("gobrpc: connection {conn}: {}", Plain(text));
    }

    /// The summary, and an error if anything differs.
    pub(super) fn finish(self) -> Result<()> {
        let Self { connections, unanswered, same, different, ignored, .. } = self;
        let calls = same + different + ignored + unanswered;
        let mut out = anstream::stdout().lock();
        if self.json {
            let summary = serde_json::json!({
                "connections": connections, "calls": calls, "same": same, "different": different, "ignored": ignored,
                "unanswered": unanswered,
            });
            writeln!(out, "{summary}")?;
        } else {
            let parts =
                [(same, "the same"), (different, "different"), (ignored, "ignored"), (unanswered, "without a reply")];
            let parts: Vec<_> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
            let colon = if parts.is_empty() { "" } else { ": " };
            writeln!(out, "{calls} calls on {connections} connections{colon}{}", parts.join(", "))?;
        }
        out.flush()?;
        match different {
            0 => Ok(()),
            1 => Err(Error::data("1 reply differs from the recording")),
            n => Err(Error::data(format_args!("{n} replies differ from the recording"))),
        }
    }
}

impl<'a> End<'a> {
    fn new(outcome: &'a Outcome) -> Result<Self> {
        Ok(match outcome {
            Outcome::Reply(reply) => Self::Reply(shown(reply)?.0),
            Outcome::Error(error) => Self::Error(error),
            Outcome::Unanswered(why) => Self::NoReply(why),
        })
    }
}

fn text(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Reply(reply) => Value(reply, usize::MAX).to_string(),
        Outcome::Error(error) => format!("error: {}", Plain(error)),
        Outcome::Unanswered(why) => format!("no reply: {why}"),
    }
}
