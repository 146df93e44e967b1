//! Servers of clients that misbehave (R18–R28, R38–R48, R57, R60, R66).

use gobrpc::Gob;
use serde::{Deserialize, Serialize};

use super::script::{Script, errors_in, replies_in, values};
use crate::go::go_or_return;
use crate::hex::to_hex;
use crate::services::{Args, Held, Holder, Kinds, Known, Node};

const ARGS: Args = Args { a: 7, b: 8 };

/// The header type of a request: its definition.
const REQUEST: &str = "2e7f030101075265717565737401ff80000102010d536572766963654d6574686f64010c0001035365710106000000";

/// R10, R11: zero and negative arguments, and what is said only once.
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

/// R17
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

/// R18: an error has the body of every error, whatever the method did to its reply.
#[tokio::test]
async fn an_error_is_sent_without_the_reply() {
    let script = Script::default().call("Arith.ErrorAndReply", &5_isize).call("Arith.Echo", &"x");
    script.assert_same(go_or_return!()).await;
}

/// R19: on the wire an empty error is none. Go sends the reply as the method left it; in Rust there is none, and
/// the error gets a text.
#[tokio::test]
async fn an_empty_error_is_a_reply_from_go_and_an_error_from_us() {
    let script = Script::default().header("Arith.EmptyError").body(&5_isize);
    let (theirs, ours) = script.told_to_both(go_or_return!()).await;
    assert_eq!(errors_in(&theirs), [(0, String::new())]);
    assert_eq!(errors_in(&ours), [(0, "rpc: method Arith.EmptyError failed without a word".to_owned())]);
}

/// R38–R40
#[tokio::test]
async fn names_that_lead_nowhere_cost_nothing() {
    let names = ["Nope.X", "Arith.Nope", "NoDot", "", ".", "Arith.", ".Multiply", "a.b.c.d", "Arith.multiply"];
    let script = names.iter().fold(Script::default(), |script, name| script.call(name, &ARGS));
    let said = script.call("Arith.Multiply", &ARGS).assert_same(go_or_return!()).await;
    let errors = errors_in(&said);
    assert_eq!(errors.len(), names.len() + 1);
    assert!(errors.iter().take(names.len()).all(|(_, error)| error.starts_with("rpc: ")), "{errors:?}");
}

/// R44
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

/// R56
#[tokio::test]
async fn a_fast_call_overtakes_a_slow_one() {
    let script = Script::default().header("Arith.Sleep").body(&200_isize).header("Arith.Sleep").body(&1_isize);
    let said = script.assert_same(go_or_return!()).await;
    assert_eq!(errors_in(&said).iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), [1, 0]);
}

fn holder(value: Option<Held>) -> Holder {
    Holder { name: "x".into(), value }
}

/// R6, R22
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

/// R46: the value spans messages, of which Go takes the second for a header, and hangs up.
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

/// R60: Go sends a header without a body, and hangs up.
#[tokio::test]
async fn a_reply_that_cannot_be_sent_costs_go_the_connection_and_us_the_call() {
    let script = Script::default().header("Arith.Nothing").body(&5_isize);
    let (theirs, ours) = script.told_to_both(go_or_return!()).await;
    assert_eq!(values(&theirs).len(), 1);
    let text = "rpc: gob error encoding body: gob: type service.Unsendable has no exported fields";
    assert_eq!(errors_in(&ours), [(0, text.to_owned())]);
}

/// R28: the definition of `Args`, and a message with nothing but its id.
#[tokio::test]
async fn a_pointer_to_a_nil_pointer_is_a_struct_of_zeros() {
    let args = "1e ff8103010104 41726773 01ff8200 0102 0101 41 0104 00 0101 42 0104 00 00 00";
    Script::default().header("Arith.Multiply").raw(args).raw("02ff82").assert_same(go_or_return!()).await;
}

/// R28
#[tokio::test]
async fn a_pointer_to_a_nil_pointer_to_a_number_is_no_number() {
    let said = Script::default().header("Arith.Sleep").raw("0104").assert_same(go_or_return!()).await;
    assert_eq!(errors_in(&said), [(0, "EOF".to_owned())]);
}

/// R66
#[tokio::test]
async fn a_client_that_has_said_all_is_still_answered() {
    let script = Script::default().header("Arith.Sleep").body(&150_isize);
    assert_eq!(replies_in(&script.assert_same(go_or_return!()).await), 1);
}

/// R45
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

/// R26, R27, R42
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
        &to_hex(b"GET /debug/rpc HTTP/1.1\r\nHost: localhost\r\nUser-Agent: something\r\nAccept: */*\r\n\r\n"),
    ] {
        Script::default().raw(said).assert_silence(go).await;
    }
    // After a request, too.
    let script = Script::default().call("Arith.Multiply", &ARGS).raw("03040006");
    assert_eq!(replies_in(&script.assert_same(go).await), 1);
}

/// R23
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

/// R25, R26: a length of more bytes than it takes, and bytes after the value.
#[tokio::test]
async fn lengths_may_be_long_and_messages_may_have_more_in_them() {
    let header = format!("ff{REQUEST} 10 ff80 01 0a 41726974682e4563686f 00 beef 06 0c 00 01 78 beef");
    let said = Script::default().raw(&header).assert_same(go_or_return!()).await;
    assert_eq!(replies_in(&said), 1);
}

/// R42: before a header.
#[tokio::test]
async fn a_header_that_is_defined_twice_ends_the_connection() {
    let script = Script::default().call("Arith.Echo", &"x").raw(REQUEST).header("Arith.Echo").body(&"y");
    assert_eq!(replies_in(&script.assert_same(go_or_return!()).await), 1);
}

/// R47: before a body. Go takes the value after it for a header.
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

/// R57
#[tokio::test]
async fn the_number_of_a_call_is_the_clients_affair() {
    let go = go_or_return!();
    let script = Script::default().numbered(u64::MAX).header("Arith.Echo").body(&"x");
    let said = script.numbered(0).header("Arith.Sleep").body(&100_isize).assert_same(go).await;
    assert_eq!(errors_in(&said).iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), [u64::MAX, 0]);

    let twice = Script::default().call("Arith.Echo", &"x").numbered(0).call("Arith.Echo", &"y");
    let said = twice.assert_same(go).await;
    assert_eq!(errors_in(&said).iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), [0, 0]);
}

/// R8
#[tokio::test]
async fn a_request_may_come_byte_by_byte() {
    let script = Script::default().header("Arith.Multiply").body(&ARGS).header("Arith.Sleep").body(&200_isize);
    assert_eq!(replies_in(&script.dripping().assert_same(go_or_return!()).await), 2);
}

/// R9: all at once, and answered in whatever order.
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
