//! Money as people read it: the one place where minor units become text.

use comity_ledger::State;
use comity_ledger::ids::CurrencyId;
use core::fmt;

/// Minor units of a currency, written `1,250.00 CNY`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Money<'a> {
    /// Minor units; wide enough for the sum of any payments.
    pub minor: i128,
    /// Digits after the point.
    pub exponent: u8,
    /// ISO 4217 code.
    pub code: &'a str,
}

impl<'a> Money<'a> {
    /// Minor units of a currency of the state; a currency nobody knows is written `?` without decimals.
    #[must_use]
    pub fn of(state: &'a State, currency: CurrencyId, minor: impl Into<i128>) -> Self {
        let minor = minor.into();
        match state.currencies.get(currency.at()) {
            Some(known) => Self { minor, exponent: known.exponent, code: known.code() },
            None => Self { minor, exponent: 0, code: "?" },
        }
    }

    /// The number alone, with groups of three digits.
    #[must_use]
    pub fn number(self) -> Number {
        Number { minor: self.minor, exponent: self.exponent }
    }
}

impl fmt::Display for Money<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.number(), self.code)
    }
}

/// Minor units written as a decimal with groups of three digits, without the currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number {
    minor: i128,
    exponent: u8,
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = 10_u128.pow(u32::from(self.exponent.min(18)));
        let minor = self.minor.unsigned_abs();
        let (whole, part) = (minor / unit, minor % unit);
        if self.minor < 0 {
            f.write_str("-")?;
        }
        let mut scale = 1_u128;
        while whole / scale >= 1_000 {
            scale *= 1_000;
        }
        write!(f, "{}", whole / scale)?;
        while scale > 1 {
            scale /= 1_000;
            write!(f, ",{:03}", whole / scale % 1_000)?;
        }
        if self.exponent > 0 {
            write!(f, ".{part:0width$}", width = usize::from(self.exponent))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_written_in_groups_with_the_decimals_of_its_currency() {
        let write = |minor, exponent, code| Money { minor, exponent, code }.to_string();
        assert_eq!(write(125_000, 2, "CNY"), "1,250.00 CNY");
        assert_eq!(write(-5, 2, "RUB"), "-0.05 RUB");
        assert_eq!(write(0, 0, "JPY"), "0 JPY");
        assert_eq!(write(1_000_000, 0, "JPY"), "1,000,000 JPY");
        assert_eq!(write(1_002_003_004, 3, "KWD"), "1,002,003.004 KWD");
        assert_eq!(write(i128::from(i64::MIN), 4, "CLF"), "-922,337,203,685,477.5808 CLF");
    }
}
