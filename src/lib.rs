// What the README links to, from where it is read as documentation: the first definition of a link counts.
//! [command]: https://crates.io/crates/gobrpc-cli
//! [performance]: https://docs.rs/crate/gobrpc/latest/source/docs/performance.md
//! [changes]: https://docs.rs/crate/gobrpc/latest/source/CHANGELOG.md
//!
#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod gob;
#[cfg(feature = "rpc")]
pub mod rpc;

pub use gob::Gob;
#[cfg(feature = "derive")]
pub use gobrpc_macros::{Gob, service};

/// What the macros' output refers to.
#[doc(hidden)]
pub mod __private {
    pub use serde;
}
