//! Between goreman's client and goreman's server.

use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::process::Command;

use super::tcp;
use crate::go::go_or_return;
use crate::patience::eventually;
use crate::peers::Transport;
use crate::running::Running;
use crate::tee::{Recording, Tee};

fn command(program: &std::path::Path) -> Command {
    let mut command = Command::new(program);
    command.env_remove("GOREMAN_RPC_PORT").env_remove("GOREMAN_RPC_SERVER").env("GOREMAN_RPC_ADDR", "127.0.0.1");
    command.stdin(Stdio::null()).kill_on_drop(true);
    command
}

#[tokio::test]
async fn every_call_of_goreman_is_shown_and_no_byte_changes() {
    let program = go_or_return!().third_party("goreman");
    let dir = tempfile::tempdir().expect("a directory");
    // They die of the broken pipe when goreman is killed.
    let loops = "while sleep 0.2; do echo alive; done";
    std::fs::write(dir.path().join("Procfile"), format!("web: {loops}\nworker: {loops}\n")).expect("a file");
    // It has to be told a port: one that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let address = port.expect("a free port").to_string();
    let port = address.rsplit(':').next().expect("a port");
    let mut supervisor = command(&program);
    supervisor.current_dir(dir.path()).args(["-exit-on-stop=false", "-p", port, "start"]);
    let _supervisor = supervisor.stdout(Stdio::null()).spawn().expect("goreman can be started");
    eventually(async {
        while TcpStream::connect(&address).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    let server = tcp(&address);

    let run = async |server: &str, verb: &str| {
        let mut client = command(&program);
        client.env("GOREMAN_RPC_SERVER", server).arg("run").args(verb.split(' '));
        let output = eventually(client.output()).await.expect("goreman can be run");
        (output.status.success(), String::from_utf8(output.stdout).expect("text"))
    };
    eventually(async {
        while run(&address, "status").await != (true, "*web\n*worker\n".to_owned()) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;

    let calls = [
        ("list", "List", json!([]), json!("web\nworker\n"), Value::Null),
        ("status", "Status", json!([]), json!("*web\n*worker\n"), Value::Null),
        ("stop web", "Stop", json!(["web"]), json!(""), Value::Null),
        ("status", "Status", json!([]), json!(" web\n*worker\n"), Value::Null),
        ("start nosuch", "Start", json!(["nosuch"]), Value::Null, json!("unknown name: nosuch")),
        ("start web", "Start", json!(["web"]), json!(""), Value::Null),
    ];
    // What is said without tap, command by command.
    let mut direct: Vec<((bool, String), Recording)> = Vec::new();
    for (verb, ..) in &calls {
        let tee = Tee::before(&server).await;
        direct.push((run(&tee.endpoint.address, verb).await, tee.recording().await));
    }
    for (number, ((verb, method, args, reply, error), (printed, said))) in calls.iter().zip(direct).enumerate() {
        let behind = Tee::before(&server).await;
        let mut tap = Running::tap(&behind.endpoint, &["--json"]).await;
        let before = Tee::before(&tap.endpoint(Transport::Tcp)).await;
        assert_eq!(run(&before.endpoint.address, verb).await, printed, "goreman run {verb}, {number}");
        assert_eq!(before.recording().await, said, "goreman run {verb}, {number}");
        assert_eq!(behind.recording().await, said, "goreman run {verb}, {number}");
        let call = tap.calls(1).await.remove(0);
        assert_eq!(call["method"], format!("Goreman.{method}"));
        assert_eq!((&call["args"], &call["reply"], &call["error"]), (args, reply, error));
    }
}
