//! Conversion between values of Rust types and dynamic ones. Both directions go through the bytes, so there is one set
//! of rules.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Interface, TypeOf, Value};
use crate::gob::de::Context;
use crate::gob::error::{Error, Kind as ErrorKind, Result};
use crate::gob::limits::Limits;
use crate::gob::schema::Gob;
use crate::gob::session::Session;
use crate::gob::stream::frame::{Found, Payload, Poll, Receiver};
use crate::gob::stream::table::TypeTable;
use crate::gob::ty::{Kind, Type};

/// Turns a typed value into a dynamic one. It has no zero fields, since a stream has none.
///
/// ```
/// use gobrpc::gob::{Value, from_value, to_value};
///
/// let value = to_value(&vec!["a", "b"])?;
/// assert_eq!(value.to_string(), r#"["a", "b"]"#);
/// assert_eq!(from_value::<Vec<String>>(&value)?, ["a", "b"]);
/// # Ok::<(), gobrpc::gob::Error>(())
/// ```
///
/// # Errors
/// See [`Session::encode`].
pub fn to_value<T: Gob + Serialize + ?Sized>(value: &T) -> Result<Value> {
    to_value_as(T::TYPE, value)
}

/// Turns a value whose type is known only at run time into a dynamic one. It must serialize in the same way as a Rust
/// type with that Go type.
///
/// # Errors
/// See [`Session::encode`].
pub fn to_value_as<T: Serialize + ?Sized>(ty: &'static Type, value: &T) -> Result<Value> {
    let (mut session, mut bytes) = (Session::new(), Vec::new());
    session.encode_as(ty, value, &mut bytes)?;
    let types = TypeTable::made_here(session.static_types().collect());
    read(&bytes, types, |context, found, payload| context.decode_value(found.id, payload, found.offset))
}

impl Value {
    /// Puts a value of the Go type `ty` into an interface, under the name by which Go registered the type.
    ///
    /// ```
    /// use gobrpc::gob::{Value, ty::Type};
    ///
    /// let ty = Type::parse("map[string]bool")?;
    /// let value = Value::interface("map[string]bool", ty, &serde_json::json!({ "a": true }))?;
    /// assert_eq!(value.to_string(), r#"map[string]bool(map["a": true])"#);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// See [`Session::encode`].
    pub fn interface<T: Serialize + ?Sized>(name: &str, ty: &'static Type, value: &T) -> Result<Self> {
        let value = to_value_as(ty, value)?;
        Ok(Self::Interface(Some(Box::new(Interface { name: name.into(), ty: TypeOf::Static(ty), value }))))
    }
}

/// Turns a dynamic value into a typed one by the rules of decoding: fields are matched by name, and missing ones are
/// zero. The value in an interface is taken out, unless `T` is an interface itself.
///
/// # Errors
/// See [`from_slice`](crate::gob::from_slice).
pub fn from_value<T: Gob + DeserializeOwned>(value: &Value) -> Result<T> {
    let value = if T::TYPE.base().kind == Kind::Interface { value } else { value.content() };
    let mut bytes = Vec::new();
    Session::new().encode_value(value, &mut bytes)?;
    read(&bytes, TypeTable::default(), |context, found, payload| context.decode_once(found.id, payload, found.offset))
        .map_err(Error::nowhere)
}

/// Reads the one value of a stream that has just been written.
fn read<T>(stream: &[u8], types: TypeTable, decode: impl FnOnce(&Context, &Found, &[u8]) -> Result<T>) -> Result<T> {
    let mut receiver = Receiver::with_types(types.clone(), Limits::default());
    let mut rest = stream;
    while let Poll::Message(len, found) = receiver.poll(rest)? {
        let (message, after) = rest.split_at(len);
        if let Some(found) = found? {
            let payload = match &found.payload {
                Payload::InPlace(range) => &message[range.clone()],
                Payload::Joined(bytes) => bytes,
            };
            return decode(&Context::new(types, Limits::default()), &found, payload);
        }
        rest = after;
    }
    Err(Error::new(ErrorKind::UnexpectedEof))
}
