//! The operations with gobrpc, typed and dynamic.

use std::hint::black_box;
use std::io;

use gobrpc::Gob;
use gobrpc::gob::{Decoder, Encoder};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::cycle::{Cycle, again};

/// Who does it, and what is run to be measured.
pub type Op = (&'static str, Box<dyn FnMut()>);

/// What a payload must be.
pub trait Payload: Gob + Serialize + DeserializeOwned + 'static {}

impl<T: Gob + Serialize + DeserializeOwned + 'static> Payload for T {}

pub fn encode<T: Payload>(make: fn() -> T) -> Op {
    let (value, mut encoder) = (make(), Encoder::new(io::sink()));
    ("gobrpc", Box::new(move || encoder.encode(black_box(&value)).expect("gobrpc encodes")))
}

pub fn decode<T: Payload>(make: fn() -> T) -> Op {
    let mut decoder = Decoder::new(cycle(&make()));
    ("gobrpc", Box::new(move || drop(black_box(decoder.decode::<T>().expect("gobrpc decodes")))))
}

/// The same from a slice of eight values.
pub fn decode_large<T: Payload>(make: fn() -> T) -> Op {
    let decode = |decoder: &mut Decoder<&[u8]>| black_box(decoder.decode::<T>().expect("gobrpc decodes")).is_some();
    ("gobrpc", Box::new(again(eight(&make()), Decoder::new, decode)))
}

pub fn decode_large_value<T: Payload>(make: fn() -> T) -> Op {
    let decode = |decoder: &mut Decoder<&[u8]>| black_box(decoder.decode_value().expect("gobrpc decodes")).is_some();
    ("gobrpc Value", Box::new(again(eight(&make()), Decoder::new, decode)))
}

/// The stream of one value eight times.
fn eight<T: Payload>(value: &T) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::new());
    (0..8).for_each(|_| encoder.encode(value).expect("gobrpc encodes"));
    encoder.into_inner()
}

/// Bytes that stay where they are.
pub fn borrow<T: Payload>(make: fn() -> T) -> Op {
    let bytes = stream(&make());
    let op = move || {
        black_box(gobrpc::gob::from_slice::<&[u8]>(black_box(&bytes)).expect("gobrpc decodes"));
    };
    ("gobrpc", Box::new(op))
}

pub fn encode_cold<T: Payload>(make: fn() -> T) -> Op {
    let value = make();
    ("gobrpc", Box::new(move || Encoder::new(io::sink()).encode(black_box(&value)).expect("gobrpc encodes")))
}

pub fn decode_cold<T: Payload>(make: fn() -> T) -> Op {
    let bytes = stream(&make());
    let op = move || {
        let mut decoder = Decoder::new(black_box(&bytes[..]));
        drop(black_box(decoder.decode::<T>().expect("gobrpc decodes")));
    };
    ("gobrpc", Box::new(op))
}

pub fn encode_value<T: Payload>(make: fn() -> T) -> Op {
    let bytes = stream(&make());
    let value = Decoder::new(&bytes[..]).decode_value().expect("gobrpc decodes").expect("a value");
    let mut encoder = Encoder::new(io::sink());
    ("gobrpc Value", Box::new(move || encoder.encode_value(black_box(&value)).expect("gobrpc encodes")))
}

pub fn decode_value<T: Payload>(make: fn() -> T) -> Op {
    let mut decoder = Decoder::new(cycle(&make()));
    ("gobrpc Value", Box::new(move || drop(black_box(decoder.decode_value().expect("gobrpc decodes")))))
}

/// The stream of one value.
pub fn stream<T: Payload>(value: &T) -> Vec<u8> {
    gobrpc::gob::to_vec(value).expect("gobrpc encodes")
}

fn cycle<T: Payload>(value: &T) -> Cycle {
    let mut encoder = Encoder::new(Vec::new());
    encoder.encode(value).expect("gobrpc encodes");
    let tail = encoder.get_ref().len();
    encoder.encode(value).expect("gobrpc encodes");
    Cycle::new(encoder.into_inner(), tail)
}
