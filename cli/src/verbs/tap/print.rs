//! How calls look, for people and for programs.

use std::io::{self, Write};
use std::time::Duration;

use clap::builder::styling::{AnsiColor, Style};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::capture::show::{Cut, Plain, Value, shown};
use crate::capture::{Call, Event, Outcome, Side};
use crate::clock::{self, Clock};

/// What is printed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    Json,
    /// Values longer than so many characters are cut.
    Text {
        cut: usize,
    },
}

const DIM: Style = Style::new().dimmed();
const METHOD: Style = Style::new().bold();
const REPLY: Style = AnsiColor::Green.on_default();
const ERROR: Style = AnsiColor::Red.on_default();
const WARNING: Style = AnsiColor::Yellow.on_default();

pub(super) struct Printer {
    form: Form,
    started: Timestamp,
    clock: Clock,
    out: io::BufWriter<anstream::AutoStream<io::Stdout>>,
}

/// A line for programs. What does not apply is left out.
#[derive(Serialize)]
struct Line<'a> {
    time: String,
    conn: u64,
    event: &'static str,
    #[serde(flatten)]
    call: Option<CallLine<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    peer: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    side: Option<Side>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    calls: Option<u64>,
}

/// A call; all but the notes is always there.
#[derive(Serialize)]
struct CallLine<'a> {
    seq: &'a RawValue,
    method: &'a str,
    args: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    args_note: Option<String>,
    reply: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_note: Option<String>,
    error: Option<&'a str>,
    ms: Option<f64>,
}

impl Printer {
    pub(super) fn new(form: Form, started: Timestamp) -> Self {
        let out = io::BufWriter::new(anstream::AutoStream::auto(io::stdout()));
        Self { form, started, clock: Clock::new(), out }
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    pub(super) fn opened(&mut self, at: Duration, conn: u64, peer: &str) -> io::Result<()> {
        match self.form {
            Form::Json => self.json(&Line { peer: Some(peer), ..self.line(at, conn, "open") }),
            Form::Text { .. } => self.note(at, conn, DIM, &format!("connected from {peer}")),
        }
    }

    pub(super) fn closed(&mut self, at: Duration, conn: u64, calls: u64, error: Option<&str>) -> io::Result<()> {
        if let Form::Json = self.form {
            return self.json(&Line { message: error, calls: Some(calls), ..self.line(at, conn, "close") });
        }
        let calls = format!("{calls} call{}", if calls == 1 { "" } else { "s" });
        match error {
            None => self.note(at, conn, DIM, &format!("closed after {calls}")),
            Some(error) => self.note(at, conn, WARNING, &format!("broken after {calls}: {error}")),
        }
    }

    pub(super) fn event(&mut self, at: Duration, conn: u64, event: &Event) -> io::Result<()> {
        match (self.form, event) {
            (Form::Json, Event::Call(call)) => {
                let line = Line { call: Some(CallLine::new(call)?), ..self.line(call.at, conn, "call") };
                self.json(&line)
            }
            (Form::Json, Event::Connected { path }) => {
                self.json(&Line { path: Some(path), ..self.line(at, conn, "http") })
            }
            (Form::Json, Event::Other(what)) => {
                self.json(&Line { message: Some(what), ..self.line(at, conn, "other") })
            }
            (Form::Json, Event::Lost { side, error }) => {
                self.json(&Line { side: Some(*side), message: Some(error), ..self.line(at, conn, "lost") })
            }
            (Form::Text { cut }, Event::Call(call)) => self.call(conn, call, cut),
            (Form::Text { .. }, Event::Connected { path }) => {
                self.note(at, conn, DIM, &format!("RPC over HTTP at {path}"))
            }
            (Form::Text { .. }, Event::Other(what)) => {
                self.note(at, conn, WARNING, &format!("not RPC, passed on without a look: {what}"))
            }
            (Form::Text { .. }, Event::Lost { side, error }) => {
                let side = side.name();
                self.note(
                    at,
                    conn,
                    ERROR,
                    &format!("the {side} cannot be followed any further, and is passed on: {error}"),
                )
            }
        }
    }

    fn line<'a>(&self, at: Duration, conn: u64, event: &'static str) -> Line<'a> {
        let time = clock::rfc3339(self.time(at));
        Line { time, conn, event, call: None, peer: None, path: None, side: None, message: None, calls: None }
    }

    fn json(&mut self, line: &Line<'_>) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, line)?;
        self.out.write_all(b"\n")
    }

    fn note(&mut self, at: Duration, conn: u64, style: Style, text: &str) -> io::Result<()> {
        let time = self.time_of_day(at);
        writeln!(self.out, "{DIM}{time}  {conn}{DIM:#}  {style}{}{style:#}", Plain(text))
    }

    fn call(&mut self, conn: u64, call: &Call, cut: usize) -> io::Result<()> {
        let Call { seq, method, args, outcome, at, took } = call;
        let time = self.time_of_day(*at);
        write!(self.out, "{DIM}{time}  {conn}{DIM:#}  {}  {METHOD}{}{METHOD:#}", Cut(seq, cut), Plain(method))?;
        match args {
            Some(args) => write!(self.out, " {} ", Value(args, cut))?,
            None => write!(self.out, " {WARNING}(request not seen){WARNING:#} ")?,
        }
        match outcome {
            Outcome::Reply(reply) => write!(self.out, "-> {REPLY}{}{REPLY:#}", Value(reply, cut))?,
            Outcome::Error(error) => write!(self.out, "-> {ERROR}error: {}{ERROR:#}", Cut(error, cut))?,
            Outcome::Unanswered(why) => write!(self.out, "-> {WARNING}no reply: {why}{WARNING:#}")?,
        }
        match took {
            Some(took) => writeln!(self.out, "  {DIM}{took:.1?}{DIM:#}"),
            None => writeln!(self.out),
        }
    }

    fn time(&self, at: Duration) -> Timestamp {
        let at = SignedDuration::try_from(at).unwrap_or_default();
        self.started.checked_add(at).unwrap_or(self.started)
    }

    fn time_of_day(&self, at: Duration) -> String {
        self.clock.time_of_day(self.time(at))
    }
}

impl<'a> CallLine<'a> {
    fn new(call: &'a Call) -> io::Result<Self> {
        let (args, args_note) = match &call.args {
            Some(args) => shown(args)?,
            None => (None, Some("the request was not seen".to_owned())),
        };
        let ((reply, reply_note), error) = match &call.outcome {
            Outcome::Reply(reply) => (shown(reply)?, None),
            Outcome::Error(error) => ((None, None), Some(error.as_str())),
            Outcome::Unanswered(why) => ((None, Some(format!("no reply: {why}"))), None),
        };
        let ms = call.took.map(|took| took.as_micros() as f64 / 1e3);
        let seq = serde_json::from_str(&call.seq)?;
        Ok(Self { seq, method: &call.method, args, args_note, reply, reply_note, error, ms })
    }
}
