//! What no honest peer says: it is passed on, and costs little.

use std::time::Duration;

use gobrpc::Gob;
use gobrpc::gob::{Limits, Session, ty::Type};
use gobrpc::rpc::{Request, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::listen;
use crate::patience::eventually;
use crate::running::Running;

/// More than a command takes for itself, and far less than what is sent through it.
const MEMORY: usize = 128 << 20;

/// A client and a server with tap between them.
struct Pair {
    tap: Running,
    client: TcpStream,
    server: TcpStream,
}

impl Pair {
    async fn new(args: &[&str]) -> Self {
        let (listener, endpoint) = listen().await;
        let tap = Running::tap(&endpoint, &[&["--json"], args].concat()).await;
        let client = TcpStream::connect(&tap.address).await.expect("it listens");
        let server = eventually(listener.accept()).await.expect("it connects").0;
        Self { tap, client, server }
    }

    /// Has the client say this, and the server hear it.
    async fn client_says(&mut self, bytes: &[u8]) {
        pass(&mut self.client, &mut self.server, bytes).await;
    }

    async fn server_says(&mut self, bytes: &[u8]) {
        pass(&mut self.server, &mut self.client, bytes).await;
    }

    /// Asserts that this side is given up on with this error, and that bytes still go through both ways.
    async fn assert_lost(&mut self, side: &str, error: &str) {
        let lost = self.tap.event("lost").await;
        assert_eq!(lost["side"], side);
        assert!(lost["message"].as_str().is_some_and(|message| message.contains(error)), "{lost}");
        self.client_says(b"still here").await;
        self.server_says(b"me too").await;
    }
}

async fn pass(from: &mut TcpStream, to: &mut TcpStream, bytes: &[u8]) {
    let mut heard = vec![0; bytes.len()];
    let (written, read) = eventually(async { tokio::join!(from.write_all(bytes), to.read_exact(&mut heard)) }).await;
    written.expect("it can be written");
    read.expect("it comes");
    assert!(heard == bytes, "it comes as it was said");
}

fn request(session: &mut Session, seq: u64) -> Vec<u8> {
    let mut out = Vec::new();
    let header = Request { service_method: "Arith.Multiply".to_owned(), seq };
    session.encode(&header, &mut out).expect("a header");
    out
}

fn response(session: &mut Session, seq: u64) -> Vec<u8> {
    let mut out = Vec::new();
    let header = Response { service_method: "Arith.Multiply".to_owned(), seq, error: String::new() };
    session.encode(&header, &mut out).expect("a header");
    out
}

#[tokio::test]
async fn garbage_of_a_client_is_passed_on() {
    let mut pair = Pair::new(&[]).await;
    pair.client_says(b"\x10garbage that is no gob at all").await;
    pair.assert_lost("client", "gob").await;
}

#[tokio::test]
async fn garbage_of_a_server_is_passed_on_and_requests_are_still_shown() {
    let mut pair = Pair::new(&[]).await;
    let mut session = Session::new();
    let mut bytes = request(&mut session, 0);
    session.encode(&1_i64, &mut bytes).expect("arguments");
    pair.client_says(&bytes).await;
    pair.server_says(&[0xab; 1000]).await;
    pair.assert_lost("server", "").await;
    // The call of before, and one of after.
    let call = pair.tap.event("call").await;
    assert_eq!((&call["args"], &call["reply_note"]), (&json!(1), &json!("no reply: the replies cannot be followed")));
}

#[tokio::test]
async fn a_server_that_speaks_first_is_passed_on() {
    let mut pair = Pair::new(&[]).await;
    pair.server_says(&vec![b'x'; 20_000]).await;
    assert_eq!(pair.tap.event("other").await["message"], "the server speaks first");
    pair.client_says(b"hello").await;
    pair.server_says(b"hello").await;
}

#[tokio::test]
async fn an_http_head_without_end_is_passed_on() {
    let mut pair = Pair::new(&[]).await;
    pair.client_says(format!("CONNECT /{} HTTP/1.0\n", "x".repeat(40_000)).as_bytes()).await;
    assert_eq!(pair.tap.event("other").await["message"], "an HTTP head without end");
    pair.client_says(b"more").await;
}

#[tokio::test]
async fn json_without_end_and_depth_without_end_are_passed_on() {
    for (text, side) in [("{\"a\":", "client"), ("{\"params\":[", "client")] {
        let mut pair = Pair::new(&["--max-message", "100000"]).await;
        pair.client_says(text.as_bytes()).await;
        pair.client_says(&vec![b'['; 200_000]).await;
        pair.assert_lost(side, "more than 100000 bytes").await;
    }
}

#[tokio::test]
async fn a_long_message_is_passed_on_and_not_collected() {
    let mut pair = Pair::new(&[]).await;
    pair.client_says(&request(&mut Session::new(), 0)).await;
    // A string of 512 MiB, as far as that is told.
    pair.client_says(&[0xfc, 0x20, 0, 0, 0x08, 0x0c, 0, 0xfc, 0x20, 0, 0, 0]).await;
    pair.assert_lost("client", "value of more than 16777216 bytes").await;
    let piece = vec![b'x'; 1 << 20];
    for _ in 0..256 {
        pair.client_says(&piece).await;
    }
    assert!(pair.tap.peak_memory() < MEMORY, "{}", pair.tap.peak_memory());
}

#[tokio::test]
async fn long_values_are_told_by_their_length() {
    let mut pair = Pair::new(&[]).await;
    let (mut ours, mut theirs) = (Session::new(), Session::new());
    for seq in 0..20 {
        let mut bytes = request(&mut ours, seq);
        ours.encode(&"x".repeat(8 << 20), &mut bytes).expect("arguments");
        pair.client_says(&bytes).await;
        let mut bytes = response(&mut theirs, seq);
        theirs.encode(&vec![true; 2 << 20], &mut bytes).expect("a reply");
        pair.server_says(&bytes).await;
        let call = pair.tap.event("call").await;
        assert_eq!((&call["seq"], &call["args"], &call["reply"]), (&json!(seq), &Value::Null, &Value::Null));
        assert!(call["args_note"].as_str().is_some_and(|note| note.ends_with(" bytes")), "{call}");
    }
    assert!(pair.tap.peak_memory() < MEMORY, "{}", pair.tap.peak_memory());
}

/// A byte of it is a struct of a thousand fields, each of which is zero, and has a name to print.
#[tokio::test]
async fn a_short_message_that_would_be_a_long_text_is_told_by_its_length() {
    let mut pair = Pair::new(&[]).await;
    let fields: String = (0..1000).map(|n| format!("LongNameOfField{n} int\n")).collect();
    let ty = Type::parse(&format!("[]struct{{\n{fields}}}")).expect("a type");
    let mut session = Session::new();
    let mut bytes = request(&mut session, 0);
    session.encode_as(ty, &Vec::<()>::new(), &mut bytes).expect("no structs");
    // Instead of none, 500,000 structs that end at once.
    let empty = bytes.split_off(bytes.len() - 5);
    let [4, a, b, 0, 0] = empty[..] else { panic!("{empty:?}") };
    let count = [0xfd, 0x07, 0xa1, 0x20];
    let len = (3 + count.len() + 500_000_u32 as usize) as u32;
    bytes.push(0xfd);
    bytes.extend_from_slice(&len.to_be_bytes()[1..]);
    bytes.extend_from_slice(&[a, b, 0]);
    bytes.extend_from_slice(&count);
    bytes.resize(bytes.len() + 500_000, 0);
    pair.client_says(&bytes).await;
    let mut theirs = Session::new();
    let mut bytes = response(&mut theirs, 0);
    theirs.encode(&0_i64, &mut bytes).expect("a reply");
    pair.server_says(&bytes).await;
    let call = pair.tap.event("call").await;
    assert_eq!((&call["args"], &call["reply"]), (&Value::Null, &json!(0)), "{}", call["method"]);
    assert!(pair.tap.peak_memory() < MEMORY, "{}", pair.tap.peak_memory());
}

#[derive(Serialize, Deserialize, Gob)]
struct Deep(Vec<Self>);

#[tokio::test]
async fn a_value_as_deep_as_may_be_is_shown_and_a_deeper_one_is_not() {
    let mut pair = Pair::new(&[]).await;
    let (mut ours, mut theirs) = (Session::with_limits(Limits::new().depth(1000)), Session::new());
    for (seq, depth) in [(0, 250), (1, 500)] {
        let deep = (1..depth).fold(Deep(Vec::new()), |deep, _| Deep(vec![deep]));
        let mut bytes = request(&mut ours, seq);
        ours.encode(&deep, &mut bytes).expect("arguments");
        pair.client_says(&bytes).await;
        let mut bytes = response(&mut theirs, seq);
        theirs.encode(&0_i64, &mut bytes).expect("a reply");
        pair.server_says(&bytes).await;
        let call = pair.tap.line_of("call").await;
        match depth {
            250 => assert!(call.contains(&format!("{}{}", "[".repeat(250), "]".repeat(250))), "{call}"),
            _ => assert!(call.contains("\"args_note\":\"gob: value nests deeper than 256 levels"), "{call}"),
        }
    }
}

/// A definition is kept for as long as its connection lasts.
#[tokio::test]
async fn definitions_without_end_are_given_up() {
    let mut pair = Pair::new(&["--max-message", "4000000"]).await;
    pair.client_says(&request(&mut Session::new(), 0)).await;
    for id in 65..365_i32 {
        // type id: []int, under a name of a million letters.
        let (name_len, tail) = (1_000_000_u32, [0, 1, 4, 0, 0]);
        let negative = ((id - 1) << 1 | 1) as u16;
        let mut body = vec![0xfe];
        body.extend_from_slice(&negative.to_be_bytes());
        body.extend_from_slice(&[2, 1, 1, 0xfd]);
        body.extend_from_slice(&name_len.to_be_bytes()[1..]);
        body.resize(body.len() + name_len as usize, b'x');
        body.extend_from_slice(&tail);
        let mut message = vec![0xfd];
        message.extend_from_slice(&(body.len() as u32).to_be_bytes()[1..]);
        message.append(&mut body);
        pair.client_says(&message).await;
    }
    // The arguments of which the definitions were.
    pair.client_says(&[3, 4, 0, 2]).await;
    let mut theirs = Session::new();
    let mut bytes = response(&mut theirs, 0);
    theirs.encode(&0_i64, &mut bytes).expect("a reply");
    pair.server_says(&bytes).await;
    let call = pair.tap.event("call").await;
    assert_eq!((&call["seq"], &call["args"], &call["reply"]), (&json!(0), &Value::Null, &json!(0)));
    assert!(pair.tap.peak_memory() < MEMORY, "{}", pair.tap.peak_memory());
}

#[tokio::test]
async fn requests_that_are_never_answered_do_not_pile_up() {
    let mut pair = Pair::new(&[]).await;
    let mut session = Session::new();
    let args = "x".repeat(10_000);
    let mut bytes = Vec::new();
    for seq in 0..2_500 {
        bytes.append(&mut request(&mut session, seq));
        session.encode(&args, &mut bytes).expect("arguments");
    }
    let (_, calls) = tokio::join!(pass(&mut pair.client, &mut pair.server, &bytes), pair.tap.calls(800));
    for (seq, call) in calls.iter().enumerate() {
        assert_eq!((&call["seq"], &call["reply_note"]), (&json!(seq), &json!("no reply: too many calls are pending")));
    }
    assert!(pair.tap.peak_memory() < MEMORY, "{}", pair.tap.peak_memory());
}

#[tokio::test]
async fn a_server_that_does_not_read_makes_the_client_wait() {
    let mut pair = Pair::new(&[]).await;
    let piece = vec![b'{'; 1 << 20];
    let mut sent = 0_usize;
    while let Ok(written) = tokio::time::timeout(Duration::from_secs(1), pair.client.write(&piece)).await {
        sent += written.expect("it can be written");
        assert!(sent < 256 << 20, "nobody reads it");
    }
    // And then all of it comes.
    let mut heard = vec![0; sent];
    eventually(pair.server.read_exact(&mut heard)).await.expect("it comes");
    assert!(pair.tap.peak_memory() < MEMORY, "{}", pair.tap.peak_memory());
}
