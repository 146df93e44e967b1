//! The types of the crate time.

use std::collections::HashMap;

use gobrpc::Gob;
use gobrpc::gob::{Duration, Time};
use serde::{Deserialize, Serialize};
use time::{Duration as TimeDuration, OffsetDateTime, UtcOffset};

use super::time::{UNIX, leap_day};
use super::{check, map};

#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename = "Times", rename_all = "PascalCase")]
struct Times {
    #[serde(with = "gobrpc::gob::time")]
    t: OffsetDateTime,
    #[serde(with = "gobrpc::gob::time::option")]
    p: Option<OffsetDateTime>,
    l: Vec<Time>,
    m: HashMap<String, Time>,
    zero: Time,
    #[serde(with = "gobrpc::gob::time::option")]
    nil: Option<OffsetDateTime>,
}

fn date() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(UNIX).unwrap() + TimeDuration::nanoseconds(789)
}

#[test]
fn a_date_is_a_time() {
    let (l, m) = (vec![leap_day(), Time::ZERO], map("k".into(), leap_day()));
    check("time_fields", Times { t: date(), p: Some(date()), l, m, zero: Time::ZERO, nil: None });
}

#[test]
fn an_offset_is_kept() {
    for seconds in [19_800, -7501, 0] {
        let there = date().to_offset(UtcOffset::from_whole_seconds(seconds).unwrap());
        let time = Time::try_from(there).unwrap();
        assert_eq!(time.offset(), (seconds != 0).then_some(seconds));
        assert_eq!(OffsetDateTime::try_from(time).unwrap().offset(), there.offset());
        assert_eq!(OffsetDateTime::try_from(time), Ok(there));
    }
}

#[test]
fn what_the_other_side_cannot_hold_is_an_error() {
    let far = Time::from_unix(i64::MIN, 0).unwrap();
    let error = OffsetDateTime::try_from(far).unwrap_err();
    assert_eq!(error.to_string(), "time.Time out of range of time's OffsetDateTime");
    let error = OffsetDateTime::try_from(leap_day().in_offset(100_000).unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "zone of time.Time out of range of time's UtcOffset");
    assert!(Duration::try_from(TimeDuration::MIN).is_err());
}

#[test]
fn a_duration_is_a_duration() {
    let nanos = Duration::from_nanos(-1_500_000_001);
    assert_eq!(TimeDuration::from(nanos), TimeDuration::new(-1, -500_000_001));
    assert_eq!(Duration::try_from(TimeDuration::from(nanos)), Ok(nanos));
}
