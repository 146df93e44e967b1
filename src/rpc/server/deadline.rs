//! How long a connection may take over things.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep};

use super::settings::Settings;

/// What a connection waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Waiting {
    /// For a request that has begun to come.
    pub(super) for_rest: bool,
    /// For the client to do anything: nothing runs, and nothing is half done.
    pub(super) for_client: bool,
    /// For the client to take what is written: the number of bytes that are left.
    pub(super) for_room: Option<usize>,
}

/// The times since when it does.
pub(super) struct Deadlines {
    idle: Limit,
    read: Limit,
    write: Limit,
    /// How many bytes were left to write when `write` began.
    left: usize,
    timer: Option<Pin<Box<Sleep>>>,
}

struct Limit {
    timeout: Option<Duration>,
    due: Option<Instant>,
    text: &'static str,
}

impl Limit {
    const fn new(timeout: Option<Duration>, text: &'static str) -> Self {
        Self { timeout, due: None, text }
    }

    fn set(&mut self, running: bool) {
        match (running, self.timeout, self.due) {
            (true, Some(timeout), None) => self.due = Instant::now().checked_add(timeout),
            (true, ..) => {}
            (false, ..) => self.due = None,
        }
    }
}

impl Deadlines {
    /// None, if the connection may take as long as it likes.
    pub(super) fn new(settings: &Settings) -> Option<Box<Self>> {
        let timeouts = [settings.idle_timeout, settings.read_timeout, settings.write_timeout];
        timeouts.iter().any(Option::is_some).then(|| {
            Box::new(Self {
                idle: Limit::new(settings.idle_timeout, "rpc: the client was idle for too long"),
                read: Limit::new(settings.read_timeout, "rpc: the client took too long over a request"),
                write: Limit::new(settings.write_timeout, "rpc: the client does not take its replies"),
                left: 0,
                timer: None,
            })
        })
    }

    /// The client has sent something. After a whole request, the next one has its own time.
    pub(super) fn restart(&mut self, whole: bool) {
        self.idle.due = None;
        if whole {
            self.read.due = None;
        }
    }

    /// Ready, with the reason, when the connection has waited too long.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>, waiting: Waiting) -> Poll<io::Error> {
        self.idle.set(waiting.for_client);
        self.read.set(waiting.for_rest);
        // Every byte that the client takes gives it new time.
        if waiting.for_room != Some(self.left) {
            self.write.due = None;
        }
        self.left = waiting.for_room.unwrap_or(0);
        self.write.set(waiting.for_room.is_some());

        let due = [&self.idle, &self.read, &self.write].into_iter().filter_map(|limit| Some((limit.due?, limit.text)));
        let Some((due, text)) = due.min_by_key(|(due, _)| *due) else { return Poll::Pending };
        let timer = self.timer.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(due)));
        if timer.deadline() != due {
            timer.as_mut().reset(due);
        }
        timer.as_mut().poll(cx).map(|()| io::Error::new(io::ErrorKind::TimedOut, text))
    }
}
