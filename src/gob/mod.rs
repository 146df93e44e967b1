//! Go's `encoding/gob`.
//!
//! A stream is a sequence of values, each preceded by the definitions of its types that have not been sent yet.
//! [`Encoder`] and [`Decoder`] write and read streams; [`to_vec`] and [`from_slice`] do it for a single value.
//!
//! ```
//! use gobrpc::{Gob, gob};
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
//! #[serde(rename_all = "PascalCase")]
//! struct Point {
//!     x: i64,
//!     y: i64,
//! }
//!
//! let bytes = gob::to_vec(&Point { x: 22, y: 33 })?;
//! // What `gob.NewEncoder(w).Encode(Point{22, 33})` writes in a fresh Go process.
//! assert_eq!(bytes[31..], [0x07, 0xff, 0x80, 0x01, 0x2c, 0x01, 0x42, 0x00]);
//! assert_eq!(gob::from_slice::<Point>(&bytes)?, Point { x: 22, y: 33 });
//! # Ok::<(), gob::Error>(())
//! ```
//!
//! # Types
//!
//! | Rust | Go |
//! |---|---|
//! | `bool` | `bool` |
//! | `i8` … `i64`, `isize` | `int8` … `int64`, `int`: one kind on the wire |
//! | `u8` … `u64`, `usize` | `uint8` … `uint64`, `uint`: one kind on the wire |
//! | `f32`, `f64` | `float32`, `float64`: one kind on the wire |
//! | `String`, `&str`, `Box<str>`, `Cow<str>` | `string` |
//! | `Vec<u8>`, `&[u8]` | `[]byte` |
//! | `Vec<T>`, `[T]` | `[]T` |
//! | `[T; N]` | `[N]T` |
//! | `HashMap<K, V>`, `BTreeMap<K, V>` | `map[K]V`, never nil |
//! | `Option<HashMap<K, V>>` | `map[K]V`, `None` is nil |
//! | `Option<T>` | `*T` |
//! | `Box<T>`, `Rc<T>`, `Arc<T>`, `&T` | `T` |
//! | a struct with `#[derive(Gob)]` | a struct |
//! | a tuple struct of one field with `#[derive(Gob)]` | a named type |
//! | an enum with `#[gob(interface)]` | an interface, never nil |
//! | `Option` of such an enum | an interface, `None` is nil |
//! | an enum with `#[gob(repr = "int")]` or `#[gob(repr = "string")]` | a named type with constants |
//! | a type with `#[gob(opaque)]` | a `GobEncoder` or `BinaryMarshaler` |
//! | `()` | `struct{}` |
//!
//! # Where it differs from Go
//!
//! * A value is built anew; Go decodes into an existing one and keeps what the sender left out.
//! * Fields that did not come are Go's zeros, with or without `#[serde(default)]`; a field that has it is left to serde.
//! * A pointer to zero in a field is left out, as in Go, so `Some(0)` arrives as `None`.
//! * An error leaves the stream as it was before the value.
//! * [`Limits`] bound what a peer can make us spend.

pub(crate) mod de;
mod decoder;
mod encoder;
mod error;
#[cfg(feature = "tokio")]
pub mod framed;
mod limits;
pub mod opaque;
mod push;
mod registry;
mod schema;
pub(crate) mod ser;
mod session;
pub(crate) mod stream;
pub mod ty;
mod types;
pub(crate) mod value;
mod wire;

use std::io::{Read, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub use self::decoder::Decoder;
pub use self::encoder::Encoder;
pub use self::error::{Category, Error, Kind as ErrorKind, Result};
pub use self::limits::Limits;
pub use self::opaque::Opaque;
pub use self::push::PushDecoder;
pub use self::registry::Registry;
pub use self::schema::Gob;
pub use self::session::Session;
#[cfg(feature = "rust_decimal")]
pub use self::types::decimal;
pub use self::types::duration::Duration;
pub use self::types::time::Time;
pub use self::types::{ConvertError, array, big, duration, net, netip, time};
pub use self::value::{Blob, ByteString, Interface, Map, Sequence, Struct, Value, from_value, to_value, to_value_as};

use self::de::Context;
use self::stream::frame::{Payload, Poll, Receiver};

/// Encodes one value as a stream of its own.
///
/// # Errors
/// See [`Session::encode`].
pub fn to_vec<T: Gob + Serialize + ?Sized>(value: &T) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    Session::new().encode(value, &mut out)?;
    Ok(out)
}

/// Encodes one value as a stream of its own to a writer.
///
/// # Errors
/// See [`Encoder::encode`].
pub fn to_writer<W: Write, T: Gob + Serialize + ?Sized>(writer: W, value: &T) -> Result<()> {
    Encoder::new(writer).encode(value)
}

/// Decodes the first value of a stream. Strings and bytes may be borrowed from it.
///
/// # Errors
/// [`ErrorKind::Eof`] when there is no value, [`ErrorKind::UnexpectedEof`] when it is not whole, and whatever keeps its
/// bytes or types from fitting `T`.
pub fn from_slice<'de, T: Gob + Deserialize<'de>>(input: &'de [u8]) -> Result<T> {
    let limits = Limits::default();
    let mut receiver = Receiver::new(limits);
    let context = Context::new(receiver.types().clone(), limits);
    let mut rest = input;
    loop {
        match receiver.poll(rest)? {
            Poll::Message(len, found) => {
                let (message, after) = rest.split_at(len);
                match found? {
                    Some(found) => match found.payload {
                        Payload::InPlace(range) => return context.decode(found.id, &message[range], found.offset),
                        Payload::Joined(bytes) => {
                            return context.decode_joined(found.id, &bytes, found.offset);
                        }
                    },
                    None => rest = after,
                }
            }
            Poll::Incomplete => {
                let between = rest.is_empty() && receiver.is_between_values();
                let kind = if between { ErrorKind::Eof } else { ErrorKind::UnexpectedEof };
                return Err(Error::new(kind).at(input.len() as u64));
            }
        }
    }
}

/// Decodes the first value of a reader, and reads no further.
///
/// # Errors
/// See [`from_slice`].
pub fn from_reader<R: Read, T: Gob + DeserializeOwned>(reader: R) -> Result<T> {
    let mut decoder = Decoder::new(reader);
    decoder.decode()?.ok_or_else(|| Error::new(ErrorKind::Eof).at(decoder.offset()))
}
