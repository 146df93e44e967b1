//! chrono: `DateTime<Utc>`, `DateTime<FixedOffset>` and `TimeDelta`.

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};

use super::TOO_LONG;
use crate::gob::types::ConvertError;
use crate::gob::types::duration::Duration;
use crate::gob::types::time::Time;

/// Fails for a leap second, which Go does not have.
impl TryFrom<DateTime<Utc>> for Time {
    type Error = ConvertError;

    fn try_from(time: DateTime<Utc>) -> Result<Self, ConvertError> {
        Self::from_unix(time.timestamp(), time.timestamp_subsec_nanos())
    }
}

/// The zone is lost.
impl TryFrom<Time> for DateTime<Utc> {
    type Error = ConvertError;

    fn try_from(time: Time) -> Result<Self, ConvertError> {
        Self::from_timestamp(time.unix_seconds(), time.nanosecond())
            .ok_or(ConvertError::new("time.Time out of range of chrono's DateTime"))
    }
}

/// An offset of zero is UTC. Fails for a leap second, which Go does not have.
impl TryFrom<DateTime<FixedOffset>> for Time {
    type Error = ConvertError;

    fn try_from(time: DateTime<FixedOffset>) -> Result<Self, ConvertError> {
        let utc: Self = time.to_utc().try_into()?;
        match time.offset().local_minus_utc() {
            0 => Ok(utc),
            seconds => utc.in_offset(seconds),
        }
    }
}

impl TryFrom<Time> for DateTime<FixedOffset> {
    type Error = ConvertError;

    fn try_from(time: Time) -> Result<Self, ConvertError> {
        let offset = FixedOffset::east_opt(time.offset().unwrap_or(0));
        let offset = offset.ok_or(ConvertError::new("zone of time.Time out of range of chrono's FixedOffset"))?;
        Ok(DateTime::<Utc>::try_from(time)?.with_timezone(&offset))
    }
}

impl TryFrom<TimeDelta> for Duration {
    type Error = ConvertError;

    fn try_from(delta: TimeDelta) -> Result<Self, ConvertError> {
        delta.num_nanoseconds().map(Self::from_nanos).ok_or(TOO_LONG)
    }
}

impl From<Duration> for TimeDelta {
    fn from(duration: Duration) -> Self {
        Self::nanoseconds(duration.as_nanos())
    }
}
