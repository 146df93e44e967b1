//! Tests that measure their whole process, and so have one of their own.

use std::path::Path;
use std::process::Command;

/// Set in the process that is measured.
const CHILD: &str = "GOBRPC_TEST_CHILD";

/// What this test prints in a process of its own, or `None` if this is that process.
pub(crate) fn output(test: &str) -> Option<String> {
    output_of(test, |exe| Command::new(exe))
}

/// The same, where it takes more than the file of the tests to run one.
pub(crate) fn output_of(test: &str, command: impl FnOnce(&Path) -> Command) -> Option<String> {
    if std::env::var_os(CHILD).is_some() {
        return None;
    }
    let exe = std::env::current_exe().expect("this test is a file");
    let output = command(&exe).args([test, "--exact", "--nocapture"]).env(CHILD, "1").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    Some(text)
}

/// The number on the line that says this.
pub(crate) fn number(text: &str, what: &str) -> u64 {
    let line = text.lines().find_map(|line| line.split_once(what)).unwrap_or_else(|| panic!("{what}? {text}"));
    line.1.trim().parse().unwrap()
}

/// The memory of this process, in kB.
pub(crate) fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches("kB").trim().parse().unwrap()
}

/// A runtime of two threads.
pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}
