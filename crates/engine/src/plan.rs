//! Making a plan: from the queues of a currency to the payments that should settle together.
//!
//! A plan is only a proposal. It enters the journal as a command and the ledger proves it again before anything is booked,
//! so a better solver can take the place of this one without touching a single old journal. Absent on purpose: rules;
//! whatever this module gets wrong, the ledger refuses.

use comity_clearing::gridlock::{Problem, Workspace};
use comity_ledger::State;
use comity_ledger::ids::{CurrencyId, PaymentId};

/// The payments of a currency that should settle together now, ascending; empty when nothing can.
#[must_use]
pub fn plan(state: &State, currency: CurrencyId) -> Vec<PaymentId> {
    let queues = state.queue_problem(currency);
    let problem = Problem {
        accounts: &queues.accounts,
        items: &queues.items,
        bilateral: &queues.bilateral,
        groups: queues.groups,
    };
    let mut workspace = Workspace::new();
    let Ok(solution) = workspace.solve(&problem) else { return Vec::new() };
    let chosen = queues.payments.iter().zip(solution.selected).filter(|(_, selected)| **selected);
    let mut plan: Vec<PaymentId> = chosen.map(|(id, _)| *id).collect();
    plan.sort_unstable();
    plan
}
