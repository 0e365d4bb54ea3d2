//! Timeliness: a light for each participant and week, from public rules and the calendars of the arrangement.
//!
//! A payment is timely when it settled within two joint business days of its value date: days on which the home
//! currencies of both parties' countries are open (a country without a currency of its own here counts as the settlement
//! currency). A week is green when at least 80 % of a participant's payments of that week's value dates are timely;
//! below, it is orange for the first twelve such weeks in a row and red from the thirteenth. Weeks without payments change
//! nothing. Refused payments never entered and do not count; one that ended without settlement is not timely. Absent on
//! purpose: whose fault a delay was; see the failures.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::date;
use super::facts::{Facts, Row, Standing};
use super::table::{Maker, Part};
use crate::figure::{Definition, Measure, Value};

/// Business days a payment may take from its value date.
pub const DAYS: u32 = 2;
/// Percent of a week's payments that must be timely.
pub const PERCENT: u64 = 80;
/// Weeks below that are orange; the next one is red.
pub const ORANGE_WEEKS: u32 = 12;

static DUE: Definition = Definition {
    key: "pay.timely_due",
    name: "due",
    measure: Measure::Count,
    says: "payments of the week's value dates that settled, ended, or whose two joint business days are over",
    formula: "number of rows taken in, less those that still may settle in time",
    after: "ours",
};
static TIMELY: Definition = Definition {
    key: "pay.timely",
    name: "timely",
    measure: Measure::Count,
    says: "of those due, settled within two joint business days of the value date",
    formula: "number of rows with settlement date <= value date + 2 joint business days",
    after: "ours",
};
static SCORE: Definition = Definition {
    key: "pay.timely_score",
    name: "timely %",
    measure: Measure::Percent,
    says: "part of the week's payments that were timely",
    formula: "100 x timely / due",
    after: "ours",
};
static LIGHT: Definition = Definition {
    key: "pay.timely_light",
    name: "light",
    measure: Measure::Word,
    says: "green from 80 % on; below, orange up to the twelfth week in a row and then red",
    formula: "green if timely % >= 80, else orange if weeks in a row below 80 <= 12, else red",
    after: "ours",
};
/// Definitions of this file.
pub(crate) static DEFINITIONS: &[&Definition] = &[&DUE, &TIMELY, &SCORE, &LIGHT];

/// A light.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Light {
    /// At least 80 %.
    Green,
    /// Below, for at most twelve weeks in a row.
    Orange,
    /// Below for longer.
    Red,
}

impl Light {
    /// The word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Orange => "orange",
            Self::Red => "red",
        }
    }
}

/// The lights of weeks in order, from due and timely counts.
#[must_use]
pub fn lights(weeks: &[(u64, u64)]) -> Vec<Light> {
    let mut below = 0;
    weeks
        .iter()
        .map(|(due, timely)| {
            let green = u128::from(*timely) * 100 >= u128::from(*due) * u128::from(PERCENT);
            below = if green { 0 } else { below + 1 };
            match below {
                0 => Light::Green,
                1..=ORANGE_WEEKS => Light::Orange,
                _ => Light::Red,
            }
        })
        .collect()
}

/// The last date on which a payment is timely; `None` when the two calendars hardly meet.
#[must_use]
pub fn until(facts: &Facts, row: &Row) -> Option<u32> {
    let home = |bank| facts.currency_of(facts.country_of(bank)).unwrap_or(row.settled_in);
    facts.joint_day(home(row.debtor), home(row.creditor), row.value_date, DAYS)
}

/// Whether a payment was timely, given its last date; `None` when that is still open, or it was refused on arrival.
#[must_use]
pub fn is_timely(facts: &Facts, row: &Row, until: Option<u32>) -> Option<bool> {
    match row.standing {
        Standing::Refused => None,
        Standing::Settled => Some(until.is_none_or(|until| row.done_day <= until)),
        Standing::Ended => Some(false),
        Standing::Waiting => {
            let source = facts.sources.get(usize::from(row.journal))?;
            let over =
                until.is_some_and(|until| source.last_day > until || (source.last_day == until && source.closed));
            over.then_some(false)
        }
    }
}

/// A participant's week.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Week {
    /// Members that are due.
    pub due: Vec<u32>,
    /// Of those, the timely ones.
    pub timely: Vec<u32>,
}

/// Weeks (their Mondays) of each bank that paid.
#[must_use]
pub fn weeks(facts: &Facts) -> BTreeMap<u32, BTreeMap<u32, Week>> {
    let mut found: BTreeMap<u32, BTreeMap<u32, Week>> = BTreeMap::new();
    // The end of the window is the same for all payments of a day between two countries in a currency.
    let mut windows: std::collections::HashMap<(u32, u32, u32, u32), Option<u32>> = std::collections::HashMap::new();
    for (at, row) in facts.rows.iter().enumerate() {
        let key = (facts.country_of(row.debtor), facts.country_of(row.creditor), row.settled_in, row.value_date);
        let until = *windows.entry(key).or_insert_with(|| until(facts, row));
        let Some(timely) = is_timely(facts, row, until) else { continue };
        let week = found.entry(row.debtor).or_default().entry(date::week(row.value_date)).or_default();
        let at = u32::try_from(at).expect("fewer than 2^32 rows");
        week.due.push(at);
        if timely {
            week.timely.push(at);
        }
    }
    found
}

/// The score and light of each participant and week.
pub(crate) fn scores(maker: &Maker<'_>) -> Part {
    let facts = maker.facts;
    let mut told = Vec::new();
    let mut banks: Vec<_> = weeks(facts).into_iter().collect();
    banks.sort_by_cached_key(|(bank, _)| facts.bank_name(*bank));
    for (bank, weeks) in banks {
        let counts: Vec<(u64, u64)> = weeks.values().map(|w| (w.due.len() as u64, w.timely.len() as u64)).collect();
        for ((monday, week), light) in weeks.into_iter().zip(lights(&counts)) {
            let of = [("participant", facts.bank_name(bank)), ("week", date::day_text(monday))];
            let (due, timely) = (week.due.len() as i128, week.timely.len() as i128);
            let (due_members, timely_members) = (Arc::new(week.due), Arc::new(week.timely));
            told.push(maker.tell(&DUE, &of, Value::Count(due), None, &due_members));
            told.push(maker.tell(&TIMELY, &of, Value::Count(timely), None, &timely_members));
            told.push(maker.tell(&SCORE, &of, Value::percent(timely, due), None, &due_members));
            told.push(maker.tell(&LIGHT, &of, Value::Word(light.word()), None, &due_members));
        }
    }
    Part { name: "timeliness", title: "Timeliness of each participant, by week of value date".into(), told }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orange_turns_red_in_the_thirteenth_week_and_green_begins_anew() {
        let weeks: Vec<(u64, u64)> = [(10, 8)].into_iter().chain([(10, 7); 13]).chain([(5, 4), (3, 2)]).collect();
        let words: Vec<&str> = lights(&weeks).into_iter().map(Light::word).collect();
        let expected = [vec!["green"], vec!["orange"; 12], vec!["red", "green", "orange"]].concat();
        assert_eq!(words, expected);
    }
}
