//! `gobrpc decode`: the values of a stream.

use gobrpc::gob::Decoder;

use crate::error::Result;
use crate::input::FileOrStdin;
use crate::output::Output;

const EXAMPLES: &str = "\
Examples:
  gobrpc decode values.gob
  curl -s http://localhost:8080/state.gob | gobrpc decode --pretty -
  gobrpc decode values.gob | jq .Name";

/// Print the values in a gob stream, as JSON
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The stream; `-` is stdin
    #[arg(default_value = "-")]
    file: FileOrStdin,
    /// Indent the JSON, for people
    #[arg(long)]
    pretty: bool,
}

pub(crate) fn run(args: Args) -> Result<()> {
    let mut output = Output::new(args.pretty);
    let mut decoder = Decoder::new(args.file.open()?);
    while let Some(value) = decoder.decode_value()? {
        output.value(&value)?;
    }
    Ok(())
}
