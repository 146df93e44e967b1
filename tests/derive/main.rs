//! What the macros generate, seen by a user of the crate.

pub mod hygiene;
mod names;
mod recursion;
#[cfg(feature = "tokio")]
mod service;
mod ui;
mod with;
