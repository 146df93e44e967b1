//! How much memory an input may cost.

use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// So much of a message is believed to come when its length has: a reader does not say how much it has.
pub const BELIEVED: usize = 1 << 20;

/// What is there before anything has come.
const ALWAYS: usize = 64 << 10;

/// Runs this, and checks that it does not need more than `most` bytes of memory at any time.
#[track_caller]
pub fn bounded<T>(most: usize, run: impl FnOnce() -> T) -> T {
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let result = run();
    let peak = ALLOCATOR.peak_usage().saturating_sub(before);
    assert!(peak <= ALWAYS + most, "{peak} bytes of memory, and no more than {most} are allowed");
    result
}
