//! `instructions-gob CASE N` does one thing N times, for callgrind to count the instructions.

use std::collections::BTreeMap;

use bench_gob::ours::{Op, decode, decode_cold, decode_value, encode, encode_cold, encode_value};
use bench_gob::payloads::{p1, p2, p3, p4, p5, p6, p7, p7_entries, p8, p9};

/// Hash maps are laid out in another way in every process.
fn p7_sorted() -> BTreeMap<String, String> {
    p7_entries().collect()
}

/// The name of a case, and what makes it.
type Case = (&'static str, fn() -> Op);

const CASES: &[Case] = &[
    ("encode P1", || encode(p1)),
    ("encode P2", || encode(p2)),
    ("encode P3", || encode(p3)),
    ("encode P4", || encode(p4)),
    ("encode P5", || encode(p5)),
    ("encode P6", || encode(|| p6().into_vec())),
    ("encode P7", || encode(p7)),
    ("encode P7 sorted", || encode(p7_sorted)),
    ("encode P8", || encode(p8)),
    ("encode P9", || encode(p9)),
    ("decode P1", || decode(p1)),
    ("decode P2", || decode(p2)),
    ("decode P3", || decode(p3)),
    ("decode P4", || decode(p4)),
    ("decode P5", || decode(p5)),
    ("decode P6", || decode(p6)),
    ("decode P6 Vec<u8>", || decode(|| p6().into_vec())),
    ("decode P7", || decode(p7)),
    ("decode P7 sorted", || decode(p7_sorted)),
    ("decode P8", || decode(p8)),
    ("decode P9", || decode(p9)),
    ("encode P1 cold", || encode_cold(p1)),
    ("encode P2 cold", || encode_cold(p2)),
    ("decode P1 cold", || decode_cold(p1)),
    ("decode P2 cold", || decode_cold(p2)),
    ("encode P2 Value", || encode_value(p2)),
    ("decode P2 Value", || decode_value(p2)),
    ("decode P3 Value", || decode_value(p3)),
    ("decode P4 Value", || decode_value(p4)),
    ("decode P5 Value", || decode_value(p5)),
    ("decode P9 Value", || decode_value(p9)),
    ("decode P1 Value", || decode_value(p1)),
    ("encode P3 Value", || encode_value(p3)),
    ("encode P9 Value", || encode_value(p9)),
];

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (name, count) = match &args[..] {
        [name, count] => (name, count.parse::<u64>().unwrap_or_else(|_| usage())),
        _ => usage(),
    };
    let (_, make) = CASES.iter().find(|(known, _)| known == name).unwrap_or_else(|| usage());
    let (_, mut op) = make();
    (0..count).for_each(|_| op());
}

fn usage() -> ! {
    eprintln!("instructions-gob CASE N, where CASE is one of");
    CASES.iter().for_each(|(name, _)| eprintln!("    {name}"));
    std::process::exit(2);
}
