//! Types of all kinds.

use std::collections::{BTreeMap, BTreeSet};

use arbitrary::Arbitrary;
use gobrpc::Gob;
use gobrpc::gob::ty::Marshaler;
use gobrpc::gob::{self, ByteString, Duration, Opaque, Time, Value, big, net, netip};
use num_complex::{Complex32, Complex64};
use serde::{Deserialize, Serialize};

/// All kinds of fields.
#[derive(Debug, Clone, Default, PartialEq, Arbitrary, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
pub struct Record {
    pub flag: bool,
    pub small: i8,
    pub short: i16,
    pub medium: i32,
    pub large: i64,
    pub byte: u8,
    pub word: u32,
    pub unsigned: u64,
    pub single: f32,
    pub real: f64,
    pub text: String,
    pub bytes: Vec<u8>,
    pub octets: [u8; 3],
    pub numbers: Vec<i64>,
    pub words: Vec<String>,
    pub rows: Vec<[i16; 2]>,
    pub map: BTreeMap<String, Vec<i64>>,
    pub nilable: Option<BTreeMap<i64, ()>>,
    pub set: BTreeSet<u8>,
    pub name: Name,
    pub level: Level,
    pub plain: Plain,
    pub blob: Blob,
    pub shape: Option<Shape>,
    pub shapes: Vec<Option<Shape>>,
    pub child: Option<Box<Self>>,
    pub children: Vec<Self>,
}

/// A named type.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Arbitrary, Serialize, Deserialize, Gob)]
pub struct Name(pub String);

/// A named type with constants.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Arbitrary, Serialize, Deserialize, Gob)]
#[gob(repr = "int")]
pub enum Level {
    #[default]
    Low,
    High = 7,
}

/// A struct that may be a key.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Arbitrary, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
pub struct Plain {
    pub x: i64,
    pub y: i8,
}

/// A type that encodes itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Arbitrary, Gob)]
#[gob(opaque)]
pub struct Blob(pub Vec<u8>);

impl Opaque for Blob {
    const NAME: &'static str = "Blob";
    const MARSHALER: Marshaler = Marshaler::Gob;
    const ZERO: &'static [u8] = b"";

    fn marshal(&self, out: &mut Vec<u8>) -> gob::Result<()> {
        out.extend_from_slice(&self.0);
        Ok(())
    }

    fn unmarshal(bytes: &[u8]) -> gob::Result<Self> {
        match bytes {
            [0xff, ..] => Err(serde::de::Error::custom("not a blob")),
            bytes => Ok(Self(bytes.to_vec())),
        }
    }
}

/// An interface, which may hold itself.
#[derive(Debug, Clone, PartialEq, Arbitrary, Serialize, Deserialize, Gob)]
#[gob(interface)]
pub enum Shape {
    Int(isize),
    Text(String),
    Plain(Plain),
    Named(Name),
    Record(Box<Record>),
    List(Vec<Option<Self>>),
    Map(BTreeMap<String, Self>),
}

/// Pointers wherever they may be.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
pub struct Pointers {
    pub a: Option<Vec<i8>>,
    pub b: Option<Option<BTreeMap<ByteString, Option<i16>>>>,
    pub c: Option<[Option<i32>; 2]>,
    pub d: Vec<Option<Plain>>,
    pub e: Option<Plain>,
    pub f: Option<Option<i64>>,
    pub g: Option<ByteString>,
}

/// Fields that others call the same, and some of other kinds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
pub struct Part {
    pub i: i8,
    pub u: u8,
    pub s: ByteString,
    pub x: i8,
    pub st: BTreeMap<String, i64>,
    pub kids: Vec<()>,
    pub absent: [u16; 4],
}

/// All kinds of fields, some of which cannot be told from zero.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
pub struct AllKinds {
    pub bool: bool,
    pub i: isize,
    pub i8: i8,
    pub u: usize,
    pub u8: u8,
    pub f32: f32,
    pub f64: f64,
    pub c64: Complex32,
    pub c128: Complex64,
    pub s: String,
    pub by: Vec<u8>,
    pub sl: Vec<isize>,
    pub m: BTreeMap<String, isize>,
    pub arr: [isize; 2],
    pub st: Plain,
    pub p: Option<isize>,
    #[gob(name = "PS")]
    pub ps: Option<Plain>,
    #[serde(rename = "If")]
    pub any: Option<Shape>,
    #[gob(name = "PA")]
    pub pa: Option<[isize; 2]>,
    #[gob(name = "PSl")]
    pub psl: Option<Vec<isize>>,
    #[gob(name = "PM")]
    pub pm: Option<BTreeMap<String, isize>>,
    pub arr0: [isize; 0],
    pub e: (),
    pub up: u64,
}

/// An interface between other fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
pub struct Holder {
    pub before: isize,
    pub i: Value,
    pub after: isize,
}

/// A type that holds itself in slices.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
pub struct Tree {
    pub n: isize,
    pub kids: Vec<Self>,
}

/// Go's `time`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
pub struct Times {
    pub t: Time,
    pub p: Option<Time>,
    pub l: Vec<Time>,
    pub zero: Time,
    pub d: Duration,
}

/// Go's `math/big`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
pub struct Bigs {
    pub i: Option<big::Int>,
    pub v: big::Int,
    pub r: Option<big::Rat>,
    pub f: Option<big::Float>,
}

/// Go's `net` and `net/netip`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
pub struct Addrs {
    pub a: netip::Addr,
    pub p: Option<netip::Addr>,
    pub l: Vec<netip::Addr>,
    pub m: BTreeMap<netip::Addr, netip::AddrPort>,
    pub x: netip::Prefix,
    pub port: netip::AddrPort,
    pub net: Option<netip::Prefix>,
    pub ip: net::ip::Ip,
}
