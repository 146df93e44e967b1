//! What a gob stream is made of: messages, type ids and definitions, without I/O.

mod foreign;
pub(crate) mod frame;
pub(crate) mod ids;
mod known;
pub(crate) mod table;
pub(crate) mod types;
pub(crate) mod walk;
pub(crate) mod wiretype;
