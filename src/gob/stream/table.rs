//! `TypeTable`: the types a stream has defined so far.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, Weak};

use super::wiretype::{FIRST_USER_ID, Shape, TypeId, WireType, builtin};
use crate::gob::error::{Kind, Result};
use crate::gob::limits::Limits;

/// Types received on one stream. It only grows, so whoever holds a clone can decode a value later, elsewhere.
#[derive(Debug, Clone, Default)]
pub(crate) struct TypeTable(Arc<RwLock<Types>>);

/// Tells a table from others without keeping it.
#[derive(Debug, Clone)]
pub(crate) struct WeakTypeTable(Weak<RwLock<Types>>);

impl WeakTypeTable {
    pub(crate) fn is(&self, table: &TypeTable) -> bool {
        std::ptr::eq(self.0.as_ptr(), Arc::as_ptr(&table.0))
    }

    /// Whether anyone still holds the table.
    pub(crate) fn is_alive(&self) -> bool {
        self.0.strong_count() > 0
    }
}

/// The types of a table, for a time in which none is added.
#[derive(Debug, Default)]
pub(crate) struct Types {
    /// Whether the ids are those of a stream, which a value keeps where it can, or mean nothing outside.
    made_here: bool,
    by_id: BTreeMap<TypeId, Arc<WireType>>,
    /// The ids in the order in which their definitions came.
    order: Vec<TypeId>,
    /// How long the definitions are, all in all.
    len: u64,
    /// How many of them have been looked through by `settle`.
    settled: usize,
    /// Definitions that nothing refers to, which Go sends after one of a type that encodes itself (G154).
    leaked: BTreeMap<TypeId, Vec<TypeId>>,
}

impl TypeTable {
    /// The table of a stream that is made only to be read again.
    pub(crate) fn made_here() -> Self {
        Self(Arc::new(RwLock::new(Types { made_here: true, ..Types::default() })))
    }

    pub(crate) fn is_made_here(&self) -> bool {
        self.read().made_here
    }

    /// Whether both are the table of one stream.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    pub(crate) fn downgrade(&self) -> WeakTypeTable {
        WeakTypeTable(Arc::downgrade(&self.0))
    }

    /// Keeps others from adding types, so it must not be held while foreign code runs.
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Types> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn get(&self, id: TypeId) -> Option<Arc<WireType>> {
        self.read().by_id.get(&id).cloned()
    }

    /// Takes up a definition that is so long.
    ///
    /// # Errors
    /// [`Kind::DuplicateType`] for an id that is taken or reserved (G49), [`Kind::TooManyTypes`] and
    /// [`Kind::TooBigTypes`] beyond the limits.
    pub(crate) fn define(&self, id: TypeId, ty: WireType, len: u64, limits: &Limits) -> Result<()> {
        let mut types = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if id < FIRST_USER_ID || types.by_id.contains_key(&id) {
            return Err(Kind::DuplicateType.into());
        }
        if types.by_id.len() >= limits.types {
            return Err(Kind::TooManyTypes(limits.types).into());
        }
        // They stay as long as the stream does.
        let len = types.len.saturating_add(len);
        if len > limits.message {
            return Err(Kind::TooBigTypes(limits.message).into());
        }
        types.len = len;
        types.by_id.insert(id, Arc::new(ty));
        types.order.push(id);
        Ok(())
    }

    /// Looks through the definitions that came with a value, whose own type and those of its interfaces are `roots`:
    /// what these do not lead to belongs to the type before it that encodes itself (G154).
    pub(crate) fn settle(&self, roots: &[TypeId]) {
        let mut types = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let settled = types.settled;
        types.settled = types.order.len();
        if !types.order[settled..].iter().any(|&id| types.is_external(id)) {
            return;
        }
        let new = types.order[settled..].to_vec();
        let reached = types.closure(roots);
        let mut owner = None;
        for id in new {
            if reached.contains(&id) {
                owner = if types.is_external(id) { Some(id) } else { owner };
            } else if let Some(owner) = owner {
                types.leaked.entry(owner).or_default().push(id);
            }
        }
    }

    /// All types that a value of type `id` needs, in the order in which they came.
    pub(crate) fn closure(&self, id: TypeId) -> Vec<TypeId> {
        let types = self.read();
        let closure = types.closure(&[id]);
        types.order.iter().copied().filter(|id| closure.contains(id)).collect()
    }

    /// The ids of all types, in the order in which their definitions came.
    pub(super) fn order(&self) -> Vec<TypeId> {
        self.read().order.clone()
    }

    /// Whether a value of this type is a struct on the wire, or a singleton with a zero before it (G17).
    pub(crate) fn is_struct(&self, id: TypeId) -> bool {
        self.read().is_struct(id)
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
            9..=15 => format!("_reserved{}", id - 8),
            _ => match self.get(id) {
                Some(ty) if ty.shape != Shape::Unusable => ty.name.clone(),
                _ => "unknown type".to_owned(),
            },
        }
    }

    /// Whether a value of the type may hold an interface, and with it definitions.
    pub(crate) fn holds_interface(&self, id: TypeId) -> bool {
        let types = self.read();
        let (mut seen, mut todo) = (BTreeSet::new(), Vec::new());
        let mut next = Some(id);
        while let Some(id) = next {
            if id == builtin::INTERFACE {
                return true;
            }
            // What is undefined cannot be read, as whoever decodes the value will say.
            if let Some(ty) = types.get(id) {
                // What needs no definition holds nothing, but for interfaces.
                let parts = ty.shape.parts().filter(|&id| id == builtin::INTERFACE || id >= FIRST_USER_ID);
                todo.extend(parts.filter(|&id| seen.insert(id)));
            }
            next = todo.pop();
        }
        false
    }
}

impl Types {
    #[inline]
    pub(crate) fn get(&self, id: TypeId) -> Option<&WireType> {
        self.by_id.get(&id).map(|ty| &**ty)
    }

    fn is_external(&self, id: TypeId) -> bool {
        self.get(id).is_some_and(|ty| matches!(ty.shape, Shape::External { .. }))
    }

    pub(crate) fn is_struct(&self, id: TypeId) -> bool {
        self.get(id).is_some_and(|ty| matches!(ty.shape, Shape::Struct { .. }))
    }

    fn closure(&self, roots: &[TypeId]) -> BTreeSet<TypeId> {
        let mut closure = BTreeSet::new();
        let mut todo = roots.to_vec();
        while let Some(id) = todo.pop() {
            let Some(ty) = self.by_id.get(&id) else { continue };
            if closure.insert(id) {
                todo.extend(ty.shape.parts());
                todo.extend(self.leaked.get(&id).into_iter().flatten());
            }
        }
        closure
    }
}
