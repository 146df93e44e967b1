//! Delve, a debugger that serves JSON-RPC by Go's codec and answers in the order of the calls.

use std::process::Stdio;

use gobrpc::Gob;
use gobrpc::gob::Value;
use gobrpc::rpc::{Client, Error};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::go::{Programs, go_or_return};
use crate::patience::eventually;

#[derive(Serialize, Deserialize, Gob)]
struct Nothing {}

#[derive(Debug, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Version {
    delve_version: String,
    #[serde(rename = "APIVersion")]
    api_version: isize,
}

#[derive(Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct CreateBreakpoint {
    breakpoint: Breakpoint,
}

#[derive(Debug, Default, Serialize, Deserialize, Gob)]
#[serde(rename_all = "camelCase")]
struct Breakpoint {
    id: isize,
    function_name: String,
    line: isize,
}

#[derive(Serialize, Deserialize, Gob)]
struct Resume {
    #[serde(rename = "name")]
    name: String,
}

#[derive(Debug, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Stopped {
    state: State,
}

#[derive(Debug, Serialize, Deserialize, Gob)]
#[serde(rename_all = "camelCase")]
struct State {
    current_thread: Option<Thread>,
    #[serde(rename = "exited")]
    exited: bool,
}

#[derive(Debug, Serialize, Deserialize, Gob)]
#[serde(rename_all = "camelCase")]
struct Thread {
    function: Option<Function>,
    break_point: Option<Breakpoint>,
}

#[derive(Debug, Serialize, Deserialize, Gob)]
struct Function {
    #[serde(rename = "name")]
    name: String,
}

#[derive(Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Detach {
    kill: bool,
}

/// Delve at work on a program that is stopped before it begins.
struct Debugger {
    client: Client,
    process: Child,
}

impl Debugger {
    async fn start(go: &Programs) -> Self {
        let mut command = Command::new(go.third_party("dlv"));
        command.args(["exec", "--headless", "--api-version=2", "--check-go-version=false", "--listen=127.0.0.1:0"]);
        command.arg(go.third_party("cancel")).args(["--", "server"]);
        // The program ends with its standard input, which is Delve's.
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut process = command.spawn().expect("Delve can be started");
        let mut lines = BufReader::new(process.stdout.take().expect("its stdout is a pipe")).lines();
        let line = eventually(lines.next_line()).await.expect("Delve prints text").unwrap_or_default();
        let address = line.strip_prefix("API server listening at: ");
        let address =
            address.unwrap_or_else(|| panic!("a process must be allowed to debug another; Delve says {line:?}"));
        Self { client: Client::connect_json(address).await.expect("Delve listens"), process }
    }
}

#[tokio::test]
async fn a_rust_client_debugs_a_go_program() {
    let mut debugger = Debugger::start(go_or_return!()).await;
    let client = &debugger.client;
    let version: Version = eventually(client.call("RPCServer.GetVersion", &Nothing {})).await.expect("Delve answers");
    assert!(version.delve_version.contains("1.27.2") && version.api_version == 2, "{version:?}");

    let at_main = Breakpoint { function_name: "main.main".to_owned(), ..Breakpoint::default() };
    let call = client.call("RPCServer.CreateBreakpoint", &CreateBreakpoint { breakpoint: at_main });
    let CreateBreakpoint { breakpoint } = eventually(call).await.expect("there is a main");
    assert!(breakpoint.id == 1 && breakpoint.line > 0, "{breakpoint:?}");
    let call = client.call::<Stopped>("RPCServer.Command", &Resume { name: "continue".to_owned() });
    let Stopped { state } = eventually(call).await.expect("the program runs");
    let thread = state.current_thread.expect("it has stopped");
    assert_eq!(thread.function.expect("in a function").name, "main.main");
    assert_eq!(thread.break_point.expect("where it was told to").id, 1);
    assert!(!state.exited);

    let error = eventually(client.call::<Value>("RPCServer.Nope", &Nothing {})).await.expect_err("there is none");
    assert!(matches!(&error, Error::Server(text) if text.as_str() == "unknown method: RPCServer.Nope"), "{error:?}");
    let state: Value = eventually(client.call("RPCServer.State", &Nothing {})).await.expect("whatever it is");
    assert!(state.get("State").and_then(|state| state.get("Pid")).is_some(), "{state}");
    eventually(client.call::<Value>("RPCServer.Detach", &Detach { kill: true })).await.expect("Delve lets go");
    assert!(eventually(debugger.process.wait()).await.expect("Delve ends").success());
}
