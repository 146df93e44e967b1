//! `Registry`: the names of concrete types in interfaces, Go's `gob.Register` (G111–G114).

use std::any::TypeId;
use std::collections::HashMap;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::{Kind as ErrorKind, Result};
use super::schema::Gob;
use super::ty::{Kind, Type};
use super::value::{Value, from_value};

/// The names by which both sides know the types that go into an open interface: a [`Value`] in a field or as an
/// element.
///
/// Go keeps one such table for the whole process; here it is a value. A closed interface, an enum with
/// `#[gob(interface)]`, needs none.
///
/// ```
/// use gobrpc::{Gob, gob::{Registry, Value}};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
/// #[serde(rename_all = "PascalCase")]
/// struct Circle {
///     radius: f64,
/// }
///
/// let mut registry = Registry::new();
/// registry.register::<Circle>()?;
///
/// let value: Value = registry.wrap(&Circle { radius: 2.0 })?;
/// assert_eq!(value.to_string(), "main.Circle({Radius: 2})");
/// assert_eq!(registry.unwrap::<Circle>(&value)?, Circle { radius: 2.0 });
/// # Ok::<(), gobrpc::gob::Error>(())
/// ```
///
/// A session of gorilla/sessions is a `map[interface{}]interface{}`, one of scs a `map[string]interface{}` with a
/// deadline. To change one, take out what has to change, and put it in again; the rest stays as it came:
///
/// ```
/// use std::collections::HashMap;
///
/// use gobrpc::{Gob, gob};
/// use gobrpc::gob::{Registry, Time, Value};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize, Gob)]
/// #[serde(rename_all = "PascalCase")]
/// struct Login {
///     user: String,
///     at: Time,
/// }
///
/// #[allow(clippy::mutable_key_type)] // See `Value`.
/// fn log_in(session: &[u8], user: &str, at: Time) -> gob::Result<Vec<u8>> {
///     let mut registry = Registry::new();
///     registry.register_name::<Login>("*main.Login")?; // gob.Register(&Login{})
///     registry.register::<Time>()?; // gob.Register(time.Time{})
///
///     let mut session: HashMap<Value, Value> = gob::from_slice(session)?;
///     let visits = session.get(&Value::from("visits")).and_then(Value::as_i64).unwrap_or(0);
///     session.insert("visits".into(), (visits + 1).into()); // int: basic types are wrapped by themselves
///     session.insert("seen".into(), registry.wrap(&at)?);
///     session.insert("login".into(), registry.wrap(&Login { user: user.to_owned(), at })?);
///     gob::to_vec(&session)
/// }
/// # #[allow(clippy::mutable_key_type)]
/// # let none = HashMap::<Value, Value>::new();
/// # let session = log_in(&gob::to_vec(&none)?, "ada", Time::default())?;
/// # assert_eq!(gob::from_slice::<HashMap<Value, Value>>(&session)?[&Value::from("visits")].as_i64(), Some(1));
/// # Ok::<(), gob::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Registry {
    names: HashMap<TypeId, String>,
    types: HashMap<String, &'static Type>,
}

impl Registry {
    /// An empty registry. The basic types and slices of them need no registration (G113).
    pub fn new() -> Self {
        Self::default()
    }

    /// Registers a type under the name that Go gives it: the import path and the name of a declared type
    /// (`main.Circle`), the printed form of any other (`[]main.Circle`): Go's `gob.Register`.
    ///
    /// # Errors
    /// [`ErrorKind::Registration`] where Go panics: when the type has another name already, or the name another type.
    pub fn register<T: Gob + 'static>(&mut self) -> Result<&mut Self> {
        self.register_name::<T>(&T::TYPE.registered_name())
    }

    /// Registers a type under another name, such as `*main.Circle` for a type that Go registered by pointer: Go's
    /// `gob.RegisterName`.
    ///
    /// # Errors
    /// As [`register`](Self::register), and for an empty name.
    pub fn register_name<T: Gob + 'static>(&mut self, name: &str) -> Result<&mut Self> {
        let fail = |text: String| Err(ErrorKind::Registration(text).into());
        if name.is_empty() {
            return fail("attempt to register empty name".to_owned());
        }
        match self.types.get(name) {
            Some(ty) if !ty.same(T::TYPE) => {
                return fail(format!("gob: registering duplicate types for {name:?}: {ty} != {}", T::TYPE));
            }
            _ => {}
        }
        let known = self.names.entry(TypeId::of::<T>()).or_insert_with(|| name.to_owned());
        if known != name {
            return fail(format!("gob: registering duplicate names for {}: {known:?} != {name:?}", T::TYPE));
        }
        self.types.insert(name.to_owned(), T::TYPE);
        Ok(self)
    }

    /// The name of a type; `None` if it has none.
    pub fn name<T: Gob + 'static>(&self) -> Option<String> {
        self.names.get(&TypeId::of::<T>()).cloned().or_else(|| is_basic(T::TYPE).then(|| T::TYPE.to_string()))
    }

    /// Puts a value into an interface.
    ///
    /// # Errors
    /// [`ErrorKind::TypeNotRegistered`], and those of encoding it.
    pub fn wrap<T: Gob + Serialize + 'static>(&self, value: &T) -> Result<Value> {
        let name = self.name::<T>().ok_or_else(|| ErrorKind::TypeNotRegistered(T::TYPE.to_string()))?;
        Value::interface(&name, T::TYPE, value)
    }

    /// Takes a value out of an interface that holds a `T` by its name: Go's `x.(T)`.
    ///
    /// # Errors
    /// [`ErrorKind::WrongInterface`] when it holds something else, or nothing, and those of decoding it.
    pub fn unwrap<T: Gob + DeserializeOwned + 'static>(&self, value: &Value) -> Result<T> {
        let wanted = self.name::<T>().ok_or_else(|| ErrorKind::TypeNotRegistered(T::TYPE.to_string()))?;
        let (held, content) = match value {
            Value::Interface(Some(interface)) => (interface.name().to_string(), Some(interface.value())),
            Value::Interface(None) => ("nil".to_owned(), None),
            // What an interface would make of it.
            value => match value.basic_name() {
                Some(name) => (name.to_owned(), Some(value)),
                None => return Err(ErrorKind::TypeNotRegistered(value.type_text()).into()),
            },
        };
        match content {
            Some(content) if held == wanted => from_value(content),
            _ => Err(ErrorKind::WrongInterface { held, wanted }.into()),
        }
    }
}

/// Whether Go registers the type by itself: predeclared ones, and slices of them (G113).
fn is_basic(ty: &'static Type) -> bool {
    let scalar = |ty: &Type| ty.kind.basic_name() == ty.name && !ty.name.is_empty();
    match ty.kind {
        Kind::Bytes | Kind::Slice => ty.name.is_empty() && ty.elem().is_none_or(scalar),
        _ => scalar(ty),
    }
}
