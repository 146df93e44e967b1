//! The calls, and what is counted of them.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use gobrpc::rpc::{self, Client, Nil};
use hdrhistogram::Histogram;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::task::JoinSet;

use crate::addr::ConnectArgs;
use crate::error::{Error, Result};
use crate::json::Raw;
use crate::payload::Argument;
use crate::signals;

pub(super) struct Load {
    pub(super) connect: ConnectArgs,
    pub(super) method: String,
    pub(super) arguments: Arguments,
    pub(super) connections: usize,
    pub(super) in_flight: usize,
    pub(super) calls: Option<u64>,
    pub(super) duration: Option<Duration>,
}

/// The arguments of all calls.
#[derive(Clone)]
pub(super) enum Arguments {
    Gob(Argument),
    Json(Raw),
}

impl Arguments {
    async fn call(&self, client: &Client, method: &str) -> rpc::Result<()> {
        // Nobody looks at the reply.
        let Nil = match self {
            Self::Gob(argument) => client.call(method, argument).await?,
            Self::Json(raw) => client.call(method, raw).await?,
        };
        Ok(())
    }
}

/// What came of the calls.
pub(super) struct Outcome {
    /// How long those took that succeeded, in nanoseconds.
    pub(super) latency: Histogram<u64>,
    /// How many failed, by their error.
    pub(super) errors: BTreeMap<String, u64>,
    /// Why a connection was not made again.
    lost: Option<Error>,
    pub(super) took: Duration,
}

/// How many errors are told apart.
const MAX_ERRORS: usize = 20;
const OTHER_ERRORS: &str = "other errors";

/// What the tasks of a load share.
struct Shared {
    /// How many calls are still to be made.
    left: Option<AtomicU64>,
    done: AtomicU64,
    failed: AtomicU64,
    stopped: AtomicBool,
}

impl Load {
    /// Connects, and makes the calls. Errors of calls are counted, those of the first connections end it.
    pub(super) async fn run(&self) -> Result<Outcome> {
        let mut clients = Vec::with_capacity(self.connections);
        for _ in 0..self.connections {
            clients.push(self.connect.connect().await?);
        }
        let shared = Arc::new(Shared {
            left: self.calls.map(AtomicU64::new),
            done: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            stopped: AtomicBool::new(false),
        });
        let progress = self.progress();
        let start = Instant::now();
        let mut tasks = JoinSet::new();
        for client in clients {
            // Calls of one connection share its fate: it is made again by whoever sees first that it is gone.
            let client = Arc::new(tokio::sync::Mutex::new(client));
            for _ in 0..self.in_flight {
                let worker = Worker {
                    connect: self.connect.clone(),
                    method: self.method.clone(),
                    arguments: self.arguments.clone(),
                    client: Arc::clone(&client),
                    shared: Arc::clone(&shared),
                };
                tasks.spawn(worker.run());
            }
        }
        let mut outcome = Outcome::new();
        let stop = async {
            match self.duration {
                Some(duration) => tokio::time::sleep_until((start + duration).into()).await,
                None => std::future::pending().await,
            }
        };
        let interrupted = signals::interrupted();
        tokio::pin!(stop, interrupted);
        let mut ticks = tokio::time::interval(Duration::from_millis(100));
        loop {
            tokio::select! {
                joined = tasks.join_next() => match joined {
                    Some(done) => outcome.add(done.map_err(Error::data)?),
                    None => break,
                },
                () = &mut stop, if !shared.is_stopped() => shared.stop(),
                () = &mut interrupted, if !shared.is_stopped() => shared.stop(),
                _ = ticks.tick() => show(&progress, self, &shared, start.elapsed()),
            }
        }
        outcome.took = start.elapsed();
        progress.finish_and_clear();
        Ok(outcome)
    }

    /// A bar for people who wait: of the calls, or of the time where that ends the load.
    fn progress(&self) -> ProgressBar {
        if !std::io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let length = match (self.calls, self.duration) {
            (Some(calls), _) => calls,
            (None, duration) => duration.unwrap_or_default().as_millis().try_into().unwrap_or(u64::MAX),
        };
        let style = ProgressStyle::with_template("{elapsed} {bar:40.green} {percent:>3} %  {msg}");
        ProgressBar::new(length).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
    }
}

fn show(progress: &ProgressBar, load: &Load, shared: &Shared, elapsed: Duration) {
    let (done, failed) = (shared.done.load(Ordering::Relaxed), shared.failed.load(Ordering::Relaxed));
    let rate = done as f64 / elapsed.as_secs_f64().max(1e-3);
    progress.set_position(if load.calls.is_some() { done } else { elapsed.as_millis().try_into().unwrap_or(u64::MAX) });
    let errors = if failed > 0 { format!(", {failed} errors") } else { String::new() };
    progress.set_message(format!("{done} calls, {rate:.0}/s{errors}"));
}

impl Shared {
    fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Takes one of the calls that are to be made.
    fn take(&self) -> bool {
        if self.is_stopped() {
            return false;
        }
        match &self.left {
            None => true,
            Some(left) => left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok(),
        }
    }
}

/// Makes one call after the other.
struct Worker {
    connect: ConnectArgs,
    method: String,
    arguments: Arguments,
    client: Arc<tokio::sync::Mutex<Client>>,
    shared: Arc<Shared>,
}

impl Worker {
    async fn run(self) -> Outcome {
        let mut outcome = Outcome::new();
        let mut client = self.client.lock().await.clone();
        while self.shared.take() {
            let start = Instant::now();
            let result = self.arguments.call(&client, &self.method).await;
            let took = start.elapsed();
            self.shared.done.fetch_add(1, Ordering::Relaxed);
            let Err(error) = result else {
                outcome.record(took);
                continue;
            };
            self.shared.failed.fetch_add(1, Ordering::Relaxed);
            outcome.count(error.to_string(), 1);
            if !matches!(error, rpc::Error::Server(_) | rpc::Error::ReadingBody(_) | rpc::Error::Timeout { .. }) {
                match self.reconnect().await {
                    Ok(again) => client = again,
                    Err(error) => {
                        outcome.lost = Some(error);
                        break;
                    }
                }
            }
        }
        outcome
    }

    /// The connection, made again unless another worker has done so.
    async fn reconnect(&self) -> Result<Client> {
        let mut client = self.client.lock().await;
        if client.is_closed() {
            *client = self.connect.connect().await?;
        }
        Ok(client.clone())
    }
}

impl Outcome {
    fn new() -> Self {
        // From a nanosecond to as long as it takes, with three digits.
        let mut latency = Histogram::new_with_bounds(1, 1000, 3).expect("these bounds are valid");
        latency.auto(true);
        Self { latency, errors: BTreeMap::new(), lost: None, took: Duration::ZERO }
    }

    fn record(&mut self, took: Duration) {
        // It grows as needed.
        let _ = self.latency.record(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX));
    }

    fn add(&mut self, other: Self) {
        let _ = self.latency.add(&other.latency);
        for (error, count) in other.errors {
            self.count(error, count);
        }
        self.lost = self.lost.take().or(other.lost);
    }

    fn count(&mut self, error: String, count: u64) {
        let error = match self.errors.contains_key(&error) || self.errors.len() < MAX_ERRORS {
            true => error,
            false => OTHER_ERRORS.to_owned(),
        };
        *self.errors.entry(error).or_default() += count;
    }

    pub(super) fn failed(&self) -> u64 {
        self.errors.values().sum()
    }

    /// An error if no call succeeded, or a connection was lost for good.
    pub(super) fn verdict(self) -> Result<()> {
        if let Some(error) = self.lost {
            return Err(error);
        }
        match self.errors.keys().next() {
            Some(error) if self.latency.is_empty() => Err(Error::data(format_args!("no call succeeded: {error}"))),
            _ => Ok(()),
        }
    }
}
