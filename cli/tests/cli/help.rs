//! What the command says of itself.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::command::gobrpc;

/// The verbs, as `--help` lists them.
fn verbs() -> Vec<String> {
    let help = gobrpc(&["--help"]);
    let list = help.ok().split_once("Commands:\n").expect("there are verbs").1.split("\n\n").next().expect("a list");
    let verbs = list.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    verbs.filter_map(|line| line.split_whitespace().next()).filter(|verb| *verb != "help").map(str::to_owned).collect()
}

#[test]
fn every_verb_has_help_with_examples() {
    assert!(verbs().len() >= 10, "{:?}", verbs());
    for verb in verbs() {
        let help = gobrpc(&[&*verb, "--help"]);
        assert!(help.ok().contains("\nExamples:\n  gobrpc "), "{verb}: {}", help.text());
    }
}

#[test]
fn every_verb_has_a_manual_page() {
    let dir = tempfile::tempdir().expect("a directory");
    gobrpc(&["man", "--dir", dir.path().to_str().expect("text")]).ok();
    for verb in verbs() {
        let page = std::fs::read_to_string(dir.path().join(format!("gobrpc-{verb}.1"))).expect("there is a page");
        assert!(page.contains(".SH SYNOPSIS") && page.contains("Examples:"), "{verb}: {page}");
        assert!(page.contains(concat!("\"gobrpc ", env!("CARGO_PKG_VERSION"), "\"")), "{verb}: {page}");
        assert_eq!(gobrpc(&["man", &*verb]).ok(), page);
    }
    assert_eq!(gobrpc(&["man"]).ok(), std::fs::read_to_string(dir.path().join("gobrpc.1")).expect("there is a page"));
    assert_eq!(gobrpc(&["man", "nope"]).stderr, "gobrpc: there is no verb nope; gobrpc --help lists them\n");
}

/// The shells that are here check their own script; bash is everywhere.
#[test]
fn completions_are_what_the_shells_can_read() {
    for (shell, sign) in [("bash", "complete -F _gobrpc"), ("zsh", "#compdef gobrpc"), ("fish", "complete -c gobrpc")] {
        let script = gobrpc(&["completions", shell]);
        assert!(script.ok().contains(sign), "{shell}");
        assert!(verbs().iter().all(|verb| script.text().contains(verb)), "{shell}");
        let check = Command::new(shell).arg("-n").stdin(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let Ok(mut check) = check else {
            assert_ne!(shell, "bash", "bash is needed");
            continue;
        };
        check.stdin.take().expect("a pipe").write_all(script.text().as_bytes()).expect("it is read");
        let output = check.wait_with_output().expect("it ends");
        assert!(output.status.success() && output.stderr.is_empty(), "{shell}: {output:?}");
    }
    assert_eq!(gobrpc(&["completions", "cmd.exe"]).code, Some(64));
}

/// As a shell asks for them when someone presses the tab key.
#[test]
fn bash_completes_verbs_and_options() {
    let script = gobrpc(&["completions", "bash"]);
    let completed = |words: &[&str]| {
        let line = words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
        let (last, before) = (words.len() - 1, words[words.len() - 2]);
        let ask = format!(
            "{}\nCOMP_WORDS=({line}); COMP_CWORD={last}; _gobrpc gobrpc '{}' '{before}'; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
            script.ok(),
            words[last]
        );
        let output = Command::new("bash").args(["-c", &ask]).output().expect("bash can be run");
        String::from_utf8(output.stdout).expect("text").lines().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(completed(&["gobrpc", "ta"]), ["tap"]);
    assert_eq!(completed(&["gobrpc", "tap", "--rec"]), ["--record"]);
}
