//! Imbalances: what each pair of countries and each country is left with, per currency and in the unit.
//!
//! Between banks' home countries, as the payments say; the provider of a conversion stands between, so what it gives and
//! takes counts for its own country. Absent on purpose: rules about who carries it; that is the union's business.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::facts::{Facts, NONE, Row};
use super::table::{Maker, Part, Told};
use crate::figure::{Definition, Measure, Value};

static PAID: Definition = Definition {
    key: "pay.paid",
    name: "paid",
    measure: Measure::Amount,
    says: "what banks of the country paid to banks of others",
    formula: "sum of settled amounts with the debtor at home and the creditor elsewhere",
    after: "ours",
};
static RECEIVED: Definition = Definition {
    key: "pay.received",
    name: "received",
    measure: Measure::Amount,
    says: "what banks of the country received from banks of others",
    formula: "sum of settled amounts with the creditor at home and the debtor elsewhere",
    after: "ours",
};
static NET: Definition = Definition {
    key: "pay.net",
    name: "net",
    measure: Measure::Amount,
    says: "the imbalance: above zero a surplus of the country named (of a pair, the first)",
    formula: "received - paid",
    after: "ours",
};
/// Definitions of this file.
pub(crate) static DEFINITIONS: &[&Definition] = &[&PAID, &RECEIVED, &NET];

/// A movement of money between two banks: a payment, or a leg of a conversion.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Leg {
    /// Who was debited, who was credited.
    pub(crate) banks: (u32, u32),
    pub(crate) currency: u32,
    pub(crate) amount: i64,
    /// In the unit; the legs of a conversion count with the same.
    pub(crate) unit: Option<i64>,
}

/// The movements of a settled payment. `at_accounts`: between owners of accounts instead of the banks behind them.
pub(crate) fn legs(row: &Row, at_accounts: bool) -> impl Iterator<Item = Leg> {
    let (from, to) = if at_accounts { (row.debtor_at, row.creditor_at) } else { (row.debtor, row.creditor) };
    let leg = |banks, currency, amount| Leg { banks, currency, amount, unit: row.unit };
    let both = if row.via == NONE {
        [Some(leg((from, to), row.settled_in, row.amount)), None]
    } else {
        [Some(leg((from, row.via), row.debited_in, row.debited)), Some(leg((row.via, to), row.settled_in, row.amount))]
    };
    both.into_iter().flatten()
}

#[derive(Default)]
struct Sides {
    out: i128,
    back: i128,
    members: Vec<u32>,
}

impl Sides {
    fn add(&mut self, forth: bool, amount: i64, at: usize) {
        let side = if forth { &mut self.out } else { &mut self.back };
        *side += i128::from(amount);
        let at = u32::try_from(at).expect("fewer than 2^32 rows");
        if self.members.last() != Some(&at) {
            self.members.push(at);
        }
    }
}

/// Imbalances of countries and of pairs of countries: per currency, and in the unit.
pub(crate) fn imbalance(maker: &Maker<'_>) -> Vec<Part> {
    let facts = maker.facts;
    // Keys: (country, other country or NONE for all, currency or NONE for the unit).
    let mut sums: BTreeMap<(u32, u32, u32), Sides> = BTreeMap::new();
    for (at, row) in facts.rows.iter().enumerate().filter(|(_, row)| row.settled()) {
        for leg in legs(row, false) {
            let (from, to) = (facts.country_of(leg.banks.0), facts.country_of(leg.banks.1));
            if from == to && from != NONE {
                continue;
            }
            let mut count = |country, other, forth| {
                sums.entry((country, other, leg.currency)).or_default().add(forth, leg.amount, at);
                if let Some(unit) = leg.unit {
                    sums.entry((country, other, NONE)).or_default().add(forth, unit, at);
                }
            };
            count(from, NONE, true);
            count(to, NONE, false);
            let place = |at: u32| facts.countries.get(at as usize).map_or("\u{10ffff}", String::as_str);
            let first = place(from) < place(to);
            count(if first { from } else { to }, if first { to } else { from }, first);
        }
    }
    let mut parts = Vec::new();
    for (name, title, in_unit, pairs) in [
        ("imbalance", "Imbalance of each country, in the unit", true, false),
        ("imbalance", "Imbalance of each pair of countries, in the unit", true, true),
        ("imbalance-currency", "Imbalance of each country, per currency", false, false),
        ("imbalance-currency", "Imbalance of each pair of countries, per currency", false, true),
    ] {
        let chosen =
            sums.iter().filter(|((_, other, currency), _)| (*currency == NONE) == in_unit && (*other != NONE) == pairs);
        let mut told = Vec::new();
        let mut lines: Vec<_> = chosen.collect();
        lines.sort_by_cached_key(|((country, other, currency), _)| {
            let name = |at| if at == NONE { "\u{10ffff}".to_owned() } else { facts.country_name(at) };
            (name(*country), name(*other), facts.currency_name(*currency))
        });
        for ((country, other, currency), sides) in lines {
            let mut of = Vec::new();
            let name = facts.country_name(*country);
            of.push(if pairs {
                ("partners", format!("{name}-{}", facts.country_name(*other)))
            } else {
                ("country", name)
            });
            if !in_unit {
                of.push(("currency", facts.currency_name(*currency)));
            }
            three(maker, facts, &of, *currency, sides, &mut told);
        }
        parts.push(Part { name, title: title.into(), told });
    }
    parts
}

fn three(
    maker: &Maker<'_>,
    facts: &Facts,
    of: &[(&'static str, String)],
    currency: u32,
    sides: &Sides,
    told: &mut Vec<Told>,
) {
    let members = Arc::new(sides.members.clone());
    let (code, exponent) = if currency == NONE {
        (maker.unit_code().to_owned(), facts.unit.as_ref().map_or(0, |unit| unit.exponent))
    } else {
        (facts.currency_name(currency), maker.exponent(currency))
    };
    for (definition, units) in [(&PAID, sides.out), (&RECEIVED, sides.back), (&NET, sides.back - sides.out)] {
        told.push(maker.tell(definition, of, Value::amount(units, exponent), Some(&code), &members));
    }
}
