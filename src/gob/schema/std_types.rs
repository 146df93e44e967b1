//! The Go types of std's types.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::num::{
    NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroIsize, NonZeroU8, NonZeroU16, NonZeroU32, NonZeroU64,
    NonZeroUsize, Saturating, Wrapping,
};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{Arc, Mutex, RwLock};

use super::Gob;
use crate::gob::de::row::Row;
use crate::gob::ty::{Kind, Type, TypeRef};

macro_rules! basic {
    ($($rust:ty => $kind:ident $(from $read:ident)?),* $(,)?) => {$(
        impl Gob for $rust {
            const TYPE: &'static Type = &Type::basic(Kind::$kind);
            const KIND: Kind = Kind::$kind;
            const EDGE: TypeRef = TypeRef::to(Self::TYPE);
            const OPTION_EDGE: TypeRef = TypeRef::to(Self::OPTION);
            $(fn vec_from_row(row: Row<'_>) -> Option<Vec<Self>> {
                row.$read()
            })?
        }
    )*};
}

basic! {
    bool => Bool from bools,
    i8 => Int8 from ints, i16 => Int16 from ints, i32 => Int32 from ints, i64 => Int64 from ints, isize => Int from ints,
    u16 => Uint16 from uints, u32 => Uint32 from uints, u64 => Uint64 from uints, usize => Uint from uints,
    f32 => Float32 from singles, f64 => Float64 from doubles,
    // A path that is not UTF-8 is an error of its own `Serialize`.
    str => String, String => String, Path => String, PathBuf => String,
    // Go's `rune`, which is another name for `int32`.
    char => Int32,
    NonZeroI8 => Int8, NonZeroI16 => Int16, NonZeroI32 => Int32, NonZeroI64 => Int64, NonZeroIsize => Int,
    NonZeroU16 => Uint16, NonZeroU32 => Uint32, NonZeroU64 => Uint64, NonZeroUsize => Uint,
}

/// Its slices are Go's `[]byte`.
impl Gob for u8 {
    const TYPE: &'static Type = &Type::basic(Kind::Uint8);
    const KIND: Kind = Kind::Uint8;
    const SLICE: &'static Type = &Type::bytes();
    const SLICE_KIND: Kind = Kind::Bytes;
    const EDGE: TypeRef = TypeRef::to(Self::TYPE);
    const OPTION_EDGE: TypeRef = TypeRef::to(Self::OPTION);

    fn slice_as_octets(slice: &[Self]) -> Option<&[u8]> {
        Some(slice)
    }

    fn vec_from_octets(octets: Cow<'_, [u8]>) -> Result<Vec<Self>, Cow<'_, [u8]>> {
        Ok(octets.into_owned())
    }
}

impl Gob for NonZeroU8 {
    const TYPE: &'static Type = u8::TYPE;
    const KIND: Kind = Kind::Uint8;
    const SLICE: &'static Type = u8::SLICE;
    const SLICE_KIND: Kind = Kind::Bytes;
    const EDGE: TypeRef = TypeRef::to(Self::TYPE);
    const OPTION_EDGE: TypeRef = TypeRef::to(Self::OPTION);
}

/// Go's `struct{}`.
impl Gob for () {
    const TYPE: &'static Type = &Type::structure(&[]);
    const KIND: Kind = Kind::Struct;
    const EDGE: TypeRef = TypeRef::to(Self::TYPE);
    const OPTION_EDGE: TypeRef = TypeRef::to(Self::OPTION);
}

/// The types that are a `[]byte` by themselves.
#[cfg(any(feature = "bytes", feature = "serde_bytes"))]
macro_rules! bytes {
    ($($rust:ty),*) => {$(
        impl Gob for $rust {
            const TYPE: &'static crate::gob::ty::Type = <[u8]>::TYPE;
            const KIND: crate::gob::ty::Kind = crate::gob::ty::Kind::Bytes;
            const OPTION: &'static crate::gob::ty::Type = Self::TYPE;
            const OPTION_KIND: crate::gob::ty::Kind = Self::KIND;
            const EDGE: crate::gob::ty::TypeRef = crate::gob::ty::TypeRef::to(Self::TYPE);
            const OPTION_EDGE: crate::gob::ty::TypeRef = crate::gob::ty::TypeRef::to(Self::OPTION);
        }
    )*};
}

macro_rules! slice {
    ($($rust:ty $({ $($hooks:tt)* })?),* $(,)?) => {$(
        impl<T: Gob> Gob for $rust {
            const TYPE: &'static Type = T::SLICE;
            const KIND: Kind = T::SLICE_KIND;
            const OPTION: &'static Type = T::SLICE;
            const OPTION_KIND: Kind = T::SLICE_KIND;
            const EDGE: TypeRef = TypeRef::to(Self::TYPE);
            const OPTION_EDGE: TypeRef = TypeRef::to(Self::OPTION);
            $($($hooks)*)?
        }
    )*};
}

slice! {
    [T] {
        fn as_octets(&self) -> Option<&[u8]> {
            T::slice_as_octets(self)
        }
    },
    Vec<T> {
        fn as_octets(&self) -> Option<&[u8]> {
            T::slice_as_octets(self)
        }

        fn from_octets(octets: Cow<'_, [u8]>) -> Result<Self, Cow<'_, [u8]>> {
            T::vec_from_octets(octets)
        }

        fn from_row(row: Row<'_>) -> Option<Self> {
            T::vec_from_row(row)
        }
    },
    VecDeque<T>,
    LinkedList<T>,
    BinaryHeap<T>,
}

impl<T: Gob, const N: usize> Gob for [T; N] {
    const TYPE: &'static Type = &Type::array_of(T::EDGE, N);
    const KIND: Kind = Kind::Array;
    const EDGE: TypeRef = TypeRef::to(Self::TYPE);
    const OPTION_EDGE: TypeRef = TypeRef::to(Self::OPTION);
}

macro_rules! map {
    ($(($($generics:tt)*) $rust:ty, $key:ty => $elem:ty);* $(;)?) => {$(
        impl<$($generics)*> Gob for $rust {
            const TYPE: &'static crate::gob::ty::Type =
                &crate::gob::ty::Type::map_of(<$key as Gob>::EDGE, <$elem as Gob>::EDGE);
            const KIND: crate::gob::ty::Kind = crate::gob::ty::Kind::Map;
            const OPTION: &'static crate::gob::ty::Type = Self::TYPE;
            const OPTION_KIND: crate::gob::ty::Kind = Self::KIND;
            const EDGE: crate::gob::ty::TypeRef = crate::gob::ty::TypeRef::to(Self::TYPE);
            const OPTION_EDGE: crate::gob::ty::TypeRef = crate::gob::ty::TypeRef::to(Self::OPTION);
        }
    )*};
}

map! {
    (K: Gob, V: Gob, S) HashMap<K, V, S>, K => V;
    (K: Gob, V: Gob) BTreeMap<K, V>, K => V;
    // Go writes a set as a map to nothing (G108).
    (T: Gob, S) HashSet<T, S>, T => ();
    (T: Gob) BTreeSet<T>, T => ();
}

impl<T: Gob> Gob for Option<T> {
    const TYPE: &'static Type = T::OPTION;
    const KIND: Kind = T::OPTION_KIND;
    const EDGE: TypeRef = T::OPTION_EDGE;
    const OPTION_EDGE: TypeRef = TypeRef::to(Self::OPTION);
}

/// The types that are for serde what they hold.
macro_rules! transparent {
    ($(($($generics:tt)*) $rust:ty => $inner:ty),* $(,)?) => {$(
        impl<$($generics)*> Gob for $rust {
            const TYPE: &'static Type = <$inner as Gob>::TYPE;
            const KIND: Kind = <$inner as Gob>::KIND;
            const SLICE: &'static Type = <$inner as Gob>::SLICE;
            const SLICE_KIND: Kind = <$inner as Gob>::SLICE_KIND;
            const OPTION: &'static Type = <$inner as Gob>::OPTION;
            const OPTION_KIND: Kind = <$inner as Gob>::OPTION_KIND;
            const EDGE: TypeRef = <$inner as Gob>::EDGE;
            const OPTION_EDGE: TypeRef = <$inner as Gob>::OPTION_EDGE;
        }
    )*};
}

transparent! {
    (T: Gob + ?Sized) &T => T,
    (T: Gob + ?Sized) &mut T => T,
    (T: Gob + ?Sized) Box<T> => T,
    (T: Gob + ?Sized) Rc<T> => T,
    (T: Gob + ?Sized) Arc<T> => T,
    (T: Gob + ToOwned + ?Sized) Cow<'_, T> => T,
    (T: Gob) Cell<T> => T,
    (T: Gob + ?Sized) RefCell<T> => T,
    (T: Gob + ?Sized) Mutex<T> => T,
    (T: Gob + ?Sized) RwLock<T> => T,
    (T: Gob) Wrapping<T> => T,
    (T: Gob) Saturating<T> => T,
    (T: Gob) Reverse<T> => T,
}

/// The atomics that the machine has.
macro_rules! atomic {
    ($($rust:ident => $value:ty, $width:literal;)*) => {$(
        #[cfg(target_has_atomic = $width)]
        transparent!(() std::sync::atomic::$rust => $value);
    )*};
}

atomic! {
    AtomicBool => bool, "8";
    AtomicI8 => i8, "8";
    AtomicI16 => i16, "16";
    AtomicI32 => i32, "32";
    AtomicI64 => i64, "64";
    AtomicIsize => isize, "ptr";
    AtomicU8 => u8, "8";
    AtomicU16 => u16, "16";
    AtomicU32 => u32, "32";
    AtomicU64 => u64, "64";
    AtomicUsize => usize, "ptr";
}

#[cfg(any(feature = "bytes", feature = "serde_bytes"))]
pub(super) use bytes;
#[cfg(feature = "indexmap")]
pub(super) use map;
