//! Why payments failed, and on whose side.
//!
//! Refused on arrival and ended while waiting are told apart. What a message's own mistakes made the gateway refuse never
//! became an entry and is not here. Absent on purpose: blame; the side is the one that could have prevented it.

use std::sync::Arc;

use super::codes::{Side, side};
use super::facts::{NONE, Standing};
use super::table::{Dimension, Maker, Part, Tally};
use crate::figure::{Definition, Measure, Value};

static FAILED: Definition = Definition {
    key: "pay.failed",
    name: "failed",
    measure: Measure::Count,
    says: "payments refused on arrival or ended without settlement",
    formula: "number of rows refused or ended",
    after: "ours",
};
static FAILED_VALUE: Definition = Definition {
    key: "pay.failed_value",
    name: "value",
    measure: Measure::Amount,
    says: "what would have been debited, in the currency itself",
    formula: "sum of amounts to be debited",
    after: "ours",
};
static FAILED_SHARE: Definition = Definition {
    key: "pay.failed_share",
    name: "% of payments",
    measure: Measure::Percent,
    says: "part of all payments recorded",
    formula: "100 x failed / rows",
    after: "ours",
};
/// Definitions of this file.
pub(crate) static DEFINITIONS: &[&Definition] = &[&FAILED, &FAILED_VALUE, &FAILED_SHARE];

/// The side of a row that failed.
pub(crate) fn side_of(maker: &Maker<'_>, reason: u32) -> Side {
    maker.facts.reasons.get(reason as usize).map_or(Side::NotTold, |(name, _)| side(name))
}

/// Failures by reason and side, and by participant at whose side they were.
pub(crate) fn causes(maker: &Maker<'_>) -> Vec<Part> {
    let facts = maker.facts;
    let failed = |standing| matches!(standing, Standing::Refused | Standing::Ended);
    let (mut reasons, mut banks) = (Tally::default(), Tally::default());
    for (at, row) in facts.rows.iter().enumerate().filter(|(_, row)| failed(row.standing)) {
        reasons.add([row.reason, row.debited_in, row.standing as u32], at, row.debited, None);
        let bank = match side_of(maker, row.reason) {
            Side::Debtor => row.debtor,
            Side::Creditor => row.creditor,
            Side::Operator | Side::NotTold => NONE,
        };
        banks.add([bank, 0, 0], at, 0, None);
    }
    let rows = facts.rows.len() as i128;
    let mut told = Vec::new();
    for (key, cell) in reasons.sorted(facts, [Dimension::All, Dimension::AccountCurrency, Dimension::Flow]) {
        let (name, iso) = facts.reasons.get(key[0] as usize).cloned().unwrap_or(("unknown".into(), String::new()));
        let standing = if key[2] == Standing::Refused as u32 { Standing::Refused } else { Standing::Ended };
        let of = [
            ("side", side_of(maker, key[0]).word().to_owned()),
            ("reason", name),
            ("iso", iso),
            ("standing", standing.word().to_owned()),
            ("currency", facts.currency_name(key[1])),
        ];
        let code = facts.currency_name(key[1]);
        let members = Arc::new(cell.members);
        let count = members.len() as i128;
        told.push(maker.tell(&FAILED, &of, Value::Count(count), None, &members));
        let value = Value::amount(cell.value, maker.exponent(key[1]));
        told.push(maker.tell(&FAILED_VALUE, &of, value, Some(&code), &members));
        told.push(maker.tell(&FAILED_SHARE, &of, Value::percent(count, rows), None, &members));
    }
    told.sort_by(|a, b| a.figure.of.cmp(&b.figure.of));
    let mut by_bank = Vec::new();
    for (key, cell) in banks.sorted(facts, [Dimension::Participant, Dimension::All, Dimension::All]) {
        let name = if key[0] == NONE { "operator, or not told".into() } else { facts.bank_name(key[0]) };
        let of = [("at_side_of", name)];
        let members = Arc::new(cell.members);
        let count = members.len() as i128;
        by_bank.push(maker.tell(&FAILED, &of, Value::Count(count), None, &members));
        by_bank.push(maker.tell(&FAILED_SHARE, &of, Value::percent(count, rows), None, &members));
    }
    vec![
        Part { name: "failures", title: "Why payments failed, and on whose side".into(), told },
        Part { name: "failures", title: "Failures by the participant on whose side they were".into(), told: by_bank },
    ]
}
