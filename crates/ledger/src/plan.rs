//! A plan: waiting payments that somebody says can settle together.
//!
//! Whoever solved it, with whatever method, a plan is proved here from the queues, balances and limits as they are now,
//! in time linear in the plan and its queues, and booked as one step or refused as a whole. A journal therefore replays
//! the same for ever, however solvers change. Absent on purpose: solvers, and any wish for a better plan.

use alloc::vec::Vec;

use comity_clearing::gridlock::{Checker, Flaw};

use crate::account::MAY_BYPASS;
use crate::command::Policy;
use crate::event::{Events, How};
use crate::ids::{AccountId, PaymentId};
use crate::offset::Scratch;
use crate::phase;
use crate::queue::Kept;
use crate::reject::{Reason, Reject};
use crate::state::State;

/// Settles the payments of a plan, or says why it cannot.
pub(crate) fn settle(state: &mut State, events: &mut Events, plan: &[PaymentId]) -> Result<(), Reject> {
    if !state.allows(phase::SETTLE) {
        return Err(Reject::refers(Reason::PhaseClosed, u64::from(state.day.phase)));
    }
    // One form only: ascending, each once.
    if plan.is_empty() || !plan.is_sorted_by(|one, next| one < next) {
        return Err(Reject::because(Reason::OutOfRange));
    }
    for id in plan {
        may_settle(state, plan, *id)?;
    }
    let order = in_turn(state, plan)?;
    let mut scratch = core::mem::take(&mut state.offset);
    scratch.take_plan(state, &order);
    let proved = prove(state, &scratch);
    if proved.is_ok() {
        scratch.book(state, events, How::Planned);
    }
    scratch.clear();
    state.offset = scratch;
    proved
}

/// Whether a payment of the plan is under consideration at all, with every leg of its group.
fn may_settle(state: &State, plan: &[PaymentId], id: PaymentId) -> Result<(), Reject> {
    if id.at() >= state.payments.len() {
        return Err(Reject::refers(Reason::Unknown, u64::from(id.0)));
    }
    let payment = state.payment(id);
    if state.waiting.get(&id).is_none_or(|waiting| waiting.kept != Kept::Active) {
        return Err(Reject::refers(Reason::NotWaiting, payment.seq));
    }
    let currency = state.accounts[payment.debtor.at()].currency;
    if state.currencies[currency.at()].stopped {
        return Err(Reject::refers(Reason::CurrencyStopped, payment.seq));
    }
    if state.is_blocked(payment) {
        return Err(Reject::refers(Reason::DebtorSuspended, payment.seq));
    }
    if state.is_closed(currency) {
        return Err(Reject::refers(Reason::ValueDate, payment.seq));
    }
    if state.legs(id).any(|leg| plan.binary_search(&leg).is_err()) {
        return Err(Reject::refers(Reason::InGroup, payment.seq));
    }
    Ok(())
}

/// The plan in the order of the queues, account by account. A payment is passed over only where the currency's rule and
/// the account's owner allow it.
fn in_turn(state: &State, plan: &[PaymentId]) -> Result<Vec<PaymentId>, Reject> {
    let place = |id: PaymentId| {
        let payment = state.payment(id);
        (payment.debtor, payment.priority, state.waiting[&id].rank, id)
    };
    let mut order: Vec<_> = plan.iter().map(|id| place(*id)).collect();
    order.sort_unstable();
    for of_one in order.chunk_by(|one, next| one.0 == next.0) {
        let debtor = of_one[0].0;
        if may_bypass(state, debtor) {
            continue;
        }
        let queue = state.queue(debtor).expect("payments wait in it");
        let passed = queue.active.iter().zip(of_one).find(|(spot, planned)| spot.2 != planned.3);
        if let Some((spot, _)) = passed {
            return Err(Reject::refers(Reason::OutOfTurn, state.payment(spot.2).seq));
        }
    }
    Ok(order.into_iter().map(|(_, _, _, id)| id).collect())
}

/// Whether payments of the account may settle before earlier ones of its queue.
pub(crate) fn may_bypass(state: &State, account: AccountId) -> bool {
    let account = &state.accounts[account.at()];
    account.is(MAY_BYPASS) && state.offsetting(account.currency).policy == Policy::FreeSubset
}

/// Whether every balance and limit holds after the whole plan.
fn prove(state: &State, scratch: &Scratch) -> Result<(), Reject> {
    let problem = scratch.problem();
    let selected = alloc::vec![true; problem.items.len()];
    let Err(flaw) = Checker::new().feasible(&problem, &selected) else {
        return Ok(());
    };
    // The payment whose account or pair of accounts it is.
    let of = |found: &dyn Fn(&comity_clearing::gridlock::Item) -> bool| problem.items.iter().position(found);
    let at = match flaw {
        Flaw::AccountViolated { account, .. } => of(&|item| item.debtor == account),
        Flaw::PairViolated { limit } => {
            let limit = problem.bilateral[limit as usize];
            of(&|item| (item.debtor, item.creditor) == (limit.from, limit.to))
        }
        Flaw::Problem(_)
        | Flaw::Length { .. }
        | Flaw::Unknown { .. }
        | Flaw::Repeated { .. }
        | Flaw::Unforced { .. }
        | Flaw::Selection { .. }
        | Flaw::NotPrefix { .. }
        | Flaw::SplitGroup { .. }
        | Flaw::NetOut { .. } => unreachable!("the plan was put in order and its groups are whole: {flaw}"),
    };
    let id = scratch.payments()[at.expect("a violated limit has a payment")];
    Err(Reject::refers(Reason::NotFeasible, state.payment(id).seq))
}
