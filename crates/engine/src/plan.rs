//! Making a plan: from the queues of a currency to the payments that should settle together.
//!
//! A plan is only a proposal. It enters the journal as a command and the ledger proves it again before anything is booked,
//! so a better solver can take the place of this one without touching a single old journal. Absent on purpose: rules;
//! whatever this module gets wrong, the ledger refuses.

use comity_clearing::free::{self, Terms};
use comity_clearing::gridlock::Problem;
use comity_ledger::State;
use comity_ledger::ids::{CurrencyId, PaymentId};

/// The payments of a currency that should settle together now, ascending: the most value that is found when payments of
/// banks that consent may settle out of order, each whole. Empty when nothing can settle. The same state gives the same
/// plan on every machine: the budget is in steps.
#[must_use]
pub fn plan(state: &State, currency: CurrencyId) -> Vec<PaymentId> {
    let mut queues = state.queue_problem(currency);
    // A free choice knows no reserves: what is kept for urgent payments is kept from all of them.
    for reserve in &queues.reserves {
        let available = &mut queues.accounts[reserve.account as usize].available;
        *available = available.saturating_sub(reserve.amount);
    }
    let problem = Problem { reserves: &[], ..queues.problem() };
    let terms = Terms { opted_in: Some(&queues.may_bypass), ..Terms::default() };
    // More waits than a solver takes: then nothing is planned, and runs go on as before.
    let Ok(answer) = free::solve(&problem, &terms) else { return Vec::new() };
    let settled = answer.settled.iter().zip(&queues.payments).filter(|(units, _)| **units > 0);
    let mut plan: Vec<PaymentId> = settled.map(|(_, id)| *id).collect();
    plan.sort_unstable();
    plan
}
