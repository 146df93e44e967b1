//! Clients of servers that misbehave (R76, R96, R101, R117–R125).

use std::time::Duration;

use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::cases;
use super::script::values;
use crate::go::{Programs, go_or_return};
use crate::hex::{hex, to_hex};
use crate::languages::Language;
use crate::patience::eventually;
use crate::peers::{Endpoint, Transport};

/// A server that says this, whatever it is asked, and closes.
#[derive(Debug, Clone, Deserialize)]
struct Fake {
    codec: String,
    name: String,
    sent: Option<String>,
    sent_hex: Option<String>,
    /// It closes by a reset.
    resets: bool,
}

impl Fake {
    fn says(&self) -> Vec<u8> {
        match (&self.sent, &self.sent_hex) {
            (Some(text), _) => text.clone().into_bytes(),
            (_, Some(digits)) => hex(digits),
            _ => Vec::new(),
        }
    }

    fn transport(&self) -> Transport {
        match self.codec.as_str() {
            "gob" => Transport::Tcp,
            "json" => Transport::Json,
            "http" => Transport::Http,
            other => panic!("no such codec: {other}"),
        }
    }

    fn steps(&self) -> &'static [&'static str] {
        match self.transport() {
            Transport::Http => &["mul"],
            _ => &["pair", "settle", "mul", "close", "close"],
        }
    }
}

/// Waits until the client has said all that it says before it wants an answer.
async fn listen(stream: &mut TcpStream, transport: Transport) {
    let mut said = Vec::new();
    while !has_asked(&said, transport) && eventually(stream.read_buf(&mut said)).await.is_ok_and(|read| read > 0) {}
}

/// Whether these are two calls, or the request before them.
fn has_asked(said: &[u8], transport: Transport) -> bool {
    match transport {
        Transport::Http => said.ends_with(b"\n\n"),
        Transport::Json => said.iter().filter(|byte| **byte == b'\n').count() == 2,
        // A header and arguments each.
        _ => values(said).len() == 4,
    }
}

async fn serve(listener: TcpListener, fake: Fake) {
    let (mut stream, _) = listener.accept().await.expect("a client");
    listen(&mut stream, fake.transport()).await;
    stream.write_all(&fake.says()).await.expect("the client listens");
    if fake.resets {
        socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO)).expect("a socket can be reset");
        return;
    }
    if fake.codec == "http" {
        // The call after the handshake, if it comes.
        let is_agreed = fake.says().starts_with(b"HTTP/1.0 200 Connected to Go RPC\n\n");
        let patience = Duration::from_millis(if is_agreed { 10_000 } else { 300 });
        let _ = tokio::time::timeout(patience, stream.read(&mut [0; 4096])).await;
    }
    let _ = stream.shutdown().await;
    // Unread bytes would make a reset of the end.
    let mut rest = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut rest)).await;
}

/// What a client prints that meets this server.
async fn meet(go: &Programs, fake: &Fake, language: Language) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("it has an address");
    let mut server = JoinSet::new();
    server.spawn(serve(listener, fake.clone()));
    let endpoint = Endpoint { transport: fake.transport(), address: address.to_string() };
    let lines = eventually(language.client(go, &endpoint, fake.steps())).await;
    let lines: Vec<String> = lines.iter().map(|line| without_ports(line, &address.to_string())).collect();
    lines.join("\n")
}

fn without_ports(line: &str, address: &str) -> String {
    let line = line.replace(address, "ADDR");
    match line.split_once("read tcp ").zip(line.split_once("->")) {
        Some(((before, _), (_, after))) => format!("{before}read tcp LOCAL->{after}"),
        None => line,
    }
}

/// What a Go client and a Rust client print that meet these servers, a few at a time.
async fn meet_all(go: &'static Programs, fakes: Vec<Fake>) -> Vec<(Fake, String, String)> {
    let mut met = Vec::new();
    for some in fakes.chunks(16) {
        let mut tasks = JoinSet::new();
        for fake in some.iter().cloned() {
            tasks.spawn(async move {
                let (theirs, ours) = tokio::join!(meet(go, &fake, Language::Go), meet(go, &fake, Language::Rust));
                (fake, theirs, ours)
            });
        }
        met.extend(tasks.join_all().await);
    }
    met
}

/// Where a Rust client does better than Go's, or puts it in other words: the first two lines that each prints.
#[rustfmt::skip]
const DIFFERENT: &[(&str, &str, [&str; 2], [&str; 2])] = &[
    // A reply that makes no sense is the end of its call, where it is the end of Go's client (R97).
    ("gob", "body type mismatch",
        ["error reading body gob: decoding into local type *int, received remote type string",
         "error gob: decoding into local type *int, received remote type string"],
        ["error reading body gob: decoding into local type *int, received remote type string", "ok 7"]),
    ("gob", "int overflow",
        ["error reading body gob: decoding into local type *int, received remote type uint",
         "error gob: decoding into local type *int, received remote type uint"],
        ["error reading body gob: decoding into local type *int, received remote type uint", "error unexpected EOF"]),
    ("gob", "error body undefined type",
        ["server-error oops", "error reading error body: gob: bad data: undefined type <nil>"],
        ["server-error oops", "ok 7"]),
    // What ended the connection is the same for whoever waits.
    ("gob", "error then fin no body",
        ["server-error oops", "error reading error body: EOF"],
        ["server-error oops", "error unexpected EOF"]),
    ("gob", "error unknown seq no body fin",
        ["error reading error body: EOF", "error reading error body: EOF"],
        ["error unexpected EOF", "error unexpected EOF"]),
    ("gob", "rst",
        ["error read tcp LOCAL->ADDR: read: connection reset by peer",
         "error read tcp LOCAL->ADDR: read: connection reset by peer"],
        ["error Connection reset by peer (os error 104)", "error Connection reset by peer (os error 104)"]),
    // JSON: the same, in the words of R121 and R122.
    ("json", "error false",
        ["error invalid error false", "error invalid error false"],
        ["error reading body invalid error false", "error unexpected EOF"]),
    ("json", "error num",
        ["error invalid error 5", "error invalid error 5"],
        ["error reading body invalid error 5", "error unexpected EOF"]),
    ("json", "error obj",
        ["error invalid error map[code:-32601 message:nf]", "error invalid error map[code:-32601 message:nf]"],
        ["error reading body invalid error map[code:-32601 message:nf]", "error unexpected EOF"]),
    ("json", "jsonrpc2 err",
        ["error invalid error map[code:1 message:m]", "error invalid error map[code:1 message:m]"],
        ["error reading body invalid error map[code:1 message:m]", "error unexpected EOF"]),
    ("json", "missing both",
        ["error invalid error <nil>", "error invalid error <nil>"],
        ["error reading body invalid error <nil>", "error unexpected EOF"]),
    ("json", "notification",
        ["error invalid error <nil>", "error invalid error <nil>"],
        ["error reading body invalid error <nil>", "error unexpected EOF"]),
    ("json", "null null",
        ["error invalid error <nil>", "error invalid error <nil>"],
        ["error reading body invalid error <nil>", "error unexpected EOF"]),
    ("json", "unknown id null",
        ["error invalid error <nil>", "error invalid error <nil>"],
        ["ok 6", "error unexpected EOF"]),
    ("json", "wrong type",
        ["error reading body json: cannot unmarshal string into Go value of type int",
         "error json: cannot unmarshal string into Go value of type int"],
        ["error reading body json: cannot unmarshal string into Go value of type int", "error unexpected EOF"]),
    // What comes with the answer to CONNECT is not lost (R75).
    ("http", "early", ["error unexpected EOF", ""], ["ok 56", ""]),
];

/// What comes before the names of the two calls.
fn results(lines: &str) -> [&str; 2] {
    let mut results = lines.lines().map(|line| line.split_once(' ').map_or("", |(_, result)| result));
    let first = results.next().unwrap_or_default();
    [first, if lines.starts_with("call0") { results.next().unwrap_or_default() } else { "" }]
}

/// R76, R101, R121
#[tokio::test]
async fn clients_take_what_servers_say_as_gos_does() {
    let fakes: Vec<Fake> = cases("servers.json");
    assert_eq!(fakes.len(), 62);
    let mut different = 0;
    for (fake, theirs, ours) in meet_all(go_or_return!(), fakes).await {
        let (codec, name) = (fake.codec.as_str(), fake.name.as_str());
        match DIFFERENT.iter().find(|known| (known.0, known.1) == (codec, name)) {
            Some(known) => {
                assert_eq!((results(&theirs), results(&ours)), (known.2, known.3), "{codec}: {name}");
                different += 1;
            }
            None => assert_eq!(ours, theirs, "{codec}: {name}"),
        }
    }
    assert_eq!(different, DIFFERENT.len());
}

/// R95, R101: wherever the connection is cut, both say the same.
#[tokio::test]
async fn a_server_may_be_cut_off_after_any_byte() {
    let replies = hex(
        "397f03010108526573706f6e736501ff80000103010d536572766963654d6574686f64010c00010353657101060001054572726f72010c\
         00000013ff80010e41726974682e4d756c7469706c79000304001415ff80010e41726974682e4d756c7469706c7901010003040028",
    );
    let cut = |len: usize| Fake {
        codec: "gob".to_owned(),
        name: format!("{len} bytes"),
        sent: None,
        sent_hex: Some(to_hex(&replies[..len])),
        resets: false,
    };
    let met = meet_all(go_or_return!(), (0..=replies.len()).map(cut).collect()).await;
    assert!(met.iter().any(|(.., ours)| results(ours) == ["ok 10", "ok 20"]), "{met:?}");
    for (fake, theirs, ours) in met {
        assert_eq!(ours, theirs, "{}", fake.name);
    }
}
