//! The command as it is run: real processes, real servers.

// Of these, each test uses what it needs.
#[allow(dead_code, unused_imports, unused_macros)]
#[path = "../../../tests/go_interop/go.rs"]
mod go;
#[path = "../../../tests/common/hex.rs"]
mod hex;
#[allow(dead_code)]
#[path = "../../../tests/go_interop/oracle/mod.rs"]
mod oracle;
#[path = "../../../tests/common/patience.rs"]
mod patience;
#[allow(dead_code)]
#[path = "../../../tests/go_interop/peers.rs"]
mod peers;
#[path = "../../../tests/common/predeclared.rs"]
mod predeclared;
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
