//! Programs that others have written with net/rpc or gob, as they are, and our other end of their connections and
//! files.

mod cancel;
mod delve;
mod goreman;
mod lambda;
mod machine;
mod mattermost;
mod pie;
mod plugin;
mod sessions;

use std::ffi::OsString;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::time::Duration;

use rand::RngExt;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::patience::eventually;

/// A port for a program that has to be told one. It is none that the system gives to those who let it choose.
fn free_port() -> u16 {
    loop {
        let port = rand::rng().random_range(10_000..30_000);
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// Starts a program that listens here, and ends with its standard input or by force.
async fn start(mut command: Command, address: &str) -> Child {
    command.stdin(Stdio::piped()).stdout(Stdio::null()).kill_on_drop(true);
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?} cannot be started: {error}"));
    eventually(async {
        while TcpStream::connect(address).await.is_err() {
            let ended = child.try_wait().expect("a child can be waited for");
            assert!(ended.is_none(), "{command:?} ends: {ended:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    child
}

/// A PATH on which this directory comes first.
fn with_path(dir: PathBuf) -> OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths([dir].into_iter().chain(std::env::split_paths(&path))).expect("a path")
}

/// What a program says, and how it ends.
async fn output(mut command: Command) -> (Output, String) {
    command.stdin(Stdio::null()).kill_on_drop(true);
    let output = eventually(command.output()).await.expect("it can be started");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    (output, text)
}
