//! `gobrpc decode`: the values of a stream.

use std::io::{BufWriter, Write};

use anstream::{AutoStream, ColorChoice};
use gobrpc::gob::Decoder;

use crate::error::Result;
use crate::input::FileOrStdin;
use crate::json::{self, Style};

/// Print the values in a gob stream, as JSON
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The stream; `-` is stdin
    #[arg(default_value = "-")]
    file: FileOrStdin,
    /// Indent the JSON, for people
    #[arg(long)]
    pretty: bool,
}

pub(crate) fn run(args: Args) -> Result<()> {
    let stdout = std::io::stdout();
    let colors = AutoStream::choice(&stdout) != ColorChoice::Never;
    let style = Style { pretty: args.pretty, colors };
    let mut out = BufWriter::new(stdout.lock());
    let mut decoder = Decoder::new(args.file.open()?);
    loop {
        match decoder.decode_value() {
            Ok(Some(value)) => {
                json::print(&value, style, &mut out)?;
                out.write_all(b"\n")?;
                out.flush()?;
            }
            Ok(None) => return Ok(()),
            Err(error) => {
                out.flush()?;
                return Err(error.into());
            }
        }
    }
}
