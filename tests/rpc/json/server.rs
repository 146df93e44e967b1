//! What a server answers (R109–R119).

use std::collections::BTreeMap;

use bytes::BytesMut;
use gobrpc::gob::Value;
use gobrpc::rpc::codec::JsonCodec;
use gobrpc::rpc::proto::ServerConn;
use gobrpc::rpc::{Client, Payload, Server, ServerError};
use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::super::{Args, Quotient, eventually, hex};

struct Arith;

#[gobrpc::service]
impl Arith {
    fn multiply(&self, args: Args) -> isize {
        args.a * args.b
    }

    fn divide(&self, args: Args) -> Result<Quotient, &'static str> {
        let quo = args.a.checked_div(args.b).ok_or("divide by zero")?;
        Ok(Quotient { quo, rem: args.a % args.b })
    }

    fn echo(&self, text: String) -> String {
        text
    }

    async fn sleep(&self, ms: isize) -> isize {
        tokio::time::sleep(std::time::Duration::from_millis(ms.unsigned_abs() as u64)).await;
        ms
    }
}

/// What the server says to these bytes. It is not told that nothing follows if it `closes` by itself.
async fn said(sent: &[u8], closes: bool) -> String {
    let (mut client, server) = tokio::io::duplex(1 << 16);
    let serving =
        tokio::spawn(async move { Server::new().register(Arith).serve_codec(server, JsonCodec::new()).await });
    client.write_all(sent).await.unwrap();
    if !closes {
        client.shutdown().await.unwrap();
    }
    let mut said = String::new();
    eventually(client.read_to_string(&mut said)).await.unwrap();
    // An error, where what came is no request.
    drop(serving.await.unwrap());
    said
}

#[tokio::test]
async fn requests_are_answered_as_by_go() {
    #[derive(Deserialize)]
    struct Case {
        name: String,
        sent: Option<String>,
        sent_hex: Option<String>,
        answers: Vec<String>,
        closes: bool,
    }
    let file = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/vectors/jsonrpc.json")).unwrap();
    let cases: Vec<Case> = serde_json::from_slice(&file).unwrap();
    assert_eq!(cases.len(), 48);
    for case in cases {
        let sent = case.sent.map(String::into_bytes).unwrap_or_else(|| hex(&case.sent_hex.unwrap()));
        let said = said(&sent, case.closes).await;
        assert!(said.is_empty() || said.ends_with('\n'), "{}", case.name);
        let (mut got, mut want): (Vec<_>, _) = (said.lines().collect(), case.answers);
        got.sort_unstable();
        want.sort_unstable();
        assert_eq!(got, want, "{}", case.name);
    }
}

#[test]
fn it_does_not_matter_how_the_bytes_are_cut() {
    let message = concat!(
        " {\"method\":\"S.\\u0041\\\"}\",\"params\":[{\"A\":-1.5e3,\"B\":[true,false,null,\"x\\\\\"]}],\"id\":1}\n",
        "null{\"method\":\"S.B\",\"params\":[],\"id\":[12, {}]} \n\t"
    );
    for step in 1..=message.len() {
        let mut server = ServerConn::new(JsonCodec::new());
        let mut input = BytesMut::new();
        let mut methods = Vec::new();
        for piece in message.as_bytes().chunks(step) {
            input.extend_from_slice(piece);
            server.handle_input(&mut input);
            while let Some((request, _)) = server.poll_request() {
                methods.push(request.service_method.clone());
                server.respond(request, Ok(&() as &dyn Payload));
            }
        }
        server.handle_eof(&mut input);
        assert_eq!(methods, ["S.A\"}", "", "S.B"], "pieces of {step}");
        let answers = String::from_utf8(server.poll_transmit().unwrap()).unwrap();
        let ids: Vec<_> = answers.lines().map(|line| line.split(",\"result\":{}").next().unwrap()).collect();
        assert_eq!(ids, [r#"{"id":1"#, r#"{"id":null"#, r#"{"id":[12,{}]"#]);
        assert!(server.is_drained());
    }
}

/// The answer to a call with this reply.
fn answered(reply: &dyn Payload) -> String {
    let mut server = ServerConn::new(JsonCodec::new());
    server.handle_input(&mut BytesMut::from(r#"{"method":"S.M","params":[1],"id":"a"}"#));
    let (request, _) = server.poll_request().unwrap();
    server.respond(request, Ok(reply));
    String::from_utf8(server.poll_transmit().unwrap()).unwrap()
}

#[test]
fn a_result_is_never_null() {
    assert_eq!(answered(&()), "{\"id\":\"a\",\"result\":{},\"error\":null}\n");
    assert_eq!(answered(&None::<Vec<isize>>), "{\"id\":\"a\",\"result\":[],\"error\":null}\n");
    assert_eq!(answered(&None::<Vec<u8>>), "{\"id\":\"a\",\"result\":\"\",\"error\":null}\n");
    assert_eq!(answered(&None::<BTreeMap<String, isize>>), "{\"id\":\"a\",\"result\":{},\"error\":null}\n");
    let nil = "{\"id\":\"a\",\"result\":null,\"error\":\"json: a reply cannot be a nil *main.Args\"}\n";
    assert_eq!(answered(&None::<Args>), nil);
    let nil = "{\"id\":\"a\",\"result\":null,\"error\":\"json: a reply cannot be a nil interface {}\"}\n";
    assert_eq!(answered(&Value::Interface(None)), nil);
    assert_eq!(answered(&vec![None::<isize>]), "{\"id\":\"a\",\"result\":[null],\"error\":null}\n");
}

#[test]
fn a_reply_that_cannot_be_encoded_is_answered_with_an_error() {
    let answer = "{\"id\":\"a\",\"result\":null,\"error\":\"json: unsupported value: NaN\"}\n";
    assert_eq!(answered(&vec![1.0, f64::NAN]), answer);
}

#[test]
fn an_error_without_text_gets_one() {
    let mut server = ServerConn::new(JsonCodec::new());
    server.handle_input(&mut BytesMut::from(r#"{"method":"S.M","params":[1],"id":1}"#));
    let (request, _) = server.poll_request().unwrap();
    server.respond(request, Err(&ServerError::from("")));
    let answer = b"{\"id\":1,\"result\":null,\"error\":\"rpc: method S.M failed without a word\"}\n";
    assert_eq!(server.poll_transmit().unwrap(), answer);
}

#[tokio::test]
async fn a_client_and_a_server_talk_over_a_socket() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(Server::new().register(Arith).serve_json(listener));
    let client = Client::connect_json(&address).await.unwrap();
    let slow = client.go::<isize>("Arith.Sleep", &50_isize).unwrap();
    let quotient: Quotient = client.call("Arith.Divide", &Args { a: 17, b: 8 }).await.unwrap();
    assert_eq!(quotient, Quotient { quo: 2, rem: 1 });
    let error = client.call::<Quotient>("Arith.Divide", &Args { a: 17, b: 0 }).await.unwrap_err();
    assert_eq!(error.to_string(), "divide by zero");
    let error = client.call::<isize>("Arith.Multiply", &"x").await.unwrap_err();
    assert_eq!(error.to_string(), "json: cannot unmarshal string into Go value of type main.Args");
    assert_eq!(slow.await.unwrap(), 50);
    client.close().await.unwrap();
}

#[tokio::test]
async fn a_client_without_a_runtime_talks_to_it_too() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(Server::new().register(Arith).serve_json(listener));
    let calling = tokio::task::spawn_blocking(move || {
        let client = Client::dial_json(&address).unwrap();
        assert_eq!(client.call::<String>("Arith.Echo", &"x").wait().unwrap(), "x");
    });
    calling.await.unwrap();
}
