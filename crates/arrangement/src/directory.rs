//! Names to identifiers: the same lists that set-up follows, turned into look-ups for the gateway and the day runner.
//!
//! The ledger gives identifiers in the order things are added, so they are known before it answers. Adding a currency
//! makes two internal accounts first; settlement accounts follow in the order of participants and their currencies.
//! Absent on purpose: anything that changes; what is added after activation is in the ledger's events.

use std::collections::BTreeMap;

use comity_ledger::ids::{AccountId, ActorId, AuthorityId, CurrencyId, ParticipantId};
use comity_ledger::role::{Roles, Scope};

use crate::code::{Bic, Country, CurrencyCode};
use crate::model::{Actor, Authority, Currency, Participant};

/// The node's own timer, which exists from the start: ticks, due phases, scheduled runs and set-up itself.
pub const SYSTEM: ActorId = ActorId(0);
/// The operator.
pub const OPERATOR: ActorId = ActorId(1);
/// Approves what the operator proposes.
pub const OPERATIONS_MANAGER: ActorId = ActorId(2);
/// Proposes limits, credit and participants.
pub const FINANCE_MAKER: ActorId = ActorId(3);
/// Approves what the finance maker proposes.
pub const FINANCE_CHECKER: ActorId = ActorId(4);
/// Gives roles.
pub const SECURITY_ADMIN: ActorId = ActorId(5);
/// Reads and verifies.
pub const AUDITOR: ActorId = ActorId(6);

/// The operator's people every arrangement has, after [`SYSTEM`], in the order of their identifiers.
const OPERATORS: [(&str, Roles); 6] = [
    ("operator", Roles::OPERATOR),
    ("operations-manager", Roles::OPERATIONS_MANAGER),
    ("finance-maker", Roles::FINANCE_MAKER),
    ("finance-checker", Roles::FINANCE_CHECKER),
    ("security-admin", Roles::SECURITY_ADMIN),
    ("auditor", Roles::AUDITOR),
];

/// An authority's two people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuthorityActors {
    /// Enters and proposes; `COUNTRY-maker`.
    pub maker: ActorId,
    /// Approves; `COUNTRY-checker`.
    pub checker: ActorId,
}

/// A bank's channel and two people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BankActors {
    /// Straight-through messages; `BIC-channel`.
    pub channel: ActorId,
    /// Enters and proposes by hand; `BIC-maker`.
    pub maker: ActorId,
    /// Approves; `BIC-checker`.
    pub checker: ActorId,
}

/// The two internal accounts of a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InternalAccounts {
    /// Stands for the money outside.
    pub outside: AccountId,
    /// Owns what rounding leaves over.
    pub remainder: AccountId,
}

/// Through which account a participant settles in a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settles {
    /// The account: its own, or its sponsor's.
    pub account: AccountId,
    /// What an instruction says in `debtor_for` or `creditor_for`: the sponsored participant, or none.
    pub acts_for: ParticipantId,
}

/// Who owns an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// One of the two internal accounts of a currency.
    Internal,
    /// A direct participant.
    Participant(ParticipantId),
}

/// Names to identifiers, and back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Directory {
    authorities: BTreeMap<Country, AuthorityId>,
    currencies: BTreeMap<CurrencyCode, CurrencyId>,
    participants: BTreeMap<Bic, ParticipantId>,
    settles: BTreeMap<(ParticipantId, CurrencyId), Settles>,
    accounts: Vec<(Owner, CurrencyId)>,
    actors: Vec<Actor>,
    actor_names: BTreeMap<String, ActorId>,
    authorities_len: u32,
    participants_len: u32,
}

/// The identifier of the next thing in a list. Files are bounded far below the range of identifiers.
pub(crate) fn index(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

impl Directory {
    /// Gives everything its identifier, in the order of the lists.
    pub(crate) fn build(authorities: &[Authority], currencies: &[Currency], participants: &[Participant]) -> Self {
        let mut out = Self {
            authorities_len: index(authorities.len()),
            participants_len: index(participants.len()),
            ..Self::default()
        };
        for (at, authority) in authorities.iter().enumerate() {
            out.authorities.entry(authority.country).or_insert(AuthorityId(index(at)));
        }
        for (at, currency) in currencies.iter().enumerate() {
            let id = CurrencyId(index(at));
            out.currencies.entry(currency.code).or_insert(id);
            out.accounts.push((Owner::Internal, id));
            out.accounts.push((Owner::Internal, id));
        }
        out.open_accounts(participants);
        out.name_actors(authorities, participants);
        out
    }

    fn open_accounts(&mut self, participants: &[Participant]) {
        for (at, participant) in participants.iter().enumerate() {
            let id = ParticipantId(index(at));
            self.participants.entry(participant.bic).or_insert(id);
            for currency in &participant.currencies {
                let settles = match participant.sponsor {
                    None => {
                        let account = AccountId(index(self.accounts.len()));
                        self.accounts.push((Owner::Participant(id), *currency));
                        Some(Settles { account, acts_for: ParticipantId::NONE })
                    }
                    // Direct participants come first, so the sponsor's accounts are open already.
                    Some(sponsor) => self
                        .settles
                        .get(&(sponsor, *currency))
                        .map(|through| Settles { account: through.account, acts_for: id }),
                };
                if let Some(settles) = settles {
                    self.settles.insert((id, *currency), settles);
                }
            }
        }
    }

    fn name_actors(&mut self, authorities: &[Authority], participants: &[Participant]) {
        self.add_actor("system".to_owned(), Scope::Operator, Roles::SYSTEM);
        for (name, roles) in OPERATORS {
            self.add_actor(name.to_owned(), Scope::Operator, roles);
        }
        for (at, authority) in authorities.iter().enumerate() {
            let scope = Scope::Authority(AuthorityId(index(at)));
            let country = authority.country;
            self.add_actor(format!("{country}-maker"), scope, Roles::AUTHORITY_MAKER);
            self.add_actor(format!("{country}-checker"), scope, Roles::AUTHORITY_CHECKER);
        }
        for (at, participant) in participants.iter().enumerate() {
            let scope = Scope::Participant(ParticipantId(index(at)));
            let bic = participant.bic;
            self.add_actor(format!("{bic}-channel"), scope, Roles::CHANNEL);
            self.add_actor(format!("{bic}-maker"), scope, Roles::BANK_MAKER);
            self.add_actor(format!("{bic}-checker"), scope, Roles::BANK_CHECKER);
        }
    }

    /// Gives somebody the next identifier; names are unique.
    pub(crate) fn add_actor(&mut self, name: String, scope: Scope, roles: Roles) {
        let id = ActorId(index(self.actors.len()));
        self.actor_names.entry(name.clone()).or_insert(id);
        self.actors.push(Actor { name, scope, roles });
    }

    /// The authority of a country.
    #[must_use]
    pub fn authority(&self, country: Country) -> Option<AuthorityId> {
        self.authorities.get(&country).copied()
    }

    /// The currency of a code.
    #[must_use]
    pub fn currency(&self, code: CurrencyCode) -> Option<CurrencyId> {
        self.currencies.get(&code).copied()
    }

    /// The participant of a BIC.
    #[must_use]
    pub fn participant(&self, bic: Bic) -> Option<ParticipantId> {
        self.participants.get(&bic).copied()
    }

    /// The account a participant settles through in a currency: its own, or its sponsor's.
    #[must_use]
    pub fn settles(&self, participant: ParticipantId, currency: CurrencyId) -> Option<Settles> {
        self.settles.get(&(participant, currency)).copied()
    }

    /// The participant's own account in a currency; none for a sponsored participant.
    #[must_use]
    pub fn account(&self, participant: ParticipantId, currency: CurrencyId) -> Option<AccountId> {
        self.settles(participant, currency).filter(|settles| !settles.acts_for.is_some()).map(|settles| settles.account)
    }

    /// Owner and currency of an account.
    #[must_use]
    pub fn owner(&self, account: AccountId) -> Option<(Owner, CurrencyId)> {
        self.accounts.get(account.at()).copied()
    }

    /// How many accounts there are, internal ones included.
    #[must_use]
    pub fn accounts_len(&self) -> usize {
        self.accounts.len()
    }

    /// The participants' accounts with their owner and currency, in the order of their identifiers.
    pub fn participant_accounts(&self) -> impl Iterator<Item = (AccountId, ParticipantId, CurrencyId)> {
        self.accounts.iter().enumerate().filter_map(|(at, (owner, currency))| match owner {
            Owner::Internal => None,
            Owner::Participant(id) => Some((AccountId(index(at)), *id, *currency)),
        })
    }

    /// The internal accounts of a currency.
    #[must_use]
    pub fn internal(&self, currency: CurrencyId) -> Option<InternalAccounts> {
        let outside = AccountId(currency.0.checked_mul(2)?);
        let remainder = AccountId(outside.0.checked_add(1)?);
        let (owner, of) = self.owner(remainder)?;
        (owner == Owner::Internal && of == currency).then_some(InternalAccounts { outside, remainder })
    }

    /// The people of an authority.
    #[must_use]
    pub fn authority_actors(&self, authority: AuthorityId) -> Option<AuthorityActors> {
        let first = 1 + index(OPERATORS.len()) + authority.0.checked_mul(2)?;
        (authority.0 < self.authorities_len)
            .then_some(AuthorityActors { maker: ActorId(first), checker: ActorId(first + 1) })
    }

    /// The channel and people of a participant.
    #[must_use]
    pub fn bank_actors(&self, participant: ParticipantId) -> Option<BankActors> {
        if participant.0 >= self.participants_len {
            return None;
        }
        let first = 1 + index(OPERATORS.len()) + self.authorities_len * 2 + participant.0 * 3;
        Some(BankActors { channel: ActorId(first), maker: ActorId(first + 1), checker: ActorId(first + 2) })
    }

    /// An actor by name.
    #[must_use]
    pub fn actor(&self, name: &str) -> Option<ActorId> {
        self.actor_names.get(name).copied()
    }

    /// All actors by [`ActorId`], [`SYSTEM`] first.
    #[must_use]
    pub fn actors(&self) -> &[Actor] {
        &self.actors
    }
}
