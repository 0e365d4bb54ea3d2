//! Cycles of net positions: a range of the journal, the net of every account over it, and the authorities' word.
//!
//! Membership is a range of sequence numbers, so nothing lies between two cycles and two operators get the same nets
//! from the same journal. Absent on purpose: carrying imbalances; that is the union's business.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::account::IS_OUTSIDE;
use crate::command::ConfirmPositions;
use crate::event::{Event, Events};
use crate::ids::{AccountId, AuthorityId};
use crate::phase;
use crate::reject::{Reason, Reject};
use crate::state::State;
use crate::wire::wire_struct;

/// A cut cycle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cycle {
    /// First entry of its range.
    pub from: u64,
    /// Last entry of its range.
    pub to: u64,
    /// Net received less sent per account, minor units; accounts without a net are left out.
    pub nets: Vec<(AccountId, i64)>,
    /// The word of each authority that has answered: true confirmed, false objected.
    pub answers: BTreeMap<AuthorityId, bool>,
    /// Whether every authority has confirmed.
    pub is_final: bool,
}
wire_struct!(Cycle { from, to, nets, answers, is_final });

/// Cuts the cycle at this entry and computes the nets.
pub(crate) fn cut(state: &mut State, events: &mut Events) {
    let from = state.cycles.last().map_or(1, |cycle| cycle.to + 1);
    let mut nets = Vec::new();
    let mut sums: BTreeMap<crate::ids::CurrencyId, i128> = BTreeMap::new();
    for (at, (account, side)) in state.accounts.iter().zip(&mut state.sides).enumerate() {
        if account.is(IS_OUTSIDE) {
            continue;
        }
        let net = account.balance - side.cycle_base;
        side.cycle_base = account.balance;
        if net != 0 {
            *sums.entry(account.currency).or_insert(0) += i128::from(net);
            nets.push((AccountId(u32::try_from(at).expect("fewer than 2^32 accounts")), net));
        }
    }
    assert!(sums.values().all(|sum| *sum == 0), "C-1: the nets of a cycle sum to zero in every currency");
    let to = state.seq;
    state.cycles.push(Cycle { from, to, nets, answers: BTreeMap::new(), is_final: false });
    let cycle = u32::try_from(state.cycles.len()).expect("fewer than 2^32 cycles");
    events.push(Event::CycleCut { cycle, from, to });
}

/// An authority confirms or objects to the last cut cycle.
pub(crate) fn confirm(
    state: &mut State,
    events: &mut Events,
    authority: AuthorityId,
    order: &ConfirmPositions,
) -> Result<(), Reject> {
    if !state.allows(phase::CONFIRM) {
        return Err(Reject::refers(Reason::PhaseClosed, u64::from(state.day.phase)));
    }
    let last = state.cycles.len();
    if last == 0 || order.cycle as usize != last {
        return Err(Reject::refers(Reason::Unknown, last as u64));
    }
    let cycle = &mut state.cycles[last - 1];
    if cycle.is_final {
        return Err(Reject::because(Reason::NotWaiting));
    }
    cycle.answers.insert(authority, order.agree);
    events.push(Event::PositionsAnswered { cycle: order.cycle, authority, agree: order.agree });
    let agreed = cycle.answers.values().filter(|agree| **agree).count();
    if agreed == state.authorities.len() {
        cycle.is_final = true;
        events.push(Event::CycleFinal { cycle: order.cycle });
    }
    Ok(())
}

impl State {
    /// Whether every authority has confirmed the cycle cut last.
    pub(crate) fn positions_final(&self) -> bool {
        self.cycles.last().is_some_and(|cycle| cycle.is_final)
    }
}
