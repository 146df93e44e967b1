//! The trait that gives a Rust type its Go type.

#[cfg(feature = "bytes")]
mod bytes;
#[cfg(feature = "indexmap")]
mod indexmap;
#[cfg(feature = "num-complex")]
mod num_complex;
#[cfg(feature = "serde_bytes")]
mod serde_bytes;
mod std_types;
#[cfg(feature = "url")]
mod url;
#[cfg(feature = "uuid")]
mod uuid;

use std::borrow::Cow;

use super::de::row::Row;
use super::ty::{Kind, Type, TypeRef};

/// A Rust type that has a Go type.
///
/// gob sends a type before its values, and serde cannot describe a type without a value; this trait can. It is data
/// only: the values themselves go through [`serde::Serialize`] and [`serde::Deserialize`].
///
/// Derive it:
///
/// ```
/// use gobrpc::Gob;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize, Gob)]
/// struct StringRequest {
///     #[serde(rename = "SA")]
///     a: String,
///     #[serde(rename = "SB")]
///     b: String,
/// }
/// assert_eq!(<StringRequest as Gob>::TYPE.to_string(), "main.StringRequest");
/// ```
///
/// A type that serde converts to another one has the Go type of that other type, and only you can say so:
///
/// ```
/// use gobrpc::Gob;
/// use gobrpc::gob::ty::Type;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Clone, Serialize, Deserialize)]
/// #[serde(from = "String", into = "String")]
/// struct Host(Vec<String>);
///
/// impl Gob for Host {
///     const TYPE: &'static Type = String::TYPE;
/// }
/// # impl From<String> for Host {
/// #     fn from(text: String) -> Self {
/// #         Self(text.split('.').map(str::to_owned).collect())
/// #     }
/// # }
/// # impl From<Host> for String {
/// #     fn from(host: Host) -> Self {
/// #         host.0.join(".")
/// #     }
/// # }
/// # let hosts = vec![Host::from("go.dev".to_owned())];
/// # assert_eq!(gobrpc::gob::to_vec(&hosts)?, gobrpc::gob::to_vec(&["go.dev"][..])?);
/// # Ok::<(), gobrpc::gob::Error>(())
/// ```
///
/// A type that has no counterpart in Go does not compile:
///
/// ```compile_fail,E0277
/// gobrpc::gob::to_vec(&(1_i64, 2_i64));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no Go type",
    note = "derive it with `#[derive(Gob)]`, or use a type that has one: integers, floats, `bool`, `String`, `Vec`, \
            arrays, maps, `Option`, `Box`",
    note = "a field that is a date, a duration, an IP address, a big integer or a long array takes a `#[serde(with = \
            \"gobrpc::gob::…\")]`: see the table of types at `gobrpc::gob`",
    note = "a tuple has no counterpart in Go: use a struct"
)]
pub trait Gob {
    /// The Go type.
    const TYPE: &'static Type;

    /// The kind of [`TYPE`](Self::TYPE). It stands apart so that a struct can name the kinds of its fields even where
    /// a field's type is the struct itself.
    #[doc(hidden)]
    const KIND: Kind = Self::TYPE.kind;

    /// The Go type of a slice of this type. `u8` overrides it, which makes `Vec<u8>` a `[]byte`.
    #[doc(hidden)]
    const SLICE: &'static Type = &Type::slice_of(Self::EDGE);

    /// The kind of [`SLICE`](Self::SLICE).
    #[doc(hidden)]
    const SLICE_KIND: Kind = Kind::Slice;

    /// The Go type of `Option` of this type: a pointer, but the type itself where that can be nil.
    #[doc(hidden)]
    const OPTION: &'static Type = &Type::pointer_to(Self::EDGE);

    /// The kind of [`OPTION`](Self::OPTION).
    #[doc(hidden)]
    const OPTION_KIND: Kind = Kind::Pointer;

    /// The edge that leads to [`TYPE`](Self::TYPE): a function, or `TypeRef::to(Self::TYPE)`, which saves a call, but
    /// is a cycle to the compiler where the type may contain itself.
    #[doc(hidden)]
    const EDGE: TypeRef = TypeRef::new(Self::ty);

    /// The edge that leads to [`OPTION`](Self::OPTION), of which the same is true.
    #[doc(hidden)]
    const OPTION_EDGE: TypeRef = TypeRef::new(|| Self::OPTION);

    /// The bytes of the value, if it is nothing but a `[]byte`, which serde would give one by one.
    #[doc(hidden)]
    fn as_octets(&self) -> Option<&[u8]> {
        None
    }

    /// The same for a slice of this type.
    #[doc(hidden)]
    fn slice_as_octets(_slice: &[Self]) -> Option<&[u8]>
    where
        Self: Sized,
    {
        None
    }

    /// The value, if it is nothing but the bytes of a `[]byte`, which serde would take one by one; else the bytes
    /// again.
    #[doc(hidden)]
    fn from_octets(octets: Cow<'_, [u8]>) -> Result<Self, Cow<'_, [u8]>>
    where
        Self: Sized,
    {
        Err(octets)
    }

    /// The same for a vector of this type.
    #[doc(hidden)]
    fn vec_from_octets(octets: Cow<'_, [u8]>) -> Result<Vec<Self>, Cow<'_, [u8]>>
    where
        Self: Sized,
    {
        Err(octets)
    }

    /// The value, if it is nothing but numbers, and nothing is wrong with these.
    #[doc(hidden)]
    fn from_row(_row: Row<'_>) -> Option<Self>
    where
        Self: Sized,
    {
        None
    }

    /// The same for a vector of this type.
    #[doc(hidden)]
    fn vec_from_row(_row: Row<'_>) -> Option<Vec<Self>>
    where
        Self: Sized,
    {
        None
    }

    /// The value, if it can be these bytes of a `[]byte` without a copy.
    #[cfg(feature = "rpc")]
    #[doc(hidden)]
    fn from_shared(_octets: ::bytes::Bytes) -> Option<Self>
    where
        Self: Sized,
    {
        None
    }

    /// [`TYPE`](Self::TYPE) as a function.
    #[doc(hidden)]
    fn ty() -> &'static Type {
        Self::TYPE
    }
}
