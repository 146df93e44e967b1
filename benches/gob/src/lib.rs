//! The payloads, and all that is done with them.

#[cfg(feature = "peers")]
pub mod cases;
mod cycle;
#[cfg(feature = "peers")]
pub mod go;
#[cfg(feature = "peers")]
pub mod measure;
pub mod ours;
pub mod payloads;
#[cfg(feature = "peers")]
mod peers;
mod random;
