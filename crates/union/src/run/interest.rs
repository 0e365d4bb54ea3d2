//! Interest of a cycle on what is carried as credit, by age where the rule says so.
//!
//! Credit is kept in layers: new credit is put on top, and what goes is taken from the top, as positions unwind. A cycle's flows come
//! evenly, so interest is the mean of that on the layers before and after. Where all is paid each cycle the net grows from
//! zero, so it is half of that on the net. Deliberately absent: booking; interest is counted apart from positions.

use alloc::vec::Vec;

use super::book::Period;
use crate::charge::{DayCount, RateRule, RateSource, Span, interest};
use crate::preset::RuleSet;
use crate::{Rate, Ratio, Refusal, Side};

/// What a member gets for a cycle, below zero if it pays; none if a rate is needed and not known.
pub(super) fn of_cycle(
    rules: &RuleSet,
    before: &[(u32, i64)],
    after: &[(u32, i64)],
    cycle: u32,
    period: &Period,
) -> Result<Option<Ratio>, Refusal> {
    let both: i128 = before.iter().chain(after).map(|(_, amount)| i128::from(*amount).abs()).sum();
    if both == 0 {
        return Ok(Some(Ratio::ZERO));
    }
    let mut sum = Ratio::ZERO;
    for layers in [before, after] {
        for side in [Side::Debtor, Side::Creditor] {
            let source = source(rules, side);
            let mut spans = Vec::new();
            for (began, amount) in layers.iter().filter(|(_, amount)| Side::of(*amount) == Some(side)) {
                let months = u64::from(cycle.saturating_sub(*began)) * 12 / u64::from(rules.cycle.a_year());
                let rule = |source: &RateSource| source.rate.at(u32::try_from(months).unwrap_or(u32::MAX));
                let Some(rate) = given(period, side).or_else(|| source.and_then(rule)) else { return Ok(None) };
                spans.push(Span { days: period.days, balance: *amount, rate: Some(rate) });
            }
            let count = source.map_or(DayCount::Act360, |source| source.count);
            let part = if spans.is_empty() { Ratio::ZERO } else { interest(&spans, count)? };
            sum = sum.plus(part).ok_or(Refusal::Overflow { field: "interest" })?;
        }
    }
    let half = Ratio::new(1, 2).and_then(|half| sum.times(half));
    half.map(Some).ok_or(Refusal::Overflow { field: "interest" })
}

/// The rate a debtor pays for a drawing or an instalment, and how its days are counted.
pub(super) fn debtor_rate(rules: &RuleSet, period: &Period) -> (Option<Rate>, DayCount) {
    let source = source(rules, Side::Debtor);
    let rate = period.debtor.or_else(|| source.and_then(|source| source.rate.at(0)));
    (rate, source.map_or(DayCount::Act360, |source| source.count))
}

/// Whether the rule set, or the one who runs it, speaks of interest at all.
pub(super) fn applies(rules: &RuleSet, period: &Period) -> bool {
    !rules.interest.is_empty() || period.debtor.is_some() || period.creditor.is_some()
}

/// Whether interest depends on age.
pub(super) fn aged(rules: &RuleSet) -> bool {
    rules.interest.iter().any(|source| matches!(source.rate, RateRule::Aged(_)))
}

/// Layers after a position's credit became `credit`.
pub(super) fn relayer(layers: &mut Vec<(u32, i64)>, credit: i64, cycle: u32) {
    let held: i128 = layers.iter().map(|(_, amount)| i128::from(*amount)).sum();
    if held.signum() * i128::from(credit.signum()) < 0 || credit == 0 {
        layers.clear();
    }
    let held: i128 = layers.iter().map(|(_, amount)| i128::from(*amount)).sum();
    let mut change = i128::from(credit) - held;
    if change.signum() * i128::from(credit.signum()) >= 0 {
        let grown = i64::try_from(change).unwrap_or(credit);
        if grown != 0 {
            layers.push((cycle, grown));
        }
        return;
    }
    while change != 0 {
        let Some((began, top)) = layers.pop() else { return };
        let rest = i128::from(top) + change;
        if rest.signum() * i128::from(top.signum()) > 0 {
            layers.push((began, i64::try_from(rest).unwrap_or(top)));
            return;
        }
        change = rest;
    }
}

fn source(rules: &RuleSet, side: Side) -> Option<&RateSource> {
    rules.interest.iter().find(|source| source.side.is_none_or(|of| of == side))
}

const fn given(period: &Period, side: Side) -> Option<Rate> {
    match side {
        Side::Debtor => period.debtor,
        Side::Creditor => period.creditor,
    }
}
