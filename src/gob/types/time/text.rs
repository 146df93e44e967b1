//! RFC 3339, as Go writes and reads it.

use std::fmt;
use std::str::FromStr;

use super::{ConvertError, Time};

const DAY: i64 = 86_400;
/// Four hundred years, after which the calendar repeats itself.
const ERA_DAYS: i64 = 146_097;
/// From the first of March of the year 0 to the year 1970.
const EPOCH_DAYS: i64 = 719_468;

/// As Go's layout `RFC3339Nano`; a year that does not have four digits has a sign, as in ISO 8601.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minutes = self.offset.unwrap_or(0) / 60;
        let (mut days, mut second) = (self.unix.div_euclid(DAY), self.unix.rem_euclid(DAY));
        second += i64::from(minutes) * 60;
        days += second.div_euclid(DAY);
        second = second.rem_euclid(DAY);
        let (year, month, day) = date(days);
        match year {
            0..=9999 => write!(f, "{year:04}")?,
            _ => write!(f, "{year:+05}")?,
        }
        write!(f, "-{month:02}-{day:02}T{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)?;
        if self.nanos != 0 {
            let nanos = format!("{:09}", self.nanos);
            write!(f, ".{}", nanos.trim_end_matches('0'))?;
        }
        if minutes == 0 {
            return f.write_str("Z");
        }
        let sign = if minutes < 0 { '-' } else { '+' };
        write!(f, "{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
    }
}

impl FromStr for Time {
    type Err = ConvertError;

    fn from_str(text: &str) -> Result<Self, ConvertError> {
        parse(text.as_bytes()).ok_or(ConvertError::new("no RFC 3339 time"))
    }
}

fn parse(text: &[u8]) -> Option<Time> {
    let mut rest = text;
    let year = match byte(&mut rest, b"+-") {
        Some(sign) => {
            let len = rest.iter().position(|byte| !byte.is_ascii_digit())?;
            if !(4..=12).contains(&len) {
                return None;
            }
            let year = digits(&mut rest, len)?;
            if sign == b'-' { -year } else { year }
        }
        None => digits(&mut rest, 4)?,
    };
    byte(&mut rest, b"-")?;
    let month = digits(&mut rest, 2).filter(|month| (1..=12).contains(month))?;
    byte(&mut rest, b"-")?;
    let day = digits(&mut rest, 2).filter(|day| (1..=days_in(year, month)).contains(day))?;
    byte(&mut rest, b"T")?;
    let hour = digits(&mut rest, 2).filter(|hour| *hour < 24)?;
    byte(&mut rest, b":")?;
    let minute = digits(&mut rest, 2).filter(|minute| *minute < 60)?;
    byte(&mut rest, b":")?;
    let second = digits(&mut rest, 2).filter(|second| *second < 60)?;
    let mut nanos = 0;
    if byte(&mut rest, b".").is_some() {
        let len = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        // As in Go, what is smaller than a nanosecond is cut off.
        let kept = len.min(9);
        nanos = digits(&mut rest, kept).filter(|_| kept > 0)? * 10_i64.pow(9 - kept as u32);
        rest = &rest[len - kept..];
    }
    let offset = match byte(&mut rest, b"Z+-")? {
        b'Z' => None,
        sign => {
            let hours = digits(&mut rest, 2).filter(|hours| *hours < 24)?;
            byte(&mut rest, b":")?;
            let minutes = digits(&mut rest, 2).filter(|minutes| *minutes < 60)?;
            let offset = (hours * 3600 + minutes * 60) as i32;
            Some(if sign == b'-' { -offset } else { offset })
        }
    };
    if !rest.is_empty() {
        return None;
    }
    let seconds = hour * 3600 + minute * 60 + second - i64::from(offset.unwrap_or(0));
    let unix = i128::from(days(year, month, day)) * i128::from(DAY) + i128::from(seconds);
    let time = Time::from_unix(unix.try_into().ok()?, nanos as u32).ok()?;
    match offset {
        Some(offset) => time.in_offset(offset).ok(),
        None => Some(time),
    }
}

/// Takes the next byte if it is one of these.
fn byte(rest: &mut &[u8], wanted: &[u8]) -> Option<u8> {
    let (first, after) = rest.split_first()?;
    wanted.contains(first).then(|| *rest = after)?;
    Some(*first)
}

/// Takes a number of this many digits.
fn digits(rest: &mut &[u8], len: usize) -> Option<i64> {
    let (number, after) = rest.split_at_checked(len)?;
    let mut value = 0;
    for digit in number {
        value = value * 10 + i64::from(digit.is_ascii_digit().then(|| digit - b'0')?);
    }
    *rest = after;
    Some(value)
}

fn days_in(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The days from 1970 to a date of the Gregorian calendar. Years begin in March here, so that the odd day is the last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, year) = (year.div_euclid(400), year.rem_euclid(400));
    let in_year = (153 * month + 2) / 5 + day - 1;
    era * ERA_DAYS + year * 365 + year / 4 - year / 100 + in_year - EPOCH_DAYS
}

/// The date that is this many days after the first of 1970.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + EPOCH_DAYS;
    let (era, day) = (days.div_euclid(ERA_DAYS), days.rem_euclid(ERA_DAYS));
    // Less the leap days before it, every year has 365.
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let in_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * in_year + 2) / 153;
    let day = in_year - (153 * month + 2) / 5 + 1;
    let year = era * 400 + year;
    if month < 10 { (year, month + 3, day) } else { (year + 1, month - 9, day) }
}
