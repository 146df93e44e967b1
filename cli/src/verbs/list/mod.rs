//! `gobrpc list`: what a server has to call, from its debug page.

mod fetch;
mod page;

use std::io::Write;
use std::time::Duration;

use clap::builder::styling::Style;

use self::page::Service;
use crate::addr::parse_duration;
use crate::error::{Error, Result};
use crate::runtime::block_on;

/// List the services of a server, with the Go types of their methods
///
/// Reads the debug page of a server that speaks RPC over HTTP, Go's or one of this library: its services, their methods
/// with the types of arguments and reply, and how often each was called.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The server: `http://host:port`, `host:port` or `unix:/path`; after it the path of the page, if that is not
    /// /debug/rpc
    #[arg(value_parser = fetch::parse_place)]
    url: fetch::Place,
    /// Print one document of JSON
    #[arg(long)]
    json: bool,
    /// Give up when it takes longer: 500ms, 2s, 1m30s
    #[arg(long, value_name = "DURATION", value_parser = parse_duration, default_value = "30s")]
    timeout: Duration,
}

const EXAMPLES: &str = "\
Examples:
  gobrpc list http://localhost:9527
  gobrpc list localhost:9527 --json | jq -r '.[] | .name as $s | .methods[] | \"\\($s).\\(.name)\"'";

pub(crate) fn run(args: Args) -> Result<()> {
    let Args { url, json, timeout } = args;
    let html = block_on(async {
        match tokio::time::timeout(timeout, fetch::get(&url)).await {
            Ok(html) => html,
            Err(_) => Err(Error::connection(format_args!("{url} did not answer within {timeout:?}"))),
        }
    })?;
    let Some(services) = page::read(&html) else {
        return Err(Error::data(format_args!(
            "{url} is not the debug page of an RPC server; give the path of the page, if it is another one"
        )));
    };
    let mut out = anstream::stdout().lock();
    match json {
        true => {
            serde_json::to_writer(&mut out, &services).map_err(std::io::Error::from)?;
            writeln!(out)?;
        }
        false => table(&mut out, &services)?,
    }
    Ok(out.flush()?)
}

/// A line for every method, in columns.
fn table(out: &mut impl Write, services: &[Service]) -> std::io::Result<()> {
    const HEAD: Style = Style::new().bold();

    let mut rows = vec![["METHOD", "ARGUMENTS", "REPLY", "CALLS"].map(str::to_owned)];
    for Service { name, methods } in services {
        for method in methods {
            let calls = method.calls.to_string();
            rows.push([format!("{name}.{}", method.name), method.args.clone(), method.reply.clone(), calls]);
        }
    }
    let rows: Vec<_> = rows.into_iter().map(|row| row.map(|cell| cell.replace(char::is_control, "\u{fffd}"))).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let [method, args, reply, calls] = [0, 1, 2, 3].map(width);
    for (index, [a, b, c, d]) in rows.iter().enumerate() {
        let style = if index == 0 { HEAD } else { Style::new() };
        writeln!(out, "{style}{a:method$}  {b:args$}  {c:reply$}  {d:>calls$}{style:#}")?;
    }
    Ok(())
}
