//! Bodies: what can be sent, and what was received and is not decoded yet.

use std::sync::Arc;

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::gob::de::Context;
use crate::gob::stream::wiretype::TypeId;
use crate::gob::{self, Gob, Session};

/// Arguments or a reply: anything that can be sent. Every `Gob + Serialize` is one.
pub trait Payload {
    /// Appends the value to a gob stream.
    #[doc(hidden)]
    fn encode_gob(&self, session: &mut Session, out: &mut Vec<u8>) -> gob::Result<()>;
}

impl<T: Gob + Serialize + ?Sized> Payload for T {
    fn encode_gob(&self, session: &mut Session, out: &mut Vec<u8>) -> gob::Result<()> {
        session.encode(self, out)
    }
}

/// Arguments or a reply as they arrived. They are decoded where their type is known, not where they are read.
#[derive(Debug)]
pub struct Body(Repr);

#[derive(Debug)]
enum Repr {
    Gob { id: TypeId, bytes: Bytes, offset: u64, context: Arc<Context> },
    Failed(gob::Error),
}

impl Body {
    pub(crate) fn gob(id: TypeId, bytes: Bytes, offset: u64, context: Arc<Context>) -> Self {
        Self(Repr::Gob { id, bytes, offset, context })
    }

    /// A body that could not be read whole. The connection goes on where it can.
    pub fn failed(error: gob::Error) -> Self {
        Self(Repr::Failed(error))
    }

    /// Decodes the value.
    ///
    /// # Errors
    /// When it does not fit `T`, or was not whole.
    pub fn decode<T: Gob + DeserializeOwned>(self) -> gob::Result<T> {
        match self.0 {
            Repr::Gob { id, bytes, offset, context } => context.decode(id, &bytes, offset),
            Repr::Failed(error) => Err(error),
        }
    }
}
