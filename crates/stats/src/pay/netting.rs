//! Netting efficiency: how much of what settled would be left after setting off, pair by pair and all together.
//!
//! Between owners of settlement accounts, because those are who would pay the nets; each leg of a conversion counts in its
//! own currency. Absent on purpose: which payments were in fact offset while they waited; that is `how` in the table of
//! times.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::balance::legs;
use super::date;
use super::facts::Facts;
use super::table::{Maker, Part};
use crate::figure::{Definition, Measure, Value};

static GROSS: Definition = Definition {
    key: "pay.gross",
    name: "gross",
    measure: Measure::Amount,
    says: "what settled between accounts, each leg of a conversion in its own currency",
    formula: "sum of amounts of all movements between accounts",
    after: "ours",
};
static BILATERAL: Definition = Definition {
    key: "pay.net_bilateral",
    name: "left by pairs",
    measure: Measure::Amount,
    says: "what would be left to pay if each pair of banks set off its payments of a business day",
    formula: "sum over days and pairs of |paid - received|",
    after: "CPMI glossary, bilateral netting",
};
static MULTILATERAL: Definition = Definition {
    key: "pay.net_multilateral",
    name: "left by all",
    measure: Measure::Amount,
    says: "what would be left to pay if all banks set off their payments of a business day together",
    formula: "sum over days and banks of max(0, paid - received)",
    after: "CPMI glossary, multilateral netting",
};
static SAVED_BILATERAL: Definition = Definition {
    key: "pay.saved_bilateral",
    name: "saved by pairs %",
    measure: Measure::Percent,
    says: "part of the gross value that pairs need not pay",
    formula: "100 x (gross - left by pairs) / gross",
    after: "ours",
};
static SAVED_MULTILATERAL: Definition = Definition {
    key: "pay.saved_multilateral",
    name: "saved by all %",
    measure: Measure::Percent,
    says: "netting efficiency: part of the gross value that need not be paid",
    formula: "100 x (gross - left by all) / gross",
    after: "ours",
};
/// Definitions of this file.
pub(crate) static DEFINITIONS: &[&Definition] =
    &[&GROSS, &BILATERAL, &MULTILATERAL, &SAVED_BILATERAL, &SAVED_MULTILATERAL];

/// Gross value and what is left of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Saved {
    pub(crate) gross: i128,
    pub(crate) bilateral: i128,
    pub(crate) multilateral: i128,
}

/// Sums per currency of the rows that `counts` lets through, with the rows.
pub(crate) fn per_currency(
    facts: &Facts,
    counts: impl Fn(&super::facts::Row) -> bool,
) -> BTreeMap<u32, (Saved, Vec<u32>)> {
    let mut pairs: BTreeMap<(u32, u32), std::collections::HashMap<(u32, u32), i128>> = BTreeMap::new();
    let mut found: BTreeMap<u32, (Saved, Vec<u32>)> = BTreeMap::new();
    for (at, row) in facts.rows.iter().enumerate().filter(|(_, row)| row.settled() && counts(row)) {
        for leg in legs(row, true) {
            let (from, to) = leg.banks;
            if from == to {
                continue;
            }
            let amount = i128::from(leg.amount);
            let signed = if from < to { amount } else { -amount };
            let of_day = pairs.entry((leg.currency, row.done_day)).or_default();
            *of_day.entry((from.min(to), from.max(to))).or_default() += signed;
            let (saved, members) = found.entry(leg.currency).or_default();
            saved.gross += amount;
            members.push(u32::try_from(at).expect("fewer than 2^32 rows"));
        }
    }
    for ((currency, _), pairs) in pairs {
        let saved = &mut found.get_mut(&currency).expect("it has a gross value").0;
        let mut nets: BTreeMap<u32, i128> = BTreeMap::new();
        for ((low, high), net) in pairs {
            saved.bilateral += net.abs();
            *nets.entry(low).or_default() -= net;
            *nets.entry(high).or_default() += net;
        }
        saved.multilateral += nets.values().map(|net| (*net).max(0)).sum::<i128>();
    }
    found
}

/// Netting efficiency per currency.
pub(crate) fn efficiency(maker: &Maker<'_>) -> Part {
    let facts = maker.facts;
    let mut told = Vec::new();
    let mut found: Vec<_> = per_currency(facts, |_| true).into_iter().collect();
    found.sort_by_key(|(currency, _)| facts.currency_name(*currency));
    for (currency, (saved, members)) in found {
        let members = Arc::new(members);
        let code = facts.currency_name(currency);
        let of = [("currency", code.clone())];
        let amount = |units| Value::amount(units, maker.exponent(currency));
        let mut tell = |definition, value, unit| told.push(maker.tell(definition, &of, value, unit, &members));
        tell(&GROSS, amount(saved.gross), Some(code.as_str()));
        tell(&BILATERAL, amount(saved.bilateral), Some(code.as_str()));
        tell(&MULTILATERAL, amount(saved.multilateral), Some(code.as_str()));
        tell(&SAVED_BILATERAL, Value::percent(saved.gross - saved.bilateral, saved.gross), None);
        tell(&SAVED_MULTILATERAL, Value::percent(saved.gross - saved.multilateral, saved.gross), None);
    }
    let days: std::collections::BTreeSet<u32> =
        facts.rows.iter().filter(|row| row.settled()).map(|row| row.done_day).collect();
    let over = match (days.first(), days.last()) {
        (Some(first), Some(last)) if first != last => {
            format!(", {} business dates from {} to {}", days.len(), date::day_text(*first), date::day_text(*last))
        }
        (Some(day), _) => format!(", {}", date::day_text(*day)),
        _ => String::new(),
    };
    Part { name: "netting", title: format!("Netting efficiency per currency{over}"), told }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{DAY, facts, row};
    use super::*;

    /// The example of `docs/statistics.md`.
    #[test]
    fn pairs_and_all_together_leave_what_they_leave() {
        let (a, b, c) = (0, 1, 2);
        let rows = [(a, b, 70), (b, a, 40), (c, a, 50), (a, c, 10)];
        let rows = rows.iter().zip(1..).map(|((from, to, amount), number)| row(*from, *to, *amount, DAY, number));
        let facts = facts(rows.collect(), DAY);
        let (saved, members) = &per_currency(&facts, |_| true)[&0];
        assert_eq!((saved.gross, saved.bilateral, saved.multilateral, members.len()), (170, 70, 40, 4));
        let told = efficiency(&Maker::new(&facts)).told;
        let shown: Vec<String> = told.iter().map(|told| told.figure.value.to_string()).collect();
        assert_eq!(shown.join(" "), "1.70 0.70 0.40 58.8 76.5");
        assert_eq!(told[0].figure.rows.count(), 4);
    }

    #[test]
    fn the_legs_of_a_conversion_count_in_their_own_currencies() {
        let mut converted = row(0, 1, 500, DAY, 1);
        (converted.via, converted.debited_in, converted.debited) = (2, 1, 7_000);
        let facts = facts(vec![converted, row(1, 0, 500, DAY, 2)], DAY);
        let found = per_currency(&facts, |_| true);
        assert_eq!((found[&0].0.gross, found[&0].0.multilateral, found[&1].0.gross), (1_000, 500, 7_000));
    }
}
