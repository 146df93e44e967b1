//! Times as they are printed.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Tells the time of day.
#[derive(Debug)]
pub(crate) struct Clock(TimeZone);

impl Clock {
    pub(crate) fn new() -> Self {
        Self(TimeZone::system())
    }

    /// For people: `15:04:05.000000`, as it is here.
    pub(crate) fn time_of_day(&self, time: Timestamp) -> String {
        time.to_zoned_datetime(self.0.clone()).strftime("%H:%M:%S%.6f").to_string()
    }
}

/// For programs: RFC 3339.
pub(crate) fn rfc3339(time: Timestamp) -> String {
    format!("{time:.6}")
}
