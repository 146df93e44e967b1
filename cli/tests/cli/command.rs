//! Running the command.

use std::io::Write;
use std::process::{Command, Stdio};

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
    pub(crate) code: Option<i32>,
}

impl Ran {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).expect("the output is text")
    }

    /// What was printed by a run that had to succeed without a word besides.
    #[track_caller]
    pub(crate) fn ok(&self) -> &str {
        assert_eq!((self.code, self.stderr.as_str()), (Some(0), ""), "{self:?}");
        self.text()
    }
}

/// Runs the command to its end, with nothing on stdin.
pub(crate) fn gobrpc<A: AsRef<std::ffi::OsStr>>(args: &[A]) -> Ran {
    gobrpc_with(args, b"")
}

/// Runs the command to its end, with this on stdin.
pub(crate) fn gobrpc_with<A: AsRef<std::ffi::OsStr>>(args: &[A], stdin: &[u8]) -> Ran {
    let mut child = command()
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command can be started");
    let mut pipe = child.stdin.take().expect("its stdin is a pipe");
    let output = std::thread::scope(|scope| {
        // It may end before it has read all.
        scope.spawn(move || drop(pipe.write_all(stdin)));
        child.wait_with_output().expect("the command can be waited for")
    });
    let stderr = String::from_utf8(output.stderr).expect("errors are text");
    Ran { stdout: output.stdout, stderr, code: output.status.code() }
}

/// The command, to be run in another way.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gobrpc"));
    command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command
}
