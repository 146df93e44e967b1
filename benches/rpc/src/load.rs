//! The loads: who calls how much at the same time.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};
use bytes::Bytes;

/// How many calls are out at the same time, or connections open.
pub const WIDTH: usize = 64;

/// The length of what is echoed.
pub const LARGE: usize = 1 << 20;

/// A client under load.
pub trait Peer: Clone + Send + Sync + Sized + 'static {
    fn connect(address: &str) -> impl Future<Output = Result<Self>> + Send;

    /// Multiplies. Where a call can begin before it is waited for, it has.
    fn multiply(&self, a: i64, b: i64) -> impl Future<Output = Result<i64>> + Send + Unpin + 'static;

    fn echo(&self, data: Bytes) -> impl Future<Output = Result<Bytes>> + Send;
}

/// What callers and the clock share.
#[derive(Default)]
pub struct Meter {
    stop: AtomicBool,
    done: AtomicU64,
}

impl Meter {
    pub fn goes_on(&self) -> bool {
        !self.stop.load(Ordering::Relaxed)
    }

    pub fn count(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Counts for so long, after a fifth of the time to get warm, and prints calls and nanoseconds.
    pub fn measure(&self, millis: u64) {
        let length = Duration::from_millis(millis);
        std::thread::sleep(length / 5);
        let (begun, before) = (Instant::now(), self.done.load(Ordering::Relaxed));
        std::thread::sleep(length);
        let (done, took) = (self.done.load(Ordering::Relaxed), begun.elapsed());
        println!("{} {}", done - before, took.as_nanos());
    }
}

/// Makes calls for as long as the meter goes on.
pub async fn load<P: Peer>(kind: &str, address: &str, meter: &Arc<Meter>) -> Result<()> {
    match kind {
        "one" => one(P::connect(address).await?, Arc::clone(meter)).await,
        "window" => window(P::connect(address).await?, meter).await,
        "shared" => {
            let peer = P::connect(address).await?;
            together((0..WIDTH).map(|_| one(peer.clone(), Arc::clone(meter)))).await
        }
        "many" => {
            let mut callers = Vec::new();
            for _ in 0..WIDTH {
                callers.push(one(P::connect(address).await?, Arc::clone(meter)));
            }
            together(callers).await
        }
        "echo" => {
            let peer = P::connect(address).await?;
            let data = Bytes::from(vec![0; LARGE]);
            while meter.goes_on() {
                ensure!(peer.echo(data.clone()).await?.len() == LARGE, "a wrong echo");
                meter.count();
            }
            Ok(())
        }
        _ => bail!("no such load: {kind}"),
    }
}

/// One call at a time.
async fn one<P: Peer>(peer: P, meter: Arc<Meter>) -> Result<()> {
    for i in (0..1024).cycle().take_while(|_| meter.goes_on()) {
        ensure!(peer.multiply(i, 3).await? == 3 * i, "a wrong product");
        meter.count();
    }
    Ok(())
}

/// One task with many calls outstanding.
async fn window<P: Peer>(peer: P, meter: &Meter) -> Result<()> {
    let mut calls = VecDeque::new();
    for i in (0..1024).cycle().take_while(|_| meter.goes_on()) {
        calls.push_back((i, peer.multiply(i, 3)));
        if calls.len() == WIDTH
            && let Some((i, call)) = calls.pop_front()
        {
            ensure!(call.await? == 3 * i, "a wrong product");
            meter.count();
        }
    }
    Ok(())
}

async fn together(callers: impl IntoIterator<Item = impl Future<Output = Result<()>> + Send + 'static>) -> Result<()> {
    let mut tasks = tokio::task::JoinSet::new();
    for caller in callers {
        tasks.spawn(caller);
    }
    while let Some(ended) = tasks.join_next().await {
        ended??;
    }
    Ok(())
}
