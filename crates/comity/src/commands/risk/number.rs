//! Numbers as people write them: signed decimals, percent, rates; exact in, exact out.
//!
//! Absent on purpose: floating point.

use comity_arrangement::{format_amount, parse_amount};
use comity_ledger::rate::Rate;
use comity_union::{Ratio, Share};
use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};

/// A number in a case: text, or a whole JSON number. A JSON number with a point would not stay exact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Number(pub(super) String);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Written;
        impl Visitor<'_> for Written {
            type Value = Number;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number in quotes, such as \"1000.50\", or a whole one without")
            }
            fn visit_str<E: Error>(self, value: &str) -> Result<Number, E> {
                Ok(Number(value.trim().into()))
            }
            fn visit_i64<E: Error>(self, value: i64) -> Result<Number, E> {
                Ok(Number(value.to_string()))
            }
            fn visit_u64<E: Error>(self, value: u64) -> Result<Number, E> {
                Ok(Number(value.to_string()))
            }
        }
        from.deserialize_any(Written)
    }
}

/// Minor units of a decimal with or without a minus.
pub(super) fn amount(what: &str, text: &str, decimals: u8) -> Result<i64, String> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let size = parse_amount(digits, decimals);
    size.map(|size| sign * size).ok_or_else(|| format!("{what}: {text:?} is no amount with up to {decimals} decimals"))
}

/// The same, not below zero.
pub(super) fn size(what: &str, text: &str, decimals: u8) -> Result<i64, String> {
    parse_amount(text, decimals)
        .ok_or_else(|| format!("{what}: {text:?} is no amount from 0 with up to {decimals} decimals"))
}

/// A share such as `10 %` or `2.5%`.
pub(super) fn percent(what: &str, text: &str) -> Result<Share, String> {
    let refused = || format!("{what}: {text:?} is no share from 0 % to 100 %, written like \"10 %\"");
    let digits = text.trim().strip_suffix('%').ok_or_else(refused)?.trim_end();
    let millionths = parse_amount(digits, 4).ok_or_else(refused)?;
    Share::new("share", millionths).map_err(|_| refused())
}

/// A rate above zero.
pub(super) fn rate(what: &str, text: &str) -> Result<Ratio, String> {
    let rate = Rate::parse(text).ok_or_else(|| {
        format!(
            "{what}: {text:?} is no rate above 0 with up to 12 decimals (units of the base for one of the currency)"
        )
    })?;
    Ok(of_rate(rate))
}

/// A rate as a fraction.
pub(super) fn of_rate(rate: Rate) -> Ratio {
    Ratio::new(rate.mantissa.into(), 10_i128.pow(rate.scale.into())).unwrap_or(Ratio::ONE)
}

/// Base minor units for one minor unit of a currency, from units for one unit.
pub(super) fn per_minor(rate: Ratio, base_decimals: u8, decimals: u8) -> Option<Ratio> {
    let (top, bottom) = (10_i128.pow(base_decimals.into()), 10_i128.pow(decimals.into()));
    rate.times(Ratio::new(top, bottom)?)
}

/// Decimal text with grouped thousands.
pub(crate) fn grouped(minor: i128, decimals: u8) -> String {
    let text = plain(minor, decimals);
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
    let (whole, part) = digits.split_once('.').map_or((digits, None), |(whole, part)| (whole, Some(part)));
    let mut out = String::from(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(part) = part {
        out.push('.');
        out.push_str(part);
    }
    out
}

/// Decimal text for programs.
pub(crate) fn plain(minor: i128, decimals: u8) -> String {
    if let Ok(minor) = i64::try_from(minor) {
        return format_amount(minor, decimals);
    }
    let digits = format!("{:0width$}", minor.unsigned_abs(), width = usize::from(decimals) + 1);
    let (whole, part) = digits.split_at(digits.len() - usize::from(decimals));
    let sign = if minor < 0 { "-" } else { "" };
    if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

/// A share of one in percent with one decimal, rounded down.
pub(super) fn percent_of(share: Ratio) -> String {
    let tenths = share.times(Ratio::whole(1000)).map_or(0, Ratio::floor);
    format!("{} %", plain(tenths, 1))
}
