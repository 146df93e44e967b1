//! The processes that are measured.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, ensure};

/// Whose program it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program<'a> {
    /// The Go program, by its path.
    Go(&'a str),
    /// One of ours, by the name of the peer.
    Rust(&'a str),
}

impl<'a> Program<'a> {
    /// The program of a peer.
    pub fn new(peer: &'a str, go: &'a str) -> Self {
        match peer {
            "go" => Self::Go(go),
            peer => Self::Rust(peer),
        }
    }

    /// The command that does `verb`; on a single core, if `pinned`.
    fn command(self, verb: &str, pinned: bool) -> Result<Command> {
        let own = std::env::current_exe()?;
        let (path, peer) = match self {
            Self::Go(path) => (path.into(), None),
            Self::Rust(peer) => (own, Some(peer)),
        };
        let mut command = match pinned {
            true => {
                let mut command = Command::new("taskset");
                command.args(["-c", "0"]).arg(path);
                command
            }
            false => Command::new(path),
        };
        command.arg(verb).args(peer);
        Ok(command)
    }
}

/// A process that answers lines with lines.
pub struct Process {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
}

impl Process {
    /// Starts `verb` of a program.
    pub fn start(program: Program<'_>, verb: &str, args: &[&str], pinned: bool) -> Result<Self> {
        let mut command = program.command(verb, pinned)?;
        let mut child = command
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{command:?} cannot be started"))?;
        let stdin = child.stdin.take();
        let stdout = child.stdout.take().context("a process without an output")?;
        Ok(Self { child, stdin, stdout: BufReader::new(stdout) })
    }

    /// What it says next.
    pub fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        self.stdout.read_line(&mut line)?;
        ensure!(!line.is_empty(), "the process has ended: {:?}", self.child.wait()?);
        Ok(line.trim().to_owned())
    }

    /// Has it go on.
    pub fn go_on(&mut self) -> Result<()> {
        let stdin = self.stdin.as_mut().context("a process without an input")?;
        Ok(stdin.write_all(b"\n")?)
    }

    /// How many bytes of memory it has, as the system counts them.
    pub fn memory(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let kib: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kib << 10)
    }

    /// Waits for its end.
    pub fn end(mut self) -> Result<()> {
        self.stdin = None;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
