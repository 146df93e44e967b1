//! The verbs, one module each: its arguments, and what it does with them.

mod decode;

use clap::Subcommand;

use crate::error::Result;

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Decode(decode::Args),
}

impl Verb {
    pub(crate) fn run(self) -> Result<()> {
        match self {
            Self::Decode(args) => decode::run(args),
        }
    }
}
