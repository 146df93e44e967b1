//! The crate indexmap.

use std::collections::HashMap;
use std::hash::RandomState;

use gobrpc::Gob;
use gobrpc::gob::{from_slice, to_vec};
use indexmap::{IndexMap, IndexSet};

use super::check;

#[test]
fn they_are_maps() {
    check("map_string_int", IndexMap::<_, _, RandomState>::from_iter([("a".to_owned(), 1_isize)]));
    check("map_set", IndexSet::<_, RandomState>::from_iter(["a".to_owned()]));
    assert_eq!(<Option<IndexMap<String, isize, RandomState>>>::TYPE.to_string(), "map[string]int");
}

#[test]
fn the_order_is_that_of_the_map() {
    let map: IndexMap<i64, i64, RandomState> = (0..100).rev().map(|n| (n, n)).collect();
    let bytes = to_vec(&map).unwrap();
    let back: IndexMap<i64, i64, RandomState> = from_slice(&bytes).unwrap();
    assert!(back.keys().copied().eq((0..100).rev()));
    assert_eq!(from_slice::<HashMap<i64, i64>>(&bytes).unwrap().len(), 100);
}
