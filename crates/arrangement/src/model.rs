//! An arrangement as a typed value: what the folder says, with every name resolved to the ledger's identifier.
//!
//! Identifiers are those the ledger will give, because set-up adds things in the order of these lists. Absent on
//! purpose: files and lines; whoever holds an [`Arrangement`] need not look at the folder again.

use comity_ledger::calendar::Calendar;
use comity_ledger::command::{
    Offsetting, Options, PairRef, PhaseRule, RateKind, RegisterCommitment, SetLimit, Unsettled,
};
use comity_ledger::ids::{AccountId, AuthorityId, CurrencyId, Day, ParticipantId};
use comity_ledger::rate::Rate;
use comity_ledger::role::{Roles, Scope};

use crate::code::{Bic, Country, CurrencyCode};
use crate::directory::Directory;
use crate::mistake::Mistake;
use crate::prices::Prices;
use crate::time::{LocalTime, Zone};
use crate::union::{Union, UnionOrder, UnitRateLine};

/// The agreed rulebook of a group, and the business days to run by it.
#[derive(Debug, Clone)]
pub struct Arrangement {
    /// Its name.
    pub name: String,
    /// Version of the rules, from 1.
    pub version: u32,
    /// First business date these rules are in force.
    pub effective: Day,
    /// BLAKE3 of the files the arrangement was read from.
    pub rules: [u8; 32],
    /// Seed of the ledger's look-up tables; from `rules` unless the file gives one.
    pub seed: u64,
    /// General rules.
    pub options: Options,
    /// Seconds between offsetting runs while payments settle; none when there is no schedule.
    pub offset_every_s: Option<u32>,
    /// When business days begin, and which.
    pub day: BusinessDay,
    /// Phases of the day, in order.
    pub phases: Vec<PhaseRule>,
    /// By [`AuthorityId`].
    pub authorities: Vec<Authority>,
    /// By [`CurrencyId`].
    pub currencies: Vec<Currency>,
    /// By [`ParticipantId`]: direct ones first, each group in the order of the file.
    pub participants: Vec<Participant>,
    /// Pairs that may be converted.
    pub pairs: Vec<Pair>,
    /// Terms of pairs, dealers and auctions.
    pub prices: Prices,
    /// Limits of accounts: those of the file, and the defaults where the file says nothing.
    pub limits: Vec<SetLimit>,
    /// Outside money brought in.
    pub funding: Vec<FundingLine>,
    /// Rates, in the order they are set.
    pub rates: Vec<RateLine>,
    /// Unions, by number.
    pub unions: Vec<Union>,
    /// What members' currencies are worth in the units of their unions.
    pub unit_rates: Vec<UnitRateLine>,
    /// What authorities do about positions and residuals.
    pub union_orders: Vec<UnionOrder>,
    /// Future commitments in force from the start, with their names.
    pub commitments: Vec<(String, RegisterCommitment)>,
    /// People besides those every arrangement has.
    pub actors: Vec<Actor>,
    /// Names to identifiers.
    pub directory: Directory,
    /// What is allowed but worth a second look.
    pub warnings: Vec<Mistake>,
}

/// When business days begin, and which are run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BusinessDay {
    /// First business date.
    pub date: Day,
    /// Local time at which the first phase begins.
    pub opens: LocalTime,
    /// On whose clock.
    pub zone: Zone,
    /// How many business dates are run, from 1.
    pub count: u32,
}

/// The issuer of currencies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// Its name, for people.
    pub name: String,
    /// Its country, unique in the arrangement.
    pub country: Country,
    /// Ed25519 public key that signs its checkpoints; `None` until [`Arrangement::set_public_key`].
    pub public_key: Option<[u8; 32]>,
}

/// A currency of the arrangement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Currency {
    /// ISO 4217 code.
    pub code: CurrencyCode,
    /// Digits after the point, 0 to 4.
    pub exponent: u8,
    /// Its issuer.
    pub authority: AuthorityId,
    /// Open and closed dates.
    pub calendar: Calendar,
    /// What happens at the end of the day to payments still waiting.
    pub unsettled: Unsettled,
    /// The last local time at which new payments are taken, if it has one, and on whose clock.
    pub cutoff: Option<(LocalTime, Zone)>,
    /// Its own offsetting rule; none means the arrangement's general one.
    pub offsetting: Option<Offsetting>,
    /// Seconds between offsetting runs of this currency alone, besides the general ones; none when there are none.
    pub offset_every_s: Option<u32>,
}

/// A bank that takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    /// Its BIC, unique in the arrangement.
    pub bic: Bic,
    /// Its name, for people.
    pub name: String,
    /// The authority of its home country.
    pub home: AuthorityId,
    /// The direct participant whose accounts it uses; none when it is direct.
    pub sponsor: Option<ParticipantId>,
    /// Currencies it takes part in, in the order of the arrangement.
    pub currencies: Vec<CurrencyId>,
    /// Currencies in which it consents that its queue is settled out of order.
    pub bypass: Vec<CurrencyId>,
}

/// Two currencies that may be converted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// Units of quote for one unit of base.
    pub pair: PairRef,
    /// Largest change from the previous rate that needs no release, basis points.
    pub gate_bps: u32,
    /// Whose accounts take one currency and give the other.
    pub provider: ParticipantId,
}

/// Outside money brought in for an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FundingLine {
    /// The settlement account.
    pub account: AccountId,
    /// Its currency.
    pub currency: CurrencyId,
    /// Minor units, more than zero.
    pub amount: i64,
    /// Local time on the clock of the business day; none means when the first phase that allows funding begins.
    pub at: Option<LocalTime>,
    /// Reference of the transfer in the outside system.
    pub reference: String,
    /// The only business date it is for; none means every date.
    pub date: Option<Day>,
}

/// A rate and who approves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateLine {
    /// The pair, in the order it was set.
    pub pair: PairRef,
    /// Units of quote for one unit of base.
    pub rate: Rate,
    /// Who published it.
    pub source: String,
    /// What kind of rate.
    pub kind: RateKind,
    /// Authorities that approve; the others of the pair stay silent, which blocks it.
    pub approvals: Vec<AuthorityId>,
    /// Whether two people release it when the deviation gate holds it.
    pub release: bool,
    /// The only business date it is for; none means every date.
    pub date: Option<Day>,
}

/// Somebody who may send commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Login or channel name, unique.
    pub name: String,
    /// For whom it acts.
    pub scope: Scope,
    /// What it may do.
    pub roles: Roles,
}

impl Arrangement {
    /// The authorities whose currencies make up a pair: two, or one when it issues both.
    #[must_use]
    pub fn authorities_of(&self, pair: PairRef) -> Vec<AuthorityId> {
        let mut out: Vec<AuthorityId> = [pair.base, pair.quote]
            .iter()
            .filter_map(|currency| self.currencies.get(currency.at()))
            .map(|currency| currency.authority)
            .collect();
        out.dedup();
        out
    }

    /// Whether any currency of the arrangement is open on a date.
    #[must_use]
    pub fn is_open(&self, day: Day) -> bool {
        self.currencies.iter().any(|currency| currency.calendar.is_open(day))
    }

    /// The business dates to run: the first date, then the next dates on which any currency is open.
    #[must_use]
    pub fn dates(&self) -> Vec<Day> {
        /// Looking farther than this for an open date means there is none.
        const CLOSED_RUN_MAX: u32 = 400;
        let mut out = vec![self.day.date];
        let mut day = self.day.date;
        let mut closed = 0;
        while out.len() < self.day.count as usize && closed < CLOSED_RUN_MAX {
            day = day.next();
            if self.is_open(day) {
                out.push(day);
                closed = 0;
            } else {
                closed += 1;
            }
        }
        out
    }

    /// Countries whose authority has no public key yet.
    #[must_use]
    pub fn keys_missing(&self) -> Vec<Country> {
        self.authorities
            .iter()
            .filter(|authority| authority.public_key.is_none())
            .map(|authority| authority.country)
            .collect()
    }

    /// Gives an authority its public key; false when no authority has that country.
    pub fn set_public_key(&mut self, country: Country, public_key: [u8; 32]) -> bool {
        let found = self.authorities.iter_mut().find(|authority| authority.country == country);
        match found {
            Some(authority) => {
                authority.public_key = Some(public_key);
                true
            }
            None => false,
        }
    }
}
