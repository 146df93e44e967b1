//! What Go's and Rust's ends of a connection have in common.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use gobrpc::rpc::codec::MsgpackCodec;
use gobrpc::rpc::{Client, Result};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinSet;

use crate::patience::eventually;

/// How long the servers of most tests take over `StringService.Concat`.
pub(crate) const DELAY: Duration = Duration::from_millis(10);

/// How the bytes travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transport {
    Tcp,
    Unix,
    /// TCP, after HTTP's `CONNECT`.
    Http,
    /// A unix socket, after HTTP's `CONNECT`.
    HttpUnix,
    /// JSON-RPC over TCP.
    Json,
    /// MessagePack over TCP, which takes a Go module of others.
    Msgpack,
}

impl Transport {
    /// What makes the Go programs use it, besides the network.
    pub(crate) fn flag(self) -> Option<&'static str> {
        match self {
            Self::Tcp | Self::Unix | Self::Msgpack => None,
            Self::Http | Self::HttpUnix => Some("-http"),
            Self::Json => Some("-json"),
        }
    }

    /// Go's name of the network.
    pub(crate) fn network(self) -> &'static str {
        match self {
            Self::Tcp | Self::Http | Self::Json | Self::Msgpack => "tcp",
            Self::Unix | Self::HttpUnix => "unix",
        }
    }

    /// An address to listen on, and the directory it needs.
    pub(crate) fn free_address(self) -> (Option<TempDir>, String) {
        match self {
            Self::Tcp | Self::Http | Self::Json | Self::Msgpack => (None, "127.0.0.1:0".to_owned()),
            Self::Unix | Self::HttpUnix => {
                let dir = tempfile::tempdir().expect("a directory for the socket");
                let path = dir.path().join("socket");
                let path = path.to_str().expect("its path is text").to_owned();
                (Some(dir), path)
            }
        }
    }
}

/// Where a server listens.
#[derive(Debug, Clone)]
pub(crate) struct Endpoint {
    pub(crate) transport: Transport,
    /// `host:port` or the path of a socket.
    pub(crate) address: String,
}

impl Endpoint {
    /// A Rust client of the server there.
    pub(crate) async fn connect(&self) -> Result<Client> {
        match self.transport {
            Transport::Tcp => Client::connect(&self.address).await,
            Transport::Unix => Client::connect_unix(Path::new(&self.address)).await,
            Transport::Http => Client::connect_http(&self.address).await,
            Transport::HttpUnix => Client::connect_http(&format!("unix:{}", self.address)).await,
            Transport::Json => Client::connect_json(&self.address).await,
            Transport::Msgpack => Client::builder().connect_with_codec(&self.address, MsgpackCodec::new()).await,
        }
    }
}

/// A server that runs until it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) endpoint: Endpoint,
    running: Running,
    _dir: Option<TempDir>,
}

#[derive(Debug)]
enum Running {
    Process(Child),
    Tasks(JoinSet<Result<()>>),
}

impl Server {
    /// Starts a program that prints `listening ADDRESS` and ends with its stdin.
    pub(crate) async fn process(mut command: Command, transport: Transport, dir: Option<TempDir>) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?} cannot be started: {error}"));
        let stdout = child.stdout.as_mut().expect("its stdout is a pipe");
        let line = eventually(BufReader::new(stdout).lines().next_line()).await.expect("what a server prints is text");
        let address = line.as_deref().and_then(|line| line.strip_prefix("listening "));
        let address = address.unwrap_or_else(|| panic!("{command:?} says {line:?}")).to_owned();
        Self { endpoint: Endpoint { transport, address }, running: Running::Process(child), _dir: dir }
    }

    /// A server that these tasks are.
    pub(crate) fn tasks(tasks: JoinSet<Result<()>>, endpoint: Endpoint, dir: Option<TempDir>) -> Self {
        Self { endpoint, running: Running::Tasks(tasks), _dir: dir }
    }

    /// Ends it without a farewell.
    pub(crate) async fn kill(&mut self) {
        match &mut self.running {
            Running::Process(child) => child.kill().await.expect("the server can be killed"),
            Running::Tasks(tasks) => tasks.shutdown().await,
        }
    }
}
