//! RPC over HTTP without a web server: one request, then RPC or the debug page.

use std::future::poll_fn;
use std::task::Poll;

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::connection::{self, Setup};
use super::context::Context;
use super::debug;
use super::linger::Linger;
use super::registry::Registry;
use super::signals::Order;
use crate::rpc::codec::GobCodec;
use crate::rpc::error::Result;
use crate::rpc::http::MAX_HEAD;
use crate::rpc::http::server::{self as http, Answer, Handshake, Paths};

/// Serves one HTTP connection. The calls are those that were cut off.
pub(super) async fn serve<IO>(mut setup: Setup, mut io: IO) -> (Result<()>, Vec<Context>)
where
    IO: AsyncRead + AsyncWrite + Send + Unpin,
{
    let stopped = poll_fn(|cx| match setup.signals.poll(cx) {
        Order::GoOn => Poll::Pending,
        _ => Poll::Ready(()),
    });
    let asking = ask(&setup.settings.paths, &setup.registry, &mut io);
    let asked = tokio::select! {
        asked = tokio::time::timeout(setup.settings.handshake_timeout, asking) => asked,
        // Nothing was asked yet.
        () = stopped => return (Ok(()), Vec::new()),
    };
    match asked {
        Ok(Ok(Some((handshake, input)))) => {
            setup.connection = setup.connection.with_handshake(handshake);
            let codec = GobCodec::new(setup.settings.limits);
            connection::serve(setup, io, codec, input).await
        }
        Ok(Ok(None)) => (Ok(()), Vec::new()),
        Ok(Err(error)) => (Err(error), Vec::new()),
        Err(elapsed) => (Err(std::io::Error::from(elapsed).into()), Vec::new()),
    }
}

/// Reads the request and answers it. If RPC follows, these are the request and what came after it.
async fn ask<IO>(paths: &Paths, registry: &Registry, io: &mut IO) -> Result<Option<(Handshake, BytesMut)>>
where
    IO: AsyncRead + AsyncWrite + Send + Unpin,
{
    let mut input = BytesMut::new();
    loop {
        if input.len() > MAX_HEAD || io.read_buf(&mut input).await? == 0 {
            return Ok(None);
        }
        let text = match http::answer(&input, paths) {
            Answer::Incomplete => continue,
            Answer::Connected(handshake, len) => {
                // Nothing may follow before the client speaks: Go's drops it (R75).
                io.write_all(http::connect_answer().as_bytes()).await?;
                io.flush().await?;
                return Ok(Some((handshake, input.split_off(len))));
            }
            Answer::DebugPage(reply) => reply.page(&debug::page(&registry.services())),
            Answer::Refused(text) => text,
        };
        io.write_all(text.as_bytes()).await?;
        // A browser may have sent more than we have read.
        let mut linger = Linger::default();
        poll_fn(|cx| linger.poll(io, cx)).await?;
        return Ok(None);
    }
}
