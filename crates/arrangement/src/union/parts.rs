//! Pieces of a union's rules that stand in several places: shares, yearly rates, ladders, terms of instalments, due dates.
//!
//! Absent on purpose: what they mean; [`comity_union`] has the rules and refuses what they forbid.

use comity_ledger::union::order::{BeyondRule, DueRule, LadderRule, LadderStep, TermRule};
use comity_union::Side;

use crate::mistake::{Notes, Spot};
use crate::read_toml::{At, Need, Table, whole};

/// The whole, in millionths.
pub(super) const ONE: u32 = 1_000_000;
pub(super) const SHARE_EXPECTED: &str = "a share from 0 % to 100 % with at most four decimals, such as \"12.5 %\"";
pub(super) const RATE_EXPECTED: &str = "a yearly rate from 0 % to 400 % with at most two decimals, such as \"2.25 %\"";

/// Decimal percent in parts of 10^-`digits` of a percent.
fn percent(text: &str, digits: usize) -> Option<u64> {
    let text = text.strip_suffix('%')?.trim_end();
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !all_digits(part) || part.len() > digits || whole.len() > 9 {
        return None;
    }
    format!("{whole}{part:0<digits$}").parse().ok()
}

/// A share in millionths.
pub(super) fn share(text: &str) -> Option<u32> {
    percent(text, 4).and_then(|share| u32::try_from(share).ok()).filter(|share| *share <= ONE)
}

/// A share above zero.
pub(super) fn some_share(text: &str) -> Option<u32> {
    share(text).filter(|share| *share > 0)
}

/// A yearly rate in basis points.
pub(super) fn yearly(text: &str) -> Option<u32> {
    percent(text, 2).and_then(|rate| u32::try_from(rate).ok()).filter(|rate| *rate <= 40_000)
}

/// A share in millionths as text.
pub(super) fn share_text(millionths: u32) -> String {
    let (whole, part) = (millionths / 10_000, millionths % 10_000);
    if part == 0 {
        return format!("{whole} %");
    }
    format!("{whole}.{} %", format!("{part:04}").trim_end_matches('0'))
}

/// A whole number from 1.
pub(super) fn count(table: &Table<'_>, key: &'static str, need: Need, max: u32) -> Option<u32> {
    let expected = format!("a whole number from 1 to {max}");
    let read = table.field(key, need, &expected, |value| {
        u32::try_from(whole(value, u64::from(max))?).ok().filter(|count| *count > 0)
    });
    read.map(|at| at.value)
}

/// One side's ladder; none when the table is not there or nothing of it can be read.
pub(super) fn ladder(parent: &Table<'_>, side: Side, need: Need, notes: Notes<'_>) -> Option<LadderRule> {
    let key = side.word();
    if need == Need::May && !parent.has(key) {
        // The key is known all the same.
        parent.table(key, Need::May).finish();
        return None;
    }
    let table = parent.table(key, need);
    if table.is_absent() {
        return None;
    }
    let mut steps = Vec::new();
    let mut before = 0;
    let mut whole = true;
    for tranche in table.tables("tranche", Need::Must) {
        let from = tranche.text("from", Need::May, SHARE_EXPECTED, share);
        let to = tranche.text("to", Need::Must, SHARE_EXPECTED, share);
        let asset = tranche.text("asset", Need::Must, SHARE_EXPECTED, share);
        tranche.finish();
        let (Some(to), Some(asset)) = (to, asset) else {
            whole = false;
            continue;
        };
        whole &= tranche_fits(from.as_ref(), &to, before, notes);
        steps.push(LadderStep { from: before, to: to.value, asset: asset.value });
        before = to.value;
    }
    let spot = table.spot("tranche");
    if steps.is_empty() && table.has("tranche") && whole {
        notes.wrong(&spot, "no tranche", "at least one, up to 100 %");
    } else if whole && !steps.is_empty() && before != ONE {
        notes.wrong(&spot, format!("a last tranche that ends at {}", share_text(before)), "one that ends at 100 %");
    }
    let beyond = beyond(&table);
    table.finish();
    Some(LadderRule { steps, beyond })
}

/// Whether a tranche begins where the one before ends, and ends above that.
fn tranche_fits(from: Option<&At<u32>>, to: &At<u32>, before: u32, notes: Notes<'_>) -> bool {
    let expected = if before == 0 {
        "0 %, as it is the first".to_owned()
    } else {
        format!("{}, where the one before ends", share_text(before))
    };
    match from {
        Some(from) if from.value < before => {
            notes.add(from.spot.mistake(share_text(from.value), expected).help("the tranches overlap"));
            return false;
        }
        Some(from) if from.value > before => {
            notes.add(from.spot.mistake(share_text(from.value), expected).help("there is a gap between them"));
            return false;
        }
        Some(_) | None => {}
    }
    if to.value <= before {
        notes.wrong(&to.spot, share_text(to.value), format!("more than {}, where it begins", share_text(before)));
        return false;
    }
    true
}

fn beyond(table: &Table<'_>) -> BeyondRule {
    let word = table.text("beyond", Need::Must, "asset, credit, special or refuse", |text| {
        ["asset", "credit", "special", "refuse"].into_iter().find(|word| *word == text)
    });
    let special = word.as_ref().is_some_and(|word| word.value == "special");
    let share = table.text("special_asset", if special { Need::Must } else { Need::May }, SHARE_EXPECTED, share);
    match word.map_or("asset", |word| word.value) {
        "credit" => BeyondRule::Credit,
        "special" => BeyondRule::Special(share.map_or(0, |share| share.value)),
        "refuse" => BeyondRule::Refuse,
        _ => BeyondRule::Asset,
    }
}

/// Terms of instalments, if the table is there.
pub(super) fn terms(parent: &Table<'_>, key: &'static str) -> Option<TermRule> {
    let there = parent.has(key);
    let table = parent.table(key, Need::May);
    if !there || table.is_absent() {
        table.finish();
        return None;
    }
    let instalments = count(&table, "instalments", Need::Must, 1_200);
    let every = count(&table, "every_days", Need::Must, 1_200);
    let rate = table.text("rate", Need::Must, RATE_EXPECTED, yearly);
    let remainder = table.text("remainder", Need::May, "first or last", |text| match text {
        "first" => Some(true),
        "last" => Some(false),
        _ => None,
    });
    table.finish();
    let small = |count: Option<u32>| count.and_then(|count| u16::try_from(count).ok()).unwrap_or(1);
    Some(TermRule {
        instalments: small(instalments),
        every_days: small(every),
        rate_bps: rate.map_or(0, |rate| rate.value),
        remainder_first: remainder.is_some_and(|remainder| remainder.value),
    })
}

/// When residuals are due, if the table is there.
pub(super) fn due(parent: &Table<'_>, notes: Notes<'_>) -> Option<DueRule> {
    const EXPECTED: &str = "a whole number of days from 0 to 60";
    let there = parent.has("due");
    let table = parent.table("due", Need::May);
    if !there || table.is_absent() {
        table.finish();
        return None;
    }
    let days = |key: &'static str| table.field(key, Need::May, EXPECTED, |value| u8::try_from(whole(value, 60)?).ok());
    let (business, calendar) = (days("business_days"), days("days_then_open"));
    let spot: Spot = parent.spot("due");
    table.finish();
    match (business, calendar) {
        (Some(days), None) => Some(DueRule::BusinessDays(days.value)),
        (None, Some(days)) => Some(DueRule::DaysThenOpen(days.value)),
        (Some(_), Some(_)) => {
            notes.wrong(&spot, "business_days and days_then_open", "one of them");
            None
        }
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_rates_are_exact_percent() {
        assert_eq!(share("12.5 %"), Some(125_000));
        assert_eq!(share("100%"), Some(ONE));
        assert_eq!(share("0.0001 %"), Some(1));
        assert_eq!(yearly("2.25 %"), Some(225));
        for bad in ["", "%", "101 %", "-1 %", "0.5", "1.00001 %", "1. %", ".5 %", "1,5 %", "100.0001 %"] {
            assert_eq!(share(bad), None, "{bad}");
        }
        assert_eq!(yearly("2.255 %"), None);
        for millionths in [0, 1, 125_000, 333_333, ONE] {
            assert_eq!(share(&share_text(millionths)), Some(millionths));
        }
    }
}
