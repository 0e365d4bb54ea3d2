//! Rules about several sections at once: phases that make a day, cut-offs inside them, dates that are open, rates within
//! their gates.
//!
//! Absent on purpose: rules about one value alone; those are checked where the value is read.

use comity_ledger::command::PhaseRule;
use comity_ledger::day::PHASES_MAX;
use comity_ledger::ids::{Day, Time};
use comity_ledger::phase;

use crate::currencies::CurrencySpots;
use crate::lines::RATES;
use crate::mistake::{Notes, Spot};
use crate::model::{Arrangement, FundingLine, RateLine};

/// Longest business day: the next one may open at the same hour.
const DAY_SECONDS_MAX: u64 = 86_400;

/// Whether the phases make up a day.
pub(crate) fn phases(phases: &[PhaseRule], spots: &[Spot], require_confirmation: Option<&Spot>, notes: Notes<'_>) {
    let Some(last_spot) = spots.last() else {
        return; // That there is no phase has been reported.
    };
    let whole = Spot { line: 0, field: "phase".to_owned(), ..last_spot.clone() };
    if phases.len() < 2 || phases.len() > PHASES_MAX {
        let found = format!("{} in all", phases.len());
        notes.wrong(&whole, found, format!("2 to {PHASES_MAX}"));
    }
    let first = |bit: u32| phases.iter().position(|rule| rule.allows & bit != 0);
    for (bit, name) in [
        (phase::ENTRY, "a phase that allows entry"),
        (phase::SETTLE, "a phase that allows settle"),
        (phase::ON_UNSETTLED, "a phase with on-unsettled, for payments still waiting"),
        (phase::ON_CLOSE, "a last phase with on-close"),
    ] {
        if first(bit).is_none() {
            notes.wrong(&whole, "no such phase", name);
        }
    }
    for (at, (rule, spot)) in phases.iter().zip(spots).enumerate() {
        let last = at + 1 == phases.len();
        if rule.allows & phase::ON_CLOSE != 0 && !last {
            notes.wrong(spot, "on-close", "on-close in the last phase alone");
        }
        let after_unsettled = first(phase::ON_UNSETTLED).is_some_and(|cut| at >= cut);
        if after_unsettled && rule.allows & phase::ENTRY != 0 {
            notes.wrong(spot, "entry", "no entry once on-unsettled has been applied");
        }
    }
    let total: u64 = phases.iter().map(|rule| u64::from(rule.seconds)).sum();
    if total > DAY_SECONDS_MAX {
        notes.wrong(&whole, format!("{total} seconds in all"), format!("at most {DAY_SECONDS_MAX}, or days overlap"));
    }
    if let Some(required) = require_confirmation {
        let confirm = first(phase::CONFIRM);
        let cut = first(phase::ON_CUT);
        if !matches!((cut, confirm), (Some(cut), Some(confirm)) if cut <= confirm) {
            notes.wrong(required, "true", "false, or a phase with on-cut and one that allows confirm, in this order");
        }
        let swept_before = first(phase::ON_SWEEP).zip(confirm).is_some_and(|(sweep, confirm)| sweep <= confirm);
        if swept_before && let Some(spot) = first(phase::ON_SWEEP).and_then(|at| spots.get(at)) {
            notes.wrong(spot, "on-sweep", "on-sweep in a phase after the one that allows confirm");
        }
    }
}

/// Whether funding and rates find phases that take them.
pub(crate) fn daily_phases(
    phases: &[PhaseRule],
    funding: &[(FundingLine, Spot)],
    rates: &[(RateLine, Spot)],
    notes: Notes<'_>,
) {
    let first = |bit: u32| phases.iter().position(|rule| rule.allows & bit != 0);
    if let Some((_, spot)) = funding.first()
        && first(phase::FUND).is_none()
    {
        notes.wrong(spot, "a transfer", "no line, or a phase that allows fund");
    }
    if let Some((_, spot)) = rates.first() {
        let set = first(phase::RATES);
        let approved = phases.iter().rposition(|rule| rule.allows & phase::APPROVE_RATES != 0);
        if !matches!((set, approved), (Some(set), Some(approved)) if set <= approved) {
            notes.wrong(
                spot,
                "a rate",
                "no line, or a phase that allows rates and one that allows approve-rates, in this order",
            );
        }
    }
}

/// Everything that depends on the dates to be run.
pub(crate) fn dates(
    arrangement: &Arrangement,
    day_spot: &Spot,
    currencies: &[CurrencySpots],
    funding: &[(FundingLine, Spot)],
    notes: Notes<'_>,
) {
    let date = arrangement.day.date;
    if !date.is_set() || arrangement.currencies.is_empty() {
        return; // Reported already.
    }
    let closed: Vec<&str> = arrangement
        .currencies
        .iter()
        .filter(|currency| !currency.calendar.is_open(date))
        .map(|currency| currency.code.as_str())
        .collect();
    if closed.len() == arrangement.currencies.len() {
        notes.wrong(day_spot, date.to_string(), "a date on which at least one currency is open");
    } else if !closed.is_empty() {
        notes.warn(day_spot, format!("{date}, closed for {}", closed.join(" ")), "a date open for every currency");
    }
    let dates = arrangement.dates();
    overlaps(arrangement, &dates, day_spot, notes);
    cutoffs(arrangement, &dates, currencies, notes);
    for (line, spot) in funding {
        not_run(line.date, &dates, spot, notes);
        let Some(local) = line.at else { continue };
        let outside = dates.iter().find(|day| {
            let at = arrangement.day.zone.instant(**day, local);
            !within(arrangement, **day, phase::FUND, |begins, ends| begins <= at && at < ends)
        });
        if outside.is_some() {
            notes.wrong(spot, local.to_string(), "a time within a phase that allows fund");
        }
    }
}

/// A line for a date that is not run does nothing; that may be meant, in a folder used for weeks.
pub(crate) fn not_run(date: Option<Day>, dates: &[Day], spot: &Spot, notes: Notes<'_>) {
    if let Some(date) = date.filter(|date| dates.binary_search(date).is_err()) {
        let spot = Spot { field: "date".to_owned(), ..spot.clone() };
        notes.warn(&spot, date.to_string(), "one of the business dates that are run; the line does nothing");
    }
}

/// A day closes before the next one opens, also where clocks are put forward between them.
fn overlaps(arrangement: &Arrangement, dates: &[Day], day_spot: &Spot, notes: Notes<'_>) {
    for (day, next) in dates.iter().zip(dates.iter().skip(1)) {
        let opens = arrangement.start_day(*next).opens;
        let closes = arrangement.planned(*day).last().map_or(opens, |last| last.begins);
        if closes > opens {
            notes.wrong(
                day_spot,
                format!("{day}, which closes at {closes}"),
                format!("a day that closes before {next} opens at {opens}"),
            );
            return; // The dates after it have the same cause.
        }
    }
}

fn cutoffs(arrangement: &Arrangement, dates: &[Day], spots: &[CurrencySpots], notes: Notes<'_>) {
    for (currency, spots) in arrangement.currencies.iter().zip(spots) {
        let (Some((local, zone)), Some(spot)) = (&currency.cutoff, &spots.cutoff) else {
            continue;
        };
        let outside = dates.iter().find(|day| {
            let at = zone.instant(**day, *local);
            currency.calendar.is_open(**day)
                && !within(arrangement, **day, phase::ENTRY, |begins, ends| begins < at && at <= ends)
        });
        if let Some(day) = outside {
            notes.wrong(
                spot,
                format!("{local} {} ({} on {day})", zone.name(), zone.instant(*day, *local)),
                entry_times(arrangement, *day),
            );
        }
    }
}

fn within(arrangement: &Arrangement, day: Day, bit: u32, holds: impl Fn(Time, Time) -> bool) -> bool {
    arrangement.planned(day).iter().any(|planned| planned.allows & bit != 0 && holds(planned.begins, planned.ends))
}

fn entry_times(arrangement: &Arrangement, day: Day) -> String {
    let mut spans: Vec<(Time, Time)> = Vec::new();
    for planned in arrangement.planned(day) {
        match spans.last_mut() {
            _ if planned.allows & phase::ENTRY == 0 => {}
            Some(last) if last.1 == planned.begins => last.1 = planned.ends,
            Some(_) | None => spans.push((planned.begins, planned.ends)),
        }
    }
    let spans: Vec<String> = spans.iter().map(|(begins, ends)| format!("{begins} to {ends}")).collect();
    format!("a time in a phase that allows entry: {}", spans.join(", "))
}

/// Pairs without a rate, and rates that the deviation gate will hold.
pub(crate) fn gates(arrangement: &Arrangement, spots: &[Spot], notes: Notes<'_>) {
    for pair in &arrangement.pairs {
        if !arrangement.rates.iter().any(|line| line.pair == pair.pair) {
            let code = |at: usize| arrangement.currencies.get(at).map_or("", |c| c.code.as_str());
            let field = format!("{}/{}", code(pair.pair.base.at()), code(pair.pair.quote.at()));
            let spot = Spot { file: RATES, line: 0, field };
            notes.warn(&spot, "no rate", "a rate; the pair stays blocked");
        }
    }
    let dates = arrangement.dates();
    for (line, spot) in arrangement.rates.iter().zip(spots) {
        not_run(line.date, &dates, spot, notes);
    }
    for held in arrangement.held_rates() {
        let Some(spot) = spots.get(held.place) else {
            continue;
        };
        let what = if held.released { "released by two people" } else { "held until two people release it" };
        notes.warn(
            spot,
            format!("a change of {} basis points on {}", held.change_bps, held.day),
            format!("at most {}; it will be {what}", held.gate_bps),
        );
    }
}
