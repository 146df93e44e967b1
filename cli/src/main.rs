//! `gobrpc`: gob streams and net/rpc servers from the command line.

#![forbid(unsafe_code)]

mod addr;
mod capped;
mod capture;
mod clock;
mod emit;
mod error;
mod golang;
mod input;
mod json;
mod model;
mod net;
mod output;
mod payload;
mod progress;
mod runtime;
mod signals;
mod verbs;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use self::verbs::Verb;

/// Reads and writes Go's gob, and speaks with net/rpc servers.
///
/// Exits with 0 on success, 1 for bad data or an error of the server, 2 when there is no connection, 64 for a wrong
/// command line.
#[derive(Debug, Parser)]
#[command(name = "gobrpc", version, arg_required_else_help = true, subcommand_required = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

/// What sysexits.h calls EX_USAGE; clap's own 2 stands for connections here.
const USAGE: u8 = 64;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let asked = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            // A closed stderr is no reason to fail otherwise.
            let _ = error.print();
            return if asked { ExitCode::SUCCESS } else { ExitCode::from(USAGE) };
        }
    };
    match cli.verb.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => error.report(),
    }
}
