//! The JSON of `gobrpc decode` and that of Go's `encoding/json`, for the same values.

use std::process::Command;

use crate::command::gobrpc;
use crate::go::{go_or_return, module};

#[test]
fn values_are_printed_as_encoding_json_prints_them() {
    let _programs = go_or_return!();
    let dir = tempfile::tempdir().expect("a directory");
    let stream = dir.path().join("values.gob");
    let go = std::env::var_os("GOBRPC_GO").unwrap_or_else(|| "go".into());
    let output = Command::new(go)
        .args(["run", "./cmd/mapping"])
        .arg(&stream)
        .current_dir(module("go_interop"))
        .env_remove("GOROOT")
        .env("GOTOOLCHAIN", "local")
        .env("GOFLAGS", "")
        .env("GOWORK", "off")
        .output()
        .expect("Go can be run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let theirs = String::from_utf8(output.stdout).expect("JSON is text");
    let ran = gobrpc(&["decode".as_ref(), stream.as_path()]);
    let ours: Vec<&str> = ran.ok().lines().collect();
    assert_eq!(ours.len(), 300);
    for (theirs, ours) in theirs.lines().zip(ours) {
        let same = theirs.chars().zip(ours.chars()).take_while(|(theirs, ours)| theirs == ours).count();
        let from_there = |line: &str| line.chars().skip(same.saturating_sub(60)).take(120).collect::<String>();
        assert_eq!(from_there(theirs), from_there(ours));
    }
}
