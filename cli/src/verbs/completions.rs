//! `gobrpc completions`: what makes a shell complete the command line.

use std::io::Write;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::error::Result;

/// Print what makes a shell complete the verbs, options and files of this command
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The shell
    shell: Shell,
}

const EXAMPLES: &str = "\
Examples:
  gobrpc completions bash > ~/.local/share/bash-completion/completions/gobrpc
  gobrpc completions zsh > \"${fpath[1]}/_gobrpc\"
  gobrpc completions fish > ~/.config/fish/completions/gobrpc.fish";

pub(crate) fn run(args: &Args) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut crate::Cli::command(), "gobrpc", &mut script);
    Ok(std::io::stdout().lock().write_all(&script)?)
}
