//! The error messages of the macros, word for word.

use std::io::Write;
use std::process::Command;

#[test]
fn mistakes_are_explained_where_they_are_made() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}

/// Here the words are partly the compiler's own, and change with it.
#[test]
fn mistakes_of_type_are_explained_by_the_compiler() {
    const RECORDED: &str = "rustc 1.95.";

    let version = Command::new("rustc").arg("--version").output().unwrap().stdout;
    if version.starts_with(RECORDED.as_bytes()) {
        trybuild::TestCases::new().compile_fail("tests/ui_rustc/*.rs");
    } else {
        // Not through `eprintln!`, which a passing test keeps to itself.
        let _ = writeln!(std::io::stderr(), "left out: the messages in tests/ui_rustc are those of {RECORDED}x");
    }
}
