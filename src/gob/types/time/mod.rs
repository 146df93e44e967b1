//! Go's `time.Time`.
//!
//! [`Time`] holds what Go's holds. A field of another type of time takes this module:
//!
//! ```
//! use std::time::SystemTime;
//!
//! use gobrpc::{Gob, gob};
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize, Gob)]
//! #[serde(rename_all = "PascalCase")]
//! struct File {
//!     #[serde(with = "gobrpc::gob::time")]
//!     modified: SystemTime,
//!     #[serde(with = "gobrpc::gob::time::option")]
//!     accessed: Option<SystemTime>,
//!     // In a slice or map, where `with` does not reach.
//!     versions: Vec<gob::Time>,
//! }
//! ```
//!
//! So do `DateTime<Utc>` and `DateTime<FixedOffset>` of chrono, `Timestamp` and `ZonedDateTime` of jiff and
//! `OffsetDateTime` of time, with the feature of the crate's name. Those that always are in UTC are sent in UTC, and
//! forget the zone of what they receive. An offset of zero counts as UTC where a crate makes no difference, as all but
//! jiff's `ZonedDateTime` do.

mod text;

use byteorder::{BigEndian, ByteOrder};

use super::{ConvertError, glue, malformed};
use crate::gob::error::Result;
use crate::gob::opaque::Opaque;
use crate::gob::ty::Marshaler;

/// Go's `time.Time`: an instant, and the offset of a zone.
///
/// Two are equal if they are the same instant in the same zone; [`is_same_instant`](Self::is_same_instant) is Go's
/// `Equal`. They are ordered by instant, and then by zone.
///
/// It prints itself as RFC 3339 has it, and so formats for people get it. RFC 3339 has no place for the seconds of an
/// offset, which are left out there; the instant stays the same.
///
/// The name of a zone is not sent. Go takes the offset of its local zone for its local zone.
///
/// ```
/// use gobrpc::gob::Time;
///
/// let time: Time = "2026-11-26T17:30:00-05:30".parse()?;
/// assert_eq!((time.unix_seconds(), time.offset()), (1_795_734_000, Some(-19_800)));
/// assert_eq!(time.in_utc().to_string(), "2026-11-26T23:00:00Z");
/// # Ok::<(), gobrpc::gob::ConvertError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time {
    /// Since 1970. Go counts from the year 1, in an `i64` too, so not every number of seconds is one of Go's.
    unix: i64,
    nanos: u32,
    /// In seconds east; `None` is UTC.
    offset: Option<i32>,
}

/// From the year 1 to the year 1970.
const INTERNAL: i64 = 62_135_596_800;
const NANOS: u32 = 1_000_000_000;

impl Time {
    /// Go's zero time: the beginning of the year 1, in UTC.
    pub const ZERO: Self = Self { unix: -INTERNAL, nanos: 0, offset: None };

    /// The beginning of the year 1970, in UTC.
    pub const UNIX_EPOCH: Self = Self { unix: 0, nanos: 0, offset: None };

    /// An instant as seconds since 1970 and nanoseconds of that second, in UTC.
    ///
    /// # Errors
    /// If there are more than 999,999,999 nanoseconds, or Go cannot count as far.
    pub fn from_unix(seconds: i64, nanoseconds: u32) -> Result<Self, ConvertError> {
        if nanoseconds >= NANOS {
            return Err(ConvertError::new("time.Time has less than a second of nanoseconds"));
        }
        match seconds.checked_add(INTERNAL) {
            Some(_) => Ok(Self { unix: seconds, nanos: nanoseconds, offset: None }),
            None => Err(ConvertError::new("out of range of time.Time")),
        }
    }

    /// The same instant in UTC.
    #[must_use]
    pub const fn in_utc(self) -> Self {
        Self { offset: None, ..self }
    }

    /// The same instant in a zone that is this many seconds east of UTC.
    ///
    /// # Errors
    /// If Go cannot send the offset: one of more than 32767 minutes, or between one and two minutes west.
    pub fn in_offset(self, seconds: i32) -> Result<Self, ConvertError> {
        match i16::try_from(seconds / 60) {
            // G156: minus one minute is how UTC is written.
            Ok(-1) | Err(_) => Err(ConvertError::new("Time.MarshalBinary: unexpected zone offset")),
            Ok(_) => Ok(Self { offset: Some(seconds), ..self }),
        }
    }

    /// The seconds since 1970.
    pub const fn unix_seconds(self) -> i64 {
        self.unix
    }

    /// The nanoseconds since that second.
    pub const fn nanosecond(self) -> u32 {
        self.nanos
    }

    /// The offset of the zone, in seconds east; `None` is UTC.
    pub const fn offset(self) -> Option<i32> {
        self.offset
    }

    /// Whether this is Go's zero time, in whatever zone: `IsZero`.
    pub const fn is_zero(self) -> bool {
        self.unix == -INTERNAL && self.nanos == 0
    }

    /// Whether two times are the same instant: Go's `Equal`.
    pub const fn is_same_instant(self, other: Self) -> bool {
        self.unix == other.unix && self.nanos == other.nanos
    }
}

/// Go's zero time.
impl Default for Time {
    fn default() -> Self {
        Self::ZERO
    }
}

/// G155–G157.
impl Opaque for Time {
    const NAME: &'static str = "Time";
    const PACKAGE: &'static str = "time";
    const MARSHALER: Marshaler = Marshaler::Gob;
    const ZERO: &'static [u8] = &[1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

    fn marshal(&self, out: &mut Vec<u8>) -> Result<()> {
        let (minutes, seconds) = self.offset.map_or((-1, 0), |offset| (offset / 60, offset % 60));
        out.push(if seconds == 0 { 1 } else { 2 });
        out.extend_from_slice(&self.unix.wrapping_add(INTERNAL).to_be_bytes());
        out.extend_from_slice(&self.nanos.to_be_bytes());
        out.extend_from_slice(&(minutes as i16).to_be_bytes());
        if seconds != 0 {
            out.push(seconds as u8);
        }
        Ok(())
    }

    /// Unlike Go, this refuses nanoseconds that make a second, and reads the seconds of an offset to the west as what
    /// was written.
    fn unmarshal(bytes: &[u8]) -> Result<Self> {
        let len = match bytes.first() {
            None => return Err(malformed("Time.UnmarshalBinary: no data")),
            Some(1) => 15,
            Some(2) => 16,
            Some(_) => return Err(malformed("Time.UnmarshalBinary: unsupported version")),
        };
        if bytes.len() != len {
            return Err(malformed("Time.UnmarshalBinary: invalid length"));
        }
        let unix = BigEndian::read_i64(&bytes[1..9]).checked_sub(INTERNAL);
        let unix = unix.ok_or_else(|| malformed("Time.UnmarshalBinary: seconds out of range"))?;
        let nanos = BigEndian::read_u32(&bytes[9..13]);
        if nanos >= NANOS {
            return Err(malformed("Time.UnmarshalBinary: nanoseconds out of range"));
        }
        let minutes = BigEndian::read_i16(&bytes[13..15]);
        let seconds = bytes.get(15).map_or(0, |seconds| i32::from(*seconds as i8));
        let offset = i32::from(minutes) * 60 + seconds;
        let time = Self { unix, nanos, offset: None };
        if offset == -60 {
            return Ok(time);
        }
        time.in_offset(offset).map_err(|_| malformed("Time.UnmarshalBinary: unexpected zone offset"))
    }
}

glue::opaque_with_text!(Time);
glue::with_module!(Time, "time.Time", option);
