//! The stream of planned lines.
//!
//! The day is cut into minutes. How many lines a minute has follows from the intraday profile without chance; which they are is drawn.
//! Only the current minute is held in memory, and a bounded stock of earlier payments for returns and recalls.

use super::flaw::FlawKind;
use super::market::{Market, Unusable, convert, in_currency};
use super::maths;
use super::options::{CurrencyIndex, Options};
use super::planned::{BankIndex, Conversion, Kind, Money, Original, Planned, Priority};
use super::rng::Rng;
use super::spoiled::possible_flaws;
use std::collections::VecDeque;

const MICROS_PER_MILLI: i64 = 1_000;
const MICROS_PER_MINUTE: i64 = 60_000_000;
/// Earlier payments kept for returns, recalls and duplicates.
const STOCK_MAX: usize = 2_048;
/// A return or recall comes at least so long after its original.
pub(super) const REACTION_MIN: i64 = 20 * MICROS_PER_MINUTE;
/// Draws for a bank on the other side that differs, or an original that is old enough, before another kind is taken.
pub(super) const TRIES_MAX: usize = 8;

/// All lines at once. For millions of lines iterate over [`Traffic`] instead.
///
/// # Errors
/// When the options contradict themselves; see [`Unusable`].
pub fn plan(options: &Options) -> Result<Vec<Planned>, Unusable> {
    Ok(Traffic::new(options)?.collect())
}

/// The stream of planned lines, in order of time.
#[derive(Debug)]
pub struct Traffic<'a> {
    pub(super) options: &'a Options,
    pub(super) market: Market,
    pub(super) rng: Rng,
    ln_median: f64,
    ln_sd: f64,
    /// Lines begun, without second legs.
    begun: u64,
    pub(super) sequence: u64,
    minute: usize,
    times: VecDeque<i64>,
    second_leg: Option<Planned>,
    stock: Vec<Original>,
    pub(super) flaws_made: u64,
    /// The kinds of flaw that these options allow.
    pub(super) flaw_kinds: Vec<FlawKind>,
}

impl<'a> Traffic<'a> {
    /// A stream for these options.
    ///
    /// # Errors
    /// When the options contradict themselves; see [`Unusable`].
    #[expect(clippy::cast_precision_loss, reason = "a median ticket is far below 2^53 cents")]
    pub fn new(options: &'a Options) -> Result<Self, Unusable> {
        Ok(Self {
            market: Market::new(options)?,
            rng: Rng::new(options.seed),
            ln_median: maths::ln(options.tickets.median_eur_cents.max(1) as f64),
            ln_sd: f64::from(options.tickets.ln_sd_milli) / 1_000.0,
            options,
            begun: 0,
            sequence: 0,
            minute: 0,
            times: VecDeque::new(),
            second_leg: None,
            stock: Vec::new(),
            flaws_made: 0,
            flaw_kinds: possible_flaws(options),
        })
    }

    /// Draws the instants of the next minutes until there is one.
    fn next_time(&mut self) -> Option<i64> {
        while self.times.is_empty() {
            if self.minute >= self.market.minutes() {
                return None;
            }
            let until = self.market.lines_until(self.minute, self.options.payments);
            let start = self.options.opens + i64::try_from(self.minute).unwrap_or(0) * MICROS_PER_MINUTE;
            let mut times: Vec<i64> = (self.begun..until)
                .map(|_| {
                    let milli = i64::try_from(self.rng.below(60_000)).unwrap_or(0);
                    start + milli * MICROS_PER_MILLI
                })
                .collect();
            times.sort_unstable();
            self.begun = self.begun.max(until);
            self.times = times.into();
            self.minute += 1;
        }
        self.times.pop_front()
    }

    /// A line at this instant.
    fn draw(&mut self, at: i64) -> Option<Planned> {
        let minute = self.minute.checked_sub(1)?;
        if let Some(flaw) = self.due_flaw()
            && let Some(line) = self.flawed(at, minute, flaw)
        {
            self.flaws_made += 1;
            return Some(line);
        }
        let mix = self.options.mix;
        let mut draw = u32::try_from(self.rng.below(1_000)).unwrap_or(0);
        let mut is = |share: u32| {
            let hit = draw < share;
            draw = draw.saturating_sub(share);
            if hit {
                draw = u32::MAX;
            }
            hit
        };
        let line = if is(mix.institution) {
            self.institution(at, minute)
        } else if is(mix.pvp) {
            self.pvp(at, minute)
        } else if is(mix.conversion) {
            self.conversion(at, minute)
        } else if is(mix.initiation) {
            self.fresh(at, minute, Kind::Initiation)
        } else if is(mix.returned) {
            self.returned(at)
        } else if is(mix.recall) {
            self.recall(at)
        } else if is(mix.verification) {
            self.verification(at, minute)
        } else {
            None
        };
        match line {
            Some(line) => Some(line),
            None => self.customer(at, minute),
        }
    }

    /// Lines of other kinds fall back to this one when they find no partner.
    fn customer(&mut self, at: i64, minute: usize) -> Option<Planned> {
        let mut line = self.fresh(at, minute, Kind::Customer)?;
        let mix = self.options.mix;
        self.maybe_urgent(&mut line);
        if self.rng.per_mille(mix.future) {
            if let Some(date) = self.rng.pick(&self.options.future_dates) {
                line.value_date = *date;
            }
        } else if self.rng.per_mille(mix.timed) {
            self.set_times(&mut line);
        }
        self.keep(&line);
        Some(line)
    }

    fn institution(&mut self, at: i64, minute: usize) -> Option<Planned> {
        let mut line = self.fresh(at, minute, Kind::Institution)?;
        self.maybe_urgent(&mut line);
        Some(line)
    }

    fn maybe_urgent(&mut self, line: &mut Planned) {
        if self.rng.per_mille(self.options.mix.urgent) {
            line.priority = Priority::Urgent;
        }
    }

    /// Earliest half an hour to two hours ahead, or latest one to four hours ahead, inside the day.
    fn set_times(&mut self, line: &mut Planned) {
        let minutes = |rng: &mut Rng, from: u64, to: u64| {
            i64::try_from(from + rng.below(to - from)).unwrap_or(0) * MICROS_PER_MINUTE
        };
        let whole = line.at - line.at.rem_euclid(MICROS_PER_MINUTE);
        let wants_latest = self.rng.per_mille(500);
        let instant =
            whole + if wants_latest { minutes(&mut self.rng, 60, 240) } else { minutes(&mut self.rng, 30, 120) };
        if instant < self.options.closes {
            if wants_latest {
                line.latest = Some(instant);
            } else {
                line.earliest = Some(instant);
            }
        }
    }

    /// A payment of a drawn pair, currency, banks and ticket.
    pub(super) fn fresh(&mut self, at: i64, minute: usize, kind: Kind) -> Option<Planned> {
        let mut drawn = None;
        for _ in 0..8 * TRIES_MAX {
            let pair = self.market.draw_pair(minute, &mut self.rng)?;
            let currency = *pair.currencies.draw(&mut self.rng)?;
            if self.is_open(currency, at) {
                drawn = Some((pair, currency));
                break;
            }
        }
        let (pair, currency) = drawn?;
        let from = self.market.draw_bank(pair.payer, currency, &mut self.rng)?;
        let to = self.market.draw_bank(pair.payee, currency, &mut self.rng)?;
        let ticket_eur_cents = self.ticket();
        let money = in_currency(self.options, currency, ticket_eur_cents);
        Some(Planned {
            sequence: 0,
            at,
            uetr: self.uetr(),
            from,
            to,
            money,
            ticket_eur_cents,
            kind,
            priority: Priority::Normal,
            value_date: self.options.business_date,
            earliest: None,
            latest: None,
            flaw: None,
            detail: self.rng.bits(),
        })
    }

    /// Two institutions exchange currencies: the second leg waits to be handed out next.
    fn pvp(&mut self, at: i64, minute: usize) -> Option<Planned> {
        let mut first = self.fresh(at, minute, Kind::Institution)?;
        first.kind = Kind::Pvp { group: self.sequence };
        let payer_side = self.country_of(first.from)?;
        let payee_side = self.country_of(first.to)?;
        // The other currency: of the two national ones, the one that the first leg does not have.
        let own = [*self.market.own.get(payer_side)?, *self.market.own.get(payee_side)?];
        let other = own.into_iter().find(|c| *c != first.money.currency)?;
        let held = self.holds(first.from, other) && self.holds(first.to, other);
        if !(held && self.is_open(other, at)) {
            return None;
        }
        let mut second = first.clone();
        second.uetr = self.uetr();
        second.detail = self.rng.bits();
        (second.from, second.to) = (first.to, first.from);
        second.money = match self.rate(first.money.currency, other) {
            Some(rate) => convert(self.options, first.money, &rate)?,
            None => in_currency(self.options, other, first.ticket_eur_cents),
        };
        self.second_leg = Some(second);
        Some(first)
    }

    /// The debtor gives its own currency, the creditor gets its own.
    pub(super) fn conversion(&mut self, at: i64, minute: usize) -> Option<Planned> {
        let mut line = self.fresh(at, minute, Kind::Customer)?;
        let source = *self.market.own.get(self.country_of(line.from)?)?;
        let target = *self.market.own.get(self.country_of(line.to)?)?;
        let rate = self.rate(source, target)?;
        let held = self.holds(line.from, source) && self.holds(line.to, target);
        let for_itself = rate.provider.is_some_and(|provider| provider == line.from || provider == line.to);
        if for_itself || !(held && self.is_open(source, at) && self.is_open(target, at)) {
            return None;
        }
        let given = in_currency(self.options, source, line.ticket_eur_cents);
        line.money = convert(self.options, given, &rate)?;
        line.kind = Kind::Conversion(Conversion { source: given, rate: rate.rate, rate_decimals: rate.decimals });
        Some(line)
    }

    fn verification(&mut self, at: i64, minute: usize) -> Option<Planned> {
        let mut line = self.fresh(at, minute, Kind::Verification)?;
        line.money.minor = 0;
        line.ticket_eur_cents = 0;
        Some(line)
    }

    /// The payee's bank gives an earlier payment back, in one case of ten only a part of it.
    fn returned(&mut self, at: i64) -> Option<Planned> {
        let original = self.take_original(at)?;
        let mut money = original.money;
        if self.rng.per_mille(100) && money.minor > 100 {
            money.minor -= money.minor / 50;
        }
        let (from, to) = (original.to, original.from);
        Some(self.reaction(at, Kind::Return(original), from, to, money))
    }

    /// The payer's bank asks for an earlier payment back.
    fn recall(&mut self, at: i64) -> Option<Planned> {
        let original = self.take_original(at)?;
        let (from, to, money) = (original.from, original.to, original.money);
        Some(self.reaction(at, Kind::Recall(original), from, to, money))
    }

    fn reaction(&mut self, at: i64, kind: Kind, from: BankIndex, to: BankIndex, money: Money) -> Planned {
        Planned {
            sequence: 0,
            at,
            uetr: self.uetr(),
            from,
            to,
            money,
            ticket_eur_cents: 0,
            kind,
            priority: Priority::Normal,
            value_date: self.options.business_date,
            earliest: None,
            latest: None,
            flaw: None,
            detail: self.rng.bits(),
        }
    }

    fn ticket(&mut self) -> u64 {
        let tickets = self.options.tickets;
        for _ in 0..1_000 {
            let cents = maths::exp(self.ln_median + self.ln_sd * maths::normal(&mut self.rng));
            // A float above the range becomes the largest integer, which is then above the cut.
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive and saturating")]
            let cents = (cents + 0.5) as u64;
            if (tickets.floor_eur_cents..=tickets.cut_eur_cents).contains(&cents) {
                return cents;
            }
        }
        tickets.floor_eur_cents
    }

    /// A version 4 UUID.
    pub(super) fn uetr(&mut self) -> u128 {
        const VERSION: u128 = 0xf << 76;
        const VARIANT: u128 = 0x3 << 62;
        let random = (u128::from(self.rng.bits()) << 64) | u128::from(self.rng.bits());
        (random & !VERSION & !VARIANT) | (4 << 76) | (2 << 62)
    }

    /// Keeps a plain payment in the stock, in place of a random one when it is full.
    fn keep(&mut self, line: &Planned) {
        let plain = line.earliest.is_none() && line.latest.is_none() && line.value_date == self.options.business_date;
        if !plain {
            return;
        }
        let original = Original {
            sequence: self.sequence,
            uetr: line.uetr,
            at: line.at,
            from: line.from,
            to: line.to,
            money: line.money,
            value_date: line.value_date,
        };
        if self.stock.len() < STOCK_MAX {
            self.stock.push(original);
        } else {
            let at = self.rng.index(STOCK_MAX);
            self.stock[at] = original;
        }
    }

    /// Takes an original out of the stock: at most one reaction to each.
    pub(super) fn take_original(&mut self, at: i64) -> Option<Original> {
        for _ in 0..TRIES_MAX {
            let place = self.rng.index(self.stock.len());
            let original = self.stock.get(place)?;
            if original.at + REACTION_MIN <= at && self.is_open(original.money.currency, at) {
                return Some(self.stock.swap_remove(place));
            }
        }
        None
    }

    pub(super) fn country_of(&self, bank: BankIndex) -> Option<usize> {
        let code = self.options.banks.get(bank.at())?.country;
        self.options.countries.iter().position(|country| country.code == code)
    }

    pub(super) fn holds(&self, bank: BankIndex, currency: CurrencyIndex) -> bool {
        match (self.options.banks.get(bank.at()), self.options.currencies.get(currency.at())) {
            (Some(bank), Some(currency)) => bank.currencies.contains(&currency.code),
            _ => false,
        }
    }

    /// Whether the currency's own cut-off is still ahead.
    pub(super) fn is_open(&self, currency: CurrencyIndex, at: i64) -> bool {
        self.options.currencies.get(currency.at()).is_some_and(|c| c.cut_off.is_none_or(|cut_off| at < cut_off))
    }

    fn rate(&self, source: CurrencyIndex, target: CurrencyIndex) -> Option<super::options::PairRate> {
        let code = |currency: CurrencyIndex| self.options.currencies.get(currency.at()).map(|c| c.code);
        let (source, target) = (code(source)?, code(target)?);
        self.options.rates.iter().find(|rate| rate.source == source && rate.target == target).copied()
    }
}

impl Iterator for Traffic<'_> {
    type Item = Planned;

    fn next(&mut self) -> Option<Planned> {
        let mut line = match self.second_leg.take() {
            Some(line) => line,
            // An instant at which nothing can be drawn, because every currency of those at work has closed, passes without a line.
            None => loop {
                let at = self.next_time()?;
                if let Some(line) = self.draw(at) {
                    break line;
                }
            },
        };
        line.sequence = self.sequence;
        self.sequence += 1;
        Some(line)
    }
}
