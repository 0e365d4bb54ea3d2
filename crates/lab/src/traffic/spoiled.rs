//! The deliberately bad lines of the stream: which is due, and how a good line is made bad.

use super::flaw::{Flaw, FlawKind};
use super::generate::{REACTION_MIN, TRIES_MAX, Traffic};
use super::market::{convert, in_currency, index_of};
use super::options::{CountryCode, CurrencyIndex, Options, PairRate};
use super::planned::{BankIndex, Kind, Original, Planned};

impl Traffic<'_> {
    /// The kind of flaw that is due: they are spread evenly over the day and go through all kinds in turn.
    pub(super) fn due_flaw(&self) -> Option<FlawKind> {
        let (payments, flaws) = (self.options.payments, self.options.flaws);
        if self.flaws_made >= flaws || payments == 0 {
            return None;
        }
        // In the middle of its share of the day, so that there are earlier payments to refer to.
        let due_at = (2 * u128::from(self.flaws_made) + 1) * u128::from(payments) / (2 * u128::from(flaws));
        if u128::from(self.sequence) < due_at {
            return None;
        }
        let turn = usize::try_from(self.flaws_made).unwrap_or(0).checked_rem(self.flaw_kinds.len())?;
        self.flaw_kinds.get(turn).copied()
    }

    /// A line with this flaw. Where it cannot be made (no original yet, nobody suspended, no rate) the plain kind stands in its place.
    pub(super) fn flawed(&mut self, at: i64, minute: usize, kind: FlawKind) -> Option<Planned> {
        let mut line = if kind == FlawKind::RateMismatch {
            let mut line = (0..TRIES_MAX).find_map(|_| self.conversion(at, minute))?;
            self.spoil_rate(&mut line)?;
            line
        } else if kind == FlawKind::UnknownOriginal {
            self.return_of_nothing(at, minute)?
        } else if kind == FlawKind::IbanCheckDigits {
            self.fresh_where(at, minute, |this, line| this.has_iban(line.to))?
        } else if kind == FlawKind::WrongCurrency {
            self.fresh_where(at, minute, |this, line| this.not_held(line.from).is_some())?
        } else {
            self.fresh(at, minute, Kind::Customer)?
        };
        let mut flaw = Flaw { kind, original: None };
        match kind {
            FlawKind::UetrReused => {
                let original = self.take_original(at)?;
                line.uetr = original.uetr;
                line.from = original.from;
                line.to = original.to;
                line.money = original.money;
                flaw.original = Some(original);
            }
            FlawKind::WrongCurrency => {
                let foreign = self.not_held(line.from)?;
                line.money = in_currency(self.options, foreign, line.ticket_eur_cents);
            }
            FlawKind::PastValueDate => line.value_date -= 5,
            FlawKind::ZeroAmount => line.money.minor = 0,
            FlawKind::OverLimit => {
                line.ticket_eur_cents = self.options.over_limit_eur_cents;
                line.money = in_currency(self.options, line.money.currency, line.ticket_eur_cents);
            }
            FlawKind::Suspended => {
                let suspended = self.options.banks.iter().position(|bank| bank.suspended)?;
                line.to = BankIndex(u16::try_from(suspended).ok()?);
                let code = *self.options.banks.get(suspended)?.currencies.first()?;
                let currency = index_of(self.options, code)?;
                if !self.is_open(currency, at) {
                    return None;
                }
                line.from = self.market.draw_bank(self.country_of(line.from)?, currency, &mut self.rng)?;
                line.money = in_currency(self.options, currency, line.ticket_eur_cents);
            }
            FlawKind::WrongDecimals
            | FlawKind::UnknownAgent
            | FlawKind::UetrVersion
            | FlawKind::SentTwice
            | FlawKind::MissingElement
            | FlawKind::LeiCheckDigits
            | FlawKind::BicCountry
            | FlawKind::IbanCheckDigits
            | FlawKind::CountMismatch
            | FlawKind::ControlSumMismatch
            | FlawKind::Truncated
            | FlawKind::Doctype
            | FlawKind::NotUtf8
            | FlawKind::UnsupportedVersion
            | FlawKind::UnstructuredAddress
            | FlawKind::RateMismatch
            | FlawKind::UnknownOriginal => {}
        }
        line.flaw = Some(flaw);
        Some(line)
    }

    /// One per cent off the approved rate, with the settlement amount that belongs to the wrong rate: the message agrees with itself.
    fn spoil_rate(&self, line: &mut Planned) -> Option<()> {
        let Kind::Conversion(conversion) = &mut line.kind else {
            return None;
        };
        let source = self.options.currencies.get(conversion.source.currency.at())?;
        let target = self.options.currencies.get(line.money.currency.at())?;
        conversion.rate = (conversion.rate - conversion.rate / 100).max(1);
        let rate = PairRate {
            source: source.code,
            target: target.code,
            rate: conversion.rate,
            decimals: conversion.rate_decimals,
            provider: None,
        };
        line.money = convert(self.options, conversion.source, &rate)?;
        Some(())
    }

    /// A return whose original was never sent.
    fn return_of_nothing(&mut self, at: i64, minute: usize) -> Option<Planned> {
        let mut line = self.fresh(at, minute, Kind::Customer)?;
        let original = Original {
            sequence: u64::MAX,
            uetr: self.uetr(),
            at: at - REACTION_MIN,
            from: line.to,
            to: line.from,
            money: line.money,
            value_date: line.value_date,
        };
        line.kind = Kind::Return(original);
        line.ticket_eur_cents = 0;
        Some(line)
    }

    /// A customer payment with a property that some pairs have.
    fn fresh_where(&mut self, at: i64, minute: usize, fits: impl Fn(&Self, &Planned) -> bool) -> Option<Planned> {
        (0..64 * TRIES_MAX).find_map(|_| {
            let line = self.fresh(at, minute, Kind::Customer)?;
            fits(self, &line).then_some(line)
        })
    }

    /// A currency of the options in which the bank has no account.
    fn not_held(&self, bank: BankIndex) -> Option<CurrencyIndex> {
        (0..self.options.currencies.len())
            .filter_map(|at| u8::try_from(at).ok().map(CurrencyIndex))
            .find(|currency| !self.holds(bank, *currency))
    }

    fn has_iban(&self, bank: BankIndex) -> bool {
        self.options.banks.get(bank.at()).is_some_and(|bank| uses_iban(bank.country))
    }
}

/// Some flaws need a suspended bank, a rate, a bank without an account in some currency, or a country with IBANs.
pub(super) fn possible_flaws(options: &Options) -> Vec<FlawKind> {
    let active = || options.banks.iter().filter(|bank| !bank.suspended);
    let possible = |kind: &FlawKind| match kind {
        FlawKind::Suspended => options.banks.iter().any(|bank| bank.suspended),
        FlawKind::RateMismatch => !options.rates.is_empty(),
        FlawKind::OverLimit => options.over_limit_eur_cents > 0,
        FlawKind::WrongCurrency => {
            active().any(|bank| options.currencies.iter().any(|currency| !bank.currencies.contains(&currency.code)))
        }
        FlawKind::IbanCheckDigits => active().any(|bank| uses_iban(bank.country)),
        FlawKind::WrongDecimals
        | FlawKind::UnknownAgent
        | FlawKind::UetrVersion
        | FlawKind::UetrReused
        | FlawKind::SentTwice
        | FlawKind::MissingElement
        | FlawKind::PastValueDate
        | FlawKind::LeiCheckDigits
        | FlawKind::BicCountry
        | FlawKind::CountMismatch
        | FlawKind::ControlSumMismatch
        | FlawKind::Truncated
        | FlawKind::Doctype
        | FlawKind::NotUtf8
        | FlawKind::UnsupportedVersion
        | FlawKind::UnstructuredAddress
        | FlawKind::ZeroAmount
        | FlawKind::UnknownOriginal => true,
    };
    FlawKind::ALL.iter().copied().filter(possible).collect()
}

/// Countries of the example whose accounts have IBANs here; the others have numbers of their own.
pub(crate) fn uses_iban(country: CountryCode) -> bool {
    matches!(country.as_str(), "KZ" | "BY")
}
