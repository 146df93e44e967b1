//! The example over TLS against Go's `crypto/tls`: either side in either language.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tempfile::TempDir;
use tokio::process::Command;

use crate::go::go_or_return;
use crate::patience::eventually;
use crate::peers::{Server, Transport};
use crate::services::built_example;

/// A certificate that signs itself, for `localhost`.
struct Identity {
    dir: TempDir,
}

impl Identity {
    fn new() -> Self {
        let signed = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
        let this = Self { dir: tempfile::tempdir().expect("a directory") };
        std::fs::write(this.certificate(), signed.cert.pem()).expect("a file");
        std::fs::write(this.key(), signed.signing_key.serialize_pem()).expect("a file");
        this
    }

    fn certificate(&self) -> PathBuf {
        self.dir.path().join("cert.pem")
    }

    fn key(&self) -> PathBuf {
        self.dir.path().join("key.pem")
    }
}

async fn rust_server(identity: &Identity) -> Server {
    let mut command = Command::new(built_example("tls"));
    command.args(["server", "127.0.0.1:0"]).arg(identity.certificate()).arg(identity.key());
    Server::process(command, Transport::Tcp, None).await
}

/// What the example's client prints.
async fn rust_client(server: &Server, trusted: &Path) -> (bool, String) {
    let mut command = Command::new(built_example("tls"));
    command.args(["client", &server.endpoint.address]).arg(trusted).stdin(Stdio::null()).kill_on_drop(true);
    let output = eventually(command.output()).await.expect("the example can be started");
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).expect("it prints text"))
}

#[tokio::test]
async fn a_rust_client_calls_a_go_server_over_tls() {
    let (go, identity) = (go_or_return!(), Identity::new());
    let server = go.tls_server(&identity.certificate(), &identity.key()).await;
    assert_eq!(rust_client(&server, &identity.certificate()).await, (true, "hello go rpc\n".to_owned()));
}

#[tokio::test]
async fn a_go_client_calls_a_rust_server_over_tls() {
    let (go, identity) = (go_or_return!(), Identity::new());
    let server = rust_server(&identity).await;
    let lines = go.tls_client(&server.endpoint, &identity.certificate(), &["concat", "concat-max", "concat"]).await;
    let want = [
        "concat ok \"hello go rpc\"",
        "concat-max server-error maximum size of 1024 bytes exceeded",
        "concat ok \"hello go rpc\"",
    ];
    assert_eq!(lines, want);
}

#[tokio::test]
async fn rust_calls_rust_over_tls_and_trusts_nobody_else() {
    let (identity, stranger) = (Identity::new(), Identity::new());
    let server = rust_server(&identity).await;
    assert_eq!(rust_client(&server, &identity.certificate()).await, (true, "hello go rpc\n".to_owned()));
    let (success, text) = rust_client(&server, &stranger.certificate()).await;
    assert!(!success && text.contains("InvalidCertificate"), "{text}");
}
