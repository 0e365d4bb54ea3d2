//! Dates, times, amounts and references as text.

use crate::traffic::{Currency, Money};

const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_MINUTE: i64 = 60 * MICROS_PER_SECOND;
const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;

/// Year, month, day of a day since 1970 (proleptic Gregorian calendar).
fn civil(days: i64) -> (i64, i64, i64) {
    // Years begin in March here, so that the leap day is the last of a year.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// `2026-11-25`.
pub(super) fn date(days: i32) -> String {
    let (year, month, day) = civil(i64::from(days));
    format!("{year:04}-{month:02}-{day:02}")
}

/// `20261125`.
pub(super) fn compact_date(days: i32) -> String {
    let (year, month, day) = civil(i64::from(days));
    format!("{year:04}{month:02}{day:02}")
}

/// `2026-11-25T09:15:02.123+08:00`: an instant on a clock that is so many minutes ahead of UTC.
pub(super) fn date_time(micros: i64, offset_minutes: i16) -> String {
    let local = micros + i64::from(offset_minutes) * MICROS_PER_MINUTE;
    let (year, month, day) = civil(local.div_euclid(MICROS_PER_DAY));
    let (hour, minute, second, milli) = clock(local);
    let zone = if offset_minutes == 0 {
        "Z".to_owned()
    } else {
        let sign = if offset_minutes < 0 { '-' } else { '+' };
        let minutes = offset_minutes.unsigned_abs();
        format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    };
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}{zone}")
}

/// `10:30:00Z`.
pub(super) fn time_utc(micros: i64) -> String {
    let (hour, minute, second, _) = clock(micros);
    format!("{hour:02}:{minute:02}:{second:02}Z")
}

/// `0915`: hours and minutes on a clock.
pub(super) fn hour_minute(micros: i64, offset_minutes: i16) -> String {
    let (hour, minute, _, _) = clock(micros + i64::from(offset_minutes) * MICROS_PER_MINUTE);
    format!("{hour:02}{minute:02}")
}

fn clock(local: i64) -> (i64, i64, i64, i64) {
    let of_day = local.rem_euclid(MICROS_PER_DAY);
    let seconds = of_day / MICROS_PER_SECOND;
    (seconds / 3_600, seconds / 60 % 60, seconds % 60, of_day % MICROS_PER_SECOND / 1_000)
}

/// Minor units with the decimals of their currency.
pub(super) fn decimal(minor: u128, exponent: u8) -> String {
    if exponent == 0 {
        return minor.to_string();
    }
    let unit = 10_u128.pow(u32::from(exponent));
    let width = usize::from(exponent);
    format!("{}.{:0width$}", minor / unit, minor % unit)
}

/// The code and the decimal text of an amount.
pub(super) fn money(currencies: &[Currency], money: Money) -> (String, String) {
    match currencies.get(money.currency.at()) {
        Some(currency) => (currency.code.as_str().to_owned(), decimal(u128::from(money.minor), currency.exponent)),
        None => (String::new(), String::new()),
    }
}

/// A UETR in its canonical form.
pub(super) fn uetr(value: u128) -> String {
    let hex = format!("{value:032x}");
    let mut text = String::with_capacity(36);
    for (at, digit) in hex.chars().enumerate() {
        if matches!(at, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_as_the_standard_has_them() {
        let noon = 20_782 * MICROS_PER_DAY + 12 * 60 * MICROS_PER_MINUTE + 5_123_000;
        assert_eq!(date(20_782), "2026-11-25");
        assert_eq!(compact_date(-1), "19691231");
        assert_eq!(date_time(noon, 480), "2026-11-25T20:00:05.123+08:00");
        assert_eq!(date_time(noon, 0), "2026-11-25T12:00:05.123Z");
        assert_eq!(date_time(noon, -210), "2026-11-25T08:30:05.123-03:30");
        assert_eq!(time_utc(noon), "12:00:05Z");
        assert_eq!(hour_minute(noon, 330), "1730");
        assert_eq!(decimal(5, 2), "0.05");
        assert_eq!(decimal(1_234, 0), "1234");
        assert_eq!(uetr(0x0123_4567_89ab_4cde_8f01_2345_6789_abcd), "01234567-89ab-4cde-8f01-23456789abcd");
    }
}
