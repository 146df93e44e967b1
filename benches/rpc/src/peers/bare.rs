//! The limit: frames of 16 bytes that come back as they are, with no codec and no matching of calls. Before a server of
//! net/rpc it is the same request again and again, whose replies are only counted.

use std::sync::Arc;

use anyhow::{Context as _, Result, bail, ensure};
use bytes::BytesMut;
use gobrpc::gob::Limits;
use gobrpc::rpc::codec::GobCodec;
use gobrpc::rpc::proto::ClientConn;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, split};
use tokio::net::{TcpStream, UnixStream};

use super::Listener;
use super::gobrpc::Args;
use crate::load::{LARGE, Meter, WIDTH};

pub const FRAME: usize = 16;

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
        "window" => window(connect(address).await?, &[7; FRAME], FRAME, meter).await,
        "shared" => {
            let mut stream = connect(address).await?;
            let (request, reply_len) = recorded(&mut stream).await?;
            window(stream, &request, reply_len, meter).await
        }
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

/// Keeps as many requests outstanding as there are callers elsewhere.
async fn window(mut stream: impl Stream, request: &[u8], reply_len: usize, meter: &Meter) -> Result<()> {
    let (requests, mut replies) = (request.repeat(WIDTH), vec![0; reply_len * WIDTH]);
    let (mut begun, mut out) = (0, WIDTH);
    while meter.goes_on() {
        stream.write_all(&requests[..out * request.len()]).await?;
        let read = stream.read(&mut replies).await?;
        ensure!(read > 0, "the server has closed");
        out = (begun + read) / reply_len;
        begun = (begun + read) % reply_len;
        (0..out).for_each(|_| meter.count());
    }
    Ok(())
}

/// A request that can be sent again and again, since all types are known to the other side, and how long its reply is.
async fn recorded(stream: &mut impl Stream) -> Result<(Vec<u8>, usize)> {
    let mut conn = ClientConn::new(GobCodec::new(Limits::default()));
    let (mut request, mut reply_len) = (Vec::new(), 0);
    for _ in 0..2 {
        conn.start("Arith.Multiply", &Args { a: 7, b: 3 })?;
        request = conn.poll_transmit().context("a call without a request")?;
        stream.write_all(&request).await?;
        reply_len = 0;
        let mut input = BytesMut::new();
        while conn.poll_event().is_none() {
            reply_len += stream.read_buf(&mut input).await?;
            conn.handle_input(&mut input);
        }
    }
    Ok((request, reply_len))
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
