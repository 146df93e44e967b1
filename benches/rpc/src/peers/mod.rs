//! The implementations that are compared.

mod bare;
mod bare_threads;
pub mod gobrpc;
mod tarpc;
mod threads;
mod tonic;

use std::io::Read;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use tokio::net::{TcpListener, UnixListener};
use tokio::runtime::Runtime;

use crate::load::{Meter, load as make_load};

/// What a server listens on.
pub enum Listener {
    Tcp(TcpListener),
    Unix(UnixListener),
}

impl Listener {
    async fn bind(address: &str) -> Result<Self> {
        Ok(match address.strip_prefix("unix:") {
            Some(path) => Self::Unix(UnixListener::bind(path)?),
            None => Self::Tcp(TcpListener::bind(address).await?),
        })
    }

    fn address(&self) -> Result<String> {
        Ok(match self {
            Self::Tcp(listener) => listener.local_addr()?.to_string(),
            Self::Unix(listener) => {
                let address = listener.local_addr()?;
                format!("unix:{}", address.as_pathname().context("a socket without a path")?.display())
            }
        })
    }
}

/// The runtime of `#[tokio::main]`; with one core, that of one thread.
fn runtime() -> Result<Runtime> {
    let mut builder = match std::thread::available_parallelism()?.get() {
        1 => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    Ok(builder.enable_all().build()?)
}

/// Serves until the standard input ends. Prints the address.
pub fn serve(peer: &str, address: &str) -> Result<()> {
    std::thread::spawn(|| {
        let _ = std::io::stdin().read(&mut [0]);
        std::process::exit(0);
    });
    runtime()?.block_on(async {
        let listener = Listener::bind(address).await?;
        println!("{}", listener.address()?);
        match peer {
            "gobrpc" => gobrpc::serve(listener).await,
            "bare" => bare::serve(listener).await,
            "bare-threads" => bare_threads::serve(listener),
            "tarpc" => tarpc::serve(listener).await,
            "tonic" => tonic::serve(listener).await,
            _ => bail!("no such server: {peer}"),
        }
    })
}

/// Makes calls, and prints how many in how many nanoseconds.
pub fn load(peer: &str, kind: &str, address: &str, millis: u64) -> Result<()> {
    let meter = Arc::new(Meter::default());
    let calls = {
        let (peer, kind, address, meter) = (peer.to_owned(), kind.to_owned(), address.to_owned(), Arc::clone(&meter));
        std::thread::spawn(move || {
            let made = make_calls(&peer, &kind, &address, &meter);
            if let Err(error) = &made {
                eprintln!("{peer} {kind}: {error:#}");
                std::process::exit(1);
            }
        })
    };
    meter.measure(millis);
    meter.stop();
    calls.join().ok().context("the calls panicked")
}

fn make_calls(peer: &str, kind: &str, address: &str, meter: &Arc<Meter>) -> Result<()> {
    match peer {
        "threads" => return threads::load(kind, address, meter),
        "bare-threads" => return bare_threads::load(kind, address, meter),
        _ => {}
    }
    let (peer, kind, address, meter) = (peer.to_owned(), kind.to_owned(), address.to_owned(), Arc::clone(meter));
    // In a task, as calls are in any larger program: what runtimes run in `block_on` is apart from their workers.
    let calls = async move {
        match &*peer {
            "gobrpc" => make_load::<gobrpc::Calls>(&kind, &address, &meter).await,
            "bare" => bare::load(&kind, &address, &meter).await,
            "tarpc" => make_load::<tarpc::Calls>(&kind, &address, &meter).await,
            "tonic" => make_load::<tonic::Calls>(&kind, &address, &meter).await,
            _ => bail!("no such client: {peer}"),
        }
    };
    runtime()?.block_on(async { tokio::spawn(calls).await? })
}
