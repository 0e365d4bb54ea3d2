//! Calendar dates, times of day and instants as integers, read from and written to the forms of XML Schema.
//!
//! Proleptic Gregorian calendar, years 0001 to 9999. Deliberately absent: leap seconds, time zones by name, the current time.

use std::fmt;

const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;
const MICROS_PER_MINUTE: i64 = 60 * MICROS_PER_SECOND;

/// A calendar date: days since 1970-01-01.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Date {
    /// Days since 1970-01-01, negative before.
    pub days: i32,
}

/// An instant: microseconds since 1970-01-01T00:00:00Z, with the offset in which it was written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Timestamp {
    /// Microseconds since the epoch, in UTC. Text without an offset is taken as UTC.
    pub micros: i64,
    /// Offset from UTC in minutes as written, `None` when the text had none.
    pub offset_minutes: Option<i16>,
}

/// A time of day, with the offset in which it was written.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimeOfDay {
    /// Microseconds since local midnight, below 86,400,000,000 (or equal, for `24:00:00`).
    pub micros: i64,
    /// Offset from UTC in minutes as written, `None` when the text had none.
    pub offset_minutes: Option<i16>,
}

impl Date {
    /// The date of a year, month (1-12) and day. `None` when there is no such day, or the year is not 1 to 9999.
    #[must_use]
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || day == 0 || day > month_length(year, month) {
            return None;
        }
        // Days from civil: years start in March, so that the leap day is the last of its year.
        let shifted_year = if month <= 2 { year - 1 } else { year };
        let era = shifted_year.div_euclid(400);
        let year_of_era = shifted_year.rem_euclid(400);
        let month_index = i32::try_from((month + 9) % 12).ok()?;
        let day_of_year = (153 * month_index + 2) / 5 + i32::try_from(day).ok()? - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Some(Self { days: era * 146_097 + day_of_era - 719_468 })
    }

    /// Year, month (1-12) and day.
    #[must_use]
    pub fn to_ymd(self) -> (i32, u32, u32) {
        let shifted = self.days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_index = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_index + 2) / 5 + 1;
        let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
        let year = year_of_era + era * 400 + i32::from(month <= 2);
        (year, month.unsigned_abs(), day.unsigned_abs())
    }

    /// Reads `YYYY-MM-DD`. An offset after the day, which XML Schema allows, is checked and dropped: a settlement date is a day of the calendar.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let (date, rest) = split_date(bytes)?;
        offset(rest).map(|_| date)
    }
}

impl Timestamp {
    /// An instant in UTC.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self { micros, offset_minutes: Some(0) }
    }

    /// Reads `YYYY-MM-DDThh:mm:ss`, with optional fraction and offset. Digits after the microsecond are dropped.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (date, rest) = split_date(text.as_bytes())?;
        let rest = rest.strip_prefix(b"T")?;
        let (micros_of_day, rest) = split_time(rest)?;
        let offset_minutes = offset(rest)?;
        let shift = i64::from(offset_minutes.unwrap_or(0)) * MICROS_PER_MINUTE;
        Some(Self { micros: i64::from(date.days) * MICROS_PER_DAY + micros_of_day - shift, offset_minutes })
    }

    /// The calendar date in the offset in which the instant was written.
    #[must_use]
    pub fn local_date(self) -> Date {
        let local = self.micros + i64::from(self.offset_minutes.unwrap_or(0)) * MICROS_PER_MINUTE;
        Date { days: i32::try_from(local.div_euclid(MICROS_PER_DAY)).unwrap_or(i32::MAX) }
    }
}

impl TimeOfDay {
    /// Reads `hh:mm:ss`, with optional fraction and offset.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (micros, rest) = split_time(text.as_bytes())?;
        Some(Self { micros, offset_minutes: offset(rest)? })
    }

    /// The instant of this time on `date`. Without an offset the time is taken as UTC.
    #[must_use]
    pub fn on(self, date: Date) -> Timestamp {
        let shift = i64::from(self.offset_minutes.unwrap_or(0)) * MICROS_PER_MINUTE;
        Timestamp {
            micros: i64::from(date.days) * MICROS_PER_DAY + self.micros - shift,
            offset_minutes: self.offset_minutes,
        }
    }
}

fn month_length(year: i32, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn two(bytes: &[u8]) -> Option<u32> {
    let &[a, b] = bytes else { return None };
    let (a, b) = (a.wrapping_sub(b'0'), b.wrapping_sub(b'0'));
    (a <= 9 && b <= 9).then(|| u32::from(a) * 10 + u32::from(b))
}

fn split_date(bytes: &[u8]) -> Option<(Date, &[u8])> {
    let (date, rest) = bytes.split_at_checked(10)?;
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = date else {
        return None;
    };
    let year = two(&[y1, y2])? * 100 + two(&[y3, y4])?;
    let date = Date::from_ymd(i32::try_from(year).ok()?, two(&[m1, m2])?, two(&[d1, d2])?)?;
    Some((date, rest))
}

fn split_time(bytes: &[u8]) -> Option<(i64, &[u8])> {
    let (clock, mut rest) = bytes.split_at_checked(8)?;
    let &[h1, h2, b':', m1, m2, b':', s1, s2] = clock else {
        return None;
    };
    let (hour, minute, second) = (two(&[h1, h2])?, two(&[m1, m2])?, two(&[s1, s2])?);
    if minute > 59 || second > 59 {
        return None;
    }
    let mut micros = i64::from(hour * 3_600 + minute * 60 + second) * MICROS_PER_SECOND;
    if let Some(fraction) = rest.strip_prefix(b".") {
        let digits = fraction.iter().take_while(|b| b.is_ascii_digit()).count();
        let (fraction, after) = fraction.split_at_checked(digits)?;
        if digits == 0 {
            return None;
        }
        let mut unit = MICROS_PER_SECOND;
        for &digit in fraction.iter().take(6) {
            unit /= 10;
            micros += i64::from(digit - b'0') * unit;
        }
        rest = after;
    }
    let end_of_day = hour == 24 && micros == MICROS_PER_DAY;
    (hour <= 23 || end_of_day).then_some((micros, rest))
}

/// `Some(None)` for no offset, `None` for a malformed one.
#[expect(clippy::option_option, reason = "absent and malformed are different answers")]
fn offset(bytes: &[u8]) -> Option<Option<i16>> {
    match bytes {
        [] => Some(None),
        b"Z" => Some(Some(0)),
        &[sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (two(&[h1, h2])?, two(&[m1, m2])?);
            let total = i16::try_from(hours * 60 + minutes).ok()?;
            (minutes <= 59 && total <= 14 * 60).then_some(Some(if sign == b'-' { -total } else { total }))
        }
        _ => None,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.to_ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shift = i64::from(self.offset_minutes.unwrap_or(0)) * MICROS_PER_MINUTE;
        let of_day = (self.micros + shift).rem_euclid(MICROS_PER_DAY);
        write!(f, "{}T", self.local_date())?;
        write_clock(f, of_day, self.offset_minutes)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_clock(f, self.micros, self.offset_minutes)
    }
}

impl fmt::Debug for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn write_clock(f: &mut fmt::Formatter<'_>, micros: i64, offset: Option<i16>) -> fmt::Result {
    let seconds = micros / MICROS_PER_SECOND;
    write!(f, "{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)?;
    let fraction = micros % MICROS_PER_SECOND;
    if fraction % 1_000 != 0 {
        write!(f, ".{fraction:06}")?;
    } else if fraction != 0 {
        write!(f, ".{:03}", fraction / 1_000)?;
    }
    match offset {
        None => Ok(()),
        Some(0) => f.write_str("Z"),
        Some(minutes) => write!(
            f,
            "{}{:02}:{:02}",
            if minutes < 0 { '-' } else { '+' },
            minutes.unsigned_abs() / 60,
            minutes.unsigned_abs() % 60
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_eight_centuries_survives_a_round_trip() {
        let first = Date::from_ymd(1700, 1, 1).expect("a date").days;
        let last = Date::from_ymd(2500, 12, 31).expect("a date").days;
        for days in first..=last {
            let (year, month, day) = Date { days }.to_ymd();
            assert_eq!(Date::from_ymd(year, month, day), Some(Date { days }));
        }
        assert_eq!(Date::from_ymd(1970, 1, 1), Some(Date { days: 0 }));
        assert_eq!(Date::from_ymd(2026, 11, 15), Some(Date { days: 20_772 }));
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for text in [
            "2026-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-04-31",
            "0000-01-01",
            "26-01-01",
            "2026-1-1",
            "2026-01-01T",
            "2026-01-01+15:00",
        ] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
        assert!(Date::parse("2028-02-29").is_some());
    }

    #[test]
    fn instants_are_compared_in_utc_and_written_as_they_came() {
        for text in [
            "2026-11-21T09:30:47Z",
            "2026-11-21T09:30:47.123+08:00",
            "2026-11-21T09:30:47.000001-03:30",
            "2026-11-21T09:30:47",
        ] {
            assert_eq!(Timestamp::parse(text).map(|t| t.to_string()).as_deref(), Some(text));
        }
        assert_eq!(
            Timestamp::parse("2026-11-21T08:00:00+08:00").map(|t| t.micros),
            Timestamp::parse("2026-11-21T00:00:00Z").map(|t| t.micros)
        );
        assert_eq!(
            Timestamp::parse("2026-11-21T24:00:00Z").map(|t| t.micros),
            Timestamp::parse("2026-11-22T00:00:00Z").map(|t| t.micros)
        );
        for text in [
            "2026-11-21 09:30:47",
            "2026-11-21T25:00:00",
            "2026-11-21T24:00:01",
            "2026-11-21T09:60:00",
            "2026-11-21T09:30:47.",
            "2026-11-21T09:30:47z",
            "2026-11-21T09:30",
        ] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }
}
