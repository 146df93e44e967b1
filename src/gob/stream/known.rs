//! `Known`: the definitions that have come so far. Streams that begin with the same ones share them, and what has been
//! found out about them: a definition is read and its types are matched once, however many connections send it.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, OnceLock, PoisonError, RwLock};

use super::wiretype::{FIRST_USER_ID, Shape, TypeId, WireType, builtin};

/// How many definitions may be shared one after the other, how long one of them and all of them may be. They stay as
/// long as the process does, and come from others. What is beyond is read for each stream anew.
const MOST: usize = 32;
const LONGEST: usize = 1 << 12;
const ALL: usize = 1 << 20;

/// What a definition takes beyond its bytes, or somewhat more.
const OVERHEAD: usize = 1 << 10;

static SHARED: AtomicUsize = AtomicUsize::new(0);

static NONE: LazyLock<Arc<Known>> = LazyLock::new(Arc::default);

#[derive(Debug, Default)]
pub(crate) struct Known {
    by_id: BTreeMap<TypeId, Arc<WireType>>,
    /// The ids in the order in which their definitions came.
    order: Vec<TypeId>,
    /// How long the definitions are, all in all.
    len: u64,
    /// Which types hold no interface.
    plain: RwLock<BTreeMap<TypeId, bool>>,
    memo: OnceLock<Box<dyn Any + Send + Sync>>,
    /// What is known when one more message has come.
    next: RwLock<BTreeMap<Box<[u8]>, Arc<Self>>>,
}

impl Known {
    /// What is known when a stream begins.
    pub(super) fn none() -> Arc<Self> {
        Arc::clone(&NONE)
    }

    pub(super) fn get(&self, id: TypeId) -> Option<&Arc<WireType>> {
        self.by_id.get(&id)
    }

    pub(super) fn order(&self) -> &[TypeId] {
        &self.order
    }

    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// What is known after one more message, if it has been shared.
    pub(super) fn after(&self, message: &[u8]) -> Option<Arc<Self>> {
        self.next.read().unwrap_or_else(PoisonError::into_inner).get(message).map(Arc::clone)
    }

    /// Adds a definition that is so long. If it is all of a message, other streams are going to share it.
    pub(super) fn add(this: &mut Arc<Self>, id: TypeId, ty: WireType, len: u64, message: Option<&[u8]>) {
        if let Some(own) = Arc::get_mut(this) {
            // It may have made something of what was found out before wrong.
            own.plain = RwLock::default();
            own.insert(id, ty, len);
            return;
        }
        let mut more = Self { by_id: this.by_id.clone(), order: this.order.clone(), len: this.len, ..Self::default() };
        more.insert(id, ty, len);
        let more = Arc::new(more);
        if let Some(message) = message
            && this.order.len() < MOST
            && message.len() <= LONGEST
            && has_room(message.len() + OVERHEAD)
        {
            let mut next = this.next.write().unwrap_or_else(PoisonError::into_inner);
            next.insert(message.into(), Arc::clone(&more));
        }
        *this = more;
    }

    fn insert(&mut self, id: TypeId, ty: WireType, len: u64) {
        self.len = len;
        self.by_id.insert(id, Arc::new(ty));
        self.order.push(id);
    }

    /// Whether no value of the type holds an interface, and with it definitions.
    pub(super) fn is_plain(&self, id: TypeId) -> bool {
        if let Some(plain) = self.plain.read().unwrap_or_else(PoisonError::into_inner).get(&id) {
            return *plain;
        }
        let plain = !self.holds_interface(id);
        // Nobody asks for what is undefined twice.
        if self.by_id.contains_key(&id) {
            self.plain.write().unwrap_or_else(PoisonError::into_inner).insert(id, plain);
        }
        plain
    }

    fn holds_interface(&self, id: TypeId) -> bool {
        let (mut seen, mut todo) = (BTreeSet::new(), Vec::new());
        let mut next = Some(id);
        while let Some(id) = next {
            if id == builtin::INTERFACE {
                return true;
            }
            // What is undefined cannot be read, as whoever decodes the value will say.
            if let Some(ty) = self.get(id) {
                // What needs no definition holds nothing, but for interfaces.
                let parts = ty.shape.parts().filter(|&id| id == builtin::INTERFACE || id >= FIRST_USER_ID);
                todo.extend(parts.filter(|&id| seen.insert(id)));
            }
            next = todo.pop();
        }
        false
    }

    pub(super) fn is_external(&self, id: TypeId) -> bool {
        self.get(id).is_some_and(|ty| matches!(ty.shape, Shape::External { .. }))
    }

    /// What those who read values keep for all streams that know the same. There is one such type.
    pub(super) fn memo<T: Default + Send + Sync + 'static>(&self) -> Option<&T> {
        self.memo.get_or_init(|| Box::<T>::default()).downcast_ref()
    }
}

/// Takes this much of the room for what is shared, if that is left.
fn has_room(size: usize) -> bool {
    SHARED
        .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |taken| Some(taken + size).filter(|all| *all <= ALL))
        .is_ok()
}
