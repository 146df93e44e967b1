//! The verbs, one module each: its arguments, and what it does with them.

mod call;
mod decode;
mod encode;
mod generate;
mod list;
mod replay;
mod tap;
mod types;

use clap::Subcommand;

use crate::error::Result;

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Call(call::Args),
    Decode(decode::Args),
    Types(types::Args),
    Gen(generate::Args),
    Encode(encode::Args),
    List(list::Args),
    Tap(tap::Args),
    Replay(replay::Args),
}

impl Verb {
    pub(crate) fn run(self) -> Result<()> {
        match self {
            Self::Call(args) => call::run(args),
            Self::Decode(args) => decode::run(args),
            Self::Types(args) => types::run(args),
            Self::Gen(args) => generate::run(args),
            Self::List(args) => list::run(args),
            Self::Tap(args) => tap::run(args),
            Self::Replay(args) => replay::run(args),
            Self::Encode(args) => encode::run(args),
        }
    }
}
