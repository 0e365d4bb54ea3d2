//! The solver: start from everything, remove what is forced out, stop when nothing is.
//!
//! Each item is removed at most once and each removal costs a constant, so a run is linear in accounts,
//! items, limits and groups. The queues are not copied: an item's index is its place, `ahead` links it to
//! the item before it in its debtor's queue, and a queue is cut by moving its `tail`.

use alloc::vec::Vec;

use super::{Cause, Invalid, Item, NO_GROUP, Problem, Removal, Solution};
use crate::at;

/// No item, limit or group.
const NONE: u32 = u32::MAX;

/// Buffers of the solver. Kept between runs, it allocates only when a problem is larger than any before.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    accounts: Vec<AccountState>,
    /// For each item the one before it in its debtor's queue.
    ahead: Vec<u32>,
    pairs: Vec<PairState>,
    /// For each item the limits it counts in; empty when the problem has none.
    item_pairs: Vec<ItemPairs>,
    /// For each account the limit that the account in hand has towards it, and it towards that account.
    stamps: Vec<ItemPairs>,
    groups: Vec<GroupState>,
    /// For each item the next of its group; empty when the problem has no groups.
    group_next: Vec<u32>,
    work: Vec<Work>,
    selected: Vec<bool>,
    trace: Vec<Removal>,
    net_out: Vec<i128>,
}

#[derive(Clone, Copy, Debug)]
struct AccountState {
    /// Net outflow still permitted by funds and multilateral limit; negative means violated.
    net_room: i128,
    /// Outgoing still permitted by the gross limit; negative means violated.
    gross_room: i128,
    /// Last selected item of the queue.
    tail: u32,
    /// First limits from and to this account.
    pair_from: u32,
    pair_to: u32,
    waiting: bool,
}

impl AccountState {
    const fn violated(&self) -> bool {
        self.tail != NONE && (self.net_room < 0 || self.gross_room < 0)
    }
}

#[derive(Clone, Copy, Debug)]
struct PairState {
    /// Headroom minus net flow; negative means violated.
    room: i128,
    /// Selected items from -> to.
    left: u32,
    next_from: u32,
    next_to: u32,
    waiting: bool,
}

impl PairState {
    const fn violated(&self) -> bool {
        self.left != 0 && self.room < 0
    }
}

#[derive(Clone, Copy, Debug)]
struct ItemPairs {
    /// Limit debtor -> creditor, which this item uses.
    uses: u32,
    /// Limit creditor -> debtor, which this item relieves.
    relieves: u32,
}

const NO_PAIRS: ItemPairs = ItemPairs {
    uses: NONE,
    relieves: NONE,
};

#[derive(Clone, Copy, Debug)]
struct GroupState {
    first: u32,
    broken: bool,
}

#[derive(Clone, Copy, Debug)]
enum Work {
    Account(u32),
    Pair(u32),
    Group(u32),
}

impl Workspace {
    /// An empty workspace.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            accounts: Vec::new(),
            ahead: Vec::new(),
            pairs: Vec::new(),
            item_pairs: Vec::new(),
            stamps: Vec::new(),
            groups: Vec::new(),
            group_next: Vec::new(),
            work: Vec::new(),
            selected: Vec::new(),
            trace: Vec::new(),
            net_out: Vec::new(),
        }
    }

    /// The unique greatest feasible set of `problem`, with the trace that proves it.
    ///
    /// # Errors
    /// [`Invalid`] when the problem is not well formed; nothing is computed then.
    pub fn solve(&mut self, problem: &Problem<'_>) -> Result<Solution<'_>, Invalid> {
        problem.validate()?;
        self.load(problem);
        self.link_pairs(problem)?;
        // Nothing below this line can refuse: removal always ends, at the latest with the empty set.
        self.seed();
        self.remove_all(problem);
        let caps = problem.accounts.iter().map(super::Account::net_cap);
        self.net_out.clear();
        self.net_out.extend(
            self.accounts
                .iter()
                .zip(caps)
                .map(|(state, cap)| cap - state.net_room),
        );
        Ok(Solution {
            selected: &self.selected,
            trace: &self.trace,
            net_out: &self.net_out,
        })
    }

    /// Takes everything as selected: sums, queues and groups.
    fn load(&mut self, problem: &Problem<'_>) {
        self.work.clear();
        self.trace.clear();
        self.accounts.clear();
        self.accounts
            .extend(problem.accounts.iter().map(|account| AccountState {
                net_room: account.net_cap(),
                gross_room: account.gross_out.map_or(i128::MAX, i128::from),
                tail: NONE,
                pair_from: NONE,
                pair_to: NONE,
                waiting: false,
            }));
        self.selected.clear();
        self.selected.resize(problem.items.len(), true);
        self.ahead.clear();
        self.ahead.reserve(problem.items.len());
        for (index, item) in (0u32..).zip(problem.items) {
            let amount = i128::from(item.amount);
            let debtor = &mut self.accounts[at(item.debtor)];
            debtor.net_room -= amount;
            debtor.gross_room -= amount;
            self.ahead.push(core::mem::replace(&mut debtor.tail, index));
            self.accounts[at(item.creditor)].net_room += amount;
        }
        self.groups.clear();
        self.group_next.clear();
        if problem.groups == 0 {
            return;
        }
        self.groups.resize(
            at(problem.groups),
            GroupState {
                first: NONE,
                broken: false,
            },
        );
        self.group_next.resize(problem.items.len(), NONE);
        for (index, item) in (0u32..).zip(problem.items) {
            if item.group != NO_GROUP {
                let first = &mut self.groups[at(item.group)].first;
                self.group_next[at(index)] = core::mem::replace(first, index);
            }
        }
    }

    /// Finds for each item the limits it counts in. Linear without hashing: the limits of one account are
    /// stamped on their counterparties while that account's queue is walked.
    fn link_pairs(&mut self, problem: &Problem<'_>) -> Result<(), Invalid> {
        self.pairs.clear();
        self.item_pairs.clear();
        if problem.bilateral.is_empty() {
            return Ok(());
        }
        for (index, limit) in (0u32..).zip(problem.bilateral) {
            let from = &mut self.accounts[at(limit.from)].pair_from;
            let next_from = core::mem::replace(from, index);
            let to = &mut self.accounts[at(limit.to)].pair_to;
            let next_to = core::mem::replace(to, index);
            self.pairs.push(PairState {
                room: i128::from(limit.headroom),
                left: 0,
                next_from,
                next_to,
                waiting: false,
            });
        }
        self.item_pairs.resize(problem.items.len(), NO_PAIRS);
        self.stamps.clear();
        self.stamps.resize(problem.accounts.len(), NO_PAIRS);
        for account in 0..self.accounts.len() {
            self.stamp(problem, account)?;
            if self.accounts[account].pair_from != NONE || self.accounts[account].pair_to != NONE {
                self.link_queue(problem, account);
            }
            self.unstamp(problem, account);
        }
        Ok(())
    }

    fn stamp(&mut self, problem: &Problem<'_>, account: usize) -> Result<(), Invalid> {
        let mut pair = self.accounts[account].pair_from;
        while pair != NONE {
            let limit = problem.bilateral[at(pair)];
            let uses = &mut self.stamps[at(limit.to)].uses;
            if *uses != NONE {
                return Err(Invalid::BilateralTwice {
                    from: limit.from,
                    to: limit.to,
                });
            }
            *uses = pair;
            pair = self.pairs[at(pair)].next_from;
        }
        let mut pair = self.accounts[account].pair_to;
        while pair != NONE {
            self.stamps[at(problem.bilateral[at(pair)].from)].relieves = pair;
            pair = self.pairs[at(pair)].next_to;
        }
        Ok(())
    }

    fn unstamp(&mut self, problem: &Problem<'_>, account: usize) {
        let mut pair = self.accounts[account].pair_from;
        while pair != NONE {
            self.stamps[at(problem.bilateral[at(pair)].to)] = NO_PAIRS;
            pair = self.pairs[at(pair)].next_from;
        }
        let mut pair = self.accounts[account].pair_to;
        while pair != NONE {
            self.stamps[at(problem.bilateral[at(pair)].from)] = NO_PAIRS;
            pair = self.pairs[at(pair)].next_to;
        }
    }

    fn link_queue(&mut self, problem: &Problem<'_>, account: usize) {
        let mut index = self.accounts[account].tail;
        while index != NONE {
            let item = problem.items[at(index)];
            let pairs = self.stamps[at(item.creditor)];
            self.item_pairs[at(index)] = pairs;
            if pairs.uses != NONE {
                let pair = &mut self.pairs[at(pairs.uses)];
                pair.room -= i128::from(item.amount);
                pair.left += 1;
            }
            if pairs.relieves != NONE {
                self.pairs[at(pairs.relieves)].room += i128::from(item.amount);
            }
            index = self.ahead[at(index)];
        }
    }

    fn seed(&mut self) {
        for (index, account) in (0u32..).zip(&mut self.accounts) {
            if account.violated() {
                account.waiting = true;
                self.work.push(Work::Account(index));
            }
        }
        for (index, pair) in (0u32..).zip(&mut self.pairs) {
            if pair.violated() {
                pair.waiting = true;
                self.work.push(Work::Pair(index));
            }
        }
    }

    fn remove_all(&mut self, problem: &Problem<'_>) {
        while let Some(work) = self.work.pop() {
            match work {
                Work::Account(account) => self.mend_account(problem, account),
                Work::Pair(pair) => self.mend_pair(problem, pair),
                Work::Group(group) => self.break_group(problem, group),
            }
        }
    }

    /// While an account is violated its last item is in no feasible set within the present one.
    fn mend_account(&mut self, problem: &Problem<'_>, account: u32) {
        self.accounts[at(account)].waiting = false;
        loop {
            let state = self.accounts[at(account)];
            if !state.violated() {
                return;
            }
            let cause = problem.accounts[at(account)].cause(state.net_room);
            self.cut(problem, state.tail, cause);
        }
    }

    /// While a pair is violated the last item that uses it is in no feasible set within the present one.
    fn mend_pair(&mut self, problem: &Problem<'_>, pair: u32) {
        self.pairs[at(pair)].waiting = false;
        let from = problem.bilateral[at(pair)].from;
        while self.pairs[at(pair)].violated() {
            let mut index = self.accounts[at(from)].tail;
            while self.item_pairs[at(index)].uses != pair {
                index = self.ahead[at(index)];
            }
            self.cut(problem, index, Cause::Pair);
        }
    }

    fn break_group(&mut self, problem: &Problem<'_>, group: u32) {
        let mut index = self.groups[at(group)].first;
        while index != NONE {
            if self.selected[at(index)] {
                self.cut(problem, index, Cause::Group);
            }
            index = self.group_next[at(index)];
        }
    }

    /// Removes a selected item and everything behind it. The item itself comes first in the trace, so that
    /// a reader has seen why before it sees `Behind`.
    fn cut(&mut self, problem: &Problem<'_>, index: u32, cause: Cause) {
        let item = problem.items[at(index)];
        self.take_out(index, item, cause);
        let mut tail = self.accounts[at(item.debtor)].tail;
        while tail != index {
            self.take_out(tail, problem.items[at(tail)], Cause::Behind);
            tail = self.ahead[at(tail)];
        }
        self.accounts[at(item.debtor)].tail = self.ahead[at(index)];
    }

    /// Takes one item out of all sums and notes whom that may have hurt.
    fn take_out(&mut self, index: u32, item: Item, cause: Cause) {
        self.selected[at(index)] = false;
        self.trace.push(Removal { item: index, cause });
        let amount = i128::from(item.amount);
        let debtor = &mut self.accounts[at(item.debtor)];
        debtor.net_room += amount;
        debtor.gross_room += amount;
        let creditor = &mut self.accounts[at(item.creditor)];
        creditor.net_room -= amount;
        if creditor.violated() && !creditor.waiting {
            creditor.waiting = true;
            self.work.push(Work::Account(item.creditor));
        }
        if let Some(&ItemPairs { uses, relieves }) = self.item_pairs.get(at(index)) {
            if uses != NONE {
                let pair = &mut self.pairs[at(uses)];
                pair.room += amount;
                pair.left -= 1;
            }
            if relieves != NONE {
                let pair = &mut self.pairs[at(relieves)];
                pair.room -= amount;
                if pair.violated() && !pair.waiting {
                    pair.waiting = true;
                    self.work.push(Work::Pair(relieves));
                }
            }
        }
        if item.group != NO_GROUP {
            let group = &mut self.groups[at(item.group)];
            if !group.broken {
                group.broken = true;
                self.work.push(Work::Group(item.group));
            }
        }
    }
}

impl super::Account {
    /// The tighter of funds and multilateral limit.
    fn net_cap(&self) -> i128 {
        let multilateral = self.multilateral.unwrap_or(i64::MAX);
        i128::from(self.available.min(multilateral))
    }

    /// Names the constraint behind a violation, in order of precedence.
    fn cause(&self, net_room: i128) -> Cause {
        let net_out = self.net_cap() - net_room;
        if net_out > i128::from(self.available) {
            Cause::Account
        } else if net_room < 0 {
            Cause::Multilateral
        } else {
            Cause::Gross
        }
    }
}
