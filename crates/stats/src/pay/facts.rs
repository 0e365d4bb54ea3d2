//! What is known of each payment: one flat row, indices into a few tables.
//!
//! A conversion is one payment although it has two legs: what its payer was debited and what its payee was credited
//! stand in the same row. What is not known is said to be unknown (`NONE`, or an empty purpose), never guessed and never
//! left out. Absent on purpose: how rows are read from a journal.

use std::collections::BTreeMap;

use super::date;

/// Stands for "not known" or "none" where an index is stored flat.
pub const NONE: u32 = u32::MAX;

/// A journal that rows come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its name, as it was asked for.
    pub name: String,
    /// First and last entry of the range that was read.
    pub entries: (u64, u64),
    /// Hash of the last frame read: it fixes everything in front of it.
    pub hash: [u8; 32],
    /// Hash of the first frame: the same for every later revision of the same journal.
    pub begins: [u8; 32],
    /// The last business date that had begun.
    pub last_day: u32,
    /// Whether that date was closed.
    pub closed: bool,
}

/// Open and closed dates of a currency.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendar {
    /// Weekdays that are closed: bit 0 Monday to bit 6 Sunday.
    pub weekend: u8,
    /// Dates that differ from the weekly pattern.
    pub exceptions: BTreeMap<u32, bool>,
}

impl Calendar {
    /// Whether the date is a business day.
    #[must_use]
    pub fn is_open(&self, day: u32) -> bool {
        let weekday = (day % 7 + 3) % 7;
        self.exceptions.get(&day).copied().unwrap_or(self.weekend >> weekday & 1 == 0)
    }
}

/// A currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Currency {
    /// ISO 4217 code.
    pub code: String,
    /// Digits after the point.
    pub exponent: u8,
    /// Its business days.
    pub calendar: Calendar,
    /// Index of the country of its issuer.
    pub country: u32,
}

/// A bank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bank {
    /// BIC.
    pub bic: String,
    /// Index of its home country.
    pub country: u32,
}

/// A rate that both authorities approved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// Journal and entry of the second approval.
    pub journal: u16,
    /// That entry.
    pub entry: u64,
    /// Business date on which it was approved.
    pub day: u32,
    /// Base currency.
    pub base: u32,
    /// Quote currency.
    pub quote: u32,
    /// Digits of the rate.
    pub mantissa: u64,
    /// How many of them follow the point: units of quote for one of base.
    pub scale: u8,
    /// Who published it.
    pub source: String,
}

/// Where a payment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// It settled.
    Settled,
    /// It waits.
    Waiting,
    /// It was refused on arrival.
    Refused,
    /// It waited and ended without settlement.
    Ended,
}

impl Standing {
    /// The word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Settled => "settled",
            Self::Waiting => "waiting",
            Self::Refused => "refused",
            Self::Ended => "ended",
        }
    }
}

/// How it settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// Not settled.
    Not,
    /// At once.
    Gross,
    /// From the queue, when money came in.
    Released,
    /// Against a payment the other way.
    Bilateral,
    /// In an offsetting run.
    Offset,
    /// By a plan.
    Plan,
}

impl How {
    /// Every way, in the order of the enum.
    pub const ALL: [Self; 6] = [Self::Not, Self::Gross, Self::Released, Self::Bilateral, Self::Offset, Self::Plan];

    /// The word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Not => "not settled",
            Self::Gross => "gross",
            Self::Released => "released",
            Self::Bilateral => "bilateral offset",
            Self::Offset => "offset",
            Self::Plan => "plan",
        }
    }
}

/// What brought a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A customer's transfer.
    Customer,
    /// Institutions' own money.
    Institution,
    /// A payment given back.
    Return,
}

/// One payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Which journal.
    pub journal: u16,
    /// The entry that brought it.
    pub entry: u64,
    /// Unique end-to-end transaction reference.
    pub uetr: u128,
    /// What brought it.
    pub kind: Kind,
    /// Where it stands.
    pub standing: Standing,
    /// How it settled.
    pub how: How,
    /// What it is for.
    pub flow: super::codes::Flow,
    /// The purpose code of the original message; blanks when it has none or the message is not in the journal.
    pub purpose: [u8; 4],
    /// The bank that pays: behind a sponsor, the sponsored bank.
    pub debtor: u32,
    /// The bank that is paid.
    pub creditor: u32,
    /// Whose account was debited.
    pub debtor_at: u32,
    /// Whose account was credited.
    pub creditor_at: u32,
    /// The provider of a conversion: paid in the debtor's currency, paying in the creditor's.
    pub via: u32,
    /// Currency credited: the settlement currency.
    pub settled_in: u32,
    /// Minor units of it; 0 when a refused conversion never had a rate.
    pub amount: i64,
    /// Currency debited: the account currency of the debtor.
    pub debited_in: u32,
    /// Minor units of it.
    pub debited: i64,
    /// Currency instructed, as the original message says; `NONE` when it does not.
    pub invoiced_in: u32,
    /// What it first waited for: index into [`Facts::waits`], or `NONE` when it did not wait.
    pub waited: u32,
    /// Why it was refused or ended: index into [`Facts::reasons`].
    pub reason: u32,
    /// The approved rate of a conversion: index into [`Facts::rates`].
    pub price: u32,
    /// Its group, when legs settle together (numbers of its journal).
    pub group: u32,
    /// When it became an entry, microseconds since 1970.
    pub accepted: u64,
    /// When it settled or ended; 0 while it waits.
    pub done: u64,
    /// Business date of its entry.
    pub accepted_day: u32,
    /// Business date on which it settled or ended; 0 while it waits.
    pub done_day: u32,
    /// Value date.
    pub value_date: u32,
    /// Its settlement amount in the common unit; `None` when no approved rate leads there.
    pub unit: Option<i64>,
}

impl Row {
    /// Whether it settled.
    #[must_use]
    pub fn settled(&self) -> bool {
        self.standing == Standing::Settled
    }

    /// The date a figure files it under: of settlement or end, else of entry.
    #[must_use]
    pub fn day(&self) -> u32 {
        if self.done_day == 0 { self.accepted_day } else { self.done_day }
    }
}

/// The common unit in which values of several currencies are added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// The currency.
    pub currency: u32,
    /// Its code.
    pub code: String,
    /// Digits after the point.
    pub exponent: u8,
}

/// Everything a pass gathered.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Where it comes from.
    pub sources: Vec<Source>,
    /// Currencies.
    pub currencies: Vec<Currency>,
    /// Countries, ISO 3166 alpha-2.
    pub countries: Vec<String>,
    /// Banks.
    pub banks: Vec<Bank>,
    /// Approved rates, in order of approval.
    pub rates: Vec<Rate>,
    /// What payments waited for: stable short names.
    pub waits: Vec<String>,
    /// Why payments failed: stable short names and ISO codes.
    pub reasons: Vec<(String, String)>,
    /// One row a payment.
    pub rows: Vec<Row>,
    /// The common unit, once [`Facts::value`] has been asked for it.
    pub unit: Option<Unit>,
    /// Currencies without a way to the unit on some day, and the pairs used, told in words.
    pub unit_notes: Vec<String>,
}

impl Facts {
    /// Index of a currency by code.
    #[must_use]
    pub fn currency(&self, code: &str) -> Option<u32> {
        index(self.currencies.iter().position(|currency| currency.code == code)?)
    }

    /// The currency that the most approved pairs lead to (ties: the first of the arrangement), or the first there is.
    #[must_use]
    pub fn usual_unit(&self) -> Option<u32> {
        let mut partners: BTreeMap<u32, std::collections::BTreeSet<u32>> = BTreeMap::new();
        for rate in &self.rates {
            partners.entry(rate.base).or_default().insert(rate.quote);
            partners.entry(rate.quote).or_default().insert(rate.base);
        }
        let most = partners.iter().max_by_key(|(currency, known)| (known.len(), std::cmp::Reverse(**currency)));
        most.map(|(currency, _)| *currency).or(if self.currencies.is_empty() { None } else { Some(0) })
    }

    /// Values each row in the unit, at the rates approved on the row's date or, before there is one, on the latest date
    /// before it. Where no pair joins a currency with the unit, up to three pairs in a row are used, the shortest way
    /// first (ties: currencies in the order of the arrangement). Rounded down to whole minor units, once a row.
    pub fn value(&mut self, unit: u32) {
        let Some(currency) = self.currencies.get(unit as usize) else { return };
        self.unit = Some(Unit { currency: unit, code: currency.code.clone(), exponent: currency.exponent });
        let mut days: Vec<u32> = self.rows.iter().map(Row::day).collect();
        days.sort_unstable();
        days.dedup();
        let mut ways: BTreeMap<u32, Vec<Option<Factor>>> = BTreeMap::new();
        let mut missing: BTreeMap<u32, u32> = BTreeMap::new();
        let mut used: BTreeMap<String, u32> = BTreeMap::new();
        for day in days {
            let way = ways_to(self, unit, day);
            for (at, found) in (0..).zip(&way) {
                match found {
                    None => *missing.entry(at).or_default() += 1,
                    Some(found) if !found.said.is_empty() => *used.entry(found.said.clone()).or_default() += 1,
                    Some(_) => {}
                }
            }
            ways.insert(day, way);
        }
        for row in &mut self.rows {
            let way = ways.get(&row.day()).and_then(|way| way.get(row.settled_in as usize)).and_then(Option::as_ref);
            row.unit = way.and_then(|factor| factor.apply(row.amount));
        }
        let code = self.currencies[unit as usize].code.clone();
        self.unit_notes = used.keys().map(|said| format!("{said} (unit {code})")).collect();
        for (at, days) in missing {
            let from = &self.currencies[at as usize].code;
            self.unit_notes.push(format!("no approved rates lead from {from} to {code} on {days} of the dates"));
        }
    }

    /// Name of a currency, or `unknown`.
    #[must_use]
    pub fn currency_name(&self, at: u32) -> String {
        self.currencies.get(at as usize).map_or_else(|| "unknown".into(), |currency| currency.code.clone())
    }

    /// BIC of a bank, or `unknown`.
    #[must_use]
    pub fn bank_name(&self, at: u32) -> String {
        self.banks.get(at as usize).map_or_else(|| "unknown".into(), |bank| bank.bic.clone())
    }

    /// Home country of a bank, `NONE` when the bank is not known.
    #[must_use]
    pub fn country_of(&self, bank: u32) -> u32 {
        self.banks.get(bank as usize).map_or(NONE, |bank| bank.country)
    }

    /// Name of a country, or `unknown`.
    #[must_use]
    pub fn country_name(&self, at: u32) -> String {
        self.countries.get(at as usize).cloned().unwrap_or_else(|| "unknown".into())
    }

    /// The currency a country issues, if any: the first of the arrangement.
    #[must_use]
    pub fn currency_of(&self, country: u32) -> Option<u32> {
        index(self.currencies.iter().position(|currency| currency.country == country)?)
    }

    /// The last business date of all journals.
    #[must_use]
    pub fn last_day(&self) -> u32 {
        self.sources.iter().map(|source| source.last_day).max().unwrap_or(0)
    }

    /// The date `count` joint business days after `from`: days on which the calendars of both currencies are open.
    /// `None` when they share too few within 400 days.
    #[must_use]
    pub fn joint_day(&self, a: u32, b: u32, from: u32, count: u32) -> Option<u32> {
        let (a, b) = (&self.currencies.get(a as usize)?.calendar, &self.currencies.get(b as usize)?.calendar);
        let mut left = count;
        for day in from..from.saturating_add(400) {
            if day > from && a.is_open(day) && b.is_open(day) {
                left -= 1;
            }
            if left == 0 {
                return Some(day);
            }
        }
        None
    }
}

fn index(at: usize) -> Option<u32> {
    u32::try_from(at).ok()
}

/// Minor units of one currency to minor units of the unit, exactly: `amount * up / down`.
#[derive(Debug, Clone)]
struct Factor {
    up: u128,
    down: u128,
    /// The pairs used, in words.
    said: String,
}

impl Factor {
    fn apply(&self, amount: i64) -> Option<i64> {
        let size = u128::from(amount.unsigned_abs()).checked_mul(self.up)? / self.down;
        let size = i64::try_from(size).ok()?;
        Some(if amount < 0 { -size } else { size })
    }
}

/// Most pairs in a row that lead to the unit.
const PAIRS_MAX: usize = 3;

/// For each currency the way to the unit on a day.
fn ways_to(facts: &Facts, unit: u32, day: u32) -> Vec<Option<Factor>> {
    let mut latest: BTreeMap<(u32, u32), &Rate> = BTreeMap::new();
    for rate in facts.rates.iter().filter(|rate| rate.day <= day) {
        let known = latest.entry((rate.base, rate.quote)).or_insert(rate);
        if rate.day >= known.day {
            *known = rate;
        }
    }
    let mut ways: Vec<Option<Factor>> = vec![None; facts.currencies.len()];
    ways[unit as usize] = Some(Factor { up: 1, down: 1, said: String::new() });
    let mut frontier = vec![unit];
    for _ in 0..PAIRS_MAX {
        let mut next = Vec::new();
        for near in frontier {
            for (&(base, quote), rate) in &latest {
                let far = if base == near { quote } else { base };
                if (base != near && quote != near) || ways[far as usize].is_some() {
                    continue;
                }
                let step = step(facts, rate, far == base);
                let along = ways[near as usize].clone().expect("the frontier has a way");
                ways[far as usize] = join(&step, &along);
                next.push(far);
            }
        }
        next.sort_unstable();
        frontier = next;
    }
    ways
}

/// One pair: from base to quote, or back.
fn step(facts: &Facts, rate: &Rate, from_base: bool) -> Factor {
    let exponent = |at: u32| u32::from(facts.currencies[at as usize].exponent);
    let up = u128::from(rate.mantissa) * 10_u128.pow(exponent(rate.quote));
    let down = 10_u128.pow(u32::from(rate.scale.min(12)) + exponent(rate.base));
    let (base, quote) = (facts.currency_name(rate.base), facts.currency_name(rate.quote));
    let said = format!("{base}/{quote} approved {}, published by {}", date::day_text(rate.day), rate.source);
    if from_base { Factor { up, down, said } } else { Factor { up: down, down: up, said } }
}

fn join(step: &Factor, along: &Factor) -> Option<Factor> {
    let (mut up, mut down) = (step.up.checked_mul(along.up)?, step.down.checked_mul(along.down)?);
    let common = gcd(up, down);
    up /= common;
    down /= common;
    let said = [&step.said, &along.said].into_iter().filter(|said| !said.is_empty()).cloned().collect::<Vec<_>>();
    Some(Factor { up, down, said: said.join(", then ") })
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

#[cfg(test)]
#[path = "facts_tests.rs"]
mod tests;
