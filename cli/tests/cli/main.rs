//! The command as it is run: real processes, real servers.

// Of these, each test uses what it needs.
#[allow(dead_code, unused_imports, unused_macros)]
#[path = "../../../tests/go_interop/go.rs"]
mod go;
#[allow(dead_code)]
#[path = "../../../tests/go_interop/peers.rs"]
mod peers;

mod command;
mod decode;
