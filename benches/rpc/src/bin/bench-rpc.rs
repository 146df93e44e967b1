//! `bench-rpc round N GO-PROGRAM [FILTER]` measures every case once and prints a record for each implementation.
//! Servers and clients are processes of their own: this program again, or the Go program.

use anyhow::{Context, Result, bail};
use bench_rpc::{memory, peers, rates};
use serde_json::json;

fn main() -> Result<()> {
    let args: Vec<_> = std::env::args().skip(1).collect();
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    // A server of ten thousand clients needs as many descriptors, and so do the clients.
    rlimit::increase_nofile_limit(u64::MAX)?;
    match args[..] {
        ["round", round, go, ref filter @ ..] => measure(round.parse()?, go, filter),
        ["serve", peer, address] => peers::serve(peer, address),
        ["load", peer, kind, address, millis] => peers::load(peer, kind, address, millis.parse()?),
        ["idle", "gobrpc", address, connections, large] => memory::idle(address, connections.parse()?, large.parse()?),
        _ => bail!("usage: bench-rpc round N GO-PROGRAM [FILTER]"),
    }
    .with_context(|| format!("bench-rpc {}", args.join(" ")))
}

fn measure(round: u32, go: &str, filter: &[&str]) -> Result<()> {
    let version = std::process::Command::new(go).arg("version").output()?.stdout;
    println!("{}", json!({ "impl": "Go", "version": String::from_utf8(version)?.trim() }));
    println!("{}", json!({ "impl": "tonic", "version": "0.14" }));
    println!("{}", json!({ "impl": "tarpc", "version": "0.38" }));
    rates::measure(round, go, filter)?;
    memory::measure(round, go, filter)
}
