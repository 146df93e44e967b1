//! tarpc, with bincode.

use anyhow::Result;
use bytes::Bytes;
use futures::StreamExt as _;
use tarpc::client::{self, Config};
use tarpc::context;
use tarpc::serde_transport::{self, tcp, unix};
use tarpc::server::{BaseChannel, Channel as _};
use tarpc::tokio_serde::formats::Bincode;
use tarpc::tokio_util::codec::{Framed, LengthDelimitedCodec};

use super::Listener;
use crate::load::Peer;

#[tarpc::service]
trait Arith {
    async fn multiply(a: i64, b: i64) -> i64;
    async fn echo(data: Bytes) -> Bytes;
}

#[derive(Clone)]
struct Served;

impl Arith for Served {
    async fn multiply(self, _: context::Context, a: i64, b: i64) -> i64 {
        a * b
    }

    async fn echo(self, _: context::Context, data: Bytes) -> Bytes {
        data
    }
}

pub async fn serve(listener: Listener) -> Result<()> {
    loop {
        match &listener {
            Listener::Tcp(listener) => {
                let stream = listener.accept().await?.0;
                stream.set_nodelay(true)?;
                serve_stream(stream);
            }
            Listener::Unix(listener) => serve_stream(listener.accept().await?.0),
        }
    }
}

fn serve_stream(stream: impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Send + 'static) {
    let transport = serde_transport::new(Framed::new(stream, LengthDelimitedCodec::new()), Bincode::default());
    let calls = BaseChannel::with_defaults(transport).execute(Served.serve());
    tokio::spawn(calls.for_each(|call| async {
        tokio::spawn(call);
    }));
}

#[derive(Clone)]
pub struct Calls(ArithClient);

impl Peer for Calls {
    async fn connect(address: &str) -> Result<Self> {
        let client = match address.strip_prefix("unix:") {
            Some(path) => ArithClient::new(Config::default(), unix::connect(path, Bincode::default).await?).spawn(),
            None => {
                let transport = tcp::connect(address, Bincode::default).await?;
                transport.get_ref().set_nodelay(true)?;
                ArithClient::new(client::Config::default(), transport).spawn()
            }
        };
        Ok(Self(client))
    }

    fn multiply(&self, a: i64, b: i64) -> impl Future<Output = Result<i64>> + Send + Unpin + 'static {
        let client = self.0.clone();
        Box::pin(async move { Ok(client.multiply(context::current(), a, b).await?) })
    }

    async fn echo(&self, data: Bytes) -> Result<Bytes> {
        Ok(self.0.echo(context::current(), data).await?)
    }
}
