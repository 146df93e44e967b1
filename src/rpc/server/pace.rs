//! How a method behaves: one that finishes at once needs no task of its own.

use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

/// How long a method may keep its thread before it waits or finishes, to count as short. A task costs far less than
/// this, and nobody notices a delay of this length.
const SHORT: Duration = Duration::from_micros(50);

/// How many calls in a row have to be short before the method is trusted.
const ENOUGH: u8 = 16;

/// How many of the last calls of a method were short, one after the other.
#[derive(Default)]
pub(super) struct Pace(AtomicU8);

impl Pace {
    /// Whether the method may run where its connection is read. It then holds up the connection, for as long as it does
    /// not wait; in return, no task has to be woken, and the replies to calls that came together go together.
    pub(super) fn is_quick(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= ENOUGH
    }

    /// Notes how long a call has kept its thread.
    pub(super) fn note(&self, took: Duration) {
        if took > SHORT {
            self.0.store(0, Ordering::Relaxed);
        } else if !self.is_quick() {
            // Lost updates only make it take longer.
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}
