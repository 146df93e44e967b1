//! `gobrpc man`: the manual.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use crate::error::{Error, Result};

/// Print the manual page, or write those of all verbs to a directory
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Write gobrpc.1, gobrpc-decode.1 and so on to this directory
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Print the page of this verb
    #[arg(conflicts_with = "dir")]
    verb: Option<String>,
}

const EXAMPLES: &str = "\
Examples:
  gobrpc man | man -l -
  gobrpc man tap | man -l -
  gobrpc man --dir ~/.local/share/man/man1";

const SOURCE: &str = concat!("gobrpc ", env!("CARGO_PKG_VERSION"));

pub(crate) fn run(args: &Args) -> Result<()> {
    let mut command = crate::Cli::command().disable_help_subcommand(true);
    command.build();
    let pages: Vec<_> = std::iter::once(&command).chain(command.get_subcommands()).map(page).collect();
    if let Some(dir) = &args.dir {
        return pages.into_iter().try_for_each(|(name, page)| write(&dir.join(format!("{name}.1")), &page?));
    }
    let wanted = args.verb.as_ref().map_or_else(|| "gobrpc".to_owned(), |verb| format!("gobrpc-{verb}"));
    let found = pages.into_iter().find(|(name, _)| *name == wanted);
    let unknown =
        || Error::data(format_args!("there is no verb {}; gobrpc --help lists them", &wanted["gobrpc-".len()..]));
    let (_, page) = found.ok_or_else(unknown)?;
    Ok(std::io::stdout().lock().write_all(&page?)?)
}

/// The name of a page, and the page.
fn page(command: &Command) -> (String, Result<Vec<u8>>) {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned();
    let mut page = Vec::new();
    // A verb has no version of its own, and by default would be its own source.
    let man = Man::new(command.clone()).title(name.to_uppercase()).source(SOURCE);
    let rendered = man.render(&mut page);
    (name, rendered.map(|()| page).map_err(Error::from))
}

fn write(path: &Path, page: &[u8]) -> Result<()> {
    std::fs::write(path, page).map_err(|error| Error::data(format_args!("cannot write {}: {error}", path.display())))
}
