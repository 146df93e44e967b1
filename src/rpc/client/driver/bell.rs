//! Whom a stream wakes when there is something to read.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Wake, Waker};

/// What a stream is given to ring: whoever listens is woken. So the stream need not be asked again, only because
/// somebody else is going to read.
#[derive(Default)]
pub(super) struct Bell(Mutex<State>);

#[derive(Default)]
struct State {
    listener: Option<Waker>,
    has_rung: bool,
}

impl Bell {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has `listener` woken by the next ring, and nobody else. Whether there was one since somebody last listened.
    pub(super) fn listen(&self, listener: &Waker) -> bool {
        let mut state = self.lock();
        match &mut state.listener {
            Some(old) => old.clone_from(listener),
            none => *none = Some(listener.clone()),
        }
        std::mem::take(&mut state.has_rung)
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let mut state = self.lock();
        state.has_rung = true;
        let listener = state.listener.take();
        drop(state);
        if let Some(listener) = listener {
            listener.wake();
        }
    }
}
