//! Set-off of obligations in several currencies, with conversion capped by consent.
//!
//! Each party may set off what it is owed in one currency against what it owes in another, at one vector of fixing
//! rates and up to what it consented to. Finding the most that clears is one maximum-value circulation; conversions are
//! transfers between a party's own accounts, so nobody, and least of all an operator, takes an open position. Amounts
//! are then turned into whole minor units: per obligation never more than is owed, per currency summing to zero exactly,
//! and per party leaving a residue below one minor unit of each of its currencies. [`solve`] computes, [`check`] proves
//! from the obligations alone. The model and the proofs are in `docs/clearing/currencies.md`.
//!
//! Absent on purpose: names, files, dates, spreads and fees of conversion, and who books the residue.

mod check;
mod network;
mod rates;
mod round;
mod solve;
mod table;

use alloc::vec::Vec;
use core::fmt;

pub use check::{Flaw, Proof, check};
pub use rates::{CURRENCY_COUNT_MAX, Fault, RATIO_PART_MAX, Rates, Ratio, WORTH_MAX};
pub use solve::solve;
pub use table::{Exchange, Row, Table, exchanges, table};

/// Most obligations, parties, or nodes of one problem.
pub const COUNT_MAX: usize = 1 << 28;

/// Largest sum of all obligations in units of account: products with potentials stay within 128 bits.
pub const GROSS_MAX: i128 = 1 << 90;

/// Largest sum of all amounts in minor units, whatever their currencies: a circulation has room for them.
pub const AMOUNTS_MAX: i128 = 1 << 60;

/// Sums of flow have at most so many bits: a circulation has room for them four times.
const FLOW_BITS: u32 = 59;

/// Flow is counted in units of account times two to this power.
const fn shift(gross: i128) -> u32 {
    (i128::BITS - gross.leading_zeros()).saturating_sub(FLOW_BITS)
}

/// `debtor` owes `creditor` an amount of one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Obligation {
    /// Who owes, an index below the number of parties.
    pub debtor: u32,
    /// Who is owed; must differ from `debtor`.
    pub creditor: u32,
    /// Which currency, an index into the rates.
    pub currency: u32,
    /// Minor units of that currency, above zero. Parallel obligations are normal.
    pub amount: i64,
}

/// How much of its claims a party lets be converted into other currencies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Consent {
    /// Nothing: each currency is set off for itself.
    Nothing,
    /// Basis points (0 to 10,000) of its own turnover; see [`turnover`].
    Share(u16),
    /// Units of account, not negative.
    Amount(i64),
    /// As much as clears.
    Unlimited,
}

/// The consent of one party, in place of the general one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PartyConsent {
    /// Which party; at most once.
    pub party: u32,
    /// What it consents to, over all its currencies.
    pub consent: Consent,
}

/// A limit of one party for one currency, besides its consent over all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CurrencyConsent {
    /// Which party.
    pub party: u32,
    /// Which currency; at most once per party.
    pub currency: u32,
    /// Most minor units given up, and most minor units received, by conversion; not negative.
    pub amount: i64,
}

/// What is to be cleared, borrowed.
#[derive(Clone, Copy, Debug)]
pub struct Problem<'a> {
    /// Parties are `0..parties`.
    pub parties: u32,
    /// Worth of the currencies `0..rates.count()`.
    pub rates: &'a Rates,
    /// All obligations; results name them by position. Among parallel ones the earlier is cleared first.
    pub obligations: &'a [Obligation],
    /// Consent of every party not named in `party_consent`.
    pub consent: Consent,
    /// Parties with a consent of their own.
    pub party_consent: &'a [PartyConsent],
    /// Limits per party and currency.
    pub currency_consent: &'a [CurrencyConsent],
    /// Most that may pass through the residue account, in units of account; `None` leaves only the natural limit of less
    /// than one minor unit per party and currency (see `docs/clearing/currencies.md` for sums beyond 2^59 units).
    pub residue_limit: Option<i64>,
}

/// What a party gives up or receives of one currency by conversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Leg {
    /// Which party.
    pub party: u32,
    /// Which currency.
    pub currency: u32,
    /// Minor units, not zero: above zero the party gives up claims, below zero it is freed of debts.
    pub amount: i64,
}

/// What is left over for one party because money has a smallest unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Residue {
    /// Which party.
    pub party: u32,
    /// Units of account, not zero: above zero the residue account owes the party, below zero the party owes it.
    pub value: i128,
}

/// The dual certificate: one integer per (party, currency) that occurs, and two per party.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Certificate {
    /// Nodes in order of (party, currency).
    pub nodes: Vec<Node>,
    /// Per party, where claims enter the conversion and where they leave it.
    pub hubs: Vec<Hub>,
}

/// Potential of one (party, currency).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Node {
    /// Which party.
    pub party: u32,
    /// Which currency.
    pub currency: u32,
    /// The potential.
    pub potential: i64,
}

/// Potentials of one party's conversion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Hub {
    /// On the side where claims are given up.
    pub enter: i64,
    /// On the side where debts are paid.
    pub leave: i64,
}

/// The answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clearing {
    /// Minor units cleared of each obligation.
    pub cleared: Vec<i64>,
    /// Conversions in order of (party, currency); per currency they sum to zero.
    pub legs: Vec<Leg>,
    /// Residues in order of parties; they sum to zero.
    pub residues: Vec<Residue>,
    /// Sum of all obligations, units of account.
    pub gross: i128,
    /// Sum cleared, units of account.
    pub value: i128,
    /// No set-off within the consents clears more, units of account.
    pub bound: i128,
    /// What proves the bound.
    pub certificate: Certificate,
}

impl Clearing {
    /// What whole minor units may have cost at most: bound minus value.
    #[must_use]
    pub const fn gap(&self) -> i128 {
        self.bound - self.value
    }

    /// What passes through the residue account, units of account: the sum of what it owes, which equals what it is owed.
    #[must_use]
    pub fn residue(&self) -> i128 {
        self.residues.iter().map(|residue| residue.value.max(0)).sum()
    }
}

/// Why a problem is refused; indices are positions in the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are explained by the error texts")]
pub enum Invalid {
    /// More parties or obligations than [`COUNT_MAX`].
    TooMany { what: &'static str, count: usize },
    /// An obligation names a party that does not exist.
    Party { obligation: usize, party: u32, parties: u32 },
    /// An obligation names a currency without a rate.
    Currency { obligation: usize, currency: u32, currencies: usize },
    /// A party owes itself.
    ToSelf { obligation: usize, party: u32 },
    /// An amount is zero or negative.
    Amount { obligation: usize, amount: i64 },
    /// All amounts together exceed [`AMOUNTS_MAX`] minor units.
    Amounts { sum: i128 },
    /// All obligations together exceed [`GROSS_MAX`] units of account.
    Gross { gross: i128 },
    /// A consent is negative or above the whole.
    Consent { party: Option<u32>, consent: Consent },
    /// A consent names a party that does not exist.
    ConsentParty { party: u32, parties: u32 },
    /// A consent names a currency without a rate, or a negative amount.
    CurrencyConsent { consent: CurrencyConsent },
    /// A party, or a party and currency, has two consents.
    Twice { party: u32, currency: Option<u32> },
    /// Rounding needs more than the residue account may carry.
    Residue { residue: i128, limit: i64 },
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::TooMany { what, count } => write!(f, "{count} {what} exceed the limit of {COUNT_MAX}"),
            Self::Party { obligation, party, parties } => {
                write!(f, "obligation {obligation} names party {party}, there are {parties}")
            }
            Self::Currency { obligation, currency, currencies } => {
                write!(f, "obligation {obligation} names currency {currency}, there are rates for {currencies}")
            }
            Self::ToSelf { obligation, party } => {
                write!(f, "obligation {obligation} is owed by party {party} to itself")
            }
            Self::Amount { obligation, amount } => {
                write!(f, "amount {amount} of obligation {obligation} is not above 0")
            }
            Self::Amounts { sum } => {
                write!(f, "amounts of {sum} minor units together exceed the limit of {AMOUNTS_MAX}")
            }
            Self::Gross { gross } => {
                write!(f, "obligations of {gross} units of account exceed the limit of {GROSS_MAX}; use coarser rates")
            }
            Self::Consent { party: None, consent } => write!(f, "general consent {consent:?} is out of range"),
            Self::Consent { party: Some(party), consent } => {
                write!(f, "consent {consent:?} of party {party} is out of range")
            }
            Self::ConsentParty { party, parties } => {
                write!(f, "a consent names party {party}, there are {parties}")
            }
            Self::CurrencyConsent { consent: CurrencyConsent { party, currency, amount } } => {
                write!(f, "consent of party {party} to {amount} of currency {currency} is out of range")
            }
            Self::Twice { party, currency: None } => write!(f, "party {party} has two consents"),
            Self::Twice { party, currency: Some(currency) } => {
                write!(f, "party {party} has two consents for currency {currency}")
            }
            Self::Residue { residue, limit } => {
                write!(f, "rounding needs {residue} units of account, the residue account may carry {limit}")
            }
        }
    }
}

impl core::error::Error for Invalid {}

impl Problem<'_> {
    /// Checks every index, amount and consent.
    ///
    /// # Errors
    /// The first [`Invalid`] found: counts, obligations in order, their sums, consents in order.
    pub fn validate(&self) -> Result<(), Invalid> {
        for (what, count) in [("parties", crate::at(self.parties)), ("obligations", self.obligations.len())] {
            if count > COUNT_MAX {
                return Err(Invalid::TooMany { what, count });
            }
        }
        let worth = self.rates.worth();
        let (mut sum, mut gross) = (0, 0);
        for (obligation, &Obligation { debtor, creditor, currency, amount }) in self.obligations.iter().enumerate() {
            if let Some(party) = [debtor, creditor].into_iter().find(|party| *party >= self.parties) {
                return Err(Invalid::Party { obligation, party, parties: self.parties });
            }
            let Some(worth) = worth.get(crate::at(currency)) else {
                return Err(Invalid::Currency { obligation, currency, currencies: worth.len() });
            };
            if debtor == creditor {
                return Err(Invalid::ToSelf { obligation, party: debtor });
            }
            if amount <= 0 {
                return Err(Invalid::Amount { obligation, amount });
            }
            sum += i128::from(amount);
            gross += i128::from(amount) * i128::from(*worth);
        }
        if sum > AMOUNTS_MAX {
            return Err(Invalid::Amounts { sum });
        }
        if gross > GROSS_MAX {
            return Err(Invalid::Gross { gross });
        }
        self.validate_consents()
    }

    fn validate_consents(&self) -> Result<(), Invalid> {
        let fits = |consent: Consent| match consent {
            Consent::Nothing | Consent::Unlimited => true,
            Consent::Share(bp) => bp <= 10_000,
            Consent::Amount(amount) => amount >= 0,
        };
        if !fits(self.consent) {
            return Err(Invalid::Consent { party: None, consent: self.consent });
        }
        for &PartyConsent { party, consent } in self.party_consent {
            if party >= self.parties {
                return Err(Invalid::ConsentParty { party, parties: self.parties });
            }
            if !fits(consent) {
                return Err(Invalid::Consent { party: Some(party), consent });
            }
        }
        for consent in self.currency_consent {
            if consent.party >= self.parties {
                return Err(Invalid::ConsentParty { party: consent.party, parties: self.parties });
            }
            if crate::at(consent.currency) >= self.rates.count() || consent.amount < 0 {
                return Err(Invalid::CurrencyConsent { consent: *consent });
            }
        }
        let mut parties: Vec<u32> = self.party_consent.iter().map(|consent| consent.party).collect();
        parties.sort_unstable();
        if let Some(twice) = parties.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(Invalid::Twice { party: twice[0], currency: None });
        }
        let mut limits: Vec<(u32, u32)> =
            self.currency_consent.iter().map(|consent| (consent.party, consent.currency)).collect();
        limits.sort_unstable();
        if let Some(twice) = limits.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(Invalid::Twice { party: twice[0].0, currency: Some(twice[0].1) });
        }
        Ok(())
    }
}

/// A party's own turnover in units of account, what it owes and what it is owed together: the base of
/// [`Consent::Share`].
#[must_use]
pub const fn turnover(payable: i128, receivable: i128) -> i128 {
    payable + receivable
}

impl Consent {
    /// The most a party with this turnover lets be converted, units of account.
    #[must_use]
    pub fn cap(self, turnover: i128) -> i128 {
        match self {
            Self::Nothing => 0,
            Self::Share(bp) => turnover * i128::from(bp) / 10_000,
            Self::Amount(amount) => i128::from(amount),
            Self::Unlimited => GROSS_MAX,
        }
    }
}
