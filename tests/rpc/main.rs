//! Clients and servers over real sockets, and the protocol by hand.

#[cfg(target_os = "linux")]
mod accept;
mod alone;
mod batches;
mod blocking;
mod browser;
mod calls;
mod cancel;
#[cfg(feature = "tower")]
mod channel;
#[cfg(target_os = "linux")]
mod child;
mod codec;
mod context;
mod debug_page;
mod http;
#[cfg(feature = "hyper")]
mod hyper;
#[cfg(feature = "jsonrpc")]
mod json;
#[cfg(feature = "tower")]
mod layer;
mod lifetime;
#[cfg(target_os = "linux")]
mod memory;
#[cfg(feature = "msgpack")]
mod msgpack;
mod pace;
mod policies;
mod proto;
mod registration;
mod requests;
mod server;
mod shutdown;
#[cfg(target_os = "linux")]
mod stress;
#[cfg(feature = "tracing")]
mod tracing;
#[cfg(unix)]
mod unix;
mod waiting;

use std::convert::Infallible;
use std::time::Duration;

use gobrpc::Gob;
use gobrpc::rpc::{Client, Server};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

/// Bytes written in hexadecimal, with spaces where they help.
fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Args {
    a: isize,
    b: isize,
}

const ARGS: Args = Args { a: 7, b: 8 };

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Quotient {
    quo: isize,
    rem: isize,
}

struct Arith;

#[gobrpc::service]
impl Arith {
    fn multiply(&self, args: Args) -> isize {
        args.a * args.b
    }

    fn divide(&self, args: Args) -> Result<Quotient, &'static str> {
        let quo = args.a.checked_div(args.b).ok_or("divide by zero")?;
        Ok(Quotient { quo, rem: args.a % args.b })
    }

    async fn sleep(&self, millis: u64) -> u64 {
        tokio::time::sleep(Duration::from_millis(millis)).await;
        millis
    }

    async fn echo(&self, bytes: Vec<u8>) -> Vec<u8> {
        bytes
    }

    fn panic(&self, text: String) {
        panic!("{text}");
    }

    /// A reply that gob cannot send.
    async fn nothing(&self, _: ()) -> Vec<Option<i64>> {
        vec![None]
    }
}

fn server() -> Server {
    Server::new()
        .register(Arith)
        .method("Empty.Error", |_: ()| async { Err::<i64, _>("") })
        .method("with.dots.Echo", |text: String| async { Ok::<_, Infallible>(text) })
}

/// Waits for something that has to come, so that a test that is stuck fails instead of hanging.
async fn eventually<F: Future>(future: F) -> F::Output {
    tokio::time::timeout(Duration::from_secs(20), future).await.expect("this does not take so long")
}

/// The text of an error that comes from the server.
fn server_error<T: std::fmt::Debug>(result: Result<T, gobrpc::rpc::Error>) -> String {
    match result {
        Err(gobrpc::rpc::Error::Server(error)) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

/// Serves on a free port and returns the address.
async fn serve(server: Server) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(server.serve(listener));
    address
}

async fn client() -> Client {
    Client::connect(&serve(server()).await).await.unwrap()
}
