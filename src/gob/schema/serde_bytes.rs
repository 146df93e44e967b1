//! serde_bytes: `ByteBuf` and `Bytes` are Go's `[]byte`, `ByteArray` is an array of bytes.

use serde_bytes::{ByteArray, ByteBuf, Bytes};

use super::Gob;
use super::std_types::bytes;
use crate::gob::ty::{Kind, Type};

bytes!(ByteBuf, Bytes);

impl<const N: usize> Gob for ByteArray<N> {
    const TYPE: &'static Type = <[u8; N]>::TYPE;
    const KIND: Kind = Kind::Array;
}
