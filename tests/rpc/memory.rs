//! A connection that lives long takes no more memory for it.

use super::child::{number, output, resident, runtime};

/// How many calls.
const CALLS: u64 = 1_000_000;

#[test]
fn a_long_life_of_a_connection_leaves_nothing_behind() {
    let Some(text) = output("memory::a_long_life_of_a_connection_leaves_nothing_behind") else { return measure() };
    let (before, after) = (number(&text, "kB after the first calls:"), number(&text, "kB after all calls:"));
    assert!(after <= before + 1024, "{CALLS} calls took {} kB", after - before);
}

/// Runs both ends, and prints how much memory the process has.
fn measure() {
    runtime().block_on(async {
        let address = super::serve(super::server()).await;
        let stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let mut caller = Caller { stream, session: gobrpc::gob::Session::new(), seq: 0, definition: true };
        caller.calls(CALLS / 10).await;
        println!("\nkB after the first calls: {}", resident());
        caller.calls(CALLS - CALLS / 10).await;
        println!("\nkB after all calls: {}", resident());
    });
}

/// A client that keeps nothing, so that what grows is the server.
struct Caller {
    stream: tokio::net::TcpStream,
    session: gobrpc::gob::Session,
    seq: u64,
    definition: bool,
}

impl Caller {
    /// Makes calls, a hundred at a time, and waits for as many replies.
    async fn calls(&mut self, count: u64) {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};

        let (mut out, mut input) = (Vec::new(), Vec::new());
        for _ in 0..count / 100 {
            out.clear();
            for _ in 0..100 {
                let request = gobrpc::rpc::Request { service_method: "Arith.Multiply".into(), seq: self.seq };
                self.session.encode(&request, &mut out).unwrap();
                self.session.encode(&super::ARGS, &mut out).unwrap();
                self.seq += 1;
            }
            self.stream.write_all(&out).await.unwrap();
            // A header, and 03040070 for 56.
            let mut left = 200 + usize::from(std::mem::take(&mut self.definition));
            while left > 0 {
                while input.first().is_none_or(|len| input.len() <= usize::from(*len)) {
                    assert!(super::eventually(self.stream.read_buf(&mut input)).await.unwrap() > 0);
                }
                input.drain(..=usize::from(input[0]));
                left -= 1;
            }
        }
    }
}

const LARGE: usize = 1 << 20;
const CONNECTIONS: usize = 100;

#[test]
fn large_calls_leave_no_large_buffers_behind() {
    let Some(text) = output("memory::large_calls_leave_no_large_buffers_behind") else { return measure_large() };
    let (before, after) = (number(&text, "kB with small calls:"), number(&text, "kB after large calls:"));
    // A tenth of what both ends have held.
    assert!(after <= before + 20 * 1024, "{CONNECTIONS} large calls took {} kB", after - before);
}

fn measure_large() {
    runtime().block_on(async {
        let server = super::server().method("Bytes.Echo", |bytes: bytes::Bytes| async { Ok::<_, String>(bytes) });
        let address = super::serve(server).await;
        let mut clients = Vec::new();
        for _ in 0..CONNECTIONS {
            let client = gobrpc::rpc::Client::connect(&address).await.unwrap();
            assert_eq!(client.call::<isize>("Arith.Multiply", &super::ARGS).await.unwrap(), 56);
            clients.push(client);
        }
        println!("\nkB with small calls: {}", resident());
        let data = bytes::Bytes::from(vec![7; LARGE]);
        for client in &clients {
            let echo = super::eventually(client.call::<bytes::Bytes>("Bytes.Echo", &data)).await.unwrap();
            assert_eq!(echo.len(), LARGE);
        }
        println!("\nkB after large calls: {}", resident());
    });
}
