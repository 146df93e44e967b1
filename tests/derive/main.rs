//! What the macros generate, seen by a user of the crate.

mod enums;
pub mod hygiene;
mod names;
mod opaque;
mod recursion;
#[cfg(feature = "tokio")]
mod service;
mod with;
