//! Exact money and exact decimals: integers with a scale, never floating point.

use crate::currency::CurrencyCode;
use std::fmt;

/// A positive amount in minor units of its currency: `minor` = 12345 with `exponent` 2 is 123.45.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Amount {
    /// Number of minor units, always above zero when it comes from the reader.
    pub minor: i64,
    /// ISO 4217 code.
    pub currency: CurrencyCode,
    /// Decimals of the currency, 0 to 4.
    pub exponent: u8,
}

/// Why a text is not an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmountError {
    /// Not a decimal number.
    NotANumber,
    /// The currency code is not active in ISO 4217.
    UnknownCurrency,
    /// Zero or below.
    NotPositive,
    /// More decimals than the currency has.
    TooManyDecimals,
    /// More digits than 18, the limit of the standard.
    TooManyDigits,
}

impl Amount {
    /// An amount of `minor` units of an active currency. `None` when the code is not active.
    #[must_use]
    pub fn new(minor: i64, currency: CurrencyCode) -> Option<Self> {
        currency.exponent().map(|exponent| Self { minor, currency, exponent })
    }

    /// Reads `text` as an amount of `currency`, exactly. Zero, negative values and more decimals than the currency has are errors,
    /// also when the further decimals are zeros: `100.00` is not a valid amount of JPY.
    ///
    /// # Errors
    /// The first thing that is wrong, see [`AmountError`].
    pub fn parse(text: &str, currency: &str) -> Result<Self, AmountError> {
        match Self::parse_or_zero(text, currency)? {
            Self { minor: 0, .. } => Err(AmountError::NotPositive),
            amount => Ok(amount),
        }
    }

    /// Reads `text` like [`Amount::parse`], but takes zero: a charge or a balance may be zero.
    ///
    /// # Errors
    /// The first thing that is wrong, see [`AmountError`].
    pub fn parse_or_zero(text: &str, currency: &str) -> Result<Self, AmountError> {
        let code = CurrencyCode::parse(currency).ok_or(AmountError::UnknownCurrency)?;
        let exponent = code.exponent().ok_or(AmountError::UnknownCurrency)?;
        let (decimal, negative, decimals) = scan(text)?;
        if negative && decimal.mantissa != 0 {
            return Err(AmountError::NotPositive);
        }
        if decimals > u32::from(exponent) {
            return Err(AmountError::TooManyDecimals);
        }
        let minor = u64::try_from(decimal.mantissa)
            .ok()
            .and_then(|m| m.checked_mul(10_u64.pow(u32::from(exponent - decimal.scale))))
            .and_then(|m| i64::try_from(m).ok())
            .ok_or(AmountError::TooManyDigits)?;
        Ok(Self { minor, currency: code, exponent })
    }

    /// The amount as a decimal, for sums across amounts of several exponents.
    #[must_use]
    pub fn to_decimal(self) -> Decimal {
        Decimal { mantissa: i128::from(self.minor), scale: self.exponent }
    }
}

impl fmt::Debug for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.to_decimal(), self.currency)
    }
}

/// An exact decimal: `mantissa` / 10^`scale`. Control sums and exchange rates are such numbers.
#[derive(Clone, Copy, Debug)]
pub struct Decimal {
    /// All digits as one integer.
    pub mantissa: i128,
    /// Digits after the point, at most 18.
    pub scale: u8,
}

impl Decimal {
    /// Zero.
    pub const ZERO: Self = Self { mantissa: 0, scale: 0 };

    /// Reads an `xs:decimal` of at most 18 digits. Trailing zeros after the point are dropped.
    ///
    /// # Errors
    /// [`AmountError::NotANumber`] or [`AmountError::TooManyDigits`].
    pub fn parse(text: &str) -> Result<Self, AmountError> {
        let (decimal, negative, _) = scan(text)?;
        Ok(if negative { Self { mantissa: -decimal.mantissa, ..decimal } } else { decimal })
    }

    /// Sum, exact. `None` on overflow, which needs more than 10^20 in the whole part.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        let left = self.mantissa.checked_mul(pow10(scale - self.scale))?;
        let right = other.mantissa.checked_mul(pow10(scale - other.scale))?;
        Some(Self { mantissa: left.checked_add(right)?, scale })
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        let scale = self.scale.max(other.scale);
        let left = self.mantissa.checked_mul(pow10(scale - self.scale));
        let right = other.mantissa.checked_mul(pow10(scale - other.scale));
        // Both overflowing cannot happen: one of the two factors is always 1.
        left.is_some() && left == right
    }
}

impl Eq for Decimal {}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let unit = pow10(self.scale).unsigned_abs();
        let whole = self.mantissa.unsigned_abs() / unit;
        let part = self.mantissa.unsigned_abs() % unit;
        if self.scale == 0 {
            write!(f, "{sign}{whole}")
        } else {
            write!(f, "{sign}{whole}.{part:0width$}", width = usize::from(self.scale))
        }
    }
}

/// An exchange rate: price of one unit of the instructed currency in the settlement currency, exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// All digits as one integer, at most 11 of them.
    pub mantissa: u64,
    /// Digits after the point, at most 10.
    pub scale: u8,
}

impl Rate {
    /// Reads a `BaseOneRate`: at most 11 digits, 10 of them after the point, above zero.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let decimal = Decimal::parse(text).ok()?;
        let mantissa = u64::try_from(decimal.mantissa).ok()?;
        (mantissa > 0 && mantissa < 100_000_000_000 && decimal.scale <= 10)
            .then_some(Self { mantissa, scale: decimal.scale })
    }

    /// Whether `from` x this rate is `to`, up to one minor unit of `to` either way.
    #[must_use]
    pub fn agrees(self, from: Amount, to: Amount) -> bool {
        let converted =
            u128::from(from.minor.unsigned_abs()) * u128::from(self.mantissa) * pow10(to.exponent).unsigned_abs();
        let unit = pow10(self.scale + from.exponent).unsigned_abs();
        let stated = u128::from(to.minor.unsigned_abs()) * unit;
        converted.abs_diff(stated) <= unit
    }
}

pub(crate) fn pow10(exponent: u8) -> i128 {
    10_i128.pow(u32::from(exponent))
}

/// Sign, digits and number of decimals as written. The decimal returned has no trailing zeros after the point.
fn scan(text: &str) -> Result<(Decimal, bool, u32), AmountError> {
    let bytes = text.as_bytes();
    let (negative, digits) = match bytes.split_first() {
        Some((b'-', rest)) => (true, rest),
        Some((b'+', rest)) => (false, rest),
        _ => (false, bytes),
    };
    let mut mantissa: u64 = 0;
    let mut significant = 0_u32;
    let mut decimals = 0_u32;
    let mut seen_point = false;
    let mut seen_digit = false;
    for &byte in digits {
        if byte == b'.' && !seen_point {
            seen_point = true;
            continue;
        }
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return Err(AmountError::NotANumber);
        }
        seen_digit = true;
        if seen_point {
            decimals += 1;
        }
        if significant > 0 || digit > 0 {
            significant += 1;
        }
        if significant > 18 || decimals > 18 {
            return Err(AmountError::TooManyDigits);
        }
        mantissa = mantissa * 10 + u64::from(digit);
    }
    if !seen_digit {
        return Err(AmountError::NotANumber);
    }
    let mut scale = decimals;
    while scale > 0 && mantissa.is_multiple_of(10) {
        mantissa /= 10;
        scale -= 1;
    }
    let scale = u8::try_from(scale).unwrap_or(18);
    let decimal = Decimal { mantissa: i128::from(mantissa), scale };
    Ok((decimal, negative, decimals))
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn amounts_are_exact_and_follow_the_currency() {
        let mut told = String::new();
        for (text, currency) in [
            ("123.45", "CNY"),
            ("123.4", "CNY"),
            ("1", "KWD"),
            ("0.0001", "CLF"),
            ("100", "JPY"),
            ("100.00", "JPY"),
            ("1.505", "CNY"),
            ("0", "CNY"),
            ("0.00", "CNY"),
            ("-1", "CNY"),
            ("+1", "CNY"),
            ("1e3", "CNY"),
            ("", "CNY"),
            (".", "CNY"),
            (".5", "CNY"),
            ("999999999999999999", "JPY"),
            ("999999999999999999", "CNY"),
            ("1000000000000000000", "JPY"),
            ("1", "DEM"),
        ] {
            told.push_str(&format!("{text} {currency}: {:?}\n", Amount::parse(text, currency)));
        }
        expect![[r#"
            123.45 CNY: Ok(123.45 CNY)
            123.4 CNY: Ok(123.40 CNY)
            1 KWD: Ok(1.000 KWD)
            0.0001 CLF: Ok(0.0001 CLF)
            100 JPY: Ok(100 JPY)
            100.00 JPY: Err(TooManyDecimals)
            1.505 CNY: Err(TooManyDecimals)
            0 CNY: Err(NotPositive)
            0.00 CNY: Err(NotPositive)
            -1 CNY: Err(NotPositive)
            +1 CNY: Ok(1.00 CNY)
            1e3 CNY: Err(NotANumber)
             CNY: Err(NotANumber)
            . CNY: Err(NotANumber)
            .5 CNY: Ok(0.50 CNY)
            999999999999999999 JPY: Ok(999999999999999999 JPY)
            999999999999999999 CNY: Err(TooManyDigits)
            1000000000000000000 JPY: Err(TooManyDigits)
            1 DEM: Err(UnknownCurrency)
        "#]]
        .assert_eq(&told);
    }

    #[test]
    fn a_rate_agrees_within_one_minor_unit() {
        let rate = Rate::parse("12.5").expect("a rate");
        let from = Amount::parse("10.01", "CNY").expect("an amount");
        for (to, agrees) in [("125.12", true), ("125.13", true), ("125.11", false), ("125.14", false)] {
            let to_amount = Amount::parse(to, "RUB").expect("an amount");
            assert_eq!(rate.agrees(from, to_amount), agrees, "{to}");
        }
    }

    #[test]
    fn the_largest_rate_check_does_not_overflow() {
        let rate = Rate::parse("9.9999999999").expect("a rate");
        let from = Amount::parse("99999999999999.9999", "CLF").expect("an amount");
        assert!(!rate.agrees(from, from));
    }

    #[test]
    fn decimals_compare_and_add_by_value() {
        let a = Decimal::parse("1.50").expect("a decimal");
        let b = Decimal::parse("1.5").expect("a decimal");
        assert_eq!(a, b);
        assert_eq!(a.checked_add(b), Decimal::parse("3").ok());
        assert_eq!(Decimal::parse("-0.05").map(|d| d.to_string()), Ok("-0.05".into()));
    }
}
