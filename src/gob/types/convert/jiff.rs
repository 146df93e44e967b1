//! jiff: `Timestamp`, `ZonedDateTime` and `SignedDuration`.

use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp, ZonedDateTime};

use super::TOO_LONG;
use crate::gob::types::ConvertError;
use crate::gob::types::duration::Duration;
use crate::gob::types::time::Time;

impl From<Timestamp> for Time {
    fn from(timestamp: Timestamp) -> Self {
        let nanos = timestamp.as_nanosecond();
        let (seconds, nanos) = (nanos.div_euclid(1_000_000_000), nanos.rem_euclid(1_000_000_000));
        // jiff ends with the year 9999.
        Self::from_unix(seconds as i64, nanos as u32).unwrap_or(Self::ZERO)
    }
}

/// The zone is lost.
impl TryFrom<Time> for Timestamp {
    type Error = ConvertError;

    fn try_from(time: Time) -> Result<Self, ConvertError> {
        let nanos = i128::from(time.unix_seconds()) * 1_000_000_000 + i128::from(time.nanosecond());
        Self::from_nanosecond(nanos).map_err(|_| ConvertError::new("time.Time out of range of jiff's Timestamp"))
    }
}

/// Only the offset of the zone is kept.
impl TryFrom<ZonedDateTime> for Time {
    type Error = ConvertError;

    fn try_from(zoned: ZonedDateTime) -> Result<Self, ConvertError> {
        let time = Self::from(zoned.timestamp());
        if *zoned.time_zone() == TimeZone::UTC { Ok(time) } else { time.in_offset(zoned.offset().seconds()) }
    }
}

/// The zone becomes one of fixed offset.
impl TryFrom<Time> for ZonedDateTime {
    type Error = ConvertError;

    fn try_from(time: Time) -> Result<Self, ConvertError> {
        let offset = Offset::from_seconds(time.offset().unwrap_or(0));
        let offset = offset.map_err(|_| ConvertError::new("zone of time.Time out of range of jiff's Offset"))?;
        Ok(Timestamp::try_from(time)?.to_zoned_datetime(TimeZone::fixed(offset)))
    }
}

impl TryFrom<SignedDuration> for Duration {
    type Error = ConvertError;

    fn try_from(duration: SignedDuration) -> Result<Self, ConvertError> {
        i64::try_from(duration.as_nanos()).map(Self::from_nanos).map_err(|_| TOO_LONG)
    }
}

impl From<Duration> for SignedDuration {
    fn from(duration: Duration) -> Self {
        Self::from_nanos(duration.as_nanos())
    }
}
