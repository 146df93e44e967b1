//! The verbs, one module each: its arguments, and what it does with them.

mod bench;
mod call;
mod completions;
mod decode;
mod encode;
mod generate;
mod list;
mod man;
mod replay;
mod serve;
mod tap;
mod types;

use clap::Subcommand;

use crate::error::Result;

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one of it")]
pub(crate) enum Verb {
    Decode(decode::Args),
    Types(types::Args),
    Encode(encode::Args),
    Gen(generate::Args),
    Call(call::Args),
    List(list::Args),
    Tap(tap::Args),
    Replay(replay::Args),
    Bench(bench::Args),
    Serve(serve::Args),
    Completions(completions::Args),
    Man(man::Args),
}

impl Verb {
    pub(crate) fn run(self) -> Result<()> {
        match self {
            Self::Decode(args) => decode::run(args),
            Self::Types(args) => types::run(args),
            Self::Gen(args) => generate::run(args),
            Self::Encode(args) => encode::run(args),
            Self::Call(args) => call::run(args),
            Self::List(args) => list::run(args),
            Self::Tap(args) => tap::run(args),
            Self::Replay(args) => replay::run(args),
            Self::Bench(args) => bench::run(args),
            Self::Serve(args) => serve::run(args),
            Self::Completions(args) => completions::run(&args),
            Self::Man(args) => man::run(&args),
        }
    }
}
