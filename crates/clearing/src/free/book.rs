//! A selection with its running sums: take out what breaks a limit, add what still fits, exchange small for large.
//!
//! Everything here knows the real rules (groups, queue order, "pays nothing, or", every limit), so whatever the relaxation
//! proposes leaves this file feasible. Absent: any look further than one exchange; that is the dive's part.

use alloc::vec;
use alloc::vec::Vec;

use super::{Case, Goal, Lists, NONE};
use crate::at;
use crate::gridlock::NO_GROUP;

/// Clamp of limits; the sum of all amounts is far below it.
const LIMIT_MAX: i64 = 1 << 60;

/// Candidates looked at for one exchange.
const LOOK_MAX: usize = 16;

/// Rounds of adding and exchanging.
const ROUNDS_MAX: u32 = 30;

#[derive(Clone, Copy, Debug)]
struct Sums {
    /// What may still go out net.
    net_room: i64,
    /// What may still go out gross.
    gross_room: i64,
    /// Items going out.
    outs: u32,
}

impl Sums {
    const fn violated(&self) -> bool {
        self.outs > 0 && (self.net_room < 0 || self.gross_room < 0)
    }
}

#[derive(Clone, Copy, Debug)]
struct PairSums {
    room: i64,
    uses: u32,
}

impl PairSums {
    const fn violated(&self) -> bool {
        self.uses > 0 && self.room < 0
    }
}

#[derive(Clone, Copy, Debug)]
enum Work {
    Account(u32),
    Pair(u32),
}

/// A selection of whole items and slices.
#[derive(Clone, Debug)]
pub(super) struct Book<'a> {
    case: &'a Case<'a>,
    units: Vec<i64>,
    accounts: Vec<Sums>,
    pairs: Vec<PairSums>,
    work: Vec<Work>,
    steps: u64,
}

impl<'a> Book<'a> {
    /// Nothing settles.
    pub(super) fn new(case: &'a Case<'a>) -> Self {
        let problem = case.problem;
        let accounts = problem.accounts.iter().map(|account| Sums {
            net_room: account.available.min(account.multilateral.unwrap_or(i64::MAX)).clamp(-LIMIT_MAX, LIMIT_MAX),
            gross_room: account.gross_out.unwrap_or(i64::MAX).clamp(-LIMIT_MAX, LIMIT_MAX),
            outs: 0,
        });
        let pairs = problem
            .bilateral
            .iter()
            .map(|limit| PairSums { room: limit.headroom.clamp(-LIMIT_MAX, LIMIT_MAX), uses: 0 });
        Self {
            case,
            units: vec![0; problem.items.len()],
            accounts: accounts.collect(),
            pairs: pairs.collect(),
            work: Vec::new(),
            steps: 0,
        }
    }

    /// A proposal, whatever it breaks.
    pub(super) fn proposed(case: &'a Case<'a>, units: &[i64]) -> Self {
        let mut book = Self::new(case);
        for (item, &units) in (0u32..).zip(units) {
            book.set(item, units);
        }
        book.work.clear();
        book
    }

    pub(super) fn units(&self) -> &[i64] {
        &self.units
    }

    pub(super) fn steps(&self) -> u64 {
        self.steps
    }

    pub(super) fn value(&self) -> i128 {
        (0u32..).zip(&self.units).map(|(item, units)| self.case.gain(item, *units)).sum()
    }

    /// What the account may still pay out net.
    pub(super) fn net_room(&self, account: u32) -> i64 {
        self.accounts[at(account)].net_room
    }

    fn whole(&self, item: u32) -> bool {
        self.units[at(item)] == self.case.amount(item)
    }

    /// Changes one item and notes whom that may have hurt.
    pub(super) fn set(&mut self, item: u32, units: i64) {
        let entry = &self.case.problem.items[at(item)];
        let old = core::mem::replace(&mut self.units[at(item)], units);
        let more = units - old;
        let payer = &mut self.accounts[at(entry.debtor)];
        payer.net_room -= more;
        payer.gross_room -= more;
        payer.outs = payer.outs + u32::from(units > 0) - u32::from(old > 0);
        if payer.violated() {
            self.work.push(Work::Account(entry.debtor));
        }
        let payee = &mut self.accounts[at(entry.creditor)];
        payee.net_room += more;
        if payee.violated() {
            self.work.push(Work::Account(entry.creditor));
        }
        if let Some(&(uses, relieves)) = self.case.links.get(at(item)) {
            if uses != NONE {
                let pair = &mut self.pairs[at(uses)];
                pair.room -= more;
                pair.uses = pair.uses + u32::from(units > 0) - u32::from(old > 0);
                if pair.violated() {
                    self.work.push(Work::Pair(uses));
                }
            }
            if relieves != NONE {
                let pair = &mut self.pairs[at(relieves)];
                pair.room += more;
                if pair.violated() {
                    self.work.push(Work::Pair(relieves));
                }
            }
        }
    }

    /// Takes out until every rule holds. Ends because only removals happen.
    pub(super) fn repair(&mut self) {
        for item in 0..self.units.len() {
            let index = u32::try_from(item).unwrap_or(NONE);
            if !self.case.settles(index, self.units[item]) {
                self.set(index, 0);
            }
        }
        for group in 0..self.case.problem.groups {
            self.mend_group(group);
        }
        for account in (0u32..).take(self.accounts.len()) {
            self.mend_order(account);
        }
        self.work.clear();
        self.work.extend((0u32..).take(self.accounts.len()).map(Work::Account));
        self.work.extend((0u32..).take(self.pairs.len()).map(Work::Pair));
        while let Some(work) = self.work.pop() {
            match work {
                Work::Account(account) => {
                    while self.accounts[at(account)].violated() {
                        let out = self.sacrifice(account, None);
                        self.remove(out);
                    }
                }
                Work::Pair(pair) => {
                    while self.pairs[at(pair)].violated() {
                        let out = self.sacrifice(self.case.problem.bilateral[at(pair)].from, Some(pair));
                        self.remove(out);
                    }
                }
            }
        }
    }

    fn mend_group(&mut self, group: u32) {
        let case = self.case;
        if !case.groups.of(group).iter().all(|&leg| self.whole(leg)) {
            case.groups.of(group).iter().for_each(|&leg| self.set(leg, 0));
        }
    }

    /// Nothing settles behind the first item that does not, where the order is kept.
    fn mend_order(&mut self, account: u32) {
        let case = self.case;
        if case.keeps_order(account) {
            let queue = case.queues.of(account);
            let waiting = queue.iter().position(|&item| !self.whole(item)).unwrap_or(queue.len());
            for &item in &queue[waiting..] {
                if self.units[at(item)] > 0 {
                    self.remove(item);
                }
            }
        }
    }

    /// Which item of a violated account (or pair) goes: where the order is kept the last; else the smallest that is enough and
    /// whose payee can spare it; else the largest that is not too much; else the smallest.
    fn sacrifice(&mut self, account: u32, pair: Option<u32>) -> u32 {
        let case = self.case;
        let queue = case.queues.of(account);
        self.steps += u64::try_from(queue.len()).unwrap_or(0);
        let counts =
            |item: &&u32| self.units[at(**item)] > 0 && pair.is_none_or(|pair| case.links[at(**item)].0 == pair);
        if case.keeps_order(account) {
            return queue.iter().rev().find(counts).copied().unwrap_or(NONE);
        }
        let Sums { net_room, gross_room, .. } = self.accounts[at(account)];
        let missing = pair.map_or(-net_room.min(gross_room), |pair| -self.pairs[at(pair)].room);
        // Smaller is better: a class, then the distance from what is missing.
        let badness = |item: &u32| {
            let (units, payee) = (self.units[at(*item)], case.problem.items[at(*item)].creditor);
            let spared = self.accounts[at(payee)].net_room >= units || self.accounts[at(payee)].outs == 0;
            match (units >= missing, spared) {
                (true, true) => (0, units - missing),
                (false, _) => (1, missing - units),
                (true, false) => (2, units - missing),
            }
        };
        queue.iter().filter(counts).copied().min_by_key(badness).unwrap_or(NONE)
    }

    /// Takes an item out with its group and, where the order is kept, with what stands behind it.
    fn remove(&mut self, item: u32) {
        let case = self.case;
        let mut out = vec![item];
        while let Some(item) = out.pop() {
            if self.units[at(item)] == 0 {
                continue;
            }
            self.set(item, 0);
            self.steps += 1;
            let entry = &case.problem.items[at(item)];
            if entry.group != NO_GROUP {
                out.extend(case.groups.of(entry.group));
            }
            if case.keeps_order(entry.debtor) {
                let queue = case.queues.of(entry.debtor);
                let behind = queue.partition_point(|&other| other <= item);
                out.extend(queue.get(behind));
            }
        }
    }

    /// Adds what fits and exchanges what pays, until neither helps or the steps are used up.
    pub(super) fn improve(&mut self, orders: &Orders, steps_max: u64) {
        for _ in 0..ROUNDS_MAX {
            let added = self.add_back(&orders.first, steps_max);
            if !self.exchange(orders, steps_max) && !added {
                return;
            }
        }
    }

    /// Passes over the items, adding each that fits, until a pass adds nothing.
    pub(super) fn add_back(&mut self, order: &[u32], steps_max: u64) -> bool {
        let mut any = false;
        for _ in 0..ROUNDS_MAX {
            let mut added = false;
            for &item in order {
                if self.units[at(item)] == 0 {
                    self.steps += 1;
                    added |= self.add(item);
                }
            }
            any |= added;
            if !added || self.steps >= steps_max {
                break;
            }
        }
        any
    }

    /// Adds an item with its group, if that is feasible; in a queue that keeps its order also what follows.
    fn add(&mut self, item: u32) -> bool {
        let case = self.case;
        let entry = &case.problem.items[at(item)];
        if entry.group == NO_GROUP {
            let Sums { net_room, gross_room, .. } = self.accounts[at(entry.debtor)];
            if net_room.min(gross_room) < entry.amount {
                return false;
            }
        }
        if case.keeps_order(entry.debtor) {
            // A group may bring its own predecessor along; a single item cannot.
            if entry.group == NO_GROUP && !self.in_order(item) {
                return false;
            }
            let queue = case.queues.of(entry.debtor);
            let mut next = queue.partition_point(|&other| other < item);
            let mut added = false;
            while next < queue.len() && self.try_whole(queue[next]) {
                added = true;
                next += 1;
            }
            added
        } else {
            self.try_whole(item)
        }
    }

    /// Settles an item and its group whole if every rule holds afterwards, else changes nothing.
    fn try_whole(&mut self, item: u32) -> bool {
        let case = self.case;
        let group = case.problem.items[at(item)].group;
        let alone = [item];
        let legs = if group == NO_GROUP { &alone[..] } else { case.groups.of(group) };
        if legs.iter().any(|&leg| self.units[at(leg)] > 0) {
            return false;
        }
        self.work.clear();
        for &leg in legs {
            self.set(leg, case.amount(leg));
        }
        self.steps += u64::try_from(legs.len()).unwrap_or(0);
        let ordered = legs.iter().all(|&leg| self.in_order(leg));
        if ordered && self.nothing_violated() {
            return true;
        }
        for &leg in legs {
            self.set(leg, 0);
        }
        self.work.clear();
        false
    }

    /// Does everything before the item settle, where the order is kept?
    fn in_order(&self, item: u32) -> bool {
        let case = self.case;
        let debtor = case.problem.items[at(item)].debtor;
        if !case.keeps_order(debtor) {
            return true;
        }
        let queue = case.queues.of(debtor);
        let place = queue.partition_point(|&other| other < item);
        queue[..place].last().is_none_or(|&before| self.whole(before))
    }

    /// Is everything noted since the work list was emptied in order again?
    fn nothing_violated(&mut self) -> bool {
        let fine = self.work.iter().all(|work| match *work {
            Work::Account(account) => !self.accounts[at(account)].violated(),
            Work::Pair(pair) => !self.pairs[at(pair)].violated(),
        });
        self.work.clear();
        fine
    }

    /// For each waiting item seeks the smallest settled one of the same payer whose place it could take.
    fn exchange(&mut self, orders: &Orders, steps_max: u64) -> bool {
        let case = self.case;
        let mut any = false;
        for &item in orders.first.iter().filter(|_| case.terms.goal != Goal::Count) {
            let entry = &case.problem.items[at(item)];
            if self.steps >= steps_max {
                return any;
            }
            if self.units[at(item)] > 0 || entry.group != NO_GROUP || case.keeps_order(entry.debtor) {
                continue;
            }
            let Sums { net_room, gross_room, .. } = self.accounts[at(entry.debtor)];
            let missing = entry.amount.saturating_sub(net_room.min(gross_room)).max(1);
            let gain = case.gain(item, entry.amount);
            let queue = orders.by_amount.of(entry.debtor);
            let enough = queue.partition_point(|&other| case.amount(other) < missing);
            let look = &queue[enough..queue.len().min(enough + LOOK_MAX)];
            self.steps += u64::try_from(look.len()).unwrap_or(0) + 1;
            let out = look.iter().copied().filter(|&other| {
                let (units, there) = (self.units[at(other)], &case.problem.items[at(other)]);
                let payee = &self.accounts[at(there.creditor)];
                units >= missing
                    && there.group == NO_GROUP
                    && case.gain(other, units) < gain
                    && (there.creditor == entry.creditor || payee.net_room >= units || payee.outs == 0)
            });
            if let Some(out) = out.min_by_key(|&other| (case.gain(other, self.units[at(other)]), other)) {
                any |= self.try_exchange(item, out);
            }
        }
        any
    }

    fn try_exchange(&mut self, item: u32, out: u32) -> bool {
        let units = self.units[at(out)];
        self.work.clear();
        self.set(out, 0);
        self.set(item, self.case.amount(item));
        if self.nothing_violated() {
            return true;
        }
        self.set(item, 0);
        self.set(out, units);
        self.work.clear();
        false
    }

    /// Does every rule hold? Looks at everything.
    pub(super) fn feasible(&self) -> bool {
        let case = self.case;
        (0u32..).zip(&self.units).all(|(item, &units)| case.settles(item, units) && (units == 0 || self.in_order(item)))
            && (0..case.problem.groups).all(|group| {
                let mut legs = case.groups.of(group).iter();
                let whole = case.groups.of(group).first().is_some_and(|&leg| self.whole(leg));
                legs.all(|&leg| self.units[at(leg)] == if whole { case.amount(leg) } else { 0 })
            })
            && !self.accounts.iter().any(Sums::violated)
            && !self.pairs.iter().any(PairSums::violated)
    }
}

/// The orders in which items are tried.
pub(super) struct Orders {
    /// What counts most first; by number, the smallest first.
    pub(super) first: Vec<u32>,
    /// Each account's queue, the smallest first.
    by_amount: Lists,
}

impl Orders {
    pub(super) fn new(case: &Case<'_>) -> Self {
        let mut rising: Vec<u32> = (0u32..).take(case.items()).collect();
        rising.sort_unstable_by_key(|&item| (case.amount(item), item));
        let mut by_amount = Lists { starts: case.queues.starts.clone(), items: vec![0; case.items()] };
        let mut ends = by_amount.starts.clone();
        for &item in &rising {
            let end = &mut ends[at(case.problem.items[at(item)].debtor)];
            by_amount.items[at(*end)] = item;
            *end += 1;
        }
        let mut first = rising;
        match case.terms.goal {
            Goal::Value => first.reverse(),
            Goal::Weighted(_) => first.sort_by_cached_key(|&item| (-case.gain(item, case.amount(item)), item)),
            Goal::Count => {}
        }
        Self { first, by_amount }
    }
}
