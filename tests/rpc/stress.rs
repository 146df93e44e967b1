//! Ten thousand calls at once, some of them given up, over connections that are cut or slow.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use gobrpc::rpc::{Client, Server};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tokio::io::{AsyncRead, ReadBuf, join};
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedReadHalf;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, Sleep};

use super::child::{number, output, resident, runtime};
use super::{eventually, serve, until};

const CONNECTIONS: usize = 100;
const CALLS: usize = 100;
const ROUNDS: u64 = 8;
/// After so many the allocator has what it needs.
const WARM: u64 = 4;

#[test]
fn no_reply_is_lost_or_misled_and_nothing_is_left_of_the_calls() {
    let Some(text) = output("stress::no_reply_is_lost_or_misled_and_nothing_is_left_of_the_calls") else {
        return runtime().block_on(rounds());
    };
    for round in 0..ROUNDS {
        assert_eq!(number(&text, &format!("in flight in round {round}:")), (CONNECTIONS * CALLS) as u64);
    }
    let (first, last) = (number(&text, "kB after the first rounds:"), number(&text, "kB after the last round:"));
    // Forty thousand calls later: what the allocator keeps varies with how they met, by a megabyte mostly.
    assert!(last <= first + 8192, "{} kB more", last - first);
    assert_eq!(number(&text, "tasks left:"), 0);
    assert_eq!(number(&text, "descriptors left:"), 0);
}

async fn rounds() {
    let crowd = Arc::new(Crowd { running: AtomicUsize::new(0), gate: watch::Sender::new(false) });
    let method = Arc::clone(&crowd);
    let server = Server::new().method("Crowd.Echo", move |n: u64| {
        let crowd = Arc::clone(&method);
        async move { crowd.echo(n).await }
    });
    let address = serve(server).await;
    let idle = Client::connect(&address).await.unwrap();
    idle.close().await.unwrap();
    settle().await;
    let (tasks, descriptors) = (alive(), open_descriptors());
    for round in 0..ROUNDS {
        crowd.round(&address, round).await;
        settle().await;
        if round + 1 == WARM {
            println!("\nkB after the first rounds: {}", resident());
        }
    }
    println!("\nkB after the last round: {}", resident());
    println!("\ntasks left: {}", alive() - tasks);
    println!("\ndescriptors left: {}", open_descriptors() - descriptors);
}

/// The calls that run, and wait until all do.
struct Crowd {
    running: AtomicUsize,
    gate: watch::Sender<bool>,
}

impl Crowd {
    /// The method: it answers after a while that depends on its number, once everybody is here.
    async fn echo(&self, n: u64) -> Result<u64, String> {
        self.running.fetch_add(1, Ordering::SeqCst);
        let mut gate = self.gate.subscribe();
        gate.wait_for(|open| *open).await.map_err(|error| error.to_string())?;
        tokio::time::sleep(Duration::from_millis(n.wrapping_mul(2654435761) >> 7 & 127)).await;
        self.running.fetch_sub(1, Ordering::SeqCst);
        match n % 7 {
            0 => Err(format!("no {n}")),
            _ => Ok(n),
        }
    }

    async fn round(&self, address: &str, round: u64) {
        self.gate.send_replace(false);
        let mut connections = JoinSet::new();
        for number in 0..CONNECTIONS as u64 {
            let stream = TcpStream::connect(address).await.unwrap();
            let gate = self.gate.subscribe();
            connections.spawn(Connection::new(stream, round * 1000 + number).run(gate));
        }
        until(|| self.running.load(Ordering::SeqCst) >= CONNECTIONS * CALLS).await;
        println!("\nin flight in round {round}: {}", self.running.load(Ordering::SeqCst));
        self.gate.send_replace(true);
        let answered: usize = eventually(connections.join_all()).await.into_iter().sum();
        // What was given up or cut off runs to its end all the same.
        assert!(answered > CONNECTIONS * CALLS / 2, "{answered}");
        until(|| self.running.load(Ordering::SeqCst) == 0).await;
    }
}

/// A client and what happens to it.
struct Connection {
    client: Client,
    rng: StdRng,
    is_cut: bool,
    seed: u64,
}

impl Connection {
    /// Of ten connections one is cut, every other time by a reset, and one reads slowly. Half of them tell the server
    /// of the calls that they give up.
    fn new(stream: TcpStream, seed: u64) -> Self {
        let builder = Client::builder().cancel_on_drop(seed.is_multiple_of(2));
        if seed % 20 == 7 {
            socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO)).unwrap();
        }
        let client = match seed % 10 {
            4 | 5 if seed % 20 < 10 => {
                let (reader, writer) = stream.into_split();
                builder.build(join(Slow { reader, pause: Box::pin(tokio::time::sleep(Duration::ZERO)) }, writer))
            }
            _ => builder.build(stream),
        };
        Self { client, rng: StdRng::seed_from_u64(seed), is_cut: seed % 10 == 7, seed }
    }

    /// Makes all its calls, gives some up at any moment after all run, and checks the replies. How many calls were
    /// answered?
    async fn run(mut self, mut gate: watch::Receiver<bool>) -> usize {
        let mut calls = JoinSet::new();
        for number in 0..CALLS as u64 {
            let n = self.seed * 1000 + number;
            let call = self.client.go::<u64>("Crowd.Echo", &n).unwrap();
            let patience = self.rng.random_bool(0.2).then(|| Duration::from_micros(self.rng.random_range(0..130_000)));
            let (mut gate, is_cut) = (gate.clone(), self.is_cut);
            calls.spawn(async move {
                let Some(patience) = patience else { return check(n, call.await, is_cut) };
                gate.wait_for(|open| *open).await.unwrap();
                // Giving up drops the call.
                match tokio::time::timeout(patience, call).await {
                    Ok(result) => check(n, result, is_cut),
                    Err(_) => false,
                }
            });
        }
        if self.is_cut {
            gate.wait_for(|open| *open).await.unwrap();
            tokio::time::sleep(Duration::from_micros(self.rng.random_range(0..130_000))).await;
            self.client.close().await.unwrap();
        }
        calls.join_all().await.into_iter().filter(|answered| *answered).count()
    }
}

/// Whether there was an answer; it has to be the right one.
fn check(n: u64, result: gobrpc::rpc::Result<u64>, is_cut: bool) -> bool {
    match result {
        Ok(reply) => assert!(reply == n && !n.is_multiple_of(7), "{n} got {reply}"),
        Err(gobrpc::rpc::Error::Server(error)) => {
            assert!(error.as_str() == format!("no {n}") && n.is_multiple_of(7), "{n}: {error}");
        }
        Err(error) => {
            assert!(is_cut, "{n}: {error}");
            return false;
        }
    }
    true
}

/// The reading half of a stream, which takes a few bytes at a time, and its time.
struct Slow {
    reader: OwnedReadHalf,
    pause: Pin<Box<Sleep>>,
}

impl AsyncRead for Slow {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        ready!(self.pause.as_mut().poll(cx));
        let mut few = [0; 64];
        let len = few.len().min(buf.remaining());
        let mut read = ReadBuf::new(&mut few[..len]);
        ready!(Pin::new(&mut self.reader).poll_read(cx, &mut read))?;
        buf.put_slice(read.filled());
        self.pause.as_mut().reset(Instant::now() + Duration::from_millis(2));
        Poll::Ready(Ok(()))
    }
}

/// Waits until what has ended is gone.
async fn settle() {
    let mut before = (alive(), open_descriptors());
    for _ in 0..50 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let now = (alive(), open_descriptors());
        if now == before {
            return;
        }
        before = now;
    }
}

fn alive() -> usize {
    tokio::runtime::Handle::current().metrics().num_alive_tasks()
}

fn open_descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count()
}
