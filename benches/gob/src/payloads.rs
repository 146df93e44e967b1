//! The payloads: types as in Go, named as in Go.
#![allow(non_snake_case)]

use std::collections::HashMap;

use gobrpc::Gob;
use serde::{Deserialize, Serialize};

use crate::random::SplitMix64;

/// Two short strings.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize, Gob)]
#[cfg_attr(feature = "peers", derive(gobwire::Gob, serde_schema_derive::SchemaSerialize))]
pub struct P1 {
    pub SA: String,
    pub SB: String,
}

pub fn p1() -> P1 {
    P1 { SA: "hello ".to_owned(), SB: "go rpc".to_owned() }
}

/// A bit of everything.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize, Gob)]
#[cfg_attr(feature = "peers", derive(gobwire::Gob, serde_schema_derive::SchemaSerialize))]
pub struct P2 {
    pub A: isize,
    pub B: i64,
    pub C: i32,
    pub D: u64,
    pub E: f64,
    pub F: bool,
    pub G: String,
    pub H: String,
    pub I: Vec<u8>,
    pub J: Vec<String>,
}

pub fn p2() -> P2 {
    let mut random = SplitMix64::new(2);
    P2 {
        A: random.small() as isize,
        B: random.next() as i64,
        C: random.next() as i32,
        D: random.next(),
        E: random.float(),
        F: true,
        G: random.text(16),
        H: random.text(16),
        I: random.bytes(32),
        J: (0..4).map(|_| random.text(8)).collect(),
    }
}

pub fn p3() -> Vec<i64> {
    let mut random = SplitMix64::new(3);
    (0..100_000).map(|_| random.small()).collect()
}

pub fn p4() -> Vec<f64> {
    let mut random = SplitMix64::new(4);
    (0..100_000).map(|_| random.float()).collect()
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize, Gob)]
#[cfg_attr(feature = "peers", derive(gobwire::Gob, serde_schema_derive::SchemaSerialize))]
pub struct Pos {
    pub X: f64,
    pub Y: f64,
    pub Label: String,
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize, Gob)]
#[cfg_attr(feature = "peers", derive(gobwire::Gob))]
pub struct Ref {
    pub N: isize,
    pub S: String,
}

/// Structs in structs, a map and a pointer.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize, Gob)]
#[cfg_attr(feature = "peers", derive(gobwire::Gob))]
pub struct Item {
    pub ID: i64,
    pub Name: String,
    pub Pos: Pos,
    pub Attrs: HashMap<String, isize>,
    pub Ref: Option<Ref>,
}

pub fn p5() -> Vec<Item> {
    let mut random = SplitMix64::new(5);
    let item = |_| Item {
        ID: random.small(),
        Name: random.text(12),
        Pos: Pos { X: random.float(), Y: random.float(), Label: random.text(6) },
        Attrs: (0..4).map(|_| (random.text(5), random.small() as isize)).collect(),
        Ref: Some(Ref { N: random.small() as isize, S: random.text(8) }),
    };
    (0..1000).map(item).collect()
}

/// A mebibyte.
pub fn p6() -> serde_bytes::ByteBuf {
    serde_bytes::ByteBuf::from(SplitMix64::new(6).bytes(1 << 20))
}

pub fn p7() -> HashMap<String, String> {
    p7_entries().collect()
}

pub fn p7_entries() -> impl Iterator<Item = (String, String)> {
    let mut random = SplitMix64::new(7);
    (0..1000).map(move |_| (random.text(10), random.text(20)))
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize, Gob)]
#[cfg_attr(feature = "peers", derive(gobwire::Gob))]
pub struct Rec {
    pub A: isize,
    pub B: String,
    pub C: f64,
}

pub fn p8() -> HashMap<isize, Rec> {
    let mut random = SplitMix64::new(8);
    let entry = |index| {
        let key = index * 1000 + random.small() / 2;
        (key as isize, Rec { A: random.small() as isize, B: random.text(8), C: random.float() })
    };
    (0..1000_i64).map(entry).collect()
}

/// A tree.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize, Gob)]
#[cfg_attr(feature = "peers", derive(gobwire::Gob))]
pub struct P9 {
    pub V: isize,
    pub L: Option<Box<P9>>,
    pub R: Option<Box<P9>>,
}

pub fn p9() -> P9 {
    fn tree(random: &mut SplitMix64, depth: usize) -> Option<Box<P9>> {
        let below = depth.checked_sub(1)?;
        let V = random.small() as isize;
        Some(Box::new(P9 { V, L: tree(random, below), R: tree(random, below) }))
    }
    *tree(&mut SplitMix64::new(9), 10).expect("a tree of ten levels has a root")
}
