//! Whether the client of a connection is still there.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

/// What the calls of a connection know of its end. There is a token only once a method asks for it, which few do.
#[derive(Clone, Default)]
pub(super) struct Lost(Arc<Mutex<State>>);

enum State {
    Connected(Option<CancellationToken>),
    Lost,
}

impl Default for State {
    fn default() -> Self {
        Self::Connected(None)
    }
}

impl Lost {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_lost(&self) -> bool {
        matches!(*self.lock(), State::Lost)
    }

    /// A token that is cancelled when the client is lost, or earlier.
    pub(super) fn token(&self) -> CancellationToken {
        match &mut *self.lock() {
            State::Connected(token) => token.get_or_insert_default().child_token(),
            State::Lost => {
                let token = CancellationToken::new();
                token.cancel();
                token
            }
        }
    }

    fn cancel(&self) {
        let state = std::mem::replace(&mut *self.lock(), State::Lost);
        // Outside of the lock: whoever waits for it is woken.
        if let State::Connected(Some(token)) = state {
            token.cancel();
        }
    }
}

/// The connection itself: when it is gone, its client is lost.
#[derive(Default)]
pub(super) struct Connected(Lost);

impl Connected {
    /// What a call gets to know of it.
    pub(super) fn lost(&self) -> Lost {
        self.0.clone()
    }

    /// The client is lost before the connection is.
    pub(super) fn cancel(&self) {
        self.0.cancel();
    }
}

impl Drop for Connected {
    fn drop(&mut self) {
        self.0.cancel();
    }
}
