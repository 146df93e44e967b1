//! A proxy that records what the two ends of one connection say.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::task::JoinSet;

use crate::patience::eventually;
use crate::peers::Endpoint;

/// Takes one connection and passes it on.
#[derive(Debug)]
pub(crate) struct Tee {
    pub(crate) endpoint: Endpoint,
    task: JoinSet<io::Result<Recording>>,
    _dir: Option<tempfile::TempDir>,
}

/// All that was said on a connection.
#[derive(Debug, PartialEq)]
pub(crate) struct Recording {
    pub(crate) client: Vec<u8>,
    pub(crate) server: Vec<u8>,
}

impl Tee {
    pub(crate) async fn before(server: &Endpoint) -> Self {
        let transport = server.transport;
        let (dir, address) = transport.free_address();
        let upstream = server.address.clone();
        let mut task = JoinSet::new();
        let address = if transport.network() == "unix" {
            let listener = UnixListener::bind(&address).expect("a socket to listen on");
            task.spawn(async move {
                let client = listener.accept().await?.0;
                let server = UnixStream::connect(upstream).await?;
                record(client.into_split(), server.into_split()).await
            });
            address
        } else {
            let listener = TcpListener::bind(&address).await.expect("a port to listen on");
            let address = listener.local_addr().expect("it has an address").to_string();
            task.spawn(async move {
                let client = listener.accept().await?.0;
                let server = TcpStream::connect(upstream).await?;
                record(client.into_split(), server.into_split()).await
            });
            address
        };
        Self { endpoint: Endpoint { transport, address }, task, _dir: dir }
    }

    /// The recording, once both ends have closed.
    pub(crate) async fn recording(mut self) -> Recording {
        let result = eventually(self.task.join_next()).await.expect("the proxy runs");
        result.expect("the proxy does not panic").expect("the connection is not cut")
    }
}

async fn record<R: AsyncRead + Unpin, W: AsyncWrite + Unpin>(
    (mut client, mut to_client): (R, W),
    (mut server, mut to_server): (R, W),
) -> io::Result<Recording> {
    let (client, server) = tokio::try_join!(pass(&mut client, &mut to_server), pass(&mut server, &mut to_client))?;
    Ok(Recording { client, server })
}

async fn pass(from: &mut (impl AsyncRead + Unpin), to: &mut (impl AsyncWrite + Unpin)) -> io::Result<Vec<u8>> {
    let mut said = Vec::new();
    loop {
        let start = said.len();
        if from.read_buf(&mut said).await? == 0 {
            // The other end may be gone already.
            let _ = to.shutdown().await;
            return Ok(said);
        }
        to.write_all(&said[start..]).await?;
    }
}
