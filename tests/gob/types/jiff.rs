//! jiff's types.

use std::collections::HashMap;

use gobrpc::Gob;
use gobrpc::gob::{Duration, Time};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp, ZonedDateTime};
use serde::{Deserialize, Serialize};

use super::time::{UNIX, leap_day};
use super::{check, map};

#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename = "Times", rename_all = "PascalCase")]
struct Times {
    #[serde(with = "gobrpc::gob::time")]
    t: Timestamp,
    #[serde(with = "gobrpc::gob::time::option")]
    p: Option<ZonedDateTime>,
    l: Vec<Time>,
    m: HashMap<String, Time>,
    zero: Time,
    #[serde(with = "gobrpc::gob::time::option")]
    nil: Option<Timestamp>,
}

fn timestamp() -> Timestamp {
    Timestamp::new(UNIX, 789).unwrap()
}

#[test]
fn a_timestamp_is_a_time() {
    let zoned = timestamp().to_zoned_datetime(TimeZone::UTC);
    let (l, m) = (vec![leap_day(), Time::ZERO], map("k".into(), leap_day()));
    check("time_fields", Times { t: timestamp(), p: Some(zoned), l, m, zero: Time::ZERO, nil: None });
}

#[test]
fn a_timestamp_before_1970_is_a_time() {
    let before = Timestamp::from_nanosecond(-1).unwrap();
    let time = Time::from(before);
    assert_eq!((time.unix_seconds(), time.nanosecond()), (-1, 999_999_999));
    assert_eq!(Timestamp::try_from(time), Ok(before));
    for end in [Timestamp::MIN, Timestamp::MAX] {
        assert_eq!(Timestamp::try_from(Time::from(end)), Ok(end));
    }
}

#[test]
fn the_offset_of_a_zone_is_kept() {
    for seconds in [19_800, -7501, 0] {
        let zone = TimeZone::fixed(Offset::from_seconds(seconds).unwrap());
        let zoned = timestamp().to_zoned_datetime(zone);
        let time = Time::try_from(zoned.clone()).unwrap();
        assert_eq!(time.offset(), (seconds != 0).then_some(seconds));
        let back = ZonedDateTime::try_from(time).unwrap();
        assert_eq!((&back, back.offset()), (&zoned, zoned.offset()));
    }
}

#[test]
fn what_the_other_side_cannot_hold_is_an_error() {
    let far = Time::from_unix(253_402_300_800, 0).unwrap();
    let error = Timestamp::try_from(far).unwrap_err();
    assert_eq!(error.to_string(), "time.Time out of range of jiff's Timestamp");
    let error = ZonedDateTime::try_from(leap_day().in_offset(100_000).unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "zone of time.Time out of range of jiff's Offset");
    assert!(Duration::try_from(SignedDuration::MAX).is_err());
}

#[test]
fn a_signed_duration_is_a_duration() {
    let nanos = Duration::from_nanos(-1_500_000_001);
    assert_eq!(SignedDuration::from(nanos), SignedDuration::new(-1, -500_000_001));
    assert_eq!(Duration::try_from(SignedDuration::from(nanos)), Ok(nanos));
}
