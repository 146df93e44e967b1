//! `gobrpc bench`: calls a method as often as the server can answer, and tells how long it took.

mod load;
mod report;

use std::num::{NonZeroU64, NonZeroUsize};
use std::time::Duration;

use self::load::{Arguments, Load};
use crate::addr::{ConnectArgs, parse_duration};
use crate::error::{Error, Result};
use crate::golang::DeclArgs;
use crate::input::JsonInput;
use crate::json::{self, Raw};
use crate::payload::Typing;
use crate::runtime::block_on;

/// Call a method under load, and measure the latency
///
/// Every connection makes one call after the other, or as many at the same time as --in-flight says. Ctrl-C ends the
/// load and reports what there is. Exits with 1 if no call succeeded.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    connect: ConnectArgs,
    /// The method, as Arith.Multiply
    #[arg(value_name = "SERVICE.METHOD")]
    method: String,
    /// The arguments of every call: JSON, `@FILE`, or `-` for stdin
    #[arg(value_name = "JSON", default_value = "{}")]
    args: JsonInput,
    /// The Go type of the arguments, where the one that the JSON suggests is another
    #[arg(long, value_name = "GOTYPE", conflicts_with = "jsonrpc")]
    arg_type: Option<String>,
    #[command(flatten)]
    decl: DeclArgs,
    /// How many connections to make
    #[arg(short = 'c', long, value_name = "N", default_value = "1")]
    connections: NonZeroUsize,
    /// How many calls may be under way on a connection
    #[arg(short = 'p', long, value_name = "N", default_value = "1")]
    in_flight: NonZeroUsize,
    /// How many calls to make, over all connections [default: 1000 if there is no --duration]
    #[arg(short = 'n', long, value_name = "N")]
    calls: Option<NonZeroU64>,
    /// How long to make calls: 500ms, 10s, 1m30s
    #[arg(short, long, value_name = "DURATION", value_parser = parse_duration)]
    duration: Option<Duration>,
    /// Print one document of JSON
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  gobrpc bench localhost:1234 Arith.Multiply '{\"A\":7,\"B\":8}' -c 8 -d 10s
  gobrpc bench localhost:1234 Arith.Multiply '{\"A\":7,\"B\":8}' -n 100000 --in-flight 64
  gobrpc bench --http localhost:9527 StringService.Concat '{\"SA\":\"a\",\"SB\":\"b\"}' -n 100 --json";

const DEFAULT_CALLS: u64 = 1000;

pub(crate) fn run(args: Args) -> Result<()> {
    let arguments = arguments(&args)?;
    let calls = match (args.calls, args.duration) {
        (Some(calls), _) => Some(calls.get()),
        (None, Some(_)) => None,
        (None, None) => Some(DEFAULT_CALLS),
    };
    let load = Load {
        connect: args.connect.clone(),
        method: args.method.clone(),
        arguments,
        connections: args.connections.get(),
        in_flight: args.in_flight.get(),
        calls,
        duration: args.duration,
    };
    let outcome = block_on(load.run())?;
    report::print(&load, &outcome, args.json)?;
    outcome.verdict()
}

fn arguments(args: &Args) -> Result<Arguments> {
    let mut documents = json::documents(args.args.clone().open()?);
    let json = documents.next().ok_or_else(|| Error::data("there are no arguments, which have to be JSON"))??;
    if documents.next().is_some() {
        return Err(Error::data("there is more than one JSON document; every call has the same arguments"));
    }
    if args.connect.options.jsonrpc {
        return Ok(Arguments::Json(Raw(json)));
    }
    let argument = Typing::new(args.decl.load()?, args.arg_type.as_deref())?.argument(json)?;
    argument.check()?;
    Ok(Arguments::Gob(argument))
}
