//! gobrpc, driven by tokio.

use anyhow::Result;
use bytes::Bytes;
use futures::TryFutureExt as _;
use gobrpc::rpc::{Client, Server};
use gobrpc::{Gob, service};
use serde::{Deserialize, Serialize};

use super::Listener;
use crate::load::Peer;

#[derive(Debug, Clone, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
pub struct Args {
    pub a: isize,
    pub b: isize,
}

struct Arith;

#[service]
impl Arith {
    fn multiply(&self, args: Args) -> isize {
        args.a * args.b
    }

    fn echo(&self, data: Bytes) -> Bytes {
        data
    }
}

pub async fn serve(listener: Listener) -> Result<()> {
    let server = Server::new().register(Arith);
    match listener {
        Listener::Tcp(listener) => Ok(server.serve(listener).await?),
        Listener::Unix(listener) => Ok(server.serve(listener).await?),
    }
}

#[derive(Clone)]
pub struct Calls(Client);

impl Peer for Calls {
    async fn connect(address: &str) -> Result<Self> {
        Ok(Self(Client::connect(address).await?))
    }

    fn multiply(&self, a: i64, b: i64) -> impl Future<Output = Result<i64>> + Send + Unpin + 'static {
        let args = Args { a: a as isize, b: b as isize };
        self.0.call::<isize>("Arith.Multiply", &args).map_ok(|product| product as i64).map_err(Into::into)
    }

    async fn echo(&self, data: Bytes) -> Result<Bytes> {
        Ok(self.0.call("Arith.Echo", &data).await?)
    }
}
