//! Servers of clients that misbehave (R18–R28, R38–R48, R57, R60, R66).

use std::time::Duration;

use gobrpc::Gob;
use gobrpc::gob::{Decoder, Session};
use gobrpc::rpc::{Request, Response};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{hex, unhex};
use crate::go::{Programs, go_or_return};
use crate::languages::Language;
use crate::peers::{Transport, eventually};
use crate::services::{Args, Held, Holder, Kinds, Known, Node};

const ARGS: Args = Args { a: 7, b: 8 };

/// The header type of a request: its definition.
const REQUEST: &str = "2e7f030101075265717565737401ff80000102010d536572766963654d6574686f64010c0001035365710106000000";

/// What a client says, with the replies it waits for in between.
#[derive(Default)]
struct Script {
    session: Session,
    seq: u64,
    parts: Vec<Part>,
}

enum Part {
    Say(Vec<u8>),
    /// One byte at a time.
    Drip(Vec<u8>),
    /// Wait until there are so many replies in all.
    Hear(usize),
}

impl Script {
    fn raw(mut self, digits: &str) -> Self {
        self.parts.push(Part::Say(unhex(digits)));
        self
    }

    /// What is to be in a message.
    fn message(self, digits: &str) -> Self {
        let body = unhex(digits);
        assert!(body.len() < 0x80, "a length of one byte");
        self.raw(&hex(&[&[body.len() as u8], &body[..]].concat()))
    }

    fn header(mut self, method: &str) -> Self {
        let mut bytes = Vec::new();
        let request = Request { service_method: method.to_owned(), seq: self.seq };
        self.session.encode(&request, &mut bytes).expect("a header can be sent");
        self.seq = self.seq.wrapping_add(1);
        self.parts.push(Part::Say(bytes));
        self
    }

    fn body<T: Gob + Serialize>(mut self, args: &T) -> Self {
        let mut bytes = Vec::new();
        self.session.encode(args, &mut bytes).expect("these arguments can be sent");
        self.parts.push(Part::Say(bytes));
        self
    }

    /// Calls, and waits for the answer, so that one follows the other.
    fn call<T: Gob + Serialize>(self, method: &str, args: &T) -> Self {
        let mut this = self.header(method).body(args);
        let replies = this.parts.iter().filter(|part| matches!(part, Part::Hear(_))).count();
        this.parts.push(Part::Hear(replies + 1));
        this
    }

    /// Everything so far goes out byte by byte, and nothing is waited for.
    fn dripping(mut self) -> Self {
        let said = self.parts.into_iter().filter_map(|part| match part {
            Part::Say(bytes) | Part::Drip(bytes) => Some(bytes),
            Part::Hear(_) => None,
        });
        self.parts = vec![Part::Drip(said.flatten().collect())];
        self
    }

    /// All that the server says to it. At the end the client says that it has said all.
    async fn told_to(&self, address: &str) -> Vec<u8> {
        let mut stream = TcpStream::connect(address).await.expect("the server is there");
        stream.set_nodelay(true).expect("a socket has this option");
        let mut heard = Vec::new();
        for part in &self.parts {
            match part {
                // A server that has hung up hears no more.
                Part::Say(bytes) => drop(stream.write_all(bytes).await),
                Part::Drip(bytes) => {
                    for byte in bytes {
                        let _ = stream.write_all(&[*byte]).await;
                        tokio::time::sleep(Duration::from_micros(200)).await;
                    }
                }
                Part::Hear(replies) => {
                    while replies_in(&heard) < *replies && stream.read_buf(&mut heard).await.is_ok_and(|read| read > 0)
                    {
                    }
                }
            }
        }
        let _ = stream.shutdown().await;
        // A reset is an end, too.
        let _ = eventually(stream.read_to_end(&mut heard)).await;
        heard
    }

    /// What Go's server says to it, and what ours does.
    async fn told_to_both(&self, go: &Programs) -> (Vec<u8>, Vec<u8>) {
        let theirs = Language::Go.server(go, Transport::Tcp).await;
        let ours = Language::Rust.server(go, Transport::Tcp).await;
        tokio::join!(self.told_to(&theirs.endpoint.address), self.told_to(&ours.endpoint.address))
    }

    /// Asserts that both servers say the same to it.
    async fn assert_same(&self, go: &Programs) -> Vec<u8> {
        let (theirs, ours) = self.told_to_both(go).await;
        assert_eq!(hex(&ours), hex(&theirs));
        ours
    }

    /// Asserts that both say nothing, and hang up.
    async fn assert_silence(&self, go: &Programs) {
        assert!(self.assert_same(go).await.is_empty());
    }
}

/// The message at the start: where its body begins, and where it ends.
fn message(bytes: &[u8]) -> Option<(usize, usize)> {
    let first = *bytes.first()?;
    let (start, len) = match first {
        0..0x80 => (1, usize::from(first)),
        _ => {
            let start = 1 + (0x100 - usize::from(first));
            let digits = bytes.get(1..start)?;
            (start, digits.iter().fold(0, |len, digit| len << 8 | usize::from(*digit)))
        }
    };
    (bytes.len() >= start + len).then_some((start, start + len))
}

/// The values among the messages: those whose id is not negative.
fn values(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut values = Vec::new();
    while let Some((start, end)) = message(bytes) {
        let body = &bytes[start..end];
        // An id is a byte, or a count of bytes and those.
        let last = if body[0] < 0x80 { body[0] } else { body[0x100 - usize::from(body[0])] };
        if last % 2 == 0 {
            values.push(body);
        }
        bytes = &bytes[end..];
    }
    values
}

/// A header and a body each.
fn replies_in(bytes: &[u8]) -> usize {
    values(bytes).len() / 2
}

/// What the replies of a server say: the numbers and errors, in their order.
fn errors_in(bytes: &[u8]) -> Vec<(u64, String)> {
    let mut decoder = Decoder::new(bytes);
    let mut errors = Vec::new();
    while let Ok(Some(response)) = decoder.decode::<Response>() {
        errors.push((response.seq, response.error));
        if !matches!(decoder.skip(), Ok(true)) {
            break;
        }
    }
    errors
}

/// J1: zero and negative arguments, and what is said only once.
#[tokio::test]
async fn calls_of_all_shapes_are_answered_the_same() {
    let script = Script::default()
        .call("Arith.Multiply", &ARGS)
        .call("Arith.Multiply", &Args { a: 3, b: -5 })
        .call("Arith.Multiply", &Args::default())
        .call("Arith.Divide", &Args { a: 17, b: 8 })
        .call("Arith.Sum", &vec![1_isize, -2])
        .call("Arith.Echo", &"héllo")
        .call("Arith.Kinds", &Kinds::default())
        .call("Arith.Tree", &Node::default());
    let said = script.assert_same(go_or_return!()).await;
    assert_eq!(replies_in(&said), 8);
}

/// J2, R17
#[tokio::test]
async fn errors_come_first_repeat_and_are_forgotten() {
    let script = Script::default()
        .call("Arith.Divide", &Args { a: 1, b: 0 })
        .call("Arith.Divide", &Args { a: 1, b: 0 })
        .call("Arith.Divide", &Args { a: 17, b: 8 })
        .call("Arith.Divide", &Args { a: 1, b: 0 });
    let said = script.assert_same(go_or_return!()).await;
    let errors = errors_in(&said);
    assert_eq!(errors.iter().filter(|(_, error)| error == "divide by zero").count(), 3, "{errors:?}");
}

/// J3, R18: an error has the body of every error, whatever the method did to its reply.
#[tokio::test]
async fn an_error_is_sent_without_the_reply() {
    let script = Script::default().call("Arith.ErrorAndReply", &5_isize).call("Arith.Echo", &"x");
    script.assert_same(go_or_return!()).await;
}

/// J3, R19: on the wire an empty error is none. Go sends the reply as the method left it; in Rust there is none, and the
/// error gets a text.
#[tokio::test]
async fn an_empty_error_is_a_reply_from_go_and_an_error_from_us() {
    let script = Script::default().header("Arith.EmptyError").body(&5_isize);
    let (theirs, ours) = script.told_to_both(go_or_return!()).await;
    assert_eq!(errors_in(&theirs), [(0, String::new())]);
    assert_eq!(errors_in(&ours), [(0, "rpc: method Arith.EmptyError failed without a word".to_owned())]);
}

/// J4, R38–R40
#[tokio::test]
async fn names_that_lead_nowhere_cost_nothing() {
    let names = ["Nope.X", "Arith.Nope", "NoDot", "", ".", "Arith.", ".Multiply", "a.b.c.d", "Arith.multiply"];
    let script = names.iter().fold(Script::default(), |script, name| script.call(name, &ARGS));
    let said = script.call("Arith.Multiply", &ARGS).assert_same(go_or_return!()).await;
    let errors = errors_in(&said);
    assert_eq!(errors.len(), names.len() + 1);
    assert!(errors.iter().take(names.len()).all(|(_, error)| error.starts_with("rpc: ")), "{errors:?}");
}

/// J5, R44
#[tokio::test]
async fn arguments_that_do_not_fit_cost_nothing() {
    #[derive(Serialize, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct Other {
        x: String,
    }
    #[derive(Serialize, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct WrongKind {
        a: String,
        b: isize,
    }
    let script = Script::default()
        .call("Arith.Multiply", &Other { x: "x".into() })
        .call("Arith.Multiply", &"x")
        .call("Arith.Multiply", &5_isize)
        .call("Arith.Multiply", &WrongKind { a: "x".into(), b: 1 })
        .call("Arith.Echo", &5_isize)
        .call("Arith.Sum", &"x")
        // R24: no field is missing when there is none at all.
        .call("Arith.Multiply", &())
        .call("Arith.Multiply", &ARGS);
    let said = script.assert_same(go_or_return!()).await;
    assert_eq!(errors_in(&said).iter().filter(|(_, error)| error.starts_with("gob: ")).count(), 6);
}

/// J8, R56
#[tokio::test]
async fn a_fast_call_overtakes_a_slow_one() {
    let script = Script::default().header("Arith.Sleep").body(&200_isize).header("Arith.Sleep").body(&1_isize);
    let said = script.assert_same(go_or_return!()).await;
    assert_eq!(errors_in(&said).iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), [1, 0]);
}

fn holder(value: Option<Held>) -> Holder {
    Holder { name: "x".into(), value }
}

/// J10, J11
#[tokio::test]
async fn interfaces_travel_both_ways() {
    let script = Script::default()
        .call("Arith.Any", &holder(None))
        .call("Arith.Any", &holder(Some(Held::Known(Known { n: 5 }))))
        .call("Arith.Any", &holder(Some(Held::Known(Known { n: 6 }))))
        .call("Arith.Wrap", &7_isize)
        .call("Arith.Wrap", &8_isize);
    script.assert_same(go_or_return!()).await;
}

#[derive(Serialize, Deserialize, Gob)]
#[gob(interface)]
enum Foreign {
    Stranger(Stranger),
}

#[derive(Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Stranger {
    s: String,
}

#[derive(Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct ForeignHolder {
    name: String,
    value: Option<Foreign>,
}

fn foreign() -> ForeignHolder {
    ForeignHolder { name: "x".into(), value: Some(Foreign::Stranger(Stranger { s: "s".into() })) }
}

/// J11, R46: the value spans messages, of which Go takes the second for a header, and hangs up.
#[tokio::test]
async fn an_interface_of_an_unknown_type_costs_go_the_connection_and_us_nothing() {
    let script =
        Script::default().call("Arith.Echo", &"x").header("Arith.Any").body(&foreign()).header("Arith.Echo").body(&"y");
    let (theirs, ours) = script.told_to_both(go_or_return!()).await;
    let unknown = "gob: name not registered for interface: \"main.Stranger\"";
    assert_eq!(errors_in(&theirs), [(0, String::new()), (1, unknown.to_owned())]);
    let mut errors = errors_in(&ours);
    errors.sort();
    assert_eq!(errors, [(0, String::new()), (1, unknown.to_owned()), (2, String::new())]);
}

/// R40
#[tokio::test]
async fn an_interface_for_a_method_that_is_not_there_costs_nothing() {
    let script = Script::default()
        .call("Arith.Echo", &"x")
        .header("Arith.Nope")
        .body(&holder(Some(Held::Known(Known { n: 5 }))))
        .call("Arith.Echo", &"y");
    assert_eq!(errors_in(&script.assert_same(go_or_return!()).await).len(), 3);
}

/// J12, R60: Go sends a header without a body, and hangs up.
#[tokio::test]
async fn a_reply_that_cannot_be_sent_costs_go_the_connection_and_us_the_call() {
    let script = Script::default().header("Arith.Nothing").body(&5_isize);
    let (theirs, ours) = script.told_to_both(go_or_return!()).await;
    assert_eq!(values(&theirs).len(), 1);
    let text = "rpc: gob error encoding body: gob: type service.Unsendable has no exported fields";
    assert_eq!(errors_in(&ours), [(0, text.to_owned())]);
}

/// J14, R28: the definition of `Args`, and a message with nothing but its id.
#[tokio::test]
async fn a_pointer_to_a_nil_pointer_is_a_struct_of_zeros() {
    let args = "1e ff8103010104 41726773 01ff8200 0102 0101 41 0104 00 0101 42 0104 00 00 00";
    Script::default().header("Arith.Multiply").raw(args).raw("02ff82").assert_same(go_or_return!()).await;
}

/// J14, R28
#[tokio::test]
async fn a_pointer_to_a_nil_pointer_to_a_number_is_no_number() {
    let said = Script::default().header("Arith.Sleep").raw("0104").assert_same(go_or_return!()).await;
    assert_eq!(errors_in(&said), [(0, "EOF".to_owned())]);
}

/// J17, R66
#[tokio::test]
async fn a_client_that_has_said_all_is_still_answered() {
    let script = Script::default().header("Arith.Sleep").body(&150_isize);
    assert_eq!(replies_in(&script.assert_same(go_or_return!()).await), 1);
}

/// J18, R45
#[tokio::test]
async fn a_header_without_a_body_is_answered() {
    let go = go_or_return!();
    let text = |said: Vec<u8>| errors_in(&said).into_iter().map(|(_, error)| error).collect::<Vec<_>>();
    let header = || Script::default().header("Arith.Multiply");
    assert_eq!(text(header().assert_same(go).await), ["EOF"]);
    // A part of a message, and a definition without a value.
    assert_eq!(text(header().raw("1eff8103").assert_same(go).await), ["unexpected EOF"]);
    let args = "1e ff8103010104 41726773 01ff8200 0102 0101 41 0104 00 0101 42 0104 00 00 00";
    assert_eq!(text(header().raw(args).assert_same(go).await), ["unexpected EOF"]);
    // Whether there is such a method comes first.
    let nowhere = Script::default().header("Nope.X").assert_same(go).await;
    assert_eq!(text(nowhere), ["rpc: can't find service Nope.X"]);
}

/// J19, R26, R27, R42
#[tokio::test]
async fn what_is_no_request_is_not_answered() {
    let go = go_or_return!();
    for said in [
        "",
        "00",
        "03040006",
        "ff",
        "f7 00000000000000000a",
        "f8 0000000200000000",
        "04 ff8e 0102",
        &hex(b"GET /debug/rpc HTTP/1.1\r\nHost: localhost\r\nUser-Agent: something\r\nAccept: */*\r\n\r\n"),
    ] {
        Script::default().raw(said).assert_silence(go).await;
    }
    // After a request, too.
    let script = Script::default().call("Arith.Multiply", &ARGS).raw("03040006");
    assert_eq!(replies_in(&script.assert_same(go).await), 1);
}

/// J20, R23
#[tokio::test]
async fn a_header_may_be_of_any_struct_with_these_fields() {
    let go = go_or_return!();
    let calls: [&[&str]; 4] = [
        // Called Q, with the id 70, and its fields the other way round.
        &[
            "ff8b 03 01 01 01 51 01 ff8c 00 01 02 01 03 536571 01 06 00 01 0d 536572766963654d6574686f64 01 0c 00 00 00",
            "ff8c 01 09 01 0a 41726974682e4563686f 00",
            "0c 00 01 78",
        ],
        // Without Seq, which is 0 then.
        &[
            "7f 03 01 01 07 52657175657374 01 ff80 00 01 01 01 0d 536572766963654d6574686f64 01 0c 00 00 00",
            "ff80 01 0a 41726974682e4563686f 00",
            "0c 00 01 78",
        ],
        // With one field more.
        &[
            "7f 03 01 01 07 52657175657374 01 ff80 00 01 03 01 0d 536572766963654d6574686f64 01 0c 00 01 03 536571 01 06 00 \
             01 01 5a 01 02 00 00 00",
            "ff80 01 0a 41726974682e4563686f 01 05 01 02 00",
            "0c 00 01 78",
        ],
        // Seq is an int: no header at all.
        &[
            "7f 03 01 01 07 52657175657374 01 ff80 00 01 02 01 0d 536572766963654d6574686f64 01 0c 00 01 03 536571 01 04 00 \
             00 00",
            "ff80 01 0a 41726974682e4563686f 01 02 00",
            "0c 00 01 78",
        ],
    ];
    let mut answered = Vec::new();
    for call in calls {
        let script = call.iter().fold(Script::default(), |script, body| script.message(body));
        answered.push(replies_in(&script.assert_same(go).await));
    }
    assert_eq!(answered, [1, 1, 1, 0]);
}

/// J20, R25, R26: a length of more bytes than it takes, and bytes after the value.
#[tokio::test]
async fn lengths_may_be_long_and_messages_may_have_more_in_them() {
    let header = format!("ff{REQUEST} 10 ff80 01 0a 41726974682e4563686f 00 beef 06 0c 00 01 78 beef");
    let said = Script::default().raw(&header).assert_same(go_or_return!()).await;
    assert_eq!(replies_in(&said), 1);
}

/// J21, R42: before a header.
#[tokio::test]
async fn a_header_that_is_defined_twice_ends_the_connection() {
    let script = Script::default().call("Arith.Echo", &"x").raw(REQUEST).header("Arith.Echo").body(&"y");
    assert_eq!(replies_in(&script.assert_same(go_or_return!()).await), 1);
}

/// J21, R47: before a body. Go takes the value after it for a header.
#[tokio::test]
async fn arguments_that_are_defined_twice_cost_go_the_connection_and_us_the_call() {
    let script = Script::default()
        .call("Arith.Echo", &"x")
        .header("Arith.Echo")
        .raw(REQUEST)
        .body(&"y")
        .header("Arith.Echo")
        .body(&"z");
    let (theirs, ours) = script.told_to_both(go_or_return!()).await;
    let twice = "gob: duplicate type received";
    assert_eq!(errors_in(&theirs), [(0, String::new()), (1, twice.to_owned())]);
    let mut errors = errors_in(&ours);
    errors.sort();
    assert_eq!(errors, [(0, String::new()), (1, twice.to_owned()), (2, String::new())]);
}

/// J22, R57
#[tokio::test]
async fn the_number_of_a_call_is_the_clients_affair() {
    let go = go_or_return!();
    let mut script = Script { seq: u64::MAX, ..Script::default() }.header("Arith.Echo").body(&"x");
    script.seq = 0;
    let said = script.header("Arith.Sleep").body(&100_isize).assert_same(go).await;
    assert_eq!(errors_in(&said).iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), [u64::MAX, 0]);

    let mut twice = Script::default().call("Arith.Echo", &"x");
    twice.seq = 0;
    let said = twice.call("Arith.Echo", &"y").assert_same(go).await;
    assert_eq!(errors_in(&said).iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), [0, 0]);
}

/// J22, R8
#[tokio::test]
async fn a_request_may_come_byte_by_byte() {
    let script = Script::default().header("Arith.Multiply").body(&ARGS).header("Arith.Sleep").body(&200_isize);
    assert_eq!(replies_in(&script.dripping().assert_same(go_or_return!()).await), 2);
}

/// J22, R9: all at once, and answered in whatever order.
#[tokio::test]
async fn twenty_requests_may_come_in_one_piece() {
    let script = (0..20_isize).fold(Script::default(), |script, n| script.header("Arith.Shuffle").body(&n));
    let (theirs, ours) = script.told_to_both(go_or_return!()).await;
    let sorted = |said| {
        let mut replies: Vec<_> = values(said).chunks(2).map(<[_]>::to_vec).collect();
        replies.sort();
        replies
    };
    assert_eq!(sorted(&ours), sorted(&theirs));
    assert_eq!(replies_in(&ours), 20);
}
