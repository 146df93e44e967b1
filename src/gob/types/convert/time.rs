//! time: `OffsetDateTime` and `Duration`.

use time::{Duration as TimeDuration, OffsetDateTime, UtcOffset};

use super::TOO_LONG;
use crate::gob::types::ConvertError;
use crate::gob::types::duration::Duration;
use crate::gob::types::time::Time;

/// An offset of zero is UTC.
impl TryFrom<OffsetDateTime> for Time {
    type Error = ConvertError;

    fn try_from(time: OffsetDateTime) -> Result<Self, ConvertError> {
        let utc = Self::from_unix(time.unix_timestamp(), time.nanosecond())?;
        match time.offset().whole_seconds() {
            0 => Ok(utc),
            seconds => utc.in_offset(seconds),
        }
    }
}

impl TryFrom<Time> for OffsetDateTime {
    type Error = ConvertError;

    fn try_from(time: Time) -> Result<Self, ConvertError> {
        let too_far = ConvertError::new("time.Time out of range of time's OffsetDateTime");
        let offset = UtcOffset::from_whole_seconds(time.offset().unwrap_or(0));
        let offset = offset.map_err(|_| ConvertError::new("zone of time.Time out of range of time's UtcOffset"))?;
        let nanos = i128::from(time.unix_seconds()) * 1_000_000_000 + i128::from(time.nanosecond());
        Self::from_unix_timestamp_nanos(nanos).ok().and_then(|utc| utc.checked_to_offset(offset)).ok_or(too_far)
    }
}

impl TryFrom<TimeDuration> for Duration {
    type Error = ConvertError;

    fn try_from(duration: TimeDuration) -> Result<Self, ConvertError> {
        i64::try_from(duration.whole_nanoseconds()).map(Self::from_nanos).map_err(|_| TOO_LONG)
    }
}

impl From<Duration> for TimeDuration {
    fn from(duration: Duration) -> Self {
        Self::nanoseconds(duration.as_nanos())
    }
}
