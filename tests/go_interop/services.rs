//! The services of the Go server, in Rust.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;
use std::time::Duration;

use gobrpc::gob::ty::{Kind, Type};
use gobrpc::gob::{Time, Value};
use gobrpc::rpc::codec::MsgpackCodec;
use gobrpc::rpc::{self, ServerError};
use gobrpc::{Gob, service};
use serde::{Deserialize, Serialize};
use tokio::net::{TcpListener, UnixListener};
use tokio::process::Command;
use tokio::task::JoinSet;

use crate::peers::{DELAY, Endpoint, Server, Transport};

#[derive(Debug, Serialize, Deserialize, Gob)]
#[gob(package = "gobrpc.test/interop/service")]
#[serde(rename_all = "UPPERCASE")]
pub(crate) struct StringRequest {
    pub(crate) sa: String,
    pub(crate) sb: String,
}

#[derive(Debug, Default, Serialize, Deserialize, Gob)]
#[gob(package = "gobrpc.test/interop/service")]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Args {
    pub(crate) a: isize,
    pub(crate) b: isize,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[gob(package = "gobrpc.test/interop/service")]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Quotient {
    pub(crate) quo: isize,
    pub(crate) rem: isize,
}

#[derive(Debug, Default, Serialize, Deserialize, Gob)]
#[gob(package = "gobrpc.test/interop/service")]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Node {
    pub(crate) v: isize,
    pub(crate) l: Option<Box<Self>>,
    pub(crate) r: Option<Box<Self>>,
}

impl Node {
    fn sum(&self) -> isize {
        let children = [&self.l, &self.r];
        self.v + children.into_iter().flatten().map(|child| child.sum()).sum::<isize>()
    }
}

#[derive(Debug, Default, Serialize, Deserialize, Gob)]
#[gob(package = "gobrpc.test/interop/service")]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Nested {
    #[serde(rename = "ID")]
    pub(crate) id: isize,
    pub(crate) name: String,
}

#[derive(Debug, Default, Serialize, Deserialize, Gob)]
#[gob(package = "gobrpc.test/interop/service")]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Kinds {
    pub(crate) bool: bool,
    pub(crate) i8: i8,
    pub(crate) i16: i16,
    pub(crate) i32: i32,
    pub(crate) i64: i64,
    pub(crate) i: isize,
    pub(crate) u8: u8,
    pub(crate) u16: u16,
    pub(crate) u32: u32,
    pub(crate) u64: u64,
    pub(crate) u: usize,
    pub(crate) f32: f32,
    pub(crate) f64: f64,
    pub(crate) str: String,
    #[serde(with = "serde_bytes")]
    pub(crate) bytes: Vec<u8>,
    pub(crate) strs: Vec<String>,
    pub(crate) arr: [isize; 3],
    pub(crate) map: Option<BTreeMap<String, isize>>,
    pub(crate) nested: Nested,
    #[serde(rename = "PNested")]
    pub(crate) p_nested: Option<Nested>,
}

#[derive(Debug, Default, Serialize, Deserialize, Gob)]
#[gob(package = "gobrpc.test/interop/service")]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Known {
    pub(crate) n: isize,
}

/// The types that Go has registered.
#[derive(Debug, Serialize, Deserialize, Gob)]
#[gob(interface)]
pub(crate) enum Held {
    Known(Known),
}

#[derive(Debug, Default, Serialize, Deserialize, Gob)]
#[gob(package = "gobrpc.test/interop/service")]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Holder {
    pub(crate) name: String,
    pub(crate) value: Option<Held>,
}

/// A type of which gob can send nothing: a Go struct of hidden fields.
pub(crate) struct Unsendable;

impl Gob for Unsendable {
    const TYPE: &'static Type = &Type::structure(&[]).named("gobrpc.test/interop/service", "Unsendable");
    const KIND: Kind = Kind::Struct;
}

impl Serialize for Unsendable {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("gob: type service.Unsendable has no exported fields"))
    }
}

struct StringService {
    delay: Duration,
}

#[service]
impl StringService {
    async fn concat(&self, request: StringRequest) -> Result<String, ServerError> {
        if request.sa.len() + request.sb.len() > 1024 {
            return Err("maximum size of 1024 bytes exceeded".into());
        }
        tokio::time::sleep(self.delay).await;
        Ok(request.sa + &request.sb)
    }
}

struct Arith;

#[service]
impl Arith {
    fn multiply(&self, args: Args) -> isize {
        args.a * args.b
    }

    fn divide(&self, args: Args) -> Result<Quotient, &'static str> {
        match args.b {
            0 => Err("divide by zero"),
            b => Ok(Quotient { quo: args.a / b, rem: args.a % b }),
        }
    }

    async fn sleep(&self, ms: isize) -> isize {
        tokio::time::sleep(Duration::from_millis(ms.unsigned_abs() as u64)).await;
        ms
    }

    fn echo(&self, text: String) -> String {
        text
    }

    async fn shuffle(&self, n: isize) -> isize {
        let moment = RandomState::new().hash_one(n) % 21;
        tokio::time::sleep(Duration::from_millis(moment)).await;
        n
    }

    fn sum(&self, ns: Vec<isize>) -> isize {
        ns.iter().sum()
    }

    fn lookup(&self, map: BTreeMap<String, isize>) -> Vec<String> {
        map.into_keys().collect()
    }

    fn tree(&self, root: Node) -> isize {
        root.sum()
    }

    fn kinds(&self, kinds: Kinds) -> Kinds {
        kinds
    }

    fn any(&self, holder: Holder) -> isize {
        holder.name.len() as isize
    }

    async fn die(&self, _: isize) -> isize {
        std::process::exit(3)
    }

    fn nothing(&self, _: isize) -> Unsendable {
        Unsendable
    }

    fn empty_error(&self, _: isize) -> Result<isize, &'static str> {
        Err("")
    }

    fn error_and_reply(&self, _: isize) -> Result<isize, &'static str> {
        Err("both")
    }

    fn nil_int(&self, _: isize) -> Option<isize> {
        None
    }

    fn nil_args(&self, _: isize) -> Option<Args> {
        None
    }

    fn panic(&self, text: String) -> isize {
        panic!("{text}")
    }

    fn wrap(&self, n: isize) -> Option<Held> {
        Some(Held::Known(Known { n }))
    }
}

struct Echo;

#[service]
impl Echo {
    fn bool(&self, value: bool) -> bool {
        value
    }

    fn float(&self, value: f64) -> f64 {
        value
    }

    fn uint(&self, value: usize) -> usize {
        value
    }

    fn bytes(&self, value: Vec<u8>) -> Vec<u8> {
        value
    }

    fn array(&self, value: [isize; 2]) -> [isize; 2] {
        value
    }

    fn map(&self, value: BTreeMap<String, isize>) -> BTreeMap<String, isize> {
        value
    }

    fn structs(&self, value: Vec<Args>) -> Vec<Args> {
        value
    }

    fn time(&self, value: Time) -> Time {
        value
    }

    fn any(&self, value: Value) -> Value {
        value
    }
}

/// A Rust server in this process.
pub(crate) async fn server(transport: Transport) -> Server {
    let (dir, address) = transport.free_address();
    let server = rpc::Server::new().register(StringService { delay: DELAY }).register(Arith).register(Echo);
    let mut tasks = JoinSet::new();
    let address = if transport.network() == "unix" {
        let listener = UnixListener::bind(&address).expect("a socket to listen on");
        match transport {
            Transport::HttpUnix => tasks.spawn(server.serve_http(listener)),
            _ => tasks.spawn(server.serve(listener)),
        };
        address
    } else {
        let listener = TcpListener::bind(&address).await.expect("a port to listen on");
        let address = listener.local_addr().expect("it has an address").to_string();
        match transport {
            Transport::Http => tasks.spawn(server.serve_http(listener)),
            Transport::Json => tasks.spawn(server.serve_json(listener)),
            Transport::Msgpack => tasks.spawn(async move {
                let codec = || MsgpackCodec::new();
                server.serve_with_codec(listener, std::future::pending(), codec).await.map(drop)
            }),
            _ => tasks.spawn(server.serve(listener)),
        };
        address
    };
    Server::tasks(tasks, Endpoint { transport, address }, dir)
}

/// A Rust server in a process of its own, the example, which never gets done with a `StringService.Concat`.
pub(crate) async fn example() -> Server {
    let mut command = Command::new(built_example("server"));
    command.arg("127.0.0.1:0").env("GOBRPC_DELAY_MS", "60000");
    Server::process(command, Transport::Tcp, None).await
}

/// Where cargo has put an example.
pub(crate) fn built_example(name: &str) -> PathBuf {
    let exe = std::env::current_exe().expect("this test is a file");
    // It is target/debug/deps/go_interop-0123456789abcdef.
    let profile = exe.ancestors().nth(2).expect("it is in a target directory");
    let example = profile.join("examples").join(name);
    assert!(
        example.exists(),
        "{} is missing: `cargo test` builds it, `cargo test --test go_interop` does not; run `cargo build --examples`",
        example.display()
    );
    example
}
