//! TLS to a server, by the certificates the system trusts or those that are given.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::HEADING;
use crate::error::{Error, Result};

// Not with `--http`: net/rpc has no HTTPS.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct TlsArgs {
    /// Connect over TLS, and trust the certificates that the system trusts
    #[arg(long, help_heading = HEADING, conflicts_with = "http")]
    tls: bool,
    /// Connect over TLS, and trust this certificate, in PEM
    #[arg(long, help_heading = HEADING, value_name = "FILE", conflicts_with = "http")]
    tls_ca: Option<PathBuf>,
    /// The name that the server's certificate must bear, if it is not the host
    #[arg(long, help_heading = HEADING, value_name = "NAME", conflicts_with = "http")]
    tls_name: Option<String>,
    /// Show this certificate to the server, in PEM
    #[arg(long, help_heading = HEADING, value_name = "FILE", requires = "tls_key", conflicts_with = "http")]
    tls_cert: Option<PathBuf>,
    /// The key of that certificate, in PEM
    #[arg(long, help_heading = HEADING, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
}

/// What is needed to agree on keys with one server.
pub(crate) struct Tls {
    connector: TlsConnector,
    name: ServerName<'static>,
}

impl TlsArgs {
    /// The way to that server over TLS, if TLS is asked for.
    pub(crate) fn connector(&self, addr: &str) -> Result<Option<Tls>> {
        let Self { tls, tls_ca, tls_name, tls_cert, tls_key } = self;
        if !tls && tls_ca.is_none() && tls_name.is_none() && tls_cert.is_none() {
            return Ok(None);
        }
        if addr.starts_with("unix:") {
            return Err(Error::data("--tls needs a host:port"));
        }
        let roots = match tls_ca {
            Some(path) => given_roots(path)?,
            None => system_roots()?,
        };
        let config = ClientConfig::builder().with_root_certificates(roots);
        let config = match (tls_cert, tls_key) {
            (Some(cert), Some(key)) => {
                let chain = certificates(cert)?;
                let key = PrivateKeyDer::from_pem_file(key).map_err(|error| unreadable(key, error))?;
                config.with_client_auth_cert(chain, key).map_err(|error| unreadable(cert, error))?
            }
            _ => config.with_no_client_auth(),
        };
        let host = addr.rsplit_once(':').map_or(addr, |(host, _)| host).trim_matches(['[', ']']);
        let name = tls_name.as_deref().unwrap_or(host);
        let name = ServerName::try_from(name.to_owned())
            .map_err(|_| Error::data(format_args!("{name:?} is no name of a server; give one with --tls-name")))?;
        Ok(Some(Tls { connector: TlsConnector::from(Arc::new(config)), name }))
    }
}

impl Tls {
    pub(crate) async fn connect(self, stream: TcpStream) -> std::io::Result<TlsStream<TcpStream>> {
        self.connector.connect(self.name, stream).await
    }
}

fn system_roots() -> Result<RootCertStore> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        let why = found.errors.first().map(|error| format!(" ({error})")).unwrap_or_default();
        return Err(Error::data(format_args!("the system has no trusted certificates{why}; give one with --tls-ca")));
    }
    Ok(roots)
}

fn given_roots(path: &Path) -> Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(path)? {
        roots.add(certificate).map_err(|error| unreadable(path, error))?;
    }
    Ok(roots)
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let certificates = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let certificates = certificates.map_err(|error| unreadable(path, error))?;
    if certificates.is_empty() {
        return Err(Error::data(format_args!("there is no certificate in {}", path.display())));
    }
    Ok(certificates)
}

fn unreadable(path: &Path, error: impl std::fmt::Display) -> Error {
    Error::data(format_args!("cannot use {}: {error}", path.display()))
}
