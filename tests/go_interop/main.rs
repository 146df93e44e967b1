//! The library against Go's own net/rpc: real processes, real sockets, the same bytes.
//!
//! Go is `$GOBRPC_GO`, else the `go` on `PATH`. `GOBRPC_SKIP_GO=1` leaves out the tests that need it.

#![cfg(unix)]

mod agreement;
mod axum;
mod balance;
mod bytes;
mod calls;
mod failures;
mod files;
mod go;
#[path = "../common/hex.rs"]
mod hex;
mod languages;
mod old_go;
mod oracle;
#[path = "../common/patience.rs"]
mod patience;
mod peers;
#[path = "../common/predeclared.rs"]
mod predeclared;
mod scenarios;
mod services;
mod steps;
mod tee;
mod thirdparty;
mod tls;
mod transcripts;
