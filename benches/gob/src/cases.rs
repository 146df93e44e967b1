//! Which operations are measured, on which payloads, by which implementations.

use bytes::Bytes;

use crate::ours::{self, Op};
use crate::payloads::{p1, p2, p3, p4, p5, p6, p7, p8, p9};
use crate::peers;

/// One row of a table: an operation on a payload, which Go knows by the first two letters of the name.
pub struct Case {
    pub table: &'static str,
    pub name: &'static str,
    pub ops: fn() -> Vec<Op>,
}

impl Case {
    const fn new(table: &'static str, name: &'static str, ops: fn() -> Vec<Op>) -> Self {
        Self { table, name, ops }
    }

    pub fn payload(&self) -> &'static str {
        &self.name[..2]
    }
}

/// Steady: one encoder or decoder for a long stream, whose definitions are through.
const ENCODE: &str = "Encode";
const DECODE: &str = "Decode";
/// Cold: a new encoder or decoder for every value.
const ENCODE_COLD: &str = "Encode, cold";
const DECODE_COLD: &str = "Decode, cold";

// gob 0.1 has neither recursive types nor `[]byte`.
pub const CASES: &[Case] = &[
    Case::new(ENCODE, "P1", || encode(p1, Some(peers::gob_encode(p1)))),
    Case::new(ENCODE, "P2", || encode(p2, Some(peers::gob_encode(p2)))),
    Case::new(ENCODE, "P3", || encode(p3, Some(peers::gob_encode(p3)))),
    Case::new(ENCODE, "P4", || encode(p4, Some(peers::gob_encode(p4)))),
    Case::new(ENCODE, "P5", || encode(p5, Some(peers::gob_encode(peers::p5)))),
    Case::new(ENCODE, "P6", || {
        let plain = || p6().into_vec();
        vec![ours::encode(plain), ours::encode_value(plain), peers::gobwire_encode(plain), peers::postcard_encode(p6)]
    }),
    Case::new(ENCODE, "P7", || encode(p7, Some(peers::gob_encode(p7)))),
    Case::new(ENCODE, "P8", || encode(p8, Some(peers::gob_encode(peers::p8)))),
    Case::new(ENCODE, "P9", || encode(p9, None)),
    Case::new(DECODE, "P1", || decode(p1, Some(peers::gob_decode(p1)))),
    Case::new(DECODE, "P2", || decode(p2, Some(peers::gob_decode(p2)))),
    Case::new(DECODE, "P3", || decode(p3, Some(peers::gob_decode(p3)))),
    Case::new(DECODE, "P4", || decode(p4, Some(peers::gob_decode(p4)))),
    Case::new(DECODE, "P5", || decode(p5, Some(peers::gob_decode(peers::p5)))),
    Case::new(DECODE, "P6 Vec<u8>", || {
        let plain = || p6().into_vec();
        vec![ours::decode_large(plain), peers::gobwire_decode_large(plain), peers::postcard_decode(plain)]
    }),
    Case::new(DECODE, "P6 ByteBuf", || {
        let plain = || p6().into_vec();
        vec![
            ours::decode_large(p6),
            ours::decode_large_value(p6),
            peers::gobwire_decode_large(plain),
            peers::postcard_decode(p6),
        ]
    }),
    Case::new(DECODE, "P6 Bytes", || vec![ours::decode_large(|| Bytes::from(p6().into_vec()))]),
    Case::new(DECODE, "P6 &[u8]", || vec![ours::borrow(p6)]),
    Case::new(DECODE, "P7", || decode(p7, Some(peers::gob_decode(p7)))),
    Case::new(DECODE, "P8", || decode(p8, Some(peers::gob_decode(peers::p8)))),
    Case::new(DECODE, "P9", || decode(p9, None)),
    Case::new(ENCODE_COLD, "P1", || encode_cold(p1, Some(peers::gob_encode_cold(p1)))),
    Case::new(ENCODE_COLD, "P2", || encode_cold(p2, Some(peers::gob_encode_cold(p2)))),
    Case::new(ENCODE_COLD, "P3", || encode_cold(p3, Some(peers::gob_encode_cold(p3)))),
    Case::new(ENCODE_COLD, "P4", || encode_cold(p4, Some(peers::gob_encode_cold(p4)))),
    Case::new(ENCODE_COLD, "P5", || encode_cold(p5, Some(peers::gob_encode_cold(peers::p5)))),
    Case::new(ENCODE_COLD, "P7", || encode_cold(p7, Some(peers::gob_encode_cold(p7)))),
    Case::new(ENCODE_COLD, "P8", || encode_cold(p8, Some(peers::gob_encode_cold(peers::p8)))),
    Case::new(ENCODE_COLD, "P9", || encode_cold(p9, None)),
    Case::new(DECODE_COLD, "P1", || decode_cold(p1, Some(peers::gob_decode_cold(p1)))),
    Case::new(DECODE_COLD, "P2", || decode_cold(p2, Some(peers::gob_decode_cold(p2)))),
    Case::new(DECODE_COLD, "P3", || decode_cold(p3, Some(peers::gob_decode_cold(p3)))),
    Case::new(DECODE_COLD, "P4", || decode_cold(p4, Some(peers::gob_decode_cold(p4)))),
    Case::new(DECODE_COLD, "P5", || decode_cold(p5, Some(peers::gob_decode_cold(peers::p5)))),
    Case::new(DECODE_COLD, "P7", || decode_cold(p7, Some(peers::gob_decode_cold(p7)))),
    Case::new(DECODE_COLD, "P8", || decode_cold(p8, Some(peers::gob_decode_cold(peers::p8)))),
    Case::new(DECODE_COLD, "P9", || decode_cold(p9, None)),
];

fn encode<T: ours::Payload + gobwire::Encode>(make: fn() -> T, gob: Option<Op>) -> Vec<Op> {
    let mut ops = vec![ours::encode(make), ours::encode_value(make), peers::gobwire_encode(make)];
    ops.extend(gob);
    ops.push(peers::postcard_encode(make));
    ops
}

fn encode_cold<T: ours::Payload + gobwire::Encode>(make: fn() -> T, gob: Option<Op>) -> Vec<Op> {
    [ours::encode_cold(make), peers::gobwire_encode_cold(make)].into_iter().chain(gob).collect()
}

fn decode_cold<T>(make: fn() -> T, gob: Option<Op>) -> Vec<Op>
where
    T: ours::Payload + gobwire::Encode + gobwire::Decode + Default,
{
    [ours::decode_cold(make), peers::gobwire_decode_cold(make)].into_iter().chain(gob).collect()
}

fn decode<T: ours::Payload + gobwire::Encode + gobwire::Decode + Default>(make: fn() -> T, gob: Option<Op>) -> Vec<Op> {
    let mut ops = vec![ours::decode(make), ours::decode_value(make), peers::gobwire_decode(make)];
    ops.extend(gob);
    ops.push(peers::postcard_decode(make));
    ops
}
