//! `gobrpc encode`: JSON to a stream.

use std::io::{BufWriter, IsTerminal, Write};

use gobrpc::gob::Encoder;

use crate::error::{Error, Result};
use crate::golang::DeclArgs;
use crate::input::JsonInput;
use crate::json::{self, Shared, Typed};

const EXAMPLES: &str = "\
Examples:
  gobrpc encode --type 'struct{SA, SB string}' '{\"SA\":\"hello \",\"SB\":\"go rpc\"}' > request.gob
  gobrpc encode --type Outer --decl types.go @values.json > values.gob
  gobrpc decode values.gob | gobrpc encode --type Outer --decl types.go - | cmp - values.gob";

/// Write JSON as a gob stream, byte for byte as Go would
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The Go type of the values: `[]string`, `struct{SA, SB string}`, or a name from --decl; if given several times,
    /// of one value after the other, and the last of all that follow
    #[arg(long = "type", value_name = "GOTYPE", required = true)]
    types: Vec<String>,
    #[command(flatten)]
    decl: DeclArgs,
    /// The values: JSON, `@FILE`, or `-` for stdin; of several documents each is a value
    #[arg(default_value = "-")]
    json: JsonInput,
}

pub(crate) fn run(args: Args) -> Result<()> {
    let names = args.decl.load()?;
    let types = args.types.iter().map(|ty| names.parse(ty)).collect::<Result<Vec<_>>>()?;
    if std::io::stdout().is_terminal() {
        return Err(Error::data("a gob stream is nothing for a terminal; send it to a file or another program"));
    }
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut encoder = Encoder::new(&mut out);
    for (index, document) in json::documents(args.json.open()?).enumerate() {
        let encoded = document.and_then(|json| {
            let ty = types[index.min(types.len() - 1)];
            let shared = Shared::new(&names);
            encoder.encode_as(ty, &Typed::new(&json, ty, &shared)).map_err(|error| shared.locate(&error))
        });
        if let Err(error) = encoded {
            out.flush()?;
            return Err(error.of_document(index));
        }
    }
    Ok(out.flush()?)
}
