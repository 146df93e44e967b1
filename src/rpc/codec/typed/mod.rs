//! Values in formats that describe themselves, written and read by their Go type, as Go's reflection does.
//!
//! serde alone does not know that a `Vec<u8>` is a `[]byte`, what a field that did not come is, or which struct to name
//! in an error. [`ser`] and [`de`] follow the type; a format is a [`ser::Sink`] and a [`de::Source`].

pub(super) mod de;
pub(super) mod names;
pub(super) mod ser;
