//! Amounts as decimal text, exact, with the currency's own digits. Absent on purpose: signs, grouping, exponents.

/// Minor units of a decimal such as `1500.00`, for a currency with `exponent` digits after the point.
///
/// Returns `None` unless the text is digits with at most one point, at most `exponent` digits after it, and the
/// amount fits in 63 bits. Zero is an amount here; whether it is allowed is for the caller to say.
#[must_use]
pub fn parse_amount(text: &str, exponent: u8) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty() || (part.is_empty() && text.contains('.')) {
        return None;
    }
    let missing = usize::from(exponent).checked_sub(part.len())?;
    let mut minor = 0_i64;
    for byte in whole.bytes().chain(part.bytes()).chain(core::iter::repeat_n(b'0', missing)) {
        if !byte.is_ascii_digit() {
            return None;
        }
        minor = minor.checked_mul(10)?.checked_add(i64::from(byte - b'0'))?;
    }
    Some(minor)
}

/// Decimal text of minor units, with all of the currency's digits.
#[must_use]
pub fn format_amount(minor: i64, exponent: u8) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let digits = format!("{:0width$}", minor.unsigned_abs(), width = usize::from(exponent) + 1);
    let (whole, part) = digits.split_at(digits.len() - usize::from(exponent));
    if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_are_exact() {
        assert_eq!(parse_amount("1500.00", 2), Some(150_000));
        assert_eq!(parse_amount("1500.5", 3), Some(1_500_500));
        assert_eq!(parse_amount("1500", 0), Some(1500));
        for bad in ["", ".", "1.", ".5", "-1", "+1", "1,5", "1 000", "1.505", "92233720368547758.08"] {
            assert_eq!(parse_amount(bad, 2), None, "{bad}");
        }
        assert_eq!(format_amount(-5, 2), "-0.05");
        assert_eq!(format_amount(i64::MIN, 0), "-9223372036854775808");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(minor in 0..=i64::MAX, exponent in 0_u8..=4) {
            prop_assert_eq!(parse_amount(&format_amount(minor, exponent), exponent), Some(minor));
        }
    }
}
