//! A codec of one's own: a line for each message, with the value as JSON.

use bytes::{Buf, Bytes, BytesMut};
use gobrpc::gob::ty::Type;
use gobrpc::rpc::codec::{ClientCodec, ServerCodec};
use gobrpc::rpc::{
    Body, Client, Connection, Decode, Encoded, Error, Payload, Request, Requests, Response, Result, Served, Server,
};
use serde::de::Error as _;
use tokio::io::{DuplexStream, duplex};

use super::{ARGS, Args, eventually, server, server_error};

/// `number method value`, or `number error value` with `-` for no error.
struct Lines;

impl Lines {
    fn write(&self, seq: u64, word: &str, value: &dyn Payload, out: &mut Vec<u8>) -> Result<()> {
        let value = serde_json::to_string(value.as_serialize()).map_err(gobrpc::gob::Error::custom)?;
        out.extend_from_slice(format!("{seq} {word} {value}\n").as_bytes());
        Ok(())
    }

    fn read(&self, input: &mut BytesMut) -> Result<Option<(u64, String, Body)>> {
        let Some(len) = input.iter().position(|byte| *byte == b'\n') else { return Ok(None) };
        let line = input.split_to(len);
        input.advance(1);
        let text = std::str::from_utf8(&line).map_err(gobrpc::gob::Error::custom)?;
        let (seq, rest) = text.split_once(' ').ok_or_else(|| gobrpc::gob::Error::custom("a line without a number"))?;
        let seq = seq.parse().map_err(gobrpc::gob::Error::custom)?;
        let (word, value) = rest.split_once(' ').unwrap_or((rest, ""));
        let body = match value {
            "" => Body::failed(gobrpc::gob::Error::custom("a line without a value")),
            value => Body::new(Line(Bytes::copy_from_slice(value.as_bytes()))),
        };
        Ok(Some((seq, word.replace('_', " "), body)))
    }
}

impl ClientCodec for Lines {
    fn write_request(&mut self, request: &Request, args: &dyn Payload, out: &mut Vec<u8>) -> Result<()> {
        self.write(request.seq, &request.service_method, args, out)
    }

    fn read_response(&mut self, input: &mut BytesMut, _eof: bool) -> Result<Option<(Response, Body)>> {
        Ok(self.read(input)?.map(|(seq, word, body)| {
            let error = if word == "-" { String::new() } else { word };
            (Response { seq, error, ..Response::default() }, body)
        }))
    }
}

impl ServerCodec for Lines {
    fn read_request(&mut self, input: &mut BytesMut, _eof: bool) -> Result<Option<(Request, Body)>> {
        Ok(self.read(input)?.map(|(seq, service_method, body)| (Request { service_method, seq }, body)))
    }

    fn write_response(&mut self, response: &Response, reply: &dyn Payload, out: &mut Vec<u8>) -> Result<()> {
        let word = if response.error.is_empty() { "-".to_owned() } else { response.error.replace(' ', "_") };
        self.write(response.seq, &word, reply, out)
    }
}

/// The value of a line.
struct Line(Bytes);

impl Encoded for Line {
    fn decode(self: Box<Self>, _ty: &'static Type, decode: &mut Decode<'_>) -> gobrpc::gob::Result<()> {
        let mut deserializer = serde_json::Deserializer::from_slice(&self.0);
        decode(&mut <dyn erased_serde::Deserializer<'_>>::erase(&mut deserializer)).map_err(gobrpc::gob::Error::custom)
    }
}

/// A stream to a server that speaks in lines.
fn connect(server: Server, connection: Connection) -> DuplexStream {
    let (ours, theirs) = duplex(1 << 16);
    tokio::spawn(async move { server.serve_codec_with(theirs, Lines, connection).await });
    ours
}

#[tokio::test]
async fn both_sides_may_speak_a_format_of_their_own() {
    let client = Client::with_codec(connect(server(), Connection::new()), Lines);
    let slow = client.call::<u64>("Arith.Sleep", &50_u64);
    assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
    assert_eq!(server_error(client.call::<()>("Arith.Divide", &Args { a: 1, b: 0 }).await), "divide by zero");
    assert_eq!(eventually(slow).await.unwrap(), 50);
}

#[tokio::test]
async fn a_value_of_another_type_costs_its_call_alone() {
    let client = Client::with_codec(connect(server(), Connection::new()), Lines);
    let text = server_error(client.call::<isize>("Arith.Multiply", &"text").await);
    assert!(text.starts_with("invalid type: string \"text\", expected struct Args"), "{text}");
    let error = client.call::<String>("Arith.Multiply", &ARGS).await.unwrap_err();
    assert!(matches!(error, Error::ReadingBody(_)), "{error:?}");
    assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
}

#[tokio::test]
async fn a_body_that_cannot_be_read_costs_its_call_alone() {
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

    let mut stream = BufReader::new(connect(server(), Connection::new()));
    stream.write_all(b"0 Arith.Multiply\n1 Arith.Multiply {\"A\":7,\"B\":8}\n").await.unwrap();
    let mut said = [String::new(), String::new()];
    for line in &mut said {
        eventually(stream.read_line(line)).await.unwrap();
    }
    said.sort();
    assert_eq!(said, ["0 a_line_without_a_value null\n", "1 - 56\n"]);
}

#[tokio::test]
async fn whoever_has_the_stream_says_what_is_known_of_it_in_any_format() {
    let server = Server::new().method_with_context("Who.Peer", |cx, (): ()| async move {
        cx.peer().map(|peer| peer.to_string()).ok_or("nobody")
    });
    let known = Connection::new().with_peer("192.0.2.7:1234".parse().unwrap());
    let client = Client::builder().build_with_codec(connect(server, known), Lines);
    assert_eq!(client.call::<String>("Who.Peer", &()).await.unwrap(), "192.0.2.7:1234");
}

#[tokio::test]
async fn requests_are_served_one_by_one_in_any_format() {
    let (ours, theirs) = duplex(1 << 16);
    let client = Client::with_codec(ours, Lines);
    let call = client.call::<isize>("Arith.Multiply", &ARGS);
    let mut requests = Requests::with_codec(theirs, Lines);
    assert_eq!(eventually(server().serve_request(&mut requests)).await.unwrap(), Served::Answered);
    assert_eq!(eventually(call).await.unwrap(), 56);
}
