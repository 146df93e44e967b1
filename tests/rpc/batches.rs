//! Many calls or replies at once: neither side waits until the other has written all of them.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use bytes::BytesMut;
use futures::FutureExt as _;
use gobrpc::gob::Limits;
use gobrpc::rpc::codec::GobCodec;
use gobrpc::rpc::proto::ClientConn;
use gobrpc::rpc::{Client, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

use super::{ARGS, eventually};

/// So many go together.
const BATCH: usize = 16;

/// Takes what is there, and waits for nothing.
fn came(stream: &mut DuplexStream, bytes: &mut BytesMut) -> usize {
    while let Some(Ok(1..)) = stream.read_buf(bytes).now_or_never() {}
    bytes.len()
}

#[tokio::test]
async fn a_client_writes_calls_before_it_has_made_all_of_them() {
    let (ours, mut theirs) = tokio::io::duplex(1 << 16);
    let client = Client::builder().build(ours);
    tokio::task::yield_now().await;
    let (multiply, mut bytes) = (|| client.call::<isize>("Arith.Multiply", &ARGS), BytesMut::new());

    // The first goes at once, since it is alone. After it, nobody else runs here.
    let mut calls = vec![multiply()];
    let alone = came(&mut theirs, &mut bytes);
    assert!(alone > 0);
    calls.extend((1..BATCH).map(|_| multiply()));
    assert_eq!(came(&mut theirs, &mut bytes), alone);
    calls.push(multiply());
    assert!(came(&mut theirs, &mut bytes) > alone);
}

/// The end of a client, of which the method of the server sees what has come.
type End = Arc<Mutex<(DuplexStream, BytesMut)>>;

/// Makes so many calls as one write; the replies.
async fn calls(conn: &mut ClientConn, end: &End, count: usize) -> Vec<u64> {
    for _ in 0..count {
        conn.start("Peek.Replies", &0_i64).unwrap();
    }
    let requests = conn.poll_transmit().unwrap();
    assert!(end.lock().unwrap().0.write_all(&requests).now_or_never().is_some());
    let mut replies = Vec::new();
    while replies.len() < count {
        {
            let (stream, bytes) = &mut *end.lock().unwrap();
            came(stream, bytes);
            conn.handle_input(bytes);
        }
        replies
            .extend(std::iter::from_fn(|| conn.poll_event()).map(|(_, reply)| reply.unwrap().decode::<u64>().unwrap()));
        tokio::task::yield_now().await;
    }
    replies
}

#[tokio::test]
async fn a_server_writes_replies_before_it_has_run_all_calls() {
    let (ours, theirs) = tokio::io::duplex(1 << 16);
    let end: End = Arc::new(Mutex::new((ours, BytesMut::new())));
    let peer = Arc::clone(&end);
    let server = Server::new().method("Peek.Replies", move |_: i64| {
        let (stream, bytes) = &mut *peer.lock().unwrap();
        let seen = came(stream, bytes) as u64;
        async move { Ok::<_, Infallible>(seen) }
    });
    let serving = tokio::spawn(async move { server.serve_connection(theirs).await });
    let mut conn = ClientConn::new(GobCodec::new(Limits::default()));

    // By then the method is known to be quick, and runs where its connection is read.
    eventually(calls(&mut conn, &end, 2 * BATCH)).await;
    let seen = eventually(calls(&mut conn, &end, 3 * BATCH)).await;
    assert!(seen[..BATCH].iter().all(|seen| *seen == 0), "{seen:?}");
    assert!(seen[BATCH] > 0 && seen[2 * BATCH] > seen[BATCH], "{seen:?}");

    drop(end);
    serving.abort();
}
