//! What all types of Go's have in common: their place in serde, and the modules for `#[serde(with = "…")]`.

use std::fmt::{self, Display};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{Deserializer, Error as _, Visitor};
use serde::ser::{Error as _, Serializer};
use serde::{Deserialize, Serialize};

use crate::gob::opaque::{self, Opaque};

/// Serializes a value as text for people, and as its own bytes otherwise.
pub(super) fn serialize_opaque<G: Opaque + Display, S: Serializer>(go: &G, serializer: S) -> Result<S::Ok, S::Error> {
    if serializer.is_human_readable() { serializer.collect_str(go) } else { opaque::serialize(go, serializer) }
}

/// Deserializes a value from text where people are to read it, and from its own bytes otherwise.
pub(super) fn deserialize_opaque<'de, G, D>(deserializer: D) -> Result<G, D::Error>
where
    G: Opaque + FromStr<Err: Display>,
    D: Deserializer<'de>,
{
    if deserializer.is_human_readable() { from_text(deserializer) } else { opaque::deserialize(deserializer) }
}

/// Deserializes a value from text.
pub(super) fn from_text<'de, G: FromStr<Err: Display>, D: Deserializer<'de>>(deserializer: D) -> Result<G, D::Error> {
    struct Text<G>(PhantomData<G>);

    impl<G: FromStr<Err: Display>> Visitor<'_> for Text<G> {
        type Value = G;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<G, E> {
            text.parse().map_err(E::custom)
        }
    }

    deserializer.deserialize_str(Text(PhantomData))
}

/// Serializes a value as the Go type `G`.
pub(super) fn serialize<G, T, S>(value: &T, serializer: S) -> Result<S::Ok, S::Error>
where
    G: Serialize,
    T: Clone + TryInto<G, Error: Display>,
    S: Serializer,
{
    value.clone().try_into().map_err(S::Error::custom)?.serialize(serializer)
}

/// Deserializes a value that came as the Go type `G`.
pub(super) fn deserialize<'de, G, T, D>(deserializer: D) -> Result<T, D::Error>
where
    G: Deserialize<'de> + TryInto<T, Error: Display>,
    D: Deserializer<'de>,
{
    G::deserialize(deserializer)?.try_into().map_err(D::Error::custom)
}

/// Serializes a value as a pointer to the Go type `G`.
pub(super) fn serialize_option<G, T, S>(value: &Option<T>, serializer: S) -> Result<S::Ok, S::Error>
where
    G: Serialize,
    T: Clone + TryInto<G, Error: Display>,
    S: Serializer,
{
    let go: Option<G> = value.clone().map(T::try_into).transpose().map_err(S::Error::custom)?;
    go.serialize(serializer)
}

/// Deserializes a value that came as a pointer to the Go type `G`.
pub(super) fn deserialize_option<'de, G, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    G: Deserialize<'de> + TryInto<T, Error: Display>,
    D: Deserializer<'de>,
{
    Option::<G>::deserialize(deserializer)?.map(G::try_into).transpose().map_err(D::Error::custom)
}

/// Gives a type that encodes itself its Go type, and its place in serde.
macro_rules! opaque_with_text {
    ($go:ty) => {
        impl $crate::gob::Gob for $go {
            const TYPE: &'static $crate::gob::ty::Type = &$crate::gob::opaque::go_type::<Self>();
            const KIND: $crate::gob::ty::Kind = $crate::gob::ty::Kind::Opaque;
        }

        impl serde::Serialize for $go {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::gob::types::glue::serialize_opaque(self, serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $go {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::gob::types::glue::deserialize_opaque(deserializer)
            }
        }
    };
}

/// The items of a module for `#[serde(with = "…")]`: for what converts from and to a Go type.
macro_rules! with_module {
    ($go:ty, $name:literal) => {
        #[doc = concat!("Go's `", $name, "`.")]
        pub const TYPE: &$crate::gob::ty::Type = <$go as $crate::gob::Gob>::TYPE;

        #[doc = concat!("Serializes a value as Go's `", $name, "`.")]
        ///
        /// # Errors
        /// When Go's type cannot hold the value.
        pub fn serialize<T, S>(value: &T, serializer: S) -> Result<S::Ok, S::Error>
        where
            T: Clone + TryInto<$go, Error: std::fmt::Display>,
            S: serde::Serializer,
        {
            $crate::gob::types::glue::serialize::<$go, T, S>(value, serializer)
        }

        #[doc = concat!("Deserializes a value from Go's `", $name, "`.")]
        ///
        /// # Errors
        /// When the bytes are not such a value, or `T` cannot hold it.
        pub fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
        where
            $go: TryInto<T, Error: std::fmt::Display>,
            D: serde::Deserializer<'de>,
        {
            $crate::gob::types::glue::deserialize::<$go, T, D>(deserializer)
        }
    };
    ($go:ty, $name:literal, option) => {
        $crate::gob::types::glue::with_module!($go, $name);

        #[doc = concat!("For `Option`s: Go's `*", $name, "`, of which `None` is nil.")]
        pub mod option {
            #[allow(unused_imports, reason = "some types are named by a path")]
            use super::*;

            #[doc = concat!("Go's `*", $name, "`.")]
            pub const TYPE: &$crate::gob::ty::Type = <Option<$go> as $crate::gob::Gob>::TYPE;

            #[doc = concat!("Serializes a value as Go's `*", $name, "`.")]
            ///
            /// # Errors
            /// When Go's type cannot hold the value.
            pub fn serialize<T, S>(value: &Option<T>, serializer: S) -> Result<S::Ok, S::Error>
            where
                T: Clone + TryInto<$go, Error: std::fmt::Display>,
                S: serde::Serializer,
            {
                $crate::gob::types::glue::serialize_option::<$go, T, S>(value, serializer)
            }

            #[doc = concat!("Deserializes a value from Go's `*", $name, "`.")]
            ///
            /// # Errors
            /// When the bytes are not such a value, or `T` cannot hold it.
            pub fn deserialize<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
            where
                $go: TryInto<T, Error: std::fmt::Display>,
                D: serde::Deserializer<'de>,
            {
                $crate::gob::types::glue::deserialize_option::<$go, T, D>(deserializer)
            }
        }
    };
}

pub(super) use {opaque_with_text, with_module};
