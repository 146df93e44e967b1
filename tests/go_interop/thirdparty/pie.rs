//! pie, whose plugins talk to their hosts over stdin and stdout: the hosts and plugins of its own examples, with ours.

use std::path::Path;
use std::process::Stdio;

use gobrpc::rpc::codec::JsonCodec;
use gobrpc::rpc::{Client, Server};
use tokio::io::{AsyncReadExt, Join};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use super::with_path;
use crate::go::{go_or_return, module};
use crate::patience::eventually;
use crate::services::built_example;

/// Starts a plugin, and gives its ends of the connection.
fn start(plugin: &Path) -> (Child, Join<ChildStdout, ChildStdin>) {
    let mut command = Command::new(plugin);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().expect("the plugin can be started");
    let (stdin, stdout) = (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
    (child, tokio::io::join(stdout, stdin))
}

/// What a program writes to stderr, when it has ended.
async fn log(mut child: Child) -> String {
    let mut log = String::new();
    let mut stderr = child.stderr.take().expect("a pipe");
    eventually(stderr.read_to_string(&mut log)).await.expect("text");
    let end = eventually(child.wait()).await.expect("it can be waited for");
    assert!(end.success(), "{end}: {log}");
    log
}

async fn say(client: &Client, method: &str) -> String {
    eventually(client.call(method, &"host")).await.expect("it says so")
}

#[tokio::test]
async fn a_rust_host_calls_a_provider_of_pie() {
    let (plugin, io) = start(&go_or_return!().third_party("plugin_provider"));
    let client = Client::with_codec(io, JsonCodec::new());
    assert_eq!(say(&client, "Plugin.SayHi").await, "Hi host");
    assert_eq!(say(&client, "Plugin2.SayBye").await, "Bye host");
    let error = eventually(client.call::<String>("Plugin.SayBye", &"host")).await.expect_err("it has none");
    assert_eq!(error.to_string(), "rpc: can't find method Plugin.SayBye");
    drop(client);
    let log = log(plugin).await;
    assert!(log.contains("got call for SayHi with name \"host\"\n"), "{log}");
}

#[tokio::test]
async fn a_rust_host_serves_a_consumer_of_pie() {
    let (plugin, io) = start(&go_or_return!().third_party("plugin_consumer"));
    let server = Server::new()
        .method("Host.SayHi", async |name: String| Ok::<_, String>(format!("Hi {name}")))
        .method("Host2.SayBye", async |name: String| Ok::<_, String>(format!("Bye {name}")));
    eventually(server.serve_connection(io)).await.expect("the plugin ends when it has called");
    let log = log(plugin).await;
    assert!(log.contains("Got response from host:  Hi plugin\n"), "{log}");
    assert!(log.contains("Got response from host:  Bye plugin\n"), "{log}");
}

#[tokio::test]
async fn the_hosts_of_pie_run_rust_plugins() {
    let go = go_or_return!();
    let cases = [
        ("master_provider", ["Response from plugin: \"Hi master\"", "Response from plugin2: \"Bye master\""]),
        ("master_consumer", ["the host says: Hi plugin", "the host says: Bye plugin"]),
    ];
    for (host, lines) in cases {
        let mut command = Command::new(go.third_party(host));
        // There are scripts of the names that the hosts know.
        command.env("PATH", with_path(module("go_interop/thirdparty/pie")));
        command.env("PLUGIN", built_example("stdio_plugin"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
        let log = log(command.spawn().expect("the host can be started")).await;
        for line in lines {
            assert!(log.contains(&format!("{line}\n")), "{host}: {log}");
        }
    }
}
