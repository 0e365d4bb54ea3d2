//! Who is who: from the words of a message to the identifiers of the ledger.
//!
//! Built from a state and then read by many threads at once; every look-up is one step into a flat table. Absent on
//! purpose: balances and limits; they change with every entry and only the ledger looks at them.

use comity_iso20022::currency::CurrencyCode;
use comity_iso20022::ident::Bic;
use comity_ledger::State;
use comity_ledger::command::PairRef;
use comity_ledger::ids::{AccountId, ActorId, AuthorityId, CurrencyId, ParticipantId};
use comity_ledger::rate::Rate;
use comity_ledger::role::{Roles, Scope};

/// What the gateway knows of one participant.
#[derive(Debug, Clone)]
pub struct Member {
    /// Its BIC, eleven characters.
    pub bic: Bic,
    /// Its sponsor; `NONE` for a direct participant.
    pub sponsor: ParticipantId,
    /// The authority of its home country.
    pub authority: AuthorityId,
    /// ISO 3166 code of its home country.
    pub country: [u8; 2],
    /// The actor of its straight-through channel, if it has one.
    pub channel: Option<ActorId>,
}

/// The account that settles for a participant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settles {
    /// Its own account, or its sponsor's.
    pub account: AccountId,
    /// The participant itself when the account is its sponsor's; `NONE` when the account is its own.
    pub acts_for: ParticipantId,
}

/// A convertible pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownPair {
    /// The pair, in its own order.
    pub pair: PairRef,
    /// The rate approved when the directory was last refreshed.
    pub approved: Option<Rate>,
}

/// Everything a message can name.
#[derive(Debug, Clone)]
pub struct Directory {
    members: Vec<Member>,
    /// Open addressing over indices of `members`; `FREE` marks an empty slot.
    slots: Vec<u32>,
    /// Participant by currency: the account as raw index, `FREE` where there is none.
    accounts: Vec<u32>,
    currencies: Vec<(CurrencyCode, u8)>,
    /// One slot for each possible ISO 4217 code.
    by_code: Vec<u16>,
    pairs: Vec<KnownPair>,
}

const FREE: u32 = u32::MAX;
const NO_CURRENCY: u16 = u16::MAX;
const CODES: usize = 26 * 26 * 26;

impl Directory {
    /// Reads the participants, accounts, channels, currencies and pairs of a state.
    #[must_use]
    pub fn from_state(state: &State) -> Self {
        let mut members: Vec<Member> = state
            .participants
            .iter()
            .map(|participant| Member {
                bic: bic_of(&participant.bic),
                sponsor: participant.sponsor,
                authority: participant.authority,
                country: state
                    .authorities
                    .get(participant.authority.at())
                    .map_or(*b"ZZ", |authority| authority.country),
                channel: None,
            })
            .collect();
        for (at, actor) in state.actors.iter().enumerate() {
            if let Scope::Participant(owner) = actor.scope
                && actor.roles.any(Roles::CHANNEL)
                && let Some(member) = members.get_mut(owner.at())
                && let Ok(id) = u32::try_from(at)
            {
                member.channel.get_or_insert(ActorId(id));
            }
        }
        let mut by_code = vec![NO_CURRENCY; CODES];
        let mut currencies = Vec::with_capacity(state.currencies.len());
        for (at, currency) in state.currencies.iter().enumerate() {
            currencies.push((CurrencyCode(currency.code), currency.exponent));
            if let (Some(slot), Ok(at)) = (code_slot(currency.code), u16::try_from(at))
                && let Some(place) = by_code.get_mut(slot)
            {
                *place = at;
            }
        }
        let mut accounts = vec![FREE; members.len() * currencies.len()];
        for (&(owner, currency), &account) in &state.account_of {
            if let Some(place) = accounts.get_mut(owner.at() * currencies.len() + currency.at()) {
                *place = account.0;
            }
        }
        let mut directory = Self {
            slots: vec![FREE; (members.len() * 2 + 1).next_power_of_two()],
            members,
            accounts,
            currencies,
            by_code,
            pairs: Vec::new(),
        };
        for at in 0..directory.members.len() {
            directory.place(at);
        }
        directory.refresh_rates(state);
        directory
    }

    /// Reads the pairs and their approved rates again. Worth calling whenever a pair opens or is blocked.
    pub fn refresh_rates(&mut self, state: &State) {
        self.pairs = state.pairs.keys().map(|&pair| KnownPair { pair, approved: state.approved_rate(pair) }).collect();
    }

    /// Takes rates that will be approved, so that messages may be translated ahead of the approval. Only conversions
    /// against the order of their pair look at them, and the ledger compares again when they are carried out.
    pub fn expect_rates(&mut self, rates: impl IntoIterator<Item = (PairRef, Rate)>) {
        for (pair, rate) in rates {
            if let Some(known) = self.pairs.iter_mut().find(|known| known.pair == pair) {
                known.approved = Some(rate);
            }
        }
    }

    fn place(&mut self, at: usize) {
        let Some(member) = self.members.get(at) else {
            return;
        };
        let mask = self.slots.len() - 1;
        let mut slot = hash(head_office_key(&member.bic)) & mask;
        while self.slots.get(slot).is_some_and(|taken| *taken != FREE) {
            slot = (slot + 1) & mask;
        }
        if let (Some(place), Ok(at)) = (self.slots.get_mut(slot), u32::try_from(at)) {
            *place = at;
        }
    }

    /// The participant with this BIC. Eight characters mean the head office (`XXX`); a branch that does not take part
    /// itself is its head office.
    #[must_use]
    pub fn participant(&self, bic: &Bic) -> Option<ParticipantId> {
        let key = head_office_key(bic);
        self.find(key).or_else(|| self.find(key & !0xff_ffff | HEAD_OFFICE))
    }

    fn find(&self, key: u128) -> Option<ParticipantId> {
        let mask = self.slots.len() - 1;
        let mut slot = hash(key) & mask;
        loop {
            let at = *self.slots.get(slot)?;
            if at == FREE {
                return None;
            }
            if head_office_key(&self.members.get(at as usize)?.bic) == key {
                return Some(ParticipantId(at));
            }
            slot = (slot + 1) & mask;
        }
    }

    /// What is known of a participant.
    #[must_use]
    pub fn member(&self, id: ParticipantId) -> Option<&Member> {
        self.members.get(id.at())
    }

    /// The currency with this code, if the arrangement has it.
    #[must_use]
    pub fn currency(&self, code: CurrencyCode) -> Option<CurrencyId> {
        let at = *self.by_code.get(code_slot(code.0)?)?;
        (at != NO_CURRENCY).then_some(CurrencyId(u32::from(at)))
    }

    /// Code and exponent of a currency.
    #[must_use]
    pub fn money_of(&self, id: CurrencyId) -> Option<(CurrencyCode, u8)> {
        self.currencies.get(id.at()).copied()
    }

    /// The participant's own account in a currency; none for a sponsored one.
    #[must_use]
    pub fn account(&self, owner: ParticipantId, currency: CurrencyId) -> Option<AccountId> {
        let width = self.currencies.len();
        if currency.at() >= width {
            return None;
        }
        let at = *self.accounts.get(owner.at() * width + currency.at())?;
        (at != FREE).then_some(AccountId(at))
    }

    /// The account that settles for a participant: its own, else its sponsor's.
    #[must_use]
    pub fn settles(&self, who: ParticipantId, currency: CurrencyId) -> Option<Settles> {
        let member = self.members.get(who.at())?;
        if member.sponsor.is_some() {
            Some(Settles { account: self.account(member.sponsor, currency)?, acts_for: who })
        } else {
            Some(Settles { account: self.account(who, currency)?, acts_for: ParticipantId::NONE })
        }
    }

    /// The pair of two currencies, in whichever order it was set.
    #[must_use]
    pub fn pair(&self, a: CurrencyId, b: CurrencyId) -> Option<&KnownPair> {
        self.pairs.iter().find(|known| {
            let PairRef { base, quote } = known.pair;
            (base, quote) == (a, b) || (base, quote) == (b, a)
        })
    }

    /// All participants in the order of their identifiers.
    pub fn members(&self) -> impl Iterator<Item = (ParticipantId, &Member)> {
        self.members
            .iter()
            .enumerate()
            .filter_map(|(at, member)| Some((ParticipantId(u32::try_from(at).ok()?), member)))
    }
}

/// The eleven characters of a participant's BIC.
pub(crate) fn bic_of(bytes: &[u8; 11]) -> Bic {
    core::str::from_utf8(bytes).ok().and_then(Bic::parse).unwrap_or_else(nobody)
}

/// Stands in where a setup gave a participant a BIC no reader would accept: no message can name it.
fn nobody() -> Bic {
    Bic::parse("XXXXXKXXXXX").expect("four letters, a country code, five letters")
}

/// `XXX` in the last three of eleven bytes.
const HEAD_OFFICE: u128 = 0x58_58_58;

/// Eleven characters as one number; eight are filled up with `XXX`.
fn head_office_key(bic: &Bic) -> u128 {
    let text = bic.as_str().as_bytes();
    let key = text.iter().fold(0_u128, |key, byte| key << 8 | u128::from(*byte));
    if text.len() == 8 { key << 24 | HEAD_OFFICE } else { key }
}

/// Multiply-and-fold with fixed constants: the participants are set by the operator, not by senders of messages.
fn hash(key: u128) -> usize {
    let product = (key as u64 ^ (key >> 64) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (product ^ product >> 32) as usize
}

fn code_slot(code: [u8; 3]) -> Option<usize> {
    code.iter().try_fold(0, |slot, byte| byte.is_ascii_uppercase().then(|| slot * 26 + usize::from(byte - b'A')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_threads_may_read_one_directory() {
        const fn shared<T: Send + Sync>() {}
        const { shared::<Directory>() }
        let directory = Directory::from_state(&State::new(0));
        assert_eq!(directory.participant(&nobody()), None);
        assert_eq!(directory.currency(CurrencyCode(*b"CNY")), None);
        assert_eq!(directory.settles(ParticipantId(0), CurrencyId(0)), None);
    }
}
