//! Where values are printed.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

use anstream::{AutoStream, ColorChoice};
use gobrpc::gob::Value;

use crate::capped::Capped;
use crate::error::Result;
use crate::json::{self, Json, Style};

/// Documents on stdout, a line each, or indented. In colours if it is a terminal.
pub(crate) struct Output {
    out: BufWriter<Stdout>,
    style: Style,
    is_terminal: bool,
}

impl Output {
    pub(crate) fn new(pretty: bool) -> Self {
        let stdout = io::stdout();
        let style = Style { pretty, colors: colors() };
        Self { is_terminal: stdout.is_terminal(), out: BufWriter::new(stdout), style }
    }

    pub(crate) const fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    /// Prints a gob value, up to so many bytes.
    pub(crate) fn value(&mut self, value: &Value, limit: u64) -> Result<()> {
        let style = self.style;
        self.line(limit, |out| json::print(value, style, out))
    }

    /// Prints what is JSON already.
    pub(crate) fn json(&mut self, value: &Json) -> Result<()> {
        let style = self.style;
        self.line(u64::MAX, |out| json::print_json(value, style, out))
    }

    /// Prints a line, up to so many bytes. Whoever reads it gets it as soon as it is there, what is printed before an
    /// error too.
    pub(crate) fn line(
        &mut self,
        limit: u64,
        print: impl FnOnce(&mut Capped<&mut BufWriter<Stdout>>) -> Result<()>,
    ) -> Result<()> {
        let printed = print(&mut Capped::new(&mut self.out, limit));
        self.out.write_all(b"\n")?;
        self.out.flush()?;
        printed
    }
}

/// Whether stdout takes colours: a terminal does, unless the environment says otherwise.
pub(crate) fn colors() -> bool {
    AutoStream::choice(&io::stdout()) != ColorChoice::Never
}
