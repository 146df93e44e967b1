//! `gobrpc decode`: the values of a stream.

mod hex;
mod literal;

use gobrpc::gob::Decoder;

use self::literal::Literals;
use crate::capped::allowance;
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
    let mut output = Output::new(args.pretty);
    let mut literals = Literals::default();
    loop {
        let before = decoder.offset();
        let Some(value) = decoder.decode_value()? else { return Ok(()) };
        let limit = allowance(decoder.offset() - before);
        match args.go {
            true => output.line(limit, |out| Ok(literals.write(&value, out)?))?,
            false => output.value(&value, limit)?,
        }
    }
}
