//! The limit: frames of 16 bytes that come back as they are, with no codec and no matching of calls.

use anyhow::{Result, bail, ensure};
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, split};
use tokio::net::{TcpStream, UnixStream};

use super::Listener;
use crate::load::{LARGE, Meter, WIDTH};

const FRAME: usize = 16;

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

pub async fn serve(listener: Listener) -> Result<()> {
    loop {
        match &listener {
            Listener::Tcp(listener) => {
                let stream = listener.accept().await?.0;
                stream.set_nodelay(true)?;
                tokio::spawn(echo(stream));
            }
            Listener::Unix(listener) => {
                tokio::spawn(echo(listener.accept().await?.0));
            }
        }
    }
}

async fn echo(mut stream: impl Stream) -> Result<()> {
    let mut buffer = vec![0; 64 << 10];
    loop {
        match stream.read(&mut buffer).await? {
            0 => return Ok(()),
            read => stream.write_all(&buffer[..read]).await?,
        }
    }
}

async fn connect(address: &str) -> Result<Box<dyn Stream>> {
    Ok(match address.strip_prefix("unix:") {
        Some(path) => Box::new(UnixStream::connect(path).await?),
        None => {
            let stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            Box::new(stream)
        }
    })
}

pub async fn load(kind: &str, address: &str, meter: &Arc<Meter>) -> Result<()> {
    match kind {
        "one" => one(connect(address).await?, Arc::clone(meter)).await,
        "window" => window(connect(address).await?, meter).await,
        "many" => {
            let mut callers = tokio::task::JoinSet::new();
            for _ in 0..WIDTH {
                callers.spawn(one(connect(address).await?, Arc::clone(meter)));
            }
            while let Some(ended) = callers.join_next().await {
                ended??;
            }
            Ok(())
        }
        "echo" => large(connect(address).await?, meter).await,
        _ => bail!("no such load: {kind}"),
    }
}

async fn one(mut stream: impl Stream, meter: Arc<Meter>) -> Result<()> {
    let (frame, mut reply) = ([7; FRAME], [0; FRAME]);
    while meter.goes_on() {
        stream.write_all(&frame).await?;
        stream.read_exact(&mut reply).await?;
        ensure!(reply == frame, "a wrong frame");
        meter.count();
    }
    Ok(())
}

async fn window(mut stream: impl Stream, meter: &Meter) -> Result<()> {
    let mut buffer = [7; FRAME * WIDTH];
    let (mut begun, mut out) = (0, FRAME * WIDTH);
    while meter.goes_on() {
        stream.write_all(&buffer[..out]).await?;
        let read = stream.read(&mut buffer).await?;
        ensure!(read > 0, "the server has closed");
        let whole = (begun + read) / FRAME;
        begun = (begun + read) % FRAME;
        out = whole * FRAME;
        (0..whole).for_each(|_| meter.count());
    }
    Ok(())
}

async fn large(stream: impl Stream, meter: &Meter) -> Result<()> {
    let (mut reader, mut writer) = split(stream);
    let (data, mut reply) = (vec![0; LARGE], vec![0; LARGE]);
    while meter.goes_on() {
        tokio::try_join!(writer.write_all(&data), reader.read_exact(&mut reply))?;
        meter.count();
    }
    Ok(())
}
