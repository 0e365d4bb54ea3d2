//! Exchange rates as exact decimals, and conversion with every remainder accounted for.
//!
//! Source fixed: the amount credited is rounded down. Target fixed: the amount debited is rounded up. What rounding
//! leaves over is measured exactly in the pair's quote currency, whichever way the payment goes, because only there it
//! is a finite decimal. Absent on purpose: floating point; inverse rates.

/// Which side of a conversion has the given amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fixed {
    /// The amount debited is given; the amount credited is rounded down.
    Source,
    /// The amount credited is given; the amount debited is rounded up.
    Target,
}

/// An exact decimal: `mantissa / 10^scale` units of the quote currency for one unit of the base currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rate {
    /// More than zero.
    pub mantissa: u64,
    /// 0 to 12.
    pub scale: u8,
}

/// Largest number of digits after the point of a rate.
pub const RATE_SCALE_MAX: u8 = 12;
/// Fractions of a minor unit are counted in this many parts: `10^16` covers the largest scale plus the largest exponent.
pub const FRACTION: u64 = 10_u64.pow(16);

impl Rate {
    /// Whether mantissa and scale are in range.
    #[must_use]
    pub const fn is_valid(self) -> bool {
        self.mantissa > 0 && self.scale <= RATE_SCALE_MAX
    }

    /// Parses a decimal such as `12.345`.
    ///
    /// Returns `None` unless the text is digits with at most one point, more than zero, with at most
    /// [`RATE_SCALE_MAX`] digits after it and a mantissa below 2^64.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        if whole.is_empty() || (part.is_empty() && text.contains('.')) {
            return None;
        }
        let mut mantissa = 0_u64;
        for byte in whole.bytes().chain(part.bytes()) {
            if !byte.is_ascii_digit() {
                return None;
            }
            mantissa = mantissa.checked_mul(10)?.checked_add(u64::from(byte - b'0'))?;
        }
        let scale = u8::try_from(part.len()).ok()?;
        Some(Self { mantissa, scale }).filter(|rate| rate.is_valid())
    }

    /// Change from `previous` to this rate in basis points of the previous, rounded up; saturates.
    #[must_use]
    pub fn change_bps(self, previous: Self) -> u64 {
        let top = self.scale.max(previous.scale);
        let new = u128::from(self.mantissa) * 10_u128.pow(u32::from(top - self.scale));
        let old = u128::from(previous.mantissa) * 10_u128.pow(u32::from(top - previous.scale));
        let bps = (new.abs_diff(old) * 10_000).div_ceil(old);
        u64::try_from(bps).unwrap_or(u64::MAX)
    }
}

impl core::fmt::Display for Rate {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        if self.scale == 0 {
            return write!(f, "{}", self.mantissa);
        }
        if self.scale > RATE_SCALE_MAX {
            // No valid rate, but it may stand in a journal as somebody sent it.
            return write!(f, "{}e-{}", self.mantissa, self.scale);
        }
        let unit = 10_u64.pow(u32::from(self.scale));
        write!(f, "{}.{:0width$}", self.mantissa / unit, self.mantissa % unit, width = usize::from(self.scale))
    }
}

/// Which way a conversion goes through its pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The base currency is debited, the quote currency credited.
    BaseToQuote,
    /// The quote currency is debited, the base currency credited.
    QuoteToBase,
}

/// The two amounts of a conversion and what rounding left over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Converted {
    /// Minor units debited.
    pub source: i64,
    /// Minor units credited.
    pub target: i64,
    /// Left over, whole minor units of the quote currency.
    pub left_minor: i64,
    /// Left over beyond that, in `1/`[`FRACTION`] of a minor unit of the quote currency.
    pub left_fraction: u64,
}

/// Converts `amount` minor units at `rate`; `base_exponent` and `quote_exponent` are the currencies' digits after the point.
///
/// Returns `None` when an amount leaves the range of `i64` or comes to zero.
#[must_use]
pub fn convert(
    rate: Rate,
    way: Way,
    fixed: Fixed,
    amount: i64,
    base_exponent: u8,
    quote_exponent: u8,
) -> Option<Converted> {
    // base minor × up / down = quote minor, exactly.
    let up = u128::from(rate.mantissa).checked_mul(10_u128.pow(u32::from(quote_exponent)))?;
    let down = 10_u128.pow(u32::from(rate.scale) + u32::from(base_exponent));
    let amount = u128::try_from(amount).ok()?;
    let (base, quote) = match (way, fixed) {
        (Way::BaseToQuote, Fixed::Source) => (amount, amount.checked_mul(up)? / down),
        (Way::BaseToQuote, Fixed::Target) => (amount.checked_mul(down)?.div_ceil(up), amount),
        (Way::QuoteToBase, Fixed::Source) => (amount.checked_mul(down)? / up, amount),
        (Way::QuoteToBase, Fixed::Target) => (amount, amount.checked_mul(up)?.div_ceil(down)),
    };
    let base_worth = base.checked_mul(up)?;
    let quote_worth = quote.checked_mul(down)?;
    // The side debited is always worth at least the side credited; both roundings are against the payer.
    let left = match way {
        Way::BaseToQuote => base_worth.checked_sub(quote_worth)?,
        Way::QuoteToBase => quote_worth.checked_sub(base_worth)?,
    };
    let (source, target) = match way {
        Way::BaseToQuote => (base, quote),
        Way::QuoteToBase => (quote, base),
    };
    if source == 0 || target == 0 {
        return None;
    }
    Some(Converted {
        source: i64::try_from(source).ok()?,
        target: i64::try_from(target).ok()?,
        left_minor: i64::try_from(left / down).ok()?,
        left_fraction: u64::try_from(left % down * (u128::from(FRACTION) / down)).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(text: &str) -> Rate {
        Rate::parse(text).expect("a rate")
    }

    #[test]
    fn rates_are_exact_decimals() {
        assert_eq!(rate("12.3450"), Rate { mantissa: 123_450, scale: 4 });
        assert_eq!(rate("0.014").change_bps(rate("0.010")), 4_000);
        for bad in ["", ".", "1.", ".5", "-1", "1e3", "0", "0.0", "1.2.3", "1.0000000000001", "99999999999999999999"] {
            assert_eq!(Rate::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn nexus_example_source_fixed() {
        // SGD 1,000 x 25 = THB 25,000.
        let c = convert(rate("25"), Way::BaseToQuote, Fixed::Source, 100_000, 2, 2).expect("in range");
        assert_eq!((c.source, c.target, c.left_minor, c.left_fraction), (100_000, 2_500_000, 0, 0));
    }

    #[test]
    fn papss_example_both_ways() {
        // GHS 450 at 4.5 a dollar = USD 100; NGN 36,000 at 360 = USD 100.
        let ghs = convert(rate("4.5"), Way::QuoteToBase, Fixed::Source, 45_000, 2, 2).expect("in range");
        assert_eq!((ghs.source, ghs.target), (45_000, 10_000));
        let ngn = convert(rate("360"), Way::BaseToQuote, Fixed::Target, 3_600_000, 2, 2).expect("in range");
        assert_eq!((ngn.source, ngn.target), (10_000, 3_600_000));
    }

    #[test]
    fn nothing_is_created_or_lost_by_rounding() {
        for (text, be, qe) in
            [("7.0912", 2, 2), ("0.0917", 2, 0), ("1724.31", 2, 2), ("0.333333333333", 4, 3), ("3", 0, 4)]
        {
            for way in [Way::BaseToQuote, Way::QuoteToBase] {
                for fixed in [Fixed::Source, Fixed::Target] {
                    for amount in [1_i64, 7, 99, 12_345, 1_000_003] {
                        let Some(c) = convert(rate(text), way, fixed, amount, be, qe) else {
                            continue;
                        };
                        let (base, quote) =
                            if way == Way::BaseToQuote { (c.source, c.target) } else { (c.target, c.source) };
                        let r = rate(text);
                        let worth = i128::from(base) * i128::from(r.mantissa) * 10_i128.pow(qe.into());
                        let down = 10_i128.pow(u32::from(r.scale) + u32::from(be));
                        let left = i128::from(c.left_minor) * i128::from(FRACTION) + i128::from(c.left_fraction);
                        let sign = if way == Way::BaseToQuote { 1 } else { -1 };
                        let exact = sign * (worth - i128::from(quote) * down) * (i128::from(FRACTION) / down);
                        assert_eq!(left, exact, "{text} {way:?} {fixed:?} {amount}");
                    }
                }
            }
        }
    }
}
