//! The calls of gobrpc beside those of Go's net/rpc, tonic and tarpc.
#![cfg(feature = "peers")]

pub mod load;
pub mod memory;
pub mod peers;
mod process;
pub mod rates;
