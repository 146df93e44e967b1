//! Files in the shapes that Go programs keep: each side reads what the other wrote. What they hold is written down in
//! `cmd/files` and once more here.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;
use std::process::Command;

use gobrpc::Gob;
use gobrpc::gob::{Decoder, Encoder, Registry, Time, Value};
use serde::{Deserialize, Serialize};

use crate::go::go_or_return;

/// A type that a program registers for its sessions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct User {
    name: String,
    roles: Vec<String>,
}

/// `map[interface{}]interface{}`
type Session = HashMap<Value, Value>;

fn registry() -> Registry {
    let mut registry = Registry::new();
    registry.register::<User>().unwrap().register::<Vec<Value>>().unwrap();
    registry
}

#[expect(clippy::mutable_key_type, reason = "the table of types behind a value only grows")]
fn session() -> Session {
    let registry = registry();
    let basic = |value: Value| value.into_interface().unwrap();
    let user = User { name: "Ada".into(), roles: vec!["admin".into(), "author".into()] };
    let flashes = vec![basic("saved".into()), basic(true.into()), basic(2.5.into())];
    HashMap::from([
        (basic("user".into()), registry.wrap(&user).unwrap()),
        (basic("visits".into()), basic(42.into())),
        (basic(7.into()), basic("seven".into())),
        (basic("flashes".into()), registry.wrap(&flashes).unwrap()),
        (basic(true.into()), Value::Interface(None)),
    ])
}

fn write<T: Gob + Serialize>(path: &Path, value: &T) {
    let mut encoder = Encoder::new(BufWriter::new(File::create(path).unwrap()));
    encoder.encode(value).unwrap();
    encoder.into_inner().flush().unwrap();
}

fn read<T: Gob + serde::de::DeserializeOwned>(path: &Path) -> T {
    let mut decoder = Decoder::new(BufReader::new(File::open(path).unwrap()));
    let value = decoder.decode().unwrap().unwrap();
    assert!(!decoder.skip().unwrap(), "nothing comes after the value");
    value
}

#[test]
fn each_side_reads_the_others_session_store() {
    let go = go_or_return!();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("session");
    go.file("write", "session", &path);
    #[expect(clippy::mutable_key_type, reason = "the table of types behind a value only grows")]
    let got: Session = read(&path);
    assert_eq!(got, session());
    let user = &got[&Value::from("user").into_interface().unwrap()];
    assert_eq!(registry().unwrap::<User>(user).unwrap().name, "Ada");
    write(&path, &session());
    go.file("read", "session", &path);
    // And what Go wrote, without any type.
    go.file("write", "session", &path);
    let bytes = std::fs::read(&path).unwrap();
    let mut encoder = Encoder::new(Vec::new());
    encoder.encode(&Decoder::new(&bytes[..]).decode_value().unwrap().unwrap()).unwrap();
    assert_eq!(encoder.into_inner(), bytes);
}

/// An entry of a cache.
#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Item {
    object: String,
    expires: Time,
}

fn cache() -> HashMap<String, Item> {
    let item = |object: &str, expires| Item { object: object.to_owned(), expires };
    // 2026-11-23 12:30 in UTC, and on clocks five and a half hours behind it.
    let utc = Time::from_unix(1_795_437_000, 123_456_789).unwrap();
    let zone = Time::from_unix(1_795_437_000 + 19_800, 0).unwrap().in_offset(-19_800).unwrap();
    HashMap::from([
        ("never".to_owned(), item("kept", Time::default())),
        ("utc".to_owned(), item("a", utc)),
        ("zone".to_owned(), item("b", zone)),
    ])
}

#[test]
fn each_side_reads_the_others_cache() {
    let go = go_or_return!();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cache");
    go.file("write", "cache", &path);
    assert_eq!(read::<HashMap<String, Item>>(&path), cache());
    write(&path, &cache());
    go.file("read", "cache", &path);
}

/// A row of a table.
#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Record {
    #[serde(rename = "ID")]
    id: isize,
    name: String,
    tags: Vec<String>,
    score: f64,
    data: Vec<u8>,
}

const ROWS: usize = 1_000_000;

fn record(i: usize) -> Record {
    let tags = if i.is_multiple_of(2) { vec!["even".into(), "number".into()] } else { Vec::new() };
    let data = (0..60).map(|j| (i + j) as u8).collect();
    Record { id: i as isize, name: format!("record number {i}"), tags, score: i as f64 / 8.0, data }
}

/// Memory of this process in bytes, by a line of Linux's account of it.
#[cfg(target_os = "linux")]
fn memory(line: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let found = status.lines().find_map(|found| found.strip_prefix(line)).unwrap();
    let kilobytes: u64 = found.trim_start_matches(':').trim_end_matches("kB").trim().parse().unwrap();
    kilobytes << 10
}

#[cfg(target_os = "linux")]
const CHILD: &str = "GOBRPC_TEST_TABLE";

/// 100 MB, in a process of its own whose memory nobody else uses.
#[cfg(target_os = "linux")]
#[test]
fn each_side_reads_the_others_big_table_in_little_more_memory_than_it_takes() {
    if let Some(path) = std::env::var_os(CHILD) {
        return read_and_write_table(Path::new(&path));
    }
    let go = go_or_return!();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("table");
    go.file("write", "table", &path);
    let test = "files::each_side_reads_the_others_big_table_in_little_more_memory_than_it_takes";
    let mut child = Command::new(std::env::current_exe().unwrap());
    let output = child.args([test, "--exact", "--nocapture"]).env(CHILD, &path).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}\n{said}", output.status);
    go.file("read", "table", &path);
}

/// Reads the file and writes it again.
#[cfg(target_os = "linux")]
fn read_and_write_table(path: &Path) {
    let (before, size) = (memory("VmRSS"), std::fs::metadata(path).unwrap().len());
    assert!(size > 100_000_000, "{size}");
    let table: Vec<Record> = read(path);
    assert_eq!(table.len(), ROWS);
    assert!(table.iter().enumerate().all(|(i, row)| *row == record(i)));
    let (value, peak) = (memory("VmRSS") - before, memory("VmHWM") - before);
    // The message is there whole beside the value, as in Go, and nothing else of weight.
    assert!(peak < value + size + (32 << 20), "{peak} bytes at most, for a value of {value} in a message of {size}");
    std::fs::remove_file(path).unwrap();
    write(path, &table);
    let peak = memory("VmHWM") - before;
    assert!(peak < value + size + (32 << 20), "{peak} bytes at most to write a message of {size}");
}
