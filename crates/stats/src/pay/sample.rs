//! Made-up rows for tests.

use super::codes::Flow;
use super::facts::{Bank, Calendar, Currency, Facts, How, Kind, NONE, Row, Source, Standing};

/// A Wednesday.
pub(crate) const DAY: u32 = 20_782;

/// A customer's payment that settled at once.
pub(crate) fn row(debtor: u32, creditor: u32, unit: i64, day: u32, number: u128) -> Row {
    Row {
        journal: 0,
        entry: 1,
        uetr: number,
        kind: Kind::Customer,
        standing: Standing::Settled,
        how: How::Gross,
        flow: Flow::Goods,
        purpose: *b"GDDS",
        debtor,
        creditor,
        debtor_at: debtor,
        creditor_at: creditor,
        via: NONE,
        settled_in: 0,
        amount: unit,
        debited_in: 0,
        debited: unit,
        invoiced_in: NONE,
        waited: NONE,
        reason: NONE,
        price: NONE,
        group: NONE,
        accepted: 1,
        done: 1,
        accepted_day: day,
        done_day: day,
        value_date: day,
        unit: Some(unit),
    }
}

/// Five banks of one country, two currencies.
pub(crate) fn facts(rows: Vec<Row>, last_day: u32) -> Facts {
    let bank = |at: u32| Bank { bic: format!("XXXXXX0{at}XXX"), country: 0 };
    let currency = |code: &str| Currency { code: code.into(), exponent: 2, calendar: Calendar::default(), country: 0 };
    let source = Source { name: "j".into(), entries: (1, 9), hash: [0; 32], begins: [0; 32], last_day, closed: true };
    Facts {
        sources: vec![source],
        currencies: vec![currency("XBA"), currency("XBB")],
        countries: vec!["XX".into()],
        banks: (0..5).map(bank).collect(),
        rows,
        ..Facts::default()
    }
}
