//! Payments that wait: one queue per debtor account, ordered by priority and entry.
//!
//! Rules of Project Ubin phase 2: first in, first out by (priority, entry); a new normal payment goes behind any active
//! one, a lone urgent one does not; raising to urgent sorts by entry among the urgent; a parked payment is out of
//! consideration and comes back to its old place. Absent on purpose: deciding what settles; see [`crate::pay`] and
//! [`crate::offset`].

use alloc::collections::BTreeSet;

use crate::account::NO_QUEUE;
use crate::command::{Place, Priority};
use crate::event::Event;
use crate::event::Events;
use crate::ids::{AccountId, PaymentId, Time};
use crate::payment::Standing;
use crate::reject::{Reason, Reject, Wait, Why};
use crate::state::{State, Timer};
use crate::wire::{wire_enum, wire_struct};

/// Place in a queue: priority, then rank (the entry, unless moved), then the payment.
pub type Spot = (Priority, i64, PaymentId);

/// The payments that wait on one account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Queue {
    /// Under consideration, in order.
    pub active: BTreeSet<Spot>,
    /// Out of consideration, at the places they come back to.
    pub parked: BTreeSet<Spot>,
}
wire_struct!(Queue { active, parked });

/// Where a waiting payment is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// In its queue, under consideration.
    Active,
    /// In its queue, parked by its sender or the operator.
    Parked,
    /// In its queue, not considered while somebody is suspended.
    Blocked,
    /// Not yet in its queue: its date or time has not come.
    Scheduled,
}
wire_enum!(Kept { 0 => Active, 1 => Parked, 2 => Blocked, 3 => Scheduled });

/// What is kept of a payment while it waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Rank in its queue: the entry's sequence number, unless moved.
    pub rank: i64,
    /// Not before, if set.
    pub earliest: Time,
    /// Not after, if set.
    pub latest: Time,
    /// Where.
    pub kept: Kept,
}
wire_struct!(Waiting { rank, earliest, latest, kept });

impl State {
    /// The queue of an account, if it ever had one.
    #[must_use]
    pub fn queue(&self, account: AccountId) -> Option<&Queue> {
        self.queues.get(self.accounts[account.at()].queue as usize)
    }

    /// The payment of the account that is considered first.
    pub(crate) fn head(&self, account: AccountId) -> Option<PaymentId> {
        self.queue(account)?.active.first().map(|spot| spot.2)
    }

    /// The active payment a new one of this priority must go behind, if any.
    pub(crate) fn in_front(&self, account: AccountId, priority: Priority) -> Option<PaymentId> {
        let first = self.queue(account)?.active.first()?;
        match priority {
            // Only an urgent payment stands in front of an urgent one.
            Priority::Urgent => (first.0 == Priority::Urgent).then_some(first.2),
            Priority::Normal => Some(first.2),
        }
    }

    fn queue_mut(&mut self, account: AccountId) -> &mut Queue {
        let at = &mut self.accounts[account.at()].queue;
        if *at == NO_QUEUE {
            *at = u32::try_from(self.queues.len()).expect("fewer queues than accounts");
            self.queues.push(Queue::default());
        }
        &mut self.queues[*at as usize]
    }

    fn spot(&self, id: PaymentId) -> Spot {
        (self.payments[id.at()].priority, self.waiting[&id].rank, id)
    }

    /// Records that a payment waits from now on.
    pub(crate) fn keep_waiting(&mut self, id: PaymentId, earliest: Time, latest: Time, kept: Kept) {
        let rank = i64::try_from(self.payments[id.at()].seq).expect("fewer than 2^63 entries");
        self.waiting.insert(id, Waiting { rank, earliest, latest, kept });
        if latest.is_set() {
            self.timers.insert((latest, Timer::Latest(id)));
        }
        match kept {
            Kept::Scheduled => {
                if earliest.is_set() && earliest > self.at {
                    self.timers.insert((earliest, Timer::Earliest(id)));
                }
            }
            Kept::Active | Kept::Parked | Kept::Blocked => self.put_in_queue(id, kept),
        }
    }

    /// Puts a waiting payment into its queue, on the given side.
    pub(crate) fn put_in_queue(&mut self, id: PaymentId, kept: Kept) {
        let spot = self.spot(id);
        let account = self.payments[id.at()].debtor;
        let queue = self.queue_mut(account);
        let new = match kept {
            Kept::Active => queue.active.insert(spot),
            Kept::Parked | Kept::Blocked => queue.parked.insert(spot),
            Kept::Scheduled => true,
        };
        assert!(new, "a payment is in its queue once");
        if kept == Kept::Active {
            self.stirred = true;
        }
        self.waiting.get_mut(&id).expect("a waiting payment is recorded").kept = kept;
        if kept == Kept::Active {
            self.watch_put(id);
        }
    }

    /// Takes a waiting payment out of its queue and keeps the rest of what is known.
    pub(crate) fn take_out_of_queue(&mut self, id: PaymentId) {
        let spot = self.spot(id);
        let account = self.payments[id.at()].debtor;
        let kept = self.waiting[&id].kept;
        let queue = self.queue_mut(account);
        let was = match kept {
            Kept::Active => queue.active.remove(&spot),
            Kept::Parked | Kept::Blocked => queue.parked.remove(&spot),
            Kept::Scheduled => true,
        };
        assert!(was, "a waiting payment is where its record says");
        if kept == Kept::Active {
            self.watch_take(id);
        }
    }

    /// Forgets that a payment waited: it settled or ended.
    pub(crate) fn stop_waiting(&mut self, id: PaymentId) {
        self.take_out_of_queue(id);
        let waiting = self.waiting.remove(&id).expect("a waiting payment is recorded");
        if waiting.latest.is_set() {
            self.timers.remove(&(waiting.latest, Timer::Latest(id)));
        }
        if waiting.earliest.is_set() {
            self.timers.remove(&(waiting.earliest, Timer::Earliest(id)));
        }
        self.value_dated.remove(&(self.payments[id.at()].value_date, id));
    }

    /// Ends a payment that waits, and its whole group, without settlement.
    pub(crate) fn end_waiting(&mut self, events: &mut Events, id: PaymentId, reject: Reject) {
        for leg in self.legs(id) {
            self.stop_waiting(leg);
            let at = self.at;
            let payment = &mut self.payments[leg.at()];
            payment.standing = Standing::Cancelled;
            payment.done = at;
            payment.reason = Some(if leg == id { reject.reason } else { Reason::GroupFailed });
            let (debtor, link) = (payment.debtor, payment.link);
            if link.is_some() {
                // It was a return, itself or by conversion: the original may be returned by another message now.
                self.payments[link.at()].link = PaymentId::NONE;
            }
            let reject = if leg == id { reject } else { Reject::because(Reason::GroupFailed) };
            events.push(Event::Cancelled { payment: leg, reject });
            self.credited.push_back(debtor);
        }
    }

    /// The payments that stand or fall with this one, itself included.
    pub(crate) fn legs(&self, id: PaymentId) -> impl Iterator<Item = PaymentId> + use<> {
        let group = self.payments[id.at()].group;
        let (first, count) = if group.is_some() {
            let group = &self.groups[group.at()];
            (group.first, group.legs)
        } else {
            (id, 1)
        };
        (first.0..first.0 + count).map(PaymentId)
    }

    /// Changes the priority of a waiting payment: it sorts by entry among its new peers, whatever moves came before.
    pub(crate) fn change_priority(&mut self, events: &mut Events, id: PaymentId, priority: Priority) {
        let kept = self.waiting[&id].kept;
        self.take_out_of_queue(id);
        let payment = &mut self.payments[id.at()];
        if payment.priority != priority {
            payment.priority = priority;
            let entry = i64::try_from(payment.seq).expect("fewer than 2^63 entries");
            self.waiting.get_mut(&id).expect("a waiting payment is recorded").rank = entry;
        }
        self.put_in_queue(id, kept);
        events.push(Event::QueueChanged { payment: id });
        self.credited.push_back(self.payments[id.at()].debtor);
    }

    /// Moves a waiting payment within its priority.
    pub(crate) fn move_to(&mut self, events: &mut Events, id: PaymentId, place: Place) {
        let priority = self.payments[id.at()].priority;
        let account = self.payments[id.at()].debtor;
        let kept = self.waiting[&id].kept;
        self.take_out_of_queue(id);
        let queue = self.queue_mut(account);
        let peers = (priority, i64::MIN, PaymentId(0))..=(priority, i64::MAX, PaymentId::NONE);
        let ends = [&queue.active, &queue.parked].map(|side| {
            let mut side = side.range(peers.clone()).map(|spot| spot.1);
            match place {
                Place::Front => side.next(),
                Place::Back => side.next_back(),
            }
        });
        let rank = match place {
            Place::Front => ends.into_iter().flatten().min().map(|rank| rank - 1),
            Place::Back => ends.into_iter().flatten().max().map(|rank| rank + 1),
        };
        if let Some(rank) = rank {
            self.waiting.get_mut(&id).expect("a waiting payment is recorded").rank = rank;
        }
        self.put_in_queue(id, kept);
        events.push(Event::QueueChanged { payment: id });
        self.credited.push_back(account);
    }

    /// Moves a waiting payment between consideration and its parked side.
    pub(crate) fn set_kept(&mut self, events: &mut Events, id: PaymentId, kept: Kept) {
        self.take_out_of_queue(id);
        self.put_in_queue(id, kept);
        events.push(Event::QueueChanged { payment: id });
        self.credited.push_back(self.payments[id.at()].debtor);
    }

    /// Queue position: balance plus everything queued towards the account, less what it has queued up to and including
    /// this payment; active payments only, minor units. Below zero, the payment cannot go even if all incoming arrives.
    #[must_use]
    pub fn queue_position(&self, id: PaymentId) -> Option<i128> {
        let waiting = self.waiting.get(&id).filter(|waiting| waiting.kept == Kept::Active)?;
        let payment = &self.payments[id.at()];
        let spot = (payment.priority, waiting.rank, id);
        let amount = |spot: &Spot| i128::from(self.payments[spot.2.at()].amount);
        let outgoing: i128 = self.queue(payment.debtor)?.active.range(..=spot).map(amount).sum();
        let incoming: i128 = self
            .waiting
            .iter()
            .filter(|(other, waiting)| {
                waiting.kept == Kept::Active && self.payments[other.at()].creditor == payment.debtor
            })
            .map(|(other, _)| i128::from(self.payments[other.at()].amount))
            .sum();
        Some(i128::from(self.accounts[payment.debtor.at()].balance) + incoming - outgoing)
    }

    /// Why a payment waits now and what would release it; `None` when it does not wait.
    #[must_use]
    pub fn why(&self, id: PaymentId) -> Option<Wait> {
        let waiting = self.waiting.get(&id)?;
        let payment = &self.payments[id.at()];
        let because = |why| Wait { why, limit: 0, value: 0 };
        Some(match waiting.kept {
            Kept::Scheduled if payment.value_date > self.day.date => {
                Wait { why: Why::ValueDate, limit: i64::from(payment.value_date.0), value: 0 }
            }
            Kept::Scheduled => {
                Wait { why: Why::Earliest, limit: i64::try_from(waiting.earliest.0).unwrap_or(i64::MAX), value: 0 }
            }
            Kept::Parked => because(Why::Parked),
            Kept::Blocked => because(Why::Suspended),
            Kept::Active => self.obstacle_in_queue(id).unwrap_or(because(Why::Group)),
        })
    }
}
