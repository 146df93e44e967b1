//! JSON-RPC 1.0. What is expected was observed of Go 1.26's `net/rpc/jsonrpc` and `encoding/json`.

mod client;
mod decode;
mod encode;
mod hostile;
mod server;

use bytes::BytesMut;
use gobrpc::Gob;
use gobrpc::gob::Limits;
use gobrpc::rpc::codec::JsonCodec;
use gobrpc::rpc::proto::{ClientConn, ServerConn};
use gobrpc::rpc::{Error, Payload};
use serde::de::DeserializeOwned;

/// What a client sends as its arguments.
fn encoded(args: &dyn Payload) -> Result<String, String> {
    let mut client = ClientConn::new(JsonCodec::new());
    client.start("S.M", args).map_err(|error| error.to_string())?;
    let sent = String::from_utf8(client.poll_transmit().unwrap()).unwrap();
    let args = sent.strip_prefix(r#"{"method":"S.M","params":["#).and_then(|sent| sent.strip_suffix("],\"id\":0}\n"));
    Ok(args.unwrap().to_owned())
}

/// What a server makes of such arguments.
fn decoded<T: Gob + DeserializeOwned>(json: impl AsRef<[u8]>) -> Result<T, String> {
    decoded_within(Limits::default(), json)
}

fn decoded_within<T: Gob + DeserializeOwned>(limits: Limits, json: impl AsRef<[u8]>) -> Result<T, String> {
    let mut server = ServerConn::new(JsonCodec::with_limits(limits));
    let message = [br#"{"method":"S.M","params":["#, json.as_ref(), br#"],"id":0}"#].concat();
    server.handle_input(&mut BytesMut::from(&message[..]));
    let (_, body) = server.poll_request().expect("a whole request");
    body.decode().map_err(|error| error.to_string())
}

/// What a client gets for this answer to its first call.
fn replied<T: Gob + DeserializeOwned>(answer: &str) -> Result<T, Error> {
    let mut client = ClientConn::new(JsonCodec::new());
    client.start("S.M", &()).unwrap();
    client.handle_input(&mut BytesMut::from(answer));
    client.handle_eof(&mut BytesMut::new());
    let (seq, body) = client.poll_event().expect("an end of the call");
    assert_eq!(seq, 0);
    body?.decode().map_err(|error| Error::ReadingBody(error.into()))
}
