//! `gobrpc call`: calls a method, once or with each of many arguments.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;

use gobrpc::Gob;
use gobrpc::gob::Value;
use gobrpc::rpc::{self, Client, Pending};
use serde::de::DeserializeOwned;
use tokio::sync::mpsc;

use crate::addr::ConnectArgs;
use crate::error::{Error, Result};
use crate::golang::DeclArgs;
use crate::input::JsonInput;
use crate::json::{self, Json, Raw};
use crate::output::Output;
use crate::payload::Typing;
use crate::progress::Progress;
use crate::runtime;

const EXAMPLES: &str = "\
Examples:
  gobrpc call localhost:1234 Arith.Multiply '{\"A\":7,\"B\":8}'
  gobrpc call --http localhost:9527 StringService.Concat '{\"SA\":\"hello \",\"SB\":\"go rpc\"}'
  gobrpc call unix:/run/app.sock Cache.Get --arg-type Key --decl types.go '{\"Name\":\"a\"}'
  gobrpc call --jsonrpc localhost:1234 Arith.Multiply @many.json > replies.json";

/// Call a method of a server, and print its reply as JSON
///
/// With several arguments the method is called with each, without waiting for the replies in between; the replies come
/// in the order of the arguments.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    connect: ConnectArgs,
    /// The method, as Arith.Multiply
    #[arg(value_name = "SERVICE.METHOD")]
    method: String,
    /// The arguments: JSON, `@FILE`, or `-` for stdin
    #[arg(default_value = "{}")]
    json: JsonInput,
    /// The Go type of the arguments, where the one that the JSON suggests is another
    #[arg(long, value_name = "GOTYPE", conflicts_with = "jsonrpc")]
    arg_type: Option<String>,
    #[command(flatten)]
    decl: DeclArgs,
    /// Indent the replies, for people
    #[arg(long)]
    pretty: bool,
}

/// How many calls wait for their reply at most.
const IN_FLIGHT: usize = 256;

/// How much a reply may print.
const MAX_PRINTED: u64 = 4 << 30;

/// Stack for documents as deep as they may be.
const READER_STACK: usize = 16 << 20;

pub(crate) fn run(args: Args) -> Result<()> {
    let typing = Typing::new(args.decl.load()?, args.arg_type.as_deref())?;
    runtime::block_on(async {
        let client = args.connect.connect().await?;
        let options = &args.connect.options;
        let calls = Calls::new(args.json, args.pretty, !options.jsonrpc && options.http.is_none())?;
        if options.jsonrpc {
            let start = |json| Ok(client.go::<Raw>(&args.method, &Raw(json))?);
            return calls.run(start, |output, Raw(reply)| output.json(reply)).await;
        }
        let start = |json| start(&client, &args.method, &typing, json);
        calls.run(start, |output, reply: &Value| output.value(reply, MAX_PRINTED)).await
    })
}

fn start(client: &Client, method: &str, typing: &Typing, json: Json) -> Result<Pending<Value>> {
    let argument = typing.argument(json)?;
    client.go(method, &argument).map_err(|error| match error {
        // Nothing was sent; this tells the place too.
        rpc::Error::Codec(_) => argument.check().err().unwrap_or_else(|| error.into()),
        _ => error.into(),
    })
}

/// A run of calls, their arguments read while others wait for their reply.
struct Calls {
    documents: mpsc::Receiver<Result<Json>>,
    progress: Progress,
    output: Output,
    /// Whether it takes a number to know which call an error is of.
    numbered: bool,
    /// Whether the server was taken to speak plain gob, which nobody has said.
    is_guess: bool,
    failed: bool,
    done: usize,
}

impl Calls {
    fn new(input: JsonInput, pretty: bool, is_guess: bool) -> Result<Self> {
        let progress = Progress::new("calls", input.len());
        let numbered = !matches!(input, JsonInput::Text(_));
        let input = progress.reading(input.open()?);
        let (sender, documents) = mpsc::channel(IN_FLIGHT);
        let read = move || {
            for document in json::documents(input) {
                let is_last = document.is_err();
                if sender.blocking_send(document).is_err() || is_last {
                    return;
                }
            }
        };
        let thread = std::thread::Builder::new().stack_size(READER_STACK).spawn(read);
        thread.map_err(|error| Error::data(format_args!("cannot start a thread: {error}")))?;
        Ok(Self { documents, progress, output: Output::new(pretty), numbered, is_guess, failed: false, done: 0 })
    }

    /// Makes the calls, and prints the replies in the order of the arguments.
    async fn run<R: Gob + DeserializeOwned>(
        mut self,
        mut start: impl FnMut(Json) -> Result<Pending<R>>,
        print: impl Fn(&mut Output, &R) -> Result<()>,
    ) -> Result<()> {
        let mut pending: VecDeque<Pending<R>> = VecDeque::new();
        let (mut started, mut open, mut broken) = (0, true, None);
        while open || !pending.is_empty() {
            tokio::select! {
                document = self.documents.recv(), if open && pending.len() < IN_FLIGHT => {
                    match document.map(|document| document.and_then(&mut start)) {
                        Some(Ok(call)) => {
                            pending.push_back(call);
                            started += 1;
                        }
                        Some(Err(error)) => {
                            let error = if started == 0 { self.unanswered(error) } else { error };
                            (open, broken) = (false, Some(error.of_document(started)));
                        }
                        None => open = false,
                    }
                }
                reply = first(&mut pending), if !pending.is_empty() => {
                    pending.pop_front();
                    self.reply(reply, &print)?;
                }
            }
        }
        match broken {
            Some(error) => Err(error),
            None if self.failed => Err(Error::Reported),
            None => Ok(()),
        }
    }

    fn reply<R>(&mut self, reply: rpc::Result<R>, print: impl Fn(&mut Output, &R) -> Result<()>) -> Result<()> {
        self.done += 1;
        match reply.map_err(Error::from) {
            Ok(reply) if self.output.is_terminal() => self.progress.aside(|| print(&mut self.output, &reply))?,
            Ok(reply) => print(&mut self.output, &reply)?,
            Err(error @ (Error::Server(_) | Error::Data(_))) => {
                self.failed = true;
                let number = self.numbered.then_some(self.done);
                self.progress.aside(|| error.report_one(number));
            }
            Err(error) if self.done == 1 => return Err(self.unanswered(error)),
            Err(error) => return Err(error),
        }
        self.progress.step();
        Ok(())
    }

    /// An error before anything was answered, with what to do if the server speaks something else.
    fn unanswered(&self, error: Error) -> Error {
        match error {
            Error::Connection(reason) if self.is_guess => {
                Error::connection(format_args!("{reason}; use --http or --jsonrpc if that is what the server speaks"))
            }
            error => error,
        }
    }
}

/// Waits for the first of them.
async fn first<R: Gob + DeserializeOwned>(pending: &mut VecDeque<Pending<R>>) -> rpc::Result<R> {
    match pending.front_mut() {
        Some(call) => poll_fn(|cx| Pin::new(&mut *call).poll(cx)).await,
        None => std::future::pending().await,
    }
}
