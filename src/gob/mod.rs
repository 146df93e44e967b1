//! Go's `encoding/gob`.
//!
//! A stream is a sequence of values, each preceded by the definitions of those of its types that were not sent before.
//! [`Encoder`] and [`Decoder`] write and read streams; [`to_vec`] and [`from_slice`] do it for a single value.
//! [`PushDecoder`] reads a stream that arrives in pieces, and a [`Value`] holds what has no Rust type.
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
//! | `String`, `&str`, `Box<str>`, `Cow<str>`; `PathBuf`, `&Path` | `string`, which must be UTF-8 |
//! | [`ByteString`] | `string`, whatever is in it |
//! | `char` | `rune`, which is `int32` |
//! | `NonZeroI64`, `AtomicI64` and their like | as the integers |
//! | `Vec<u8>`, `&[u8]`; `Bytes`, `BytesMut`*; `serde_bytes::{ByteBuf, Bytes}`* | `[]byte` |
//! | `Vec<T>`, `[T]`, `VecDeque<T>`, `LinkedList<T>`, `BinaryHeap<T>` | `[]T` |
//! | `[T; N]` to 32, and longer ones with [`array`](mod@array); `serde_bytes::ByteArray`* | `[N]T` |
//! | `HashMap<K, V>`, `BTreeMap<K, V>`, `IndexMap<K, V>`* | `map[K]V`, never nil |
//! | `HashSet<T>`, `BTreeSet<T>`, `IndexSet<T>`* | `map[T]struct{}`, never nil |
//! | `Option` of a map, set or slice | the same, `None` is nil |
//! | `Option<T>` | `*T` |
//! | `Box<T>`, `Rc<T>`, `Arc<T>`, `Cow<T>`, `&T`, `Cell<T>`, `RefCell<T>`, `Mutex<T>`, `RwLock<T>` | `T` |
//! | `Wrapping<T>`, `Saturating<T>`, `Reverse<T>` | `T` |
//! | `num_complex::Complex<f32>`, `Complex<f64>`* | `complex64`, `complex128` |
//! | [`Time`]; with [`time`] `SystemTime`, and those of chrono*, jiff* and time* | `time.Time` |
//! | [`Duration`]; with [`duration`] std's, and those of chrono*, jiff* and time* | `time.Duration` |
//! | `big::Int`*; with `big::int` `BigInt`, `BigUint`, `i128`, `u128` | `big.Int` |
//! | `big::Rat`*; with `big::rat` `num_rational::Ratio<BigInt>` | `big.Rat` |
//! | [`big::Float`] | `big.Float` |
//! | [`netip::Addr`]; with [`netip::addr`] `IpAddr` | `netip.Addr` |
//! | [`netip::AddrPort`]; with [`netip::addr_port`] `SocketAddr` | `netip.AddrPort` |
//! | [`netip::Prefix`]; with [`netip::prefix`] `ipnet::IpNet`* | `netip.Prefix` |
//! | [`net::ip::Ip`]; with [`net::ip`] `IpAddr` | `net.IP` |
//! | `url::Url`* | `url.URL`; an empty one is an error |
//! | `uuid::Uuid`* | `uuid.UUID` of github.com/google/uuid |
//! | `decimal::Decimal`*; with `decimal` `rust_decimal::Decimal` | `decimal.Decimal` of github.com/shopspring/decimal |
//! | a struct with `#[derive(Gob)]` | a struct |
//! | a tuple struct of one field with `#[derive(Gob)]` | a named type |
//! | an enum with `#[gob(interface)]` | an interface, never nil |
//! | `Option` of such an enum | an interface, `None` is nil |
//! | an enum with `#[gob(repr = "int")]` or `#[gob(repr = "string")]` | a named type with constants |
//! | a type with `#[gob(opaque)]` | a `GobEncoder` or `BinaryMarshaler` |
//! | [`Value`] | `interface{}`, nil too; see [`Registry`] |
//! | `()` | `struct{}` |
//!
//! An asterisk marks what needs the feature named after its crate; `big::Int` needs `num-bigint`, `big::Rat`
//! `num-rational`. "With" means a field attribute that names the module, `#[serde(with = "gobrpc::gob::time")]` for
//! instance: it is needed where serde's form of a Rust type is not Go's. The module's `option` is for a Go pointer:
//! `#[serde(with = "gobrpc::gob::time::option")]` on an `Option<SystemTime>`. Inside other types, as in a Go
//! `[]time.Time`, use the type of this library: `Vec<Time>`.
//!
//! # Where it differs from Go
//!
//! All of this is on purpose, and the tests check each item against the real Go. Numbers such as G68 stand for what Go
//! does, rule by rule, in `docs/rules.md`.
//!
//! Values:
//!
//! * A value is built anew; Go decodes into an existing one and keeps what the sender left out (G207–G213).
//! * A field that was not sent is Go's zero, and needs no `#[serde(default)]`; where it has one, that is its value.
//! * A pointer to zero in a field is left out, as in Go, so `Some(0)` arrives as `None` (G68).
//! * A `Vec` is never nil, and an empty map is sent as a map that is not nil: for Go's nil map use an `Option`.
//! * A string that is not UTF-8 is an error for a `String`, and kept in a [`ByteString`].
//! * An unknown registered name is no error for a [`Value`]; at top level a `Value` takes any type, and not only
//!   interfaces.
//!
//! Broken streams, which Go may write, are never written:
//!
//! * Nil pointers where gob has no place for them are errors, as in Go. So is a pointer to a nil pointer, for which Go
//!   writes a message without a value (G82, G119).
//! * An error leaves the stream as it was before the value; Go may leave half a value (G232).
//! * Maps that contain themselves through maps are defined correctly (G31).
//!
//! Some streams are read that Go cannot read:
//!
//! * Interfaces in fields that the receiver does not have, if they are nil or define types: Go loses its place
//!   (G240–G242).
//! * Two received types for one local type, or for two fields of one local type: Go allows one (G189).
//!
//! Some streams are refused that Go reads:
//!
//! * [`Limits`] bound the length of a message, the depth of a value and the number of types; Go allows 8 GiB per
//!   message, and does not bound the others (G13, G225). A count that is larger than the number of bytes left is an
//!   error at once; Go allocates, or takes it for zero (G220, G221).
//! * Go's own types of definitions cannot be the types of values (G205).
//! * A time with a second or more of nanoseconds is an error. (The seconds of its offset are read with their sign,
//!   G157.)
//!
//! Errors have Go's texts, followed by the path of the field and the offset; where Go's text depends on something that
//! only Go has, the text is the library's own. An end of the input inside a value is [`ErrorKind::UnexpectedEof`] or an
//! error of the value, never a clean end (G218).

pub(crate) mod de;
mod decoder;
mod encoder;
mod error;
#[cfg(feature = "tokio")]
pub mod framed;
mod inspect;
mod limits;
pub mod opaque;
mod opening;
mod push;
mod registry;
mod room;
mod schema;
pub(crate) mod ser;
mod session;
mod source;
pub(crate) mod stream;
pub mod ty;
mod types;
pub(crate) mod value;
pub(crate) mod wire;

use std::io::{Read, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub use self::decoder::Decoder;
pub use self::encoder::Encoder;
pub use self::error::{Category, Error, Kind as ErrorKind, Result};
pub use self::inspect::{Note, inspect};
pub use self::limits::Limits;
pub use self::opaque::Opaque;
pub use self::push::PushDecoder;
pub use self::registry::Registry;
pub use self::schema::Gob;
pub use self::session::Session;
pub use self::source::{Declarations, ParseError};
#[doc(hidden)]
pub use self::source::{constant, syntax};
pub use self::stream::types::{StreamField, StreamMarshaler, StreamShape, StreamType};
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
/// [`ErrorKind::Eof`] when there is no value, [`ErrorKind::UnexpectedEof`] when it is incomplete, and other kinds when
/// its bytes or types do not fit `T`.
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
                        Payload::InPlace(range) => return context.decode_once(found.id, &message[range], found.offset),
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
