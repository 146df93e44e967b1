//! docker-machine, whose drivers are programs of their own: hosts and drivers in Go with ours in Rust.

#[path = "../../../examples/docker_machine/mod.rs"]
mod docker_machine;

use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use futures::FutureExt;
use futures::future::join_all;
use gobrpc::rpc::{self, Client, Error};
use serde_json::{Value as Json, json};
use tokio::io::AsyncReadExt;
use tokio::process::{Child, Command};

use self::docker_machine::host::{Driver, launch};
use self::docker_machine::{
    BoolFlag, DriverOptions, Flag, IntFlag, RpcFlags, RpcServerDriverClient, Setting, State, StringFlag,
    StringSliceFlag, TOKEN,
};
use super::with_path;
use crate::go::{Programs, go_or_return, module};
use crate::hex::to_hex;
use crate::patience::{eventually, until};
use crate::peers::{Endpoint, Transport};
use crate::services::built_example;
use crate::tee::{Recording, Tee};

/// After so long without its host a driver ends.
const SILENCE: Duration = Duration::from_secs(10);

/// Programs with the same driver.
fn paper_drivers(go: &Programs) -> [PathBuf; 2] {
    [go.third_party("machine"), built_example("docker_machine_driver")]
}

fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.stderr(Stdio::null()).kill_on_drop(true);
    command
}

async fn start(program: &Path) -> Driver {
    eventually(Driver::start(command(program), tokio::io::sink())).await.expect("the driver can be started")
}

/// Starts a driver that nobody calls yet.
async fn launched(program: &Path) -> (Child, String) {
    eventually(launch(command(program), tokio::io::sink())).await.expect("the driver can be started")
}

async fn close(driver: Driver) {
    let end = eventually(driver.close()).await.expect("it ends");
    assert!(end.success(), "{end}");
}

/// Tries again what fails, if it took so long that the machine may have stood still: then drivers end that are needed.
async fn steadily<T>(attempt: impl AsyncFn() -> T) -> T {
    for _ in 0..2 {
        let started = Instant::now();
        match AssertUnwindSafe(attempt()).catch_unwind().await {
            Ok(output) => return output,
            Err(panic) if started.elapsed() < SILENCE => resume_unwind(panic),
            Err(_) => {}
        }
    }
    attempt().await
}

/// A reply.
async fn ok<T>(call: impl Future<Output = rpc::Result<T>>) -> T {
    eventually(call).await.expect("a reply")
}

/// The text of an error that comes instead of a reply.
async fn refused<T: Debug>(call: impl Future<Output = rpc::Result<T>>) -> String {
    match eventually(call).await.expect_err("an error") {
        Error::Server(text) => text.to_string(),
        error => panic!("{error}"),
    }
}

fn options(values: impl IntoIterator<Item = (&'static str, Setting)>) -> DriverOptions {
    let values = values.into_iter().map(|(name, value)| (name.to_owned(), Some(value)));
    DriverOptions::Flags(RpcFlags { values: values.collect() })
}

fn text(text: &str) -> Setting {
    Setting::String(text.to_owned())
}

/// All that docker-machine can do with a host, with this driver.
async fn life_in_docker_machine(go: &Programs, driver: &Path) {
    let dir = tempfile::tempdir().expect("a directory");
    let (store, ends) = (dir.path().join("store"), dir.path().join("ends"));
    let mut command = Command::new(go.third_party("machine"));
    // There is a script that runs the driver.
    command.env("PATH", with_path(module("go_interop/thirdparty/machine")));
    command.env("DRIVER", driver).env("ENDS", &ends);
    command.arg("host").arg(&store).stdin(Stdio::null()).kill_on_drop(true);
    let output = eventually(command.output()).await.expect("it can be started");

    let (said, log) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{}: {said}\n{log}", driver.display());
    let said = said.replace(&store.display().to_string(), "STORE");
    assert_eq!(said, include_str!("machine/life.txt"), "{}: {log}", driver.display());
    assert!(log.contains("(paper) \"paper\" is written down\n"), "{}: {log}", driver.display());
    // It was started twice, and docker-machine does not wait for its end.
    until(|| std::fs::read(&ends).is_ok_and(|ends| ends == b"0\n0\n")).await;
}

/// The side of docker-machine is its own code, from `libmachine.NewClient` on.
#[tokio::test]
async fn docker_machine_cannot_tell_a_rust_driver_from_a_go_driver() {
    let go = go_or_return!();
    for driver in paper_drivers(go) {
        steadily(async || life_in_docker_machine(go, &driver).await).await;
    }
}

/// All of the life of a host, and what the two sides have said to each other.
async fn life_of_a_host(program: &Path) -> Recording {
    let (process, address) = launched(program).await;
    let server = Endpoint { transport: Transport::Http, address: address.clone() };
    let tee = Tee::before(&server).await;
    let client = RpcServerDriverClient::new(tee.endpoint.connect().await.expect("it listens where it says"));

    assert_eq!(ok(client.get_version(())).await, 1);
    let base = json!({"MachineName": "paper", "StorePath": "/store", "SSHPort": 2222});
    ok(client.set_config_raw(base.to_string().into_bytes())).await;
    assert_eq!(ok(client.driver_name(())).await, "ci-test");
    assert_eq!(ok(client.get_machine_name(())).await, "paper");
    ok(client.heartbeat(())).await;

    let flags = [
        Flag::String(StringFlag {
            name: "ci-test-ip".to_owned(),
            usage: "address of the host".to_owned(),
            env_var: "CI_TEST_IP".to_owned(),
            value: "127.0.0.1".to_owned(),
        }),
        Flag::Int(IntFlag {
            name: "ci-test-port".to_owned(),
            usage: "port of its Docker".to_owned(),
            env_var: "CI_TEST_PORT".to_owned(),
            value: 2376,
        }),
        Flag::StringSlice(StringSliceFlag {
            name: "ci-test-label".to_owned(),
            usage: "a note on the host".to_owned(),
            ..StringSliceFlag::default()
        }),
        Flag::Bool(BoolFlag {
            name: "ci-test-on-demand".to_owned(),
            usage: "do not start the host when it is created".to_owned(),
            ..BoolFlag::default()
        }),
    ];
    assert_eq!(ok(client.get_create_flags(())).await, flags);
    let nowhere = [("ci-test-ip", text("nowhere"))];
    let error = refused(client.set_config_from_flags(options(nowhere))).await;
    assert_eq!(error, "--ci-test-ip: \"nowhere\" is no IPv4 address");
    let error = refused(client.set_config_from_flags(options([]))).await;
    assert_eq!(error, "--ci-test-ip: \"\" is no IPv4 address");
    let labels = |labels: &[&str]| Setting::Strings(labels.iter().map(|&label| label.to_owned()).collect());
    let on_paper = |all: &[&str]| {
        options([
            ("ci-test-ip", text("192.0.2.7")),
            ("ci-test-port", Setting::Int(4321)),
            ("ci-test-label", labels(all)),
            ("ci-test-on-demand", Setting::Bool(true)),
        ])
    };
    ok(client.set_config_from_flags(on_paper(&["x", "y", "x"]))).await;
    assert_eq!(refused(client.pre_create_check(())).await, "the label \"x\" is there twice");
    ok(client.set_config_from_flags(on_paper(&["x", ""]))).await;
    ok(client.pre_create_check(())).await;

    ok(client.create(())).await;
    assert_eq!(ok(client.get_state(())).await, State::Stopped);
    assert_eq!(refused(client.get_url(())).await, "Host is not running");
    ok(client.start(())).await;
    assert_eq!(ok(client.get_state(())).await, State::Running);
    assert_eq!(ok(client.get_ip(())).await, "192.0.2.7");
    assert_eq!(ok(client.get_url(())).await, "tcp://192.0.2.7:4321");
    assert_eq!(ok(client.get_ssh_hostname(())).await, "192.0.2.7");
    assert_eq!(ok(client.get_ssh_port(())).await, 2222);
    assert_eq!(ok(client.get_ssh_username(())).await, "root");
    assert_eq!(ok(client.get_ssh_key_path(())).await, "/store/machines/paper/id_rsa");
    ok(client.kill(())).await;
    assert_eq!(ok(client.get_state(())).await, State::Stopped);
    ok(client.restart(())).await;
    let config: Json = serde_json::from_slice(&ok(client.get_config_raw(())).await).expect("JSON");
    let want = json!({
        "IPAddress": "192.0.2.7",
        "MachineName": "paper",
        "SSHUser": "root",
        "SSHPort": 2222,
        "SSHKeyPath": "/store/machines/paper/id_rsa",
        "StorePath": "/store",
        "SwarmMaster": false,
        "SwarmHost": "",
        "SwarmDiscovery": "",
        "Port": 4321,
        "Labels": ["x", ""],
        "OnDemand": true,
        "Running": true,
    });
    assert_eq!(config, want);
    ok(client.stop(())).await;
    ok(client.remove(())).await;
    drop(client);
    let recording = tee.recording().await;

    close(eventually(Driver::connect(process, &address)).await.expect("it still listens")).await;
    recording
}

#[tokio::test]
async fn a_rust_host_hears_the_same_from_go_and_rust_drivers_byte_for_byte() {
    let [go, rust] = paper_drivers(go_or_return!());
    let go = steadily(async || life_of_a_host(&go).await).await;
    let rust = steadily(async || life_of_a_host(&rust).await).await;
    assert_eq!(to_hex(&rust.server), to_hex(&go.server));
}

#[tokio::test]
async fn a_rust_host_runs_a_driver_that_docker_machine_comes_with() {
    let program = go_or_return!().third_party("machine");
    steadily(async || {
        let mut command = command(&program);
        command.env("MACHINE_PLUGIN_DRIVER_NAME", "none");
        let driver = eventually(Driver::start(command, tokio::io::sink())).await.expect("the driver can be started");
        let client = &driver.calls;
        assert_eq!(ok(client.driver_name(())).await, "none");
        let flag = StringFlag {
            name: "url".to_owned(),
            usage: "URL of host when no driver is selected".to_owned(),
            ..StringFlag::default()
        };
        assert_eq!(ok(client.get_create_flags(())).await, [Flag::String(flag)]);
        let error = refused(client.set_config_from_flags(options([]))).await;
        assert_eq!(error, "--url option is required when no driver is selected");
        let error = refused(client.set_config_from_flags(options([("url", text("tcp://[::1"))]))).await;
        assert_eq!(error, "parse \"tcp://[::1\": missing ']' in host");
        ok(client.set_config_from_flags(options([("url", text("tcp://192.0.2.7:4321"))]))).await;
        ok(client.create(())).await;
        assert_eq!(ok(client.get_url(())).await, "tcp://192.0.2.7:4321");
        assert_eq!(ok(client.get_state(())).await, State::Running);
        assert_eq!(refused(client.stop(())).await, "hosts without a driver cannot be stopped");
        let error = refused(client.set_config_raw(b"{]".to_vec())).await;
        assert!(error.starts_with("invalid character ']'"), "{error}");
        ok(client.remove(())).await;
        close(driver).await;
    })
    .await;
}

#[tokio::test]
async fn what_a_go_driver_prints_comes_to_the_rust_host() {
    let program = go_or_return!().third_party("machine");
    steadily(async || {
        let (printed, mut reader) = tokio::io::duplex(1024);
        let driver = eventually(Driver::start(command(&program), printed)).await.expect("the driver can be started");
        ok(driver.calls.set_config_raw(br#"{"MachineName": "paper"}"#.to_vec())).await;
        ok(driver.calls.create(())).await;
        let mut line = [0; 24];
        eventually(reader.read_exact(&mut line)).await.expect("it prints");
        assert_eq!(String::from_utf8_lossy(&line), "\"paper\" is written down\n");
        close(driver).await;
    })
    .await;
}

#[tokio::test]
async fn a_rust_host_runs_go_and_rust_drivers_as_the_example_shows() {
    for program in paper_drivers(go_or_return!()) {
        steadily(async || {
            let mut command = Command::new(built_example("docker_machine_host"));
            command.arg(&program).stdin(Stdio::null()).kill_on_drop(true);
            let output = eventually(command.output()).await.expect("it can be started");
            let log = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success() && log.contains("\"paper\" is written down\n"), "{log}");
            let want = "paper has the driver ci-test\n\
                        --ci-test-ip String(\"127.0.0.1\")\n\
                        --ci-test-port Int(2376)\n\
                        --ci-test-label Strings([])\n\
                        --ci-test-on-demand Bool(false)\n\
                        Running: tcp://127.0.0.1:2376\n\
                        error: Host is not running\n";
            assert_eq!(String::from_utf8_lossy(&output.stdout), want, "{}: {log}", program.display());
        })
        .await;
    }
}

#[tokio::test]
async fn drivers_serve_the_docker_machine_of_old_and_refuse_what_they_cannot_do() {
    for program in paper_drivers(go_or_return!()) {
        steadily(async || {
            let (_process, address) = launched(&program).await;
            let client = eventually(Client::connect_http(&address)).await.expect("it listens where it says");
            assert_eq!(ok(client.call::<isize>("RpcServerDriver.GetVersion", &())).await, 1);
            let error = refused(client.call::<()>("RPCServerDriver.Upgrade", &())).await;
            assert_eq!(error, "rpc: can't find method RPCServerDriver.Upgrade");
        })
        .await;
    }
}

#[tokio::test]
async fn a_driver_ends_when_its_host_is_silent_for_ten_seconds() {
    let programs = paper_drivers(go_or_return!());
    let ends = programs.iter().map(|program| async {
        let started = Instant::now();
        let ((mut left, _), kept) = tokio::join!(launched(program), start(program));
        let end = eventually(left.wait()).await.expect("it can be waited for");
        assert_eq!(end.code(), Some(1), "{}", program.display());
        // The other one has been called at the start, so its time would be over a little later.
        tokio::time::sleep(Duration::from_secs(1)).await;
        // Nobody is heard while the machine stands still.
        let state = eventually(kept.calls.get_state(())).await;
        assert!(
            state.is_ok() || started.elapsed() > SILENCE + Duration::from_secs(5),
            "{}: {state:?}",
            program.display()
        );
    });
    join_all(ends).await;
}

/// One in Go may be gone before it has.
#[tokio::test]
async fn a_rust_driver_answers_before_it_ends() {
    let (mut process, address) = launched(&built_example("docker_machine_driver")).await;
    let client = eventually(Client::connect_http(&address)).await.expect("it listens where it says");
    ok(client.call::<()>("RPCServerDriver.Close", &())).await;
    assert!(eventually(process.wait()).await.expect("it can be waited for").success());
}

#[tokio::test]
async fn a_driver_that_is_run_by_hand_says_what_it_is() {
    for program in paper_drivers(go_or_return!()) {
        let mut command = Command::new(&program);
        command.env_remove(TOKEN.0).stdin(Stdio::null()).kill_on_drop(true);
        let output = eventually(command.output()).await.expect("it can be started");
        assert_eq!((output.status.code(), &*output.stdout), (Some(1), &b""[..]), "{}", program.display());
        let said = String::from_utf8_lossy(&output.stderr).to_lowercase();
        assert!(said.contains("docker") && said.contains("api version: 1"), "{said}");
    }
}
