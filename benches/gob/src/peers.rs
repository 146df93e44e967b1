//! The same operations with other crates.

use std::collections::HashMap;
use std::hint::black_box;
use std::io;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_schema::SchemaSerialize;
use serde_schema_derive::SchemaSerialize;

use crate::cycle::{Cycle, again};
use crate::ours::Op;
use crate::payloads::{self, Pos};

/// The payloads that gob 0.1 needs in other words: it cannot read an `Option`, and wants to be told that what did not
/// come is zero. On the wire they are the same.
#[derive(Default, Serialize, Deserialize, SchemaSerialize)]
#[serde(default)]
#[allow(non_snake_case)]
pub struct Item {
    ID: i64,
    Name: String,
    Pos: Pos,
    Attrs: HashMap<String, isize>,
    Ref: Ref,
}

#[derive(Default, Serialize, Deserialize, SchemaSerialize)]
#[serde(default)]
#[allow(non_snake_case)]
struct Ref {
    N: isize,
    S: String,
}

#[derive(Default, Serialize, Deserialize, SchemaSerialize)]
#[serde(default)]
#[allow(non_snake_case)]
pub struct Rec {
    A: isize,
    B: String,
    C: f64,
}

pub fn p5() -> Vec<Item> {
    let item = |item: payloads::Item| {
        let payloads::Item { ID, Name, Pos, Attrs, Ref: pointed } = item;
        let payloads::Ref { N, S } = pointed.expect("every item has one");
        Item { ID, Name, Pos, Attrs, Ref: Ref { N, S } }
    };
    payloads::p5().into_iter().map(item).collect()
}

pub fn p8() -> HashMap<isize, Rec> {
    let rec = |payloads::Rec { A, B, C }| Rec { A, B, C };
    payloads::p8().into_iter().map(|(key, value)| (key, rec(value))).collect()
}

pub fn gobwire_encode<T: gobwire::Encode + 'static>(make: fn() -> T) -> Op {
    let (value, mut encoder) = (make(), gobwire::StreamEncoder::new(io::sink()));
    ("gobwire", Box::new(move || encoder.encode(black_box(&value)).expect("gobwire encodes")))
}

pub fn gobwire_decode<T: gobwire::Encode + gobwire::Decode + Default>(make: fn() -> T) -> Op {
    let (value, mut encoder, mut stream) = (make(), gobwire::Encoder::new(), Vec::new());
    encoder.encode_into(&value, &mut stream).expect("gobwire encodes");
    let tail = stream.len();
    encoder.encode_into(&value, &mut stream).expect("gobwire encodes");
    let mut decoder = gobwire::StreamDecoder::new(Cycle::new(stream, tail));
    ("gobwire", Box::new(move || drop(black_box(decoder.decode::<T>().expect("gobwire decodes")))))
}

/// The same from a slice of eight values.
pub fn gobwire_decode_large<T: gobwire::Encode + gobwire::Decode + Default>(make: fn() -> T) -> Op {
    let (value, mut encoder, mut stream) = (make(), gobwire::Encoder::new(), Vec::new());
    (0..8).for_each(|_| encoder.encode_into(&value, &mut stream).expect("gobwire encodes"));
    let decode = |decoder: &mut gobwire::StreamDecoder<&[u8]>| {
        black_box(decoder.decode::<T>().expect("gobwire decodes")).is_some()
    };
    ("gobwire", Box::new(again(stream, gobwire::StreamDecoder::new, decode)))
}

pub fn gobwire_encode_cold<T: gobwire::Encode + 'static>(make: fn() -> T) -> Op {
    let value = make();
    let op = move || gobwire::StreamEncoder::new(io::sink()).encode(black_box(&value)).expect("gobwire encodes");
    ("gobwire", Box::new(op))
}

pub fn gobwire_decode_cold<T: gobwire::Encode + gobwire::Decode + Default>(make: fn() -> T) -> Op {
    let bytes = gobwire::Encoder::new().encode(&make()).expect("gobwire encodes");
    let op = move || {
        let mut decoder = gobwire::StreamDecoder::new(black_box(&bytes[..]));
        drop(black_box(decoder.decode::<T>().expect("gobwire decodes")));
    };
    ("gobwire", Box::new(op))
}

pub fn gob_encode<T: SchemaSerialize + 'static>(make: fn() -> T) -> Op {
    let (value, mut stream) = (make(), gob::StreamSerializer::new_with_write(io::sink()));
    ("gob 0.1", Box::new(move || stream.serialize(black_box(&value)).expect("gob encodes")))
}

pub fn gob_decode<T: SchemaSerialize + DeserializeOwned>(make: fn() -> T) -> Op {
    let value = make();
    let tail = gob_stream(&value, 1).len();
    let mut decoder = gob::StreamDeserializer::new(Cycle::new(gob_stream(&value, 2), tail));
    ("gob 0.1", Box::new(move || drop(black_box(decoder.deserialize::<T>().expect("gob decodes")))))
}

pub fn gob_encode_cold<T: SchemaSerialize + 'static>(make: fn() -> T) -> Op {
    let value = make();
    let op = move || {
        let mut stream = gob::StreamSerializer::new_with_write(io::sink());
        stream.serialize(black_box(&value)).expect("gob encodes");
    };
    ("gob 0.1", Box::new(op))
}

pub fn gob_decode_cold<T: SchemaSerialize + DeserializeOwned>(make: fn() -> T) -> Op {
    let bytes = gob_stream(&make(), 1);
    let op = move || {
        let mut decoder = gob::StreamDeserializer::new(black_box(&bytes[..]));
        drop(black_box(decoder.deserialize::<T>().expect("gob decodes")));
    };
    ("gob 0.1", Box::new(op))
}

fn gob_stream<T: SchemaSerialize>(value: &T, times: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut stream = gob::StreamSerializer::new_with_write(&mut bytes);
    for _ in 0..times {
        stream.serialize(value).expect("gob encodes");
    }
    bytes
}

pub fn postcard_encode<T: Serialize + 'static>(make: fn() -> T) -> Op {
    let (value, mut buffer) = (make(), Vec::new());
    let op = move || {
        buffer.clear();
        let to = std::mem::take(&mut buffer);
        buffer = postcard::to_extend(black_box(&value), to).expect("postcard encodes");
    };
    ("postcard", Box::new(op))
}

pub fn postcard_decode<T: Serialize + DeserializeOwned>(make: fn() -> T) -> Op {
    let bytes = postcard::to_stdvec(&make()).expect("postcard encodes");
    let op = move || drop(black_box(postcard::from_bytes::<T>(black_box(&bytes)).expect("postcard decodes")));
    ("postcard", Box::new(op))
}
