//! The crate serde_bytes.

use gobrpc::Gob;
use gobrpc::gob::from_slice;
use serde_bytes::{ByteArray, ByteBuf, Bytes};

use super::{check, encodes, golden};

#[test]
fn they_are_bytes() {
    check("bytes_abc", ByteBuf::from(*b"abc"));
    check("bytes_nil", ByteBuf::new());
    encodes("bytes_abc", Bytes::new(b"abc"));
    let stream = golden("bytes_abc");
    assert_eq!(from_slice::<&Bytes>(&stream).unwrap(), Bytes::new(b"abc"));
    assert_eq!(<Option<ByteBuf>>::TYPE.to_string(), "[]uint8");
}

#[test]
fn an_array_of_bytes_is_an_array() {
    check("array4_byte", ByteArray::new([1, 2, 200, 0]));
    let mut long = [0; 40];
    long[39] = 1;
    check("array40_byte", ByteArray::new(long));
}
