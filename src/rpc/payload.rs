//! Bodies: what can be sent, and what was received and is not decoded yet.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::gob::de::Context;
use crate::gob::stream::wiretype::TypeId;
use crate::gob::ty::{Kind, Type};
use crate::gob::{self, Error, Gob, Session};

/// Arguments or a reply: anything that can be sent. Every `Gob + Serialize` is one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent",
    note = "derive `serde::Serialize` and `gobrpc::Gob` for it",
    note = "a date, a duration or a big integer of another crate goes as a type of this one: see the table of types at \
            `gobrpc::gob`"
)]
pub trait Payload {
    /// The Go type of the value.
    fn go_type(&self) -> &'static Type;

    /// The value, for a codec of another format.
    fn as_serialize(&self) -> &dyn erased_serde::Serialize;

    /// Appends the value to a gob stream.
    #[doc(hidden)]
    fn encode_gob(&self, session: &mut Session, out: &mut Vec<u8>) -> gob::Result<()>;

    /// Appends the value to a gob stream as a reply, which in Go is behind a pointer.
    #[doc(hidden)]
    fn encode_gob_reply(&self, session: &mut Session, out: &mut Vec<u8>) -> gob::Result<()> {
        self.encode_gob(session, out)
    }
}

impl<T: Gob + Serialize> Payload for T {
    fn go_type(&self) -> &'static Type {
        T::TYPE
    }

    fn as_serialize(&self) -> &dyn erased_serde::Serialize {
        self
    }

    fn encode_gob(&self, session: &mut Session, out: &mut Vec<u8>) -> gob::Result<()> {
        session.encode(self, out)
    }

    fn encode_gob_reply(&self, session: &mut Session, out: &mut Vec<u8>) -> gob::Result<()> {
        // It is seen in the definition of a type that encodes itself, and nowhere else (G150, R16).
        match T::TYPE.base().kind {
            Kind::Opaque => session.encode_as(T::OPTION, &Some(self), out),
            _ => session.encode(self, out),
        }
    }
}

/// Arguments or a reply as they arrived. They are decoded where their type is known, not where they are read.
#[derive(Debug)]
pub struct Body(Repr);

enum Repr {
    Gob { id: TypeId, bytes: Octets, offset: u64, context: Arc<Context> },
    Foreign(Box<dyn Encoded>),
    Failed(Error),
}

/// The bytes of a body. Few of them are copied, so that a number that waits to be decoded does not hold on to all that
/// was read together with it.
pub(crate) enum Octets {
    Few {
        len: u8,
        octets: [u8; Self::FEW],
    },
    Many(Bytes),
    /// They are most of what is in their buffer, which a value may keep.
    Alone(Bytes),
}

impl Octets {
    /// As many as fit in the place of the other kind.
    const FEW: usize = 30;

    /// A copy, if the bytes are few.
    pub(crate) fn few(bytes: &[u8]) -> Option<Self> {
        let mut octets = [0; Self::FEW];
        octets.get_mut(..bytes.len())?.copy_from_slice(bytes);
        Some(Self::Few { len: bytes.len() as u8, octets })
    }
}

impl std::ops::Deref for Octets {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Few { len, octets } => &octets[..usize::from(*len)],
            Self::Many(bytes) | Self::Alone(bytes) => bytes,
        }
    }
}

/// A body in a format other than gob, as a codec of your own returns it.
pub trait Encoded: Send {
    /// Passes a deserializer of the body to `decode`, which reads a value of the Go type `ty` from it.
    ///
    /// # Errors
    /// Those of `decode`, and whatever is wrong with the body. Use
    /// [`serde::de::Error::custom`] for an error of your format.
    fn decode(self: Box<Self>, ty: &'static Type, decode: &mut Decode<'_>) -> gob::Result<()>;
}

/// Takes a value from a deserializer.
pub type Decode<'a> = dyn FnMut(&mut dyn erased_serde::Deserializer<'_>) -> Result<(), erased_serde::Error> + 'a;

impl Body {
    pub(crate) fn gob(id: TypeId, bytes: Octets, offset: u64, context: Arc<Context>) -> Self {
        Self(Repr::Gob { id, bytes, offset, context })
    }

    /// A body in another format.
    pub fn new(body: impl Encoded + 'static) -> Self {
        Self(Repr::Foreign(Box::new(body)))
    }

    /// A body that could not be read completely. The connection goes on if it can.
    pub fn failed(error: Error) -> Self {
        Self(Repr::Failed(error))
    }

    /// Decodes the value.
    ///
    /// # Errors
    /// When it does not fit `T`, or was incomplete.
    pub fn decode<T: Gob + DeserializeOwned>(self) -> gob::Result<T> {
        match self.0 {
            Repr::Gob { id, bytes: Octets::Alone(bytes), offset, context } => context.decode_shared(id, &bytes, offset),
            Repr::Gob { id, bytes, offset, context } => context.decode(id, &bytes, offset),
            Repr::Foreign(body) => {
                let mut value = None;
                body.decode(T::TYPE, &mut |deserializer| {
                    value = Some(erased_serde::deserialize(deserializer)?);
                    Ok(())
                })?;
                value.ok_or_else(|| serde::de::Error::custom("the codec decoded no body"))
            }
            Repr::Failed(error) => Err(error),
        }
    }
}

impl fmt::Debug for Repr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gob { id, bytes, offset, .. } => {
                f.debug_struct("Gob").field("id", id).field("len", &bytes.len()).field("offset", offset).finish()
            }
            Self::Foreign(_) => f.write_str("Foreign"),
            Self::Failed(error) => f.debug_tuple("Failed").field(error).finish(),
        }
    }
}
