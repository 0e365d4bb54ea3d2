//! Currencies, pairs, amounts and rates as text, exact both ways.

use comity_market::rate::{RATE_SCALE_MAX, Rate};

use super::rows::Row;
use crate::clear::amount::Decimal;
use crate::day::grouped;
use crate::exit::{Exit, Failure};

/// A currency by its code, with its digits after the point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Currency {
    pub(super) code: String,
    pub(super) exponent: u8,
}

impl Currency {
    pub(super) fn parse(code: &str) -> Result<Self, String> {
        let exponent = comity_arrangement::iso4217::exponent(code)
            .ok_or_else(|| format!("{code:?} is not a currency code of ISO 4217"))?;
        Ok(Self { code: code.into(), exponent })
    }

    /// An amount for people, with the code.
    pub(super) fn told(&self, minor: i128) -> String {
        format!("{} {}", grouped(minor, self.exponent), self.code)
    }
}

/// Two currencies: units of the second for one of the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) base: Currency,
    pub(super) quote: Currency,
}

impl Pair {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let Some((base, quote)) = text.split_once('/') else {
            return Err(format!("{text:?} is not a pair such as CNY/RUB"));
        };
        let pair = Self { base: Currency::parse(base)?, quote: Currency::parse(quote)? };
        if pair.base == pair.quote {
            return Err(format!("{text:?} is twice the same currency"));
        }
        Ok(pair)
    }

    pub(super) fn name(&self) -> String {
        format!("{}/{}", self.base.code, self.quote.code)
    }
}

/// A rate, or why the text is none.
pub(super) fn rate(text: &str) -> Result<Rate, String> {
    Rate::parse(text).ok_or_else(|| {
        let positive = if text.starts_with('-') || text.bytes().all(|byte| matches!(byte, b'0' | b'.')) {
            "is not more than zero"
        } else {
            "is not a decimal number such as 11.42"
        };
        format!("{text:?} {positive}; a rate has at most {RATE_SCALE_MAX} decimals and 19 digits")
    })
}

/// A rate in a field of a row.
pub(super) fn rate_of(row: &Row<'_>, name: &str) -> Result<Rate, Failure> {
    rate(row.cell(name)).map_err(|what| row.wrong(name, what))
}

/// Minor units of a decimal, below zero allowed.
pub(super) fn signed(text: &str, currency: &Currency) -> Result<i64, String> {
    let minor = Decimal::parse(text).and_then(|decimal| decimal.minor(currency.exponent));
    minor.map_err(|what| format!("{text:?} {what}"))
}

/// Minor units of a decimal of at least `least`.
fn from(text: &str, currency: &Currency, least: i64) -> Result<i64, String> {
    match signed(text, currency)? {
        amount if amount >= least => Ok(amount),
        _ if least > 0 => Err(format!("{text:?} is not more than zero")),
        _ => Err(format!("{text:?} is below zero")),
    }
}

/// An amount in a field of a row, more than zero.
pub(super) fn amount_of(row: &Row<'_>, name: &str, currency: &Currency) -> Result<i64, Failure> {
    from(row.cell(name), currency, 1).map_err(|what| row.wrong(name, what))
}

/// An amount in a field of a row that may be empty, from zero.
pub(super) fn limit_of(row: &Row<'_>, name: &str, currency: &Currency) -> Result<Option<i64>, Failure> {
    let amount = row.given(name).map(|text| from(text, currency, 0)).transpose();
    amount.map_err(|what| row.wrong(name, what))
}

/// An amount of the command line, of at least `least` minor units.
pub(super) fn argument(name: &str, text: &str, currency: &Currency, least: i64) -> Result<i64, Failure> {
    from(text, currency, least).map_err(|what| usage(name, what))
}

/// A mistake in an argument.
pub(super) fn usage(name: &str, what: impl std::fmt::Display) -> Failure {
    Failure::new(Exit::Usage, format!("{name}: {what}"))
}
