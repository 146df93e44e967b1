//! `TypeTable`: the types a stream has defined so far.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, Weak};

use super::known::Known;
use super::wiretype::{FIRST_USER_ID, Shape, TypeId, WireType, builtin};
use crate::gob::error::{Kind, Result};
use crate::gob::limits::Limits;
use crate::gob::ty::Type;

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
#[derive(Debug)]
pub(crate) struct Types {
    /// What the ids stand for, if they are not those of a stream, which a value keeps where it can, but mean nothing
    /// outside. Of types that wrapped values brought nothing is known.
    made_here: Option<Box<[(TypeId, &'static Type)]>>,
    known: Arc<Known>,
    /// How many definitions have been looked through by `settle`.
    settled: usize,
    /// Definitions that nothing refers to, which Go sends after one of a type that encodes itself (G154).
    leaked: BTreeMap<TypeId, Vec<TypeId>>,
}

impl Default for Types {
    fn default() -> Self {
        Self { made_here: None, known: Known::none(), settled: 0, leaked: BTreeMap::new() }
    }
}

impl TypeTable {
    /// The table of a stream that is made only to be read again, of these types.
    pub(crate) fn made_here(types: Box<[(TypeId, &'static Type)]>) -> Self {
        Self(Arc::new(RwLock::new(Types { made_here: Some(types), ..Types::default() })))
    }

    pub(crate) fn is_made_here(&self) -> bool {
        self.read().made_here.is_some()
    }

    /// The type that an id stands for, if the table is made here.
    pub(crate) fn static_type(&self, id: TypeId) -> Option<&'static Type> {
        let types = self.read();
        types.made_here.as_ref()?.iter().find(|(known, _)| *known == id).map(|(_, ty)| *ty)
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
        self.read().known.get(id).cloned()
    }

    /// Takes up the definition that a message is, if another stream has had it after the same ones.
    pub(crate) fn recognize(&self, message: &[u8], limits: &Limits) -> bool {
        let mut types = self.0.write().unwrap_or_else(PoisonError::into_inner);
        match types.known.after(message) {
            Some(known) if known.order().len() <= limits.types && known.len() <= limits.message => {
                types.known = known;
                true
            }
            _ => false,
        }
    }

    /// Takes up a definition that is so long, and which `message` is all of, if it is a message by itself.
    ///
    /// # Errors
    /// [`Kind::DuplicateType`] for an id that is taken or reserved (G49), [`Kind::TooManyTypes`] and
    /// [`Kind::TooBigTypes`] beyond the limits.
    pub(crate) fn define(
        &self,
        id: TypeId,
        ty: WireType,
        len: u64,
        limits: &Limits,
        message: Option<&[u8]>,
    ) -> Result<()> {
        let mut types = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if id < FIRST_USER_ID || types.known.get(id).is_some() {
            return Err(Kind::DuplicateType.into());
        }
        if types.known.order().len() >= limits.types {
            return Err(Kind::TooManyTypes(limits.types).into());
        }
        // They stay as long as the stream does.
        let len = types.known.len().saturating_add(len);
        if len > limits.message {
            return Err(Kind::TooBigTypes(limits.message).into());
        }
        Known::add(&mut types.known, id, ty, len, message);
        Ok(())
    }

    /// Looks through the definitions that came with a value, whose own type and those of its interfaces are `roots`:
    /// what these do not lead to belongs to the type before it that encodes itself (G154).
    pub(crate) fn settle(&self, roots: &[TypeId]) {
        let mut types = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let Types { known, settled, .. } = &mut *types;
        let new = known.order().get(std::mem::replace(settled, known.order().len())..).unwrap_or_default();
        if !new.iter().any(|&id| known.is_external(id)) {
            return;
        }
        let new = new.to_vec();
        let reached = types.closure(roots);
        let mut owner = None;
        for id in new {
            if reached.contains(&id) {
                owner = if types.known.is_external(id) { Some(id) } else { owner };
            } else if let Some(owner) = owner {
                types.leaked.entry(owner).or_default().push(id);
            }
        }
    }

    /// All types that a value of type `id` needs, in the order in which they came.
    pub(crate) fn closure(&self, id: TypeId) -> Vec<TypeId> {
        let types = self.read();
        let closure = types.closure(&[id]);
        types.known.order().iter().copied().filter(|id| closure.contains(id)).collect()
    }

    /// The ids of all types, in the order in which their definitions came.
    pub(super) fn order(&self) -> Vec<TypeId> {
        self.read().known.order().to_vec()
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

    /// Whether no value of the type holds an interface, and with it definitions.
    pub(crate) fn is_plain(&self, id: TypeId) -> bool {
        self.read().known.is_plain(id)
    }

    /// Lets `look` see what is kept for all streams that know the same types.
    pub(crate) fn with_memo<T: Default + Send + Sync + 'static, R>(&self, look: impl FnOnce(&T) -> R) -> Option<R> {
        self.read().known.memo().map(look)
    }
}

impl Types {
    #[inline]
    pub(crate) fn get(&self, id: TypeId) -> Option<&WireType> {
        self.known.get(id).map(|ty| &**ty)
    }

    pub(crate) fn is_struct(&self, id: TypeId) -> bool {
        self.get(id).is_some_and(|ty| matches!(ty.shape, Shape::Struct { .. }))
    }

    fn closure(&self, roots: &[TypeId]) -> BTreeSet<TypeId> {
        let mut closure = BTreeSet::new();
        let mut todo = roots.to_vec();
        while let Some(id) = todo.pop() {
            let Some(ty) = self.known.get(id) else { continue };
            if closure.insert(id) {
                todo.extend(ty.shape.parts());
                todo.extend(self.leaked.get(&id).into_iter().flatten());
            }
        }
        closure
    }
}
