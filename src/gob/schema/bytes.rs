//! bytes: `Bytes` and `BytesMut` are Go's `[]byte`.

use bytes::{Bytes, BytesMut};

use super::Gob;
use super::std_types::bytes;

bytes!(Bytes, BytesMut);
