//! `instructions-rpc CASE N` does one thing N times, for callgrind to count the instructions. Nothing here reads or
//! writes a socket, so that the count is the same in every run.

use bytes::BytesMut;
use gobrpc::Gob;
use gobrpc::gob::Limits;
use gobrpc::rpc::codec::GobCodec;
use gobrpc::rpc::proto::{ClientConn, ServerConn};
use serde::{Deserialize, Serialize};

/// So many calls go together where many do.
const BATCH: usize = 64;

#[derive(Debug, Clone, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Args {
    a: isize,
    b: isize,
}

const ARGS: Args = Args { a: 7, b: 8 };
const PRODUCT: isize = 56;

/// Both ends of a connection, and the bytes on their way.
struct Ends {
    client: ClientConn,
    server: ServerConn,
    requests: BytesMut,
    replies: BytesMut,
}

impl Ends {
    /// Ends that have told each other of their types.
    fn warm() -> Self {
        let client = ClientConn::new(GobCodec::new(Limits::default()));
        let server = ServerConn::new(GobCodec::new(Limits::default()));
        let mut ends = Self { client, server, requests: BytesMut::new(), replies: BytesMut::new() };
        ends.call(1);
        ends
    }

    fn ask(&mut self, calls: usize) {
        for _ in 0..calls {
            self.client.start("Arith.Multiply", &ARGS).expect("arguments are encoded");
        }
        self.requests.extend_from_slice(&self.client.poll_transmit().expect("there are requests"));
    }

    fn answer(&mut self) {
        self.server.handle_input(&mut self.requests);
        while let Some((request, body)) = self.server.poll_request() {
            let args: Args = body.decode().expect("arguments are decoded");
            self.server.respond(request, Ok(&(args.a * args.b)));
        }
        self.replies.extend_from_slice(&self.server.poll_transmit().expect("there are replies"));
    }

    fn hear(&mut self) {
        self.client.handle_input(&mut self.replies);
        while let Some((_, reply)) = self.client.poll_event() {
            let product = reply.expect("the call succeeds").decode::<isize>().expect("the reply is decoded");
            assert_eq!(product, PRODUCT);
        }
    }

    fn call(&mut self, calls: usize) {
        self.ask(calls);
        self.answer();
        self.hear();
    }
}

/// The bytes of a request, or a reply, on a stream where both types are known.
fn bytes(take: impl Fn(&mut Ends) -> &mut BytesMut, make: impl FnOnce(&mut Ends)) -> (Ends, BytesMut) {
    let mut ends = Ends::warm();
    make(&mut ends);
    let bytes = std::mem::take(take(&mut ends));
    (ends, bytes)
}

/// A name, and how to do it so many times.
type Case = (&'static str, fn(usize));

const CASES: &[Case] = &[
    ("call", |count| {
        let mut ends = Ends::warm();
        (0..count).for_each(|_| ends.call(1));
    }),
    ("call in a batch of 64", |count| {
        let mut ends = Ends::warm();
        (0..count / BATCH).for_each(|_| ends.call(BATCH));
    }),
    ("client request", |count| {
        let mut ends = Ends::warm();
        for _ in 0..count {
            let seq = ends.client.start("Arith.Multiply", &ARGS).expect("arguments are encoded");
            ends.client.abandon(seq);
            ends.client.poll_transmit();
        }
    }),
    ("server call", |count| {
        let (mut ends, request) = bytes(|ends| &mut ends.requests, |ends| ends.ask(1));
        for _ in 0..count {
            ends.requests.extend_from_slice(&request);
            ends.answer();
            ends.replies.clear();
        }
    }),
    ("server error", |count| {
        let (mut ends, request) = bytes(|ends| &mut ends.requests, |ends| ends.ask(1));
        for _ in 0..count {
            ends.requests.extend_from_slice(&request);
            ends.server.handle_input(&mut ends.requests);
            while let Some((request, _)) = ends.server.poll_request() {
                ends.server.respond(request, Err(&"no".into()));
            }
            ends.server.poll_transmit();
        }
    }),
    ("connection with one call", |count| (0..count).for_each(|_| drop(Ends::warm()))),
];

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (name, count) = match &args[..] {
        [name, count] => (name, count.parse().unwrap_or_else(|_| usage())),
        _ => usage(),
    };
    let (_, run) = CASES.iter().find(|(known, _)| known == name).unwrap_or_else(|| usage());
    run(count);
}

fn usage() -> ! {
    eprintln!("instructions-rpc CASE N, where CASE is one of");
    CASES.iter().for_each(|(name, _)| eprintln!("    {name}"));
    std::process::exit(2);
}
