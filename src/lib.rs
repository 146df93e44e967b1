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
