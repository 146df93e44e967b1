//! Events where Go's server writes to its log (R82).

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use gobrpc::rpc::{Client, Server};
use tracing_subscriber::fmt::MakeWriter;

use super::{Arith, eventually, server};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// The test's runtime has one thread, which is the one that listens.
#[tokio::test]
async fn what_go_logs_is_an_event() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_writer(log.clone()).with_ansi(false).without_time().finish();
    let _listening = tracing::subscriber::set_default(subscriber);

    Server::new().register(Arith).try_register(Arith).unwrap_err();
    let (ours, theirs) = tokio::io::duplex(1 << 16);
    tokio::spawn(async move { server().serve_connection(theirs).await });
    let client = Client::new(ours);
    eventually(client.call::<()>("Arith.Nothing", &())).await.unwrap_err();

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for text in [
        "rpc: service already defined: Arith",
        "rpc: gob error encoding body: gob: cannot encode nil pointer of type *int64",
    ] {
        assert!(log.lines().any(|line| line.contains("WARN gobrpc::rpc") && line.contains(text)), "{text}: {log}");
    }
}
