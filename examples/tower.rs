//! Calls that go to one of several servers, wait no longer than a second, and are repeated when a server is gone.
//!
//! `cargo run --example tower --features tower -- ADDR...`, where servers of `Arith` are, as `--example server` is one.

use std::time::Duration;

use gobrpc::rpc::{Body, BoxError, Call, Channel, Client, Error};
use gobrpc::{Gob, service};
use serde::{Deserialize, Serialize};
use tower::balance::p2c::Balance;
use tower::discover::ServiceList;
use tower::load::{CompleteOnResponse, PendingRequestsDiscover};
use tower::reconnect::Reconnect;
use tower::{ServiceBuilder, retry};

#[derive(Debug, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Args {
    a: isize,
    b: isize,
}

#[service]
trait Arith {
    async fn multiply(&self, args: Args) -> isize;
}

/// Repeats a call where the connection was lost, and not where a method said no. Only for methods that may run twice:
/// nobody knows whether a call was lost on its way there or on its way back.
#[derive(Debug, Clone)]
struct OtherServer {
    left: usize,
}

impl retry::Policy<Call, Body, BoxError> for OtherServer {
    type Future = std::future::Ready<()>;

    fn retry(&mut self, _: &mut Call, result: &mut Result<Body, BoxError>) -> Option<Self::Future> {
        let error = result.as_ref().err()?.downcast_ref::<Error>();
        if matches!(error, Some(Error::Server(_))) || self.left == 0 {
            return None;
        }
        self.left -= 1;
        Some(std::future::ready(()))
    }

    fn clone_request(&mut self, call: &Call) -> Option<Call> {
        Some(call.clone())
    }
}

/// A channel to whichever of the servers has the least to do.
fn channel(addresses: Vec<String>) -> Channel {
    // Each connects when it is used first, and again when it was cut off.
    let servers = addresses.into_iter().map(|address| Reconnect::<_, String>::new(Client::builder(), address));
    let servers = PendingRequestsDiscover::new(ServiceList::new(servers), CompleteOnResponse::default());
    let stack = ServiceBuilder::new()
        // Chance decides between servers that have as little to do, and one that is gone has nothing to do: enough
        // tries for a living one to be met.
        .retry(OtherServer { left: 30 })
        .timeout(Duration::from_secs(1))
        .buffer(100)
        .service(Balance::new(servers));
    Channel::new(stack)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arith = ArithClient::new(channel(std::env::args().skip(1).collect()));
    for a in 1..=10 {
        match arith.multiply(Args { a, b: 2 }).await {
            Ok(product) => println!("{a} * 2 = {product}"),
            Err(error) => println!("{a} * 2: {error}"),
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    Ok(())
}
