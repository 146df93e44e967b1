//! `gobrpc serve`: a server that answers what it is told to.

mod canned;
mod methods;
mod print;

use std::sync::Arc;

use gobrpc::gob::Limits;
use gobrpc::rpc::codec::{GobCodec, JsonCodec};
use gobrpc::rpc::{DEFAULT_RPC_PATH, Server};

use self::canned::{Answers, Service};
use self::print::Printer;
use crate::addr::parse_addr;
use crate::error::Result;
use crate::golang::DeclArgs;
use crate::net::Listener;
use crate::runtime::block_on;
use crate::signals;

/// Serve canned replies, to test clients with
///
/// The methods, and the types of their arguments and replies, are those that a Go source declares: methods as net/rpc
/// has them, of types that begin with an upper-case letter. --method declares one without a source. Without either, a
/// method that has a --reply takes any arguments, and its reply has the type that the JSON suggests.
///
/// A method with several answers gives one after the other, and the last of them from then on. Every call is printed.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Where to listen: `host:port` or `unix:/path`; port 0 takes a free one
    #[arg(value_parser = parse_addr, default_value = "localhost:1234")]
    listen: String,
    #[command(flatten)]
    decl: DeclArgs,
    /// Declare a method with the types of its arguments and reply: 'Arith.Add(struct{A, B int}, int)'
    #[arg(long, value_name = "SIGNATURE")]
    method: Vec<String>,
    /// Register a type of the source under another name, as Go's RegisterName does
    #[arg(long, value_name = "TYPE=SERVICE", value_parser = pair)]
    name: Vec<(String, String)>,
    /// Answer calls of a method with this reply: JSON, or `@FILE`
    #[arg(long, value_name = "METHOD=JSON", value_parser = pair)]
    reply: Vec<(String, String)>,
    /// Answer calls of a method with this error; after its replies, if it has any
    #[arg(long, value_name = "METHOD=TEXT", value_parser = pair)]
    error: Vec<(String, String)>,
    /// Answer calls of a method only after a while: 500ms, 2s, 1m30s
    #[arg(long, value_name = "METHOD=DURATION", value_parser = pair)]
    delay: Vec<(String, String)>,
    /// Serve over HTTP, with the debug page beside it, as Go's rpc.HandleHTTP does
    #[arg(long, value_name = "PATH", num_args = 0..=1, require_equals = true, default_missing_value = DEFAULT_RPC_PATH)]
    http: Option<String>,
    /// Serve JSON-RPC 1.0, as Go's net/rpc/jsonrpc does
    #[arg(long, conflicts_with = "http")]
    jsonrpc: bool,
    /// Print a line of JSON for each call
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  gobrpc serve --decl arith.go --reply Arith.Multiply=56 --error 'Arith.Divide=divide by zero'
  gobrpc serve :9527 --http --decl types.go --reply StringService.Concat='\"hello go rpc\"' \\
      --delay StringService.Concat=2s
  gobrpc serve unix:/tmp/app.sock --method 'Cache.Get(string, []byte)' --reply Cache.Get='\"aGVsbG8=\"'
  gobrpc serve --reply Clock.Now=1700000000           # any arguments, and an int";

/// Reads `KEY=VALUE`.
fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("this needs a name, a = and a value".to_owned()),
    }
}

pub(crate) fn run(args: Args) -> Result<()> {
    let names = Arc::new(args.decl.load()?);
    let signatures = methods::find(&names, &args.method, &args.name)?;
    let mut answers = Answers::new(&names, signatures);
    for (method, json) in &args.reply {
        answers.reply(method, json)?;
    }
    for (method, text) in &args.error {
        answers.error(method, text)?;
    }
    for (method, delay) in &args.delay {
        answers.delay(method, delay)?;
    }
    let printer = Arc::new(Printer::new(args.json));
    let mut server = Server::new();
    for service in Service::all(answers, args.jsonrpc, &printer)? {
        server = server.register_name(&service.name.clone(), service);
    }
    let services = server.services();
    let server = server.authorize(canned::unknown(services, printer));
    block_on(async {
        let listener = Listener::bind(&args.listen).await?;
        anstream::eprintln!("gobrpc: listening on {}", listener.address());
        let stop = signals::interrupted();
        match (&args.http, args.jsonrpc) {
            (Some(path), _) => server.rpc_path(path).serve_http_with_shutdown(listener, stop).await?,
            (None, true) => server.serve_with_codec(listener, stop, JsonCodec::new).await?,
            (None, false) => server.serve_with_codec(listener, stop, || GobCodec::new(Limits::default())).await?,
        };
        Ok(())
    })
}
