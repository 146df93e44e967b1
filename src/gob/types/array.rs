//! Arrays of any length, for which serde stops at 32.
//!
//! ```
//! use gobrpc::Gob;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize, Gob)]
//! struct Digest {
//!     #[serde(rename = "Sum", with = "gobrpc::gob::array")]
//!     sum: [u8; 64],
//! }
//! ```
//!
//! There is no `TYPE` here: `#[derive(Gob)]` knows the module, and takes the type from the field.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeTuple, Serializer};

/// Serializes an array of any length.
///
/// # Errors
/// When an element has no encoding.
pub fn serialize<T: Serialize, S: Serializer, const N: usize>(
    array: &[T; N],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut tuple = serializer.serialize_tuple(N)?;
    for element in array {
        tuple.serialize_element(element)?;
    }
    tuple.end()
}

/// Deserializes an array of any length.
///
/// # Errors
/// When an element cannot be read, or there is another number of them.
pub fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>, const N: usize>(
    deserializer: D,
) -> Result<[T; N], D::Error> {
    struct Elements<T, const N: usize>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>, const N: usize> Visitor<'de> for Elements<T, N> {
        type Value = [T; N];

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "an array of {N} elements")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<[T; N], A::Error> {
            let mut elements = Vec::with_capacity(N);
            while elements.len() < N
                && let Some(element) = seq.next_element()?
            {
                elements.push(element);
            }
            elements.try_into().map_err(|elements: Vec<T>| A::Error::invalid_length(elements.len(), &self))
        }
    }

    deserializer.deserialize_tuple(N, Elements(PhantomData))
}
