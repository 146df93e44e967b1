//! A client of Go's or Rust's `StringService`: a call that waits, one that does not, and one that fails.
//!
//! `cargo run --example client -- [--http] ADDR`, where ADDR is `host:port` or `unix:/path`.

use gobrpc::Gob;
use gobrpc::rpc::{Client, Error};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Gob)]
struct StringRequest {
    #[serde(rename = "SA")]
    a: String,
    #[serde(rename = "SB")]
    b: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let http = args.first().is_some_and(|arg| arg == "--http");
    let address = args.pop().unwrap_or_else(|| "localhost:9527".to_owned());
    let client = if http { Client::connect_http(&address).await? } else { Client::connect(&address).await? };

    let request = StringRequest { a: "hello ".into(), b: "go rpc".into() };
    let reply: String = client.call("StringService.Concat", &request).await?;
    println!("sync: {reply}");

    let pending = client.go::<String>("StringService.Concat", &request)?;
    println!("async: {}", if pending.is_done() { "done already" } else { "pending" });
    println!("async: done: {}", pending.await?);

    let too_long = StringRequest { a: "a".repeat(1025), b: String::new() };
    match client.call::<String>("StringService.Concat", &too_long).await {
        Err(Error::Server(error)) => println!("error: {error}"),
        other => println!("unexpected: {other:?}"),
    }
    Ok(())
}
