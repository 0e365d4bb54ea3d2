//! Dates as days since 1970-01-01: months, weeks and periods, and how they are written.
//!
//! Absent on purpose: clocks, zones and holidays.

use std::fmt::Write as _;

/// Year, month and day of the month (the civil-from-days formula of H. Hinnant).
#[must_use]
pub fn civil(day: u32) -> (u32, u32, u32) {
    let z = u64::from(day) + 719_468;
    let era = z / 146_097;
    let doe = z % 146_097;
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let of_month = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + u64::from(month <= 2);
    let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    (small(year), small(month), small(of_month))
}

/// Days since 1970-01-01 of a date from 1970 on; `None` when there is no such date.
#[must_use]
pub fn days(year: u32, month: u32, day: u32) -> Option<u32> {
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || day == 0 {
        return None;
    }
    let y = u64::from(if month <= 2 { year - 1 } else { year });
    let era = y / 400;
    let yoe = y % 400;
    let doy = (153 * u64::from(if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + u64::from(day) - 1;
    let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    let found = u32::try_from(era * 146_097 + doe - 719_468).ok()?;
    (civil(found) == (year, month, day)).then_some(found)
}

/// The month a day lies in: `year * 12 + month - 1`.
#[must_use]
pub fn month(day: u32) -> u32 {
    let (year, month, _) = civil(day);
    year * 12 + month - 1
}

/// The last day of a month.
#[must_use]
pub fn month_end(month: u32) -> u32 {
    let next = month + 1;
    days(next / 12, next % 12 + 1, 1).map_or(u32::MAX, |first| first - 1)
}

/// The Monday of the week a day lies in. Day 0 was a Thursday.
#[must_use]
pub const fn week(day: u32) -> u32 {
    let since_monday = (day % 7 + 3) % 7;
    day.saturating_sub(since_monday)
}

/// `2026-11-25`.
#[must_use]
pub fn day_text(day: u32) -> String {
    let (year, month, day) = civil(day);
    format!("{year:04}-{month:02}-{day:02}")
}

/// `2026-11`.
#[must_use]
pub fn month_text(month: u32) -> String {
    format!("{:04}-{:02}", month / 12, month % 12 + 1)
}

/// Reads `2026-11-25`.
#[must_use]
pub fn parse_day(text: &str) -> Option<u32> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return None;
    }
    days(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// Reads `2026-11`.
#[must_use]
pub fn parse_month(text: &str) -> Option<u32> {
    let (year, number) = text.split_once('-')?;
    if (year.len(), number.len()) != (4, 2) {
        return None;
    }
    days(year.parse().ok()?, number.parse().ok()?, 1).map(month)
}

/// Seconds for people: `45 s`, `3 min 20 s`, `2 h 05 min`, `3 d 4 h`.
#[must_use]
pub fn duration(seconds: u64) -> String {
    let mut out = String::new();
    let written = match seconds {
        0..60 => write!(out, "{seconds} s"),
        60..3_600 => write!(out, "{} min {:02} s", seconds / 60, seconds % 60),
        3_600..86_400 => write!(out, "{} h {:02} min", seconds / 3_600, seconds / 60 % 60),
        _ => write!(out, "{} d {} h", seconds / 86_400, seconds / 3_600 % 24),
    };
    written.expect("writing to a text never fails");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_come_back_and_weeks_begin_on_monday() {
        for day in 0..40_000 {
            let (year, month, of_month) = civil(day);
            assert_eq!(days(year, month, of_month), Some(day));
        }
        assert_eq!(parse_day("2026-11-25").map(day_text).as_deref(), Some("2026-11-25"));
        assert_eq!((parse_day("2026-02-29"), parse_day("2026-1-01"), parse_month("2026-13")), (None, None, None));
        assert_eq!(parse_month("2026-12").map(month_text).as_deref(), Some("2026-12"));
        let wednesday = parse_day("2026-11-25").expect("a date");
        assert_eq!(day_text(week(wednesday)), "2026-11-23");
        assert_eq!(day_text(month_end(month(wednesday))), "2026-11-30");
        assert_eq!(duration(7_500), "2 h 05 min");
    }
}
