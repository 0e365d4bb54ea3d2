//! Notices: system events for everybody (admi.004), unreadable messages (admi.002), verifications (acmt.024).

use super::{Deliver, Moment, OutKind, Outbox, bic, instant};
use crate::inbound::{Inbound, Unreadable, Verification};
use crate::key::key_text;
use crate::text;
use comity_iso20022::ident::Bic;
use comity_iso20022::model::{
    Account, Choice, Message, MessageReject, Party, SystemEvent, VerificationAnswer, VerificationReport,
};
use comity_ledger::ids::{AccountId, Key, ParticipantId, Time};
use comity_ledger::{Event, State};

/// A message that is turned down, and what its sender is told.
pub(super) struct Turned<'a> {
    pub(super) to: Bic,
    pub(super) id: &'a str,
    /// What the sender called its message.
    pub(super) reference: &'a str,
    pub(super) code: &'a str,
    /// Where the fault is; empty when it concerns the whole.
    pub(super) location: String,
    pub(super) description: &'a str,
}

impl Outbox {
    /// Tells every participant of something that concerns all.
    pub(super) fn notice(&mut self, state: &State, moment: Moment, event: &Event, deliver: &mut impl Deliver) {
        let (code, subject) = match event {
            Event::PhaseBegan { phase } => ("PHAS", text::phase(state, i64::from(*phase)).to_owned()),
            Event::PhaseExtended { phase, .. } => ("EXTD", text::phase(state, i64::from(*phase)).to_owned()),
            Event::DayClosed => ("CLOS", state.day.date.to_string()),
            Event::CurrencyStopped { currency, stopped } => {
                let code = state.currencies.get(currency.at()).map_or("?", |currency| currency.code());
                (if *stopped { "STOP" } else { "STRT" }, code.to_owned())
            }
            Event::PairOpen { pair } | Event::PairBlocked { pair } => {
                let code = |id: comity_ledger::ids::CurrencyId| {
                    state.currencies.get(id.at()).map_or("?", |currency| currency.code())
                };
                let open = matches!(event, Event::PairOpen { .. });
                (if open { "RATE" } else { "NORT" }, format!("{}/{}", code(pair.base), code(pair.quote)))
            }
            Event::CycleFinal { cycle } => ("FINL", cycle.to_string()),
            Event::AuctionRun { auction } => ("AUCT", auction.to_string()),
            _ => return,
        };
        let description = text::event(state, event);
        let date = state.day.date.to_string();
        let parameters = [date.as_str(), subject.as_str()];
        let at = instant(moment.at);
        let notice = SystemEvent { code, parameters: &parameters, description: Some(&description), at: Some(at) };
        let id = format!("E{}-{code}-{}", moment.seq, subject_key(&subject));
        let mut out = core::mem::take(&mut self.out);
        for participant in 0..state.participants.len() {
            let Some(to) = u32::try_from(participant).ok().and_then(|id| bic(state, ParticipantId(id))) else {
                continue;
            };
            super::write(&self.options, &mut out, to, &id, at, Message::SystemEvent(&notice));
            self.hand_over(to, OutKind::SystemEvent, &id, &out, deliver);
        }
        self.out = out;
    }

    /// Tells those whom a price concerns: the bank that asked, and the dealer whose money is set aside.
    pub(super) fn price_notice(&mut self, state: &State, moment: Moment, event: &Event, deliver: &mut impl Deliver) {
        let owner = |account: AccountId| state.account(account).map(|account| account.participant);
        let dealing = &state.dealing;
        let quote = |key: &Key| dealing.quotes.get(key);
        let order = |key: &Key| dealing.orders.get(key).and_then(|order| owner(order.debtor));
        let (code, key, to) = match event {
            Event::Quoted { quote: key } => ("QUOT", key, [quote(key).and_then(|quote| owner(quote.debtor)), None]),
            Event::QuoteAccepted { quote: key } => {
                ("QACC", key, [quote(key).and_then(|quote| owner(quote.debtor)), quote(key).map(|quote| quote.dealer)])
            }
            Event::QuoteExpired { quote: key } => {
                ("QEXP", key, [quote(key).and_then(|quote| owner(quote.debtor)), None])
            }
            Event::OrderPlaced { order: key, .. } => ("ORDR", key, [order(key), None]),
            Event::OrderEnded { order: key, .. } => ("ORDE", key, [order(key), None]),
            _ => return,
        };
        let description = text::event(state, event);
        let subject = key_text(*key);
        let date = state.day.date.to_string();
        let parameters = [date.as_str(), subject.as_str()];
        let at = instant(moment.at);
        let notice = SystemEvent { code, parameters: &parameters, description: Some(&description), at: Some(at) };
        let id = format!("E{}-{code}-{}", moment.seq, subject_key(&subject));
        for to in to.into_iter().flatten().filter_map(|to| bic(state, to)) {
            self.send(to, OutKind::SystemEvent, &id, at, Message::SystemEvent(&notice), deliver);
        }
    }

    /// Answers a message that could not be read.
    pub(super) fn unreadable(&mut self, inbound: &Inbound, unreadable: &Unreadable, deliver: &mut impl Deliver) {
        let message = &inbound.references.message;
        let to = message.sender.unwrap_or(self.options.system);
        let refusal = &unreadable.refusal;
        let location = match refusal.field.as_str() {
            "" => format!("byte {}", unreadable.offset),
            field => format!("{field} (byte {})", unreadable.offset),
        };
        let id = format!("X{}-{}", inbound.document, unreadable.offset);
        let description = refusal.to_string();
        let turned =
            Turned { to, id: &id, reference: &message.id, code: refusal.iso, location, description: &description };
        self.reject_message(&turned, inbound.at, deliver);
    }

    /// Answers a message that is no payment and cannot be carried out.
    pub(super) fn reject_message(&mut self, turned: &Turned<'_>, at: Time, deliver: &mut impl Deliver) {
        let reject = MessageReject {
            reference: if turned.reference.is_empty() { "NOTPROVIDED" } else { turned.reference },
            reason: turned.code,
            at: at.is_set().then_some(instant(at)),
            location: (!turned.location.is_empty()).then_some(&turned.location),
            description: Some(turned.description),
            additional: None,
        };
        self.send(turned.to, OutKind::Unreadable, turned.id, instant(at), Message::MessageReject(&reject), deliver);
    }

    /// Answers a request to verify an account with what the gateway can know.
    pub(super) fn verified(&mut self, inbound: &Inbound, answer: &Verification, deliver: &mut impl Deliver) {
        let message = &inbound.references.message;
        let to = message.sender.unwrap_or(self.options.system);
        let id = format!("V{}-{}", inbound.document, inbound.references.first.index);
        let at = instant(inbound.at);
        let reason = match answer.reason {
            Ok(word) => Choice::Proprietary(word),
            Err(code) => Choice::Code(code),
        };
        let answer = VerificationAnswer {
            original_id: &answer.id,
            verified: answer.verified,
            reason: Some(reason),
            original_party: Party {
                name: answer.name.as_deref(),
                account: answer.account_id().map(|id| Account { id, currency: None }),
                ..Party::default()
            },
            updated_party: None,
        };
        let report = VerificationReport {
            message_id: &id,
            created: at,
            assigner: self.options.system,
            assignee: to,
            original: Some((&message.id, message.created)),
            answers: &[answer],
        };
        self.send(to, OutKind::Verification, &id, at, Message::VerificationReport(&report), deliver);
    }
}

/// Letters and digits of a subject, so that two events of one entry have different identifications.
fn subject_key(subject: &str) -> String {
    subject.chars().filter(char::is_ascii_alphanumeric).take(12).collect()
}
