//! `comity risk watch`: a day replayed, and the worst moment of every participant.
//!
//! Absent on purpose: the rules; see `comity_union::risk`. Nothing is written.

use std::collections::{BTreeMap, BTreeSet};

use comity_ledger::State;
use comity_ledger::account::UNLIMITED;
use comity_ledger::event::Event;
use comity_ledger::ids::{AccountId, Day, Time};
use comity_union::risk::concentration::{Concentration, guard};
use comity_union::risk::overnight::{Held, Holding, held};
use comity_union::risk::three::{Found, Limits, Terms, test};
use comity_union::{Ratio, Share};

use super::arguments::Watch;
use super::case::Currency;
use super::number;
use super::replay::{base, owner, priced, replay};
use crate::exit::Failure;
use crate::output::Output;

mod show;

/// An entry of the journal and its time.
#[derive(Debug, Clone, Copy)]
struct Moment {
    seq: u64,
    at: Time,
}

/// The worst of one figure and when it was first so bad.
#[derive(Debug, Clone, Copy)]
struct Worst<T> {
    value: T,
    when: Moment,
}

/// What was seen of one participant.
#[derive(Debug, Clone, Default)]
struct Seen {
    /// The lowest value after haircuts.
    value: Option<Worst<Ratio>>,
    /// The greatest use of a short limit: currency, short and limit in minor units.
    short: Option<Worst<(usize, i64, i64)>>,
    /// The greatest aggregate short position.
    aggregate: Option<Worst<Ratio>>,
}

/// The peak use of a net debit cap.
#[derive(Debug, Clone, Copy)]
struct Peak {
    account: AccountId,
    /// How far below zero, and the cap then.
    used: i64,
    cap: i64,
    when: Moment,
}

/// A balance kept overnight where there is a limit.
#[derive(Debug, Clone, Copy)]
struct Night {
    day: Day,
    account: AccountId,
    limit: i64,
    held: Held,
}

/// What settlement may hang on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum On {
    Currency(usize),
    Participant(usize),
    Pair(usize, usize),
}

/// One business day of settlement.
struct Traded {
    day: Day,
    currencies: Concentration,
    participants: Concentration,
    pairs: Concentration,
    alarms: Vec<(On, Ratio, Moment)>,
}

/// A day's settlement so far, in base minor units.
#[derive(Default)]
struct Tally {
    values: BTreeMap<On, i128>,
    total: i128,
    /// Those above the alarm share now, and since when.
    above: BTreeMap<On, Moment>,
}

/// Everything the watch found.
struct Report {
    base: String,
    decimals: u8,
    currencies: Vec<Option<Currency>>,
    seen: Vec<Seen>,
    peaks: Vec<Peak>,
    nights: Vec<Night>,
    days: Vec<Traded>,
    alarm: Share,
    aggregate: Option<i64>,
    state: State,
}

pub(super) fn run(arguments: &Watch, output: Output) -> Result<(), Failure> {
    let report = watch(arguments)?;
    match output {
        Output::Json => show::json(&report),
        Output::Table => show::table(&report),
    }
    Ok(())
}

fn watch(arguments: &Watch) -> Result<Report, Failure> {
    let dir = crate::commands::journal(&arguments.dir)?;
    // The rates of the day are known at its end: the journal is read twice.
    let last = replay(&dir, None, |_, _, _| ())?;
    let base = base(&last, arguments.base.as_deref())?;
    let currencies = priced(&last, base, arguments.rates.as_deref())?;
    let decimals = last.currencies[base].exponent;
    let refused = Failure::refused;
    let haircut = number::percent("--haircut", &arguments.haircut).map_err(refused)?;
    let alarm = number::percent("--alarm", &arguments.alarm).map_err(refused)?;
    let aggregate = arguments.aggregate.as_deref().map(|text| number::size("--aggregate", text, decimals));
    let aggregate = aggregate.transpose().map_err(refused)?;
    let mut eye = Eye {
        terms: currencies
            .iter()
            .map(|currency| {
                let currency = currency.as_ref();
                let price = currency.map_or(Ratio::ONE, |currency| currency.price);
                Terms { price, haircut: currency.and_then(|currency| currency.haircut).unwrap_or(haircut) }
            })
            .collect(),
        priced: currencies.iter().map(Option::is_some).collect(),
        short: currencies.iter().map(|currency| currency.as_ref().and_then(|currency| currency.limit)).collect(),
        aggregate,
        alarm,
        seen: vec![Seen::default(); last.participants.len()],
        peaks: BTreeMap::new(),
        nights: Vec::new(),
        days: Vec::new(),
        tally: Tally::default(),
        failed: None,
    };
    let state = replay(&dir, None, |state, entry, events| eye.look(state, entry.at, events))?;
    if let Some(failure) = eye.failed {
        return Err(Failure::refused(failure));
    }
    if eye.tally.total > 0 {
        let day = state.day.date;
        eye.close(day).map_err(refused)?;
    }
    Ok(Report {
        base: last.currencies[base].code().into(),
        decimals,
        currencies,
        seen: eye.seen,
        peaks: eye.peaks.into_values().collect(),
        nights: eye.nights,
        days: eye.days,
        alarm,
        aggregate,
        state,
    })
}

struct Eye {
    terms: Vec<Terms>,
    priced: Vec<bool>,
    /// Short limits of a table, by currency; where there is none, the account's net debit cap.
    short: Vec<Option<i64>>,
    aggregate: Option<i64>,
    alarm: Share,
    seen: Vec<Seen>,
    peaks: BTreeMap<u32, Peak>,
    nights: Vec<Night>,
    days: Vec<Traded>,
    tally: Tally,
    failed: Option<String>,
}

impl Eye {
    fn look(&mut self, state: &State, at: Time, events: &[(u64, Event)]) {
        let when = Moment { seq: state.seq, at };
        let mut touched = BTreeSet::new();
        let mut closed = false;
        for (_, event) in events {
            match event {
                Event::Settled { payment, .. } => {
                    let payment = state.payment(*payment);
                    touched.extend([payment.debtor.0, payment.creditor.0]);
                    self.count(state, payment.debtor, payment.creditor, payment.amount, when);
                }
                Event::Funded { account, .. } => {
                    touched.insert(account.0);
                }
                Event::HoldPosted { account, creditor, .. } => touched.extend([account.0, creditor.0]),
                Event::DayClosed => closed = true,
                Event::Done | Event::ProposalEnded { .. } | Event::Remainder { .. } => {
                    // A limit, an adjustment or a remainder: rare, so everything is looked at.
                    touched.extend(0..u32::try_from(state.accounts.len()).unwrap_or(u32::MAX));
                }
                _ => {}
            }
        }
        let mut owners = BTreeSet::new();
        for account in touched {
            if let Some(owner) = owner(state, AccountId(account)) {
                owners.insert(owner);
                self.peak(state, AccountId(account), when);
            }
        }
        for owner in owners {
            self.account(state, owner, when);
        }
        if closed {
            self.night(state);
            let closed = self.close(state.day.date);
            self.failed = self.failed.take().or(closed.err());
        }
    }

    fn peak(&mut self, state: &State, id: AccountId, when: Moment) {
        let Some(account) = state.account(id).filter(|account| account.credit > 0) else { return };
        let used = account.balance.min(0).saturating_neg();
        let peak = Peak { account: id, used, cap: account.credit, when };
        let worse =
            |old: &Peak| i128::from(used) * i128::from(old.cap) > i128::from(old.used) * i128::from(account.credit);
        let known = self.peaks.entry(id.0).or_insert(peak);
        if worse(known) {
            *known = peak;
        }
    }

    /// Makes the three tests for one participant.
    fn account(&mut self, state: &State, owner: usize, when: Moment) {
        let mut positions = vec![0; self.terms.len()];
        let mut limits = Limits { short: vec![None; self.terms.len()], aggregate: self.aggregate };
        let who = comity_ledger::ids::ParticipantId(u32::try_from(owner).unwrap_or(u32::MAX));
        let first = (who, comity_ledger::ids::CurrencyId(0));
        for ((participant, currency), id) in state.account_of.range(first..) {
            if *participant != who {
                break;
            }
            let at = currency.at();
            if let Some(account) = state.account(*id).filter(|_| self.priced.get(at) == Some(&true)) {
                positions[at] = account.balance;
                limits.short[at] = self.short[at].or(Some(account.credit));
            }
        }
        let found = match test(&self.terms, &limits, &positions, 0) {
            Ok(found) => found,
            Err(refusal) => {
                self.failed.get_or_insert_with(|| refusal.to_string());
                return;
            }
        };
        self.seen[owner].keep(&found, &positions, &limits, when);
    }

    fn night(&mut self, state: &State) {
        for (at, (account, side)) in state.accounts.iter().zip(&state.sides).enumerate() {
            if side.overnight == UNLIMITED || !account.participant.is_some() {
                continue;
            }
            let holding = Holding { balance: account.balance, limit: Some(side.overnight) };
            let account = AccountId(u32::try_from(at).unwrap_or(u32::MAX));
            if let Ok(found) = held(&[holding]) {
                self.nights.push(Night { day: state.day.date, account, limit: side.overnight, held: found[0] });
            }
        }
    }

    /// Counts a settled payment towards concentration.
    fn count(&mut self, state: &State, debtor: AccountId, creditor: AccountId, amount: i64, when: Moment) {
        let Some(currency) = state.account(debtor).map(|account| account.currency.at()) else { return };
        let parties = owner(state, debtor).zip(owner(state, creditor));
        let (Some((from, to)), Some(true)) = (parties, self.priced.get(currency)) else { return };
        let value = self.terms[currency].price.times(Ratio::whole(amount.into())).map_or(0, Ratio::floor);
        let tally = &mut self.tally;
        tally.total += value;
        // A payment within one participant counts twice for it, as any payment counts on both sides.
        let pair = On::Pair(from.min(to), from.max(to));
        for on in [On::Currency(currency), On::Participant(from), On::Participant(to), pair] {
            *tally.values.entry(on).or_insert(0) += value;
        }
        let scale = i128::from(Share::SCALE);
        let over = |tally: &Tally, on: &On| {
            let sides = if matches!(on, On::Participant(_)) { 2 } else { 1 };
            tally.values[on].saturating_mul(scale) > tally.total.saturating_mul(sides * self.alarm.millionths())
        };
        // Only what was touched can rise above; only what is above can fall below.
        let above: Vec<On> = tally.above.keys().copied().collect();
        for on in above {
            if !over(tally, &on) {
                tally.above.remove(&on);
            }
        }
        for on in [On::Currency(currency), On::Participant(from), On::Participant(to), pair] {
            if over(tally, &on) {
                tally.above.entry(on).or_insert(when);
            }
        }
    }

    /// Ends a day's count.
    fn close(&mut self, day: Day) -> Result<(), String> {
        let tally = std::mem::take(&mut self.tally);
        let list = |wanted: fn(&On) -> bool| {
            let list: (Vec<On>, Vec<i128>) =
                tally.values.iter().filter(|(on, _)| wanted(on)).map(|(on, value)| (*on, *value)).unzip();
            list
        };
        let mut alarms = Vec::new();
        let mut look = |wanted: fn(&On) -> bool| -> Result<Concentration, String> {
            let (on, values) = list(wanted);
            let found = guard(&values, self.alarm).map_err(|refusal| refusal.to_string())?;
            for alarm in &found.alarms {
                let on = on[alarm.index];
                if let Some(when) = tally.above.get(&on) {
                    alarms.push((on, alarm.share, *when));
                }
            }
            Ok(found)
        };
        let currencies = look(|on| matches!(on, On::Currency(_)))?;
        let participants = look(|on| matches!(on, On::Participant(_)))?;
        let pairs = look(|on| matches!(on, On::Pair(..)))?;
        self.days.push(Traded { day, currencies, participants, pairs, alarms });
        Ok(())
    }
}

impl Seen {
    fn keep(&mut self, found: &Found, positions: &[i64], limits: &Limits, when: Moment) {
        if self.value.is_none_or(|worst| found.value < worst.value) {
            self.value = Some(Worst { value: found.value, when });
        }
        if self.aggregate.is_none_or(|worst| found.aggregate > worst.value) {
            self.aggregate = Some(Worst { value: found.aggregate, when });
        }
        for (at, (position, limit)) in positions.iter().zip(&limits.short).enumerate() {
            let (short, limit) = (position.min(&0).saturating_neg(), limit.unwrap_or(0));
            // The greatest share of its limit; a short position without a limit is the worst there is.
            let worse =
                |old: (usize, i64, i64)| i128::from(short) * i128::from(old.2) > i128::from(old.1) * i128::from(limit);
            if short > 0 && self.short.is_none_or(|worst| worse(worst.value)) {
                self.short = Some(Worst { value: (at, short, limit), when });
            }
        }
    }
}
