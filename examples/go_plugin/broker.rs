//! go-plugin's `MuxBroker`: streams that either side opens, and the other finds by their numbers.

use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use gobrpc::rpc::{self, Server};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::{Notify, mpsc};
use tokio::time::{sleep, timeout};
use yamux::Mode;

use super::mux::{Opener, Stream, open, start};

/// How long one side waits for the other, as in Go.
const PATIENCE: Duration = Duration::from_secs(5);

/// What host and plugin have in common: the streams they begin with, and the broker for all others.
pub struct Link {
    pub control: Stream,
    pub stdout: Stream,
    pub stderr: Stream,
    pub broker: Broker,
}

impl Link {
    /// The end of the host, which opens the first streams.
    pub async fn host(io: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) -> io::Result<Self> {
        let (opener, incoming) = start(io, Mode::Client);
        let (control, stdout, stderr) = (open(&opener).await?, open(&opener).await?, open(&opener).await?);
        Ok(Self { control, stdout, stderr, broker: Broker::new(opener, incoming) })
    }

    /// The end of the plugin.
    pub async fn plugin(io: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) -> io::Result<Self> {
        let (opener, mut incoming) = start(io, Mode::Server);
        let mut next = async || incoming.recv().await.ok_or(io::ErrorKind::UnexpectedEof);
        let (control, stdout, stderr) = (next().await?, next().await?, next().await?);
        Ok(Self { control, stdout, stderr, broker: Broker::new(opener, incoming) })
    }
}

/// Opens and accepts streams. With the last clone of it the connection ends.
#[derive(Clone)]
pub struct Broker {
    opener: Opener,
    next_id: Arc<AtomicU32>,
    arrivals: Arc<Arrivals>,
}

impl Broker {
    fn new(opener: Opener, mut incoming: mpsc::Receiver<Stream>) -> Self {
        let arrivals = Arc::new(Arrivals::default());
        let this = Self { opener, next_id: Arc::default(), arrivals: arrivals.clone() };
        tokio::spawn(async move {
            while let Some(stream) = incoming.recv().await {
                tokio::spawn(arrivals.clone().keep(stream));
            }
        });
        this
    }

    /// A number for a stream that this side will accept; the other side has to be told it, and dials.
    pub fn next_id(&self) -> u32 {
        self.next_id.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// The stream that the other side opens with this number.
    pub async fn accept(&self, id: u32) -> io::Result<Stream> {
        let mut stream = timeout(PATIENCE, self.arrivals.take(id)).await?;
        stream.write_u32_le(id).await?;
        stream.flush().await?;
        Ok(stream)
    }

    /// Serves the stream that the other side opens with this number, in a task of its own.
    pub fn accept_and_serve(&self, id: u32, server: Server) {
        let broker = self.clone();
        tokio::spawn(async move {
            let served = match broker.accept(id).await {
                Ok(stream) => {
                    drop(broker);
                    server.serve_connection(stream).await
                }
                Err(error) => Err(error.into()),
            };
            match served {
                // It has ended with the connection.
                Err(rpc::Error::Io(error)) if error.kind() == io::ErrorKind::WriteZero => {}
                Err(error) => eprintln!("stream {id}: {error}"),
                Ok(()) => {}
            }
        });
    }

    /// Opens a stream with a number that the other side has told, and accepts.
    pub async fn dial(&self, id: u32) -> io::Result<Stream> {
        let mut stream = open(&self.opener).await?;
        stream.write_u32_le(id).await?;
        stream.flush().await?;
        match stream.read_u32_le().await? {
            ack if ack == id => Ok(stream),
            ack => Err(io::Error::other(format!("bad ack: {ack} (expected {id})"))),
        }
    }
}

/// The streams that the other side has opened, until they are accepted or their time is up.
#[derive(Default)]
struct Arrivals {
    streams: Mutex<HashMap<u32, Stream>>,
    arrived: Notify,
}

impl Arrivals {
    async fn keep(self: Arc<Self>, mut stream: Stream) {
        if let Ok(Ok(id)) = timeout(PATIENCE, stream.read_u32_le()).await {
            self.streams().insert(id, stream);
            self.arrived.notify_waiters();
            sleep(PATIENCE).await;
            self.streams().remove(&id);
        }
    }

    async fn take(&self, id: u32) -> Stream {
        loop {
            // Before the look: what arrives after it is noticed.
            let arrived = self.arrived.notified();
            if let Some(stream) = self.streams().remove(&id) {
                return stream;
            }
            arrived.await;
        }
    }

    fn streams(&self) -> MutexGuard<'_, HashMap<u32, Stream>> {
        self.streams.lock().expect("nobody panics with it")
    }
}
