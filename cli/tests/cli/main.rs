//! The command as it is run: real processes, real servers.

// Of these, each test uses what it needs.
#[allow(dead_code, unused_imports, unused_macros)]
#[path = "../../../tests/go_interop/go.rs"]
mod go;
#[allow(dead_code)]
#[path = "../../../tests/go_interop/oracle/mod.rs"]
mod oracle;
#[allow(dead_code)]
#[path = "../../../tests/go_interop/peers.rs"]
mod peers;
#[path = "../../../tests/go_interop/tee.rs"]
mod tee;

mod agreement;
mod bench;
mod call;
mod command;
mod decode;
mod encode;
mod generate;
mod generated;
mod help;
mod hostile;
mod list;
mod literals;
mod mapping;
mod replay;
mod running;
mod serve;
mod tap;
mod terminal;
mod types;
mod vectors;
