//! What the model is written out as.

pub(crate) mod go;
mod names;
pub(crate) mod rust;
pub(crate) mod schema;
