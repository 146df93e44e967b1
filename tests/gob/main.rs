//! The codec: bytes equal to Go's, and what comes back from Go's bytes.

mod auto_traits;
mod constants;
mod declarations;
mod decode;
mod errors;
mod external;
#[cfg(feature = "tokio")]
mod framed;
mod golden;
#[path = "../common/hex.rs"]
mod hex;
mod hostile;
mod inspect;
mod interfaces;
mod numbers;
#[path = "../common/predeclared.rs"]
mod predeclared;
mod properties;
mod registry;
mod stream;
mod stream_types;
mod syntax;
mod types;
mod value;
mod vectors;
#[cfg(all(feature = "num-bigint", feature = "num-complex"))]
mod verdicts;

use self::hex::hex;
