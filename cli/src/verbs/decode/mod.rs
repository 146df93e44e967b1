//! `gobrpc decode`: the values of a stream.

mod hex;
mod literal;

use std::io::Write;

use gobrpc::gob::Decoder;

use crate::error::Result;
use crate::input::FileOrStdin;
use crate::output::{self, Output};

const EXAMPLES: &str = "\
Examples:
  gobrpc decode values.gob
  gobrpc decode --pretty session.gob
  gobrpc decode --hex values.gob | less -R
  nc -l 1234 | gobrpc decode | jq .Name";

/// Print the values in a gob stream, as JSON
///
/// Each value is printed as soon as it is there. Of a damaged stream all is printed that can be read.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The stream; `-` is stdin
    #[arg(default_value = "-")]
    file: FileOrStdin,
    /// Indent the JSON, for people
    #[arg(long, conflicts_with_all = ["hex", "go"])]
    pretty: bool,
    /// Print every byte with its meaning: messages, definitions, and values down to their fields
    #[arg(long, conflicts_with = "go")]
    hex: bool,
    /// Print the values as Go literals
    #[arg(long)]
    go: bool,
}

pub(crate) fn run(args: Args) -> Result<()> {
    let input = args.file.open()?;
    if args.hex {
        return hex::dump(input, output::colors());
    }
    let mut decoder = Decoder::new(input);
    if args.go {
        let mut out = std::io::stdout().lock();
        while let Some(value) = decoder.decode_value()? {
            writeln!(out, "{}", literal::of(&value))?;
            out.flush()?;
        }
        return Ok(());
    }
    let mut output = Output::new(args.pretty);
    while let Some(value) = decoder.decode_value()? {
        output.value(&value)?;
    }
    Ok(())
}
