//! What is set on TCP connections.

use std::fs;
use std::net::SocketAddr;

use gobrpc::rpc::Client;
use tokio::net::TcpListener;

use super::{multiply, server};

/// In how many seconds the system will ask the other side of a connection whether it is there, at each end of the only
/// connection of a server.
fn asked_in(address: SocketAddr) -> Vec<f64> {
    const ESTABLISHED: &str = "01";
    const KEEPALIVE: &str = "02";

    let port = format!(":{:04X}", address.port());
    let connections = fs::read_to_string("/proc/net/tcp").unwrap();
    let connections = connections.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let ends = connections.filter(|of| (of[1].ends_with(&port) || of[2].ends_with(&port)) && of[3] == ESTABLISHED);
    ends.map(|of| {
        let (timer, hundredths) = of[5].split_once(':').unwrap();
        assert_eq!(timer, KEEPALIVE);
        u64::from_str_radix(hundredths, 16).unwrap() as f64 / 100.0
    })
    .collect()
}

async fn listen() -> (SocketAddr, TcpListener) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    (listener.local_addr().unwrap(), listener)
}

/// As in Go, after 15 seconds (R67).
fn assert_that_both_ends_ask(address: SocketAddr) {
    let ends = asked_in(address);
    assert!(ends.len() == 2 && ends.iter().all(|seconds| *seconds <= 15.0), "{ends:?}");
}

#[tokio::test]
async fn both_ends_of_a_silent_connection_ask_whether_the_other_one_is_there() {
    let (address, listener) = listen().await;
    tokio::spawn(server().serve(listener));
    let client = Client::connect(&address.to_string()).await.unwrap();
    multiply(&client).await;
    assert_that_both_ends_ask(address);
}

#[tokio::test]
async fn a_client_on_threads_asks_too() {
    let (address, listener) = listen().await;
    tokio::spawn(server().serve(listener));
    let client = tokio::task::spawn_blocking(move || Client::dial(&address.to_string()).unwrap()).await.unwrap();
    multiply(&client).await;
    assert_that_both_ends_ask(address);
}
