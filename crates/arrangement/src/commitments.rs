//! `commitments.csv`: what participants will owe each other, one line a date.
//!
//! Lines with the same reference are one commitment, in the order of the file. Absent on purpose: who confirms; both sides signed
//! the arrangement, so a commitment of the file is in force from the start.

use comity_ledger::book::CURRENCY_MAX;
use comity_ledger::command::{CommitmentKind, Due, RegisterCommitment};
use comity_ledger::commitment::DUE_COUNT_MAX;
use comity_ledger::ids::{Day, Key};

use crate::code::Bic;
use crate::lines::Known;
use crate::people::find;
use crate::read_csv::{Row, rows};
use crate::read_toml::Need;
use crate::sections::{BIC_EXPECTED, DATE_EXPECTED, NAME_EXPECTED, name_text};
use crate::time::parse_day;

pub(crate) const FILE: &str = "commitments.csv";

const KINDS: [(&str, CommitmentKind); 3] = [
    ("letter-of-credit", CommitmentKind::LetterOfCredit),
    ("instalments", CommitmentKind::Instalments),
    ("standing-order", CommitmentKind::StandingOrder),
];

/// The reference under which the ledger knows a commitment of the file: from its name.
#[must_use]
pub fn commitment_key(name: &str) -> Key {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ..] = *blake3::hash(name.as_bytes()).as_bytes();
    Key(u128::from_le_bytes([a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]))
}

/// The word for a kind, as in the file.
#[must_use]
pub fn kind_word(kind: CommitmentKind) -> &'static str {
    KINDS.iter().find(|(_, known)| *known == kind).map_or("", |(word, _)| word)
}

/// Reads the commitments of the file, with their names.
pub(crate) fn commitments(text: &str, at: Known<'_>) -> Vec<(String, RegisterCommitment)> {
    const COLUMNS: [(&str, Need); 7] = [
        ("reference", Need::Must),
        ("debtor", Need::Must),
        ("creditor", Need::Must),
        ("currency", Need::Must),
        ("kind", Need::Must),
        ("day", Need::Must),
        ("amount", Need::Must),
    ];
    let kinds = KINDS.map(|(name, _)| name).join(", ");
    let mut out: Vec<(String, RegisterCommitment)> = Vec::new();
    for row in rows(FILE, text, &COLUMNS, at.notes) {
        let reference = row.text("reference", Need::Must, NAME_EXPECTED, name_text);
        let debtor = row.text("debtor", Need::Must, BIC_EXPECTED, Bic::parse);
        let creditor = row.text("creditor", Need::Must, BIC_EXPECTED, Bic::parse);
        let currency = at.currency(&row, "currency");
        let kind = row.text("kind", Need::Must, &format!("one of {kinds}"), |text| {
            KINDS.iter().find(|(name, _)| *name == text).map(|(_, kind)| *kind)
        });
        let day = row.text("day", Need::Must, DATE_EXPECTED, parse_day);
        let amount = currency.as_ref().and_then(|code| at.amount(&row, "amount", code.value, (1, CURRENCY_MAX)));
        let (Some(debtor), Some(creditor)) = (debtor, creditor) else { continue };
        let parties = find(&debtor, at).zip(find(&creditor, at));
        let (Some(reference), Some(parties), Some(currency), Some(kind), Some(day), Some(amount)) =
            (reference, parties, currency, kind, day, amount)
        else {
            continue;
        };
        if parties.0 == parties.1 {
            at.notes.wrong(&creditor.spot, creditor.value.to_string(), "another participant than the debtor");
            continue;
        }
        let order = RegisterCommitment {
            commitment: commitment_key(&reference.value),
            debtor: parties.0,
            creditor: parties.1,
            currency: currency.value,
            kind: kind.value,
            schedule: vec![Due { day: day.value, amount: amount.value }],
        };
        match out.iter_mut().find(|(name, _)| *name == reference.value) {
            Some((_, known)) => add(known, order, &row, at),
            None => out.push((reference.value, order)),
        }
    }
    out
}

/// Adds another date to a commitment.
fn add(known: &mut RegisterCommitment, order: RegisterCommitment, row: &Row<'_>, at: Known<'_>) {
    let same = (known.debtor, known.creditor, known.currency, known.kind)
        == (order.debtor, order.creditor, order.currency, order.kind);
    if !same {
        let expected = "the parties, currency and kind of the lines before with this reference";
        at.notes.wrong(&row.spot("reference"), "other terms", expected);
        return;
    }
    let last = known.schedule.last().map_or(Day(0), |due| due.day);
    let first = order.schedule.first().map_or(Day(0), |due| due.day);
    if first <= last {
        at.notes.wrong(&row.spot("day"), first.to_string(), format!("a day after {last}, of the line before"));
    } else if known.schedule.len() >= DUE_COUNT_MAX {
        at.notes.wrong(&row.spot("reference"), "one more line", format!("at most {DUE_COUNT_MAX} of a reference"));
    } else {
        known.schedule.extend(order.schedule);
    }
}
