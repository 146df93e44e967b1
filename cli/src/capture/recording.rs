//! The file of a recording: a line of JSON for the header, and one for everything that happened.
//!
//! ```json
//! {"gobrpc":"recording","version":1,"started":"2026-11-26T05:07:20.123456Z","target":"localhost:1234"}
//! {"at":0.000153,"conn":1,"open":"127.0.0.1:50312"}
//! {"at":0.000421,"conn":1,"client":"Ln8DAQEHUmVxdWVzdAH/gAAB..."}
//! {"at":0.000883,"conn":1,"server":"OX8DAQEIUmVzcG9uc2UB/4AA..."}
//! {"at":0.001102,"conn":1,"end":"client"}
//! {"at":0.001190,"conn":1,"end":"server"}
//! {"at":0.001193,"conn":1,"closed":null}
//! ```
//!
//! `at` is in seconds since the start, the bytes are base64, as they came; `closed` is the error with which a
//! connection ended, if one did. The lines are in the order in which things happened, over all connections.

use std::io::{self, BufRead, Write};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Side;

/// The version of the format that is written; others are not read.
const VERSION: u32 = 1;

/// The first line.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Header {
    gobrpc: Kind,
    version: u32,
    /// When it began, in RFC 3339.
    pub(crate) started: String,
    /// The server that was listened to.
    pub(crate) target: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Recording,
}

impl Header {
    pub(crate) const fn new(started: String, target: String) -> Self {
        Self { gobrpc: Kind::Recording, version: VERSION, started, target }
    }
}

/// Something that happened on a connection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Record {
    #[serde(with = "seconds")]
    pub(crate) at: Duration,
    pub(crate) conn: u64,
    #[serde(flatten)]
    pub(crate) what: What,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum What {
    /// A client connected, from there.
    Open(String),
    /// The client said this.
    #[serde(with = "base64")]
    Client(Vec<u8>),
    /// The server said this.
    #[serde(with = "base64")]
    Server(Vec<u8>),
    /// This side says no more.
    End(Side),
    /// The connection is over, with an error perhaps.
    Closed(Option<String>),
}

impl What {
    pub(crate) fn said(side: Side, bytes: &[u8]) -> Self {
        match side {
            Side::Client => Self::Client(bytes.to_vec()),
            Side::Server => Self::Server(bytes.to_vec()),
        }
    }
}

/// Writes a recording.
pub(crate) struct Writer<W>(W);

impl<W: Write> Writer<W> {
    pub(crate) fn new(mut out: W, header: &Header) -> io::Result<Self> {
        put(&mut out, header)?;
        out.flush()?;
        Ok(Self(out))
    }

    pub(crate) fn write(&mut self, record: &Record) -> io::Result<()> {
        put(&mut self.0, record)
    }

    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn put(out: &mut impl Write, line: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}

/// Reads a recording.
pub(crate) struct Reader<R> {
    input: R,
    line: u64,
}

impl<R: BufRead> Reader<R> {
    /// Reads the header.
    pub(crate) fn new(input: R) -> Result<(Self, Header), String> {
        let mut this = Self { input, line: 0 };
        let line = this.next_line()?.ok_or("this is no recording: it is empty")?;
        let header: Header =
            serde_json::from_str(&line).map_err(|_| "this is no recording: the first line is not its header")?;
        if header.version != VERSION {
            return Err(format!("this recording has version {}, and only {VERSION} can be read", header.version));
        }
        Ok((this, header))
    }

    /// The next thing that happened.
    pub(crate) fn next(&mut self) -> Result<Option<Record>, String> {
        let Some(line) = self.next_line()? else { return Ok(None) };
        let record = serde_json::from_str(&line);
        record.map(Some).map_err(|error| format!("line {} of the recording: {error}", self.line))
    }

    fn next_line(&mut self) -> Result<Option<String>, String> {
        let mut line = String::new();
        self.line += 1;
        match self.input.read_line(&mut line) {
            Ok(0) => Ok(None),
            // What was cut off when the recording ended is not whole.
            Ok(_) if !line.ends_with('\n') => Ok(None),
            Ok(_) => Ok(Some(line)),
            Err(error) => Err(format!("line {} of the recording: {error}", self.line)),
        }
    }
}

mod seconds {
    use std::time::Duration;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(at: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(at.as_micros() as f64 / 1e6)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        Duration::try_from_secs_f64(f64::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

mod base64 {
    use std::borrow::Cow;

    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        STANDARD.decode(text.as_bytes()).map_err(D::Error::custom)
    }
}
