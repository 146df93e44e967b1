//! Values by their type: what an application keeps with a connection.

use std::any::{Any, TypeId, type_name};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// One value of each type, shared by all calls of a connection.
///
/// ```
/// use gobrpc::rpc::Extensions;
///
/// #[derive(Debug, PartialEq)]
/// struct User(&'static str);
///
/// let extensions = Extensions::default();
/// extensions.insert(User("gopher"));
/// assert_eq!(*extensions.get::<User>().unwrap(), User("gopher"));
/// ```
#[derive(Default)]
pub struct Extensions(Mutex<Values>);

/// The values, and how their types are called.
type Values = HashMap<TypeId, (&'static str, Arc<dyn Any + Send + Sync>)>;

impl Extensions {
    fn lock(&self) -> MutexGuard<'_, Values> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stores a value, and replaces the previous one of its type.
    pub fn insert<T: Send + Sync + 'static>(&self, value: T) {
        // The old value is dropped when the lock is free again: its `Drop` may want it.
        let _old = self.lock().insert(TypeId::of::<T>(), (type_name::<T>(), Arc::new(value)));
    }

    /// The value of this type.
    pub fn get<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        let value = self.lock().get(&TypeId::of::<T>()).map(|(_, value)| Arc::clone(value))?;
        value.downcast().ok()
    }

    /// The value of this type, which is made if there is none yet.
    pub fn get_or_insert_with<T: Send + Sync + 'static>(&self, make: impl FnOnce() -> T) -> Arc<T> {
        if let Some(value) = self.get() {
            return value;
        }
        let made = Arc::new(make());
        let mut values = self.lock();
        let (_, value) = values.entry(TypeId::of::<T>()).or_insert_with(|| (type_name::<T>(), made.clone() as _));
        Arc::clone(value).downcast().unwrap_or(made)
    }

    /// Removes and returns the value of this type.
    pub fn remove<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        let removed = self.lock().remove(&TypeId::of::<T>());
        removed.and_then(|(_, value)| value.downcast().ok())
    }
}

impl fmt::Debug for Extensions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.lock().values().map(|(name, _)| name)).finish()
    }
}
