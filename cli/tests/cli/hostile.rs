//! Streams made to harm: they end with an error, soon, and in memory that is in proportion to what came.

use std::io::{Read, Write};
use std::process::Stdio;
use std::time::{Duration, Instant};

use gobrpc::gob::{Encoder, Value, to_vec};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::command::{command, gobrpc_with};

/// What a run took.
#[derive(Debug)]
struct Measured {
    code: Option<i32>,
    stderr: String,
    printed: u64,
    elapsed: Duration,
    /// The most memory it had, in bytes.
    peak: u64,
}

/// Decodes a stream, and measures it. What is printed is thrown away.
fn measure(flag: &str, stream: &[u8]) -> Measured {
    let begun = Instant::now();
    let mut child = command()
        .args(["decode", flag])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command can be started");
    let (mut stdin, mut stdout) = (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    let printed = std::thread::scope(|scope| {
        // It may end before it has read all.
        scope.spawn(move || drop(stdin.write_all(stream)));
        let printed = scope.spawn(move || std::io::copy(&mut stdout, &mut std::io::sink()).expect("it can be read"));
        while child.try_wait().expect("it can be waited for").is_none() {
            peak = peak.max(high_water(&status).unwrap_or(0));
            std::thread::sleep(Duration::from_millis(1));
        }
        printed.join().expect("no panic")
    });
    let output = child.wait().expect("it has ended");
    let mut stderr = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut stderr).expect("errors are text");
    Measured { code: output.code(), stderr, printed, elapsed: begun.elapsed(), peak }
}

fn high_water(status: &str) -> Option<u64> {
    let text = std::fs::read_to_string(status).ok()?;
    // Before it is the command, it is a copy of the test.
    text.strip_prefix("Name:\tgobrpc\n")?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

/// A stream that must end with an error, whatever is made of it.
fn refused(what: &str, stream: &[u8], error: &str) {
    for flag in ["--pretty", "--hex", "--go"] {
        let run = measure(flag, stream);
        println!("{what} {flag}: {} bytes: {run:?}", stream.len());
        assert_eq!(run.code, Some(1), "{what} {flag}: {run:?}");
        assert!(run.stderr.contains(error) && run.stderr.lines().count() == 1, "{what} {flag}: {run:?}");
        within_bounds(what, stream, &run);
    }
}

fn within_bounds(what: &str, stream: &[u8], run: &Measured) {
    let len = stream.len() as u64;
    assert!(run.elapsed < Duration::from_secs(60), "{what}: {run:?}");
    assert!(run.peak < (64 << 20) + 256 * len, "{what}: {run:?}");
    assert!(run.printed <= (16 << 20) + 1000 * len + 1, "{what}: {run:?}");
}

fn uint(value: u64) -> Vec<u8> {
    if value < 0x80 {
        return vec![value as u8];
    }
    let bytes = value.to_be_bytes();
    let bytes = &bytes[bytes.iter().take_while(|byte| **byte == 0).count()..];
    [&[(bytes.len() as u8).wrapping_neg()], bytes].concat()
}

fn int(value: i64) -> Vec<u8> {
    uint(if value < 0 { (!(value as u64) << 1) | 1 } else { (value as u64) << 1 })
}

fn text(text: &str) -> Vec<u8> {
    [uint(text.len() as u64), text.into()].concat()
}

fn message(body: &[&[u8]]) -> Vec<u8> {
    let body = body.concat();
    [uint(body.len() as u64), body].concat()
}

/// `type ID []elem`
fn slice(id: i64, elem: i64) -> Vec<u8> {
    message(&[&int(-id), &[2, 1, 2], &int(id), &[0, 1], &int(elem), &[0, 0]])
}

/// `type ID struct { … }`
fn structure(id: i64, fields: &[(String, i64)]) -> Vec<u8> {
    let count = uint(fields.len() as u64);
    let one = |(name, id): &(String, i64)| [&[1][..], &text(name), &[1], &int(*id), &[0]].concat();
    let fields: Vec<u8> = fields.iter().flat_map(one).collect();
    message(&[&int(-id), &[3, 1, 2], &int(id), &[0, 1], &count, &fields, &[0, 0]])
}

#[test]
fn lengths_and_counts_that_are_lies_cost_nothing() {
    refused("a message without end", &[&[0xf8], &[0x7f; 8][..], &[3, 4, 0, 6]].concat(), "");
    let giant = [&uint((1 << 30) - 1)[..], &[0x0c, 0, 0xfc, 0x3f, 0xff, 0xff, 0xf0]].concat();
    refused("a message of which little comes", &giant, "unexpected EOF (at byte 12)");
    refused("a string", &message(&[&[0x0c, 0], &uint(1 << 40)]), "bad string slice length");
    let count = message(&[&int(64), &[0], &uint(1 << 62), &[1, 1, 1]]);
    refused("a slice", &[slice(64, 1), count].concat(), "length exceeds input size");
}

#[test]
fn values_that_nest_without_end_are_too_deep() {
    // Slices of slices, each in the next.
    let mut stream: Vec<u8> = (64..2064).flat_map(|id| slice(id, id + 1)).collect();
    stream.extend(slice(2064, 1));
    stream.extend(message(&[&int(64), &[0], &[1; 2001]]));
    refused("slices", &stream, "nests deeper than 256 levels");

    // An interface in an interface in an interface.
    let one = [text("[]interface {}"), int(64), uint(1), vec![0, 1]].concat();
    let interfaces = message(&[&int(64), &[0, 1], &one.repeat(5000), &[0]]);
    refused("interfaces", &[slice(64, 8), interfaces].concat(), "nests deeper than 256 levels");
}

#[test]
fn types_without_end_are_too_many() {
    let stream: Vec<u8> = (64..30_064).flat_map(|id| slice(id, 1)).collect();
    refused("types", &stream, "more than 10000 types");
}

#[test]
fn what_prints_as_the_product_of_what_came_ends_somewhere() {
    // Each of the elements has all of the fields, which are zero.
    let fields: Vec<(String, i64)> = (0..500).map(|number| (format!("F{number}"), 2)).collect();
    let elements = message(&[&int(65), &[0], &uint(10_000), &vec![0; 10_000]]);
    let stream = [structure(64, &fields), slice(65, 64), elements].concat();
    let run = measure("--pretty", &stream);
    println!("fields: {} bytes: {run:?}", stream.len());
    assert_eq!(run.code, Some(1), "{run:?}");
    assert_eq!(run.stderr, "gobrpc: the value prints as more than a thousand times what it came in\n");
    within_bounds("fields", &stream, &run);

    // A name that is very long, once for each element.
    let fields = [("N".repeat(10_000), 2)];
    let elements = message(&[&int(65), &[0], &uint(4000), &[1, 2, 0].repeat(4000)]);
    let stream = [structure(64, &fields), slice(65, 64), elements].concat();
    for flag in ["--pretty", "--hex", "--go"] {
        let run = measure(flag, &stream);
        println!("a name {flag}: {} bytes: {run:?}", stream.len());
        within_bounds("a name", &stream, &run);
    }
}

#[test]
fn a_type_that_spells_longer_than_anything_is_called_by_its_number() {
    // Each has the next one twice.
    let mut stream = Vec::new();
    for id in 64..164 {
        stream.extend(structure(id, &[("A".to_owned(), id + 1), ("B".to_owned(), id + 1)]));
    }
    stream.extend(structure(164, &[("A".to_owned(), 2)]));
    stream.extend(message(&[&int(64), &[0]]));
    for flag in ["--pretty", "--hex", "--go"] {
        let run = measure(flag, &stream);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{run:?}");
        within_bounds("a type", &stream, &run);
    }
}

#[test]
fn memory_is_in_proportion_to_what_came() {
    for stream in [to_vec(&vec![true; 1 << 20]).unwrap(), to_vec(&vec![(); 1 << 20]).unwrap()] {
        let run = measure("--pretty", &stream);
        println!("{} bytes: {run:?}", stream.len());
        assert_eq!(run.code, Some(0), "{run:?}");
        within_bounds("many elements", &stream, &run);
    }
    // A stream has no end, but its values have.
    let mut encoder = Encoder::new(Vec::new());
    let value = Value::Bytes(vec![b'x'; 1 << 18]);
    (0..100).for_each(|_| encoder.encode_value(&value).unwrap());
    let run = measure("--pretty", encoder.get_ref());
    println!("100 values: {run:?}");
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.peak < 16 << 20, "{run:?}");
}

#[test]
fn noise_is_an_error_or_nothing() {
    let mut random = StdRng::seed_from_u64(1);
    for _ in 0..100 {
        let noise: Vec<u8> = (0..random.random_range(1..300)).map(|_| random.random()).collect();
        for flag in ["--pretty", "--hex", "--go"] {
            let ran = gobrpc_with(&["decode", flag], &noise);
            assert_eq!(ran.code, Some(1), "{noise:02x?}: {ran:?}");
            assert_eq!(ran.stderr.lines().count(), 1, "{noise:02x?}: {ran:?}");
        }
    }
}
