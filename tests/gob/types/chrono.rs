//! chrono's types.

use std::collections::HashMap;

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use gobrpc::Gob;
use gobrpc::gob::{Duration, Time, from_slice, to_vec};
use serde::{Deserialize, Serialize};

use super::time::{UNIX, leap_day};
use super::{check, map};

#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename = "Times", rename_all = "PascalCase")]
struct Times {
    #[serde(with = "gobrpc::gob::time")]
    t: DateTime<Utc>,
    #[serde(with = "gobrpc::gob::time::option")]
    p: Option<DateTime<FixedOffset>>,
    l: Vec<Time>,
    m: HashMap<String, Time>,
    #[serde(with = "gobrpc::gob::time")]
    zero: DateTime<Utc>,
    #[serde(with = "gobrpc::gob::time::option")]
    nil: Option<DateTime<Utc>>,
}

#[test]
fn a_date_is_a_time() {
    let t = DateTime::from_timestamp(UNIX, 789).unwrap();
    check(
        "time_fields",
        Times {
            t,
            p: Some(t.fixed_offset()),
            l: vec![leap_day(), Time::ZERO],
            m: map("k".into(), leap_day()),
            zero: Time::ZERO.try_into().unwrap(),
            nil: None,
        },
    );
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[serde(transparent)]
struct Fixed(#[serde(with = "gobrpc::gob::time")] DateTime<FixedOffset>);

#[test]
fn a_fixed_offset_is_kept() {
    for (name, text) in [
        ("time_offset", "2001-02-03T04:05:06.000000007+05:30"),
        ("time_west", "2024-02-29T12:34:56.000000789-08:00"),
        ("time_local", "2024-02-29T12:34:56.000000789+01:00"),
    ] {
        let go: Time = from_slice(&super::golden(name)).unwrap();
        let date = DateTime::parse_from_rfc3339(text).unwrap();
        assert_eq!(DateTime::<FixedOffset>::try_from(go).unwrap(), date);
        assert_eq!(Time::try_from(date).unwrap(), go, "{name}");
        assert_eq!(from_slice::<Fixed>(&to_vec(&Fixed(date)).unwrap()).unwrap().0.offset(), date.offset());
    }
}

#[test]
fn what_the_other_side_cannot_hold_is_an_error() {
    let leap = DateTime::from_timestamp(UNIX + 3, 1_000_000_000).unwrap();
    assert!(Time::try_from(leap).is_err(), "a leap second");
    let far = Time::from_unix(i64::MIN, 0).unwrap();
    let error = DateTime::<Utc>::try_from(far).unwrap_err();
    assert_eq!(error.to_string(), "time.Time out of range of chrono's DateTime");
    let error = DateTime::<FixedOffset>::try_from(leap_day().in_offset(90_000).unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "zone of time.Time out of range of chrono's FixedOffset");
    assert!(Duration::try_from(TimeDelta::try_days(200_000).unwrap()).is_err());
}

#[test]
fn a_time_delta_is_a_duration() {
    let nanos = Duration::from_nanos(-1_500_000_001);
    assert_eq!(Duration::try_from(TimeDelta::from(nanos)), Ok(nanos));
    assert_eq!(TimeDelta::from(nanos), TimeDelta::nanoseconds(-1_500_000_001));
    let least = Duration::from_nanos(i64::MIN);
    assert_eq!(Duration::try_from(TimeDelta::from(least)), Ok(least));
}
