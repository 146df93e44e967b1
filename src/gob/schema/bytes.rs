//! bytes: `Bytes` and `BytesMut` are Go's `[]byte`.

use bytes::{Bytes, BytesMut};

use super::Gob;
use super::std_types::bytes;
use crate::gob::ty::{Kind, Type, TypeRef};

bytes!(BytesMut);

impl Gob for Bytes {
    const TYPE: &'static Type = <[u8]>::TYPE;
    const KIND: Kind = Kind::Bytes;
    const OPTION: &'static Type = Self::TYPE;
    const OPTION_KIND: Kind = Kind::Bytes;
    const EDGE: TypeRef = TypeRef::to(Self::TYPE);
    const OPTION_EDGE: TypeRef = TypeRef::to(Self::OPTION);

    #[cfg(feature = "rpc")]
    fn from_shared(octets: Self) -> Option<Self> {
        Some(octets)
    }
}
