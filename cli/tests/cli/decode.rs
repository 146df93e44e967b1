//! `gobrpc decode`

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use gobrpc::Gob;
use gobrpc::gob::{Encoder, to_vec};
use serde::Serialize;

use crate::command::{command, gobrpc, gobrpc_with};

#[derive(Clone, Serialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Person {
    name: String,
    age: u8,
    tags: Vec<String>,
    next: Option<Box<Self>>,
}

fn person() -> Person {
    let parent = Person { name: "<Eve>".to_owned(), age: 0, tags: vec!["a".to_owned()], next: None };
    Person { name: "Abel".to_owned(), age: 30, tags: Vec::new(), next: Some(Box::new(parent)) }
}

fn stream<T: Gob + Serialize>(values: &[T]) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::new());
    values.iter().for_each(|value| encoder.encode(value).unwrap());
    encoder.into_inner()
}

#[test]
fn each_value_of_a_stream_is_a_line_of_json() {
    let mut encoder = Encoder::new(Vec::new());
    encoder.encode("one").unwrap();
    encoder.encode(&vec![1, 2]).unwrap();
    assert_eq!(gobrpc_with(&["decode"], encoder.get_ref()).ok(), "\"one\"\n[1,2]\n");
}

#[test]
fn a_stream_may_be_a_file() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), to_vec(&7).unwrap()).unwrap();
    assert_eq!(gobrpc(&["decode".as_ref(), file.path()]).ok(), "7\n");
}

#[test]
fn a_file_that_is_not_there_is_an_error() {
    let ran = gobrpc(&["decode", "/nowhere"]);
    assert_eq!(ran.stderr, "gobrpc: cannot open /nowhere: No such file or directory (os error 2)\n");
    assert_eq!((ran.code, ran.text()), (Some(1), ""));
}

#[test]
fn an_empty_stream_has_no_values() {
    assert_eq!(gobrpc(&["decode"]).ok(), "");
}

#[test]
fn all_fields_are_printed_and_nothing_is_escaped_for_html() {
    let expected = r#"{"Name":"Abel","Age":30,"Tags":null,"Next":{"Name":"<Eve>","Age":0,"Tags":["a"],"Next":null}}"#;
    assert_eq!(gobrpc_with(&["decode"], &stream(&[person()])).ok(), format!("{expected}\n"));
}

#[test]
fn pretty_is_for_people() {
    let expected = "{\n  \"Name\": \"Abel\",\n  \"Age\": 30,\n  \"Tags\": null,\n  \"Next\": {\n    \"Name\": \"<Eve>\",\n    \
                    \"Age\": 0,\n    \"Tags\": [\n      \"a\"\n    ],\n    \"Next\": null\n  }\n}\n";
    assert_eq!(gobrpc_with(&["decode", "--pretty"], &stream(&[person()])).ok(), expected);
    assert_eq!(gobrpc_with(&["decode", "--pretty"], &to_vec(&[0_u8; 0]).unwrap()).ok(), "[]\n");
}

#[test]
fn go_literals_have_their_types() {
    let expected = "Person{Name: \"Abel\", Age: 30, Next: &Person{Name: \"<Eve>\", Tags: []string{\"a\"}}}\n";
    assert_eq!(gobrpc_with(&["decode", "--go"], &stream(&[person()])).ok(), expected);
}

#[test]
fn hex_shows_every_byte_with_its_meaning() {
    let expected = "\
00000000  0b                       message of 11 bytes
00000001  0c                       value of type 6, string
00000002  00                         no struct
00000003  08 61 62 63 64 65 66 67    \"abcdefgh\"
0000000b  68
";
    assert_eq!(gobrpc_with(&["decode", "--hex"], &to_vec("abcdefgh").unwrap()).ok(), expected);
}

#[test]
fn of_a_damaged_stream_all_is_printed_that_can_be_read() {
    let whole = stream(&[person(), person()]);
    let cut = &whole[..whole.len() - 1];
    for (args, lines) in [(["decode", "--pretty"], 13), (["decode", "--go"], 1), (["decode", "--hex"], 0)] {
        let ran = gobrpc_with(&args, cut);
        assert_eq!(ran.code, Some(1), "{args:?}");
        assert_eq!(ran.stderr, format!("gobrpc: unexpected EOF (at byte {})\n", cut.len()), "{args:?}");
        let all = gobrpc_with(&args, &whole);
        // Of a value in a message nothing is printed before all of it has come, but for its bytes.
        let lines = if lines == 0 { all.ok().lines().count() - 1 } else { lines };
        assert_eq!(ran.text().lines().collect::<Vec<_>>(), all.ok().lines().take(lines).collect::<Vec<_>>());
    }
}

#[test]
fn a_value_is_printed_before_the_next_one_comes() {
    let mut child = command().arg("decode").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for number in 0..3 {
        stdin.write_all(&to_vec(&number).unwrap()).unwrap();
        assert_eq!(lines.next().unwrap().unwrap(), number.to_string());
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

#[test]
fn whoever_has_seen_enough_may_close_the_output() {
    let mut child =
        command().arg("decode").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    // The command may end before it has read all of it.
    let _ = stdin.write_all(&stream(&vec![person(); 5000]));
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap()), (Some(0), String::new()));
}

#[test]
fn colours_are_for_terminals_unless_they_are_asked_for() {
    let stream = to_vec("a").unwrap();
    assert_eq!(gobrpc_with(&["decode"], &stream).ok(), "\"a\"\n");
    let mut child = command()
        .arg("decode")
        .env("CLICOLOR_FORCE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&stream).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "\u{1b}[32m\"a\"\u{1b}[0m\n");
}
