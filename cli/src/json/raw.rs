//! JSON as arguments and replies of JSON-RPC: it travels as it is.

use gobrpc::gob::opaque::go_type;
use gobrpc::gob::ty::{Kind, Marshaler, Type};
use gobrpc::gob::{self, Gob, Opaque};
use serde::{Deserialize, Serialize};

use super::tree::Json;

/// A document that a codec for JSON passes through.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Raw(pub(crate) Json);

/// A type that encodes itself is what such a codec leaves to serde.
impl Gob for Raw {
    const TYPE: &'static Type = &go_type::<Self>();
    const KIND: Kind = Kind::Opaque;
}

impl Opaque for Raw {
    const NAME: &'static str = "RawMessage";
    const PACKAGE: &'static str = "encoding/json";
    const MARSHALER: Marshaler = Marshaler::Binary;
    const ZERO: &'static [u8] = b"";

    fn marshal(&self, _out: &mut Vec<u8>) -> gob::Result<()> {
        Err(<gob::Error as serde::ser::Error>::custom("JSON is not sent by gob"))
    }

    /// What a codec makes of `null`.
    fn unmarshal(_bytes: &[u8]) -> gob::Result<Self> {
        Ok(Self(Json::Null))
    }
}
