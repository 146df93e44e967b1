//! A connection that lives long takes no more memory for it.

/// How many calls: a debug build is slow, so that it makes fewer.
const CALLS: u64 = if cfg!(debug_assertions) { 200_000 } else { 1_000_000 };

/// Set in the process that is measured.
const CHILD: &str = "GOBRPC_MEMORY_CHILD";

#[cfg(target_os = "linux")]
#[test]
fn a_million_calls_on_one_connection_leave_nothing_behind() {
    if std::env::var_os(CHILD).is_some() {
        return measure();
    }
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["memory::a_million_calls_on_one_connection_leave_nothing_behind", "--exact", "--nocapture"])
        .env(CHILD, "1")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    let number = |what: &str| -> u64 {
        let line = text.lines().find_map(|line| line.split_once(what)).unwrap_or_else(|| panic!("{what}? {text}"));
        line.1.trim().parse().unwrap()
    };
    let (before, after) = (number("kB after the first calls:"), number("kB after all calls:"));
    assert!(after <= before + 1024, "{CALLS} calls took {} kB", after - before);
}

/// Runs both ends, and prints how much memory the process has.
#[cfg(target_os = "linux")]
fn measure() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let address = super::serve(super::server()).await;
        let stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let mut caller = Caller { stream, session: gobrpc::gob::Session::new(), seq: 0, definition: true };
        caller.calls(CALLS / 10).await;
        println!("\nkB after the first calls: {}", resident());
        caller.calls(CALLS - CALLS / 10).await;
        println!("\nkB after all calls: {}", resident());
    });
}

#[cfg(target_os = "linux")]
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches("kB").trim().parse().unwrap()
}

/// A client that keeps nothing, so that what grows is the server.
#[cfg(target_os = "linux")]
struct Caller {
    stream: tokio::net::TcpStream,
    session: gobrpc::gob::Session,
    seq: u64,
    definition: bool,
}

#[cfg(target_os = "linux")]
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
