//! Go's `net/netip`.
//!
//! Each of its types has a module for `#[serde(with = "…")]`:
//!
//! ```
//! use std::net::{IpAddr, SocketAddr};
//!
//! use gobrpc::{Gob, gob};
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize, Gob)]
//! #[serde(rename_all = "PascalCase")]
//! struct Host {
//!     #[serde(with = "gobrpc::gob::netip::addr_port")]
//!     listen: SocketAddr,
//!     // A netip.Addr, which is invalid for `None`.
//!     #[serde(with = "gobrpc::gob::netip::addr")]
//!     gateway: Option<IpAddr>,
//!     // A *netip.Addr, which is nil for `None`.
//!     #[serde(with = "gobrpc::gob::netip::addr::option")]
//!     name_server: Option<IpAddr>,
//!     networks: Vec<gob::netip::Prefix>,
//! }
//! ```

pub mod addr;
pub mod addr_port;
pub mod prefix;

pub use self::addr::Addr;
pub use self::addr_port::AddrPort;
pub use self::prefix::Prefix;

use super::malformed;

/// All three types say this, and do not say which they are.
#[cold]
fn wrong_size() -> crate::gob::Error {
    malformed("unexpected slice size")
}
