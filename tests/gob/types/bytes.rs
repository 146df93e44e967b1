//! The crate bytes.

use bytes::{Bytes, BytesMut};
use gobrpc::Gob;

use super::check;

#[test]
fn they_are_bytes() {
    check("bytes_abc", Bytes::from_static(b"abc"));
    check("bytes_abc", BytesMut::from(&b"abc"[..]));
    check("bytes_nil", Bytes::new());
    check("slice_bytes", vec![Bytes::from_static(b"\x01"), Bytes::new()]);
    assert_eq!(<Option<Bytes>>::TYPE.to_string(), "[]uint8");
}
