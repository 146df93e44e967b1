//! Addresses of descriptions, and the entries they lead to.

/// Sorted, since they are few, and there is a table of them for every stream.
#[derive(Debug, Clone, Default)]
pub(super) struct Addresses(Vec<(usize, usize)>);

impl Addresses {
    #[inline]
    pub(super) fn get(&self, address: usize) -> Option<usize> {
        let place = self.0.binary_search_by_key(&address, |(address, _)| *address).ok()?;
        Some(self.0[place].1)
    }

    pub(super) fn insert(&mut self, address: usize, index: usize) {
        match self.0.binary_search_by_key(&address, |(address, _)| *address) {
            Ok(place) => self.0[place].1 = index,
            Err(place) => self.0.insert(place, (address, index)),
        }
    }

    /// Forgets what leads to an entry that is there no more.
    pub(super) fn truncate(&mut self, entries: usize) {
        self.0.retain(|(_, index)| *index < entries);
    }
}
