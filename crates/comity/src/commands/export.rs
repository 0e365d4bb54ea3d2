//! `comity export`: payments, postings, positions, and what unions did, as tables replayed from the journal.
//!
//! Columns are documented in `docs/export.md`. Amounts are minor units (integers); `exponent` says how many digits follow
//! the point.

use std::path::Path;

use comity_engine::node::apply_all;
use comity_engine::replay::{Piece, Pieces, read_ahead};
use comity_ledger::event::Event;
use comity_ledger::ids::{AccountId, ParticipantId, Time};
use comity_ledger::{Events, State};
use serde_json::json;

use crate::cli::Export;
use crate::exit::{Failure, at};
use crate::output::{Align, Column, Output, count, print, print_json, table};
use crate::tables::{Cell, Kind, Table, create};
use crate::unions;

const PAYMENTS: &[(&str, Kind)] = &[
    ("payment", Kind::Integer),
    ("uetr", Kind::Text),
    ("kind", Kind::Text),
    ("currency", Kind::Text),
    ("exponent", Kind::Integer),
    ("amount_minor", Kind::Integer),
    ("debtor", Kind::Text),
    ("creditor", Kind::Text),
    ("debtor_for", Kind::Text),
    ("creditor_for", Kind::Text),
    ("priority", Kind::Text),
    ("value_date", Kind::Text),
    ("accepted_at", Kind::Text),
    ("done_at", Kind::Text),
    ("standing", Kind::Text),
    ("reason_rule", Kind::Text),
    ("reason_iso", Kind::Text),
    ("entry", Kind::Integer),
    ("group", Kind::Integer),
    ("returns_or_returned_by", Kind::Integer),
    ("document", Kind::Integer),
    ("line", Kind::Integer),
];

const POSTINGS: &[(&str, Kind)] = &[
    ("entry", Kind::Integer),
    ("at", Kind::Text),
    ("what", Kind::Text),
    ("currency", Kind::Text),
    ("debtor_account", Kind::Integer),
    ("creditor_account", Kind::Integer),
    ("debtor", Kind::Text),
    ("creditor", Kind::Text),
    ("amount_minor", Kind::Integer),
    ("payment", Kind::Integer),
    ("uetr", Kind::Text),
];

const POSITIONS: &[(&str, Kind)] = &[
    ("account", Kind::Integer),
    ("owner", Kind::Text),
    ("currency", Kind::Text),
    ("exponent", Kind::Integer),
    ("balance_minor", Kind::Integer),
    ("held_minor", Kind::Integer),
    ("credit_minor", Kind::Integer),
    ("sent_today_minor", Kind::Integer),
    ("net_today_minor", Kind::Integer),
];

pub(crate) fn run(arguments: &Export, output: Output) -> Result<(), Failure> {
    let journal = super::journal(&arguments.dir)?;
    let dir = &arguments.out;
    std::fs::create_dir_all(dir).map_err(at(dir))?;
    let mut postings = create(dir, "postings", arguments.format, POSTINGS)?;
    let state = replay(&journal, postings.as_mut())?;
    let postings = postings.finish()?;
    let mut payments = create(dir, "payments", arguments.format, PAYMENTS)?;
    for at in 0..state.payments.len() {
        payments.row(payment_row(&state, at))?;
    }
    let payments = payments.finish()?;
    let mut positions = create(dir, "positions", arguments.format, POSITIONS)?;
    for at in 0..state.accounts.len() {
        positions.row(position_row(&state, at))?;
    }
    let positions = positions.finish()?;
    let mut written = vec![("payments", payments), ("postings", postings), ("positions", positions)];
    written.extend(unions::tables(&state, dir, arguments.format)?);
    match output {
        Output::Json => {
            let mut told = json!({ "dir": dir });
            for (name, rows) in written {
                told[name] = rows.into();
            }
            print_json(&told);
        }
        Output::Table => {
            let rows: Vec<Vec<String>> =
                written.into_iter().map(|(name, rows)| vec![name.to_string(), count(rows)]).collect();
            print(&table(&[Column("table", Align::Left), Column("rows", Align::Right)], &rows));
            print(&format!("\nwritten to {}", dir.display()));
        }
    }
    Ok(())
}

/// Replays the journal and writes every movement of money as it happens.
fn replay(journal: &Path, out: &mut dyn Table) -> Result<State, Failure> {
    let mut pieces = read_ahead(journal)?;
    let mut state = State::new(0);
    let mut events = Events::default();
    while let Some(piece) = pieces.next()? {
        let Piece::Entries { first, entries, .. } = piece else { continue };
        apply_all(&mut state, &entries, &mut events);
        for (seq, event) in events.list() {
            let entry = &entries[usize::try_from(seq - first).expect("events belong to the batch's entries")];
            if let Some(row) = posting_row(&state, *seq, entry.at, event) {
                out.row(row)?;
            }
        }
        events.clear();
        pieces.recycle(entries);
    }
    Ok(state)
}

fn owner(state: &State, id: AccountId) -> String {
    let account = &state.accounts[id.at()];
    let currency = state.currencies[account.currency.at()].code();
    if account.is(comity_ledger::account::IS_OUTSIDE) {
        return format!("outside {currency}");
    }
    if account.is(comity_ledger::account::IS_REMAINDER) {
        return format!("remainders {currency}");
    }
    state.participants[account.participant.at()].bic().to_string()
}

fn posting_row(state: &State, seq: u64, at: Time, event: &Event) -> Option<Vec<Cell>> {
    let (what, debtor, creditor, amount, payment) = match event {
        Event::Settled { payment, .. } => {
            let p = state.payment(*payment);
            ("payment", p.debtor, p.creditor, p.amount, Some(*payment))
        }
        Event::HoldPosted { account, creditor, amount, .. } => ("hold", *account, *creditor, *amount, None),
        Event::Remainder { currency, from, amount } => {
            ("remainder", *from, state.currencies[currency.at()].remainder, *amount, None)
        }
        Event::Funded { account, amount, sweep } => {
            let outside = state.currencies[state.accounts[account.at()].currency.at()].outside;
            match (*amount > 0, sweep) {
                (true, _) => ("issuance", outside, *account, *amount, None),
                (false, false) => ("redemption", *account, outside, -*amount, None),
                (false, true) => ("end-of-day redemption", *account, outside, -*amount, None),
            }
        }
        _ => return None,
    };
    let currency = &state.currencies[state.accounts[debtor.at()].currency.at()];
    Some(vec![
        seq.into(),
        at.to_string().into(),
        what.into(),
        currency.code().into(),
        i64::from(debtor.0).into(),
        i64::from(creditor.0).into(),
        owner(state, debtor).into(),
        owner(state, creditor).into(),
        amount.into(),
        payment.map_or(Cell::Absent, |id| i64::from(id.0).into()),
        payment.map_or(Cell::Absent, |id| state.payment(id).uetr.to_string().into()),
    ])
}

fn payment_row(state: &State, at: usize) -> Vec<Cell> {
    let payment = &state.payments[at];
    let account = |id: AccountId| match state.account(id) {
        Some(_) => Cell::Text(owner(state, id)),
        None => Cell::Absent,
    };
    let behind = |id: ParticipantId| match state.participants.get(id.at()) {
        Some(participant) => Cell::Text(participant.bic().to_string()),
        None => Cell::Absent,
    };
    let currency = state.account(payment.debtor).map(|account| &state.currencies[account.currency.at()]);
    let optional = |present: bool, value: i64| if present { Cell::Integer(value) } else { Cell::Absent };
    vec![
        (at as u64).into(),
        payment.uetr.to_string().into(),
        format!("{:?}", payment.kind).to_lowercase().into(),
        currency.map_or(Cell::Absent, |currency| currency.code().into()),
        currency.map_or(Cell::Absent, |currency| i64::from(currency.exponent).into()),
        payment.amount.into(),
        account(payment.debtor),
        account(payment.creditor),
        behind(payment.debtor_for),
        behind(payment.creditor_for),
        format!("{:?}", payment.priority).to_lowercase().into(),
        payment.value_date.to_string().into(),
        payment.accepted.to_string().into(),
        if payment.done.is_set() { payment.done.to_string().into() } else { Cell::Absent },
        format!("{:?}", payment.standing).to_lowercase().into(),
        payment.reason.map_or(Cell::Absent, |reason| reason.rule().into()),
        payment.reason.map_or(Cell::Absent, |reason| reason.iso().into()),
        payment.seq.into(),
        optional(payment.group.is_some(), i64::from(payment.group.0)),
        optional(payment.link.is_some(), i64::from(payment.link.0)),
        payment.document.into(),
        i64::from(payment.line).into(),
    ]
}

fn position_row(state: &State, at: usize) -> Vec<Cell> {
    let (account, side) = (&state.accounts[at], &state.sides[at]);
    let currency = &state.currencies[account.currency.at()];
    vec![
        (at as u64).into(),
        owner(state, AccountId(u32::try_from(at).expect("fewer than 2^32 accounts"))).into(),
        currency.code().into(),
        i64::from(currency.exponent).into(),
        account.balance.into(),
        account.held.into(),
        account.credit.into(),
        account.sent_today.into(),
        (account.balance - side.day_base).into(),
    ]
}
