//! Slices of numbers and bytes that are values by themselves: they are read and written in loops of our own, which do
//! what serde's do.

use std::fmt::Debug;
use std::marker::PhantomData;

use gobrpc::Gob;
use gobrpc::gob::{Decoder, Encoder, Limits, from_slice, to_vec};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// What decoding says, a value or an error with all that it knows.
fn whole<T: Gob + DeserializeOwned + Debug>(bytes: &[u8], limits: Limits) -> String {
    format!("{:?}", Decoder::with_limits(bytes, limits).decode::<T>())
}

/// The same if serde takes one item after the other.
fn one_by_one<T: Gob + DeserializeOwned + Debug>(bytes: &[u8], limits: Limits) -> String {
    format!("{:?}", Decoder::with_limits(bytes, limits).decode_as(T::TYPE, PhantomData::<T>))
}

#[track_caller]
fn alike<T: Gob + DeserializeOwned + Debug>(bytes: &[u8]) {
    assert_eq!(whole::<Vec<T>>(bytes, Limits::new()), one_by_one::<Vec<T>>(bytes, Limits::new()));
}

/// As a value, as a field, and after damage.
#[track_caller]
fn check<T>(items: &[T])
where
    T: Gob + Serialize + DeserializeOwned + Debug + PartialEq + Clone,
{
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[serde(bound = "T: Serialize + DeserializeOwned")]
    struct Field<T: Gob> {
        items: Vec<T>,
    }
    for count in [0, 1, items.len(), 700] {
        let items: Vec<T> = items.iter().cycle().take(count).cloned().collect();
        assert_eq!(from_slice::<Vec<T>>(&to_vec(&items).unwrap()).unwrap(), items);
        let field = Field { items };
        assert_eq!(from_slice::<Field<T>>(&to_vec(&field).unwrap()).unwrap(), field);
    }
    let bytes = to_vec(items).unwrap();
    for at in 0..bytes.len() {
        for damage in [1, 0x7f, 0x80, 0xff] {
            let mut bytes = bytes.clone();
            bytes[at] ^= damage;
            alike::<T>(&bytes);
        }
        alike::<T>(&bytes[..at]);
    }
}

#[test]
fn numbers_of_all_types_come_back() {
    check(&[false, true]);
    check(&[i8::MIN, -1, 0, 1, i8::MAX]);
    check(&[i16::MIN, -129, 127, 128, i16::MAX]);
    check(&[i32::MIN, -1, 0, 1 << 20, i32::MAX]);
    check(&[i64::MIN, -1, 0, 1 << 40, i64::MAX]);
    check(&[isize::MIN, -1, 0, 1, isize::MAX]);
    check(&[0, 0x7f, 0x80, 0xff, u8::MAX]);
    check(&[0, 0x7f, 0x80, 0xff, u16::MAX]);
    check(&[0, 1 << 16, u32::MAX]);
    check(&[0, 1 << 56, u64::MAX]);
    check(&[0, 1, usize::MAX]);
    check(&[0.0, -0.0, 0.5, f32::MAX, f32::MIN_POSITIVE, f32::INFINITY]);
    check(&[0.0, -0.0, 1.0, 0.1, f64::MAX, f64::MIN_POSITIVE, f64::NEG_INFINITY]);
}

#[test]
fn numbers_that_do_not_fit_are_told_with_their_place() {
    for place in [0, 1, 255, 256, 300] {
        let with = |number: i64| {
            let mut numbers = vec![1; 400];
            numbers[place] = number;
            to_vec(&numbers).unwrap()
        };
        let error = from_slice::<Vec<i8>>(&with(128)).unwrap_err();
        assert_eq!(error.path(), format!("[{place}]"));
        alike::<i8>(&with(128));
        alike::<i16>(&with(-32769));
        alike::<i32>(&with(1 << 31));
        let mut floats = vec![1.0; 400];
        floats[place] = 1e39;
        alike::<f32>(&to_vec(&floats).unwrap());
        let mut uints = vec![1; 400];
        uints[place] = 1_u64 << 32;
        alike::<u16>(&to_vec(&uints).unwrap());
        alike::<u32>(&to_vec(&uints).unwrap());
    }
}

#[test]
fn a_slice_is_a_level() {
    let bytes = to_vec(&[1_i64]).unwrap();
    let limits = Limits::new().depth(0);
    assert!(whole::<Vec<i64>>(&bytes, limits).contains("TooDeep"));
    assert_eq!(whole::<Vec<i64>>(&bytes, limits), one_by_one::<Vec<i64>>(&bytes, limits));
}

/// What stands in the message of an item behind its type and the zero, and in that of a slice also behind the count.
#[track_caller]
fn items_are_written_as_alone<T: Gob + Serialize>(items: &[T]) {
    let mut together = Vec::new();
    for item in items {
        let alone = to_vec(item).unwrap();
        together.extend_from_slice(&alone[3..]);
    }
    assert!(to_vec(items).unwrap().ends_with(&together));
}

/// G1, G3, G5
#[test]
fn numbers_in_a_row_are_written_as_alone() {
    let edges = (0..64).flat_map(|bit| [(1_u64 << bit) - 1, 1 << bit, (1 << bit) + 1]).chain([u64::MAX]);
    let edges: Vec<u64> = edges.collect();
    items_are_written_as_alone(&edges);
    // The forms of these are looked up in a table.
    items_are_written_as_alone(&(0..=0xffff).collect::<Vec<u64>>());
    items_are_written_as_alone(&edges.iter().map(|&edge| edge as i64).collect::<Vec<_>>());
    items_are_written_as_alone(&edges.iter().map(|&edge| !edge as i64).collect::<Vec<_>>());
    items_are_written_as_alone(&edges.iter().map(|&edge| edge as f64).collect::<Vec<_>>());
    items_are_written_as_alone(&edges.iter().map(|&edge| f64::from_bits(edge)).collect::<Vec<_>>());
}

#[test]
fn bytes_are_written_as_one_by_one() {
    for len in [0, 1, 31, 127, 128, 255, 256, 300, 70_000] {
        let bytes: Vec<u8> = (0..len).map(|n| n as u8).collect();
        let mut encoder = Encoder::new(Vec::new());
        encoder.encode_as(<Vec<u8>>::TYPE, &bytes).unwrap();
        assert_eq!(to_vec(&bytes).unwrap(), encoder.into_inner());
        assert_eq!(to_vec(&bytes[..]).unwrap(), to_vec(&bytes).unwrap());
    }
}
