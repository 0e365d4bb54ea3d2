//! Returns and recalls.
//!
//! A return is a new payment the other way that names its original: one successful return per original, within a number
//! of joint business days. A recall asks for a payment back: one that still waits is cancelled at once; a settled one is
//! put to the creditor's side, which accepts (and returns) or refuses, or lets it lapse.

use crate::calendar::joint_business_day;
use crate::command::{AnswerRecall, Conversion, Fixed, Instruction, PaymentKind, Priority, Recall, ReturnOrder};
use crate::event::{Event, Events, RecallOutcome};
use crate::ids::{Day, Key, ParticipantId, PaymentId, Time};
use crate::payment::Standing;
use crate::reject::{Reason, Reject};
use crate::state::{State, Timer};
use crate::wire::{wire_enum, wire_struct};

/// Where a recall stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecallStanding {
    /// The creditor's side has not answered.
    Open,
    /// Cancelled while the payment waited.
    Cancelled,
    /// The creditor's side agreed.
    Accepted,
    /// The creditor's side refused.
    Refused,
    /// Nobody answered in time.
    Expired,
}
wire_enum!(RecallStanding { 0 => Open, 1 => Cancelled, 2 => Accepted, 3 => Refused, 4 => Expired });

/// A request to give a payment back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecallCase {
    /// The payment asked back.
    pub payment: PaymentId,
    /// Why it is asked back.
    pub reason: [u8; 4],
    /// When it lapses.
    pub expires: Time,
    /// Where it stands.
    pub standing: RecallStanding,
    /// Reason of a refusal; zero bytes otherwise.
    pub answer: [u8; 4],
}
wire_struct!(RecallCase { payment, reason, expires, standing, answer });

/// Gives a settled payment back.
pub(crate) fn give_back(state: &mut State, events: &mut Events, order: &ReturnOrder) -> Result<(), Reject> {
    // The same return again, or another with its reference, is told apart like any payment.
    if let Some(known) = state.find(order.uetr) {
        let payment = &state.payments[known.at()];
        let same = payment.message == order.message
            && payment.link.is_some()
            && state.find(order.original) == Some(payment.link);
        if same {
            events.push(Event::Repeated { original: payment.seq, payment: known });
            return Ok(());
        }
        return Err(Reject::refers(Reason::UetrReused, payment.seq));
    }
    let original_id = state.find(order.original).ok_or(Reject::because(Reason::UnknownOriginal))?;
    let original = &state.payments[original_id.at()];
    if original.standing != Standing::Settled {
        return Err(Reject::refers(Reason::OriginalNotSettled, original.seq));
    }
    if original.link.is_some() {
        let earlier = &state.payments[original.link.at()];
        return Err(Reject::refers(Reason::AlreadyReturned, earlier.seq));
    }
    // What the creditor received: for a conversion that is the last leg.
    let received = &state.payments[state.credited_leg(original_id).at()];
    let is_conversion = original.kind == PaymentKind::ConversionSource;
    let (debtor, debtor_for) = (received.creditor, received.creditor_for);
    if order.amount > received.amount {
        return Err(Reject::limit(Reason::ReturnAmount, received.amount, order.amount));
    }
    let settled_on = original.value_date;
    let deadline = state.return_deadline(original_id, settled_on);
    if deadline.is_none_or(|deadline| state.day.date > deadline) {
        let deadline = deadline.map_or(0, |day| i64::from(day.0));
        return Err(Reject::limit(Reason::ReturnDeadline, deadline, i64::from(state.day.date.0)));
    }
    let instruction = Instruction {
        uetr: order.uetr,
        debtor,
        creditor: original.debtor,
        debtor_for,
        creditor_for: original.debtor_for,
        amount: order.amount,
        priority: Priority::Normal,
        kind: PaymentKind::Return,
        value_date: Day(0),
        earliest: Time(0),
        latest: Time(0),
        message: order.message,
        document: order.document,
        line: order.line,
    };
    let id = PaymentId(u32::try_from(state.payments.len()).expect("fewer than 2^32 payments a journal"));
    if is_conversion {
        // Given back as a new operation at the rate of the day, as the Brazil-Argentina local-currency system does.
        let conversion = Conversion { instruction, fixed: Fixed::Source, expected: None };
        crate::pay::pay_converted(state, events, &conversion, original_id)?;
    } else {
        crate::pay::pay(state, events, &instruction, original_id)?;
    }
    if state.payments[id.at()].standing != Standing::Refused {
        state.payments[original_id.at()].link = id;
    }
    Ok(())
}

/// Asks for a payment back.
pub(crate) fn recall(state: &mut State, events: &mut Events, order: &Recall) -> Result<(), Reject> {
    if state.recalls.contains_key(&order.case) {
        return Err(Reject::because(Reason::Exists));
    }
    let id = state.find(order.original).ok_or(Reject::because(Reason::UnknownOriginal))?;
    let payment = &state.payments[id.at()];
    let expires =
        if order.expires.is_set() { order.expires } else { state.at.plus_seconds(state.options().recall_ttl_s) };
    if expires <= state.at {
        return Err(Reject::because(Reason::TimeWindow));
    }
    let mut case =
        RecallCase { payment: id, reason: order.reason, expires, standing: RecallStanding::Open, answer: [0; 4] };
    match payment.standing {
        Standing::Waiting => {
            case.standing = RecallStanding::Cancelled;
            state.end_waiting(events, id, Reject::because(Reason::Recalled));
            events.push(Event::RecallClosed { case: order.case, payment: id, outcome: RecallOutcome::Cancelled });
        }
        Standing::Settled if payment.link.is_some() => {
            let earlier = payment.link;
            return Err(Reject::refers(Reason::AlreadyReturned, state.payments[earlier.at()].seq));
        }
        Standing::Settled => {
            state.timers.insert((expires, Timer::Recall(order.case)));
            events.push(Event::RecallOpened { case: order.case, payment: id });
        }
        Standing::Refused | Standing::Cancelled => {
            return Err(Reject::refers(Reason::NotWaiting, payment.seq));
        }
    }
    state.recalls.insert(order.case, case);
    Ok(())
}

/// Answers a recall for the creditor's side.
pub(crate) fn answer(state: &mut State, events: &mut Events, order: &AnswerRecall) -> Result<(), Reject> {
    let case = state.recalls.get(&order.case).ok_or(Reject::because(Reason::Unknown))?;
    if case.standing != RecallStanding::Open {
        return Err(Reject::because(Reason::NotWaiting));
    }
    let (standing, outcome) = if order.accept {
        (RecallStanding::Accepted, RecallOutcome::Accepted)
    } else {
        (RecallStanding::Refused, RecallOutcome::Refused)
    };
    close(state, events, order.case, standing, outcome, order.reason);
    Ok(())
}

/// A recall nobody answered.
pub(crate) fn lapse(state: &mut State, events: &mut Events, key: Key) {
    close(state, events, key, RecallStanding::Expired, RecallOutcome::Expired, [0; 4]);
}

fn close(
    state: &mut State,
    events: &mut Events,
    key: Key,
    standing: RecallStanding,
    outcome: RecallOutcome,
    answer: [u8; 4],
) {
    let case = state.recalls.get_mut(&key).expect("a closed recall exists");
    case.standing = standing;
    case.answer = answer;
    let (payment, expires) = (case.payment, case.expires);
    state.timers.remove(&(expires, Timer::Recall(key)));
    events.push(Event::RecallClosed { case: key, payment, outcome });
}

impl State {
    /// The leg that credits the receiver: the last one of a conversion, the payment itself otherwise. Legs of other
    /// groups are payments of their own, each with its own receiver.
    pub(crate) fn credited_leg(&self, id: PaymentId) -> PaymentId {
        let payment = &self.payments[id.at()];
        if payment.kind == PaymentKind::ConversionSource && payment.group.is_some() { PaymentId(id.0 + 1) } else { id }
    }

    /// Last business date on which a payment settled on `settled_on` may be returned: joint business days of the
    /// currencies of both home authorities and of the payment.
    #[must_use]
    pub fn return_deadline(&self, id: PaymentId, settled_on: Day) -> Option<Day> {
        let payment = &self.payments[id.at()];
        let home = |account: crate::ids::AccountId, behind: ParticipantId| {
            let owner = if behind.is_some() { behind } else { self.accounts[account.at()].participant };
            self.home_currency(owner).unwrap_or(self.accounts[account.at()].currency)
        };
        let creditor = &self.payments[self.credited_leg(id).at()];
        let a = home(payment.debtor, payment.debtor_for);
        let b = home(creditor.creditor, creditor.creditor_for);
        joint_business_day(
            &self.currencies[a.at()].calendar,
            &self.currencies[b.at()].calendar,
            settled_on,
            self.options().return_days,
        )
    }
}
