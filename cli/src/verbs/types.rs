//! `gobrpc types`: the types of a stream.

use std::io::Write;

use crate::emit::{go, rust, schema};
use crate::error::Result;
use crate::input::FileOrStdin;
use crate::model::stream;

/// Print the types that a gob stream defines
///
/// As Go declarations, unless asked otherwise. A stream tells less than a source: all signed integers are `int`, all
/// floats `float64`, pointers and packages are not told, nor types declared from basic ones. Types that encode
/// themselves under a name that is known (Time, Int, Addr, …) are taken for what has that name in Go's library.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The stream; `-` is stdin
    #[arg(default_value = "-")]
    file: FileOrStdin,
    /// As Rust, ready to compile with the derives
    #[arg(long, conflicts_with = "json_schema")]
    rust: bool,
    /// As a JSON Schema of what `decode` prints for the stream
    #[arg(long)]
    json_schema: bool,
}

const EXAMPLES: &str = "\
Examples:
  gobrpc types session.gob
  gobrpc types --rust session.gob > src/session.rs
  gobrpc types --json-schema session.gob > session.schema.json
  curl -s http://localhost/snapshot | gobrpc types";

pub(crate) fn run(args: Args) -> Result<()> {
    let origin = match &args.file {
        FileOrStdin::File(path) => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        FileOrStdin::Stdin => "a gob stream".to_owned(),
    };
    let (mut types, error) = stream::read(args.file.open()?);
    let out = if args.json_schema {
        format!("{:#}\n", schema::write(&types.model, &types.values))
    } else if args.rust {
        types.name_values();
        types.fit_rust();
        rust::write(&types.model, &format!("The types of {origin}, as far as gob tells them"))
    } else {
        let values = types.values.clone();
        types.name_values();
        go::write(&types.model, &values, &origin)
    };
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(out.as_bytes())?;
    stdout.flush()?;
    // What came before the damage has been printed.
    error.map_or(Ok(()), |error| Err(error.into()))
}
