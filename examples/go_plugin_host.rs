//! A host of plugins in Go and Rust that greet: what `examples/basic` of hashicorp's go-plugin is, and more.
//!
//! `cargo run --example go_plugin_host -- PLUGIN`, where PLUGIN is a program such as `--example go_plugin_greeter`.

#[path = "go_plugin/mod.rs"]
mod go_plugin;

use gobrpc::gob::Value;
use gobrpc::rpc::Server;
use tokio::process::Command;

use go_plugin::host::Plugin;
use go_plugin::{Handshake, Result};

const HANDSHAKE: Handshake =
    Handshake { version: 1, cookie_key: "BASIC_PLUGIN", cookie_value: "hello", auto_mtls: true };

#[tokio::main]
async fn main() -> Result<()> {
    let program = std::env::args().nth(1).ok_or("usage: go_plugin_host PLUGIN")?;
    let plugin = Plugin::start(Command::new(program), &HANDSHAKE, tokio::io::stdout(), tokio::io::stderr()).await?;
    let greeter = plugin.dispense("greeter").await?;

    // Go: `Greet(args interface{}, reply *string) error`
    println!("{}", greeter.call::<String>("Plugin.Greet", &Value::Interface(None)).await?);
    for name in ["gopher", ""] {
        match greeter.call::<String>("Plugin.GreetNamed", &name).await {
            Ok(greeting) => println!("{greeting}"),
            Err(error) => println!("error: {error}"),
        }
    }

    // The plugin calls back, on a stream that it opens.
    let id = plugin.broker.next_id();
    let callback = Server::new().method("Plugin.Name", async |(): ()| Ok::<_, String>("host"));
    plugin.broker.accept_and_serve(id, callback);
    println!("{}", greeter.call::<String>("Plugin.GreetHost", &id).await?);

    plugin.quit().await?;
    Ok(())
}
