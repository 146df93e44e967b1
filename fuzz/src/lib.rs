//! What the targets share.

mod bound;
mod pieces;
pub mod types;

pub use self::bound::{BELIEVED, bounded};
pub use self::pieces::pieces;
