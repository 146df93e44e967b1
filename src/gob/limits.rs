//! Limits on what a peer can make this side spend.

/// Limits on what is read and written. They are on by default.
///
/// Memory is allocated in proportion to the bytes that have arrived, and not to an announced length, of which no more
/// than the first mebibyte is believed; these limits bound the bytes. The first definitions of streams are kept for
/// other streams that begin in the same way, up to a megabyte of them in the whole process.
///
/// ```
/// use gobrpc::gob::Limits;
///
/// let strict = Limits::new().message(1 << 20).depth(64);
/// assert_ne!(strict, Limits::default());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub(crate) message: u64,
    pub(crate) depth: usize,
    pub(crate) types: usize,
}

impl Limits {
    /// The defaults: values of 1 GiB, 256 levels, 10,000 types.
    pub const fn new() -> Self {
        Self { message: 1 << 30, depth: 256, types: 10_000 }
    }

    /// The longest value to read, in bytes, summed over its messages. Go stops at 8 GiB a message (G13). All
    /// definitions of a stream together may be as long.
    #[must_use]
    pub const fn message(mut self, bytes: u64) -> Self {
        self.message = bytes;
        self
    }

    /// How deep values may nest, on reading and writing. Go has no limit (G88, G225).
    ///
    /// Each level takes stack: a few hundred bytes in release builds, a few kilobytes without optimization.
    #[must_use]
    pub const fn depth(mut self, levels: usize) -> Self {
        self.depth = levels;
        self
    }

    /// How many types a stream may define.
    #[must_use]
    pub const fn types(mut self, count: usize) -> Self {
        self.types = count;
        self
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::new()
    }
}
