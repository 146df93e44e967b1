//! A plugin that its host talks to over stdin and stdout, as natefinch/pie has them: a provider, which serves its host,
//! or a consumer, which calls it. They are what the plugins of pie's own examples are.
//!
//! A host starts it as `stdio_plugin provider` or `stdio_plugin consumer`. A host in Rust has the same two ends: the
//! connection is `tokio::io::join(stdout, stdin)` of the process.

use std::error::Error;
use std::io;

use gobrpc::rpc::codec::JsonCodec;
use gobrpc::rpc::{Client, Server};

/// Serves JSON-RPC until the host hangs up. For gob it is `serve_connection(io)`.
#[tokio::main]
async fn provide() -> Result<(), Box<dyn Error>> {
    let server = Server::new()
        .method("Plugin.SayHi", async |name: String| Ok::<_, String>(format!("Hi {name}")))
        .method("Plugin2.SayBye", async |name: String| Ok::<_, String>(format!("Bye {name}")));
    let io = tokio::io::join(tokio::io::stdin(), tokio::io::stdout());
    Ok(server.serve_codec(io, JsonCodec::new()).await?)
}

/// Calls the host, with gob and without a runtime: one could not end while it waits for stdin.
fn consume() -> Result<(), Box<dyn Error>> {
    let host = Client::builder().build_blocking(io::stdin(), io::stdout(), || ())?;
    for method in ["Host.SayHi", "Host2.SayBye"] {
        let said: String = host.call(method, &"plugin").wait()?;
        eprintln!("the host says: {said}");
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    match std::env::args().nth(1).as_deref() {
        Some("provider") => provide(),
        Some("consumer") => consume(),
        _ => Err("usage: stdio_plugin provider | consumer".into()),
    }
}
