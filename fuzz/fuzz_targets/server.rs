#![no_main]
//! Any bytes as what a client says, in each of the formats.
//!
//! The requests do not depend on how the bytes are cut. What is answered, in whatever order and with whatever there is,
//! is answered once, in a stream that a client can follow to its end, and then nothing is left to do.

use std::collections::BTreeMap;

use bytes::BytesMut;
use gobrpc::gob::{Limits, Value};
use gobrpc::rpc::codec::{ClientCodec, GobCodec, JsonCodec, MsgpackCodec, ServerCodec};
use gobrpc::rpc::proto::ServerConn;
use gobrpc::rpc::{Body, Request};
use gobrpc_fuzz::pieces;
use gobrpc_fuzz::types::{Plain, Record};
use libfuzzer_sys::fuzz_target;
use serde_json::value::RawValue;

fuzz_target!(|data: &[u8]| {
    let [format, seed, bytes @ ..] = data else { return };
    let limits = Limits::new();
    match format % 3 {
        0 => run(*seed, bytes, || GobCodec::new(limits), can_be_followed(GobCodec::new(limits))),
        1 => run(*seed, bytes, || JsonCodec::with_limits(limits), are_json),
        _ => {
            run(*seed, bytes, || MsgpackCodec::with_limits(limits), can_be_followed(MsgpackCodec::with_limits(limits)))
        }
    }
});

fn run<C: ServerCodec>(seed: u8, bytes: &[u8], codec: impl Fn() -> C, check: impl FnOnce(&[u8], usize)) {
    assert_eq!(requests(0, bytes, codec()), requests(seed, bytes, codec()));
    let (answers, count) = answers(seed, bytes, codec());
    check(&answers, count);
}

/// The requests, with their arguments as one of several types, and how the input ended.
fn requests(seed: u8, bytes: &[u8], codec: impl ServerCodec) -> (Vec<(Request, String)>, Option<String>) {
    let mut server = ServerConn::new(codec).cancels(false);
    let mut input = BytesMut::new();
    for piece in pieces(seed, bytes) {
        input.extend_from_slice(piece);
        server.handle_input(&mut input);
    }
    server.handle_eof(&mut input);
    let requests = std::iter::from_fn(|| server.poll_request()).enumerate();
    let requests = requests.map(|(number, (request, body))| (request, shown(number, body))).collect();
    (requests, server.error().map(ToString::to_string))
}

fn shown(number: usize, body: Body) -> String {
    match number % 4 {
        0 => format!("{:?}", body.decode::<Plain>()),
        1 => format!("{:?}", body.decode::<Value>()),
        2 => format!("{:?}", body.decode::<Record>()),
        _ => format!("{:?}", body.decode::<BTreeMap<String, Vec<u8>>>()),
    }
}

/// All answers, and how many there are. Some requests are answered as they come, the others at the end, the last first.
fn answers(seed: u8, bytes: &[u8], codec: impl ServerCodec) -> (Vec<u8>, usize) {
    let mut server = ServerConn::new(codec);
    let (mut out, mut count) = (Vec::new(), 0);
    let mut input = BytesMut::new();
    let mut open = Vec::new();
    let mut cancelled = 0;
    for piece in pieces(seed, bytes) {
        input.extend_from_slice(piece);
        server.handle_input(&mut input);
        while let Some((request, body)) = server.poll_request() {
            match (request.seq ^ u64::from(seed)) % 2 {
                0 => open.push((request, body)),
                _ => {
                    respond(&mut server, request, body);
                    count += 1;
                }
            }
        }
        cancelled += std::iter::from_fn(|| server.poll_cancelled()).count();
        assert_eq!(server.in_flight(), open.len());
        out.extend(server.poll_transmit().unwrap_or_default());
    }
    assert!(cancelled <= bytes.len());
    server.handle_eof(&mut input);
    open.extend(std::iter::from_fn(|| server.poll_request()));
    assert!(!server.is_reading());
    count += open.len();
    while let Some((request, body)) = open.pop() {
        assert!(!server.is_drained());
        respond(&mut server, request, body);
    }
    out.extend(server.poll_transmit().unwrap_or_default());
    assert!(server.is_drained() && server.poll_request().is_none());
    assert_eq!((server.in_flight(), server.waiting(), server.backlog()), (0, 0, 0));
    (out, count)
}

/// With what was asked, if it makes sense; now and then with what cannot be sent.
fn respond(server: &mut ServerConn, request: Request, body: Body) {
    match request.seq % 5 {
        0 => server.respond(request, Ok(&vec![None::<i64>])),
        1 => server.respond(request, Err(&"".into())),
        _ => match body.decode::<Value>() {
            Ok(value) => server.respond(request, Ok(&value)),
            Err(error) => server.respond(request, Err(&error.to_string().into())),
        },
    }
}

/// Whether a client can take all answers: there are as many, and those of calls of `_goRPC_.Cancel`.
fn can_be_followed<C: ClientCodec>(mut codec: C) -> impl FnOnce(&[u8], usize) {
    move |answers, count| {
        let mut input = BytesMut::from(answers);
        let mut read = 0;
        while !input.is_empty() {
            codec.read_response(&mut input, true).expect("answers make sense").expect("answers are whole");
            read += 1;
        }
        assert!(read >= count, "{read} answers to {count} requests");
    }
}

/// Whether the answers are JSON; their ids need not be numbers.
fn are_json(answers: &[u8], count: usize) {
    let lines = answers.split_inclusive(|byte| *byte == b'\n');
    let read = lines.inspect(|line| {
        // An id comes back as it came, be it Unicode or not.
        let line = String::from_utf8_lossy(line);
        let answer: BTreeMap<&str, &RawValue> = serde_json::from_str(&line).expect("answers are JSON");
        assert!(answer.into_keys().eq(["error", "id", "result"]));
    });
    let read = read.count();
    assert!(read >= count, "{read} answers to {count} requests");
}
