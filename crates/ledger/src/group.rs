//! Payment versus payment: several payments decided together, all or nothing.
//!
//! Legs are consecutive payments. Each leg waits in its own debtor's queue; the group settles when every leg stands
//! first in its queue (other legs of the group aside) and all of them together can be paid.

use alloc::collections::BTreeMap;

use crate::account::HAS_MULTILATERAL;
use crate::command::Priority;
use crate::event::{Event, Events, How};
use crate::ids::{AccountId, GroupId, PaymentId};
use crate::payment::Payment;
use crate::rate::FRACTION;
use crate::reject::{Wait, Why};
use crate::state::State;
use crate::wire::wire_struct;

/// Payments decided together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// First leg; legs are consecutive.
    pub first: PaymentId,
    /// How many.
    pub legs: u32,
    /// For a conversion: the provider's account in the pair's quote currency; else `NONE`.
    pub provider: AccountId,
    /// For a conversion: what rounding left with the provider, parts of [`FRACTION`] of a minor unit.
    pub remainder: u128,
}
wire_struct!(Group { first, legs, provider, remainder });

/// Fewest and most legs of a group.
pub const LEGS: core::ops::RangeInclusive<usize> = 2..=16;

impl State {
    /// What keeps the group from settling now, if anything, and whose account it concerns. Queues are not looked at.
    pub(crate) fn group_obstacle(&self, id: GroupId) -> Option<(AccountId, Wait)> {
        let group = &self.groups[id.at()];
        let legs = &self.payments[group.first.at()..group.first.at() + group.legs as usize];
        self.legs_obstacle(legs, &BTreeMap::new())
    }

    /// The same for legs that need not be recorded yet. `freed` is money set aside that comes free in this decision.
    pub(crate) fn legs_obstacle(
        &self,
        legs: &[Payment],
        freed: &BTreeMap<AccountId, i64>,
    ) -> Option<(AccountId, Wait)> {
        // Money and limits hold for what the group moves as a whole: with at most 16 legs a plain search is fastest.
        for (at, leg) in legs.iter().enumerate() {
            if legs[..at].iter().any(|earlier| earlier.debtor == leg.debtor) {
                continue;
            }
            let sum = |matches: &dyn Fn(&Payment) -> bool| -> i64 {
                legs.iter().filter(|leg| matches(leg)).fold(0_i64, |sum, leg| sum.saturating_add(leg.amount))
            };
            let out = sum(&|other| other.debtor == leg.debtor);
            let net = out - sum(&|other| other.creditor == leg.debtor);
            let account = &self.accounts[leg.debtor.at()];
            let here = |wait| Some((leg.debtor, wait));
            let free = freed.get(&leg.debtor).copied().unwrap_or(0);
            let available = account.available().saturating_add(free);
            if net > available {
                return here(Wait { why: Why::Funds, limit: account.credit, value: net - available });
            }
            // One normal leg of this account among them, and what it keeps for urgent payments must stay.
            let normal = legs.iter().any(|other| other.debtor == leg.debtor && other.priority == Priority::Normal);
            if normal && let Some(wait) = self.reserve_short(leg.debtor, net.saturating_sub(free)) {
                return here(wait);
            }
            if account.is(HAS_MULTILATERAL) {
                let side = &self.sides[leg.debtor.at()];
                let net = side.day_base - account.balance + net;
                if net > side.multilateral {
                    return here(Wait {
                        why: Why::Multilateral,
                        limit: side.multilateral,
                        value: net - side.multilateral,
                    });
                }
            }
            let sent = account.sent_today.saturating_add(out);
            if sent > account.day_cap {
                return here(Wait { why: Why::PerDay, limit: account.day_cap, value: sent - account.day_cap });
            }
            for other in legs.iter().filter(|other| other.debtor == leg.debtor) {
                if let Some(bilateral) = self.bilateral.get(&(leg.debtor, other.creditor)) {
                    let there = sum(&|x| x.debtor == leg.debtor && x.creditor == other.creditor);
                    let back = sum(&|x| x.debtor == other.creditor && x.creditor == leg.debtor);
                    let over = bilateral.over(i128::from(there - back));
                    if over > 0 {
                        return here(Wait { why: Why::Bilateral, limit: bilateral.limit, value: over });
                    }
                }
            }
        }
        None
    }

    /// The active payment in front of some leg of the group that is not itself a leg, if any, and the account in whose
    /// queue it stands. Legs must be in queues.
    pub(crate) fn group_in_front(&self, id: GroupId) -> Option<(AccountId, PaymentId)> {
        let group = &self.groups[id.at()];
        let legs = group.first.0..group.first.0 + group.legs;
        for leg in legs.clone() {
            let debtor = self.payments[leg as usize].debtor;
            for spot in self.queue(debtor).into_iter().flat_map(|queue| queue.active.iter()) {
                if spot.2.0 == leg {
                    break;
                }
                if !legs.contains(&spot.2.0) {
                    return Some((debtor, spot.2));
                }
            }
        }
        None
    }

    /// What a leg of a group is told when this keeps the group: the obstacle itself if it is at the leg's own account,
    /// otherwise that another leg comes first.
    pub(crate) fn wait_of_leg(&self, leg: PaymentId, at: AccountId, wait: Wait) -> Wait {
        if self.payments[leg.at()].debtor == at { wait } else { Wait { why: Why::Group, limit: 0, value: 0 } }
    }

    /// Settles every leg in one decision. The group has been checked.
    pub(crate) fn settle_group(&mut self, events: &mut Events, id: GroupId, how: How) {
        let Group { first, legs, .. } = self.groups[id.at()];
        for leg in (first.0..first.0 + legs).map(PaymentId) {
            self.settle(events, leg, how);
        }
        for leg in (first.0..first.0 + legs).map(PaymentId) {
            self.assert_account(self.payments[leg.at()].debtor);
        }
        self.collect_remainder(events, id);
    }

    /// Adds what rounding left with the provider to what it owes, and pays the owner whole minor units as far as the
    /// provider's money goes; the rest stays owed, so nothing is ever lost.
    pub(crate) fn collect_remainder(&mut self, events: &mut Events, id: GroupId) {
        let Group { provider, remainder, .. } = self.groups[id.at()];
        if provider.is_some() {
            self.owe_remainder(events, provider, remainder);
        }
    }

    /// The same for whoever keeps what rounding left.
    pub(crate) fn owe_remainder(&mut self, events: &mut Events, provider: AccountId, remainder: u128) {
        if remainder == 0 {
            return;
        }
        let side = &mut self.sides[provider.at()];
        side.remainder += remainder;
        let whole = i64::try_from(side.remainder / u128::from(FRACTION)).unwrap_or(i64::MAX);
        let amount = whole.min(self.accounts[provider.at()].available()).max(0);
        if amount > 0 {
            self.sides[provider.at()].remainder -= amount as u128 * u128::from(FRACTION);
            let currency = self.accounts[provider.at()].currency;
            let owner = self.currencies[currency.at()].remainder;
            self.post_aside(provider, owner, amount);
            self.assert_account(provider);
            events.push(Event::Remainder { currency, from: provider, amount });
        }
    }
}
