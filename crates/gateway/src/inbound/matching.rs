//! Groups of several payers: each payer sends the same legs, and only when all have, the group goes to the ledger.
//!
//! Nobody can debit another by naming it in a group. All messages of a matched group are released together: the first
//! settles it and the others repeat it, so every payer is answered. Absent on purpose: a journal of unmatched messages;
//! they have not been acknowledged, and their senders send them again after a crash.

use super::message::sends_for;
use super::{Inbound, Outcome};
use crate::directory::Directory;
use crate::key::Name;
use crate::refusal::{Refusal, Rule};
use comity_ledger::State;
use comity_ledger::command::{Command, Instruction};
use comity_ledger::ids::{ParticipantId, Time};
use std::collections::BTreeMap;

/// Most groups that wait for a payer at a time.
const WAITING_MAX: usize = 100_000;

/// What became of something offered.
#[derive(Debug)]
pub enum Matched {
    /// It needs no match, or it is matched already: put it where its outcome says.
    Pass(Box<Inbound>),
    /// It waits for the other payers.
    Waits,
    /// Every payer has sent the group: put all of these before the ledger, in this order.
    Complete(Vec<Inbound>),
}

/// Groups that wait for their payers.
#[derive(Debug, Default)]
pub struct Matcher {
    waiting: BTreeMap<u64, Vec<Inbound>>,
}

impl Matcher {
    /// Takes in one thing that came in. Everything but groups of several payers passes at once.
    pub fn offer(&mut self, directory: &Directory, mut inbound: Inbound) -> Matched {
        let Some(deal) = deal(&inbound) else {
            return Matched::Pass(Box::new(inbound));
        };
        if payers(directory, &inbound).all(|payer| sent_by(directory, &inbound, payer)) {
            return Matched::Pass(Box::new(inbound));
        }
        if !self.waiting.contains_key(&deal) && self.waiting.len() >= WAITING_MAX {
            let message = format!("{WAITING_MAX} groups wait for a payer, which is the limit");
            refuse(&mut inbound, message);
            return Matched::Pass(Box::new(inbound));
        }
        let have = self.waiting.entry(deal).or_default();
        have.push(inbound);
        let complete = have.first().is_some_and(|first| {
            payers(directory, first).all(|payer| have.iter().any(|sent| sent_by(directory, sent, payer)))
        });
        if !complete {
            return Matched::Waits;
        }
        let mut all = self.waiting.remove(&deal).unwrap_or_default();
        for inbound in &mut all {
            vouch(inbound);
        }
        Matched::Complete(all)
    }

    /// Refuses what came before `before` and is still unmatched, in order of arrival.
    pub fn expire(&mut self, before: Time) -> Vec<Inbound> {
        let mut out = Vec::new();
        self.waiting.retain(|_, have| {
            if have.iter().any(|inbound| inbound.at >= before) {
                return true;
            }
            out.append(have);
            false
        });
        out.sort_by_key(|inbound| (inbound.at, inbound.document, inbound.references.first.index));
        for inbound in &mut out {
            refuse(inbound, "not every payer of the group has sent it".to_owned());
        }
        out
    }
}

fn refuse(inbound: &mut Inbound, message: String) {
    let refusal = Refusal::of(Rule::GroupUnmatched, "", "", message);
    inbound.outcome = Outcome::Refused(Box::new(refusal));
}

/// The participants that pay a leg.
fn payers<'a>(directory: &'a Directory, inbound: &'a Inbound) -> impl Iterator<Item = ParticipantId> + 'a {
    let agents = inbound.references.lines().filter_map(|line| line.debtor_agent);
    agents.filter_map(|bic| directory.participant(&bic))
}

fn sent_by(directory: &Directory, inbound: &Inbound, payer: ParticipantId) -> bool {
    inbound.participant.is_some_and(|sender| sends_for(directory, sender, payer))
}

/// Whether one of the payers is not the sender.
pub(super) fn has_other_payers(directory: &Directory, inbound: &Inbound) -> bool {
    !payers(directory, inbound).all(|payer| sent_by(directory, inbound, payer))
}

/// The group is brought by the node, which has matched it, or trusts who did.
pub(super) fn vouch(inbound: &mut Inbound) {
    if let Outcome::Command(order) = &mut inbound.outcome {
        order.actor = State::SYSTEM;
    }
}

/// The fingerprint of a group's legs.
fn deal(inbound: &Inbound) -> Option<u64> {
    match &inbound.outcome {
        Outcome::Command(order) => match &order.command {
            Command::PayGroup(legs) => legs.first().map(|leg| leg.message),
            _ => None,
        },
        Outcome::Refused(_) | Outcome::Answer(_) => None,
    }
}

/// Gives every leg the fingerprint of the deal: all payers' messages about it are the same order, whatever each is called.
pub(super) fn name_deal(legs: &mut [Instruction]) {
    let mut name = Name::of("deal");
    for leg in legs.iter() {
        name = name
            .number(leg.uetr.0.cast_signed())
            .number(leg.debtor.0.into())
            .number(leg.creditor.0.into())
            .number(leg.debtor_for.0.into())
            .number(leg.creditor_for.0.into())
            .number(leg.amount.into())
            .number(leg.value_date.0.into())
            .number(leg.earliest.0.into())
            .number(leg.latest.0.into());
    }
    let deal = name.fingerprint();
    for leg in legs {
        leg.message = deal;
    }
}
