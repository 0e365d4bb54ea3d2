//! `comity commitments`: what participants will owe each other, forecast beside what settled.
//!
//! The register is the ledger's; here it is only summed up. A payment names no commitment, so forecast and settlement meet by
//! pair, day and currency. Absent on purpose: moving a date that falls on a holiday.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use comity_arrangement::{commitment_key, kind_word};
use comity_ledger::State;
use comity_ledger::ids::{CurrencyId, Day, ParticipantId};
use comity_ledger::payment::Standing;
use serde_json::{Value, json};

use super::risk::number::{grouped, plain};
use super::risk::replay::replay;
use crate::exit::Failure;
use crate::output::{Align, Column, Output, print, print_json, table};

/// Forecast what participants will owe each other, and compare it with what settled.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  comity commitments my-day\n  comity commitments my-day --by pair --output json\n\n\
    The register begins with commitments.csv of the folder (columns reference, debtor, creditor, currency, kind, day, amount;\n\
    one line a date) and goes on by the journal. Days up to the last business day are compared with what settled between the\n\
    same two participants in the same currency on that day; later days are ahead. See docs/commitments.md."
)]
pub(crate) struct Commitments {
    /// The folder of a day, or a journal folder.
    pub(crate) dir: PathBuf,
    /// How the forecast is summed up.
    #[arg(long, value_enum, default_value_t = By::Day)]
    pub(crate) by: By,
}

/// How a forecast is summed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum By {
    /// By day and currency.
    Day,
    /// By debtor, creditor and currency.
    Pair,
}

/// Debtor, creditor, currency.
type Pair = (ParticipantId, ParticipantId, CurrencyId);

/// What is expected and what settled, minor units.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    commitments: u32,
    expected: i128,
    settled: i128,
    /// Expected on days after the last business day.
    ahead: i128,
}

pub(crate) fn run(arguments: &Commitments, output: Output) -> Result<(), Failure> {
    let journal = super::journal(&arguments.dir)?;
    let state = replay(&journal, None, |_, _, _| ())?;
    let names: BTreeMap<_, _> = comity_arrangement::load(&arguments.dir)
        .map(|found| found.commitments.into_iter().map(|(name, _)| (commitment_key(&name), name)).collect())
        .unwrap_or_default();
    let by_day_and_pair = sums(&state);
    match output {
        Output::Json => print_json(&as_json(&state, &names, &by_day_and_pair)),
        Output::Table => {
            let waiting = state.commitments.values().filter(|one| one.asked.is_some()).count();
            let in_force = state.commitments.values().filter(|one| one.in_force).count();
            print(&format!(
                "{in_force} commitments in force, {waiting} wait for an answer; last business day {}\n",
                state.day.date
            ));
            match arguments.by {
                By::Day => print(&by_day(&state, &by_day_and_pair)),
                By::Pair => print(&by_pair(&state, &by_day_and_pair)),
            }
        }
    }
    Ok(())
}

/// Sums by day and pair, of days on which something is expected.
fn sums(state: &State) -> BTreeMap<(Day, Pair), Sum> {
    let today = state.day.date;
    let mut sums: BTreeMap<(Day, Pair), Sum> = BTreeMap::new();
    // What came due under a commitment that has ended since was expected all the same.
    for one in state.commitments.values() {
        for due in one.schedule.iter().filter(|due| one.in_force || due.day <= today) {
            // One that was never confirmed has no date that counts.
            let begun = one.in_force || one.asked.is_none();
            if begun {
                let sum = sums.entry((due.day, (one.debtor, one.creditor, one.currency))).or_default();
                sum.commitments += 1;
                let place = if due.day > today { &mut sum.ahead } else { &mut sum.expected };
                *place += i128::from(due.amount);
            }
        }
    }
    for payment in state.payments.iter().filter(|payment| payment.standing == Standing::Settled) {
        let party = |account, behind: ParticipantId| {
            let owner = state.account(account).map_or(ParticipantId::NONE, |account| account.participant);
            if behind.is_some() { behind } else { owner }
        };
        let debtor = party(payment.debtor, payment.debtor_for);
        let creditor = party(payment.creditor, payment.creditor_for);
        let currency = state.account(payment.debtor).map_or(CurrencyId::NONE, |account| account.currency);
        if let Some(sum) = sums.get_mut(&(payment.value_date, (debtor, creditor, currency))) {
            sum.settled += i128::from(payment.amount);
        }
    }
    sums
}

fn bank(state: &State, id: ParticipantId) -> String {
    state.participants.get(id.at()).map_or_else(String::new, |participant| participant.bic().into())
}

/// Amounts as text: expected, settled, the difference where the day has come, and what is ahead.
fn amounts(state: &State, currency: CurrencyId, sum: &Sum) -> [String; 4] {
    let told = |minor: i128| grouped(minor, state.currencies[currency.at()].exponent);
    let come = sum.expected != 0 || sum.settled != 0;
    let or_empty = |shown: bool, minor| if shown { told(minor) } else { String::new() };
    [
        or_empty(come, sum.expected),
        or_empty(come, sum.settled),
        or_empty(come, sum.settled - sum.expected),
        or_empty(sum.ahead != 0, sum.ahead),
    ]
}

fn fold<K: Ord>(sums: &BTreeMap<(Day, Pair), Sum>, key: impl Fn(&(Day, Pair)) -> K) -> BTreeMap<K, Sum> {
    let mut out: BTreeMap<K, Sum> = BTreeMap::new();
    for (place, sum) in sums {
        let into = out.entry(key(place)).or_default();
        into.commitments += sum.commitments;
        into.expected += sum.expected;
        into.settled += sum.settled;
        into.ahead += sum.ahead;
    }
    out
}

fn by_day(state: &State, sums: &BTreeMap<(Day, Pair), Sum>) -> String {
    let rows = fold(sums, |(day, pair)| (*day, pair.2));
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|((day, currency), sum)| {
            let code = state.currencies[currency.at()].code().to_string();
            let front = [day.to_string(), code, sum.commitments.to_string()];
            front.into_iter().chain(amounts(state, *currency, sum)).collect()
        })
        .collect();
    let columns = [
        Column("day", Align::Left),
        Column("currency", Align::Left),
        Column("claims", Align::Right),
        Column("expected", Align::Right),
        Column("settled", Align::Right),
        Column("more or less", Align::Right),
        Column("ahead", Align::Right),
    ];
    table(&columns, &rows)
}

fn by_pair(state: &State, sums: &BTreeMap<(Day, Pair), Sum>) -> String {
    let rows = fold(sums, |(_, pair)| *pair);
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|((debtor, creditor, currency), sum)| {
            let code = state.currencies[currency.at()].code().to_string();
            let front = [bank(state, *debtor), bank(state, *creditor), code, sum.commitments.to_string()];
            front.into_iter().chain(amounts(state, *currency, sum)).collect()
        })
        .collect();
    let columns = [
        Column("debtor", Align::Left),
        Column("creditor", Align::Left),
        Column("currency", Align::Left),
        Column("claims", Align::Right),
        Column("expected", Align::Right),
        Column("settled", Align::Right),
        Column("more or less", Align::Right),
        Column("ahead", Align::Right),
    ];
    table(&columns, &rows)
}

fn as_json(
    state: &State,
    names: &BTreeMap<comity_ledger::ids::Key, String>,
    sums: &BTreeMap<(Day, Pair), Sum>,
) -> Value {
    let text = |currency: CurrencyId, minor: i128| plain(minor, state.currencies[currency.at()].exponent);
    let register: Vec<Value> = state
        .commitments
        .iter()
        .map(|(key, one)| {
            let schedule: Vec<Value> = one
                .schedule
                .iter()
                .map(|due| json!({ "day": due.day.to_string(), "amount": text(one.currency, due.amount.into()) }))
                .collect();
            json!({
                "reference": names.get(key).cloned().unwrap_or_else(|| format!("{:032x}", key.0)),
                "debtor": bank(state, one.debtor), "creditor": bank(state, one.creditor),
                "currency": state.currencies[one.currency.at()].code(), "kind": kind_word(one.kind),
                "in_force": one.in_force, "waits_for_answer": one.asked.is_some(), "schedule": schedule,
            })
        })
        .collect();
    let days: BTreeSet<Day> = sums.keys().map(|(day, _)| *day).collect();
    let forecast: Vec<Value> = sums
        .iter()
        .map(|((day, (debtor, creditor, currency)), sum)| {
            let ahead = *day > state.day.date;
            json!({
                "day": day.to_string(), "currency": state.currencies[currency.at()].code(),
                "debtor": bank(state, *debtor), "creditor": bank(state, *creditor),
                "expected": text(*currency, sum.expected + sum.ahead),
                "settled": (!ahead).then(|| text(*currency, sum.settled)),
            })
        })
        .collect();
    json!({
        "last_business_day": state.day.date.to_string(), "days": days.len(), "register": register, "forecast": forecast,
    })
}
