//! What a server keeps for its clients.

use std::io::BufRead;

use anyhow::{Result, ensure};
use bytes::Bytes;
use gobrpc::rpc::Client;
use serde_json::json;

use crate::load::LARGE;
use crate::peers::gobrpc::Args;
use crate::process::{Process, Program};

const TABLE: &str = "Memory of a server";

/// How many clients there are, and how many of them make a large call.
const CONNECTIONS: usize = 10_000;
const LARGE_CALLS: usize = 1_000;

/// Opens connections and makes a call on each; then a large one on some. Waits for a line after each.
pub fn idle(address: &str, connections: usize, large: usize) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut lines = std::io::stdin().lock().lines();
    runtime.block_on(async {
        let mut clients = Vec::new();
        for _ in 0..connections {
            let client = Client::connect(address).await?;
            ensure!(client.call::<isize>("Arith.Multiply", &Args { a: 2, b: 3 }).await? == 6, "a wrong product");
            clients.push(client);
        }
        println!("idle");
        lines.next();
        let data = Bytes::from(vec![0; LARGE]);
        for client in &clients[..large] {
            ensure!(client.call::<Bytes>("Arith.Echo", &data).await?.len() == LARGE, "a wrong echo");
        }
        println!("large");
        lines.next();
        Ok(())
    })
}

/// Prints the memory of the servers, ours and Go's: with idle clients, and after large calls.
pub fn measure(round: u32, go: &str, filter: &[&str]) -> Result<()> {
    // Some descriptors are for other things.
    let connections = CONNECTIONS.min(usize::try_from(rlimit::getrlimit(rlimit::Resource::NOFILE)?.0)? - 100);
    let large = LARGE_CALLS.min(connections);
    let cases = [format!("{connections} idle connections"), format!("after a call of 1 MiB on each of {large}")];
    for (name, peer) in [("Go", "go"), ("gobrpc", "gobrpc")] {
        if !filter.iter().all(|part| format!("{TABLE} {} {name}", cases.join(" ")).contains(part)) {
            continue;
        }
        let memory = server(Program::new(peer, go), connections, large)?;
        for (case, memory) in cases.iter().zip(memory) {
            let record = json!({
                "group": "rpc", "table": TABLE, "case": case, "impl": name, "round": round, "memory": memory,
            });
            println!("{record}");
        }
    }
    Ok(())
}

/// The memory of a server with idle clients, and when some have made large calls.
fn server(program: Program<'_>, connections: usize, large: usize) -> Result<[u64; 2]> {
    let mut server = Process::start(program, "serve", &["127.0.0.1:0"], false)?;
    let address = server.line()?;
    let numbers = [connections.to_string(), large.to_string()];
    let args = [&*address, &*numbers[0], &*numbers[1]];
    let mut clients = Process::start(Program::Rust("gobrpc"), "idle", &args, false)?;
    clients.line()?;
    let idle = server.memory()?;
    clients.go_on()?;
    clients.line()?;
    let after = server.memory()?;
    clients.go_on()?;
    clients.end()?;
    server.end()?;
    Ok([idle, after])
}
