//! The solver: start from everything, remove what is forced out, stop when nothing is.
//!
//! Each item is removed at most once and each removal costs a constant, so a run is linear in accounts,
//! items, limits and groups. Items are copied once into one array, queue by queue: removal walks a queue
//! from its end, and in the caller's order each step would miss the cache (measured: 4 to 5 times slower
//! when a million items unwind).

use alloc::vec::Vec;

use super::{Cause, Invalid, Item, NO_GROUP, Problem, Removal, Reserve, Solution};
use crate::at;

/// No place, limit or group.
const NONE: u32 = u32::MAX;

/// Buffers of the solver. Kept between runs, it allocates only when a problem is larger than any before.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    accounts: Vec<AccountState>,
    /// All items, queue by queue; a *place* is an index into it.
    queued: Vec<Queued>,
    pairs: Vec<PairState>,
    /// For each account the first limits from and to it; empty when the problem has no limits.
    pair_heads: Vec<Ends>,
    /// For each place the limits it counts in; empty when the problem has no limits.
    links: Vec<Links>,
    /// For each account the limits between it and the account in hand.
    stamps: Vec<Links>,
    /// For each account whether its reserve was read; empty when the problem has none.
    reserved: Vec<bool>,
    groups: Vec<GroupState>,
    /// For each place its group and the next place of that group; empty when the problem has no groups.
    members: Vec<Member>,
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
    /// The queue's selected prefix is `queued[start..end]`.
    start: u32,
    end: u32,
    /// Net room that must be left while the prefix ends behind `urgent_end`.
    held_back: i64,
    urgent_end: u32,
    waiting: bool,
}

impl AccountState {
    fn violated(&self) -> bool {
        let held_back = if self.end > self.urgent_end { self.held_back } else { 0 };
        self.end != self.start && (self.net_room < i128::from(held_back) || self.gross_room < 0)
    }
}

#[derive(Clone, Copy, Debug)]
struct Queued {
    amount: i64,
    creditor: u32,
    item: u32,
}

const NOT_QUEUED: Queued = Queued { amount: 0, creditor: 0, item: NONE };

#[derive(Clone, Copy, Debug)]
struct PairState {
    /// Headroom minus net flow; negative means violated.
    room: i128,
    /// Selected items from -> to.
    left: u32,
    /// The next limits of the same `from` and of the same `to`.
    next: Ends,
    waiting: bool,
}

impl PairState {
    const fn violated(&self) -> bool {
        self.left != 0 && self.room < 0
    }
}

#[derive(Clone, Copy, Debug)]
struct Ends {
    from: u32,
    to: u32,
}

#[derive(Clone, Copy, Debug)]
struct Links {
    /// Limit debtor -> creditor, which the item uses.
    uses: u32,
    /// Limit creditor -> debtor, which the item relieves.
    relieves: u32,
}

const NO_LINKS: Links = Links { uses: NONE, relieves: NONE };

#[derive(Clone, Copy, Debug)]
struct Member {
    group: u32,
    debtor: u32,
    next: u32,
}

const NO_MEMBER: Member = Member { group: NO_GROUP, debtor: NONE, next: NONE };

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
    pub fn new() -> Self {
        Self::default()
    }

    /// The unique greatest feasible set of `problem`, with the trace that proves it.
    ///
    /// # Errors
    /// [`Invalid`] when the problem is not well formed; nothing is computed then.
    pub fn solve(&mut self, problem: &Problem<'_>) -> Result<Solution<'_>, Invalid> {
        self.load(problem)?;
        self.load_reserves(problem)?;
        self.load_groups(problem);
        self.load_limits(problem)?;
        // Nothing below this line can refuse: removal always ends, at the latest with the empty set.
        self.seed();
        self.remove_all(problem);
        let caps = problem.accounts.iter().map(super::Account::net_cap);
        let nets = self.accounts.iter().zip(caps).map(|(state, cap)| cap - state.net_room);
        self.net_out.clear();
        self.net_out.extend(nets);
        Ok(Solution { selected: &self.selected, trace: &self.trace, net_out: &self.net_out })
    }

    /// Takes everything as selected: sums and queues. Items are validated in the pass that sums them.
    fn load(&mut self, problem: &Problem<'_>) -> Result<(), Invalid> {
        problem.validate_counts_and_limits()?;
        self.work.clear();
        self.trace.clear();
        self.accounts.clear();
        self.accounts.extend(problem.accounts.iter().map(|account| AccountState {
            net_room: account.net_cap(),
            gross_room: account.gross_out.map_or(i128::MAX, i128::from),
            start: 0,
            end: 0,
            held_back: 0,
            urgent_end: 0,
            waiting: false,
        }));
        for (index, item) in (0u32..).zip(problem.items) {
            problem.validate_item(index, item)?;
            let amount = i128::from(item.amount);
            let debtor = &mut self.accounts[at(item.debtor)];
            debtor.net_room -= amount;
            debtor.gross_room -= amount;
            debtor.end += 1;
            self.accounts[at(item.creditor)].net_room += amount;
        }
        let mut place = 0;
        for account in &mut self.accounts {
            account.start = place;
            place += account.end;
            account.end = account.start;
        }
        // Every place is written below, so what an earlier run left in the buffer does not matter.
        self.queued.resize(problem.items.len(), NOT_QUEUED);
        for (index, &Item { debtor, creditor, amount, .. }) in (0u32..).zip(problem.items) {
            let end = &mut self.accounts[at(debtor)].end;
            self.queued[at(*end)] = Queued { amount, creditor, item: index };
            *end += 1;
        }
        self.selected.clear();
        self.selected.resize(problem.items.len(), true);
        Ok(())
    }

    /// What each reserve keeps from items that are not urgent, over and above the tighter of the other caps.
    fn load_reserves(&mut self, problem: &Problem<'_>) -> Result<(), Invalid> {
        self.reserved.clear();
        if problem.reserves.is_empty() {
            return Ok(());
        }
        self.reserved.resize(problem.accounts.len(), false);
        for &Reserve { account, amount, urgent } in problem.reserves {
            if core::mem::replace(&mut self.reserved[at(account)], true) {
                return Err(Invalid::ReserveTwice { account });
            }
            let terms = &problem.accounts[at(account)];
            let normal = i128::from(terms.available) - i128::from(amount);
            let held_back = terms.net_cap() - normal.min(terms.net_cap());
            let state = &mut self.accounts[at(account)];
            state.held_back = i64::try_from(held_back).expect("at most the reserve");
            state.urgent_end = state.end.min(state.start.saturating_add(urgent));
        }
        Ok(())
    }

    /// Links the places of each group, queue by queue: one pass over accounts and places.
    fn load_groups(&mut self, problem: &Problem<'_>) {
        self.groups.clear();
        self.members.clear();
        if problem.groups == 0 {
            return;
        }
        self.groups.resize(at(problem.groups), GroupState { first: NONE, broken: false });
        self.members.resize(problem.items.len(), NO_MEMBER);
        // Items of one debtor come in queue order, so a second filling of the queues finds their places.
        for account in &mut self.accounts {
            account.end = account.start;
        }
        for &Item { debtor, group, .. } in problem.items {
            let end = &mut self.accounts[at(debtor)].end;
            if group != NO_GROUP {
                let next = core::mem::replace(&mut self.groups[at(group)].first, *end);
                self.members[at(*end)] = Member { group, debtor, next };
            }
            *end += 1;
        }
    }

    /// Finds for each item the limits it counts in. Linear without hashing: the limits of one account are
    /// stamped on their counterparties while that account's queue is walked.
    fn load_limits(&mut self, problem: &Problem<'_>) -> Result<(), Invalid> {
        self.pairs.clear();
        self.links.clear();
        if problem.bilateral.is_empty() {
            return Ok(());
        }
        self.pair_heads.clear();
        self.pair_heads.resize(problem.accounts.len(), Ends { from: NONE, to: NONE });
        for (index, limit) in (0u32..).zip(problem.bilateral) {
            let from = core::mem::replace(&mut self.pair_heads[at(limit.from)].from, index);
            let to = core::mem::replace(&mut self.pair_heads[at(limit.to)].to, index);
            self.pairs.push(PairState {
                room: i128::from(limit.headroom),
                left: 0,
                next: Ends { from, to },
                waiting: false,
            });
        }
        self.links.resize(problem.items.len(), NO_LINKS);
        self.stamps.clear();
        self.stamps.resize(problem.accounts.len(), NO_LINKS);
        for account in 0..self.accounts.len() {
            let heads = self.pair_heads[account];
            if heads.from != NONE || heads.to != NONE {
                self.stamp(problem, heads)?;
                self.link_queue(account);
                self.wipe(problem, heads);
            }
        }
        Ok(())
    }

    fn stamp(&mut self, problem: &Problem<'_>, heads: Ends) -> Result<(), Invalid> {
        let Ends { mut from, mut to } = heads;
        while from != NONE {
            let limit = problem.bilateral[at(from)];
            let uses = &mut self.stamps[at(limit.to)].uses;
            if *uses != NONE {
                return Err(Invalid::BilateralTwice { from: limit.from, to: limit.to });
            }
            *uses = from;
            from = self.pairs[at(from)].next.from;
        }
        while to != NONE {
            self.stamps[at(problem.bilateral[at(to)].from)].relieves = to;
            to = self.pairs[at(to)].next.to;
        }
        Ok(())
    }

    fn link_queue(&mut self, account: usize) {
        let AccountState { start, end, .. } = self.accounts[account];
        for place in at(start)..at(end) {
            let Queued { amount, creditor, .. } = self.queued[place];
            let links = self.stamps[at(creditor)];
            self.links[place] = links;
            if links.uses != NONE {
                let pair = &mut self.pairs[at(links.uses)];
                pair.room -= i128::from(amount);
                pair.left += 1;
            }
            if links.relieves != NONE {
                self.pairs[at(links.relieves)].room += i128::from(amount);
            }
        }
    }

    fn wipe(&mut self, problem: &Problem<'_>, heads: Ends) {
        let Ends { mut from, mut to } = heads;
        while from != NONE {
            self.stamps[at(problem.bilateral[at(from)].to)] = NO_LINKS;
            from = self.pairs[at(from)].next.from;
        }
        while to != NONE {
            self.stamps[at(problem.bilateral[at(to)].from)] = NO_LINKS;
            to = self.pairs[at(to)].next.to;
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
                Work::Group(group) => self.break_group(group),
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
            let cause = problem.accounts[at(account)].cause(&state);
            self.cut(account, state.end - 1, cause);
        }
    }

    /// While a pair is violated the last item that uses it is in no feasible set within the present one.
    fn mend_pair(&mut self, problem: &Problem<'_>, pair: u32) {
        self.pairs[at(pair)].waiting = false;
        let from = problem.bilateral[at(pair)].from;
        while self.pairs[at(pair)].violated() {
            let mut place = self.accounts[at(from)].end - 1;
            while self.links[at(place)].uses != pair {
                place -= 1;
            }
            self.cut(from, place, Cause::Pair);
        }
    }

    fn break_group(&mut self, group: u32) {
        let mut place = self.groups[at(group)].first;
        while place != NONE {
            let Member { debtor, next, .. } = self.members[at(place)];
            if place < self.accounts[at(debtor)].end {
                self.cut(debtor, place, Cause::Group);
            }
            place = next;
        }
    }

    /// Removes the item at a selected place and everything behind it. The item itself comes first in the
    /// trace, so that a reader has seen why before it sees `Behind`.
    fn cut(&mut self, debtor: u32, place: u32, cause: Cause) {
        let end = core::mem::replace(&mut self.accounts[at(debtor)].end, place);
        self.take_out(debtor, place, cause);
        for behind in (place + 1..end).rev() {
            self.take_out(debtor, behind, Cause::Behind);
        }
    }

    /// Takes one item out of all sums and notes whom that may have hurt.
    fn take_out(&mut self, debtor: u32, place: u32, cause: Cause) {
        let Queued { amount, creditor, item } = self.queued[at(place)];
        self.selected[at(item)] = false;
        self.trace.push(Removal { item, cause });
        let amount = i128::from(amount);
        let payer = &mut self.accounts[at(debtor)];
        payer.net_room += amount;
        payer.gross_room += amount;
        let payee = &mut self.accounts[at(creditor)];
        payee.net_room -= amount;
        if payee.violated() && !payee.waiting {
            payee.waiting = true;
            self.work.push(Work::Account(creditor));
        }
        if let Some(&Links { uses, relieves }) = self.links.get(at(place)) {
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
        if let Some(&Member { group, .. }) = self.members.get(at(place))
            && group != NO_GROUP
            && !core::mem::replace(&mut self.groups[at(group)].broken, true)
        {
            self.work.push(Work::Group(group));
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
    fn cause(&self, state: &AccountState) -> Cause {
        let net_out = self.net_cap() - state.net_room;
        if net_out > i128::from(self.available) {
            Cause::Account
        } else if state.net_room < 0 {
            Cause::Multilateral
        } else if state.gross_room < 0 {
            Cause::Gross
        } else {
            Cause::Reserve
        }
    }
}
