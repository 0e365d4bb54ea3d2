//! The self-check of the generator: what was asked for against what came out.
//!
//! Counts while lines stream by, in constant memory. The median is read from a histogram whose classes are 1/256 of an octave wide, so it is
//! exact to 0.3 %.

use super::flaw::FlawKind;
use super::options::{CountryCode, CurrencyCode, CurrencyIndex, Options};
use super::planned::{BankIndex, Kind, Money, Planned, Priority};
use std::fmt;

/// 50,000 EUR in cents.
const SMALL_EUR_CENTS: u64 = 5_000_000;
/// 1 million EUR in cents.
const LARGE_EUR_CENTS: u64 = 100_000_000;
/// Published share of payments below 50,000 EUR, per mille (TARGET2, 2019).
const SMALL_TARGET_PER_MILLE: u64 = 700;
/// Published share of payments above 1 million EUR, per mille (TARGET2, 2019).
const LARGE_TARGET_PER_MILLE: u64 = 90;
/// Classes of an octave, as a power of two.
const CLASS_BITS: u32 = 8;

/// Share of a pair of countries in the number of payments, in parts per million.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PairShare {
    /// The country that pays.
    pub payer: CountryCode,
    /// The country that is paid.
    pub payee: CountryCode,
    /// Share of the trade weights.
    pub target_ppm: u64,
    /// Share of the payments.
    pub achieved_ppm: u64,
    /// Payments.
    pub count: u64,
}

/// What a bank pays and is paid in one currency over the day, planned lines without flaw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BankFlow {
    /// The bank.
    pub bank: BankIndex,
    /// The currency.
    pub currency: CurrencyIndex,
    /// Minor units it pays.
    pub paid: u128,
    /// Minor units it is paid.
    pub received: u128,
}

/// Statistics of a stream of lines.
#[derive(Clone, Debug)]
pub struct SelfCheck<'a> {
    options: &'a Options,
    /// All lines.
    pub lines: u64,
    /// Lines whose ticket was drawn and that have no flaw: the base of the shares.
    pub tickets: u64,
    /// Tickets below 50,000 EUR.
    pub small: u64,
    /// Tickets above 1 million EUR.
    pub large: u64,
    /// Sum of the tickets, euro cents.
    pub value_eur_cents: u128,
    /// Urgent among the customer and institution payments without flaw.
    pub urgent: u64,
    /// Customer and institution payments without flaw.
    pub customer_and_institution: u64,
    /// Lines by kind, in the order of [`Kind::NAMES`].
    pub kinds: [u64; Kind::COUNT],
    /// Lines by flaw, in the order of [`FlawKind::ALL`].
    pub flaws: Vec<u64>,
    /// Lines without flaw by currency, in the order of the options: number and sum in minor units.
    pub currencies: Vec<(CurrencyCode, u64, u128)>,
    /// Payer country by payee country.
    pairs: Vec<u64>,
    histogram: Vec<u64>,
    /// By bank and currency: paid and received.
    turnover: Vec<(u128, u128)>,
}

impl<'a> SelfCheck<'a> {
    /// Nothing counted yet.
    #[must_use]
    pub fn new(options: &'a Options) -> Self {
        let countries = options.countries.len();
        Self {
            options,
            lines: 0,
            tickets: 0,
            small: 0,
            large: 0,
            value_eur_cents: 0,
            urgent: 0,
            customer_and_institution: 0,
            kinds: [0; Kind::COUNT],
            flaws: vec![0; FlawKind::ALL.len()],
            currencies: options.currencies.iter().map(|c| (c.code, 0, 0)).collect(),
            pairs: vec![0; countries * countries],
            histogram: vec![0; 64 << CLASS_BITS],
            turnover: vec![(0, 0); options.banks.len() * options.currencies.len()],
        }
    }

    /// Counts one line.
    pub fn count(&mut self, line: &Planned) {
        self.lines += 1;
        self.kinds[line.kind.number()] += 1;
        if let Some(flaw) = line.flaw {
            if let Some(at) = FlawKind::ALL.iter().position(|kind| *kind == flaw.kind) {
                self.flaws[at] += 1;
            }
            return;
        }
        if let Some((_, count, sum)) = self.currencies.get_mut(line.money.currency.at()) {
            *count += 1;
            *sum += u128::from(line.money.minor);
        }
        self.count_turnover(line);
        match line.kind {
            Kind::Customer | Kind::Institution => {
                self.customer_and_institution += 1;
                self.urgent += u64::from(line.priority == Priority::Urgent);
            }
            Kind::Pvp { group } if group != line.sequence => return,
            Kind::Pvp { .. }
            | Kind::Conversion(_)
            | Kind::Initiation
            | Kind::Return(_)
            | Kind::Recall(_)
            | Kind::Verification => {}
        }
        if line.kind.is_fresh_payment() {
            self.count_ticket(line);
        }
    }

    fn count_turnover(&mut self, line: &Planned) {
        let debited = match line.kind {
            Kind::Conversion(conversion) => conversion.source,
            Kind::Customer | Kind::Institution | Kind::Pvp { .. } | Kind::Initiation | Kind::Return(_) => line.money,
            Kind::Recall(_) | Kind::Verification => return,
        };
        let width = self.options.currencies.len();
        let place = |bank: BankIndex, money: Money| bank.at() * width + money.currency.at();
        if let Some((paid, _)) = self.turnover.get_mut(place(line.from, debited)) {
            *paid += u128::from(debited.minor);
        }
        if let Some((_, received)) = self.turnover.get_mut(place(line.to, line.money)) {
            *received += u128::from(line.money.minor);
        }
    }

    /// What each bank pays and is paid in each currency, where there is anything: a guide to funding.
    #[must_use]
    pub fn bank_flows(&self) -> Vec<BankFlow> {
        let mut flows = Vec::new();
        let width = self.options.currencies.len().max(1);
        for (bank, row) in (0..=u16::MAX).zip(self.turnover.chunks(width)) {
            for (currency, (paid, received)) in (0..=u8::MAX).zip(row) {
                if *paid + *received > 0 {
                    flows.push(BankFlow {
                        bank: BankIndex(bank),
                        currency: CurrencyIndex(currency),
                        paid: *paid,
                        received: *received,
                    });
                }
            }
        }
        flows
    }

    /// Liquidity that lets a day like this settle in good part: for each bank and currency so many per mille of what it pays more than it is paid
    /// by the end of the day, plus a fiftieth of what it pays to get through the hours before it is paid. Minor units.
    #[must_use]
    pub fn suggested_funding(&self, per_mille: u32) -> Vec<(BankIndex, Money)> {
        let mut funding = Vec::new();
        for flow in self.bank_flows() {
            let shortfall = flow.paid.saturating_sub(flow.received) * u128::from(per_mille) / 1_000;
            let minor = u64::try_from(shortfall + flow.paid / 50).unwrap_or(u64::MAX);
            if minor > 0 {
                let currency = flow.currency;
                funding.push((flow.bank, Money { currency, minor }));
            }
        }
        funding
    }

    fn count_ticket(&mut self, line: &Planned) {
        self.tickets += 1;
        self.small += u64::from(line.ticket_eur_cents < SMALL_EUR_CENTS);
        self.large += u64::from(line.ticket_eur_cents > LARGE_EUR_CENTS);
        self.value_eur_cents += u128::from(line.ticket_eur_cents);
        if let Some(class) = self.histogram.get_mut(class_of(line.ticket_eur_cents)) {
            *class += 1;
        }
        let country = |bank: BankIndex| {
            let code = self.options.banks.get(bank.at())?.country;
            self.options.countries.iter().position(|c| c.code == code)
        };
        if let (Some(payer), Some(payee)) = (country(line.from), country(line.to)) {
            self.pairs[payer * self.options.countries.len() + payee] += 1;
        }
    }

    /// Median ticket, euro cents; 0 when there is none.
    #[must_use]
    pub fn median_eur_cents(&self) -> u64 {
        let mut seen = 0;
        for (class, count) in self.histogram.iter().enumerate() {
            seen += count;
            if *count > 0 && seen * 2 >= self.tickets {
                return value_of(class);
            }
        }
        0
    }

    /// Share below 50,000 EUR, per mille.
    #[must_use]
    pub fn small_per_mille(&self) -> u64 {
        per(1_000, self.small, self.tickets)
    }

    /// Share above 1 million EUR, per mille.
    #[must_use]
    pub fn large_per_mille(&self) -> u64 {
        per(1_000, self.large, self.tickets)
    }

    /// Share of urgent payments, per mille.
    #[must_use]
    pub fn urgent_per_mille(&self) -> u64 {
        per(1_000, self.urgent, self.customer_and_institution)
    }

    /// Each pair of countries, target against achieved, the largest first.
    #[must_use]
    pub fn pair_shares(&self) -> Vec<PairShare> {
        let options = self.options;
        let place = |code: CountryCode| options.countries.iter().position(|c| c.code == code);
        let mut shares = Vec::new();
        let total: u64 = options.flows.iter().map(|flow| flow.usd_thousand).sum();
        for flow in &options.flows {
            let (Some(payer), Some(payee)) = (place(flow.importer), place(flow.exporter)) else {
                continue;
            };
            let count = self.pairs.get(payer * options.countries.len() + payee).copied().unwrap_or(0);
            shares.push(PairShare {
                payer: flow.importer,
                payee: flow.exporter,
                target_ppm: per(1_000_000, flow.usd_thousand, total),
                achieved_ppm: per(1_000_000, count, self.tickets),
                count,
            });
        }
        shares.sort_by_key(|share| std::cmp::Reverse((share.target_ppm, share.count)));
        shares
    }
}

fn per(parts: u64, share: u64, whole: u64) -> u64 {
    let scaled = u128::from(share) * u128::from(parts) + u128::from(whole) / 2;
    u64::try_from(scaled / u128::from(whole.max(1))).unwrap_or(u64::MAX)
}

/// The octave in the high bits, its 256 equal parts in the low ones; small numbers have a class of their own.
fn class_of(value: u64) -> usize {
    let octave = value.max(1).ilog2();
    let class = if octave < CLASS_BITS {
        value
    } else {
        let part = (value >> (octave - CLASS_BITS)) - (1 << CLASS_BITS);
        (u64::from(octave) << CLASS_BITS) + part
    };
    usize::try_from(class).unwrap_or(0)
}

/// The middle of a class.
fn value_of(class: usize) -> u64 {
    let class = u64::try_from(class).unwrap_or(0);
    let octave = u32::try_from(class >> CLASS_BITS).unwrap_or(0);
    if octave < CLASS_BITS {
        return class;
    }
    let part = class & ((1 << CLASS_BITS) - 1);
    let width = 1_u64 << (octave - CLASS_BITS);
    ((1 << CLASS_BITS) + part) * width + width / 2
}

impl fmt::Display for SelfCheck<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tickets = self.options.tickets;
        writeln!(f, "{:<28}{:>14}{:>14}", "measure", "target", "achieved")?;
        let mut row = |name: &str, target: u64, achieved: u64| writeln!(f, "{name:<28}{target:>14}{achieved:>14}");
        row("lines", self.options.payments, self.lines)?;
        row("median ticket, EUR", tickets.median_eur_cents / 100, self.median_eur_cents() / 100)?;
        row("below 50,000 EUR, per mille", SMALL_TARGET_PER_MILLE, self.small_per_mille())?;
        row("above 1 m EUR, per mille", LARGE_TARGET_PER_MILLE, self.large_per_mille())?;
        row("urgent, per mille", u64::from(self.options.mix.urgent), self.urgent_per_mille())?;
        writeln!(f, "value, EUR {}", self.value_eur_cents / 100)?;
        writeln!(f, "\npair share, parts per million")?;
        for share in self.pair_shares() {
            writeln!(f, "{:?} pays {:?}{:>32}{:>14}", share.payer, share.payee, share.target_ppm, share.achieved_ppm)?;
        }
        writeln!(f, "\nkind")?;
        for (name, count) in Kind::NAMES.iter().zip(&self.kinds) {
            writeln!(f, "{name:<42}{count:>14}")?;
        }
        writeln!(f, "\nbad on purpose")?;
        for (kind, count) in FlawKind::ALL.iter().zip(&self.flaws) {
            writeln!(f, "{:<42}{count:>14}", kind.name())?;
        }
        Ok(())
    }
}
