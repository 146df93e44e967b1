//! The types of std.

use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::hash::{BuildHasherDefault, DefaultHasher};
use std::num::{NonZeroI64, NonZeroIsize, NonZeroU8, Saturating, Wrapping};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicIsize, Ordering};
use std::sync::{Arc, Mutex, RwLock};

use gobrpc::Gob;
use gobrpc::gob::ty::Kind;
use gobrpc::gob::{from_slice, to_vec};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{check, encodes, golden, mismatch};

const INTS: [isize; 3] = [1, -1, 64];

/// Go's stream as `T`.
fn read<T: Gob + DeserializeOwned>(name: &str) -> T {
    from_slice(&golden(name)).unwrap()
}

#[test]
fn sequences_are_slices() {
    check("slice_int", VecDeque::from(INTS));
    check("slice_int", LinkedList::from(INTS));
    check("slice_int", Box::<[isize]>::from(INTS));
    check("slice_int", Rc::<[isize]>::from(INTS));
    check("slice_int", Arc::<[isize]>::from(INTS));
    assert_eq!(read::<BinaryHeap<isize>>("slice_int").into_sorted_vec(), [-1, 1, 64]);
    let heap: BinaryHeap<Reverse<isize>> = read("slice_int");
    assert_eq!(heap.peek(), Some(&Reverse(-1)));
    encodes("slice_int", &INTS[..]);
}

#[test]
fn sequences_of_bytes_are_bytes() {
    check("bytes_abc", VecDeque::from(*b"abc"));
    check("bytes_abc", LinkedList::from(*b"abc"));
    check("bytes_abc", Box::<[u8]>::from(*b"abc"));
    check("bytes_abc", b"abc".map(|byte| NonZeroU8::new(byte).unwrap()).to_vec());
    check("bytes_nil", VecDeque::<u8>::new());
    assert_eq!(<VecDeque<u8>>::TYPE.kind(), Kind::Bytes);
}

#[test]
fn an_option_of_a_sequence_is_the_sequence() {
    assert_eq!(<Option<VecDeque<isize>>>::TYPE.to_string(), "[]int");
    assert_eq!(<Option<HashSet<isize>>>::TYPE.to_string(), "map[int]struct {}");
}

type OtherHasher = BuildHasherDefault<DefaultHasher>;

#[test]
fn sets_are_maps_to_nothing() {
    let a = || "a".to_owned();
    check("map_set", HashSet::from([a()]));
    check("map_set", BTreeSet::from([a()]));
    check("map_set", HashSet::<String, OtherHasher>::from_iter([a()]));
    check("map_string_int", HashMap::<String, isize, OtherHasher>::from_iter([(a(), 1)]));
}

#[test]
fn a_path_is_a_string() {
    check("string_hello", PathBuf::from("hello"));
    encodes("string_hello", Path::new("hello"));
    let bytes = golden("string_hello");
    assert_eq!(from_slice::<&Path>(&bytes).unwrap(), Path::new("hello"));
}

#[cfg(unix)]
#[test]
fn a_path_that_is_not_utf8_is_an_error() {
    let path: &std::ffi::OsStr = std::os::unix::ffi::OsStrExt::from_bytes(b"\xff");
    assert_eq!(to_vec(Path::new(path)).unwrap_err().to_string(), "path contains invalid UTF-8 characters");
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Sets {
    s: BTreeSet<String>,
    e: Option<BTreeSet<isize>>,
}

#[test]
fn sets_are_in_fields() {
    check("set_fields", Sets { s: BTreeSet::from(["a".to_owned()]), e: None });
    let empty = Sets { s: BTreeSet::new(), e: Some(BTreeSet::new()) };
    assert_eq!(from_slice::<Sets>(&to_vec(&empty).unwrap()).unwrap(), empty);
}

#[test]
fn integers_that_are_never_zero_are_integers() {
    check("int_three", NonZeroIsize::new(3).unwrap());
    check("int64_min", NonZeroI64::MIN);
    assert!(mismatch::<NonZeroIsize>("int_zero").contains("nonzero"));
}

#[test]
fn a_char_is_a_rune() {
    check("rune_x", 'x');
    check("slice_rune", vec!['a', 'é']);
    assert!(from_slice::<char>(&to_vec(&-1_i32).unwrap()).is_err());
    assert!(from_slice::<char>(&to_vec(&0xd800).unwrap()).is_err());
}

#[test]
fn wrappers_are_what_they_hold() {
    check("int_three", Wrapping(3_isize));
    check("int_three", Saturating(3_isize));
    check("int_three", Reverse(3_isize));
    check("int_three", Cell::new(3_isize));
    check("int_three", RefCell::new(3_isize));
    assert_eq!(*read::<Mutex<isize>>("int_three").lock().unwrap(), 3);
    assert_eq!(*read::<RwLock<isize>>("int_three").read().unwrap(), 3);
    encodes("int_three", &Mutex::new(3_isize));
    encodes("int_three", &RwLock::new(3_isize));
    check("string_hello", Rc::<str>::from("hello"));
    check("string_hello", Arc::<str>::from("hello"));
    check("string_hello", Box::<str>::from("hello"));
    assert_eq!(<Vec<Wrapping<u8>>>::TYPE.kind(), Kind::Bytes);
}

#[test]
fn atomics_are_what_they_hold() {
    encodes("int_three", &AtomicIsize::new(3));
    assert_eq!(read::<AtomicIsize>("int_three").load(Ordering::Relaxed), 3);
    encodes("bool_true", &AtomicBool::new(true));
    assert!(read::<AtomicBool>("bool_true").into_inner());
}
