//! A plugin for hosts in Go and Rust that greets: what `examples/basic/plugin` of hashicorp's go-plugin is, and more.
//!
//! A host starts it: `cargo build --examples`, and then
//! `cargo run --example go_plugin_host -- target/debug/examples/go_plugin_greeter`

#[path = "go_plugin/mod.rs"]
mod go_plugin;

use gobrpc::gob::Value;
use gobrpc::rpc::{Client, Server};
use gobrpc::service;

use go_plugin::broker::Broker;
use go_plugin::{Handshake, Result, plugin};

const HANDSHAKE: Handshake =
    Handshake { version: 1, cookie_key: "BASIC_PLUGIN", cookie_value: "hello", auto_mtls: true };

struct Greeter {
    broker: Broker,
}

#[service]
impl Greeter {
    /// Go: `Greet(args interface{}, reply *string) error`
    fn greet(&self, _: Value) -> String {
        "Hello!".to_owned()
    }

    fn greet_named(&self, name: String) -> Result<String, &'static str> {
        match name.is_empty() {
            true => Err("nobody is there"),
            false => Ok(format!("Hello, {name}!")),
        }
    }

    /// Asks the host for the name, which serves it on the stream with this number.
    async fn greet_host(&self, id: u32) -> Result<String> {
        let host = Client::new(self.broker.dial(id).await?);
        let name = host.call::<String>("Plugin.Name", &()).await?;
        Ok(self.greet_named(name)?)
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let dispense = |name: &str, broker: &Broker| match name {
        "greeter" => Some(Server::new().register_name("Plugin", Greeter { broker: broker.clone() })),
        _ => None,
    };
    plugin::serve(&HANDSHAKE, dispense).await
}
