//! The side of the host: Go's `plugin.Client`.

use std::process::Stdio;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use gobrpc::rpc::{self, Client};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, BufReader};
use tokio::net::{TcpStream, UnixStream};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

use super::broker::{Broker, Link};
use super::tls::Identity;
use super::{CLIENT_CERT, CORE_VERSION, Handshake, Result};

/// How long a plugin may take to start.
const START: Duration = Duration::from_secs(60);

/// How long a plugin may take to end by itself.
const END: Duration = Duration::from_secs(2);

/// How long a line may be with which a plugin begins, as in Go.
const MAX_LINE: u64 = 64 * 1024;

/// A plugin that runs. Without [`quit`](Self::quit) it is killed in the end.
pub struct Plugin {
    pub process: Child,
    control: Client,
    pub broker: Broker,
}

impl Plugin {
    /// Starts a plugin and connects to it. What a plugin in Go prints goes to these; its log goes to the stderr that
    /// the command has.
    pub async fn start<O, E>(mut command: Command, handshake: &Handshake, mut stdout: O, mut stderr: E) -> Result<Self>
    where
        O: AsyncWrite + Send + Unpin + 'static,
        E: AsyncWrite + Send + Unpin + 'static,
    {
        command.env(handshake.cookie_key, handshake.cookie_value);
        command.env("PLUGIN_PROTOCOL_VERSIONS", handshake.version.to_string());
        let identity = handshake.auto_mtls.then(Identity::new).transpose()?;
        command.envs(identity.iter().map(|identity| (CLIENT_CERT, &identity.pem)));
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
        let link = timeout(START, link(&mut process, handshake, identity)).await;
        let mut link = link.map_err(|_| "the plugin does not start in time")??;
        tokio::spawn(async move { tokio::io::copy(&mut link.stdout, &mut stdout).await });
        tokio::spawn(async move { tokio::io::copy(&mut link.stderr, &mut stderr).await });
        Ok(Self { process, control: Client::new(link.control), broker: link.broker })
    }

    /// A client of one of the services of the plugin. Its methods are those of `Plugin`.
    pub async fn dispense(&self, name: &str) -> Result<Client> {
        let id = self.control.call("Dispenser.Dispense", &name).await?;
        Ok(Client::new(self.broker.dial(id).await?))
    }

    /// Asks whether the plugin lives.
    pub async fn ping(&self) -> Result<(), rpc::Error> {
        self.control.call("Control.Ping", &true).await
    }

    /// Has the plugin end, and says whether it did so by itself.
    pub async fn quit(self) -> Result<bool> {
        let Self { mut process, control, broker } = self;
        // A plugin in Go may be gone before it has replied.
        let _ = control.call::<()>("Control.Quit", &true).await;
        drop((control, broker));
        if let Ok(status) = timeout(END, process.wait()).await {
            return Ok(status?.success());
        }
        process.kill().await?;
        Ok(false)
    }
}

/// Connects to a plugin that has been started.
async fn link(process: &mut Child, handshake: &Handshake, identity: Option<Identity>) -> Result<Link> {
    let line = first_line(process.stdout.take().ok_or("the plugin has no stdout")?).await?;
    if line.is_empty() {
        return Err(format!("the plugin has ended: {}", process.wait().await?).into());
    }
    Ok(Link::host(connect(&line, handshake, identity).await?).await?)
}

/// What a plugin prints first. All that follows is read and forgotten, so that it need not wait.
async fn first_line(stdout: ChildStdout) -> Result<String> {
    let (mut stdout, mut line) = (BufReader::new(stdout), String::new());
    if (&mut stdout).take(MAX_LINE).read_line(&mut line).await? as u64 == MAX_LINE {
        return Err("this is no plugin: it says too much".into());
    }
    tokio::spawn(async move { tokio::io::copy(&mut stdout, &mut tokio::io::sink()).await });
    Ok(line)
}

trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// Connects to where a plugin says that it listens.
async fn connect(line: &str, handshake: &Handshake, identity: Option<Identity>) -> Result<Box<dyn Io>> {
    let parts: Vec<&str> = line.trim().split('|').collect();
    let [core, version, network, address, protocol, ref certificate @ ..] = parts[..] else {
        return Err(format!("this is no plugin: it says {line:?}").into());
    };
    if core != CORE_VERSION || version != handshake.version.to_string() || protocol != "netrpc" {
        return Err(format!("the plugin does not fit: core {core}, version {version}, protocol {protocol}").into());
    }
    let io: Box<dyn Io> = match network {
        "unix" => Box::new(UnixStream::connect(address).await?),
        "tcp" => Box::new(TcpStream::connect(address).await?),
        _ => return Err(format!("the plugin listens on an unknown network: {network}").into()),
    };
    let Some(identity) = identity else { return Ok(io) };
    let certificate = BASE64_STANDARD_NO_PAD.decode(certificate.first().unwrap_or(&""))?;
    Ok(Box::new(identity.connect(io, certificate.into()).await?))
}
