//! The side of docker-machine: Go's `localbinary.Plugin` and `rpcdriver.RPCClientDriver`.

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use gobrpc::rpc::{Client, Error};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWrite, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::{API_VERSION, Result, RpcServerDriverClient, TOKEN};

/// How long a driver may take to start.
const START: Duration = Duration::from_secs(10);

/// How often a driver hears of its host. It ends if it does not for ten seconds.
const HEARTBEAT: Duration = Duration::from_secs(5);

/// How long a line may be with which a driver begins, as in Go.
const MAX_LINE: u64 = 64 * 1024;

/// A driver that runs. Without [`close`](Self::close) it is killed in the end.
pub struct Driver {
    pub calls: RpcServerDriverClient,
    process: Child,
    heart: JoinSet<()>,
}

impl Driver {
    /// Starts a driver and connects to it. What it prints goes to `stdout`.
    pub async fn start<O>(command: Command, stdout: O) -> Result<Self>
    where
        O: AsyncWrite + Send + Unpin + 'static,
    {
        let launched = timeout(START, launch(command, stdout)).await;
        let (process, address) = launched.map_err(|_| "the driver does not start in time")??;
        Self::connect(process, &address).await
    }

    /// Connects to a driver that has been started.
    pub async fn connect(process: Child, address: &str) -> Result<Self> {
        let calls = RpcServerDriverClient::new(Client::connect_http(address).await?);
        let version = calls.get_version(()).await?;
        if version != API_VERSION {
            return Err(format!("the driver is made for version {version} of docker-machine's protocol").into());
        }
        let (mut heart, beating) = (JoinSet::new(), calls.clone());
        heart.spawn(async move {
            while beating.heartbeat(()).await.is_ok() {
                sleep(HEARTBEAT).await;
            }
        });
        Ok(Self { calls, process, heart })
    }

    /// Has the driver end.
    pub async fn close(mut self) -> Result<ExitStatus> {
        self.heart.abort_all();
        match self.calls.close(()).await {
            // A driver in Go may be gone before it has replied.
            Ok(()) | Err(Error::UnexpectedEof | Error::Io(_)) => Ok(self.process.wait().await?),
            Err(error) => Err(error.into()),
        }
    }
}

/// Starts a driver, and says where it listens.
pub async fn launch<O>(mut command: Command, mut stdout: O) -> Result<(Child, String)>
where
    O: AsyncWrite + Send + Unpin + 'static,
{
    command.env(TOKEN.0, TOKEN.1).stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
    let mut process = command.spawn()?;
    let mut lines = BufReader::new(process.stdout.take().ok_or("the driver has no stdout")?);
    let mut address = String::new();
    if (&mut lines).take(MAX_LINE).read_line(&mut address).await? == 0 {
        return Err(format!("the driver has ended: {}", process.wait().await?).into());
    }
    tokio::spawn(async move { tokio::io::copy(&mut lines, &mut stdout).await });
    Ok((process, address.trim().to_owned()))
}
