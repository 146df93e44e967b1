//! Slices and maps of anything, as Go makes of formats that know no types: `[]interface{}`, `map[string]interface{}`.

use std::collections::BTreeMap;

use super::{Interface, Map, Sequence, TypeOf, Value, to_value};
use crate::gob::error::{Kind as ErrorKind, Result};
use crate::gob::schema::Gob;
use crate::gob::stream::types::StreamType;

/// Values of interfaces as an `[]interface{}` in an interface.
pub(crate) fn any_slice(items: Vec<Value>) -> Result<Value> {
    let ty = template::<Vec<Value>>()?;
    Ok(wrap::<Vec<Value>>(Value::Slice(Sequence { ty, items })))
}

/// Strings, each with the value of an interface, as a `map[string]interface{}` in an interface.
pub(crate) fn any_map(entries: Vec<(Value, Value)>) -> Result<Value> {
    let ty = template::<BTreeMap<String, Value>>()?;
    Ok(wrap::<BTreeMap<String, Value>>(Value::Map(Map { ty, entries })))
}

fn wrap<T: Gob>(value: Value) -> Value {
    let name = T::TYPE.registered_name().into();
    Value::Interface(Some(Box::new(Interface { name, ty: TypeOf::Static(T::TYPE), value })))
}

/// The type as a stream would tell it.
fn template<T: Gob + serde::Serialize + Default>() -> Result<StreamType> {
    let ty = to_value(&T::default())?.type_id();
    ty.map_err(|_| ErrorKind::TypeNotRegistered(T::TYPE.to_string()).into())
}
