//! The side of the plugin: Go's `plugin.Serve`.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use gobrpc::rpc::{self, Server};
use gobrpc::service;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::UnixListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;

use super::broker::{Broker, Link};
use super::tls::Identity;
use super::{CLIENT_CERT, CORE_VERSION, Handshake, Result};

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
    let (tls, certificate) = match std::env::var(CLIENT_CERT) {
        Ok(host) => {
            let identity = Identity::new()?;
            let certificate = BASE64_STANDARD_NO_PAD.encode(&identity.certificate);
            (Some(identity.accept(CertificateDer::from_pem_slice(host.as_bytes())?)?), certificate)
        }
        Err(_) => (None, String::new()),
    };
    // They are the affair of the host, which may still need the plugin.
    let mut interrupts = signal(SignalKind::interrupt())?;
    println!("{CORE_VERSION}|{}|unix|{}|netrpc|{certificate}", handshake.version, listener.path().display());

    let (dispense, quit) = (Arc::new(dispense), Arc::new(Notify::new()));
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.as_file().accept() => {
                let (stream, tls, dispense, quit) = (accepted?.0, tls.clone(), dispense.clone(), quit.clone());
                connections.spawn(async move {
                    let served = match tls {
                        Some(tls) => match tls.accept(stream).await {
                            Ok(stream) => serve_host(stream, dispense, quit).await,
                            Err(error) => Err(error.into()),
                        },
                        None => serve_host(stream, dispense, quit).await,
                    };
                    if let Err(error) = served {
                        eprintln!("the connection to the host: {error}");
                    }
                });
            }
            () = quit.notified() => break,
            Some(()) = interrupts.recv() => {}
        }
    }
    // The last reply is to be read, too.
    let _ = tokio::time::timeout(END, connections.join_all()).await;
    Ok(())
}

async fn serve_host<IO, F>(io: IO, dispense: Arc<F>, quit: Arc<Notify>) -> Result<(), rpc::Error>
where
    IO: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    F: Fn(&str, &Broker) -> Option<Server> + Send + Sync + 'static,
{
    // What nothing is sent over must not end, either.
    let Link { control, mut stdout, mut stderr, broker } = Link::plugin(io).await?;
    let server = Server::new().register(Control { quit }).register(Dispenser { dispense, broker });
    let served = server.serve_connection(control).await;
    // Go would report that they are reset, as they are if they are only dropped.
    let _ = tokio::join!(stdout.shutdown(), stderr.shutdown());
    served
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
