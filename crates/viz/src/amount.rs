//! Amounts as they are shown: an exact text for the reader, an integer for the drawing.
//!
//! Absent: arithmetic with money. Sums are formed only where a picture states a total of its own
//! marks, in integers, saturating at the ends of `i128`.

use crate::scale;

/// An amount to show: the exact text and the same value in minor units for the drawing scale.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// Value in minor units of the amount's currency or common unit; drives lengths only.
    pub minor: i128,
    /// Exact text as the reader shall see it, for example `48,213,004.51`; without the currency code.
    pub text: String,
}

impl Amount {
    /// An amount whose text was formatted by the caller.
    #[must_use]
    pub fn new(minor: i128, text: impl Into<String>) -> Self {
        Self { minor, text: text.into() }
    }
}

/// The unit in which one picture or column is expressed: a currency, or a common valuation unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unit {
    /// Short code shown beside values, usually the ISO 4217 code; may be empty.
    pub code: String,
    /// Decimals of the minor unit (ISO 4217 exponent, 0 to 4 in practice).
    pub decimals: u8,
}

impl Unit {
    /// A unit by code and number of decimals.
    #[must_use]
    pub fn new(code: impl Into<String>, decimals: u8) -> Self {
        Self { code: code.into(), decimals }
    }

    /// The exact text of `minor`: thousands by comma, decimals by point, a true minus sign.
    #[must_use]
    pub fn text(&self, minor: i128) -> String {
        let digits = minor.unsigned_abs().to_string();
        let decimals = usize::from(self.decimals);
        let padded = format!("{digits:0>width$}", width = decimals + 1);
        let (whole, part) = padded.split_at(padded.len() - decimals);
        let sign = if minor < 0 { "\u{2212}" } else { "" };
        let point = if decimals == 0 { "" } else { "." };
        format!("{sign}{}{point}{part}", scale::thousands(whole))
    }

    /// `minor` with its exact text in this unit.
    #[must_use]
    pub fn amount(&self, minor: i128) -> Amount {
        Amount { minor, text: self.text(minor) }
    }

    /// A rounded text for labels in a drawing, for example `48.2 bn`.
    #[must_use]
    pub fn short(&self, minor: i128) -> String {
        scale::compact(self.major(minor))
    }

    /// Rounded text with the code, for example `48.2 bn CNY`.
    pub(crate) fn short_with_code(&self, minor: i128) -> String {
        self.with_code(&self.short(minor))
    }

    /// A text with the code after it.
    pub(crate) fn with_code(&self, text: &str) -> String {
        if self.code.is_empty() { text.to_owned() } else { format!("{text} {}", self.code) }
    }

    /// Value in major units, for drawing only.
    pub(crate) fn major(&self, minor: i128) -> f64 {
        let mut value = scale::real(minor);
        for _ in 0..self.decimals {
            value /= 10.0;
        }
        value
    }
}

/// Sum that stays at the end of the range instead of overflowing.
pub(crate) fn sum<'a>(amounts: impl IntoIterator<Item = &'a Amount>) -> i128 {
    amounts.into_iter().fold(0, |total, amount| total.saturating_add(amount.minor))
}
