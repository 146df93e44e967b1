//! Threads that wait for their calls: one that has its connection to itself reads its reply, until there are others.

use std::collections::HashSet;
use std::convert::Infallible;
use std::io::{self, Read};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::{self, JoinHandle, ThreadId};
use std::time::{Duration, Instant};

use gobrpc::rpc::{Client, Error, Server, block_on};
use tokio::sync::Semaphore;

/// Lets a call of `Echo.Pass` return, of which one test makes one.
static GATE: Semaphore = Semaphore::const_new(0);

/// What has to come comes sooner.
const LONG: Duration = Duration::from_secs(20);

/// A server in a thread of its own, which ends with all of its connections when the other end of the channel is
/// dropped.
fn serve() -> (String, mpsc::Sender<()>) {
    let ((address_sender, address), (stop, stopped)) = (mpsc::channel(), mpsc::channel());
    thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.spawn(async move {
            let server = Server::new()
                .method("Echo.Say", |number: i64| async move { Ok::<_, Infallible>(number) })
                .method("Echo.Pass", |number: u64| async move {
                    GATE.acquire().await.unwrap().forget();
                    Ok::<_, Infallible>(number)
                })
                .method("Echo.Late", |millis: u64| async move {
                    tokio::time::sleep(Duration::from_millis(millis)).await;
                    Ok::<_, Infallible>(millis)
                });
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            address_sender.send(listener.local_addr().unwrap().to_string()).unwrap();
            server.serve(listener).await
        });
        assert!(stopped.recv().is_err());
        runtime.shutdown_background();
    });
    (address.recv().unwrap(), stop)
}

/// The reading half of a socket, which tells who reads, and may have a mistake in it.
struct Watched {
    stream: TcpStream,
    readers: Arc<Mutex<HashSet<ThreadId>>>,
    panics: Arc<AtomicBool>,
}

impl Read for Watched {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        assert!(!self.panics.load(Ordering::SeqCst), "a mistake");
        self.readers.lock().unwrap().insert(thread::current().id());
        self.stream.read(buf)
    }
}

/// A client of the server, who has read for it, and what makes it panic.
fn watched(address: &str) -> (Client, Arc<Mutex<HashSet<ThreadId>>>, Arc<AtomicBool>) {
    let stream = TcpStream::connect(address).unwrap();
    let (writer, closer) = (stream.try_clone().unwrap(), stream.try_clone().unwrap());
    let (readers, panics) = (Arc::default(), Arc::default());
    let reader = Watched { stream, readers: Arc::clone(&readers), panics: Arc::clone(&panics) };
    // It is closed already when the server was faster.
    let close = move || drop(closer.shutdown(Shutdown::Both));
    (Client::builder().build_blocking(reader, writer, close).unwrap(), readers, panics)
}

fn say(client: &Client, number: i64) {
    assert_eq!(client.call::<i64>("Echo.Say", &number).wait().unwrap(), number);
}

/// Makes calls until this thread has read a reply.
fn make_calls_alone(client: &Client, readers: &Mutex<HashSet<ThreadId>>) {
    let begun = Instant::now();
    while !readers.lock().unwrap().contains(&thread::current().id()) {
        say(client, 1);
        assert!(begun.elapsed() < LONG, "nobody but the thread of the client reads");
    }
}

/// A call that takes so long, waited for in a thread of its own, which reads if nobody else does.
fn wait_elsewhere(
    client: &Client,
    readers: &Arc<Mutex<HashSet<ThreadId>>>,
    millis: u64,
) -> JoinHandle<Result<u64, Error>> {
    call_elsewhere(client, readers, "Echo.Late", millis)
}

fn call_elsewhere(
    client: &Client,
    readers: &Arc<Mutex<HashSet<ThreadId>>>,
    method: &'static str,
    args: u64,
) -> JoinHandle<Result<u64, Error>> {
    let (client, readers) = (client.clone(), Arc::clone(readers));
    let (sender, waits) = mpsc::channel();
    let waiting = thread::spawn(move || {
        make_calls_alone(&client, &readers);
        let call = client.call(method, &args);
        sender.send(()).unwrap();
        call.wait()
    });
    waits.recv().unwrap();
    waiting
}

#[test]
fn one_that_is_alone_reads_its_reply() {
    let (address, _stop) = serve();
    let (client, readers, _) = watched(&address);
    make_calls_alone(&client, &readers);
}

#[test]
fn one_that_reads_does_so_for_those_that_come_later() {
    let (address, _stop) = serve();
    let (client, readers, _) = watched(&address);
    let slow = call_elsewhere(&client, &readers, "Echo.Pass", 7);
    for number in 0..100 {
        say(&client, number);
    }
    assert!(!slow.is_finished());
    GATE.add_permits(1);
    assert_eq!(slow.join().unwrap().unwrap(), 7);
}

#[test]
fn those_that_come_later_are_answered_when_it_is_done() {
    let (address, _stop) = serve();
    let (client, readers, _) = watched(&address);
    let quick = wait_elsewhere(&client, &readers, 100);
    let slow = client.call::<u64>("Echo.Late", &300_u64);
    assert_eq!(quick.join().unwrap().unwrap(), 100);
    assert_eq!(slow.wait_timeout(LONG).unwrap(), 300);
}

#[test]
fn calls_are_waited_for_and_polled_and_asked_for_in_turn() {
    let (address, _stop) = serve();
    let client = Client::dial(&address).unwrap();
    let begun = Instant::now();
    for number in 0..50 {
        say(&client, number);
        say(&client, number);
        assert_eq!(block_on(client.call::<i64>("Echo.Say", &number)).unwrap(), number);
        say(&client, number);
        assert_eq!(client.call::<i64>("Echo.Say", &number).wait_timeout(LONG).unwrap(), number);
        say(&client, number);
        let call = client.go::<i64>("Echo.Say", &number).unwrap();
        while !call.is_done() {
            thread::yield_now();
            assert!(begun.elapsed() < LONG);
        }
        assert_eq!(call.wait().unwrap(), number);
        drop(client.call::<u64>("Echo.Late", &1_u64));
    }
}

#[test]
fn threads_that_wait_in_all_ways_share_a_connection() {
    let (address, _stop) = serve();
    let client = Client::dial(&address).unwrap();
    thread::scope(|scope| {
        for thread in 0..4 {
            let client = client.clone();
            scope.spawn(move || {
                for number in 0..500 {
                    let call = client.call::<i64>("Echo.Say", &number);
                    let reply = match (number + thread) % 4 {
                        0 => block_on(call),
                        1 => call.wait_timeout(LONG),
                        _ => call.wait(),
                    };
                    assert_eq!(reply.unwrap(), number);
                    if number % 50 == 10 * thread {
                        // The others have the connection to themselves for a while.
                        thread::sleep(Duration::from_millis(5));
                    }
                }
            });
        }
    });
}

#[test]
fn the_end_is_heard_of_while_one_reads() {
    let (address, stop) = serve();
    let (client, readers, _) = watched(&address);
    let call = wait_elsewhere(&client, &readers, 60_000);
    drop(stop);
    let error = call.join().unwrap().unwrap_err();
    assert!(matches!(error, Error::UnexpectedEof | Error::Io(_)), "{error:?}");
    block_on(client.closed());
}

#[test]
fn the_end_is_heard_of_between_calls() {
    let (address, stop) = serve();
    let (client, readers, _) = watched(&address);
    make_calls_alone(&client, &readers);
    drop(stop);
    let begun = Instant::now();
    while !client.is_closed() {
        thread::sleep(Duration::from_millis(1));
        assert!(begun.elapsed() < LONG);
    }
    block_on(client.closed());
}

#[test]
fn one_that_reads_is_told_when_the_client_closes() {
    let (address, _stop) = serve();
    let (client, readers, _) = watched(&address);
    let call = wait_elsewhere(&client, &readers, 60_000);
    client.shut_down().unwrap();
    assert!(matches!(call.join().unwrap(), Err(Error::Shutdown)));
    block_on(client.closed());
}

#[test]
fn a_mistake_in_the_stream_of_one_that_reads_ends_the_connection() {
    let (address, _stop) = serve();
    let (client, readers, panics) = watched(&address);
    let call = wait_elsewhere(&client, &readers, 100);
    panics.store(true, Ordering::SeqCst);
    // Whoever reads next panics, and that may be the one that waits.
    let _ = call.join();
    let next = thread::spawn({
        let client = client.clone();
        move || client.call::<i64>("Echo.Say", &1_i64).wait()
    });
    assert!(next.join().map_or(true, |result| result.is_err()));
    block_on(client.closed());
}

#[test]
fn a_mistake_in_the_stream_ends_the_connection_when_nobody_calls() {
    let (address, _stop) = serve();
    let (client, _, panics) = watched(&address);
    // The thread of the client reads this reply, and then goes on.
    let call = client.call::<i64>("Echo.Say", &1_i64);
    panics.store(true, Ordering::SeqCst);
    let _ = block_on(call);
    block_on(client.closed());
    assert!(matches!(client.call::<i64>("Echo.Say", &1_i64).wait(), Err(Error::Shutdown)));
}
