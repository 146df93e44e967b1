//! Where the input of a verb comes from.

use std::fmt;
use std::fs::{File, Metadata};
use std::io::{BufReader, Cursor, Read, stdin};
use std::path::PathBuf;
use std::str::FromStr;

use crate::error::{Error, Result};

/// A file, or `-` for stdin.
#[derive(Debug, Clone)]
pub(crate) enum FileOrStdin {
    File(PathBuf),
    Stdin,
}

impl FromStr for FileOrStdin {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(if text == "-" { Self::Stdin } else { Self::File(text.into()) })
    }
}

impl fmt::Display for FileOrStdin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Stdin => f.write_str("-"),
        }
    }
}

impl FileOrStdin {
    /// How long it is, if that is known.
    pub(crate) fn len(&self) -> Option<u64> {
        match self {
            Self::File(path) => std::fs::metadata(path).ok().filter(Metadata::is_file).map(|data| data.len()),
            Self::Stdin => None,
        }
    }

    pub(crate) fn open(&self) -> Result<Box<dyn Read + Send>> {
        Ok(match self {
            Self::Stdin => Box::new(BufReader::new(stdin())),
            Self::File(path) => {
                let file = File::open(path);
                let file = file.map_err(|error| Error::data(format_args!("cannot open {self}: {error}")))?;
                Box::new(BufReader::new(file))
            }
        })
    }
}

/// JSON documents: the text itself, `@FILE`, or `-` for stdin.
#[derive(Debug, Clone)]
pub(crate) enum JsonInput {
    Text(String),
    From(FileOrStdin),
}

impl FromStr for JsonInput {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text.strip_prefix('@') {
            Some(path) => Self::From(FileOrStdin::File(path.into())),
            None if text == "-" => Self::From(FileOrStdin::Stdin),
            None => Self::Text(text.to_owned()),
        })
    }
}

impl JsonInput {
    /// How long it is, if that is known.
    pub(crate) fn len(&self) -> Option<u64> {
        match self {
            Self::Text(text) => Some(text.len() as u64),
            Self::From(file) => file.len(),
        }
    }

    pub(crate) fn open(self) -> Result<Box<dyn Read + Send>> {
        match self {
            Self::Text(text) => Ok(Box::new(Cursor::new(text.into_bytes()))),
            Self::From(file) => file.open(),
        }
    }
}
