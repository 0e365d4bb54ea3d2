//! Dates, local times, zones and lengths of time, as files write them, and the instants they mean.
//!
//! The IANA zone rules are those compiled into the program, so the same file gives the same instants on every machine.
//! Where a clock is put forward, a local time inside the gap means the instant after it by the same amount; where it is
//! put back, the earlier of the two instants (RFC 5545, section 3.3.5). Absent on purpose: the machine's clock and zone.

use comity_ledger::ids::{Day, Time};
use core::fmt;
use jiff::civil::Date;
use jiff::tz::{TimeZone, TimeZoneDatabase};

/// Days from 1970-01-01 to 2200-01-01: dates outside are taken for slips of the hand.
const DAY_MAX: u32 = 84_006;

/// A time of day on some clock, to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LocalTime {
    /// Seconds since midnight, below 86,400.
    pub seconds: u32,
}

impl LocalTime {
    /// Reads `HH:MM` or `HH:MM:SS`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(':');
        let hours = two_digits(parts.next()?, 23)?;
        let minutes = two_digits(parts.next()?, 59)?;
        let seconds = parts.next().map_or(Some(0), |part| two_digits(part, 59))?;
        if parts.next().is_some() {
            return None;
        }
        Some(Self { seconds: hours * 3_600 + minutes * 60 + seconds })
    }
}

fn two_digits(text: &str, max: u32) -> Option<u32> {
    if text.len() != 2 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok().filter(|value| *value <= max)
}

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hours, minutes, seconds) = (self.seconds / 3_600, self.seconds / 60 % 60, self.seconds % 60);
        write!(f, "{hours:02}:{minutes:02}")?;
        if seconds > 0 {
            write!(f, ":{seconds:02}")?;
        }
        Ok(())
    }
}

/// A zone of the IANA database, such as `Asia/Almaty`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    name: String,
    rules: TimeZone,
}

impl Zone {
    /// Finds a zone by its IANA name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let rules = TimeZoneDatabase::bundled().get(name).ok()?;
        Some(Self { name: name.to_owned(), rules })
    }

    /// Coordinated universal time.
    #[must_use]
    pub fn utc() -> Self {
        Self { name: "UTC".to_owned(), rules: TimeZone::UTC }
    }

    /// The IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The instant at which clocks of this zone show `time` on `day`.
    #[must_use]
    pub fn instant(&self, day: Day, time: LocalTime) -> Time {
        let clock = i8::try_from(time.seconds / 3_600)
            .ok()
            .zip(i8::try_from(time.seconds / 60 % 60).ok().zip(i8::try_from(time.seconds % 60).ok()));
        let micros = clock.and_then(|(hour, (minute, second))| {
            let local = civil(day)?.at(hour, minute, second, 0);
            let zoned = local.to_zoned(self.rules.clone()).ok()?;
            u64::try_from(zoned.timestamp().as_microsecond()).ok()
        });
        // Days are bounded when read, so every instant is in range; the zero of an impossible one means "not set".
        Time(micros.unwrap_or(0))
    }
}

fn civil(day: Day) -> Option<Date> {
    let span = jiff::Span::new().try_days(i64::from(day.0)).ok()?;
    Date::constant(1970, 1, 1).checked_add(span).ok()
}

/// Reads a date such as `2026-11-24`; none before 1970-01-02 or after 2199.
#[must_use]
pub fn parse_day(text: &str) -> Option<Day> {
    if text.len() != 10 {
        return None;
    }
    let date: Date = text.parse().ok()?;
    let days = date.since(Date::constant(1970, 1, 1)).ok()?.get_days();
    let day = u32::try_from(days).ok()?;
    (day > 0 && day < DAY_MAX).then_some(Day(day))
}

/// Reads a length of time such as `2h30m`, `15m`, `90s` or `10d`, largest unit first; seconds, more than zero.
#[must_use]
pub fn parse_seconds(text: &str) -> Option<u32> {
    let mut rest = text;
    let mut total = 0_u32;
    for (unit, seconds) in [('d', 86_400_u32), ('h', 3_600), ('m', 60), ('s', 1)] {
        let Some((count, after)) = rest.split_once(unit) else {
            continue;
        };
        if count.is_empty() || !count.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let count: u32 = count.parse().ok()?;
        total = total.checked_add(count.checked_mul(seconds)?)?;
        rest = after;
    }
    (rest.is_empty() && total > 0).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(zone: &str, day: &str, time: &str) -> String {
        Zone::parse(zone)
            .zip(parse_day(day).zip(LocalTime::parse(time)))
            .map(|(zone, (day, time))| zone.instant(day, time).to_string())
            .unwrap_or_default()
    }

    #[test]
    fn local_times_become_instants() {
        assert_eq!(instant("Asia/Shanghai", "2026-11-24", "17:00"), "2026-11-24T09:00:00.000Z");
        // Kazakhstan moved all clocks to UTC+5 on 2024-03-01.
        assert_eq!(instant("Asia/Almaty", "2024-02-29", "06:00"), "2024-02-29T00:00:00.000Z");
        assert_eq!(instant("Asia/Almaty", "2026-11-24", "06:00"), "2026-11-24T01:00:00.000Z");
        assert_eq!(instant("Asia/Kolkata", "2026-11-24", "18:00"), "2026-11-24T12:30:00.000Z");
    }

    #[test]
    fn summer_time_gaps_and_folds() {
        assert_eq!(instant("Europe/Berlin", "2026-03-28", "17:00"), "2026-03-28T16:00:00.000Z");
        assert_eq!(instant("Europe/Berlin", "2026-03-29", "17:00"), "2026-03-29T15:00:00.000Z");
        assert_eq!(instant("Europe/Berlin", "2026-03-29", "02:30"), "2026-03-29T01:30:00.000Z");
        assert_eq!(instant("Europe/Berlin", "2026-10-25", "02:30"), "2026-10-25T00:30:00.000Z");
    }

    #[test]
    fn lengths_of_time() {
        assert_eq!(parse_seconds("2h30m"), Some(9_000));
        assert_eq!(parse_seconds("10d"), Some(864_000));
        assert_eq!(parse_seconds("90s"), Some(90));
        for bad in ["", "0m", "30", "h", "30m2h", "1.5h", "-1h", "1h 30m", "99999999d"] {
            assert_eq!(parse_seconds(bad), None, "{bad}");
        }
    }

    #[test]
    fn dates_and_times_are_strict() {
        assert_eq!(parse_day("2026-11-24").map(|d| d.to_string()), Some("2026-11-24".into()));
        for bad in ["2026-02-29", "2026-1-1", "1970-01-01", "2200-01-01", "24.11.2026", "2026-11-24T00:00"] {
            assert_eq!(parse_day(bad), None, "{bad}");
        }
        for bad in ["24:00", "6:00", "06:60", "06:00:00:00", "0600", "+6:00"] {
            assert_eq!(LocalTime::parse(bad), None, "{bad}");
        }
    }
}
