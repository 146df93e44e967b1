//! The Go types of std's types.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use super::Gob;
use crate::gob::ty::{Kind, Type};

macro_rules! basic {
    ($($rust:ty => $kind:ident),* $(,)?) => {$(
        impl Gob for $rust {
            const TYPE: &'static Type = &Type::basic(Kind::$kind);
            const KIND: Kind = Kind::$kind;
        }
    )*};
}

basic! {
    bool => Bool,
    i8 => Int8, i16 => Int16, i32 => Int32, i64 => Int64, isize => Int,
    u16 => Uint16, u32 => Uint32, u64 => Uint64, usize => Uint,
    f32 => Float32, f64 => Float64,
    str => String, String => String,
}

impl Gob for u8 {
    const TYPE: &'static Type = &Type::basic(Kind::Uint8);
    const KIND: Kind = Kind::Uint8;
    const SLICE: &'static Type = &Type::bytes();
    const SLICE_KIND: Kind = Kind::Bytes;
}

/// Go's `struct{}`.
impl Gob for () {
    const TYPE: &'static Type = &Type::structure(&[]);
    const KIND: Kind = Kind::Struct;
}

macro_rules! slice {
    ($($rust:ty),*) => {$(
        impl<T: Gob> Gob for $rust {
            const TYPE: &'static Type = T::SLICE;
            const KIND: Kind = T::SLICE_KIND;
            const OPTION: &'static Type = T::SLICE;
            const OPTION_KIND: Kind = T::SLICE_KIND;
        }
    )*};
}

slice!([T], Vec<T>);

impl<T: Gob, const N: usize> Gob for [T; N] {
    const TYPE: &'static Type = &Type::array(T::ty, N);
    const KIND: Kind = Kind::Array;
}

impl<K: Gob, V: Gob, S> Gob for HashMap<K, V, S> {
    const TYPE: &'static Type = &Type::map(K::ty, V::ty);
    const KIND: Kind = Kind::Map;
    const OPTION: &'static Type = Self::TYPE;
    const OPTION_KIND: Kind = Kind::Map;
}

impl<K: Gob, V: Gob> Gob for BTreeMap<K, V> {
    const TYPE: &'static Type = &Type::map(K::ty, V::ty);
    const KIND: Kind = Kind::Map;
    const OPTION: &'static Type = Self::TYPE;
    const OPTION_KIND: Kind = Kind::Map;
}

impl<T: Gob> Gob for Option<T> {
    const TYPE: &'static Type = T::OPTION;
    const KIND: Kind = T::OPTION_KIND;
}

macro_rules! transparent {
    ($(($($generics:tt)*) $rust:ty),* $(,)?) => {$(
        impl<$($generics)*> Gob for $rust {
            const TYPE: &'static Type = T::TYPE;
            const KIND: Kind = T::KIND;
            const SLICE: &'static Type = T::SLICE;
            const SLICE_KIND: Kind = T::SLICE_KIND;
            const OPTION: &'static Type = T::OPTION;
            const OPTION_KIND: Kind = T::OPTION_KIND;
        }
    )*};
}

transparent! {
    (T: Gob + ?Sized) &T,
    (T: Gob + ?Sized) &mut T,
    (T: Gob + ?Sized) Box<T>,
    (T: Gob + ?Sized) Rc<T>,
    (T: Gob + ?Sized) Arc<T>,
    (T: Gob + ToOwned + ?Sized) Cow<'_, T>,
}
