//! Recalls: the request handed on to the creditor's side (camt.056), and the answer to whoever asked (camt.029).
//!
//! Towards the creditor's side the case is called by its key, so that the answer finds it again; towards the asker it is
//! called as the asker called it.

use super::{Deliver, Expected, Moment, OutKind, Outbox, Place, amount, date, instant, side};
use crate::code::cancellation_reason;
use crate::inbound::{Case, Inbound};
use crate::key::key_text;
use crate::refusal::Refusal;
use crate::text;
use comity_iso20022::ident::{Bic, Uetr};
use comity_iso20022::model::{
    Agent, CancellationMessage, CancellationRequest, CancellationStatus, Choice, Confirmation, Message,
    OriginalMessage, References, Resolution, ResolutionMessage,
};
use comity_iso20022::time::Timestamp;
use comity_ledger::command::{Command, Entry, PaymentKind, Recall};
use comity_ledger::event::RecallOutcome;
use comity_ledger::ids::{CurrencyId, Key, PaymentId};
use comity_ledger::{Reject, State};

/// A recall that came by message.
#[derive(Debug)]
pub(super) struct Known {
    case: Case,
    line: Place,
    reason: [u8; 4],
}

/// An answer to a recall, before it is written.
struct Reply<'a> {
    id: String,
    at: Timestamp,
    case: &'a Case,
    confirmation: Confirmation,
    status: CancellationStatus,
    reason: Option<Choice<'a>>,
    information: Option<&'a str>,
    original_message: Option<OriginalMessage<'a>>,
    original: References<'a>,
    original_uetr: Option<Uetr>,
}

/// The leg that reached the creditor: of a conversion the second, which follows the first.
fn received(state: &State, payment: PaymentId) -> PaymentId {
    match state.payment(payment).kind {
        PaymentKind::ConversionSource => PaymentId(payment.0 + 1),
        PaymentKind::Customer | PaymentKind::Institution | PaymentKind::Return | PaymentKind::ConversionTarget => {
            payment
        }
    }
}

impl Outbox {
    /// Remembers the words of a recall, before its events are looked at.
    pub(super) fn learn_case(&mut self, entry: &Entry, expected: Option<&Expected>) {
        if let Command::Recall(order) = &entry.command
            && let Some(expected) = expected
            && let Some(case) = &expected.case
        {
            let known = Known { case: (**case).clone(), line: expected.first, reason: order.reason };
            // The first request under a key is the one that counts; a repetition changes nothing.
            self.cases.entry(order.case).or_insert(known);
        }
    }

    /// Hands a recall on to the creditor's side.
    pub(super) fn recall_opened(
        &mut self,
        state: &State,
        moment: Moment,
        case: Key,
        payment: PaymentId,
        deliver: &mut impl Deliver,
    ) {
        let received = state.payment(received(state, payment));
        let Some(to) = side(state, received.creditor, received.creditor_for) else {
            return;
        };
        let mut out = core::mem::take(&mut self.out);
        let known = self.cases.get(&case);
        let line = self.arena.kept_line(self.place_of(payment));
        let message = line.message.is_some().then(|| self.arena.kept_message(line.message));
        let id = format!("C{}-{}", moment.seq, payment.0);
        let called = key_text(case);
        let at = instant(moment.at);
        let reason = known.map_or(*b"NARR", |known| known.reason);
        let system = self.options.system;
        let request = CancellationRequest {
            message_id: &id,
            created: at,
            assigner: Agent::of(system),
            assignee: Agent::of(to),
            case_id: Some(&called),
            cancellation_id: Some(&called),
            original_message: message.map(|message| message.original()),
            original: line.references,
            original_uetr: Uetr::from_u128(received.uetr.0),
            original_amount: Some(amount(state, received.creditor, received.amount)),
            original_settlement_date: Some(date(received.value_date)),
            reason: core::str::from_utf8(&reason).ok().map(Choice::Code),
            information: known.and_then(|known| known.case.information.as_deref()),
        };
        let message =
            CancellationMessage { message_id: &id, created: at, assigner: system, assignee: to, requests: &[request] };
        super::write(&self.options, &mut out, to, &id, at, Message::CancellationRequests(&message));
        self.hand_over(to, OutKind::Recall, &id, &out, deliver);
        self.out = out;
    }

    /// Tells the asker how its recall ended.
    pub(super) fn recall_closed(
        &mut self,
        state: &State,
        moment: Moment,
        case: Key,
        payment: PaymentId,
        outcome: RecallOutcome,
        deliver: &mut impl Deliver,
    ) {
        let Some(known) = self.cases.get(&case) else {
            return;
        };
        let answer = state.recalls.get(&case).map_or([0; 4], |case| case.answer);
        let (confirmation, status, code, information) = match outcome {
            RecallOutcome::Cancelled => {
                (Confirmation::Cancelled, CancellationStatus::Accepted, None, "the payment still waited")
            }
            RecallOutcome::Accepted => {
                (Confirmation::Cancelled, CancellationStatus::Accepted, None, "a return follows")
            }
            RecallOutcome::Refused => {
                let code = core::str::from_utf8(&answer).ok().filter(|code| !code.starts_with('\0'));
                let code = Some(code.unwrap_or("NARR"));
                (Confirmation::Refused, CancellationStatus::Refused, code, "refused by the creditor's side")
            }
            RecallOutcome::Expired => {
                (Confirmation::Refused, CancellationStatus::Refused, Some("NOAS"), "nobody answered in time")
            }
        };
        let mut out = core::mem::take(&mut self.out);
        let line = self.arena.kept_line(self.place_of(payment));
        let message = line.message.is_some().then(|| self.arena.kept_message(line.message));
        let reply = Reply {
            id: format!("A{}-{}", moment.seq, payment.0),
            at: instant(moment.at),
            case: &known.case,
            confirmation,
            status,
            reason: code.map(Choice::Code),
            information: Some(information),
            original_message: message.map(|message| message.original()),
            original: line.references,
            original_uetr: Uetr::from_u128(state.payment(payment).uetr.0),
        };
        let (to, id) = self.reply(&mut out, &reply);
        self.hand_over(to, OutKind::Resolution, &id, &out, deliver);
        self.out = out;
    }

    /// The ledger refused a recall.
    pub(super) fn recall_refused(
        &mut self,
        state: &State,
        moment: Moment,
        order: &Recall,
        expected: &Expected,
        reject: Reject,
        deliver: &mut impl Deliver,
    ) {
        let Some(case) = &expected.case else {
            return;
        };
        // A case remembered for this refused entry alone is forgotten again.
        if self.cases.get(&order.case).is_some_and(|known| known.line == expected.first) {
            self.cases.remove(&order.case);
        }
        let mut out = core::mem::take(&mut self.out);
        let information = text::reject(state, &reject, CurrencyId::NONE);
        let line = self.arena.kept_line(expected.first);
        let reply = Reply {
            id: format!("A{}-R", moment.seq),
            at: instant(moment.at),
            case,
            confirmation: Confirmation::Refused,
            status: CancellationStatus::Refused,
            reason: Some(Choice::Code(cancellation_reason(reject.reason))),
            information: Some(&information),
            original_message: None,
            original: line.references,
            original_uetr: Uetr::from_u128(order.original.0),
        };
        let (to, id) = self.reply(&mut out, &reply);
        self.hand_over(to, OutKind::Resolution, &id, &out, deliver);
        self.out = out;
    }

    /// The gateway refused a recall.
    pub(super) fn recall_turned_down(&mut self, inbound: &Inbound, refusal: &Refusal, deliver: &mut impl Deliver) {
        let references = &inbound.references;
        let Some(to) = references.message.sender else {
            return;
        };
        let mut out = core::mem::take(&mut self.out);
        let [instruction_id, end_to_end_id, transaction_id] = references.first.ids.unpack();
        let information = refusal.to_string();
        let case = Case { id: references.message.id.clone(), assigner: to, cancellation_id: None, information: None };
        let reply = Reply {
            id: format!("A0-{}-{}", inbound.document, references.first.index),
            at: instant(inbound.at),
            case: &case,
            confirmation: Confirmation::Refused,
            status: CancellationStatus::Refused,
            reason: Some(Choice::Code("NARR")),
            information: Some(&information),
            original_message: None,
            original: References { instruction_id, end_to_end_id, transaction_id, ..References::default() },
            original_uetr: references.first.uetr.and_then(Uetr::from_u128),
        };
        let (to, id) = self.reply(&mut out, &reply);
        self.hand_over(to, OutKind::Resolution, &id, &out, deliver);
        self.out = out;
    }

    fn reply(&self, out: &mut Vec<u8>, reply: &Reply<'_>) -> (Bic, String) {
        let system = self.options.system;
        let to = reply.case.assigner;
        let resolution = Resolution {
            message_id: &reply.id,
            created: reply.at,
            assigner: Agent::of(system),
            assignee: Agent::of(to),
            case_id: None,
            confirmation: Some(reply.confirmation.code()),
            status_id: reply.case.cancellation_id.as_deref(),
            original_message: reply.original_message,
            original: reply.original,
            original_uetr: reply.original_uetr,
            status: Some(reply.status),
            reason: reply.reason,
            information: reply.information,
        };
        let message = ResolutionMessage {
            message_id: &reply.id,
            created: reply.at,
            assigner: system,
            assignee: to,
            case: Some((&reply.case.id, reply.case.assigner)),
            confirmation: reply.confirmation.code(),
            resolutions: &[resolution],
        };
        super::write(&self.options, out, to, &reply.id, reply.at, Message::Resolution(&message));
        (to, reply.id.clone())
    }
}
