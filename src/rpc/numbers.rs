//! Tables of calls by their numbers.

use std::hash::{BuildHasherDefault, Hasher};

/// Makes hashers for the numbers that this side gives to its calls. Nobody else chooses what goes into such a table, so
/// that it needs no defence.
pub(crate) type BuildNumberHasher = BuildHasherDefault<NumberHasher>;

/// Spreads numbers that count up over all bits.
#[derive(Default)]
pub(crate) struct NumberHasher(u64);

impl Hasher for NumberHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write_u64(&mut self, number: u64) {
        // Odd, and near the golden ratio: neighbours come to lie far apart.
        self.0 = (self.0 ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }
}
