//! The side of the plugin: Go's `plugin.Serve`.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use gobrpc::rpc::Server;
use gobrpc::service;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::broker::{Broker, Link};
use super::{CORE_VERSION, Handshake, Result};

/// How long the host may take to hang up after it has told the plugin to end.
const END: Duration = Duration::from_secs(1);

/// Serves a host until it tells the plugin to end. `dispense` makes the service of a name, which must be registered as
/// `Plugin`.
///
/// The host sees what is printed to stderr; stdout belongs to go-plugin.
pub async fn serve<F>(handshake: &Handshake, dispense: F) -> Result<()>
where
    F: Fn(&str, &Broker) -> Option<Server> + Send + Sync + 'static,
{
    if std::env::var(handshake.cookie_key).as_deref() != Ok(handshake.cookie_value) {
        return Err("this is a plugin: run the program that it is for".into());
    }
    let dir = std::env::var_os("PLUGIN_UNIX_SOCKET_DIR").map_or_else(std::env::temp_dir, PathBuf::from);
    // With this the socket is removed in the end.
    let listener = tempfile::Builder::new().prefix("plugin").make_in(dir, |path| UnixListener::bind(path))?;
    println!("{CORE_VERSION}|{}|unix|{}|netrpc|", handshake.version, listener.path().display());

    let (dispense, quit) = (Arc::new(dispense), Arc::new(Notify::new()));
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.as_file().accept() => {
                connections.spawn(serve_host(accepted?.0, dispense.clone(), quit.clone()));
            }
            () = quit.notified() => break,
            // That is the affair of the host, which may still need the plugin.
            Ok(()) = tokio::signal::ctrl_c() => {}
        }
    }
    // The last reply is to be read, too.
    let _ = tokio::time::timeout(END, connections.join_all()).await;
    Ok(())
}

async fn serve_host<F>(stream: UnixStream, dispense: Arc<F>, quit: Arc<Notify>)
where
    F: Fn(&str, &Broker) -> Option<Server> + Send + Sync + 'static,
{
    // What is not sent over them must not end, either.
    let Ok(Link { control, stdout: _stdout, stderr: _stderr, broker }) = Link::plugin(stream).await else { return };
    let server = Server::new().register(Control { quit }).register(Dispenser { dispense, broker });
    if let Err(error) = server.serve_connection(control).await {
        eprintln!("the connection to the host: {error}");
    }
}

struct Control {
    quit: Arc<Notify>,
}

#[service]
impl Control {
    fn ping(&self, _: bool) {}

    fn quit(&self, _: bool) {
        self.quit.notify_one();
    }
}

struct Dispenser<F> {
    dispense: Arc<F>,
    broker: Broker,
}

#[service]
impl<F> Dispenser<F>
where
    F: Fn(&str, &Broker) -> Option<Server> + Send + Sync + 'static,
{
    fn dispense(&self, name: String) -> Result<u32, String> {
        let server = (self.dispense)(&name, &self.broker);
        let server = server.ok_or_else(|| format!("unknown plugin type: {name}"))?;
        let id = self.broker.next_id();
        self.broker.accept_and_serve(id, server);
        Ok(id)
    }
}
