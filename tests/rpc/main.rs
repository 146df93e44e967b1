//! Clients and servers over real sockets, and the protocol by hand.

#[cfg(target_os = "linux")]
mod accept;
mod alone;
mod auto_traits;
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
mod deadlines;
mod debug_page;
#[path = "../common/hex.rs"]
mod hex;
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
#[path = "../common/patience.rs"]
mod patience;
mod policies;
mod proto;
mod registration;
mod requests;
mod schedules;
mod server;
mod shutdown;
#[cfg(target_os = "linux")]
mod stress;
#[cfg(target_os = "linux")]
mod tcp;
#[cfg(feature = "tracing")]
mod tracing;
#[cfg(unix)]
mod unix;
mod waiting;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use gobrpc::Gob;
use gobrpc::rpc::{Client, Error, Server};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use self::hex::hex;
use self::patience::{eventually, until};

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

/// A server whose method `Gate.Pass` returns when the test adds a permit: that is an event, and a time is not.
fn gated() -> (Server, Arc<Semaphore>) {
    let gate = Arc::new(Semaphore::new(0));
    let method = Arc::clone(&gate);
    let server = server().method("Gate.Pass", move |n: u64| {
        let gate = Arc::clone(&method);
        async move {
            gate.acquire().await.unwrap().forget();
            Ok::<_, Infallible>(n)
        }
    });
    (server, gate)
}

/// How many calls have begun.
fn calls_of(server: &Server) -> u64 {
    server.services().iter().flat_map(|service| &service.methods).map(|method| method.calls).sum()
}

/// Waits until so many calls have begun.
async fn begun(server: &Server, calls: u64) {
    until(|| calls_of(server) >= calls).await;
}

/// A call that is answered at once. If the client has a timeout, a machine that stands still may take it from the call;
/// then there is another one.
async fn multiply(client: &Client) -> isize {
    eventually(async {
        loop {
            match client.call("Arith.Multiply", &ARGS).await {
                Err(Error::Timeout { .. }) => {}
                result => return result.unwrap(),
            }
        }
    })
    .await
}

/// The text of an error that comes from the server.
fn server_error<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    match result {
        Err(Error::Server(error)) => error.to_string(),
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
