//! indexmap: `IndexMap` is a map and `IndexSet` a set. Go has no order for them, and sends them in any.

use indexmap::{IndexMap, IndexSet};

use super::Gob;
use super::std_types::map;

map! {
    (K: Gob, V: Gob, S) IndexMap<K, V, S>, K => V;
    (T: Gob, S) IndexSet<T, S>, T => ();
}
