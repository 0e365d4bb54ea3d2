//! Shares and rates as exact decimals.
//!
//! Deliberately absent: rounding. A share times an amount is a [`Ratio`]; who owns the fraction is for the rule that uses it.

use core::fmt;

use crate::{Ratio, Refusal};

/// A part of a whole in millionths, from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Share(u32);

impl Share {
    /// Millionths of the whole.
    pub const SCALE: u32 = 1_000_000;
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The whole.
    pub const ONE: Self = Self(Self::SCALE);

    /// Millionths.
    ///
    /// # Errors
    /// [`Refusal::Share`] naming `field` unless `millionths` is from 0 to 1,000,000.
    pub fn new(field: &'static str, millionths: i64) -> Result<Self, Refusal> {
        match u32::try_from(millionths) {
            Ok(share) if share <= Self::SCALE => Ok(Self(share)),
            Ok(_) | Err(_) => Err(Refusal::Share { field, millionths }),
        }
    }

    /// Whole percent; for tables in code, where more than 100 stops the build or the test.
    #[must_use]
    pub const fn percent(percent: u32) -> Self {
        assert!(percent <= 100, "a share is at most 100 percent");
        Self(percent * 10_000)
    }

    /// Millionths, as kept.
    pub(crate) const fn raw(self) -> u32 {
        self.0
    }

    /// Millionths.
    #[must_use]
    pub fn millionths(self) -> i128 {
        i128::from(self.0)
    }

    /// This share of an amount, exactly.
    #[must_use]
    pub fn of(self, amount: i64) -> Ratio {
        // 2^63 x 10^6 is far below 2^127, and the denominator is not zero.
        Ratio::new(i128::from(amount) * self.millionths(), i128::from(Self::SCALE)).unwrap_or(Ratio::ZERO)
    }
}

impl fmt::Display for Share {
    /// In percent: `15 %`, `12.5 %`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        percent(f, i64::from(self.0), 10_000, 4)
    }
}

/// A rate of interest or charge in billionths a year; never below zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate(u32);

impl Rate {
    /// Billionths of the whole.
    pub const SCALE: i128 = 1_000_000_000;

    /// Billionths a year.
    ///
    /// # Errors
    /// [`Refusal::Rate`] naming `field` unless `billionths` is from 0 to 2^32 - 1 (about 429 %).
    pub fn new(field: &'static str, billionths: i64) -> Result<Self, Refusal> {
        u32::try_from(billionths).map(Self).map_err(|_| Refusal::Rate { field, billionths })
    }

    /// Hundredths of a percent a year; for tables in code.
    #[must_use]
    pub const fn basis_points(points: u32) -> Self {
        assert!(points <= 40_000, "a rate is at most 400 percent");
        Self(points * 100_000)
    }

    /// Billionths a year.
    #[must_use]
    pub fn billionths(self) -> i128 {
        i128::from(self.0)
    }
}

impl fmt::Display for Rate {
    /// In percent a year: `5 %`, `4.8 %`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        percent(f, i64::from(self.0), 10_000_000, 7)
    }
}

/// Millionths that need not be a [`Share`], for refusals: `110 %`, `-12.5 %`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Percent(pub i64);

impl From<u32> for Percent {
    fn from(millionths: u32) -> Self {
        Self(millionths.into())
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        percent(f, self.0, 10_000, 4)
    }
}

fn percent(f: &mut fmt::Formatter<'_>, value: i64, one: i64, digits: usize) -> fmt::Result {
    let (whole, mut rest) = ((value / one).unsigned_abs(), (value % one).unsigned_abs());
    write!(f, "{}{whole}", if value < 0 { "-" } else { "" })?;
    if rest != 0 {
        let mut digits = digits;
        while rest % 10 == 0 {
            rest /= 10;
            digits -= 1;
        }
        write!(f, ".{rest:0digits$}")?;
    }
    f.write_str(" %")
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn percent_of_any_sum_is_exact() {
        for (millionths, text) in [
            (0, "0 %"),
            (1_100_000, "110 %"),
            (125_000, "12.5 %"),
            (1, "0.0001 %"),
            (-1, "-0.0001 %"),
            (-1_005_000, "-100.5 %"),
            (i64::MIN, "-922337203685477.5808 %"),
        ] {
            assert_eq!(Percent(millionths).to_string(), text);
        }
    }
}
