//! How fast calls are: all loads, by all pairs of a server and a client, one after the other.

use anyhow::{Context, Result};
use serde_json::json;

use crate::process::{Process, Program};

/// How long a pair makes calls.
const MILLIS: u32 = 400;

/// A row of a table.
struct Load {
    table: &'static str,
    case: &'static str,
    kind: &'static str,
    unix: bool,
    /// Whether both ends share one core.
    pinned: bool,
    pairs: &'static [Pair],
}

/// A server and a client, by the names of the peers.
struct Pair {
    name: &'static str,
    server: &'static str,
    client: &'static str,
}

const fn pair(name: &'static str, server: &'static str, client: &'static str) -> Pair {
    Pair { name, server, client }
}

const GO: Pair = pair("Go", "go", "go");
const GOBRPC: Pair = pair("gobrpc", "gobrpc", "gobrpc");
const THREADS: Pair = pair("gobrpc, client on threads", "gobrpc", "threads");
const BARE: Pair = pair("bare tokio", "bare", "bare");
const BARE_THREADS: Pair = pair("bare threads", "bare-threads", "bare-threads");
const TONIC: Pair = pair("tonic", "tonic", "tonic");
const TARPC: Pair = pair("tarpc", "tarpc", "tarpc");

/// Threads that block are a limit where they wait for one thing alone.
const ALONE: &[Pair] = &[GO, GOBRPC, THREADS, BARE, BARE_THREADS, TONIC, TARPC];
const ALL: &[Pair] = &[GO, GOBRPC, THREADS, BARE, TONIC, TARPC];
/// Bare frames have nothing that tells the callers of one connection apart.
const SHARED: &[Pair] = &[GO, GOBRPC, THREADS, TONIC, TARPC];

const TCP: &str = "Calls over TCP";
const UNIX: &str = "Calls over unix sockets";
const MIXED: &str = "Go and Rust, over TCP";

const ONE: &str = "one call at a time, both ends on one core";
const WINDOW: &str = "one task, 64 calls outstanding";
const TASKS: &str = "64 tasks on one connection";
const MANY: &str = "64 connections, one call at a time each";

#[rustfmt::skip]
const LOADS: &[Load] = &[
    Load { table: TCP, case: ONE, kind: "one", unix: false, pinned: true, pairs: ALONE },
    Load { table: TCP, case: WINDOW, kind: "window", unix: false, pinned: false, pairs: ALL },
    Load { table: TCP, case: TASKS, kind: "shared", unix: false, pinned: false, pairs: SHARED },
    Load { table: TCP, case: MANY, kind: "many", unix: false, pinned: false, pairs: ALL },
    Load { table: TCP, case: "1 MiB there and back", kind: "echo", unix: false, pinned: false, pairs: ALL },
    Load { table: UNIX, case: ONE, kind: "one", unix: true, pinned: true, pairs: ALONE },
    Load { table: UNIX, case: WINDOW, kind: "window", unix: true, pinned: false, pairs: ALL },
    Load { table: UNIX, case: MANY, kind: "many", unix: true, pinned: false, pairs: ALL },
    Load {
        table: MIXED, case: "Rust client, Go server, 64 tasks on one connection", kind: "shared", unix: false, pinned: false,
        pairs: &[
            GO,
            pair("gobrpc", "go", "gobrpc"),
            pair("gobrpc, client on threads", "go", "threads"),
            pair("bare tokio", "go", "bare"),
        ],
    },
    Load {
        table: MIXED, case: "Go client, Rust server, 64 tasks on one connection", kind: "shared", unix: false, pinned: false,
        pairs: &[GO, pair("gobrpc", "gobrpc", "go")],
    },
];

/// Prints a record for every load and pair whose names have all parts of the filter.
pub fn measure(round: u32, go: &str, filter: &[&str]) -> Result<()> {
    for Load { table, case, kind, unix, pinned, pairs } in LOADS {
        for Pair { name, server, client } in *pairs {
            if !filter.iter().all(|part| format!("{table} {case} {name}").contains(part)) {
                continue;
            }
            let programs = (Program::new(server, go), Program::new(client, go));
            let ns = call(programs, kind, *unix, *pinned).with_context(|| format!("{table}, {case}, {name}"))?;
            let record =
                json!({ "group": "rpc", "table": table, "case": case, "impl": name, "round": round, "ns": ns });
            println!("{record}");
        }
    }
    Ok(())
}

/// How many nanoseconds there are to a call.
fn call((server, client): (Program<'_>, Program<'_>), kind: &str, unix: bool, pinned: bool) -> Result<f64> {
    let directory = tempfile::tempdir()?;
    let address = match unix {
        true => format!("unix:{}", directory.path().join("socket").display()),
        false => "127.0.0.1:0".to_owned(),
    };
    let mut server = Process::start(server, "serve", &[&address], pinned)?;
    let address = server.line()?;
    let mut client = Process::start(client, "load", &[kind, &address, &MILLIS.to_string()], pinned)?;
    let line = client.line()?;
    let (calls, nanos) = line.split_once(' ').context("not two numbers")?;
    let (calls, nanos): (f64, f64) = (calls.parse()?, nanos.parse()?);
    client.end()?;
    server.end()?;
    Ok(nanos / calls)
}
