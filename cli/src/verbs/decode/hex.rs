//! The bytes of a stream, each line with its offset and its meaning.

use std::io::{BufWriter, Read, Write, stdout};

use gobrpc::gob::{ErrorKind, Limits, Note, inspect};

use crate::error::{Error, Result};

/// How many bytes stand on a line.
const WIDTH: usize = 8;

const OFFSET: &str = "\x1b[2m";
const MESSAGE: &str = "\x1b[1;34m";
const RESET: &str = "\x1b[0m";

pub(super) fn dump(input: impl Read, colors: bool) -> Result<()> {
    let mut out = BufWriter::new(stdout().lock());
    let result = inspect(input, Limits::default(), |note| {
        line(&mut out, note, colors)?;
        // A message that follows may be long in coming.
        if note.depth == 0 { out.flush() } else { Ok(()) }
    });
    out.flush()?;
    result.map_err(|error| match error.kind() {
        ErrorKind::Io(io) if io.kind() == std::io::ErrorKind::BrokenPipe => Error::Closed,
        _ => error.into(),
    })
}

fn line(out: &mut impl Write, note: &Note<'_>, colors: bool) -> std::io::Result<()> {
    let (dim, bold, reset) = match (colors, note.depth) {
        (false, _) => ("", "", ""),
        (true, 0) => (OFFSET, MESSAGE, RESET),
        (true, _) => (OFFSET, "", RESET),
    };
    let mut chunks = note.bytes.chunks(WIDTH);
    let first = chunks.next().unwrap_or_default();
    let indent = 2 * note.depth;
    let meaning = note.meaning;
    let mut hex = hex(first);
    if first.is_empty() {
        // What has a meaning and no bytes.
        hex.clear();
    }
    let width = 3 * WIDTH - 1;
    writeln!(out, "{dim}{:08x}{reset}  {hex:width$}  {:indent$}{bold}{meaning}{reset}", note.offset, "")?;
    let mut offset = note.offset;
    for chunk in chunks {
        offset += WIDTH as u64;
        writeln!(out, "{dim}{offset:08x}{reset}  {}", self::hex(chunk))?;
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    let bytes: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    bytes.join(" ")
}
