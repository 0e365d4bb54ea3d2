//! The entries that open a journal: the whole arrangement as commands, in the order that gives everything the identifier
//! the [`Directory`](crate::Directory) says it has.
//!
//! Absent on purpose: instants; whoever appends the entries stamps them.

use core::fmt;

use comity_ledger::command::{
    AddActor, AddAuthority, AddCurrency, AddParticipant, Command, Genesis, OpenAccount, SetBypass, SetOffsetting,
    SetPair,
};
use comity_ledger::ids::{ActorId, CurrencyId, Key, ParticipantId};

use crate::code::Country;
use crate::directory::{SYSTEM, index};
use crate::model::Arrangement;

/// A command, who gives it, and the key that makes it happen once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Who asks.
    pub actor: ActorId,
    /// Idempotency key, from the rules and the order's place, so a repeated run asks for the same thing again.
    pub key: Key,
    /// What is asked.
    pub command: Command,
}

/// Authorities without a public key: a journal cannot be opened before they have one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeysMissing(pub Vec<Country>);

impl fmt::Display for KeysMissing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no public key for the authority of")?;
        for country in &self.0 {
            write!(f, " {country}")?;
        }
        Ok(())
    }
}

impl std::error::Error for KeysMissing {}

impl Arrangement {
    /// The commands that set everything up, all given by [`SYSTEM`]. The same files give the same commands.
    ///
    /// # Errors
    /// Authorities that still have no public key; see [`Arrangement::set_public_key`].
    pub fn setup(&self) -> Result<Vec<Order>, KeysMissing> {
        let missing = self.keys_missing();
        if !missing.is_empty() {
            return Err(KeysMissing(missing));
        }
        let mut commands = vec![Command::Genesis(Box::new(Genesis {
            name: self.name.clone(),
            rules: self.rules,
            seed: self.seed,
            options: self.options,
        }))];
        commands.extend(self.parties());
        commands.extend(self.pairs.iter().map(|pair| {
            Command::SetPair(SetPair { pair: pair.pair, gate_bps: pair.gate_bps, provider: pair.provider })
        }));
        commands.push(Command::SetPhases(self.phases.clone()));
        commands.extend(self.limits.iter().map(|limit| Command::SetLimit(*limit)));
        commands.extend(self.offsetting());
        commands.extend(self.prices.pricing.iter().map(|terms| Command::SetPricing(Box::new(terms.clone()))));
        for (dealer, rate) in &self.prices.dealers {
            commands.push(Command::SetDealer(*dealer));
            commands.extend(rate.iter().map(|rate| Command::SetDealerRate(Box::new(rate.clone()))));
        }
        commands.extend(self.unions.iter().map(|union| Command::SetUnion(Box::new(union.rules.clone()))));
        let commitments = self.commitments.iter().map(|(_, order)| Box::new(order.clone()));
        commands.extend(commitments.map(Command::RegisterCommitment));
        commands.push(Command::ActivateArrangement(self.version));
        let orders = commands.into_iter().enumerate().map(|(at, command)| Order {
            actor: SYSTEM,
            key: self.key("setup", at, 0),
            command,
        });
        Ok(orders.collect())
    }

    /// Authorities, currencies, participants, accounts and actors, in the order of their identifiers.
    fn parties(&self) -> Vec<Command> {
        let mut out = Vec::new();
        for authority in &self.authorities {
            out.push(Command::AddAuthority(Box::new(AddAuthority {
                name: authority.name.clone(),
                country: authority.country.bytes(),
                public_key: authority.public_key.unwrap_or_default(),
            })));
        }
        for currency in &self.currencies {
            out.push(Command::AddCurrency(Box::new(AddCurrency {
                code: currency.code.bytes(),
                exponent: currency.exponent,
                authority: currency.authority,
                calendar: currency.calendar.clone(),
                unsettled: currency.unsettled,
            })));
        }
        for participant in &self.participants {
            out.push(Command::AddParticipant(Box::new(AddParticipant {
                bic: participant.bic.bytes(),
                name: participant.name.clone(),
                authority: participant.home,
                sponsor: participant.sponsor.unwrap_or(ParticipantId::NONE),
            })));
        }
        for (_, participant, currency) in self.directory.participant_accounts() {
            out.push(Command::OpenAccount(OpenAccount { participant, currency }));
        }
        // The first actor is there from the start.
        for actor in self.directory.actors().iter().skip(1) {
            out.push(Command::AddActor(Box::new(AddActor {
                name: actor.name.clone(),
                scope: actor.scope,
                roles: actor.roles,
            })));
        }
        out
    }

    /// Offsetting rules of currencies, and the consents of participants.
    fn offsetting(&self) -> Vec<Command> {
        let rules = self.currencies.iter().enumerate().filter_map(|(at, currency)| {
            let order = SetOffsetting { currency: CurrencyId(index(at)), rule: Some(currency.offsetting?) };
            Some(Command::SetOffsetting(order))
        });
        let consents = self.directory.participant_accounts().filter_map(|(account, participant, currency)| {
            let consents = self.participants.get(participant.at())?.bypass.contains(&currency);
            consents.then_some(Command::SetBypass(SetBypass { account, allowed: true }))
        });
        rules.chain(consents).collect()
    }

    /// A key that no other entry of this arrangement has: from the rules, a purpose, a place in its list and a date.
    pub(crate) fn key(&self, purpose: &str, place: usize, day: u32) -> Key {
        let mut hasher = blake3::Hasher::new_keyed(&self.rules);
        hasher.update(&u64::try_from(place).unwrap_or(u64::MAX).to_le_bytes());
        hasher.update(&day.to_le_bytes());
        hasher.update(purpose.as_bytes());
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ..] = *hasher.finalize().as_bytes();
        Key(u128::from_le_bytes([a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]))
    }
}
