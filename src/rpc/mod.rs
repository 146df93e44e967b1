//! Go's `net/rpc`.
//!
//! A [`Client`] calls methods of a Go or Rust server, a [`Server`] answers Go and Rust clients. Both speak gob, or
//! another [`codec`], over TCP, unix sockets, HTTP `CONNECT` or any other stream of bytes. Services and their typed
//! clients are made by [`service`](macro@crate::service).
//!
//! ```no_run
//! # async fn run() -> Result<(), gobrpc::rpc::Error> {
//! use gobrpc::rpc::Client;
//!
//! let client = Client::connect("localhost:1234").await?;
//! let echo: String = client.call("Echo.Say", &"hello").await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Layers
//!
//! [`Request`] and [`Response`] are the headers, [`codec`] turns them and the bodies into bytes, [`proto`] holds the
//! state of a connection without doing I/O, and [`Client`] and [`Server`] move the bytes, with tokio, or, for clients,
//! with two threads.
//!
//! # Where it differs from Go
//!
//! Numbers such as R28 stand for what Go does, rule by rule, in `docs/rules.md`.
//!
//! * A reply of the wrong type fails its call, not the client; arguments of the wrong type never cost the connection.
//! * Arguments or a reply that cannot be encoded are an error of their call; in Go they break the stream.
//! * A nil pointer cannot be a reply. Go sends its type, which Go's client reads as zeros, or does not read at all
//!   (R28).
//! * An error with an empty text gets one, since it would pass for success (R19).
//! * A method that panics answers with an error; in Go the process ends.
//! * A server cancels a call when its client asks for it with `_goRPC_.Cancel`, or is cut off; Go's does neither.
//! * A dead connection is closed at once, and every pending call gets its error. Calls that are pending when their
//!   client is closed say that it is shut down, where Go reports the error of its interrupted read.
//! * A reply is a new value. Go decodes it over an existing one, and keeps there what gob leaves out (R31).
//! * A server pauses and goes on when accepting fails; Go's `Accept` returns.
//! * Bytes that arrive together with a `CONNECT`, or with the answer to it, are not lost.

pub mod codec;
mod error;
mod message;
mod payload;
pub mod proto;

mod address;
mod block;
mod buffer;
mod client;
mod http;
#[cfg(feature = "tokio")]
mod input;
mod log;
mod numbers;
#[cfg(feature = "tokio")]
mod output;
#[cfg(feature = "tokio")]
mod server;
mod tcp;
#[cfg(all(feature = "tokio", unix))]
mod unix;

pub use self::block::block_on;
#[cfg(feature = "tower")]
pub use self::client::{Call, Responding};
pub use self::client::{Channel, Client, ClientBuilder, Pending};
#[cfg(feature = "tower")]
pub use self::error::BoxError;
pub use self::error::{Error, Result, ServerError};
#[cfg(feature = "tokio")]
pub use self::http::server::Handshake;
pub use self::message::{DEFAULT_DEBUG_PATH, DEFAULT_RPC_PATH, Nil, Request, Response};
pub use self::payload::{Body, Decode, Encoded, Payload};
#[cfg(feature = "tower")]
pub use self::server::Invoke;
#[cfg(feature = "tokio")]
pub use self::server::{
    Connection, Context, Dispatch, Drained, Extensions, Incoming, Listener, Method, MethodInfo, Outgoing, ReplyFuture,
    Requests, Served, Server, ServiceInfo,
};
#[cfg(all(feature = "tokio", unix))]
pub use self::unix::UnixStream;
