//! Connections as state machines: bytes go in and out by hand, and nothing here waits.
//!
//! [`Client`](super::Client) and [`Server`](super::Server) drive them with tokio; another driver needs no more than
//! this module.

mod client;
mod outbox;
mod server;

pub use self::client::ClientConn;
pub use self::server::ServerConn;
