//! The command before a terminal: colours, progress, Ctrl-C.

use std::io::{Read, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use crate::go::go_or_return;
use crate::patience::eventually;
use crate::peers::{Endpoint, Transport};

const BOLD: &str = "\u{1b}[1m";
const GREEN: &str = "\u{1b}[32m";
const RED: &str = "\u{1b}[31m";

/// The command in a terminal of its own.
struct Terminal {
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
    shown: Arc<Mutex<Vec<u8>>>,
}

impl Terminal {
    fn run(args: &[&str], env: &[(&str, &str)]) -> Self {
        let size = PtySize { rows: 30, cols: 100, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a terminal");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_gobrpc"));
        command.args(args);
        command.env("TERM", "xterm-256color");
        command.env_remove("NO_COLOR");
        env.iter().for_each(|(name, value)| command.env(name, value));
        let child = pair.slave.spawn_command(command).expect("the command can be started");
        let mut reader = pair.master.try_clone_reader().expect("it can be read");
        let shown = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&shown);
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            // An error is how a terminal says that nobody is there any more.
            while let Ok(len @ 1..) = reader.read(&mut bytes) {
                sink.lock().expect("nobody panics").extend_from_slice(&bytes[..len]);
            }
        });
        Self { master: pair.master, child, shown }
    }

    fn shown(&self) -> String {
        String::from_utf8_lossy(&self.shown.lock().expect("nobody panics")).into_owned()
    }

    /// Waits until this is shown, and gives all that is.
    async fn until(&self, text: &str) -> String {
        eventually(async {
            while !self.shown().contains(text) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            self.shown()
        })
        .await
    }

    fn type_keys(&self, keys: &[u8]) {
        self.master.take_writer().expect("a keyboard").write_all(keys).expect("it can be typed");
    }

    async fn exit_code(&mut self) -> u32 {
        eventually(async {
            loop {
                if let Some(status) = self.child.try_wait().expect("it can be waited for") {
                    return status.exit_code();
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
        .await
    }
}

#[tokio::test]
async fn tap_is_in_colours_and_ends_with_ctrl_c() {
    let go = go_or_return!();
    let server = go.server(Transport::Tcp).await;
    for (env, bold, green, red) in [(&[][..], BOLD, GREEN, RED), (&[("NO_COLOR", "1")], "", "", "")] {
        let mut terminal = Terminal::run(&["tap", "127.0.0.1:0", &server.endpoint.address], env);
        let shown = terminal.until(", passing on to ").await;
        let address =
            shown.split_once("listening on ").and_then(|(_, rest)| rest.split_once(',')).expect("an address").0;
        let tap = Endpoint { transport: Transport::Tcp, address: address.to_owned() };
        go.client(&tap, &["mul", "div0", "close"]).await;
        let shown = terminal.until("closed after 2 calls").await;
        assert!(shown.contains(&format!("{bold}Arith.Multiply")), "{shown:?}");
        assert!(shown.contains(&format!("-> {green}56")), "{shown:?}");
        assert!(shown.contains(&format!("-> {red}error: divide by zero")), "{shown:?}");
        assert_eq!(shown.contains('\u{1b}'), env.is_empty(), "{shown:?}");
        terminal.type_keys(b"\x03");
        assert_eq!(terminal.exit_code().await, 0);
    }
}

#[tokio::test]
async fn bench_shows_its_progress_and_reports_what_there_is_after_ctrl_c() {
    let server = go_or_return!().server(Transport::Tcp).await;
    let args = ["bench", &server.endpoint.address, "Arith.Multiply", r#"{"A":7,"B":8}"#, "-d", "1h"];
    let mut terminal = Terminal::run(&args, &[]);
    let shown = terminal.until("/s").await;
    assert!(shown.contains(GREEN) && shown.contains(" %  ") && shown.contains(" calls, "), "{shown:?}");
    assert!(!shown.contains("latency"), "{shown:?}");
    terminal.type_keys(b"\x03");
    let shown = terminal.until("99.99 %").await;
    assert!(shown.contains(&format!("{BOLD}latency")), "{shown:?}");
    assert_eq!(terminal.exit_code().await, 0);
}
