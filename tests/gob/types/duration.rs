//! `gob::Duration`, and std's in its place.

use std::collections::HashMap;
use std::time::Duration as StdDuration;

use gobrpc::Gob;
use gobrpc::gob::{Duration, from_slice, to_vec};
use serde::{Deserialize, Serialize};

use super::{check, map};

#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Durations {
    d: Duration,
    p: Option<Duration>,
    l: Vec<Duration>,
    m: HashMap<String, Duration>,
}

const SHORT: Duration = Duration::from_nanos(1_500_000_000);

#[test]
fn a_duration_has_gos_bytes() {
    check("duration_second", Duration::from_nanos(1_000_000_000));
    check("duration_slice", [i64::MIN, 0, i64::MAX].map(Duration::from_nanos).to_vec());
    let l = vec![SHORT, Duration::from_nanos(-1)];
    check("duration_fields", Durations { d: SHORT, p: Some(SHORT), l, m: map("k".into(), SHORT) });
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename = "Durations", rename_all = "PascalCase")]
struct StdDurations {
    #[serde(with = "gobrpc::gob::duration")]
    d: StdDuration,
    #[serde(with = "gobrpc::gob::duration::option")]
    p: Option<StdDuration>,
    l: Vec<Duration>,
    m: HashMap<String, Duration>,
}

fn std_durations(d: StdDuration) -> StdDurations {
    StdDurations { d, p: Some(d), l: vec![SHORT, Duration::from_nanos(-1)], m: map("k".into(), SHORT) }
}

#[test]
fn stds_duration_is_a_duration() {
    check("duration_fields", std_durations(StdDuration::from_millis(1500)));
}

#[test]
fn a_duration_that_is_too_long_for_go_is_an_error() {
    let error = to_vec(&std_durations(StdDuration::MAX)).unwrap_err();
    assert_eq!(error.to_string(), "out of range of time.Duration (D)");
}

#[test]
fn a_negative_duration_is_an_error_for_std() {
    let sent = Durations { d: Duration::from_nanos(-1), p: None, l: vec![], m: HashMap::new() };
    let error = from_slice::<StdDurations>(&to_vec(&sent).unwrap()).unwrap_err();
    assert_eq!(error.kind().to_string(), "time.Duration is negative, which a std::time::Duration cannot be");
    assert_eq!(error.path(), "D");
}

#[test]
fn formats_for_people_get_nanoseconds() {
    assert_eq!(serde_json::to_string(&SHORT).unwrap(), "1500000000");
}

#[test]
fn a_duration_prints_itself_as_in_go() {
    for (nanoseconds, text) in [
        (0, "0s"),
        (1, "1ns"),
        (-1, "-1ns"),
        (999, "999ns"),
        (1_000, "1µs"),
        (1_500, "1.5µs"),
        (999_999, "999.999µs"),
        (1_000_000, "1ms"),
        (100_000_001, "100.000001ms"),
        (1_000_000_000, "1s"),
        (1_000_000_001, "1.000000001s"),
        (59_999_999_999, "59.999999999s"),
        (60_000_000_000, "1m0s"),
        (90_000_000_000, "1m30s"),
        (3_600_000_000_000, "1h0m0s"),
        (4_530_918_000_000, "1h15m30.918s"),
        (36_000_000_000_000, "10h0m0s"),
        (-5_400_000_000_000, "-1h30m0s"),
        (i64::MAX, "2562047h47m16.854775807s"),
        (i64::MIN, "-2562047h47m16.854775808s"),
    ] {
        assert_eq!(Duration::from_nanos(nanoseconds).to_string(), text);
    }
    assert_eq!(format!("{:>6}", Duration::from_nanos(5)), "   5ns");
}
