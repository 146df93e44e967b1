//! How far a verb is, for whoever waits before a terminal.

use std::io::{IsTerminal, Read, stderr};
use std::time::{Duration, Instant};

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar on stderr, if that is a terminal and the work takes long enough to be watched.
pub(crate) struct Progress {
    bar: ProgressBar,
    begun: Instant,
    done: u64,
    what: &'static str,
    is_watched: bool,
    is_shown: bool,
}

/// What is done sooner needs no bar.
const PATIENCE: Duration = Duration::from_millis(300);

impl Progress {
    /// Progress in reading so many bytes of input, or an unknown number, and in `what` is made of them.
    pub(crate) fn new(what: &'static str, bytes: Option<u64>) -> Self {
        let template = match bytes {
            Some(_) => "{bar:30.cyan/dim} {percent:>3}%  {msg}  {elapsed}",
            None => "{spinner:.cyan} {msg}  {elapsed}",
        };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::with_draw_target(bytes, ProgressDrawTarget::hidden()).with_style(style);
        Self { bar, begun: Instant::now(), done: 0, what, is_watched: stderr().is_terminal(), is_shown: false }
    }

    /// The input, which moves the bar as it is read.
    pub(crate) fn reading(&self, input: impl Read + Send + 'static) -> Box<dyn Read + Send> {
        Box::new(self.bar.wrap_read(input))
    }

    /// One more is done.
    pub(crate) fn step(&mut self) {
        self.done += 1;
        if !self.is_watched {
            return;
        }
        let elapsed = self.begun.elapsed();
        if !self.is_shown && elapsed > PATIENCE {
            self.is_shown = true;
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.bar.enable_steady_tick(Duration::from_millis(100));
        }
        if self.is_shown {
            let rate = (self.done as f64 / elapsed.as_secs_f64()) as u64;
            self.bar.set_message(format!("{} {}, {}/s", HumanCount(self.done), self.what, HumanCount(rate)));
        }
    }

    /// Does something that writes to the terminal.
    pub(crate) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        if self.is_shown { self.bar.suspend(write) } else { write() }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
