//! The protocol without I/O: bytes in, bytes out.

use bytes::BytesMut;
use gobrpc::gob::{Limits, Time};
use gobrpc::rpc::codec::GobCodec;
use gobrpc::rpc::proto::{ClientConn, ServerConn};
use gobrpc::rpc::{Error, Payload};

use super::cancel::CancelArgs;
use super::{ARGS, Args, hex};

/// A client and a server, with their bytes carried by hand in pieces of `step` bytes.
struct Pair {
    client: ClientConn,
    server: ServerConn,
}

impl Pair {
    fn new() -> Self {
        Self {
            client: ClientConn::new(GobCodec::new(Limits::default())),
            server: ServerConn::new(GobCodec::new(Limits::default())),
        }
    }

    fn carry_requests(&mut self, step: usize) {
        let bytes = self.client.poll_transmit().unwrap_or_default();
        let mut input = BytesMut::new();
        for piece in bytes.chunks(step) {
            input.extend_from_slice(piece);
            self.server.handle_input(&mut input);
        }
        assert!(input.is_empty());
    }

    fn carry_replies(&mut self, step: usize) {
        let bytes = self.server.poll_transmit().unwrap_or_default();
        let mut input = BytesMut::new();
        for piece in bytes.chunks(step) {
            input.extend_from_slice(piece);
            self.client.handle_input(&mut input);
        }
        assert!(input.is_empty());
    }
}

#[test]
fn it_does_not_matter_how_the_bytes_are_cut() {
    for step in 1..120 {
        let mut pair = Pair::new();
        let seqs: Vec<u64> =
            (1..4).map(|n| pair.client.start("Arith.Multiply", &Args { a: n, b: n }).unwrap()).collect();
        assert_eq!(seqs, [0, 1, 2]);
        pair.carry_requests(step);
        while let Some((request, body)) = pair.server.poll_request() {
            assert_eq!(request.service_method, "Arith.Multiply");
            let args: Args = body.decode().unwrap();
            pair.server.respond(request, Ok(&(args.a * args.b) as &dyn Payload));
        }
        pair.carry_replies(step);
        for (seq, reply) in [(0, 1_isize), (1, 4), (2, 9)] {
            let (got, body) = pair.client.poll_event().unwrap();
            assert_eq!((got, body.unwrap().decode::<isize>().unwrap()), (seq, reply));
        }
        assert!(pair.client.poll_event().is_none());
    }
}

/// R16: Go has a pointer to the reply, and the definition of such a type tells, with an id of its own inside.
#[test]
fn a_reply_that_encodes_itself_is_defined_as_a_pointer() {
    let mut pair = Pair::new();
    let time: Time = "2024-02-29T12:30:45.123456789Z".parse().unwrap();
    let sent = "13ff82000f010000000edd726ff5075bcd15ffff";
    for is_first in [true, false] {
        pair.client.start("Echo.Time", &time).unwrap();
        let bytes = pair.client.poll_transmit().unwrap();
        // Arguments are defined as what they are.
        let as_argument = hex(&format!("10ff810501010454696d6501ff82000000{sent}"));
        assert_eq!(bytes.ends_with(&as_argument), is_first);
        pair.server.handle_input(&mut BytesMut::from(&bytes[..]));
        let (request, _) = pair.server.poll_request().unwrap();
        pair.server.respond(request, Ok(&time as &dyn Payload));
        let bytes = pair.server.poll_transmit().unwrap();
        let definition = hex(&format!("0aff81050102ff84000000{sent}"));
        assert!(bytes.ends_with(&hex(sent)));
        assert_eq!(bytes.ends_with(&definition), is_first);
        pair.client.handle_input(&mut BytesMut::from(&bytes[..]));
        assert_eq!(pair.client.poll_event().unwrap().1.unwrap().decode::<Time>().unwrap(), time);
    }
}

/// R10, R11, R17
#[test]
fn the_bytes_are_those_of_a_go_client_and_server() {
    let mut pair = Pair::new();
    pair.client.start("Arith.Multiply", &ARGS).unwrap();
    let first = pair.client.poll_transmit().unwrap();
    assert_eq!(
        first,
        hex("2e7f030101075265717565737401ff80000102010d536572766963654d6574686f64010c0001035365710106000000
            13ff80010e41726974682e4d756c7469706c7900 1eff81030101044172677301ff820001020101410104000101420104000000
            07ff82010e011000")
    );
    pair.client.start("Arith.Divide", &Args { a: 17, b: 8 }).unwrap();
    assert_eq!(pair.client.poll_transmit().unwrap(), hex("13ff80010c41726974682e446976696465010100 07ff820122011000"));

    let mut input = BytesMut::from(&first[..]);
    pair.server.handle_input(&mut input);
    let (mut request, _) = pair.server.poll_request().unwrap();
    request.service_method = "Arith.Divide".into();
    pair.server.respond(request, Err(&"divide by zero".into()));
    assert_eq!(
        pair.server.poll_transmit().unwrap(),
        hex("397f03010108526573706f6e736501ff80000103010d536572766963654d6574686f64010c00010353657101060001054572726f72010c000000
            21ff80010c41726974682e446976696465020e646976696465206279207a65726f00 0aff81030102ff82000000 03ff8200")
    );
}

/// R96
#[test]
fn replies_nobody_waits_for_are_dropped() {
    let mut pair = Pair::new();
    let first = pair.client.start("Arith.Multiply", &ARGS).unwrap();
    pair.client.start("Arith.Multiply", &ARGS).unwrap();
    pair.client.abandon(first);
    pair.carry_requests(64);
    while let Some((request, _)) = pair.server.poll_request() {
        pair.server.respond(request.clone(), Ok(&56_isize));
        pair.server.respond(request, Ok(&57_isize));
    }
    pair.carry_replies(64);
    let (seq, body) = pair.client.poll_event().unwrap();
    assert_eq!((seq, body.unwrap().decode::<isize>().unwrap()), (1, 56));
    assert!(pair.client.poll_event().is_none());
    assert_eq!(pair.client.pending(), 0);
}

/// R19
#[test]
fn an_error_text_that_is_not_utf8_does_no_harm() {
    let mut client = ClientConn::new(GobCodec::new(Limits::default()));
    client.start("A.B", &()).unwrap();
    let mut input = BytesMut::from(
        &hex("397f03010108526573706f6e736501ff80000103010d536572766963654d6574686f64010c00010353657101060001054572726f72010c000000
            07 ff80 03 03 61ff62 00 0aff81030102ff82000000 03ff8200")[..],
    );
    client.handle_input(&mut input);
    let (_, result) = client.poll_event().unwrap();
    assert_eq!(result.unwrap_err().to_string(), "a\u{fffd}b");
    assert!(!client.is_closed());
}

#[test]
fn a_server_knows_what_is_left_to_do() {
    let mut pair = Pair::new();
    pair.client.start("Arith.Multiply", &ARGS).unwrap();
    pair.client.start("Arith.Multiply", &ARGS).unwrap();
    let bytes = pair.client.poll_transmit().unwrap();
    let mut input = BytesMut::from(&bytes[..bytes.len() - 1]);
    pair.server.handle_input(&mut input);
    assert!(pair.server.has_begun());
    input.extend_from_slice(&bytes[bytes.len() - 1..]);
    pair.server.handle_input(&mut input);
    assert!(!pair.server.has_begun());
    assert_eq!((pair.server.waiting(), pair.server.in_flight(), pair.server.backlog()), (2, 0, 0));

    let (first, _) = pair.server.poll_request().unwrap();
    assert_eq!((pair.server.waiting(), pair.server.in_flight()), (1, 1));
    pair.server.stop_reading();
    assert!(!pair.server.is_reading() && !pair.server.is_drained());
    pair.server.respond(first, Ok(&56_isize));
    let (second, _) = pair.server.poll_request().unwrap();
    pair.server.respond(second, Ok(&56_isize));
    assert_eq!((pair.server.waiting(), pair.server.in_flight()), (0, 0));
    assert!(pair.server.backlog() > 0 && !pair.server.is_drained());
    pair.carry_replies(64);
    assert!(pair.server.is_drained());
}

/// R137
#[test]
fn a_request_that_is_cancelled_is_told_of_and_still_answered() {
    let mut pair = Pair::new();
    let seq = pair.client.start("Arith.Multiply", &ARGS).unwrap();
    pair.carry_requests(64);
    let (request, _) = pair.server.poll_request().unwrap();
    pair.client.start("_goRPC_.Cancel", &CancelArgs { seq }).unwrap();
    pair.carry_requests(64);
    assert!(pair.server.poll_request().is_none());
    assert_eq!(pair.server.poll_cancelled(), Some(seq));
    pair.server.respond(request, Err(&"context canceled".into()));
    pair.carry_replies(64);
    let ends: Vec<_> = std::iter::from_fn(|| pair.client.poll_event()).map(|(seq, end)| (seq, end.is_ok())).collect();
    assert_eq!(ends, [(1, true), (0, false)]);
}

/// R137
#[test]
fn a_cancellation_may_be_a_call_like_any_other() {
    let mut pair = Pair::new();
    pair.server = pair.server.cancels(false);
    pair.client.start("_goRPC_.Cancel", &CancelArgs { seq: 7 }).unwrap();
    pair.carry_requests(64);
    let (request, body) = pair.server.poll_request().unwrap();
    assert_eq!(request.service_method, "_goRPC_.Cancel");
    assert_eq!(body.decode::<CancelArgs>().unwrap().seq, 7);
    assert_eq!(pair.server.poll_cancelled(), None);
}

#[test]
fn a_connection_that_fails_ends_its_calls_with_the_reason() {
    let mut pair = Pair::new();
    pair.client.start("Arith.Multiply", &ARGS).unwrap();
    pair.client.start("Arith.Multiply", &ARGS).unwrap();
    pair.client.fail(Error::UnexpectedEof);
    assert!(pair.client.is_dead() && !pair.client.is_closing());
    let ends: Vec<_> = std::iter::from_fn(|| pair.client.poll_event()).collect();
    assert!(matches!(ends[..], [(0, Err(Error::UnexpectedEof)), (1, Err(Error::UnexpectedEof))]), "{ends:?}");
    // What could not be written is not written any more.
    assert!(pair.client.poll_transmit().is_none());
    assert!(matches!(pair.client.start("Arith.Multiply", &ARGS), Err(Error::Shutdown)));
}

#[test]
fn a_side_that_closes_has_shut_down_whatever_comes_after() {
    let mut pair = Pair::new();
    pair.client.start("Arith.Multiply", &ARGS).unwrap();
    pair.client.close();
    pair.client.fail(Error::UnexpectedEof);
    assert!(pair.client.is_closing());
    assert!(matches!(pair.client.poll_event(), Some((0, Err(Error::Shutdown)))));
    assert!(pair.client.poll_event().is_none());
}

/// R101
#[test]
fn a_reply_that_is_cut_off_fails_its_call_and_the_others() {
    let mut pair = Pair::new();
    pair.client.start("Arith.Multiply", &ARGS).unwrap();
    pair.client.start("Arith.Multiply", &ARGS).unwrap();
    let mut input = BytesMut::from(
        &hex("397f03010108526573706f6e736501ff80000103010d536572766963654d6574686f64010c00010353657101060001054572726f72010c000000
            13ff80010e41726974682e4d756c7469706c7900")[..],
    );
    pair.client.handle_eof(&mut input);
    let (seq, body) = pair.client.poll_event().unwrap();
    assert_eq!((seq, body.unwrap().decode::<isize>().unwrap_err().to_string().as_str()), (0, "EOF"));
    let (seq, result) = pair.client.poll_event().unwrap();
    assert!(seq == 1 && matches!(result, Err(Error::UnexpectedEof)));
    assert!(pair.client.is_dead());
}
