//! Arguments of calls, from JSON.

use std::sync::Arc;

use gobrpc::gob::ty::Type;
use gobrpc::gob::{self, Session};
use gobrpc::rpc::Payload;
use serde::ser::{Serialize, Serializer};

use crate::error::{Error, Result};
use crate::golang::Names;
use crate::json::{self, Json, Shared, Typed};

/// How arguments get their type.
#[derive(Debug, Clone)]
pub(crate) struct Typing {
    names: Arc<Names>,
    /// The type that was given, if one was.
    ty: Option<&'static Type>,
}

/// Arguments of a call in gob.
#[derive(Debug, Clone)]
pub(crate) struct Argument {
    json: Json,
    ty: &'static Type,
    names: Arc<Names>,
}

impl Typing {
    pub(crate) fn new(names: Names, arg_type: Option<&str>) -> Result<Self> {
        let ty = arg_type.map(|text| names.parse(text)).transpose()?;
        Ok(Self { names: Arc::new(names), ty })
    }

    /// For documents of this type, or, without one, of that which they suggest.
    pub(crate) const fn of(names: Arc<Names>, ty: Option<&'static Type>) -> Self {
        Self { names, ty }
    }

    /// The arguments that a document stands for.
    pub(crate) fn argument(&self, mut json: Json) -> Result<Argument> {
        let ty = match self.ty {
            Some(ty) => ty,
            None => match json::infer(&mut json) {
                Some(ty) => self.names.find(&ty).map_err(Error::data)?,
                None => return Err(Error::data("null has no Go type; give one with --arg-type")),
            },
        };
        Ok(Argument { json, ty, names: Arc::clone(&self.names) })
    }
}

impl Argument {
    /// What is wrong with the document for its type, with the place in it.
    pub(crate) fn check(&self) -> Result<()> {
        let shared = Shared::new(&self.names);
        let typed = Typed::new(&self.json, self.ty, &shared);
        Session::new().encode_as(self.ty, &typed, &mut Vec::new()).map_err(|error| shared.locate(&error))
    }
}

impl Serialize for Argument {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Typed::new(&self.json, self.ty, &Shared::new(&self.names)).serialize(serializer)
    }
}

impl Payload for Argument {
    fn go_type(&self) -> &'static Type {
        self.ty
    }

    fn as_serialize(&self) -> &dyn erased_serde::Serialize {
        self
    }

    fn encode_gob(&self, session: &mut Session, out: &mut Vec<u8>) -> gob::Result<()> {
        session.encode_as(self.ty, self, out)
    }
}
