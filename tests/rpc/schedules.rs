//! Callers who wait, poll, drop and ask in any order, over streams that do as little as they may: whatever happens when,
//! no call is forgotten. Time stands still but when everybody waits, so that a call nobody will answer is found at once.

use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use futures::future::join_all;
use futures::poll;
use gobrpc::Gob;
use gobrpc::rpc::{Client, Error, Pending, Server};
use proptest::prelude::*;
use rand::rngs::SmallRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf, duplex};
use tokio::task::{AbortHandle, JoinHandle, yield_now};
use tokio::time::{sleep, timeout};

use super::eventually;

/// Longer than all calls of a case together.
const FOREVER: Duration = Duration::from_secs(600);

/// A stream that is often not ready, and then takes or gives only a part. It may read when it is to write, as one that
/// encrypts may have to.
struct Fickle {
    io: DuplexStream,
    random: SmallRng,
    ahead: Vec<u8>,
}

impl Fickle {
    /// Whether it is not ready just now. It wakes at once, or later.
    fn hesitates(&mut self, waker: &Waker) -> bool {
        match self.random.random_range(0..8) {
            0 => waker.wake_by_ref(),
            1 => {
                let (waker, millis) = (waker.clone(), self.random.random_range(0..3));
                tokio::spawn(async move {
                    sleep(Duration::from_millis(millis)).await;
                    waker.wake();
                });
            }
            _ => return false,
        }
        true
    }

    fn part(&mut self, of: usize) -> usize {
        if self.random.random_bool(0.5) { of } else { self.random.random_range(1..=of.max(1)).min(of) }
    }

    fn read_ahead(&mut self, cx: &mut Context<'_>) {
        let mut part = [0; 16];
        let mut part = ReadBuf::new(&mut part);
        // What fails is found out by who reads.
        if let Poll::Ready(Ok(())) = Pin::new(&mut self.io).poll_read(cx, &mut part) {
            self.ahead.extend_from_slice(part.filled());
        }
    }
}

impl AsyncRead for Fickle {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.hesitates(cx.waker()) {
            return Poll::Pending;
        }
        if !self.ahead.is_empty() {
            let len = self.ahead.len().min(buf.remaining());
            buf.put_slice(&self.ahead[..len]);
            self.ahead.drain(..len);
            return Poll::Ready(Ok(()));
        }
        let mut part = vec![0; self.part(buf.remaining())];
        let mut part = ReadBuf::new(&mut part);
        ready!(Pin::new(&mut self.io).poll_read(cx, &mut part))?;
        buf.put_slice(part.filled());
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Fickle {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.hesitates(cx.waker()) {
            return Poll::Pending;
        }
        if self.random.random_bool(0.1) {
            self.read_ahead(cx);
        }
        let part = self.part(bytes.len());
        Pin::new(&mut self.io).poll_write(cx, &bytes[..part])
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.hesitates(cx.waker()) {
            return Poll::Pending;
        }
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}

#[derive(Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Work {
    millis: u64,
    n: u64,
}

/// What is done with a connection, all from one seed.
struct Case {
    random: SmallRng,
    client: Client,
    server: AbortHandle,
    is_cut: bool,
    times_out: bool,
}

impl Case {
    fn begin(seed: u64) -> Self {
        let mut random = SmallRng::seed_from_u64(seed);
        let (ours, theirs) = duplex(16 << random.random_range(0..14));
        let [ours, theirs] = [ours, theirs].map(|io| Fickle { io, random: random.fork(), ahead: Vec::new() });

        let server = Server::new()
            .method("Work.Do", |Work { millis, n }| async move {
                if millis > 0 {
                    sleep(Duration::from_millis(millis)).await;
                }
                Ok::<_, Infallible>(n)
            })
            .method("Work.Echo", |bytes: Vec<u8>| async { Ok::<_, Infallible>(bytes) })
            .max_in_flight(random.random_range(1..20));
        let server = tokio::spawn(async move { server.serve_connection(theirs).await }).abort_handle();

        let (is_cut, times_out) = (random.random_bool(0.3), random.random_bool(0.3));
        if is_cut && random.random() {
            let (server, millis) = (server.clone(), random.random_range(0..100));
            tokio::spawn(async move {
                sleep(Duration::from_millis(millis)).await;
                server.abort();
            });
        }
        let builder = Client::builder().cancel_on_drop(random.random_bool(0.5));
        let builder = if times_out { builder.timeout(Duration::from_millis(5)) } else { builder };
        Self { random, client: builder.build(ours), server, is_cut, times_out }
    }

    /// The same connection, for another task.
    fn fork(&mut self) -> Self {
        Self { random: self.random.fork(), client: self.client.clone(), server: self.server.clone(), ..*self }
    }

    fn work(&mut self) -> (u64, Pending<u64>) {
        let n = self.random.random();
        let millis = if self.random.random_bool(0.7) { 0 } else { self.random.random_range(1..10) };
        (n, self.client.call("Work.Do", &Work { millis, n }))
    }

    fn check<T: PartialEq + std::fmt::Debug>(&self, result: Result<T, Error>, wanted: T) {
        match result {
            Ok(reply) => assert_eq!(reply, wanted),
            Err(Error::Timeout { .. }) => assert!(self.times_out),
            Err(error) => assert!(self.is_cut, "{error}"),
        }
    }

    async fn pause(&mut self) {
        match self.random.random_range(0..4) {
            0 => sleep(Duration::from_millis(self.random.random_range(0..5))).await,
            1 => yield_now().await,
            _ => {}
        }
    }

    /// Polls a call once, or not, and leaves it.
    async fn touch(&mut self, call: &mut Pending<u64>) {
        if self.random.random() {
            let _ = poll!(call);
        }
        self.pause().await;
    }

    async fn step(&mut self) {
        let (n, mut call) = self.work();
        match self.random.random_range(0..8) {
            0 | 1 => self.check(call.await, n),
            2 => {
                self.touch(&mut call).await;
                self.check(call.await, n);
            }
            // Nobody wants it any more.
            3 => self.touch(&mut call).await,
            // It moves to another task.
            4 => {
                self.touch(&mut call).await;
                self.check(tokio::spawn(call).await.unwrap(), n);
            }
            // It is not polled again before it is done.
            5 => {
                self.touch(&mut call).await;
                while !call.is_done() {
                    sleep(Duration::from_millis(1)).await;
                }
                self.check(call.await, n);
            }
            6 => {
                let mut calls: Vec<_> = (0..self.random.random_range(1..40)).map(|_| self.work()).collect();
                calls.push((n, call));
                calls.shuffle(&mut self.random);
                for (n, call) in calls {
                    if self.random.random_bool(0.8) {
                        self.check(call.await, n);
                    }
                }
            }
            _ => {
                let bytes = vec![n as u8; self.random.random_range(0..20_000)];
                let echo = self.client.call("Work.Echo", &bytes).await;
                self.check(echo, bytes);
                self.check(call.await, n);
            }
        }
        self.pause().await;
    }

    async fn run(mut self) {
        let callers: Vec<_> = (0..self.random.random_range(1..5)).map(|_| self.fork()).collect();
        let callers = callers.into_iter().map(|mut caller| async move {
            for _ in 0..caller.random.random_range(1..12) {
                caller.step().await;
            }
        });
        join_all(callers.map(tokio::spawn)).await.into_iter().for_each(|caller| caller.unwrap());
        self.end().await;
    }

    /// The connection ends, by the one side or the other, and there may be a call, polled or not. Who waits for the end,
    /// since before the call or after it, hears of it, and so does who only asks.
    async fn end(mut self) {
        let waits_first = self.random.random();
        let mut told = None;
        if waits_first {
            told = Some(self.told());
            self.pause().await;
        }
        let mut call = self.random.random::<bool>().then(|| self.work().1);
        if let Some(call) = &mut call {
            self.touch(call).await;
        }
        if self.random.random() {
            drop(call.take());
        }
        if !waits_first && self.random.random() {
            told = Some(self.told());
        }
        self.pause().await;
        match self.is_cut {
            true => self.server.abort(),
            false => self.client.close().await.unwrap(),
        }
        match told {
            Some(told) => told.await.unwrap(),
            None => {
                while !self.client.is_closed() {
                    sleep(Duration::from_millis(1)).await;
                }
            }
        }
        assert!(self.client.is_closed());
    }

    /// Waits for the end in a task of its own.
    fn told(&self) -> JoinHandle<()> {
        let client = self.client.clone();
        tokio::spawn(async move { client.closed().await })
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, max_shrink_iters: 0, ..ProptestConfig::default() })]

    #[test]
    fn no_call_is_forgotten(seed: u64) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let ended = runtime.block_on(async { timeout(FOREVER, async { Case::begin(seed).run().await }).await });
        prop_assert!(ended.is_ok(), "a call is waited for in vain");
    }
}

/// Here threads get in each other's way, too, and time passes.
#[test]
fn no_call_is_forgotten_by_threads_that_share_a_connection() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(3).enable_time().build().unwrap();
    runtime.block_on(async {
        let begin = |seed: u64| (seed, tokio::spawn(eventually(async move { Case::begin(seed).run().await })));
        for (seed, case) in (0..100).map(|_| begin(rand::random())).collect::<Vec<_>>() {
            assert!(case.await.is_ok(), "seed {seed}");
        }
    });
}
