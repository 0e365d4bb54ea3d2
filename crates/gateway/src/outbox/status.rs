//! pacs.002: what became of payments, told to those who sent them.

use super::notice::Turned;
use super::{Expected, Moment, OutKind, Outbox, Place, date, instant};
use crate::code::{status_reason, wait_reason};
use crate::inbound::Inbound;
use crate::outbox::Deliver;
use crate::refusal::Refusal;
use crate::text;
use comity_iso20022::ident::Uetr;
use comity_iso20022::model::{
    Choice, Message, PaymentStatus, Reason as StatusReason, References, StatusReport, TransactionStatus,
};
use comity_ledger::command::{Command, PaymentKind};
use comity_ledger::ids::{CurrencyId, PaymentId};
use comity_ledger::reject::Wait;
use comity_ledger::{Reason, Reject, State};

/// A status to be told.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) message: Place,
    pub(super) line: Place,
    pub(super) order: u32,
    /// The payment, when the ledger recorded one.
    pub(super) payment: Option<PaymentId>,
    /// Its reference, when neither the ledger nor the line has it.
    pub(super) uetr: Option<u128>,
    pub(super) moment: Moment,
    pub(super) cause: Cause,
}

/// What there is to tell.
#[derive(Debug)]
pub(super) enum Cause {
    /// It settled.
    Settled,
    /// It was taken in and waits.
    Waits(Wait),
    /// It was sent again and still waits.
    StillWaits,
    /// It was refused when it came.
    Refused(Reject),
    /// It waited and was ended.
    Ended(Reject),
    /// The gateway refused it: there is no entry, so document and line name it.
    Turned { refusal: Box<Refusal>, document: u64, line: u32 },
}

/// One status in words, before it is put into the message.
struct Told {
    status: PaymentStatus,
    code: Option<&'static str>,
    text: String,
    reference: String,
}

impl Outbox {
    /// Notes a refusal of the gateway for its sender.
    pub(super) fn refuse_directly(&mut self, inbound: &Inbound, refusal: &Refusal, deliver: &mut impl Deliver) {
        if inbound.references.message.name.starts_with("camt.056") {
            self.recall_turned_down(inbound, refusal, deliver);
            return;
        }
        let references = &inbound.references;
        let message = &references.message;
        if !is_payment(&message.name) {
            let id = format!("X{}-L{}", inbound.document, references.first.index);
            let description = refusal.to_string();
            let turned = Turned {
                to: message.sender.unwrap_or(self.options.system),
                id: &id,
                reference: &message.id,
                code: refusal.iso,
                location: refusal.field.clone(),
                description: &description,
            };
            self.reject_message(&turned, inbound.at, deliver);
            return;
        }
        let moment = Moment { seq: 0, at: inbound.at };
        for line in references.lines() {
            let refusal = Box::new(refusal.clone());
            let cause = Cause::Turned { refusal, document: inbound.document, line: line.index };
            let line = self.arena.keep(&references.message, line, true);
            self.pend(moment, line, None, None, cause);
        }
    }

    /// An entry was refused as a whole: no payment was recorded.
    pub(super) fn entry_refused(
        &mut self,
        state: &State,
        moment: Moment,
        expected: &Expected,
        command: &Command,
        reject: Reject,
        deliver: &mut impl Deliver,
    ) {
        match command {
            Command::Recall(order) => self.recall_refused(state, moment, order, expected, reject, deliver),
            Command::AnswerRecall(_) => {
                let description = text::reject(state, &reject, CurrencyId::NONE);
                let line = self.arena.kept_line(expected.first);
                let message = self.arena.kept_message(line.message);
                let (to, reference) = (message.sender.unwrap_or(self.options.system), message.id.to_owned());
                let turned = Turned {
                    to,
                    id: &format!("X{}-E", moment.seq),
                    reference: &reference,
                    code: status_reason(reject.reason),
                    location: String::new(),
                    description: &description,
                };
                self.reject_message(&turned, moment.at, deliver);
            }
            _ => {
                let lines = core::iter::once(&expected.first).chain(&expected.others);
                for (leg, line) in lines.enumerate() {
                    self.pend(moment, *line, None, reference(command, leg), Cause::Refused(reject));
                }
            }
        }
    }

    pub(super) fn flush_statuses(&mut self, state: &State, deliver: &mut impl Deliver) {
        let mut pending = core::mem::take(&mut self.statuses);
        // A later status of the same payment replaces the earlier one: whoever waited a moment need not be told.
        pending.sort_unstable_by_key(|status| (status.message, status.line, core::cmp::Reverse(status.order)));
        pending.dedup_by_key(|status| (status.message, status.line));
        for group in pending.chunk_by(|a, b| a.message == b.message) {
            self.status_report(state, group, deliver);
        }
        pending.clear();
        self.statuses = pending;
        self.order = 0;
    }

    fn status_report(&mut self, state: &State, group: &[Pending], deliver: &mut impl Deliver) {
        let Some(first) = group.first() else {
            return;
        };
        let mut out = core::mem::take(&mut self.out);
        let message = self.arena.kept_message(first.message);
        let told: Vec<Told> = group.iter().map(|pending| told(state, pending)).collect();
        let informations: Vec<Vec<&str>> = told.iter().map(|told| lines(&told.text)).collect();
        let reasons: Vec<[StatusReason<'_>; 1]> = told
            .iter()
            .zip(&informations)
            .map(|(told, information)| {
                [StatusReason { reason: Choice::Code(told.code.unwrap_or("NARR")), information }]
            })
            .collect();
        let mut transactions = Vec::with_capacity(group.len());
        for ((pending, told), reasons) in group.iter().zip(&told).zip(&reasons) {
            let line = self.arena.kept_line(pending.line);
            let payment = pending.payment.map(|payment| state.payment(payment));
            // A return is known to its sender by the original's reference, which is kept with the line.
            let own = payment.filter(|payment| payment.kind != PaymentKind::Return);
            let settled = matches!(pending.cause, Cause::Settled);
            transactions.push(TransactionStatus {
                status_id: None,
                original: References { clearing_reference: None, ..line.references },
                uetr: line.uetr.or(own.map(|payment| payment.uetr.0).or(pending.uetr).and_then(Uetr::from_u128)),
                status: told.status,
                reasons: if told.code.is_some() { reasons } else { &[] },
                accepted: payment.map(|payment| instant(payment.accepted)),
                effective_settlement: payment.filter(|_| settled).map(|_| date(state.day.date)),
                clearing_reference: (!told.reference.is_empty()).then_some(told.reference.as_str()),
            });
        }
        let to = message.sender.unwrap_or(self.options.system);
        let latest = group.iter().map(|pending| pending.moment.at).max().unwrap_or_default();
        let seq = first.moment.seq;
        let id = match (&first.cause, first.payment) {
            (Cause::Turned { document, line, .. }, _) => format!("R{document}-{line}"),
            (_, Some(payment)) => format!("S{seq}-{}", payment.0),
            (_, None) => format!("S{seq}-R"),
        };
        let report = StatusReport {
            message_id: &id,
            created: instant(latest),
            instructing_agent: Some(self.options.system),
            instructed_agent: message.sender,
            original: message.original(),
            original_transactions: message.transactions,
            group_status: None,
            group_reasons: &[],
            transactions: &transactions,
        };
        super::write(&self.options, &mut out, to, &id, instant(latest), Message::StatusReport(&report));
        self.written.statuses += group.len() as u64;
        self.hand_over(to, OutKind::Status, &id, &out, deliver);
        self.out = out;
    }
}

/// Whether the message asks for payments, so that a status of payments answers it.
fn is_payment(name: &str) -> bool {
    ["pacs.", "pain.", crate::inbound::CSV_NAME].iter().any(|family| name.starts_with(family))
}

/// The reference of a leg of a payment command.
fn reference(command: &Command, leg: usize) -> Option<u128> {
    match command {
        Command::Pay(order) => Some(order.uetr.0),
        Command::PayGroup(orders) => orders.get(leg).map(|order| order.uetr.0),
        Command::Convert(order) => Some(order.instruction.uetr.0),
        Command::PayQuoted(order) => order.quoted.get(leg).map(|leg| leg.order.instruction.uetr.0),
        _ => None,
    }
}

/// A text in lines of at most 105 characters (`Max105Text`), cut between words.
fn lines(text: &str) -> Vec<&str> {
    const LINE_CHARS_MAX: usize = 105;
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((end, _)) = rest.char_indices().nth(LINE_CHARS_MAX) {
        let (head, _) = rest.split_at(end);
        let cut = head.rfind(' ').filter(|cut| *cut > 0).unwrap_or(end);
        let (line, more) = rest.split_at(cut);
        out.push(line);
        rest = more.trim_start();
    }
    if !rest.is_empty() {
        out.push(rest);
    }
    out
}

fn told(state: &State, pending: &Pending) -> Told {
    let currency = pending.payment.map_or(CurrencyId::NONE, |payment| text::currency_of(state, payment));
    let (status, code, text) = match &pending.cause {
        Cause::Settled => (settled_status(state, pending), None, String::new()),
        Cause::Waits(wait) => (PaymentStatus::Pending, Some(wait_reason(wait.why)), text::wait(state, wait, currency)),
        Cause::StillWaits => {
            (PaymentStatus::Pending, Some("NARR"), "sent again; it still waits as told before".to_owned())
        }
        Cause::Refused(reject) => {
            (PaymentStatus::Rejected, Some(status_reason(reject.reason)), text::reject(state, reject, currency))
        }
        Cause::Ended(reject) => {
            let status = match reject.reason {
                Reason::Withdrawn | Reason::Recalled => PaymentStatus::Cancelled,
                _ => PaymentStatus::Rejected,
            };
            (status, Some(status_reason(reject.reason)), text::reject(state, reject, currency))
        }
        Cause::Turned { refusal, .. } => (PaymentStatus::Rejected, Some(refusal.iso), refusal.to_string()),
    };
    let reference = match pending.moment.seq {
        0 => String::new(),
        seq => seq.to_string(),
    };
    Told { status, code, text, reference }
}

/// Between institutions the creditor has its money now; a customer's bank has it and will credit the customer.
fn settled_status(state: &State, pending: &Pending) -> PaymentStatus {
    match pending.payment.map(|payment| state.payment(payment).kind) {
        Some(PaymentKind::Institution) => PaymentStatus::SettledCreditor,
        Some(
            PaymentKind::Customer | PaymentKind::Return | PaymentKind::ConversionSource | PaymentKind::ConversionTarget,
        )
        | None => PaymentStatus::Settled,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn explanations_are_cut_between_words_where_they_have_any() {
        let text = "waits: 15.00 CNY short (credit 0.00 CNY); released by incoming payments or funding of the amount short, or else";
        assert_eq!(lines(text).join(" "), text);
        assert!(lines(text).iter().all(|line| line.chars().count() <= 105));
        assert_eq!(lines(&"x".repeat(250)).iter().map(|line| line.len()).collect::<Vec<_>>(), [105, 105, 40]);
        assert_eq!(lines(&"\u{4eba}".repeat(110)).len(), 2);
        assert_eq!(lines(""), Vec::<&str>::new());
    }
}
