//! Shares of currencies, flows, partners and months; how much settles in the parties' own currencies.
//!
//! Only settled payments count. Returns count as payments of their own. Absent on purpose: the price and quantity behind
//! a change; that is the trade half of this room.

use std::sync::Arc;

use super::facts::{Facts, NONE, Row};
use super::table::{Cell, Dimension, Maker, Part, Tally, Told};
use crate::figure::{Definition, Measure, Value};

/// Settled payments.
pub(crate) static PAYMENTS: Definition = Definition {
    key: "pay.payments",
    name: "payments",
    measure: Measure::Count,
    says: "payments settled; a conversion is one, each leg of a group is one",
    formula: "number of rows that settled",
    after: "ours",
};
static VALUE: Definition = Definition {
    key: "pay.value",
    name: "value",
    measure: Measure::Amount,
    says: "amounts credited, in the currency itself",
    formula: "sum of settlement amounts",
    after: "ours",
};
/// Value in the unit.
pub(crate) static UNIT_VALUE: Definition = Definition {
    key: "pay.unit_value",
    name: "value in unit",
    measure: Measure::Amount,
    says: "amounts credited, in the common unit at rates approved on the day of settlement, else the latest before it",
    formula: "sum over payments of floor(amount x rate)",
    after: "ours",
};
static SHARE: Definition = Definition {
    key: "pay.share",
    name: "% of value",
    measure: Measure::Percent,
    says: "part of the value of its group, in the common unit; payments without a rate are left out of both sides",
    formula: "100 x value in unit / value in unit of the group",
    after: "ours",
};
static SHARE_PAYMENTS: Definition = Definition {
    key: "pay.share_payments",
    name: "% of payments",
    measure: Measure::Percent,
    says: "part of the payments of its group",
    formula: "100 x payments / payments of the group",
    after: "ours",
};
static UNVALUED: Definition = Definition {
    key: "pay.unvalued",
    name: "without rate",
    measure: Measure::Count,
    says: "payments that no approved rate values in the unit",
    formula: "number of settled rows without a value in the unit",
    after: "ours",
};
static NATIONAL: Definition = Definition {
    key: "pay.national",
    name: "national %",
    measure: Measure::Percent,
    says: "part of the value that settled in a currency of either party's country",
    formula: "100 x value credited in a currency issued in the debtor's or creditor's home country / value, both in the unit",
    after: "ours, after the shares that central banks report for mutual settlement",
};
static VEHICLE: Definition = Definition {
    key: "pay.vehicle",
    name: "vehicle %",
    measure: Measure::Percent,
    says: "part of the value that settled in the currency of neither party's country",
    formula: "100 - national %, over payments whose parties and value are known",
    after: "ours",
};
static NATIONAL_PAYMENTS: Definition = Definition {
    key: "pay.national_payments",
    name: "national % of payments",
    measure: Measure::Percent,
    says: "part of the payments that settled in a currency of either party's country",
    formula: "100 x payments in such a currency / payments",
    after: "ours",
};
/// Definitions of this file.
pub(crate) static DEFINITIONS: &[&Definition] =
    &[&PAYMENTS, &VALUE, &UNIT_VALUE, &SHARE, &SHARE_PAYMENTS, &UNVALUED, &NATIONAL, &VEHICLE, &NATIONAL_PAYMENTS];

/// Shares of `inner` within each `outer`.
pub(crate) fn within(maker: &Maker<'_>, outer: Dimension, inner: Dimension) -> Vec<Told> {
    let facts = maker.facts;
    let mut tally = Tally::default();
    for (at, row) in facts.rows.iter().enumerate().filter(|(_, row)| row.settled()) {
        let key = [outer.code(facts, row), inner.code(facts, row), 0];
        tally.add(key, at, row.amount, row.unit);
    }
    let cells = tally.sorted(facts, [outer, inner, Dimension::All]);
    let mut told = Vec::new();
    let mut begin = 0;
    while begin < cells.len() {
        let group = cells[begin..].iter().take_while(|(key, _)| key[0] == cells[begin].0[0]).count();
        let group = &cells[begin..begin + group];
        let whole: i128 = group.iter().map(|(_, cell)| cell.unit).sum();
        let payments: usize = group.iter().map(|(_, cell)| cell.members.len()).sum();
        begin += group.len();
        for (key, cell) in group {
            let mut of = Vec::new();
            if outer != Dimension::All {
                of.push((outer.name(), outer.label(facts, key[0])));
            }
            of.push((inner.name(), inner.label(facts, key[1])));
            let own = (inner == Dimension::SettlementCurrency).then_some(key[1]);
            one(maker, &of, cell, (whole, payments), own, &mut told);
        }
    }
    told
}

fn one(
    maker: &Maker<'_>,
    of: &[(&'static str, String)],
    cell: &Cell,
    (whole, payments): (i128, usize),
    own: Option<u32>,
    told: &mut Vec<Told>,
) {
    let members = Arc::new(cell.members.clone());
    let count = cell.members.len();
    let mut tell = |definition, value, unit: Option<&str>| {
        told.push(maker.tell(definition, of, value, unit, &members));
    };
    tell(&PAYMENTS, Value::Count(count as i128), None);
    if let Some(currency) = own {
        let code = maker.facts.currency_name(currency);
        tell(&VALUE, Value::amount(cell.value, maker.exponent(currency)), Some(&code));
    }
    tell(&UNIT_VALUE, maker.unit_value(cell), None);
    tell(&SHARE, Value::percent(cell.unit, whole), None);
    tell(&SHARE_PAYMENTS, Value::percent(count as i128, payments as i128), None);
    if cell.no_rate > 0 {
        tell(&UNVALUED, Value::Count(i128::from(cell.no_rate)), None);
    }
}

/// Shares of each currency by settlement, account and invoice; with `by`, of the settlement currency within it.
pub(crate) fn currencies(maker: &Maker<'_>, by: Dimension) -> Vec<Part> {
    let one = |name, title: String, told| Part { name, title, told };
    if by != Dimension::All {
        let title = format!("Settlement currency within each {}", by.name().replace('_', " "));
        return vec![one("currencies", title, within(maker, by, Dimension::SettlementCurrency))];
    }
    [
        (Dimension::SettlementCurrency, "Share of each currency, by settlement currency (credited)"),
        (Dimension::AccountCurrency, "Share of each currency, by account currency of the payer (debited)"),
        (Dimension::InvoiceCurrency, "Share of each currency, by instructed currency (as the message says)"),
    ]
    .into_iter()
    .map(|(inner, title)| one("currencies", title.into(), within(maker, Dimension::All, inner)))
    .collect()
}

/// Payments and value of each value of a dimension.
pub(crate) fn by(maker: &Maker<'_>, name: &'static str, title: &str, dimension: Dimension) -> Part {
    Part { name, title: title.into(), told: within(maker, Dimension::All, dimension) }
}

/// Whether a settled payment used a currency of either party's country; `None` when a party is not known.
pub(crate) fn is_national(facts: &Facts, row: &Row) -> Option<bool> {
    let issuer = facts.currencies.get(row.settled_in as usize)?.country;
    let (debtor, creditor) = (facts.country_of(row.debtor), facts.country_of(row.creditor));
    (debtor != NONE && creditor != NONE).then_some(issuer == debtor || issuer == creditor)
}

/// National-currency share within each value of a dimension.
pub(crate) fn national(maker: &Maker<'_>, by: Dimension) -> Part {
    let facts = maker.facts;
    let mut tally = Tally::default();
    for (at, row) in facts.rows.iter().enumerate().filter(|(_, row)| row.settled()) {
        // 0 is national, 1 vehicle, 2 neither can be told.
        let class = is_national(facts, row).map_or(2, |national| u32::from(!national));
        tally.add([by.code(facts, row), 0, 0], at, 0, row.unit);
        tally.add([by.code(facts, row), 1, class], at, 0, row.unit);
    }
    let cells = tally.sorted(facts, [by, Dimension::Flow, Dimension::Flow]);
    let mut told = Vec::new();
    for (key, all) in cells.iter().filter(|(key, _)| key[1] == 0) {
        let class = |class| cells.iter().find(|(other, _)| *other == [key[0], 1, class]).map(|(_, cell)| cell);
        let sum = |at| class(at).map_or((0, 0), |cell| (cell.unit, cell.members.len() as i128));
        let (national, vehicle) = (sum(0), sum(1));
        let of = vec![(by.name(), by.label(facts, key[0]))];
        let members = |at| Arc::new(class(at).map_or_else(Vec::new, |cell| cell.members.clone()));
        let whole = Arc::new(all.members.clone());
        let share = Value::percent(national.0, national.0 + vehicle.0);
        told.push(maker.tell(&PAYMENTS, &of, Value::Count(all.members.len() as i128), None, &whole));
        told.push(maker.tell(&UNIT_VALUE, &of, maker.unit_value(all), None, &whole));
        told.push(maker.tell(&NATIONAL, &of, share, None, &members(0)));
        told.push(maker.tell(&VEHICLE, &of, Value::percent(vehicle.0, national.0 + vehicle.0), None, &members(1)));
        let payments = Value::percent(national.1, national.1 + vehicle.1);
        told.push(maker.tell(&NATIONAL_PAYMENTS, &of, payments, None, &members(0)));
    }
    Part { name: "national", title: "Settled in a currency of the parties' own countries".into(), told }
}
