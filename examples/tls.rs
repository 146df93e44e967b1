//! Go's `StringService.Concat` over TLS, with either side in either language.
//!
//! * `cargo run --example tls -- server ADDR CERT KEY` serves with this certificate and key, both in PEM,
//!   until Ctrl-C.
//! * `cargo run --example tls -- client ADDR CA` calls it, if it shows a certificate signed by this one for
//!   `localhost`.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use gobrpc::Gob;
use gobrpc::rpc::{Client, Connection, Listener, Server, ServerError};
use serde::{Deserialize, Serialize};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio_rustls::server::TlsStream;
use tokio_rustls::{TlsAcceptor, TlsConnector};

type Result<T, E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

#[derive(Serialize, Deserialize, Gob)]
struct StringRequest {
    #[serde(rename = "SA")]
    a: String,
    #[serde(rename = "SB")]
    b: String,
}

/// How long a client may take to agree on keys.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// How long to wait when no connection can be accepted, for want of file descriptors, say.
const PAUSE: Duration = Duration::from_millis(100);

async fn serve(address: &str, certificate: &str, key: &str) -> Result<()> {
    let chain = CertificateDer::pem_file_iter(certificate)?.collect::<Result<Vec<_>, _>>()?;
    let key = PrivateKeyDer::from_pem_file(key)?;
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key)?;
    let acceptor = TlsAcceptor::from(Arc::new(config));

    let server = Server::new().method("StringService.Concat", |request: StringRequest| async move {
        match request.a.len() + request.b.len() > 1024 {
            true => Err(ServerError::from("maximum size of 1024 bytes exceeded")),
            false => Ok(request.a + &request.b),
        }
    });
    let listener = TcpListener::bind(address).await?;
    println!("listening {}", listener.local_addr()?);
    let stop = async { drop(tokio::signal::ctrl_c().await) };
    server.serve_with_shutdown(TlsListener::new(listener, acceptor), stop).await?;
    Ok(())
}

/// The connections of a listener that have agreed on keys.
struct TlsListener(mpsc::Receiver<TlsStream<TcpStream>>);

impl TlsListener {
    fn new(listener: TcpListener, acceptor: TlsAcceptor) -> Self {
        let (sender, receiver) = mpsc::channel(1);
        tokio::spawn(async move {
            loop {
                let accepted = tokio::select! {
                    accepted = listener.accept() => accepted,
                    // The server is stopped.
                    () = sender.closed() => break,
                };
                let Ok((stream, _)) = accepted else {
                    tokio::time::sleep(PAUSE).await;
                    continue;
                };
                let (acceptor, sender) = (acceptor.clone(), sender.clone());
                // The handshake has a task of its own, so that a slow client keeps nobody waiting.
                tokio::spawn(async move {
                    if let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await {
                        let _ = sender.send(stream).await;
                    }
                });
            }
        });
        Self(receiver)
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;

    async fn accept(&mut self) -> io::Result<Self::Io> {
        self.0.recv().await.ok_or_else(|| io::Error::other("nobody accepts any more"))
    }

    fn connection(stream: &Self::Io) -> Connection {
        match stream.get_ref().0.peer_addr() {
            Ok(peer) => Connection::new().with_peer(peer),
            Err(_) => Connection::new(),
        }
    }
}

async fn call(address: &str, authority: &str) -> Result<()> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(authority)? {
        roots.add(certificate?)?;
    }
    let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let stream = TcpStream::connect(address).await?;
    let name = ServerName::try_from("localhost")?;
    let client = Client::new(TlsConnector::from(Arc::new(config)).connect(name, stream).await?);

    let request = StringRequest { a: "hello ".into(), b: "go rpc".into() };
    println!("{}", client.call::<String>("StringService.Concat", &request).await?);
    Ok(())
}

#[tokio::main]
async fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["server", address, certificate, key] => serve(address, certificate, key).await,
        ["client", address, authority] => call(address, authority).await,
        _ => Err("usage: tls server ADDR CERT KEY | tls client ADDR CA".into()),
    }
}
