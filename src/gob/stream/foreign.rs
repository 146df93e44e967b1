//! Types that dynamic values bring from other streams, and the ids they have on this one.

use super::table::{TypeTable, WeakTypeTable};
use super::wiretype::{TypeId, WireType};

/// The types brought so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Foreign {
    /// What has been defined here on their behalf.
    defined: Vec<Defined>,
    known: Vec<Known>,
}

/// A definition on this stream, with the ids of this stream.
#[derive(Debug, Clone)]
struct Defined {
    id: TypeId,
    ty: WireType,
    from: WeakTypeTable,
}

/// The id here of a type there.
#[derive(Debug, Clone)]
struct Known {
    table: WeakTypeTable,
    there: TypeId,
    here: TypeId,
}

/// The state before a value, to return to when it fails.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Mark {
    defined: usize,
    known: usize,
}

impl Foreign {
    #[inline]
    pub(super) fn mark(&self) -> Mark {
        Mark { defined: self.defined.len(), known: self.known.len() }
    }

    /// Forgets streams that are gone: no value of theirs can come any more.
    pub(super) fn forget(&mut self) {
        self.known.retain(|known| known.table.is_alive());
    }

    pub(super) fn is_empty(&self) -> bool {
        self.defined.is_empty() && self.known.is_empty()
    }

    pub(super) fn roll_back(&mut self, mark: Mark) {
        self.defined.truncate(mark.defined);
        self.known.truncate(mark.known);
    }

    /// Whether an id is taken.
    pub(super) fn has(&self, id: TypeId) -> bool {
        self.defined.iter().any(|defined| defined.id == id) || self.known.iter().any(|known| known.here == id)
    }

    /// The id here of a type there.
    pub(super) fn id(&self, table: &TypeTable, there: TypeId) -> Option<TypeId> {
        let known = self.known.iter().find(|known| known.there == there && known.table.is(table));
        known.map(|known| known.here)
    }

    pub(super) fn learn(&mut self, table: &TypeTable, there: TypeId, here: TypeId) {
        self.known.push(Known { table: table.downgrade(), there, here });
    }

    pub(super) fn define(&mut self, table: &TypeTable, id: TypeId, ty: WireType) {
        self.defined.push(Defined { id, ty, from: table.downgrade() });
    }

    /// The definitions that are not from `table`: two of one stream are two types, however alike (G32).
    pub(super) fn defined_elsewhere(&self, table: &TypeTable) -> impl Iterator<Item = TypeId> {
        self.defined.iter().filter(|defined| !defined.from.is(table)).map(|defined| defined.id)
    }

    pub(super) fn get(&self, id: TypeId) -> Option<&WireType> {
        self.defined.iter().find(|defined| defined.id == id).map(|defined| &defined.ty)
    }
}
