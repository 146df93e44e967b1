//! The verbs, one module each: its arguments, and what it does with them.

mod decode;
mod list;
mod replay;
mod tap;

use clap::Subcommand;

use crate::error::Result;

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Decode(decode::Args),
    List(list::Args),
    Tap(tap::Args),
    Replay(replay::Args),
}

impl Verb {
    pub(crate) fn run(self) -> Result<()> {
        match self {
            Self::Decode(args) => decode::run(args),
            Self::List(args) => list::run(args),
            Self::Tap(args) => tap::run(args),
            Self::Replay(args) => replay::run(args),
        }
    }
}
