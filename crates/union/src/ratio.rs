//! Exact rational numbers, for what is not a whole minor unit.
//!
//! Deliberately absent: operators that could overflow silently; every operation is checked and answers `None` when 128 bits do
//! not hold the result.

use core::cmp::Ordering;
use core::fmt;

/// A number as a reduced fraction with a denominator above zero.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ratio {
    num: i128,
    den: i128,
}

impl Ratio {
    /// Nothing.
    pub const ZERO: Self = Self { num: 0, den: 1 };
    /// One.
    pub const ONE: Self = Self { num: 1, den: 1 };

    /// `num / den`, reduced. None when `den` is zero or the value does not fit.
    #[must_use]
    pub fn new(num: i128, den: i128) -> Option<Self> {
        if den == 0 {
            return None;
        }
        let common = i128::try_from(gcd(num.unsigned_abs(), den.unsigned_abs())).ok()?;
        let (num, den) = (num / common, den / common);
        if den < 0 { Some(Self { num: num.checked_neg()?, den: den.checked_neg()? }) } else { Some(Self { num, den }) }
    }

    /// A whole number.
    #[must_use]
    pub const fn whole(value: i128) -> Self {
        Self { num: value, den: 1 }
    }

    /// The upper number of the reduced fraction.
    #[must_use]
    pub const fn num(self) -> i128 {
        self.num
    }

    /// The lower number of the reduced fraction, above zero.
    #[must_use]
    pub const fn den(self) -> i128 {
        self.den
    }

    /// The sum, if it fits.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        let common = i128::try_from(gcd(self.den.unsigned_abs(), other.den.unsigned_abs())).ok()?;
        let (left, right) = (other.den / common, self.den / common);
        let num = self.num.checked_mul(left)?.checked_add(other.num.checked_mul(right)?)?;
        Self::new(num, self.den.checked_mul(left)?)
    }

    /// The difference, if it fits.
    #[must_use]
    pub fn minus(self, other: Self) -> Option<Self> {
        self.plus(Self { num: other.num.checked_neg()?, den: other.den })
    }

    /// The product, if it fits.
    #[must_use]
    pub fn times(self, other: Self) -> Option<Self> {
        // Reduced crosswise first, so that only what cannot be avoided can overflow.
        let (a, b) = (Self::new(self.num, other.den)?, Self::new(other.num, self.den)?);
        Self::new(a.num.checked_mul(b.num)?, a.den.checked_mul(b.den)?)
    }

    /// The quotient, if it fits; none for a divisor of zero.
    #[must_use]
    pub fn over(self, other: Self) -> Option<Self> {
        self.times(Self::new(other.den, other.num)?)
    }

    /// The greatest whole number not above it.
    #[must_use]
    pub const fn floor(self) -> i128 {
        self.num.div_euclid(self.den)
    }

    /// The least whole number not below it.
    #[must_use]
    pub const fn ceil(self) -> i128 {
        let floor = self.floor();
        if self.num.rem_euclid(self.den) == 0 { floor } else { floor + 1 }
    }

    /// The whole number next to it on the side of zero.
    #[must_use]
    pub const fn toward_zero(self) -> i128 {
        self.num / self.den
    }
}

const fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    if a == 0 { 1 } else { a }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Self) -> Ordering {
        // Compared as continued fractions: nothing is multiplied, so nothing overflows.
        let (mut a, mut b) = (*self, *other);
        loop {
            let whole = a.floor().cmp(&b.floor());
            let (left, right) = (a.num.rem_euclid(a.den), b.num.rem_euclid(b.den));
            match whole {
                Ordering::Less | Ordering::Greater => return whole,
                Ordering::Equal if left == 0 || right == 0 => return left.cmp(&right),
                // left / a.den < right / b.den exactly when b.den / right < a.den / left.
                Ordering::Equal => (a, b) = (Self { num: b.den, den: right }, Self { num: a.den, den: left }),
            }
        }
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Ratio {
    /// `-11/2`, or `5` for a whole number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.den == 1 { write!(f, "{}", self.num) } else { write!(f, "{}/{}", self.num, self.den) }
    }
}

impl fmt::Debug for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
