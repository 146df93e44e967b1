//! goreman, which runs the programs of a Procfile: its client at a service of ours, and ours at its server.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use gobrpc::rpc::{self, Client};
use gobrpc::service;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::task::JoinSet;

use super::{free_port, start};
use crate::go::{Programs, go_or_return};
use crate::patience::eventually;
use crate::peers::{Endpoint, Server, Transport};
use crate::tee::Tee;

/// The service of goreman in Rust. Its programs only seem to run.
#[derive(Clone)]
struct Goreman {
    programs: Arc<Mutex<Vec<(&'static str, bool)>>>,
}

impl Goreman {
    fn new() -> Self {
        Self { programs: Arc::new(Mutex::new(vec![("web", true), ("worker", true)])) }
    }

    /// Has those run that are named, or stop.
    fn set(&self, names: &[String], runs: bool, unknown: &str) -> Result<String, String> {
        let mut programs = self.programs.lock().expect("nobody panics");
        for name in names {
            let found = programs.iter_mut().find(|(known, _)| known == name);
            found.ok_or_else(|| format!("unknown {unknown}: {name}"))?.1 = runs;
        }
        Ok(String::new())
    }

    fn set_all(&self, runs: bool) -> String {
        self.programs.lock().expect("nobody panics").iter_mut().for_each(|program| program.1 = runs);
        String::new()
    }

    fn lines(&self, line: impl Fn(&(&str, bool)) -> String) -> String {
        self.programs.lock().expect("nobody panics").iter().map(line).collect()
    }

    async fn serve(self) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port to listen on");
        let address = listener.local_addr().expect("it has an address").to_string();
        let mut tasks = JoinSet::new();
        tasks.spawn(rpc::Server::new().register(self).serve(listener));
        Server::tasks(tasks, Endpoint { transport: Transport::Tcp, address }, None)
    }
}

#[service]
impl Goreman {
    fn start(&self, args: Vec<String>) -> Result<String, String> {
        self.set(&args, true, "name")
    }

    fn stop(&self, args: Vec<String>) -> Result<String, String> {
        self.set(&args, false, "proc")
    }

    fn stop_all(&self, _: Vec<String>) -> String {
        self.set_all(false)
    }

    fn restart(&self, args: Vec<String>) -> Result<String, String> {
        self.set(&args, true, "proc")
    }

    fn restart_all(&self, _: Vec<String>) -> String {
        self.set_all(true)
    }

    fn list(&self, _: Vec<String>) -> String {
        self.lines(|(name, _)| format!("{name}\n"))
    }

    fn status(&self, _: Vec<String>) -> String {
        self.lines(|(name, runs)| format!("{}{name}\n", if *runs { '*' } else { ' ' }))
    }
}

/// The real goreman at work on two programs, each of which begins a line in a file of its own when it is started.
struct Supervisor {
    endpoint: Endpoint,
    dir: TempDir,
    _process: Child,
}

impl Supervisor {
    async fn start(go: &Programs) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        // They die of the broken pipe when goreman is killed.
        let program = |name| format!("{name}: echo started >> {name}; while sleep 0.2; do echo alive; done\n");
        std::fs::write(dir.path().join("Procfile"), program("web") + &program("worker")).expect("a file");
        let port = free_port();
        let mut command = goreman(&go.third_party("goreman"));
        command.current_dir(dir.path()).env("GOREMAN_RPC_ADDR", "127.0.0.1");
        command.args(["-exit-on-stop=false", "-p", &port.to_string(), "start"]);
        let address = format!("127.0.0.1:{port}");
        let process = start(command, &address).await;
        let this = Self { endpoint: Endpoint { transport: Transport::Tcp, address }, dir, _process: process };
        eventually(async {
            while this.call("Status", &[]).await.as_deref() != Ok("*web\n*worker\n") {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
        .await;
        this
    }

    /// A call of a Rust client.
    async fn call(&self, method: &str, args: &[&str]) -> Result<String, String> {
        call(&self.endpoint, method, args).await
    }

    /// Waits until this program has been started so often.
    async fn has_started(&self, program: &str, times: usize) {
        let file = self.dir.path().join(program);
        let started = || std::fs::read_to_string(&file).map_or(0, |text| text.lines().count());
        eventually(async {
            while started() < times {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
        .await;
        assert_eq!(started(), times, "{program}");
    }
}

fn goreman(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_remove("GOREMAN_RPC_PORT").env_remove("GOREMAN_RPC_ADDR").env_remove("GOREMAN_RPC_SERVER");
    command
}

/// `goreman run COMMAND`, and what it prints: on success, or else.
struct GoremanRun {
    program: PathBuf,
}

impl GoremanRun {
    async fn run(&self, server: &Endpoint, command: &str) -> Result<String, String> {
        let mut child = goreman(&self.program);
        child.env("GOREMAN_RPC_SERVER", &server.address).arg("run").args(command.split(' '));
        child.stdin(Stdio::null()).kill_on_drop(true);
        let output = eventually(child.output()).await.expect("goreman can be run");
        let text = |bytes| String::from_utf8(bytes).expect("goreman prints text");
        if output.status.success() {
            return Ok(text(output.stdout));
        }
        let said = text(output.stderr);
        let error = said.strip_prefix(&format!("{}: ", self.program.display())).expect("an error of goreman");
        Err(error.trim_end().to_owned())
    }
}

/// Connects, calls once and hangs up, as goreman's client does.
async fn call(server: &Endpoint, method: &str, args: &[&str]) -> Result<String, String> {
    let client = Client::connect(&server.address).await.map_err(|error| error.to_string())?;
    let args: Vec<String> = args.iter().map(|&arg| arg.to_owned()).collect();
    let result = eventually(client.call::<String>(&format!("Goreman.{method}"), &args)).await;
    client.close().await.expect("the first close");
    result.map_err(|error| error.to_string())
}

fn ok(text: &str) -> Result<String, String> {
    Ok(text.to_owned())
}

fn error(text: &str) -> Result<String, String> {
    Err(text.to_owned())
}

#[tokio::test]
async fn goremans_client_is_served_by_a_rust_service() {
    let client = GoremanRun { program: go_or_return!().third_party("goreman") };
    let server = Goreman::new().serve().await;
    for (command, want) in [
        ("list", ok("web\nworker\n")),
        ("status", ok("*web\n*worker\n")),
        ("stop web", ok("")),
        ("status", ok(" web\n*worker\n")),
        ("start web", ok("")),
        ("stop-all", ok("")),
        ("status", ok(" web\n worker\n")),
        ("restart worker web", ok("")),
        ("status", ok("*web\n*worker\n")),
        ("stop web worker", ok("")),
        ("restart-all", ok("")),
        ("status", ok("*web\n*worker\n")),
        ("start nosuch", error("unknown name: nosuch")),
        ("stop nosuch", error("unknown proc: nosuch")),
        ("no-such-command", error("unknown command")),
        ("list", ok("web\nworker\n")),
    ] {
        assert_eq!(client.run(&server.endpoint, command).await, want, "goreman run {command}");
    }
}

#[tokio::test]
async fn a_rust_client_rules_the_programs_of_goreman() {
    let supervisor = Supervisor::start(go_or_return!()).await;
    assert_eq!(supervisor.call("List", &[]).await, ok("web\nworker\n"));
    supervisor.has_started("web", 1).await;
    assert_eq!(supervisor.call("Stop", &["web"]).await, ok(""));
    assert_eq!(supervisor.call("Status", &[]).await, ok(" web\n*worker\n"));
    assert_eq!(supervisor.call("Start", &["web"]).await, ok(""));
    supervisor.has_started("web", 2).await;
    assert_eq!(supervisor.call("Restart", &["web"]).await, ok(""));
    supervisor.has_started("web", 3).await;
    supervisor.has_started("worker", 1).await;
    assert_eq!(supervisor.call("RestartAll", &[]).await, ok(""));
    supervisor.has_started("web", 4).await;
    supervisor.has_started("worker", 2).await;
    assert_eq!(supervisor.call("StopAll", &[]).await, ok(""));
    assert_eq!(supervisor.call("Status", &[]).await, ok(" web\n worker\n"));
    for (method, args, want) in [
        ("Start", &["nosuch"][..], "unknown name: nosuch"),
        ("Restart", &["nosuch"], "unknown proc: nosuch"),
        ("Nope", &[], "rpc: can't find method Goreman.Nope"),
    ] {
        assert_eq!(supervisor.call(method, args).await, error(want));
    }
}

/// Whoever the client is, and whoever the server.
#[tokio::test]
async fn the_same_is_said_between_goreman_and_us_as_between_goreman_and_goreman() {
    let go = go_or_return!();
    let client = GoremanRun { program: go.third_party("goreman") };
    let supervisor = Supervisor::start(go).await;
    let service = Goreman::new().serve().await;
    for (command, method, args) in [
        ("list", "List", &[][..]),
        ("status", "Status", &[]),
        ("stop web", "Stop", &["web"]),
        ("status", "Status", &[]),
        ("restart web worker", "Restart", &["web", "worker"]),
        ("start nosuch", "Start", &["nosuch"]),
    ] {
        let tee = Tee::before(&supervisor.endpoint).await;
        let want = (client.run(&tee.endpoint, command).await, tee.recording().await);
        let tee = Tee::before(&service.endpoint).await;
        let to_us = (client.run(&tee.endpoint, command).await, tee.recording().await);
        assert_eq!(to_us, want, "goreman run {command}");
        let tee = Tee::before(&supervisor.endpoint).await;
        let from_us = (call(&tee.endpoint, method, args).await, tee.recording().await);
        assert_eq!(from_us, want, "{method} {args:?}");
    }
}
