//! Clients and servers over real sockets, and the protocol by hand.

mod blocking;
mod calls;
mod context;
mod debug;
mod http;
mod lifetime;
mod policy;
mod proto;
mod registration;
mod server;

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
