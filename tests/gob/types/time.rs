//! `gob::Time`, and `SystemTime` in its place.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use gobrpc::Gob;
use gobrpc::gob::{ErrorKind, Opaque, Time, from_slice, to_vec};
use serde::{Deserialize, Serialize};

use super::{check, encodes, golden, map, mismatch, refusal};

/// 2024-02-29T12:34:56.000000789Z
pub(super) const UNIX: i64 = 1_709_210_096;

pub(super) fn leap_day() -> Time {
    Time::from_unix(UNIX, 789).unwrap()
}

/// The same time of day, elsewhere.
fn in_offset(seconds: i32) -> Time {
    Time::from_unix(UNIX - i64::from(seconds), 789).unwrap().in_offset(seconds).unwrap()
}

fn utc(text: &str) -> Time {
    text.parse().unwrap()
}

#[test]
fn a_time_has_gos_bytes() {
    check("time_utc", leap_day());
    check("time_zero", Time::ZERO);
    check("time_zone_without_offset", in_offset(0));
    check("time_west", in_offset(-8 * 3600));
    check("time_local", in_offset(3600));
    check("time_offset", utc("2001-02-03T04:05:06.000000007+05:30"));
    check("time_before_1970", utc("1883-11-18T12:03:58.5Z"));
    check("time_year_minus_4712", utc("-4712-01-01T12:00:00Z"));
}

#[test]
fn an_offset_with_seconds_has_gos_bytes() {
    check("time_seconds_east", in_offset(7501));
    check("time_seconds_west", in_offset(-7501));
    check("time_half_a_minute_west", in_offset(-30));
}

#[test]
fn a_pointer_to_a_time_is_described_as_go_does() {
    check("time_ptr", Some(leap_day()));
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Times {
    t: Time,
    p: Option<Time>,
    l: Vec<Time>,
    m: Option<HashMap<String, Time>>,
    zero: Time,
    nil: Option<Time>,
}

#[test]
fn times_are_in_fields_slices_and_maps() {
    let t = leap_day();
    let times = Times { t, p: Some(t), l: vec![t, Time::ZERO], m: Some(map("k".into(), t)), ..Times::default() };
    check("time_fields", times);
    check("time_fields_zero", Times::default());
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct TimesPointerFirst {
    p: Option<Time>,
    t: Time,
}

#[test]
fn the_first_use_decides_how_a_time_is_described() {
    check("time_fields_pointer_first", TimesPointerFirst { p: Some(leap_day()), t: leap_day() });
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename = "Times", rename_all = "PascalCase")]
struct SystemTimes {
    #[serde(with = "gobrpc::gob::time")]
    t: SystemTime,
    #[serde(with = "gobrpc::gob::time::option")]
    p: Option<SystemTime>,
    l: Vec<Time>,
    m: HashMap<String, Time>,
    zero: Time,
    #[serde(with = "gobrpc::gob::time::option")]
    nil: Option<SystemTime>,
}

#[test]
fn a_system_time_is_a_time() {
    let t = SystemTime::UNIX_EPOCH + Duration::new(UNIX as u64, 789);
    let (l, m) = (vec![leap_day(), Time::ZERO], map("k".into(), leap_day()));
    check("time_fields", SystemTimes { t, p: Some(t), l, m, zero: Time::ZERO, nil: None });
}

#[test]
fn a_system_time_before_1970_is_a_time() {
    let time = SystemTime::UNIX_EPOCH - Duration::new(1, 250_000_000);
    let go = Time::try_from(time).unwrap();
    assert_eq!((go.unix_seconds(), go.nanosecond()), (-2, 750_000_000));
    assert_eq!(SystemTime::try_from(go), Ok(time));
}

#[test]
fn a_time_beyond_system_time_is_an_error() {
    let far = Time::from_unix(i64::MIN, 0).unwrap();
    // Where the clock is an `i64`, the earliest second can be said.
    if let Err(error) = SystemTime::try_from(far) {
        assert_eq!(error.to_string(), "time.Time out of range of SystemTime");
    }
    assert!(Time::from_unix(i64::MAX, 0).is_err());
    let latest = Time::from_unix(i64::MAX - 62_135_596_800, 999_999_999).unwrap();
    assert_eq!(from_slice::<Time>(&to_vec(&latest).unwrap()).unwrap(), latest);
}

#[test]
fn a_field_that_did_not_come_is_gos_zero_time() {
    #[derive(Serialize, Gob)]
    struct Sent {
        #[serde(rename = "X")]
        x: i64,
    }
    #[derive(Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct Wanted {
        x: i64,
        at: Time,
    }
    let got: Wanted = from_slice(&to_vec(&Sent { x: 1 }).unwrap()).unwrap();
    assert_eq!((got.x, got.at), (1, Time::ZERO));
    assert!(got.at.is_zero());
    assert_eq!(got.at, Time::default());
}

#[test]
fn a_malformed_time_is_refused_in_gos_words() {
    let refusal = refusal::<Time>;
    assert_eq!(refusal(""), "Time.UnmarshalBinary: no data");
    assert_eq!(refusal("03 0000000edd7270f0 00000315 ffff"), "Time.UnmarshalBinary: unsupported version");
    assert_eq!(refusal("01 0000000edd7270f0 00000315 ff"), "Time.UnmarshalBinary: invalid length");
    assert_eq!(refusal("02 0000000edd7270f0 00000315 ffff"), "Time.UnmarshalBinary: invalid length");
    assert_eq!(refusal("01 0000000edd7270f0 00000315 ffff 00"), "Time.UnmarshalBinary: invalid length");
    // These are ours.
    assert_eq!(refusal("01 0000000edd7270f0 3b9aca00 ffff"), "Time.UnmarshalBinary: nanoseconds out of range");
    assert_eq!(refusal("01 8000000000000000 00000000 ffff"), "Time.UnmarshalBinary: seconds out of range");
    assert_eq!(refusal("02 0000000edd7270f0 00000315 ffff e2"), "Time.UnmarshalBinary: unexpected zone offset");
}

#[test]
fn a_malformed_time_in_a_stream_is_an_error_with_its_place() {
    let mut bytes = golden("time_utc");
    let version = bytes.len() - 15;
    bytes[version] = 9;
    let error = from_slice::<Time>(&bytes).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Custom(_)), "{error:?}");
    assert!(error.to_string().starts_with("Time.UnmarshalBinary: unsupported version (at byte "), "{error}");
}

#[test]
fn a_time_is_no_other_type() {
    assert_eq!(mismatch::<Time>("int_three"), "gob: decoding into local type *time.Time, received remote type int");
    assert_eq!(mismatch::<i64>("time_utc"), "gob: decoding into local type *int64, received remote type Time");
}

#[test]
fn an_offset_that_go_cannot_send_is_refused() {
    for seconds in [-60, -61, -119, 32768 * 60, -32769 * 60, i32::MAX, i32::MIN] {
        let error = leap_day().in_offset(seconds).unwrap_err();
        assert_eq!(error.to_string(), "Time.MarshalBinary: unexpected zone offset", "{seconds}");
    }
    for seconds in [-59, 0, 59, 60, -120, 32767 * 60 + 59, -32768 * 60 - 59] {
        encodes_and_decodes(leap_day().in_offset(seconds).unwrap());
    }
}

fn encodes_and_decodes(time: Time) {
    let mut payload = Vec::new();
    time.marshal(&mut payload).unwrap();
    assert_eq!(Time::unmarshal(&payload).unwrap(), time);
}

#[test]
fn equal_times_are_the_same_instant_in_the_same_zone() {
    let (utc, berlin) = (leap_day(), leap_day().in_offset(3600).unwrap());
    assert_ne!(utc, berlin);
    assert!(utc.is_same_instant(berlin));
    assert_eq!(berlin.in_utc(), utc);
    assert_eq!((utc.offset(), berlin.offset()), (None, Some(3600)));
    assert!(berlin < Time::from_unix(UNIX, 790).unwrap());
}

#[test]
fn a_time_prints_itself_as_rfc_3339() {
    let shown = |seconds, nanos| Time::from_unix(seconds, nanos).unwrap().to_string();
    assert_eq!(shown(UNIX, 789), "2024-02-29T12:34:56.000000789Z");
    assert_eq!(shown(UNIX, 100_000_000), "2024-02-29T12:34:56.1Z");
    assert_eq!(shown(-1, 0), "1969-12-31T23:59:59Z");
    assert_eq!(Time::ZERO.to_string(), "0001-01-01T00:00:00Z");
    assert_eq!(in_offset(19_800).to_string(), "2024-02-29T12:34:56.000000789+05:30");
    assert_eq!(in_offset(0).to_string(), "2024-02-29T12:34:56.000000789Z");
    // The offset loses its second, so the clock does too.
    assert_eq!(in_offset(-7501).to_string(), "2024-02-29T12:34:57.000000789-02:05");
    assert_eq!(Time::from_unix(253_402_300_800, 0).unwrap().to_string(), "+10000-01-01T00:00:00Z");
}

#[test]
fn any_time_is_read_as_it_was_printed() {
    let ends = [i64::MIN, i64::MAX - 62_135_596_800];
    let days = (-800_000..800_000).step_by(997).map(|day: i64| day * 86_400 + 86_399);
    for seconds in days.chain(ends) {
        let time = Time::from_unix(seconds, 120).unwrap();
        assert_eq!(time.to_string().parse(), Ok(time));
    }
    let first = Time::from_unix(i64::MIN, 0).unwrap().in_offset(-3600).unwrap();
    assert!(first.to_string().ends_with("-01:00"));
}

#[test]
fn what_is_no_rfc_3339_is_not_read() {
    for text in [
        "",
        "2024-02-29",
        "2024-02-30T00:00:00Z",
        "2023-02-29T00:00:00Z",
        "2024-00-01T00:00:00Z",
        "2024-13-01T00:00:00Z",
        "2024-01-01T24:00:00Z",
        "2024-01-01T00:60:00Z",
        "2024-01-01T00:00:60Z",
        "2024-01-01 00:00:00Z",
        "2024-01-01T00:00:00",
        "2024-01-01T00:00:00.Z",
        "2024-01-01T00:00:00+24:00",
        "2024-01-01T00:00:00+01",
        "2024-01-01T00:00:00Z ",
        "24-01-01T00:00:00Z",
        "2024-1-01T00:00:00Z",
        "+9999999999999-01-01T00:00:00Z",
        "+999999999999-01-01T00:00:00Z",
        "2024-01-01T00:00:00-00:01",
    ] {
        assert_eq!(text.parse::<Time>().unwrap_err().to_string(), "no RFC 3339 time", "{text}");
    }
    assert_eq!(utc("2024-02-29T12:34:56.0000007899999Z"), leap_day());
}

#[test]
fn formats_for_people_get_text() {
    let json = serde_json::to_string(&leap_day()).unwrap();
    assert_eq!(json, r#""2024-02-29T12:34:56.000000789Z""#);
    assert_eq!(serde_json::from_str::<Time>(&json).unwrap(), leap_day());
    assert!(serde_json::from_str::<Time>(r#""noon""#).is_err());
}

#[test]
fn a_time_is_the_key_of_a_map() {
    let times = map(leap_day(), 1_i64);
    assert_eq!(from_slice::<HashMap<Time, i64>>(&to_vec(&times).unwrap()).unwrap(), times);
    encodes("time_utc", &&leap_day());
}
