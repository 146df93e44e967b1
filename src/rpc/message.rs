//! The headers before every body (R2, R3).

use std::fmt;

use serde::de::{Deserializer, IgnoredAny, Visitor};
use serde::{Deserialize, Serialize};

use crate::gob::ty::{Field, Kind, Type, TypeRef};
use crate::gob::{Gob, Value, wire};

/// The path under which Go serves RPC over HTTP (R68).
pub const DEFAULT_RPC_PATH: &str = "/_goRPC_";

/// The path under which Go shows its services and how often they were called (R80).
pub const DEFAULT_DEBUG_PATH: &str = "/debug/rpc";

/// The method that cancels another call of the same connection: an extension that Go's server does not know, and
/// answers with an error (R137).
pub(crate) const CANCEL: &str = "_goRPC_.Cancel";

/// The header of a call: Go's `rpc.Request`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// `Service.Method`
    #[serde(rename = "ServiceMethod", deserialize_with = "lossy")]
    pub service_method: String,
    /// The number by which the reply finds its call.
    #[serde(rename = "Seq")]
    pub seq: u64,
}

/// The header of a reply: Go's `rpc.Response`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    /// That of the request; nobody looks at it (R20).
    #[serde(rename = "ServiceMethod", deserialize_with = "lossy")]
    pub service_method: String,
    /// The number of the request.
    #[serde(rename = "Seq")]
    pub seq: u64,
    /// Empty for success, and for nothing else (R19).
    #[serde(rename = "Error", deserialize_with = "lossy")]
    pub error: String,
}

/// The arguments of [`CANCEL`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CancelArgs {
    /// The number of the call to cancel.
    #[serde(rename = "Seq")]
    pub(crate) seq: u64,
}

const SERVICE_METHOD: Field = text("ServiceMethod");
const SEQ: Field = Field { name: "Seq", key: "Seq", kind: Kind::Uint64, ty: TypeRef::new(u64::ty), has_default: false };
const ERROR: Field = text("Error");

const fn text(name: &'static str) -> Field {
    Field { name, key: name, kind: Kind::String, ty: TypeRef::new(str::ty), has_default: false }
}

impl Gob for Request {
    const TYPE: &'static Type = &Type::structure(&[SERVICE_METHOD, SEQ]).named("net/rpc", "Request");
    const KIND: Kind = Kind::Struct;
}

impl Gob for Response {
    const TYPE: &'static Type = &Type::structure(&[SERVICE_METHOD, SEQ, ERROR]).named("net/rpc", "Response");
    const KIND: Kind = Kind::Struct;
}

impl Gob for CancelArgs {
    const TYPE: &'static Type = &Type::structure(&[SEQ]).named("net/rpc", "CancelArgs");
    const KIND: Kind = Kind::Struct;
}

/// A reply that nobody wants, of whatever type: Go's nil reply (R90).
///
/// ```no_run
/// # async fn run(client: gobrpc::rpc::Client) -> Result<(), gobrpc::rpc::Error> {
/// use gobrpc::rpc::Nil;
///
/// client.call::<Nil>("Driver.Heartbeat", &()).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Nil;

impl Gob for Nil {
    const TYPE: &'static Type = Value::TYPE;
    const KIND: Kind = Value::KIND;
    const OPTION: &'static Type = Value::TYPE;
    const OPTION_KIND: Kind = Value::KIND;
}

impl<'de> Deserialize<'de> for Nil {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_ignored_any(IgnoredAny).map(|_| Self)
    }
}

/// Go's strings are bytes: what is not UTF-8 is replaced, so that an error text cannot cost the connection (R19).
fn lossy<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    struct Text;

    impl<'de> Visitor<'de> for Text {
        type Value = String;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E>(self, text: &str) -> Result<String, E> {
            Ok(text.to_owned())
        }

        fn visit_bytes<E>(self, bytes: &[u8]) -> Result<String, E> {
            Ok(wire::text(bytes).map_or_else(|_| String::from_utf8_lossy(bytes).into_owned(), str::to_owned))
        }
    }

    deserializer.deserialize_byte_buf(Text)
}
