//! Where values are printed.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

use anstream::{AutoStream, ColorChoice};
use gobrpc::gob::Value;

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

    /// Prints a gob value.
    pub(crate) fn value(&mut self, value: &Value) -> Result<()> {
        let printed = json::print(value, self.style, &mut self.out);
        self.end(printed)
    }

    /// Prints what is JSON already.
    pub(crate) fn json(&mut self, value: &Json) -> Result<()> {
        let printed = json::print_json(value, self.style, &mut self.out);
        self.end(printed)
    }

    /// Whoever reads this gets each document as soon as it is there.
    fn end(&mut self, printed: Result<()>) -> Result<()> {
        // What was printed before an error is shown too.
        self.out.write_all(b"\n")?;
        self.out.flush()?;
        printed
    }
}

/// Whether stdout takes colours: a terminal does, unless the environment says otherwise.
pub(crate) fn colors() -> bool {
    AutoStream::choice(&io::stdout()) != ColorChoice::Never
}
