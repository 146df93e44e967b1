//! Whatever comes, nothing panics, and nothing costs more than it is worth.

use std::time::{Duration, Instant};

use bytes::BytesMut;
use gobrpc::Gob;
use gobrpc::gob::{Limits, Value};
use gobrpc::rpc::codec::JsonCodec;
use gobrpc::rpc::proto::ServerConn;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use super::{decoded, replied};

#[derive(Debug, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Node {
    value: isize,
    next: Option<Box<Self>>,
    bytes: Vec<u8>,
    any: Value,
    map: std::collections::BTreeMap<i8, f32>,
}

fn server(limits: Limits) -> ServerConn {
    ServerConn::new(JsonCodec::with_limits(limits))
}

#[test]
fn ten_thousand_levels_are_read_over_and_one_more_ends_the_connection() {
    // The object, the parameters and 9,998 more.
    for (levels, is_alive) in [(9_998, true), (9_999, false)] {
        let mut server = server(Limits::default());
        let json = format!(r#"{{"method":"S.M","params":[{}{}],"id":1}}"#, "[".repeat(levels), "]".repeat(levels));
        server.handle_input(&mut BytesMut::from(&json[..]));
        assert_eq!(server.is_reading(), is_alive);
        if let Some((_, body)) = server.poll_request() {
            let error = body.decode::<Value>().unwrap_err();
            assert_eq!(error.to_string(), "gob: value nests deeper than 256 levels");
        }
    }
}

#[test]
fn a_message_may_not_be_longer_than_the_limit() {
    let mut server = server(Limits::new().message(100));
    let mut input = BytesMut::from(&br#"{"method":""#[..]);
    server.handle_input(&mut input);
    input.extend_from_slice(&[b'a'; 89]);
    server.handle_input(&mut input);
    assert!(server.is_reading());
    input.extend_from_slice(b"a");
    server.handle_input(&mut input);
    assert!(!server.is_reading());
}

#[test]
fn white_space_between_messages_is_not_kept() {
    let mut server = server(Limits::new().message(100));
    let mut input = BytesMut::new();
    for _ in 0..100 {
        input.extend_from_slice(&[b' '; 50]);
        server.handle_input(&mut input);
        assert!(input.is_empty());
    }
    assert!(server.is_reading());
}

#[test]
fn a_message_in_single_bytes_takes_no_longer_than_in_one_piece() {
    let json = format!(r#"{{"method":"S.M","params":["{}"],"id":1}}"#, "x\\n".repeat(200_000));
    let (mut server, mut input) = (server(Limits::default()), BytesMut::new());
    let mut elapsed = Duration::ZERO;
    for piece in json.as_bytes().chunks(1000) {
        let start = Instant::now();
        for byte in piece {
            input.extend_from_slice(&[*byte]);
            server.handle_input(&mut input);
        }
        // A machine that stands still does so during one piece.
        elapsed += start.elapsed().min(Duration::from_millis(50));
    }
    assert!(server.poll_request().is_some());
    // Looking at all of it for each byte would take minutes.
    assert!(elapsed < Duration::from_secs(5), "{elapsed:?}");
}

#[test]
fn numbers_of_any_length_are_only_numbers() {
    let digits = "9".repeat(100_000);
    decoded::<isize>(&digits).unwrap_err();
    decoded::<f64>(&digits).unwrap_err();
    assert_eq!(decoded::<f64>(format!("0.{digits}")).unwrap(), 1.0);
    assert_eq!(decoded::<f64>(format!("1e-{digits}")).unwrap(), 0.0);
    decoded::<Value>(&digits).unwrap_err();
    replied::<isize>(&format!(r#"{{"id":{digits},"result":1}}"#)).unwrap_err();
    replied::<isize>(&format!(r#"{{"id":0,"error":{digits}}}"#)).unwrap_err();
}

#[test]
fn every_cut_of_a_message_is_a_message_to_come() {
    let json = r#"{"method":"S.M","params":[{"A":"\u12aB\n","b":[1.5e-7,true,null]}],"id":{"x":"y"}}"#;
    for cut in 0..json.len() {
        let (mut server, mut input) = (server(Limits::default()), BytesMut::from(&json[..cut]));
        server.handle_input(&mut input);
        assert!(server.is_reading() && server.poll_request().is_none(), "{}", &json[..cut]);
        server.handle_eof(&mut input);
        assert!(server.is_drained());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn garbage_is_refused_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
        let mut server = server(Limits::default());
        let mut input = BytesMut::from(&bytes[..]);
        server.handle_input(&mut input);
        server.handle_eof(&mut input);
    }

    #[test]
    fn what_looks_like_json_is_decoded_or_refused_without_a_panic(
        json in r#"(\{|\}|\[|\]|,|:|"(A|Value|Next|Any|Map|Bytes|1|-5)":|"[a-z\\"]{0,3}"|-?[0-9]{1,3}(\.[0-9])?(e[0-9]{1,3})?|null|true|\\u[d][89][0-9][0-9]){0,12}"#,
    ) {
        for json in [json.clone(), format!("[{json}]"), format!("{{\"Value\":1,{json}}}")] {
            for message in [format!(r#"{{"method":"S.M","params":[{json}],"id":{json}}}"#), json] {
                let mut server = server(Limits::default());
                server.handle_input(&mut BytesMut::from(&message[..]));
                while let Some((request, body)) = server.poll_request() {
                    let _ = body.decode::<Node>();
                    server.respond(request, Ok(&Value::from("x")));
                }
            }
        }
    }

    #[test]
    fn a_bit_that_flips_never_causes_a_panic(at in 0_usize..200, bit in 0_u32..8) {
        let mut json = br#"{"method":"S.M","params":[{"Value":-12,"Next":{"Next":null,"Value":3},"Bytes":"AAE=","Any":{"a":[1.5,"\ud83d\ude00",true]},"Map":{"1":0.1,"-128":1e3},"Value":4}],"id":[1, {"x":"<\u2028>"}]}"#.to_vec();
        let at = at % json.len();
        json[at] ^= 1 << bit;
        let mut server = server(Limits::default());
        let mut input = BytesMut::from(&json[..]);
        server.handle_input(&mut input);
        while let Some((request, body)) = server.poll_request() {
            let _ = body.decode::<Node>();
            server.respond(request, Ok(&Value::from("x")));
        }
        server.handle_eof(&mut input);
    }
}
