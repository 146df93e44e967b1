#![no_main]
//! Any bytes as what a server says, in each of the formats.
//!
//! Every call ends at most once, and once the connection has, exactly once, unless it was abandoned. What comes of the
//! calls does not depend on how the bytes are cut. After the end there is nothing to wait for, and no call is made.

use std::collections::{BTreeMap, BTreeSet};

use bytes::BytesMut;
use gobrpc::gob::{Limits, Value};
use gobrpc::rpc::codec::{ClientCodec, GobCodec, JsonCodec, MsgpackCodec};
use gobrpc::rpc::proto::ClientConn;
use gobrpc::rpc::{Body, Error, Result};
use gobrpc_fuzz::pieces;
use gobrpc_fuzz::types::{Plain, Record};
use libfuzzer_sys::fuzz_target;

/// How many calls are made before anything is read.
const CALLS: usize = 4;

fuzz_target!(|data: &[u8]| {
    let [format, seed, bytes @ ..] = data else { return };
    let limits = Limits::new();
    match format % 3 {
        0 => run(*seed, bytes, || GobCodec::new(limits)),
        1 => run(*seed, bytes, || JsonCodec::with_limits(limits)),
        _ => run(*seed, bytes, || MsgpackCodec::with_limits(limits)),
    }
});

fn run<C: ClientCodec>(seed: u8, bytes: &[u8], codec: impl Fn() -> C) {
    assert_eq!(all_at_once(0, bytes, codec()), all_at_once(seed, bytes, codec()));
    one_by_one(seed, bytes, codec());
}

/// What comes of calls that were all made before.
fn all_at_once(seed: u8, bytes: &[u8], codec: impl ClientCodec) -> Vec<(u64, String)> {
    let mut client = ClientConn::new(codec);
    for seq in 0..CALLS {
        assert_eq!(client.start("Arith.Multiply", &(seq as u64)).unwrap(), seq as u64);
    }
    assert!(client.poll_transmit().is_some());
    let mut input = BytesMut::new();
    for piece in pieces(seed, bytes) {
        input.extend_from_slice(piece);
        client.handle_input(&mut input);
    }
    client.handle_eof(&mut input);
    let ends: Vec<_> = std::iter::from_fn(|| client.poll_event()).map(|(seq, end)| (seq, shown(seq, end))).collect();
    let ended: BTreeSet<_> = ends.iter().map(|(seq, _)| *seq).collect();
    assert_eq!((ends.len(), ended.len()), (CALLS, CALLS), "{ends:?}");
    is_over(&mut client);
    ends
}

/// Calls that are made, and given up, while the answers come.
fn one_by_one(seed: u8, bytes: &[u8], codec: impl ClientCodec) {
    let mut client = ClientConn::new(codec);
    let mut waiting = BTreeSet::new();
    let mut input = BytesMut::new();
    for (number, piece) in pieces(seed, bytes).into_iter().enumerate() {
        match client.start("Arith.Multiply", &Plain { x: number as i64, y: 8 }) {
            Ok(seq) => assert!(waiting.insert(seq)),
            Err(error) => assert!(matches!(error, Error::Shutdown) && client.is_dead(), "{error}"),
        }
        if seed.is_multiple_of(3)
            && let Some(seq) = waiting.pop_first()
        {
            client.abandon(seq);
        }
        input.extend_from_slice(piece);
        client.handle_input(&mut input);
        while let Some((seq, end)) = client.poll_event() {
            assert!(waiting.remove(&seq), "call {seq} ends, and nobody waits for it");
            shown(seq, end);
        }
        assert_eq!(client.pending(), waiting.len());
    }
    if seed.is_multiple_of(2) {
        client.close();
    }
    client.handle_eof(&mut input);
    while let Some((seq, _)) = client.poll_event() {
        assert!(waiting.remove(&seq), "call {seq} ends, and nobody waits for it");
    }
    assert!(waiting.is_empty(), "{waiting:?}");
    is_over(&mut client);
}

fn is_over(client: &mut ClientConn) {
    assert!(client.is_dead() && client.is_closed());
    assert_eq!(client.pending(), 0);
    assert!(matches!(client.start("Arith.Multiply", &1_u64), Err(Error::Shutdown)));
    assert!(client.poll_transmit().is_none());
}

/// What came of a call, with its reply as one of several types.
fn shown(seq: u64, end: Result<Body>) -> String {
    match (end, seq % 4) {
        (Err(error), _) => error.to_string(),
        (Ok(body), 0) => format!("{:?}", body.decode::<u64>()),
        (Ok(body), 1) => format!("{:?}", body.decode::<Value>()),
        (Ok(body), 2) => format!("{:?}", body.decode::<Record>()),
        (Ok(body), _) => format!("{:?}", body.decode::<BTreeMap<String, Vec<u8>>>()),
    }
}
