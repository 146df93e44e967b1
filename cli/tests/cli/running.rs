//! Verbs that run until they are stopped.

use std::ffi::OsStr;
use std::process::{ExitStatus, Stdio};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStderr, ChildStdout, Command};

use crate::patience::eventually;
use crate::peers::{Endpoint, Transport};

/// The command at work, once it listens.
pub(crate) struct Running {
    child: Child,
    stdout: Lines<BufReader<ChildStdout>>,
    stderr: BufReader<ChildStderr>,
    /// Where it listens.
    pub(crate) address: String,
    _dir: Option<tempfile::TempDir>,
}

impl Running {
    /// Starts a verb that says on stderr where it listens.
    pub(crate) async fn start<A: AsRef<OsStr>>(args: &[A]) -> Self {
        Self::start_after(args, "").await
    }

    /// Starts a verb that says so after a line that begins like this.
    pub(crate) async fn start_after<A: AsRef<OsStr>>(args: &[A], before: &str) -> Self {
        let mut command = Command::from(crate::command::command());
        command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().expect("the command can be started");
        let stdout = BufReader::new(child.stdout.take().expect("its stdout is a pipe")).lines();
        let mut stderr = BufReader::new(child.stderr.take().expect("its stderr is a pipe"));
        let mut line = String::new();
        eventually(stderr.read_line(&mut line)).await.expect("its stderr is text");
        if !before.is_empty() {
            assert!(line.starts_with(before), "it says {line:?}");
            line.clear();
            eventually(stderr.read_line(&mut line)).await.expect("its stderr is text");
        }
        let address = line.split_once("listening on ").map(|(_, rest)| rest.split([',', '\n']).next().unwrap_or(rest));
        let address = address.unwrap_or_else(|| panic!("it says {line:?}")).to_owned();
        Self { child, stdout, stderr, address, _dir: None }
    }

    /// Starts `tap` before a server.
    pub(crate) async fn tap(server: &Endpoint, args: &[&str]) -> Self {
        let dir = (server.transport == Transport::Unix).then(|| tempfile::tempdir().expect("a directory"));
        let listen = match &dir {
            Some(dir) => format!("unix:{}", dir.path().join("tap").display()),
            None => "127.0.0.1:0".to_owned(),
        };
        let target = match server.transport {
            Transport::Unix => format!("unix:{}", server.address),
            _ => server.address.clone(),
        };
        let mut this = Self::start(&[&["tap", &listen, &target], args].concat()).await;
        this._dir = dir;
        this
    }

    /// What clients take for the server.
    pub(crate) fn endpoint(&self, transport: Transport) -> Endpoint {
        let address = self.address.strip_prefix("unix:").unwrap_or(&self.address).to_owned();
        Endpoint { transport, address }
    }

    /// The next line it prints.
    pub(crate) async fn line(&mut self) -> String {
        eventually(self.stdout.next_line()).await.expect("its stdout is text").expect("it prints another line")
    }

    /// The next line that is of this event, as it is: it may be too deep for a parser.
    pub(crate) async fn line_of(&mut self, event: &str) -> String {
        loop {
            let line = self.line().await;
            if line.contains(&format!("\"event\":\"{event}\"")) {
                return line;
            }
        }
    }

    /// The next line of JSON that is of this event.
    pub(crate) async fn event(&mut self, event: &str) -> serde_json::Value {
        loop {
            let line = self.line().await;
            let line: serde_json::Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{line}: {error}"));
            if line["event"] == event {
                return line;
            }
        }
    }

    /// As many calls as there are.
    pub(crate) async fn calls(&mut self, count: usize) -> Vec<serde_json::Value> {
        let mut calls = Vec::with_capacity(count);
        for _ in 0..count {
            calls.push(self.event("call").await);
        }
        calls
    }

    /// Closes the pipe that it prints to.
    pub(crate) fn close_stdout(self) -> Child {
        self.child
    }

    /// The most memory it has had, in bytes.
    pub(crate) fn peak_memory(&self) -> usize {
        let status = format!("/proc/{}/status", self.child.id().expect("it runs"));
        let status = std::fs::read_to_string(status).expect("Linux tells");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("there is a peak");
        line.trim().trim_end_matches(" kB").parse::<usize>().expect("a number") << 10
    }

    /// Asks it to end; what else it printed and said, and how it ended.
    pub(crate) async fn stop(mut self) -> (Vec<String>, String, ExitStatus) {
        let pid = self.child.id().expect("it runs").to_string();
        let killed = Command::new("kill").args(["-TERM", &pid]).status().await.expect("there is kill");
        assert!(killed.success());
        let mut lines = Vec::new();
        while let Some(line) = eventually(self.stdout.next_line()).await.expect("its stdout is text") {
            lines.push(line);
        }
        let mut said = String::new();
        eventually(self.stderr.read_to_string(&mut said)).await.expect("its stderr is text");
        (lines, said, eventually(self.child.wait()).await.expect("it can be waited for"))
    }
}
