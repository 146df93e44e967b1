//! The Rust counterpart of the Go client: the same steps, the same lines.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

use gobrpc::Gob;
use gobrpc::gob::Time;
use gobrpc::rpc::{Client, Error, Payload, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::ser::Formatter;

use crate::peers::Endpoint;
use crate::services::{Args, Kinds, Known, Nested, Node, Quotient, StringRequest, Unsendable};

/// The lines that a client prints which takes these steps.
pub(crate) async fn client(server: &Endpoint, steps: &[&str]) -> Vec<String> {
    let mut lines = Vec::new();
    let client = match server.connect().await {
        Ok(client) => client,
        Err(error) => return vec![format!("connect error {error}")],
    };
    for &name in steps {
        let result = step(&client, name, &mut lines).await;
        lines.push(line(name, result));
    }
    lines
}

/// What a client prints of a result.
fn line(name: &str, result: Result<String>) -> String {
    match result {
        Ok(value) => format!("{name} ok {value}"),
        Err(Error::Server(error)) => format!("{name} server-error {error}"),
        Err(error) => format!("{name} error {}", in_go_words(&error)),
    }
}

/// Without the place in the stream, of which Go does not speak.
fn in_go_words(error: &Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" (") {
        Some((words, place)) if place.ends_with(')') && place.contains("at byte ") => words.to_owned(),
        _ => text,
    }
}

/// Two calls before it waits for either, and a line for each.
async fn pair(client: &Client, lines: &mut Vec<String>) {
    let call = |a| client.call::<isize>("Arith.Multiply", &Args { a, b: 10 });
    for (i, call) in [call(1), call(2)].into_iter().enumerate() {
        let name = format!("call{i}");
        lines.push(match tokio::time::timeout(Duration::from_secs(2), call).await {
            Ok(result) => line(&name, result.map(|reply| go_json(&reply))),
            Err(_) => format!("{name} error still pending"),
        });
    }
}

/// The result of a step as Go's JSON. What the step prints before goes to `lines`.
async fn step(client: &Client, name: &str, lines: &mut Vec<String>) -> Result<String> {
    #[derive(Serialize, Deserialize, Gob)]
    struct NoSuchField {
        #[serde(rename = "X")]
        x: String,
    }
    #[derive(Serialize, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct TextInArgs {
        a: String,
        b: isize,
    }

    let hello = StringRequest { sa: "hello ".into(), sb: "go rpc".into() };
    let args = Args { a: 7, b: 8 };
    match name {
        "concat" => call::<String>(client, "StringService.Concat", &hello).await,
        "concat-async" => {
            let pending = client.go::<String>("StringService.Concat", &hello)?;
            lines.push(format!("concat-async pending {}", !pending.is_done()));
            pending.await.map(|reply| go_json(&reply))
        }
        "concat-max" => {
            let request = StringRequest { sa: "a".repeat(1025), sb: String::new() };
            call::<String>(client, "StringService.Concat", &request).await
        }
        "mul" => call::<isize>(client, "Arith.Multiply", &args).await,
        "mul2" => call::<isize>(client, "Arith.Multiply", &Args { a: 3, b: -5 }).await,
        "mul0" => call::<isize>(client, "Arith.Multiply", &Args::default()).await,
        "div" => call::<Quotient>(client, "Arith.Divide", &Args { a: 17, b: 8 }).await,
        "div0" => call::<Quotient>(client, "Arith.Divide", &Args { a: 1, b: 0 }).await,
        "echo" => call::<String>(client, "Arith.Echo", &"hi").await,
        "echo-empty" => call::<String>(client, "Arith.Echo", &"").await,
        "sum" => call::<isize>(client, "Arith.Sum", &vec![1_isize, 2, 3]).await,
        "sum-empty" => call::<isize>(client, "Arith.Sum", &Vec::<isize>::new()).await,
        "lookup" => call::<Vec<String>>(client, "Arith.Lookup", &BTreeMap::from([("web", 1_isize)])).await,
        "tree" => call::<isize>(client, "Arith.Tree", &tree()).await,
        "kinds" => call::<Kinds>(client, "Arith.Kinds", &full_kinds()).await,
        "kinds-zero" => call::<Kinds>(client, "Arith.Kinds", &Kinds::default()).await,
        "bool" => call::<bool>(client, "Echo.Bool", &true).await,
        "float" => call::<f64>(client, "Echo.Float", &17.0).await,
        "uint" => call::<usize>(client, "Echo.Uint", &300_usize).await,
        "bytes" => {
            let reply = client.call::<Vec<u8>>("Echo.Bytes", &vec![0_u8, 1, 254]).await?;
            Ok(format!("\"{}\"", base64(&reply)))
        }
        "array" => call::<[isize; 2]>(client, "Echo.Array", &[5_isize, -6]).await,
        "map" => call::<BTreeMap<String, isize>>(client, "Echo.Map", &BTreeMap::from([("0", 0_isize)])).await,
        "structs" => call::<Vec<Args>>(client, "Echo.Structs", &vec![Args { a: 1, b: 2 }, Args { a: 3, b: 0 }]).await,
        "time" => {
            let time = "2024-02-29T12:30:45.123456789Z".parse::<Time>().expect("a time");
            call::<Time>(client, "Echo.Time", &time).await
        }
        "any-int" => echo_any(client, Some(Anything::Int(5))).await,
        "any-known" => echo_any(client, Some(Anything::Known(Known { n: 5 }))).await,
        "any-nil" => echo_any(client, None).await,
        "unknown-method" => call::<isize>(client, "Arith.Nope", &args).await,
        "unknown-service" => call::<isize>(client, "Nope.X", &args).await,
        "ill-formed" => call::<isize>(client, "NoDot", &args).await,
        "badarg-struct" => call::<isize>(client, "Arith.Multiply", &NoSuchField { x: "x".into() }).await,
        "badarg-kind" => call::<isize>(client, "Arith.Multiply", &"x").await,
        "badarg-field" => call::<isize>(client, "Arith.Multiply", &TextInArgs { a: "x".into(), b: 1 }).await,
        "badarg-nothing" => call::<isize>(client, "Arith.Multiply", &Unsendable).await,
        "div-stale" => call::<Quotient>(client, "Arith.Divide", &Args { a: 16, b: 8 }).await,
        "nil-int" => call::<isize>(client, "Arith.NilInt", &1_isize).await,
        "nil-args" => call::<Args>(client, "Arith.NilArgs", &1_isize).await,
        "panic" => call::<isize>(client, "Arith.Panic", &"oh no").await,
        "close-in-flight" => {
            let call = client.go::<isize>("Arith.Sleep", &1000_isize)?;
            let closed = client.close().await;
            lines.push(line("call", call.await.map(|reply| go_json(&reply))));
            closed.map(|()| "null".to_owned())
        }
        "badreply" => call::<String>(client, "Arith.Multiply", &args).await,
        "pair" => {
            pair(client, lines).await;
            Ok("null".to_owned())
        }
        "settle" => {
            tokio::time::sleep(Duration::from_millis(100)).await;
            Ok("null".to_owned())
        }
        "close" => client.close().await.map(|()| "null".to_owned()),
        _ => panic!("no such step: {name}"),
    }
}

/// What the interface of `Echo.Any` holds.
#[derive(Serialize, Deserialize, Gob)]
#[gob(interface)]
enum Anything {
    #[gob(name = "int")]
    Int(isize),
    Known(Known),
}

async fn echo_any(client: &Client, value: Option<Anything>) -> Result<String> {
    Ok(match client.call::<Option<Anything>>("Echo.Any", &value).await? {
        Some(Anything::Int(n)) => go_json(&n),
        Some(Anything::Known(known)) => go_json(&known),
        None => go_json(&()),
    })
}

fn call<R: Gob + Serialize + DeserializeOwned>(
    client: &Client,
    method: &str,
    args: &dyn Payload,
) -> impl Future<Output = Result<String>> + use<R> {
    let call = client.call::<R>(method, args);
    async { call.await.map(|reply| go_json(&reply)) }
}

fn tree() -> Node {
    let leaf = |v| Some(Box::new(Node { v, l: None, r: None }));
    Node { v: 1, l: leaf(2), r: Some(Box::new(Node { v: 3, l: None, r: leaf(4) })) }
}

fn full_kinds() -> Kinds {
    Kinds {
        bool: true,
        i8: i8::MIN,
        i16: i16::MIN,
        i32: i32::MIN,
        i64: i64::MIN,
        i: -1,
        u8: u8::MAX,
        u16: u16::MAX,
        u32: u32::MAX,
        u64: u64::MAX,
        u: 7,
        f32: 0.1,
        f64: -2.5,
        str: "héllo <&>".into(),
        bytes: vec![0, 1, 254, 255],
        strs: vec!["a".into(), String::new(), "c".into()],
        arr: [1, 0, -3],
        map: Some(BTreeMap::from([("k".into(), -7)])),
        nested: Nested { id: 1, name: "in".into() },
        p_nested: Some(Nested { id: 2, name: String::new() }),
    }
}

/// The value as Go's `encoding/json` prints it.
fn go_json(value: &impl Serialize) -> String {
    let mut text = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut text, GoJson::default());
    value.serialize(&mut serializer).expect("a reply has a JSON form");
    String::from_utf8(text).expect("JSON is text")
}

/// Empty slices, which are nil here, are `null` in Go, bytes are base64, and a float may look like an integer.
#[derive(Default)]
struct GoJson {
    empty: bool,
}

impl Formatter for GoJson {
    fn begin_array<W: Write + ?Sized>(&mut self, _: &mut W) -> io::Result<()> {
        self.empty = true;
        Ok(())
    }

    fn begin_array_value<W: Write + ?Sized>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        self.empty = false;
        to.write_all(if first { b"[" } else { b"," })
    }

    fn end_array<W: Write + ?Sized>(&mut self, to: &mut W) -> io::Result<()> {
        let empty = std::mem::take(&mut self.empty);
        to.write_all(if empty { b"null" } else { b"]" })
    }

    fn write_f32<W: Write + ?Sized>(&mut self, to: &mut W, value: f32) -> io::Result<()> {
        write!(to, "{value}")
    }

    fn write_f64<W: Write + ?Sized>(&mut self, to: &mut W, value: f64) -> io::Result<()> {
        write!(to, "{value}")
    }

    fn write_byte_array<W: Write + ?Sized>(&mut self, to: &mut W, bytes: &[u8]) -> io::Result<()> {
        if bytes.is_empty() { to.write_all(b"null") } else { write!(to, "\"{}\"", base64(bytes)) }
    }
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let group = (0..3).fold(0, |group, i| group << 8 | usize::from(chunk.get(i).copied().unwrap_or(0)));
        for i in 0..4 {
            let digit = char::from(DIGITS[group >> (18 - 6 * i) & 63]);
            out.push(if i <= chunk.len() { digit } else { '=' });
        }
    }
    out
}
