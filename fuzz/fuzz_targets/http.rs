#![no_main]
//! Any bytes as what either side says over HTTP.
//!
//! Whatever a client says, it is answered with HTTP or with nothing, and the connection ends; whatever a server says,
//! there is a connection or a typed error. Neither depends on how the bytes are cut.

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::LazyLock;

use gobrpc::rpc::{Client, Server};
use gobrpc_fuzz::pieces;
use libfuzzer_sys::fuzz_target;
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
use tokio::net::UnixListener;
use tokio::runtime::{Builder, Runtime};

fuzz_target!(|data: &[u8]| {
    let [side, seed, bytes @ ..] = data else { return };
    let end = match side % 2 {
        0 => ask,
        _ => answer,
    };
    assert_eq!(end(0, bytes), end(*seed, bytes));
});

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Builder::new_current_thread().enable_all().build().unwrap());

/// What a server answers to this.
fn ask(seed: u8, bytes: &[u8]) -> String {
    let server = Server::new().method("Echo.Say", |text: String| async { Ok::<_, Infallible>(text) });
    RUNTIME.block_on(async {
        let (mut ours, theirs) = duplex(1 << 16);
        let asking = async {
            for piece in pieces(seed, bytes) {
                // If it has heard enough, it may be gone.
                if ours.write_all(piece).await.is_err() {
                    break;
                }
                tokio::task::yield_now().await;
            }
            let _ = ours.shutdown().await;
            let mut answer = Vec::new();
            let _ = ours.read_to_end(&mut answer).await;
            answer
        };
        let serving = async {
            let _ = server.serve_http_connection(theirs).await;
        };
        let (answer, ()) = tokio::join!(asking, serving);
        assert!(answer.is_empty() || answer.starts_with(b"HTTP/1."), "{answer:?}");
        // Replies may come in another order.
        let head = answer.split(|byte| *byte == b'\n').next().unwrap_or_default();
        String::from_utf8(head.to_vec()).expect("a status is text")
    })
}

/// Where the server listens that says this.
static SOCKET: LazyLock<(PathBuf, UnixListener)> = LazyLock::new(|| {
    let path = tempfile::tempdir().unwrap().keep().join("socket");
    let listener = UnixListener::bind(&path).unwrap();
    (path, listener)
});

/// What a client makes of this.
fn answer(seed: u8, bytes: &[u8]) -> String {
    RUNTIME.block_on(async {
        let (path, listener) = &*SOCKET;
        let answering = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"\n\n") {
                stream.read_buf(&mut request).await.unwrap();
            }
            for piece in pieces(seed, bytes) {
                if stream.write_all(piece).await.is_err() {
                    break;
                }
                tokio::task::yield_now().await;
            }
        };
        let connecting = async {
            match Client::connect_http(&format!("unix:{}", path.display())).await {
                Err(error) => {
                    let text = error.to_string();
                    // It quotes what there is of the first line.
                    text.split('"').next().unwrap_or_default().to_owned()
                }
                Ok(client) => match client.call::<String>("Echo.Say", &"hello").await {
                    // It may be told of the end while it writes or while it reads.
                    Err(_) => "no reply".to_owned(),
                    Ok(reply) => reply,
                },
            }
        };
        tokio::join!(connecting, answering).0
    })
}
