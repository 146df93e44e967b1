#![no_main]
//! Values made from the input, on one stream.
//!
//! They come back in their order, equal to what was sent. Read as `Value`s and written again they are the same bytes,
//! and so are they when every type is looked up for the first time.

use arbitrary::Arbitrary;
use gobrpc::gob::{Decoder, Encoder, PushDecoder, Value, from_slice, from_value, to_value, to_vec};
use gobrpc_fuzz::types::{Record, Shape};
use libfuzzer_sys::fuzz_target;

#[derive(Debug, Arbitrary)]
enum Item {
    Record(Box<Record>),
    Shapes(Vec<Option<Shape>>),
}

fuzz_target!(|items: Vec<Item>| {
    let items: Vec<Item> = items.into_iter().map(Item::tidy).collect();
    let mut encoder = Encoder::new(Vec::new());
    for item in &items {
        let encoded = match item {
            Item::Record(record) => encoder.encode(record),
            Item::Shapes(shapes) => encoder.encode(shapes),
        };
        // The input is far too short for anything too long or too deep.
        encoded.expect("there is no nil where gob has none");
    }
    let bytes = encoder.into_inner();
    let mut decoder = Decoder::new(&bytes[..]);
    let mut pushed = PushDecoder::new();
    pushed.push(&bytes);
    for item in &items {
        match item {
            Item::Record(record) => {
                assert_eq!(decoder.decode::<Record>().unwrap().as_ref(), Some(&**record));
                assert_eq!(pushed.decode::<Record>().unwrap().as_ref(), Some(&**record));
                alone(record);
            }
            Item::Shapes(shapes) => {
                assert_eq!(decoder.decode::<Vec<Option<Shape>>>().unwrap().as_ref(), Some(shapes));
                assert_eq!(pushed.decode::<Vec<Option<Shape>>>().unwrap().as_ref(), Some(shapes));
            }
        }
    }
    assert!(!decoder.skip().unwrap());
    pushed.finish().unwrap();
    assert_eq!(rewritten(&bytes), bytes);
});

/// A value on a stream of its own, and without one.
fn alone(record: &Record) {
    let bytes = to_vec(record).unwrap();
    assert_eq!(from_slice::<Record>(&bytes).unwrap(), *record);
    assert_eq!(rewritten(&bytes), bytes);
    let value = to_value(record).unwrap();
    assert_eq!(to_vec(&value).unwrap(), bytes);
    assert_eq!(from_value::<Record>(&value).unwrap(), *record);
}

/// A stream, read without knowing its types and written again.
fn rewritten(bytes: &[u8]) -> Vec<u8> {
    let mut decoder = Decoder::new(bytes);
    let mut encoder = Encoder::new(Vec::new());
    while let Some(value) = decoder.decode_value().unwrap() {
        let value: Value = value;
        encoder.encode_value(&value).unwrap();
    }
    encoder.into_inner()
}

impl Item {
    fn tidy(mut self) -> Self {
        match &mut self {
            Self::Record(record) => tidy(record),
            Self::Shapes(shapes) => shapes.iter_mut().flatten().for_each(tidy_shape),
        }
        self
    }
}

/// Without what is not equal to itself, what gob leaves out as zero (G68), and what does not decode.
fn tidy(record: &mut Record) {
    record.real = if record.real.is_nan() { 0.5 } else { record.real + 0.0 };
    record.single = if record.single.is_nan() { 0.5 } else { record.single + 0.0 };
    if let Some(first) = record.blob.0.first_mut() {
        *first &= 0x7f;
    }
    record.shape.iter_mut().chain(record.shapes.iter_mut().flatten()).for_each(tidy_shape);
    record.child.iter_mut().for_each(|child| tidy(child));
    record.children.iter_mut().for_each(tidy);
}

fn tidy_shape(shape: &mut Shape) {
    match shape {
        Shape::Record(record) => tidy(record),
        Shape::List(list) => list.iter_mut().flatten().for_each(tidy_shape),
        Shape::Map(map) => map.values_mut().for_each(tidy_shape),
        Shape::Int(_) | Shape::Text(_) | Shape::Plain(_) | Shape::Named(_) => {}
    }
}
