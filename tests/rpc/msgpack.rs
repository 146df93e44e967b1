//! MessagePack. The formats are those of Go's `go-msgpack`; `tests/go_interop` has the real one at the other end.

use std::collections::BTreeMap;

use bytes::BytesMut;
use gobrpc::Gob;
use gobrpc::gob::{Limits, Value};
use gobrpc::rpc::codec::MsgpackCodec;
use gobrpc::rpc::proto::{ClientConn, ServerConn};
use gobrpc::rpc::{Client, Error, Payload};
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

use super::{ARGS, Args, Quotient, eventually, hex, server, server_error};

/// `{"Seq": 0, "ServiceMethod": "S.M"}`
const HEADER: &str = "82 a3536571 00 ad536572766963654d6574686f64 a3532e4d";

/// What a client sends as its arguments.
fn encoded(args: &dyn Payload) -> Result<Vec<u8>, String> {
    let mut client = ClientConn::new(MsgpackCodec::new());
    client.start("S.M", args).map_err(|error| error.to_string())?;
    let sent = client.poll_transmit().unwrap();
    Ok(sent.strip_prefix(&hex(HEADER)[..]).expect("the header").to_vec())
}

/// What a server makes of such arguments.
fn decoded<T: Gob + DeserializeOwned>(digits: &str) -> Result<T, String> {
    let mut server = ServerConn::new(MsgpackCodec::new());
    server.handle_input(&mut BytesMut::from(&hex(&format!("{HEADER}{digits}"))[..]));
    let (_, body) = server.poll_request().expect("a whole request");
    body.decode().map_err(|error| error.to_string())
}

#[track_caller]
fn assert_form<T: Gob + Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: T, digits: &str) {
    assert_eq!(encoded(&value).unwrap(), hex(digits), "{value:?}");
    assert_eq!(decoded::<T>(digits).unwrap(), value, "{digits}");
}

#[test]
fn integers_are_as_short_as_their_sign_allows() {
    for (value, digits) in [
        (0, "00"),
        (127, "7f"),
        (128, "d10080"),
        (0x8000, "d200008000"),
        (-1, "ff"),
        (-32, "e0"),
        (-33, "d0df"),
        (-129, "d1ff7f"),
        (i64::MIN, "d38000000000000000"),
    ] {
        assert_form(value, digits);
    }
    for (value, digits) in [(127, "7f"), (128, "cc80"), (256, "cd0100"), (u64::MAX, "cfffffffffffffffff")] {
        assert_form(value, digits);
    }
}

#[test]
fn an_integer_of_any_format_comes_if_it_fits() {
    for digits in ["05", "cc05", "cd0005", "ce00000005", "cf0000000000000005", "d005", "d10005"] {
        assert_eq!(decoded::<i8>(digits), Ok(5), "{digits}");
        assert_eq!(decoded::<u64>(digits), Ok(5), "{digits}");
    }
    let error = "msgpack: cannot unmarshal number 200 into Go value of type int8";
    assert_eq!(decoded::<i8>("ccc8"), Err(error.to_owned()));
    let error = "msgpack: cannot unmarshal number -1 into Go value of type uint64";
    assert_eq!(decoded::<u64>("ff"), Err(error.to_owned()));
}

#[test]
fn floats_keep_their_width() {
    assert_form(1.5_f64, "cb3ff8000000000000");
    assert_form(1.5_f32, "ca3fc00000");
    assert_eq!(decoded::<f64>("ca3fc00000"), Ok(1.5));
    assert_eq!(encoded(&f64::INFINITY).unwrap(), hex("cb7ff0000000000000"));
    decoded::<f32>("cb7fefffffffffffff").unwrap_err();
}

#[test]
fn strings_and_bytes_have_the_format_of_old_and_both_are_read() {
    assert_form("hi".to_owned(), "a26869");
    assert_form(b"hi".to_vec(), "a26869");
    let long = "x".repeat(200);
    let digits: String = long.bytes().map(|byte| format!("{byte:02x}")).collect();
    assert_form(long.clone(), &format!("da00c8{digits}"));
    assert_eq!(decoded::<String>(&format!("d9c8{digits}")), Ok(long));
    assert_eq!(decoded::<Vec<u8>>("c4026869"), Ok(b"hi".to_vec()));
    assert_eq!(decoded::<String>("c5000268 69"), Ok("hi".to_owned()));
    assert_eq!(decoded::<Vec<u8>>("93 01 02 c0"), Ok(vec![1, 2, 0]));
    assert_eq!(encoded(&"x".repeat(0x1_0000)).unwrap()[..5], hex("db00010000"));
}

#[test]
fn a_struct_is_a_map_sorted_by_its_names() {
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct Unsorted {
        longer: isize,
        b: Option<String>,
        a: BTreeMap<u8, bool>,
    }
    let value = Unsorted { longer: 1, b: None, a: BTreeMap::from([(7, true)]) };
    assert_form(value, "83 a141 8107c3 a142 c0 a64c6f6e676572 01");
    // In either case, and without those that nobody knows.
    let found = decoded::<Unsorted>("83 a76e6f2073756368 92c0c2 a162 a178 a141 80");
    assert_eq!(found, Ok(Unsorted { longer: 0, b: Some("x".to_owned()), a: BTreeMap::new() }));
}

#[test]
fn what_go_may_leave_nil_is_zero() {
    assert_eq!(decoded::<Vec<isize>>("c0"), Ok(Vec::new()));
    assert_eq!(decoded::<BTreeMap<String, isize>>("c0"), Ok(BTreeMap::new()));
    assert_eq!(decoded::<Option<Args>>("c0"), Ok(None));
    assert_eq!(decoded::<String>("c0"), Ok(String::new()));
}

#[test]
fn an_open_interface_holds_what_comes() {
    let value = decoded::<Value>("93 01 a178 81a16b cb3ff8000000000000").unwrap();
    assert_eq!(value.to_string(), decoded::<Value>("93 01 a178 81a16b ca3fc00000").unwrap().to_string());
    assert_eq!(encoded(&value).unwrap(), hex("93 01 a178 81a16b cb3ff8000000000000"));
}

#[test]
fn an_extension_is_refused_and_read_over() {
    for digits in ["d40500", "d505 0000", "d60500000000", "c7020500 00", "c8000205 0000", "c900000002050000"] {
        assert_eq!(decoded::<Value>(digits).unwrap_err(), "msgpack: an extension is not understood", "{digits}");
        // The next member is found.
        let args = decoded::<Args>(&format!("82 a178 {digits} a141 09")).unwrap();
        assert_eq!(args, Args { a: 9, b: 0 });
    }
}

#[test]
fn arguments_that_fail_leave_nothing_behind() {
    let mut client = ClientConn::new(MsgpackCodec::new());
    client.start("S.M", &1.0_f64).unwrap();
    let first = client.poll_transmit().unwrap();
    let complex = num_complex::Complex64::new(1.0, 2.0);
    let error = client.start("S.M", &complex).unwrap_err();
    assert!(error.to_string().starts_with("msgpack encode error: unsupported kind complex128"), "{error}");
    assert_eq!(client.poll_transmit(), None);
    client.start("S.M", &1.0_f64).unwrap();
    assert_eq!(client.poll_transmit().unwrap().len(), first.len());
}

/// R45
#[test]
fn a_header_without_a_body_is_a_request_that_failed() {
    for (body, error) in [("", "EOF"), ("92 01", "unexpected EOF")] {
        let mut server = ServerConn::new(MsgpackCodec::new());
        let mut input = BytesMut::from(&hex(&format!("{HEADER}{body}"))[..]);
        server.handle_input(&mut input);
        assert!(server.poll_request().is_none());
        server.handle_eof(&mut input);
        let (request, body) = server.poll_request().expect("a request");
        assert_eq!(request.service_method, "S.M");
        assert_eq!(body.decode::<Vec<isize>>().unwrap_err().to_string(), error);
    }
}

#[test]
fn a_reply_of_another_type_fails_its_call_alone() {
    let mut client = ClientConn::new(MsgpackCodec::new());
    for _ in 0..2 {
        client.start("S.M", &()).unwrap();
    }
    let header = |seq| format!("83 a54572726f72 a0 a3536571 {seq} ad536572766963654d6574686f64 a3532e4d");
    client.handle_input(&mut BytesMut::from(&hex(&format!("{} a178 {} 07", header("00"), header("01")))[..]));
    let (_, body) = client.poll_event().unwrap();
    let error = body.unwrap().decode::<isize>().unwrap_err().to_string();
    assert_eq!(error, "msgpack: cannot unmarshal string into Go value of type int");
    let (seq, body) = client.poll_event().unwrap();
    assert_eq!((seq, body.unwrap().decode::<isize>().unwrap()), (1, 7));
}

#[test]
fn it_does_not_matter_how_the_bytes_are_cut() {
    let message = hex(&format!("{HEADER} 82 a141 d9026869 a142 d6ff00000000 {HEADER} dc0002 c0 df00000001 01 02"));
    for step in 1..=message.len() {
        let (mut server, mut input) = (ServerConn::new(MsgpackCodec::new()), BytesMut::new());
        let mut requests = 0;
        for piece in message.chunks(step) {
            input.extend_from_slice(piece);
            server.handle_input(&mut input);
            while let Some((request, _)) = server.poll_request() {
                assert_eq!(request.service_method, "S.M");
                server.respond(request, Ok(&() as &dyn Payload));
                requests += 1;
            }
        }
        server.handle_eof(&mut input);
        assert_eq!(requests, 2, "pieces of {step}");
        assert!(server.poll_transmit().is_some());
        assert!(server.is_drained() && input.is_empty());
    }
}

#[test]
fn a_message_may_not_be_longer_than_the_limit() {
    for announced in ["db00000100", "dc0100"] {
        let mut server = ServerConn::new(MsgpackCodec::with_limits(Limits::new().message(100)));
        let mut input = BytesMut::from(&hex(&format!("{HEADER}{announced}"))[..]);
        server.handle_input(&mut input);
        assert!(server.is_reading());
        input.extend_from_slice(&[0; 100]);
        server.handle_input(&mut input);
        assert!(!server.is_reading(), "{announced}");
    }
}

#[test]
fn what_is_announced_costs_nothing_before_it_comes() {
    for bomb in ["dbffffffff", "c6ffffffff", "ddffffffff", "dfffffffff", "c9ffffffff", &"ddffffffff".repeat(100_000)] {
        let mut server = ServerConn::new(MsgpackCodec::new());
        let mut input = BytesMut::from(&hex(&format!("{HEADER}{bomb}"))[..]);
        server.handle_input(&mut input);
        assert!(server.poll_request().is_none() && server.is_reading());
        server.handle_eof(&mut input);
    }
}

#[test]
fn a_value_that_nests_too_deep_is_not_decoded() {
    let error = decoded::<Value>(&format!("{}c0", "91".repeat(100_000))).unwrap_err();
    assert_eq!(error, "gob: value nests deeper than 256 levels");
}

/// `c1` is no format.
#[test]
fn what_is_no_messagepack_ends_the_connection() {
    let mut server = ServerConn::new(MsgpackCodec::new());
    server.handle_input(&mut BytesMut::from(&hex("c1")[..]));
    assert!(!server.is_reading());
    let mut client = ClientConn::new(MsgpackCodec::new());
    client.start("S.M", &()).unwrap();
    client.handle_input(&mut BytesMut::from(&hex("c1")[..]));
    let error = client.poll_event().expect("an end of the call").1.unwrap_err();
    assert!(matches!(error, Error::Codec(_)), "{error:?}");
    assert_eq!(error.to_string(), "msgpack: unrecognized descriptor byte: c1");
}

#[tokio::test]
async fn a_client_and_a_server_talk_over_a_socket() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(server().serve_with_codec(listener, std::future::pending(), MsgpackCodec::new));
    let client = Client::builder().connect_with_codec(&address, MsgpackCodec::new()).await.unwrap();
    let quotient: Quotient = eventually(client.call("Arith.Divide", &Args { a: 17, b: 8 })).await.unwrap();
    assert_eq!(quotient, Quotient { quo: 2, rem: 1 });
    let result = eventually(client.call::<Quotient>("Arith.Divide", &Args { a: 1, b: 0 })).await;
    assert_eq!(server_error(result), "divide by zero");
    let result = eventually(client.call::<isize>("Arith.Nope", &ARGS)).await;
    assert_eq!(server_error(result), "rpc: can't find method Arith.Nope");
    let result = eventually(client.call::<isize>("Arith.Multiply", &"x")).await;
    let error = "msgpack: cannot unmarshal string into Go value of type main.Args";
    assert_eq!(server_error(result), error);
    let bytes = vec![7; 100_000];
    assert_eq!(eventually(client.call::<Vec<u8>>("Arith.Echo", &bytes)).await.unwrap(), bytes);
    assert_eq!(eventually(client.call::<isize>("Arith.Multiply", &ARGS)).await.unwrap(), 56);

    let client = tokio::task::spawn_blocking(move || Client::builder().dial_with_codec(&address, MsgpackCodec::new()));
    let client = client.await.unwrap().unwrap();
    assert_eq!(eventually(client.call::<isize>("Arith.Multiply", &ARGS)).await.unwrap(), 56);
}

#[derive(Debug, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Node {
    value: isize,
    next: Option<Box<Self>>,
    bytes: Vec<u8>,
    any: Value,
    map: BTreeMap<i8, f32>,
}

/// Serves whatever requests these bytes hold.
fn serve(bytes: &[u8]) {
    let mut server = ServerConn::new(MsgpackCodec::new());
    let mut input = BytesMut::from(bytes);
    server.handle_input(&mut input);
    server.handle_eof(&mut input);
    while let Some((request, body)) = server.poll_request() {
        let _ = body.decode::<Node>();
        server.respond(request, Ok(&Value::from("x")));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn garbage_is_refused_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
        serve(&bytes);
        serve(&[hex(HEADER), bytes].concat());
    }

    #[test]
    fn a_bit_that_flips_never_causes_a_panic(at in 0_usize..200, bit in 0_u32..8) {
        let node = "85 a556616c7565 f4 a44e657874 81a556616c756503 a54279746573 c403000102 a3416e79 81a161 93ca3fc00000c3d9017a \
            a34d6170 8201cb3ff0000000000000d080ca44fa0000";
        let mut bytes = hex(&format!("{HEADER}{node}"));
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        serve(&bytes);
    }
}
