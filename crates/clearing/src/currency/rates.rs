//! One vector of fixing rates: what one minor unit of each currency is worth in one unit of account.
//!
//! A vector cannot contradict itself: every cross rate is the quotient of two of its entries, so no chain of conversions
//! gains or loses. A matrix of quoted cross rates can; it is checked triple by triple and refused with the one that
//! does not fit. Absent on purpose: names of currencies, decimals, dates and sources of rates.

use alloc::vec::Vec;
use core::fmt;

/// Most currencies of one vector.
pub const CURRENCY_COUNT_MAX: usize = 4_096;

/// Largest worth of one minor unit, in units of account.
pub const WORTH_MAX: i64 = 1_000_000_000_000;

/// Largest numerator or denominator of a [`Ratio`]: keeps products of three of them within 128 bits.
pub const RATIO_PART_MAX: u64 = 10_000_000_000;

/// A positive rational number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ratio {
    /// Numerator, 1 to [`RATIO_PART_MAX`].
    pub num: u64,
    /// Denominator, 1 to [`RATIO_PART_MAX`].
    pub den: u64,
}

/// Rates of all currencies, as integers: one minor unit of currency `c` is worth `worth(c)` units of account.
///
/// The unit of account is as small as it has to be for these numbers to be integers, for instance a millionth of a
/// dollar. Conversions at these rates are exact; see `docs/clearing/currencies.md`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rates {
    worth: Vec<i64>,
}

/// Why rates are refused; indices are positions in the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are explained by the error texts")]
pub enum Fault {
    /// More currencies than [`CURRENCY_COUNT_MAX`].
    TooMany { count: usize },
    /// A worth is not above zero or exceeds [`WORTH_MAX`].
    Worth { currency: usize, worth: i128 },
    /// A part of a ratio is zero or exceeds [`RATIO_PART_MAX`].
    Ratio { currency: usize, against: Option<usize>, num: u64, den: u64 },
    /// No unit of account small enough makes all worths integers below [`WORTH_MAX`].
    TooFine { currency: usize },
    /// A ratio times the scale rounds to zero.
    TooSmall { currency: usize, scale: u64 },
    /// The matrix is not square, or the base is not one of its currencies.
    Shape { row: usize, expected: usize, found: usize },
    /// A chain of conversions gains or loses: first -> second -> base is not first -> base.
    Inconsistent { base: usize, first: usize, second: usize, deviation_ppm: u64, limit_ppm: u32 },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::TooMany { count } => write!(f, "{count} currencies exceed the limit of {CURRENCY_COUNT_MAX}"),
            Self::Worth { currency, worth } => {
                write!(f, "worth {worth} of currency {currency} is outside 1 to {WORTH_MAX}")
            }
            Self::Ratio { currency, against: None, num, den } => {
                write!(f, "rate {num}/{den} of currency {currency} has a part outside 1 to {RATIO_PART_MAX}")
            }
            Self::Ratio { currency, against: Some(other), num, den } => {
                let place = format_args!("currency {currency} in currency {other}");
                write!(f, "rate {num}/{den} of {place} has a part outside 1 to {RATIO_PART_MAX}")
            }
            Self::TooFine { currency } => {
                write!(f, "rate of currency {currency} has too many digits: no worth up to {WORTH_MAX} is exact")
            }
            Self::TooSmall { currency, scale } => {
                write!(f, "rate of currency {currency} is worth nothing at a scale of {scale}")
            }
            Self::Shape { row, expected, found } => {
                write!(f, "row {row} of the cross rates has {found} entries where {expected} are expected")
            }
            Self::Inconsistent { base, first, second, deviation_ppm, limit_ppm } => write!(
                f,
                "cross rates of currencies {base}, {first} and {second} contradict each other by {deviation_ppm} ppm, \
                 the limit is {limit_ppm}"
            ),
        }
    }
}

impl core::error::Error for Fault {}

impl Rates {
    /// Rates given as integers already: `worth[c]` units of account for one minor unit of currency `c`.
    ///
    /// # Errors
    /// [`Fault::TooMany`], [`Fault::Worth`].
    pub fn new(worth: Vec<i64>) -> Result<Self, Fault> {
        count(worth.len())?;
        match worth.iter().position(|worth| !(1..=WORTH_MAX).contains(worth)) {
            Some(currency) => Err(Fault::Worth { currency, worth: i128::from(worth[currency]) }),
            None => Ok(Self { worth }),
        }
    }

    /// Rates given as ratios, kept exactly: the unit of account becomes the largest that makes all worths integers.
    ///
    /// # Errors
    /// [`Fault::TooMany`], [`Fault::Ratio`], and [`Fault::TooFine`] when the ratios have too many different digits; use
    /// [`Rates::scaled`] then.
    pub fn exact(ratios: &[Ratio]) -> Result<Self, Fault> {
        count(ratios.len())?;
        let mut scale: u128 = 1;
        for (currency, ratio) in ratios.iter().enumerate() {
            ratio.validate(currency, None)?;
            let den = u128::from(ratio.den / gcd(ratio.num.into(), ratio.den.into()).1);
            scale = scale / gcd(scale, den).0 * den;
            // Above 2^80 no worth could fit any more, whatever common factor is taken out at the end.
            if scale >> 80 > 0 {
                return Err(Fault::TooFine { currency });
            }
        }
        let worth: Vec<u128> =
            ratios.iter().map(|ratio| scale * u128::from(ratio.num) / u128::from(ratio.den)).collect();
        let common = worth.iter().fold(0, |common, worth| gcd(common, *worth).0).max(1);
        let fits = |(currency, worth): (usize, &u128)| {
            let worth = i64::try_from(worth / common).ok().filter(|worth| *worth <= WORTH_MAX);
            worth.ok_or(Fault::TooFine { currency })
        };
        Ok(Self { worth: worth.iter().enumerate().map(fits).collect::<Result<_, _>>()? })
    }

    /// Rates given as ratios, rounded to the nearest multiple of 1/`scale` (halves up): one unit of account is 1/`scale`.
    /// Still one consistent vector; only its entries differ from the ratios by at most half a unit.
    ///
    /// # Errors
    /// [`Fault::TooMany`], [`Fault::Ratio`], [`Fault::TooSmall`], [`Fault::Worth`].
    pub fn scaled(ratios: &[Ratio], scale: u64) -> Result<Self, Fault> {
        count(ratios.len())?;
        let mut worth = Vec::with_capacity(ratios.len());
        for (currency, ratio) in ratios.iter().enumerate() {
            ratio.validate(currency, None)?;
            let den = u128::from(ratio.den);
            let rounded = (2 * u128::from(scale) * u128::from(ratio.num) + den) / (2 * den);
            match i64::try_from(rounded) {
                Ok(0) => return Err(Fault::TooSmall { currency, scale }),
                Ok(rounded) => worth.push(rounded),
                Err(_) => {
                    return Err(Fault::Worth { currency, worth: i128::try_from(rounded).unwrap_or(i128::MAX) });
                }
            }
        }
        Self::new(worth)
    }

    /// The vector behind a matrix of cross rates: `cross[i][j]` is what one minor unit of `i` is worth in minor units of
    /// `j`. Every chain i -> j -> base is compared with i -> base, which covers all chains; a deviation above `limit_ppm`
    /// (0: exact) is refused. The vector is taken from the column of the base, exactly.
    ///
    /// # Errors
    /// [`Fault::Shape`], [`Fault::Ratio`], [`Fault::Inconsistent`] with the triple, and those of [`Rates::exact`].
    pub fn from_matrix(cross: &[Vec<Ratio>], base: usize, limit_ppm: u32) -> Result<Self, Fault> {
        count(cross.len())?;
        if base >= cross.len() {
            return Err(Fault::Shape { row: base, expected: cross.len(), found: 0 });
        }
        for (i, row) in cross.iter().enumerate() {
            if row.len() != cross.len() {
                return Err(Fault::Shape { row: i, expected: cross.len(), found: row.len() });
            }
            for (j, ratio) in row.iter().enumerate() {
                ratio.validate(i, Some(j))?;
            }
        }
        for (first, row) in cross.iter().enumerate() {
            for (second, ratio) in row.iter().enumerate() {
                // first -> base compared with first -> second -> base: the column of the base is the vector.
                let (direct, last) = (row[base], cross[second][base]);
                let chain = u128::from(ratio.num) * u128::from(last.num) * u128::from(direct.den);
                let direct = u128::from(direct.num) * u128::from(ratio.den) * u128::from(last.den);
                let deviation_ppm = u64::try_from(chain.abs_diff(direct).saturating_mul(1_000_000).div_ceil(direct));
                let deviation_ppm = deviation_ppm.unwrap_or(u64::MAX);
                if deviation_ppm > u64::from(limit_ppm) {
                    return Err(Fault::Inconsistent { base, first, second, deviation_ppm, limit_ppm });
                }
            }
        }
        Self::exact(&cross.iter().map(|row| row[base]).collect::<Vec<_>>())
    }

    /// Number of currencies.
    #[must_use]
    pub fn count(&self) -> usize {
        self.worth.len()
    }

    /// What one minor unit of each currency is worth, in units of account.
    #[must_use]
    pub fn worth(&self) -> &[i64] {
        &self.worth
    }
}

impl Ratio {
    fn validate(self, currency: usize, against: Option<usize>) -> Result<(), Fault> {
        let fits = |part: &u64| (1..=RATIO_PART_MAX).contains(part);
        if fits(&self.num) && fits(&self.den) {
            return Ok(());
        }
        Err(Fault::Ratio { currency, against, num: self.num, den: self.den })
    }
}

fn count(count: usize) -> Result<(), Fault> {
    if count > CURRENCY_COUNT_MAX { Err(Fault::TooMany { count }) } else { Ok(()) }
}

/// The greatest common divisor, and the same in 64 bits where it fits (it does when one argument does).
fn gcd(mut a: u128, mut b: u128) -> (u128, u64) {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    (a, u64::try_from(a).unwrap_or(u64::MAX))
}
