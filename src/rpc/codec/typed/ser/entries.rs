//! The entries of a map or struct that is being written: they are sorted when all are there.

use std::ops::Range;

/// One entry: its bytes, and where its value begins among them.
#[derive(Debug, Clone)]
pub(in crate::rpc::codec) struct Entry {
    pub(in crate::rpc::codec) start: usize,
    pub(in crate::rpc::codec) value: usize,
    pub(in crate::rpc::codec) end: usize,
}

impl Entry {
    pub(in crate::rpc::codec) fn key(&self) -> Range<usize> {
        self.start..self.value
    }
}

/// Sorts entries, which are the end of `out` with `gap` bytes between two, by what `key` makes of their keys.
pub(in crate::rpc::codec) fn sort<K: Ord>(
    out: &mut Vec<u8>,
    entries: &mut [Entry],
    separator: &[u8],
    key: impl Fn(&[u8]) -> K,
) {
    let Some(first) = entries.first().map(|entry| entry.start) else { return };
    if entries.is_sorted_by_key(|entry| key(&out[entry.key()])) {
        return;
    }
    entries.sort_by_cached_key(|entry| key(&out[entry.key()]));
    let mut sorted = Vec::with_capacity(out.len() - first);
    for entry in &*entries {
        if !sorted.is_empty() {
            sorted.extend_from_slice(separator);
        }
        sorted.extend_from_slice(&out[entry.start..entry.end]);
    }
    out.truncate(first);
    out.extend_from_slice(&sorted);
}
