//! Amounts and due dates as text, exact both ways.

/// Digits before and after the point of a decimal number, or why it is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decimal {
    /// All digits as one number.
    digits: i64,
    /// How many of them stand after the point.
    decimals: u8,
}

/// Most decimals any currency has.
const DECIMALS_MAX: usize = 4;

impl Decimal {
    /// Reads digits with at most one point. `Err` is the end of the sentence that begins with the text.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (sign, number) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(part) || (part.is_empty() && number.contains('.')) {
            return Err("is not a decimal number such as 1500.00".into());
        }
        if part.len() > DECIMALS_MAX {
            return Err(format!("has {} decimals; no currency has more than {DECIMALS_MAX}", part.len()));
        }
        let magnitude = whole
            .bytes()
            .chain(part.bytes())
            .try_fold(0i64, |sum, byte| sum.checked_mul(10)?.checked_add(i64::from(byte - b'0')));
        let magnitude = magnitude.ok_or_else(|| format!("exceeds the largest amount of {}", i64::MAX))?;
        Ok(Self { digits: sign * magnitude, decimals: u8::try_from(part.len()).unwrap_or(u8::MAX) })
    }

    pub(super) fn decimals(self) -> u8 {
        self.decimals
    }

    pub(super) fn is_positive(self) -> bool {
        self.digits > 0
    }

    /// In units of `exponent` decimals; `Err` like [`Decimal::parse`].
    pub(crate) fn minor(self, exponent: u8) -> Result<i64, String> {
        let Some(missing) = exponent.checked_sub(self.decimals) else {
            return Err(if exponent == 0 {
                "has decimals where none are possible".into()
            } else {
                format!("has more than {exponent} decimals")
            });
        };
        self.digits
            .checked_mul(10_i64.pow(u32::from(missing)))
            .ok_or_else(|| format!("exceeds the largest amount of {}", text(i128::from(i64::MAX), exponent)))
    }
}

/// Decimal text of minor units.
pub(crate) fn text(minor: i128, exponent: u8) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let digits = format!("{:0width$}", minor.unsigned_abs(), width = usize::from(exponent) + 1);
    let (whole, part) = digits.split_at(digits.len() - usize::from(exponent));
    if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

/// A due date or rank as a number: days since 1970-01-01 of a date, or the number itself.
pub(super) fn due(text: &str) -> Result<(i32, bool), String> {
    let wrong = || "is neither a date such as 2026-11-24 nor a whole number".to_string();
    if let Ok(rank) = text.parse::<i32>() {
        return Ok((rank, false));
    }
    let bytes = text.as_bytes();
    let shaped = bytes.len() == 10
        && bytes
            .iter()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { *byte == b'-' } else { byte.is_ascii_digit() });
    if !shaped {
        return Err(wrong());
    }
    let number = |range: std::ops::Range<usize>| text[range].parse::<i32>().unwrap_or(0);
    let (year, month, day) = (number(0..4), number(5..7), number(8..10));
    if !(1..=12).contains(&month) || !(1..=days_of(year, month)).contains(&day) {
        return Err("is not a day of the calendar".into());
    }
    Ok((days(year, month, day), true))
}

fn days_of(year: i32, month: i32) -> i32 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + i32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01, counting years from March so that a leap day is the last.
fn days(year: i32, month: i32, day: i32) -> i32 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * month + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The text of a due date or rank.
pub(crate) fn due_text(value: i32, is_date: bool) -> String {
    if !is_date {
        return value.to_string();
    }
    let shifted = value + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    format!("{:04}-{month:02}-{day:02}", year + era * 400 + next)
}

#[cfg(test)]
mod tests {
    use super::{Decimal, days, due, due_text, text};

    #[test]
    fn decimals_are_exact_or_refused() {
        let minor = |text: &str, exponent| Decimal::parse(text).and_then(|decimal| decimal.minor(exponent));
        assert_eq!(minor("1500.5", 2), Ok(150_050));
        assert_eq!(minor("-0.01", 2), Ok(-1));
        assert_eq!(minor("9223372036854775807", 0), Ok(i64::MAX));
        for (bad, exponent) in
            [("", 2), (".", 2), ("1.", 2), (".5", 2), ("1e3", 2), ("1,5", 2), ("+1", 2), ("1.505", 2)]
        {
            assert!(minor(bad, exponent).is_err(), "{bad}");
        }
        assert!(minor("9223372036854775808", 0).is_err() && minor("92233720368547758.08", 2).is_err());
        assert_eq!((text(-5, 2), text(7, 0), text(123_456, 3)), ("-0.05".into(), "7".into(), "123.456".into()));
    }

    #[test]
    fn dates_are_days_both_ways() {
        assert_eq!((days(1970, 1, 1), days(2000, 3, 1), days(2026, 11, 21)), (0, 11_017, 20_778));
        for value in (-719_000..800_000).step_by(37) {
            let text = due_text(value, true);
            assert_eq!(due(&text), Ok((value, true)), "{text}");
        }
        assert_eq!(due("17"), Ok((17, false)));
        assert_eq!(due_text(-3, false), "-3");
        for bad in ["2026-02-29", "2026-13-01", "2026-1-01", "soon", "", "2026/01/01", "99999999999"] {
            assert!(due(bad).is_err(), "{bad}");
        }
    }
}
