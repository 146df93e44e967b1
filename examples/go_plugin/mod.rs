//! Plugins as hashicorp's go-plugin has them, with net/rpc: a [`host`] starts a [`plugin`], which is a process of its
//! own, and calls its services over a socket.
//!
//! Copy this folder to use it. It needs the crates yamux, tokio-util (with `compat`), futures and tempfile, and for TLS
//! tokio-rustls, rcgen, p521 and base64.

#![allow(dead_code, unreachable_pub, reason = "a program uses half of it")]

pub mod broker;
pub mod host;
mod mux;
pub mod plugin;
pub mod tls;

/// Go's `HandshakeConfig`: what host and plugin must agree on.
pub struct Handshake {
    pub version: u32,
    pub cookie_key: &'static str,
    pub cookie_value: &'static str,
    /// Whether the host wants TLS. A plugin does as its host wants.
    pub auto_mtls: bool,
}

/// Where a plugin finds the certificate of its host.
const CLIENT_CERT: &str = "PLUGIN_CLIENT_CERT";

/// The version of go-plugin's own protocol.
const CORE_VERSION: &str = "1";

pub type Result<T, E = Box<dyn std::error::Error + Send + Sync>> = std::result::Result<T, E>;
