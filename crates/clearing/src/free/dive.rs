//! Large problems: the bound from the relaxation, a selection by diving into it.
//!
//! A basic optimum leaves at most one item per node between nothing and all. An item that is small against the funds of
//! both its accounts can be rounded either way at the end, since a reserve of those funds was kept back; a large one
//! cannot. So the dive rounds the largest such items (by amount over funds) to the nearer end, solves again from the
//! present tree, and goes on until only small ones are left. The relaxation has very many optima, so this costs
//! little of its value. The real rules are then enforced by [`Book`], which also compares with the `fifo-prefix` set.

use alloc::vec::Vec;

use super::book::{Book, Orders};
use super::relax::Relaxation;
use super::{Answer, Case, Proof};
use crate::at;
use crate::gridlock::{NO_GROUP, Workspace};

/// Dearer than the value of any path of items, cheaper than an overdraft.
pub(super) const FORCE: i64 = 1 << 40;

/// Hundredths of an account's funds kept back for rounding.
const RESERVE: i64 = 10;

/// Items up to this many thousandths of their accounts' funds are small.
const SMALL: i128 = 500;

/// Of one round: items down to this fraction of the largest.
const REACH: i128 = 4;

/// An answer with the bound of the relaxation, and the relaxation itself.
pub(super) fn solve(case: &Case<'_>) -> (Answer, Relaxation) {
    let relaxation = Relaxation::new(case);
    let (prices, bound) = (relaxation.prices(), relaxation.bound(case));
    let orders = Orders::new(case);
    let steps_max = case.terms.steps_max;
    let mut best = greatest_prefix(case);
    best.add_back(&orders.first, steps_max);
    let mut steps = relaxation.steps() + best.steps();
    let consider = |book: Book<'_>, best: &mut Vec<i64>, value: &mut i128| {
        if book.value() > *value {
            (*best, *value) = (book.units().to_vec(), book.value());
        }
    };
    let (mut settled, mut value) = (best.units().to_vec(), best.value());
    if case.terms.split.is_some() {
        let mut sliced = Book::proposed(case, &relaxation.simplex.flow()[..case.items()]);
        sliced.repair();
        sliced.improve(&orders, steps_max);
        steps += sliced.steps();
        consider(sliced, &mut settled, &mut value);
    }
    if value < bound && steps < steps_max {
        let reserve = if case.terms.split.is_some() { 0 } else { RESERVE };
        let mut dive = Dive::new(case, Relaxation::with_reserve(case, reserve), steps_max - steps);
        dive.keep_orders();
        dive.run();
        let mut book = dive.round();
        book.repair();
        book.improve(&orders, steps_max - steps);
        steps += dive.relaxation.steps() + book.steps();
        consider(book, &mut settled, &mut value);
    }
    let proof = Proof::Prices(prices);
    (Answer { settled, value, bound, proof, steps }, relaxation)
}

/// The greatest set under `fifo-prefix`: feasible here too.
fn greatest_prefix<'a>(case: &'a Case<'a>) -> Book<'a> {
    let mut workspace = Workspace::new();
    let mut book = Book::new(case);
    if let Ok(solution) = workspace.solve(case.problem) {
        for (item, _) in (0u32..).zip(solution.selected).filter(|(_, selected)| **selected) {
            book.set(item, case.amount(item));
        }
    }
    book
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// Pulled gently in vain.
    Tried,
    Up,
    Down,
    /// Could be forced neither way.
    Stuck,
}

struct Dive<'a> {
    case: &'a Case<'a>,
    relaxation: Relaxation,
    state: Vec<State>,
    /// A pull that outweighs any one item, but not a path of them.
    gentle: i64,
    steps_max: u64,
}

impl<'a> Dive<'a> {
    fn new(case: &'a Case<'a>, relaxation: Relaxation, steps_max: u64) -> Self {
        let dearest = (0u32..).take(case.items()).map(|item| case.unit_value(item)).max().unwrap_or(1);
        Self { case, relaxation, state: alloc::vec![State::Open; case.items()], gentle: 2 * dearest, steps_max }
    }

    fn flow(&self, item: u32) -> i64 {
        match self.state[at(item)] {
            State::Up => self.case.amount(item),
            State::Down => 0,
            State::Open | State::Tried | State::Stuck => self.relaxation.simplex.flow()[at(item)],
        }
    }

    /// In queues that keep their order: as long a prefix as the relaxation's outflow pays for.
    fn keep_orders(&mut self) {
        let case = self.case;
        let mut wanted = Vec::new();
        for account in (0u32..).take(case.problem.accounts.len()).filter(|account| case.keeps_order(*account)) {
            let queue = case.queues.of(account);
            let mut outflow: i64 = queue.iter().map(|&item| self.flow(item)).sum();
            let mut open = true;
            for &item in queue {
                open = open && outflow >= case.amount(item);
                outflow -= case.amount(item);
                wanted.push((item, open));
            }
        }
        self.force(&wanted);
        self.force(&wanted);
    }

    /// Rounds the largest and solves again until only small items are left between the ends.
    fn run(&mut self) {
        while self.relaxation.steps() < self.steps_max {
            let between = self.between();
            let Some(largest) = between.iter().map(|&(size, _)| size).max().filter(|&size| size > SMALL) else {
                return;
            };
            let wanted: Vec<(u32, bool)> = between
                .iter()
                .filter(|(size, _)| size * REACH >= largest)
                .map(|&(_, item)| (item, self.mostly(item)))
                .collect();
            self.force(&wanted);
        }
    }

    /// Does most of an item (or of its group) flow?
    fn mostly(&self, item: u32) -> bool {
        let case = self.case;
        let (flows, rests) = case.unit(item).fold((0i128, 0i128), |(flows, rests), leg| {
            (flows + i128::from(self.flow(leg)), rests + i128::from(case.amount(leg) - self.flow(leg)))
        });
        flows >= rests
    }

    /// What cannot stay as it is, with its size against the funds of its accounts, in thousandths.
    fn between(&self) -> Vec<(i128, u32)> {
        let case = self.case;
        let open = |item: &u32| self.open(*item);
        let mut between: Vec<(i128, u32)> = self
            .relaxation
            .simplex
            .inside()
            .filter_map(|arc| u32::try_from(arc).ok())
            .filter(|item| at(*item) < case.items() && open(item) && !case.settles(*item, self.flow(*item)))
            .map(|item| {
                let entry = &case.problem.items[at(item)];
                let funds = [entry.debtor, entry.creditor].map(|account| {
                    let account = &case.problem.accounts[at(account)];
                    account.available.min(account.multilateral.unwrap_or(i64::MAX)).max(0)
                });
                let size = i128::from(entry.amount) * 1_000 / (1 + i128::from(funds[0].min(funds[1])));
                // A slice forced to the nearer end leaves nothing to round.
                (if case.slice_min(item).is_some() { i128::MAX / 8 } else { size }, item)
            })
            .collect();
        for group in 0..case.problem.groups {
            let legs = case.groups.of(group);
            let (mut empty, mut full) = (true, true);
            for &leg in legs {
                empty &= self.flow(leg) == 0;
                full &= self.flow(leg) == case.amount(leg);
            }
            if !empty && !full {
                let size = i128::MAX / 8;
                between.retain(|&(_, item)| case.problem.items[at(item)].group != group);
                between.extend(legs.first().filter(|leg| open(leg)).map(|&leg| (size, leg)));
            }
        }
        between.sort_unstable_by_key(|&(_, item)| item);
        between
    }

    /// Still to be decided?
    fn open(&self, item: u32) -> bool {
        matches!(self.state[at(item)], State::Open | State::Tried)
    }

    /// Pulls items, with their groups, to the wanted ends and holds those that came. The first pull is gentle: most come at no
    /// cost, since the relaxation has many optima. Who did not is pulled hard the next time, first to the one end, then to
    /// the other.
    fn force(&mut self, wanted: &[(u32, bool)]) {
        let missed = self.pull(wanted);
        let (again, first): (Vec<_>, Vec<_>) =
            missed.into_iter().partition(|&(item, _)| self.state[at(item)] == State::Tried);
        for (item, _) in first {
            self.mark(item, State::Tried);
        }
        let missed = self.pull(&again);
        for &(item, _) in &missed {
            for leg in self.case.unit(item) {
                self.relaxation.simplex.revalue(at(leg), self.case.unit_value(leg));
            }
            self.mark(item, State::Stuck);
        }
        if !missed.is_empty() {
            self.relaxation.optimise(self.steps_max);
        }
    }

    fn mark(&mut self, item: u32, state: State) {
        for leg in self.case.unit(item) {
            self.state[at(leg)] = state;
        }
    }

    /// Returns the items that did not come, with the other end as their wish.
    fn pull(&mut self, wanted: &[(u32, bool)]) -> Vec<(u32, bool)> {
        let case = self.case;
        if wanted.is_empty() {
            return Vec::new();
        }
        for &(item, up) in wanted {
            let pull = match self.state[at(item)] {
                State::Open => self.gentle,
                State::Tried => FORCE,
                State::Up | State::Down | State::Stuck => continue,
            };
            for leg in case.unit(item) {
                self.relaxation.simplex.revalue(at(leg), if up { pull } else { -pull });
            }
        }
        self.relaxation.optimise(self.steps_max);
        let mut missed = Vec::new();
        for &(item, up) in wanted {
            if !self.open(item) {
                continue;
            }
            let flow = self.relaxation.simplex.flow();
            let state = if case.unit(item).all(|leg| flow[at(leg)] == case.amount(leg)) {
                State::Up
            } else if case.unit(item).all(|leg| flow[at(leg)] == 0) {
                State::Down
            } else {
                missed.push((item, !up));
                continue;
            };
            for leg in case.unit(item) {
                self.relaxation.simplex.freeze(at(leg));
            }
            self.mark(item, state);
        }
        missed
    }

    /// Rounds what is left, the largest first, to the nearer end that its accounts can bear.
    fn round(&self) -> Book<'a> {
        let case = self.case;
        let flow: Vec<i64> = (0u32..).take(case.items()).map(|item| self.flow(item)).collect();
        let mut book = Book::proposed(case, &flow);
        let mut left: Vec<u32> =
            (0u32..).zip(&flow).filter(|(item, units)| !case.settles(*item, **units)).map(|(item, _)| item).collect();
        left.sort_by_key(|&item| (-case.amount(item), item));
        for item in left {
            let entry = &case.problem.items[at(item)];
            let (units, amount) = (flow[at(item)], entry.amount);
            let can_rise = book.net_room(entry.debtor) >= amount - units;
            let can_fall = book.net_room(entry.creditor) >= units;
            let up = if can_rise == can_fall { can_rise && units >= amount - units } else { can_rise };
            book.set(item, if up { amount } else { 0 });
        }
        book
    }
}

impl<'a> Case<'a> {
    /// An item with the other items of its group.
    fn unit(&self, item: u32) -> impl Iterator<Item = u32> + use<'_, 'a> {
        let group = self.problem.items[at(item)].group;
        let legs = if group == NO_GROUP { &[][..] } else { self.groups.of(group) };
        core::iter::once(item).chain(legs.iter().copied().filter(move |leg| *leg != item))
    }
}
