//! std: `SystemTime` and `Duration`.

use std::time::{Duration as StdDuration, SystemTime};

use super::TOO_LONG;
use crate::gob::types::ConvertError;
use crate::gob::types::duration::Duration;
use crate::gob::types::time::Time;

impl TryFrom<SystemTime> for Time {
    type Error = ConvertError;

    fn try_from(time: SystemTime) -> Result<Self, ConvertError> {
        let too_far = || ConvertError::new("SystemTime out of range of time.Time");
        match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => {
                let seconds = i64::try_from(after.as_secs()).map_err(|_| too_far())?;
                Self::from_unix(seconds, after.subsec_nanos())
            }
            Err(error) => {
                let before = error.duration();
                let seconds = 0_i64.checked_sub_unsigned(before.as_secs()).ok_or_else(too_far)?;
                match before.subsec_nanos() {
                    0 => Self::from_unix(seconds, 0),
                    nanos => Self::from_unix(seconds.checked_sub(1).ok_or_else(too_far)?, 1_000_000_000 - nanos),
                }
            }
        }
    }
}

/// The zone is lost.
impl TryFrom<Time> for SystemTime {
    type Error = ConvertError;

    fn try_from(time: Time) -> Result<Self, ConvertError> {
        let seconds = StdDuration::from_secs(time.unix_seconds().unsigned_abs());
        let whole = match time.unix_seconds() {
            0.. => Self::UNIX_EPOCH.checked_add(seconds),
            _ => Self::UNIX_EPOCH.checked_sub(seconds),
        };
        whole
            .and_then(|whole| whole.checked_add(StdDuration::from_nanos(time.nanosecond().into())))
            .ok_or(ConvertError::new("time.Time out of range of SystemTime"))
    }
}

impl TryFrom<StdDuration> for Duration {
    type Error = ConvertError;

    fn try_from(duration: StdDuration) -> Result<Self, ConvertError> {
        i64::try_from(duration.as_nanos()).map(Self::from_nanos).map_err(|_| TOO_LONG)
    }
}

/// Fails for a negative duration.
impl TryFrom<Duration> for StdDuration {
    type Error = ConvertError;

    fn try_from(duration: Duration) -> Result<Self, ConvertError> {
        let nanos = u64::try_from(duration.as_nanos());
        nanos
            .map(Self::from_nanos)
            .map_err(|_| ConvertError::new("time.Duration is negative, which a std::time::Duration cannot be"))
    }
}
