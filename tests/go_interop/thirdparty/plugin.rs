//! go-plugin, by which a program runs its plugins as processes of their own: hosts and plugins in Go with ours in Rust.

#[path = "../../../examples/go_plugin/mod.rs"]
mod go_plugin;

use std::collections::HashMap;
use std::io::ErrorKind;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use futures::future::join_all;
use gobrpc::Gob;
use gobrpc::gob::Value;
use gobrpc::rpc::{Client, Error, Server};
use p521::ecdsa::SigningKey;
use p521::ecdsa::signature::Signer;
use serde::{Deserialize, Serialize};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use tokio::process::Command;
use tokio::sync::Barrier;
use tokio_rustls::rustls::pki_types::SignatureVerificationAlgorithm;

use self::go_plugin::Handshake;
use self::go_plugin::broker::Link;
use self::go_plugin::host::Plugin;
use self::go_plugin::tls::{EcdsaP521, Identity};
use super::output;
use crate::go::go_or_return;
use crate::patience::eventually;
use crate::services::built_example;

/// That of go-plugin's examples.
const BASIC: Handshake = Handshake { version: 1, cookie_key: "BASIC_PLUGIN", cookie_value: "hello", auto_mtls: false };

async fn start(command: Command) -> Plugin {
    started(command, tokio::io::sink()).await
}

async fn started(mut command: Command, stdout: impl AsyncWrite + Send + Unpin + 'static) -> Plugin {
    command.stderr(Stdio::null());
    let plugin = Plugin::start(command, &BASIC, stdout, tokio::io::sink());
    eventually(plugin).await.expect("the plugin can be started")
}

async fn greeter(plugin: &Plugin) -> Client {
    eventually(plugin.dispense("greeter")).await.expect("it has one")
}

/// Has the plugin end, which it does by itself.
async fn end(plugin: Plugin) {
    assert!(eventually(plugin.quit()).await.expect("it ends"), "it had to be killed");
}

async fn call(greeter: &Client, method: &str, name: &str) -> Result<String, String> {
    let reply = eventually(greeter.call::<String>(&format!("Plugin.{method}"), &name)).await;
    reply.map_err(|error| match error {
        Error::Server(error) => error.to_string(),
        error => panic!("{method}({name:?}): {error}"),
    })
}

#[tokio::test]
async fn a_rust_host_runs_the_plugin_of_the_go_example() {
    let plugin = start(Command::new(go_or_return!().third_party("plugin"))).await;
    eventually(plugin.ping()).await.expect("it lives");
    let greeter = greeter(&plugin).await;
    let greeting: String = eventually(greeter.call("Plugin.Greet", &Value::default())).await.expect("it greets");
    assert_eq!(greeting, "Hello!");
    let error = eventually(plugin.dispense("stranger")).await.expect_err("it has none");
    assert_eq!(error.to_string(), "unknown plugin type: stranger");
    eventually(plugin.ping()).await.expect("it lives");
    end(plugin).await;
}

/// It takes a `map[string]interface{}`, and replies with an `interface{}` that is nil.
#[tokio::test]
async fn a_rust_host_stores_values_with_the_plugin_of_the_other_go_example() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = Command::new(go_or_return!().third_party("plugin-go-netrpc"));
    command.current_dir(&dir);
    let plugin = start(command).await;
    let store = eventually(plugin.dispense("kv")).await.expect("it has one");

    let error = eventually(store.call::<Vec<u8>>("Plugin.Get", &"k")).await.expect_err("nothing is stored");
    assert!(
        matches!(&error, Error::Server(text) if text.as_str() == "open kv_k: no such file or directory"),
        "{error}"
    );
    let entry = HashMap::from([("key", Value::from("k")), ("value", Value::from(b"v".to_vec()))]);
    let nothing: Value = eventually(store.call("Plugin.Put", &entry)).await.expect("it stores");
    assert_eq!(nothing, Value::default());
    let value: Vec<u8> = eventually(store.call("Plugin.Get", &"k")).await.expect("it is stored");
    assert_eq!(String::from_utf8_lossy(&value), "v\n\nWritten from plugin-go-netrpc");
    end(plugin).await;
}

#[tokio::test]
async fn the_error_of_a_go_plugin_comes_to_the_rust_host_over_any_socket() {
    let go = go_or_return!();
    let (unix, mut tcp) = (Command::new(go.third_party("greeter")), Command::new(go.third_party("greeter")));
    tcp.arg("tcp");
    for command in [unix, tcp] {
        let plugin = start(command).await;
        let greeter = greeter(&plugin).await;
        assert_eq!(call(&greeter, "GreetNamed", "gopher").await.as_deref(), Ok("Hello, gopher!"));
        assert_eq!(call(&greeter, "GreetNamed", "").await.as_deref(), Err(&"nobody is there".to_owned()));
        assert_eq!(call(&greeter, "GreetNamed", "gopher").await.as_deref(), Ok("Hello, gopher!"));
        end(plugin).await;
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct BasicError {
    message: String,
}

/// Go: `error`
#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[gob(interface)]
enum AnyError {
    #[gob(name = "*plugin.BasicError")]
    Basic(BasicError),
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Outcome {
    a: Option<AnyError>,
}

#[tokio::test]
async fn a_go_plugin_may_reply_with_an_error() {
    let plugin = start(Command::new(go_or_return!().third_party("greeter"))).await;
    let greeter = greeter(&plugin).await;
    let nobody = AnyError::Basic(BasicError { message: "nobody is there".to_owned() });
    for (name, a) in [("", Some(nobody)), ("gopher", None)] {
        let outcome: Outcome = eventually(greeter.call("Plugin.Check", &name)).await.expect("a reply");
        assert_eq!(outcome, Outcome { a });
    }
    end(plugin).await;
}

#[tokio::test]
async fn a_go_plugin_calls_its_rust_host_back_on_many_streams_at_once() {
    let plugin = start(Command::new(go_or_return!().third_party("greeter"))).await;
    let greeter = greeter(&plugin).await;
    let all_ask = Arc::new(Barrier::new(8));
    let calls = ('A'..='H').map(|name| {
        let (id, all_ask) = (plugin.broker.next_id(), all_ask.clone());
        let host = Server::new().method("Plugin.Name", move |(): ()| {
            let all_ask = all_ask.clone();
            async move {
                all_ask.wait().await;
                Ok::<_, String>(name.to_string())
            }
        });
        plugin.broker.accept_and_serve(id, host);
        greeter.call::<String>("Plugin.GreetHost", &id)
    });
    let greetings: Vec<_> =
        eventually(join_all(calls)).await.into_iter().map(|call| call.expect("a greeting")).collect();
    assert_eq!(greetings, ('A'..='H').map(|name| format!("Hello, {name}!")).collect::<Vec<_>>());
    end(plugin).await;
}

/// More than the window of a stream holds, and more than a frame may: the windows must not grow.
#[tokio::test]
async fn large_values_pass_between_a_rust_host_and_a_go_plugin() {
    let plugin = start(Command::new(go_or_return!().third_party("greeter"))).await;
    let greeter = greeter(&plugin).await;
    let name = "x".repeat(8 << 20);
    for _ in 0..3 {
        let greeting = call(&greeter, "GreetNamed", &name).await.expect("a greeting");
        assert!(greeting == format!("Hello, {name}!"), "{} bytes", greeting.len());
    }
    end(plugin).await;
}

#[tokio::test]
async fn what_a_go_plugin_prints_comes_to_the_rust_host() {
    let (printed, mut reader) = tokio::io::duplex(1024);
    let command = Command::new(go_or_return!().third_party("greeter"));
    let plugin = started(command, printed).await;
    let greeter = greeter(&plugin).await;
    eventually(greeter.call::<String>("Plugin.Greet", &Value::default())).await.expect("it greets");
    let mut line = [0; 22];
    eventually(reader.read_exact(&mut line)).await.expect("it prints");
    assert_eq!(String::from_utf8_lossy(&line), "printed by the plugin\n");
    end(plugin).await;
}

/// The directory in which the host of go-plugin's example finds this plugin.
fn with_plugin(plugin: &Path) -> TempDir {
    let dir = tempfile::tempdir().expect("a directory");
    std::fs::create_dir(dir.path().join("plugin")).expect("a directory");
    std::os::unix::fs::symlink(plugin, dir.path().join("plugin/greeter")).expect("a link");
    dir
}

#[tokio::test]
async fn the_host_of_the_go_example_runs_a_rust_plugin() {
    let (go, dir) = (go_or_return!(), with_plugin(&built_example("go_plugin_greeter")));
    let mut command = Command::new(go.third_party("basic"));
    command.current_dir(&dir);
    let (output, text) = output(command).await;
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("\nHello!\n") && text.contains("plugin: plugin exited\n"), "{text}");
    assert!(!text.contains("error") && !text.contains("gracefully"), "{text}");
}

#[tokio::test]
async fn a_go_host_cannot_tell_a_rust_plugin_from_a_go_plugin() {
    let go = go_or_return!();
    for plugin in [go.third_party("greeter"), built_example("go_plugin_greeter")] {
        for auto_mtls in [false, true] {
            let mut command = Command::new(go.third_party("greeter"));
            command.arg("host").arg(format!("-auto-mtls={auto_mtls}")).arg(&plugin);
            let (output, text) = output(command).await;
            let want = "ping: <nil>\n\
                    stranger: unknown plugin type: stranger\n\
                    Hello!\n\
                    Hello, gopher!\n\
                    error: nobody is there\n\
                    [Hello, A! Hello, B! Hello, C! Hello, D! Hello, E! Hello, F! Hello, G! Hello, H!]\n\
                    [error: the host has no name]\n\
                    large: true\n\
                    large: true\n\
                    large: true\n\
                    ping: <nil>\n\
                    end: exit status 0\n";
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(text, want, "{}, with AutoMTLS {auto_mtls}: {said}", plugin.display());
        }
    }
}

#[tokio::test]
async fn a_rust_host_runs_go_and_rust_plugins_as_the_example_shows() {
    for plugin in [go_or_return!().third_party("greeter"), built_example("go_plugin_greeter")] {
        let mut command = Command::new(built_example("go_plugin_host"));
        command.arg(&plugin);
        let (output, text) = output(command).await;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        // A plugin in Go may or may not get rid of its line.
        let text = text.replace("printed by the plugin\n", "");
        assert_eq!(text, "Hello!\nHello, gopher!\nerror: nobody is there\nHello, host!\n", "{}", plugin.display());
    }
}

/// Whoever does not know the key of the host comes no further than the socket.
#[tokio::test]
async fn a_plugin_with_tls_talks_to_nobody_but_its_host() {
    for plugin in [go_or_return!().third_party("plugin"), built_example("go_plugin_greeter")] {
        let host = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
        let mut command = Command::new(&plugin);
        command.env(BASIC.cookie_key, BASIC.cookie_value).env("PLUGIN_CLIENT_CERT", host.cert.pem());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        let mut process = command.spawn().expect("the plugin can be started");
        let mut lines = BufReader::new(process.stdout.take().expect("a pipe")).lines();
        let line = eventually(lines.next_line()).await.expect("it prints text").expect("a line");
        let [.., address, "netrpc", certificate] = line.split('|').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let certificate = BASE64_STANDARD_NO_PAD.decode(certificate).expect("it is base64");

        let stranger = Identity::new().expect("a certificate");
        let io = UnixStream::connect(address).await.expect("it listens");
        // The handshake of TLS 1.3 is over for the client before the server has seen its certificate.
        let refused = match eventually(stranger.connect(io, certificate.clone().into())).await {
            Ok(mut io) => eventually(io.read(&mut [0])).await.expect_err("a stranger").to_string(),
            Err(error) => error.to_string(),
        };
        assert!(refused.contains("received fatal alert"), "{}: {refused}", plugin.display());

        let io = UnixStream::connect(address).await.expect("it listens");
        let other = Identity::new().expect("a certificate").certificate;
        let Err(error) = eventually(Identity::new().expect("a certificate").connect(io, other)).await else {
            panic!("this is not the plugin that was asked for")
        };
        assert_eq!(error.to_string(), "invalid peer certificate: UnknownIssuer");
        std::fs::remove_file(address).expect("the plugin leaves its socket when it is killed");
    }
}

#[tokio::test]
async fn a_rust_host_and_a_go_plugin_agree_on_tls() {
    let handshake = Handshake { auto_mtls: true, ..BASIC };
    let mut command = Command::new(go_or_return!().third_party("greeter"));
    command.stderr(Stdio::null());
    let plugin = eventually(Plugin::start(command, &handshake, tokio::io::sink(), tokio::io::sink())).await;
    let plugin = plugin.expect("the plugin can be started");
    let greeter = greeter(&plugin).await;
    let name = "x".repeat(8 << 20);
    assert!(call(&greeter, "GreetNamed", &name).await == Ok(format!("Hello, {name}!")));
    end(plugin).await;
}

/// Go waits as long.
#[tokio::test(start_paused = true)]
async fn a_stream_that_one_side_only_waits_for_is_given_up() {
    let (host, plugin) = tokio::io::duplex(1024);
    let (host, plugin) = tokio::join!(Link::host(host), Link::plugin(plugin));
    let (host, plugin) = (host.expect("a host"), plugin.expect("a plugin"));
    let id = host.broker.next_id();
    let error = host.broker.accept(id).await.expect_err("nobody dials");
    assert_eq!(error.kind(), ErrorKind::TimedOut);
    let error = plugin.broker.dial(id).await.expect_err("nobody accepts any more");
    assert_eq!(error.kind(), ErrorKind::UnexpectedEof);

    let id = host.broker.next_id();
    let (mut accepted, mut dialled) = tokio::try_join!(host.broker.accept(id), plugin.broker.dial(id)).expect("both");
    // Without a broker at one end there is no connection.
    drop(host.broker);
    assert_eq!(dialled.read(&mut [0]).await.expect("an end"), 0);
    assert!(accepted.write_all(b"gone").await.is_err());
}

/// That with which a plugin in Go proves that it has the key to its certificate.
#[test]
fn a_signature_is_good_for_the_message_that_was_signed() {
    let key = SigningKey::from_slice(&[1; 66]).expect("it is below the order of the curve");
    let signature: p521::ecdsa::Signature = key.sign(b"message");
    let (public, signature) = (key.verifying_key().to_sec1_point(false), signature.to_der());
    let verify = |message: &[u8]| EcdsaP521.verify_signature(public.as_bytes(), message, signature.as_bytes());
    assert!(verify(b"message").is_ok());
    assert!(verify(b"massage").is_err());
}

#[tokio::test]
async fn a_rust_plugin_leaves_an_interrupt_to_its_host() {
    let plugin = start(Command::new(built_example("go_plugin_greeter"))).await;
    let greeter = greeter(&plugin).await;
    let mut command = Command::new("kill");
    command.args(["-INT", &plugin.process.id().expect("it runs").to_string()]);
    assert!(output(command).await.0.status.success());
    assert_eq!(call(&greeter, "GreetNamed", "gopher").await.as_deref(), Ok("Hello, gopher!"));
    end(plugin).await;
}

#[tokio::test]
async fn a_rust_plugin_serves_nobody_but_its_host() {
    let (output, text) = output(Command::new(built_example("go_plugin_greeter"))).await;
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && text.is_empty(), "{text}");
    assert!(complaint.contains("run the program that it is for"), "{complaint}");
}

#[tokio::test]
async fn a_rust_host_says_what_is_wrong_with_a_plugin() {
    for (says, want) in [
        ("", "the plugin has ended: exit status: 0"),
        (r"hello\n", "this is no plugin: it says \"hello\\n\""),
        ("1|2|unix|/nowhere|netrpc|", "the plugin does not fit: core 1, version 2, protocol netrpc"),
        ("1|1|unix|/nowhere|grpc|", "the plugin does not fit: core 1, version 1, protocol grpc"),
        ("1|1|pipe|/nowhere|netrpc|", "the plugin listens on an unknown network: pipe"),
        ("1|1|unix|/nowhere|netrpc|", "No such file or directory (os error 2)"),
    ] {
        let mut command = Command::new("printf");
        command.args(["%b", says]);
        let plugin = Plugin::start(command, &BASIC, tokio::io::sink(), tokio::io::sink());
        let Err(error) = eventually(plugin).await else { panic!("{says:?} is no plugin") };
        assert_eq!(error.to_string(), want);
    }
    let mut command = Command::new("cat");
    command.arg("/dev/zero");
    let Err(error) = eventually(Plugin::start(command, &BASIC, tokio::io::sink(), tokio::io::sink())).await else {
        panic!("zeros are no plugin")
    };
    assert_eq!(error.to_string(), "this is no plugin: it says too much");
}
