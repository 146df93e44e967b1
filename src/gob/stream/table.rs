//! `TypeTable`: the types a stream has defined so far.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

use super::wiretype::{FIRST_USER_ID, Shape, TypeId, WireType, builtin};
use crate::gob::error::{Kind, Result};

/// Types received on one stream. It only grows, so whoever holds a clone can decode a value later, elsewhere.
#[derive(Debug, Clone, Default)]
pub(crate) struct TypeTable(Arc<RwLock<HashMap<TypeId, Arc<WireType>>>>);

impl TypeTable {
    pub(crate) fn get(&self, id: TypeId) -> Option<Arc<WireType>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    /// Takes up a definition.
    ///
    /// # Errors
    /// [`Kind::DuplicateType`] for an id that is taken or reserved (G49), [`Kind::TooManyTypes`] beyond the limit.
    pub(crate) fn define(&self, id: TypeId, ty: WireType, limit: usize) -> Result<()> {
        let mut types = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if id < FIRST_USER_ID || types.contains_key(&id) {
            return Err(Kind::DuplicateType.into());
        }
        if types.len() >= limit {
            return Err(Kind::TooManyTypes(limit).into());
        }
        types.insert(id, Arc::new(ty));
        Ok(())
    }

    /// Whether a value of this type is a struct on the wire, or a singleton with a zero before it (G17).
    pub(crate) fn is_struct(&self, id: TypeId) -> bool {
        self.get(id).is_some_and(|ty| matches!(ty.shape, Shape::Struct { .. }))
    }

    /// The name error texts give to a received type (G191).
    pub(crate) fn name(&self, id: TypeId) -> String {
        match id {
            builtin::BOOL => "bool".to_owned(),
            builtin::INT => "int".to_owned(),
            builtin::UINT => "uint".to_owned(),
            builtin::FLOAT => "float".to_owned(),
            builtin::BYTES => "bytes".to_owned(),
            builtin::STRING => "string".to_owned(),
            builtin::COMPLEX => "complex".to_owned(),
            builtin::INTERFACE => "interface".to_owned(),
            _ => self.get(id).map_or_else(|| "unknown type".to_owned(), |ty| ty.name.clone()),
        }
    }

    /// Whether a value of the type may hold an interface, and with it definitions.
    pub(crate) fn holds_interface(&self, id: TypeId) -> bool {
        let mut seen = HashSet::new();
        let mut todo = vec![id];
        while let Some(id) = todo.pop() {
            if id == builtin::INTERFACE {
                return true;
            }
            if (builtin::BOOL..=builtin::COMPLEX).contains(&id) || !seen.insert(id) {
                continue;
            }
            match self.get(id).as_deref().map(|ty| &ty.shape) {
                Some(Shape::Array { elem, .. } | Shape::Slice { elem }) => todo.push(*elem),
                Some(Shape::Map { key, elem }) => todo.extend([*key, *elem]),
                Some(Shape::Struct { fields }) => todo.extend(fields.iter().map(|field| field.id)),
                // What is undefined cannot be read, as whoever decodes the value will say.
                Some(Shape::External { .. } | Shape::Unusable) | None => {}
            }
        }
        false
    }
}
