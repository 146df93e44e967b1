//! Accepting goes on whatever happens to it.

use std::io;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use gobrpc::rpc::{Client, Listener};
use tokio::net::{TcpListener, TcpStream};

use super::{child, eventually, multiply, server, until};

/// Counts the errors of accepting, of which some are its own.
struct Troubled {
    listener: TcpListener,
    errors_left: usize,
    errors: Arc<AtomicUsize>,
}

impl Listener for Troubled {
    type Io = TcpStream;

    async fn accept(&mut self) -> io::Result<TcpStream> {
        let result = match self.errors_left.checked_sub(1) {
            Some(left) => {
                self.errors_left = left;
                Err(io::ErrorKind::ConnectionAborted.into())
            }
            None => Listener::accept(&mut self.listener).await,
        };
        self.errors.fetch_add(usize::from(result.is_err()), Ordering::SeqCst);
        result
    }
}

/// Serves, and gives the address and the number of errors.
async fn serve(errors_left: usize) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let errors = Arc::new(AtomicUsize::new(0));
    tokio::spawn(server().serve(Troubled { listener, errors_left, errors: Arc::clone(&errors) }));
    (address, errors)
}

/// R64, where Go's `Accept` returns. The pauses are 5, 10, 20 and 40 milliseconds.
#[tokio::test]
async fn errors_of_accepting_are_survived_with_ever_longer_pauses() {
    let start = Instant::now();
    let (address, errors) = serve(4).await;
    let client = Client::connect(&address).await.unwrap();
    assert_eq!(multiply(&client).await, 56);
    assert!(start.elapsed() >= Duration::from_millis(75), "{:?}", start.elapsed());
    assert_eq!(errors.load(Ordering::SeqCst), 4);
}

/// In a process of its own, that may open but few files.
#[test]
fn a_server_that_has_no_descriptor_left_waits_for_one() {
    const TEST: &str = "accept::a_server_that_has_no_descriptor_left_waits_for_one";
    let in_sh = |exe: &std::path::Path| {
        let mut command = Command::new("sh");
        command.args(["-c", r#"ulimit -n 64; exec "$0" "$@""#]).arg(exe);
        command
    };
    let Some(text) = child::output_of(TEST, in_sh) else { return child::runtime().block_on(exhaust()) };
    assert!(child::number(&text, "errors of accepting:") > 1, "{text}");
}

async fn exhaust() {
    let (address, errors) = serve(0).await;
    let first = Client::connect(&address).await.unwrap();
    assert_eq!(multiply(&first).await, 56);
    let mut streams = Vec::new();
    while errors.load(Ordering::SeqCst) == 0 {
        // Every one that is accepted takes two.
        match TcpStream::connect(&address).await {
            Ok(stream) => streams.push(stream),
            Err(_) => drop(streams.pop()),
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    until(|| errors.load(Ordering::SeqCst) > 1).await;
    // Those who are here are served, and so is whoever comes when others have gone.
    assert_eq!(multiply(&first).await, 56);
    drop(streams);
    let late = eventually(async {
        loop {
            if let Ok(client) = Client::connect(&address).await {
                break client;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    assert_eq!(multiply(&late).await, 56);
    println!("\nerrors of accepting: {}", errors.load(Ordering::SeqCst));
}
