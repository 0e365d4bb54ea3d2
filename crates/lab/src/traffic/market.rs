//! The options turned into tables to draw from: who pays whom in which currency, when, and through which banks.

use super::options::{Country, CurrencyIndex, Options, PairRate};
use super::planned::{BankIndex, Money};
use super::profile::intensity;
use super::rng::Rng;
use super::trade::currency_choice;
use std::fmt;

const MICROS_PER_MINUTE: i64 = 60_000_000;
/// A century of minutes would be a mistake in the options, and a large table.
const MINUTES_MAX: i64 = 7 * 24 * 60;

/// Why the options cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// The cut-off is not after the opening, or more than a week after it.
    Hours {
        /// Opening, microseconds since 1970 UTC.
        opens: i64,
        /// Cut-off, microseconds since 1970 UTC.
        closes: i64,
    },
    /// A country or currency is named but not listed, or listed twice, or there are too many.
    List {
        /// What was expected where.
        problem: String,
    },
    /// No flow has banks on both sides with a currency in common.
    NoPair,
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hours { opens, closes } => {
                write!(f, "cut-off {closes} must be after the opening {opens}, by {MINUTES_MAX} minutes at most")
            }
            Self::List { problem } => f.write_str(problem),
            Self::NoPair => {
                f.write_str("no trade flow has banks on both sides with an account in a national currency of the pair")
            }
        }
    }
}

impl std::error::Error for Unusable {}

/// Things with weights, drawn in proportion. Sums are kept, so a draw is a binary search.
#[derive(Clone, Debug)]
pub(super) struct Weighted<T> {
    items: Vec<T>,
    sums: Vec<u64>,
}

impl<T> Default for Weighted<T> {
    fn default() -> Self {
        Self { items: Vec::new(), sums: Vec::new() }
    }
}

impl<T> Weighted<T> {
    pub(super) fn add(&mut self, item: T, weight: u64) {
        if weight > 0 {
            let sum = self.total().saturating_add(weight);
            self.items.push(item);
            self.sums.push(sum);
        }
    }

    pub(super) fn total(&self) -> u64 {
        self.sums.last().copied().unwrap_or(0)
    }

    pub(super) fn draw(&self, rng: &mut Rng) -> Option<&T> {
        let at = rng.below(self.total());
        self.items.get(self.sums.partition_point(|sum| *sum <= at))
    }
}

/// A directed pair of countries between which payments flow: the importer's country pays.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub(super) payer: usize,
    pub(super) payee: usize,
    pub(super) weight: u64,
    pub(super) currencies: Weighted<CurrencyIndex>,
}

/// The tables.
#[derive(Clone, Debug)]
pub(super) struct Market {
    /// Pairs with a weight above zero.
    pub(super) pairs: Vec<Pair>,
    /// By payer country: its pairs, by weight.
    by_payer: Vec<Weighted<usize>>,
    /// By country and currency: the banks with an account in it.
    banks: Vec<Vec<Weighted<BankIndex>>>,
    /// By country: its own currency.
    pub(super) own: Vec<CurrencyIndex>,
    /// By minute of the day: the payer countries by intensity, in parts of a large number.
    minutes: Vec<Weighted<usize>>,
    /// Sums of the intensities up to and including each minute.
    minute_sums: Vec<u128>,
}

impl Market {
    pub(super) fn new(options: &Options) -> Result<Self, Unusable> {
        let minutes = (options.closes - options.opens) / MICROS_PER_MINUTE;
        if !(1..=MINUTES_MAX).contains(&minutes) {
            return Err(Unusable::Hours { opens: options.opens, closes: options.closes });
        }
        check_lists(options)?;
        let banks = bank_table(options);
        let own: Vec<CurrencyIndex> =
            options.countries.iter().filter_map(|country| index_of(options, country.currency)).collect();
        let pairs = pair_table(options, &banks, &own);
        if pairs.is_empty() {
            return Err(Unusable::NoPair);
        }
        let mut by_payer = vec![Weighted::default(); options.countries.len()];
        for (at, pair) in pairs.iter().enumerate() {
            by_payer[pair.payer].add(at, pair.weight);
        }
        let (minutes, minute_sums) = minute_table(options, &by_payer, minutes);
        Ok(Self { pairs, by_payer, banks, own, minutes, minute_sums })
    }

    /// Number of minutes of the day.
    pub(super) fn minutes(&self) -> usize {
        self.minutes.len()
    }

    /// How many of so many lines are created before the end of this minute.
    pub(super) fn lines_until(&self, minute: usize, lines: u64) -> u64 {
        let total = self.minute_sums.last().copied().unwrap_or(1).max(1);
        let sum = self.minute_sums.get(minute).copied().unwrap_or(total);
        u64::try_from(u128::from(lines) * sum / total).unwrap_or(lines)
    }

    /// A pair whose payer is at work in this minute.
    pub(super) fn draw_pair(&self, minute: usize, rng: &mut Rng) -> Option<&Pair> {
        let payer = *self.minutes.get(minute)?.draw(rng)?;
        self.pairs.get(*self.by_payer.get(payer)?.draw(rng)?)
    }

    /// A bank of this country with an account in this currency.
    pub(super) fn draw_bank(&self, country: usize, currency: CurrencyIndex, rng: &mut Rng) -> Option<BankIndex> {
        self.banks.get(country)?.get(currency.at())?.draw(rng).copied()
    }
}

/// The place of a currency in the options.
pub(super) fn index_of(options: &Options, code: super::options::CurrencyCode) -> Option<CurrencyIndex> {
    let at = options.currencies.iter().position(|c| c.code == code)?;
    u8::try_from(at).ok().map(CurrencyIndex)
}

fn check_lists(options: &Options) -> Result<(), Unusable> {
    let refuse = |problem: String| Err(Unusable::List { problem });
    if options.currencies.len() > 256 || options.banks.len() > 65_536 {
        return refuse(format!(
            "{} currencies and {} banks exceed the limits of 256 and 65536",
            options.currencies.len(),
            options.banks.len()
        ));
    }
    for currency in &options.currencies {
        if currency.exponent > 4 || currency.micro_units_per_eur == 0 {
            return refuse(format!(
                "currency {:?} needs an exponent of at most 4 and a value above zero",
                currency.code
            ));
        }
    }
    for country in &options.countries {
        if index_of(options, country.currency).is_none() {
            return refuse(format!("currency {:?} of country {:?} is not listed", country.currency, country.code));
        }
    }
    for bank in &options.banks {
        if country_of(options, bank.country).is_none() {
            return refuse(format!("country {:?} of bank {} is not listed", bank.country, bank.bic));
        }
    }
    Ok(())
}

fn country_of(options: &Options, code: super::options::CountryCode) -> Option<usize> {
    options.countries.iter().position(|country| country.code == code)
}

fn bank_table(options: &Options) -> Vec<Vec<Weighted<BankIndex>>> {
    let mut table = vec![vec![Weighted::default(); options.currencies.len()]; options.countries.len()];
    for (at, bank) in (0_u16..=u16::MAX).zip(&options.banks) {
        let Some(country) = country_of(options, bank.country).filter(|_| !bank.suspended) else {
            continue;
        };
        for code in &bank.currencies {
            if let Some(currency) = index_of(options, *code) {
                table[country][currency.at()].add(BankIndex(at), bank.weight);
            }
        }
    }
    table
}

fn pair_table(options: &Options, banks: &[Vec<Weighted<BankIndex>>], own: &[CurrencyIndex]) -> Vec<Pair> {
    let trade_of = |country: &Country| -> u64 {
        options
            .flows
            .iter()
            .filter(|flow| flow.exporter == country.code || flow.importer == country.code)
            .map(|flow| flow.usd_thousand)
            .sum()
    };
    let trade: Vec<u64> = options.countries.iter().map(trade_of).collect();
    let mut pairs = Vec::new();
    for flow in &options.flows {
        let (Some(payee), Some(payer)) = (country_of(options, flow.exporter), country_of(options, flow.importer))
        else {
            continue;
        };
        let choice = currency_choice(flow.exporter, flow.importer);
        let larger = if trade[payee] >= trade[payer] { payee } else { payer };
        let mut currencies = Weighted::default();
        for (country, share) in [(larger, choice.larger), (payee, choice.exporter), (payer, choice.importer)] {
            let currency = own[country];
            let has = |side: usize| banks[side][currency.at()].total() > 0;
            if has(payee) && has(payer) {
                currencies.add(currency, share);
            }
        }
        if payee != payer && currencies.total() > 0 && flow.usd_thousand > 0 {
            pairs.push(Pair { payer, payee, weight: flow.usd_thousand, currencies });
        }
    }
    pairs
}

/// Each payer country's weight is spread over the minutes by its own clock, so that the day's total of a pair is exactly its weight.
fn minute_table(options: &Options, by_payer: &[Weighted<usize>], minutes: i64) -> (Vec<Weighted<usize>>, Vec<u128>) {
    /// Parts in which a country's day is divided: large against 1,440 minutes of small intensities.
    const PARTS: u128 = 1_000_000;
    let intensity_at = |country: &Country, minute: i64| {
        let utc_minute = options.opens / MICROS_PER_MINUTE + minute;
        intensity(utc_minute + i64::from(country.utc_offset_minutes), minutes - minute)
    };
    let days: Vec<u128> = options
        .countries
        .iter()
        .map(|country| (0..minutes).map(|minute| u128::from(intensity_at(country, minute))).sum())
        .collect();
    let mut table = Vec::new();
    let mut sums = Vec::new();
    let mut sum = 0_u128;
    for minute in 0..minutes {
        let mut payers = Weighted::default();
        for (at, country) in options.countries.iter().enumerate() {
            let weight = u128::from(by_payer[at].total());
            let part = weight * PARTS * u128::from(intensity_at(country, minute)) / days[at].max(1);
            payers.add(at, u64::try_from(part).unwrap_or(u64::MAX));
        }
        sum += u128::from(payers.total());
        table.push(payers);
        sums.push(sum);
    }
    (table, sums)
}

/// Euro cents as money of a currency, rounded half up, at least one minor unit.
pub(super) fn in_currency(options: &Options, currency: CurrencyIndex, eur_cents: u64) -> Money {
    /// Millionths of a unit for one euro, and a hundred cents for one euro.
    const SCALE: u128 = 100 * 1_000_000;
    let minor = options.currencies.get(currency.at()).map_or(0, |c| {
        let scaled = u128::from(eur_cents) * u128::from(c.micro_units_per_eur) * 10_u128.pow(u32::from(c.exponent));
        (scaled + SCALE / 2) / SCALE
    });
    Money { currency, minor: u64::try_from(minor).unwrap_or(u64::MAX).max(1) }
}

/// What the source amount is worth in the target currency at a rate, rounded down.
pub(super) fn convert(options: &Options, source: Money, rate: &PairRate) -> Option<Money> {
    let target = index_of(options, rate.target)?;
    let exponent = |currency: CurrencyIndex| options.currencies.get(currency.at()).map(|c| u32::from(c.exponent));
    let up = 10_u128.checked_pow(exponent(target)?)?;
    let down = 10_u128.checked_pow(u32::from(rate.decimals) + exponent(source.currency)?)?;
    let minor = u128::from(source.minor).checked_mul(u128::from(rate.rate))?.checked_mul(up)? / down;
    let minor = u64::try_from(minor).ok().filter(|minor| *minor > 0)?;
    Some(Money { currency: target, minor })
}
