//! The greedy search, in one of three orders, and then with helpers where they are willing.
//!
//! For each pair of currencies the largest swap in hand is kept, and found again only where a swap changed something.

use alloc::vec;
use alloc::vec::Vec;

use super::{Need, Order, Plan, Problem, Refused, SWAP_COUNT_MAX, Swap, funding, value};

/// The largest swap of a pair of currencies, and how much of the pair could be swapped at most.
#[derive(Clone, Copy)]
struct Candidate {
    value: i128,
    capacity: i128,
    /// Short of the lower currency, long of the higher.
    one: usize,
    /// The reverse.
    other: usize,
}

struct Search<'a> {
    problem: &'a Problem<'a>,
    worth: &'a [i128],
    currencies: usize,
    participants: usize,
    /// What is left of positions.
    left: Vec<i64>,
    /// Value swapped between two participants, the lower index first.
    between: Vec<i128>,
    swaps: Vec<Swap>,
    rounding: Vec<i128>,
}

pub(super) fn find(problem: &Problem<'_>, worth: &[i128], order: Order) -> Result<Plan, Refused> {
    let currencies = problem.currencies.len();
    let participants = problem.positions.len() / currencies;
    let mut search = Search {
        problem,
        worth,
        currencies,
        participants,
        left: problem.positions.to_vec(),
        between: if problem.limit.is_some() { vec![0; participants * participants] } else { Vec::new() },
        swaps: Vec::new(),
        rounding: vec![0; participants],
    };
    match order {
        Order::Value | Order::Scarcest => search.by_pairs(order)?,
        Order::Neediest => search.by_need()?,
    }
    if problem.helpers {
        search.by_helpers()?;
    }
    let row = |rows: &'_ [i64], at: usize| rows[at * currencies..(at + 1) * currencies].to_vec();
    let needs: Vec<Need> = (0..participants)
        .map(|at| {
            let before = row(problem.positions, at);
            let least = (-value(&before, worth)).max(0);
            let after = funding(&row(&search.left, at), worth);
            Need { before: funding(&before, worth), after, least, rounding: search.rounding[at] }
        })
        .collect();
    let bound = needs.iter().map(|need| need.least).sum();
    Ok(Plan { swaps: search.swaps, needs, order, bound })
}

impl Search<'_> {
    /// Value of which `participant` is short in `short` and long in `long`.
    fn opposite(&self, participant: usize, short: usize, long: usize) -> i128 {
        let row = participant * self.currencies;
        let (owes, has) = (self.left[row + short], self.left[row + long]);
        if owes >= 0 || has <= 0 {
            return 0;
        }
        (i128::from(owes).abs() * self.worth[short]).min(i128::from(has) * self.worth[long])
    }

    /// What two participants may still swap.
    fn room(&self, one: usize, other: usize) -> i128 {
        let used = || self.between[one.min(other) * self.participants + one.max(other)];
        self.problem.limit.map_or(i128::MAX, |limit| limit - used())
    }

    /// The amounts of the largest swap of at most `value`: of the coarser currency a whole number of minor units, of the other
    /// one as much as that is worth.
    fn amounts(&self, value: i128, short: usize, long: usize) -> Option<(i64, i64)> {
        let (x, y) = (self.worth[short], self.worth[long]);
        let (a, b) = if x >= y {
            let a = value / x;
            (a, a * x / y)
        } else {
            let b = value / y;
            (b * y / x, b)
        };
        let (a, b) = (i64::try_from(a).ok()?, i64::try_from(b).ok()?);
        let least = (i128::from(a) * x).min(i128::from(b) * y);
        (a > 0 && b > 0 && least >= self.problem.minimum).then_some((a, b))
    }

    fn candidate(&self, low: usize, high: usize) -> Option<Candidate> {
        let side = |short: usize, long: usize| {
            let all = (0..self.participants).map(|at| (self.opposite(at, short, long), at));
            let mut all: Vec<(i128, usize)> = all.filter(|(value, _)| *value > 0).collect();
            all.sort_unstable_by_key(|&(value, at)| (core::cmp::Reverse(value), at));
            all
        };
        let (ones, others) = (side(low, high), side(high, low));
        let sum = |side: &[(i128, usize)]| side.iter().map(|(value, _)| value).sum::<i128>();
        let capacity = sum(&ones).min(sum(&others));
        let mut best: Option<Candidate> = None;
        for &(mine, one) in &ones {
            for &(theirs, other) in &others {
                let could = mine.min(theirs);
                if best.is_some_and(|best| best.value >= could) {
                    break;
                }
                let value = could.min(self.room(one, other));
                if self.amounts(value, low, high).is_some() && best.is_none_or(|best| value > best.value) {
                    best = Some(Candidate { value, capacity, one, other });
                }
            }
        }
        best
    }

    fn by_pairs(&mut self, order: Order) -> Result<(), Refused> {
        let count = self.currencies;
        let pairs: Vec<(usize, usize)> =
            (0..count).flat_map(|low| (low + 1..count).map(move |high| (low, high))).collect();
        let mut candidates: Vec<Option<Candidate>> =
            pairs.iter().map(|&(low, high)| self.candidate(low, high)).collect();
        while self.swaps.len() < SWAP_COUNT_MAX {
            let found = candidates.iter().enumerate().filter_map(|(at, found)| found.map(|found| (at, found)));
            let next = found.min_by_key(|(at, found)| match order {
                Order::Value | Order::Neediest => (0, -found.value, found.one, found.other, *at),
                Order::Scarcest => (found.capacity, -found.value, found.one, found.other, *at),
            });
            let Some((at, chosen)) = next else {
                return Ok(());
            };
            let (low, high) = pairs[at];
            self.swap(chosen.one, chosen.other, low, high, chosen.value)?;
            for (pair, candidate) in pairs.iter().zip(&mut candidates) {
                let touched = [pair.0, pair.1].iter().any(|currency| *currency == low || *currency == high);
                let same = candidate.is_some_and(|found| {
                    let both = [chosen.one, chosen.other];
                    self.problem.limit.is_some() && both.contains(&found.one) && both.contains(&found.other)
                });
                if touched || same {
                    *candidate = self.candidate(pair.0, pair.1);
                }
            }
        }
        Ok(())
    }

    fn by_need(&mut self) -> Result<(), Refused> {
        // Positions only shrink: whoever finds nothing once will not find anything later.
        let mut open: Vec<bool> = vec![true; self.participants];
        while self.swaps.len() < SWAP_COUNT_MAX {
            let need = |at: usize| funding(&self.left[at * self.currencies..(at + 1) * self.currencies], self.worth);
            let neediest = (0..self.participants).filter(|&at| open[at]);
            let Some((_, one)) = neediest.map(|at| (need(at), at)).min_by_key(|&(need, at)| (-need, at)) else {
                return Ok(());
            };
            match self.largest_of(one) {
                None => open[one] = false,
                Some((value, other, short, long)) => self.swap(one, other, short, long, value)?,
            }
        }
        Ok(())
    }

    /// The largest swap of one participant: value, the other one, what it is short and long of.
    fn largest_of(&self, one: usize) -> Option<(i128, usize, usize, usize)> {
        let mut best: Option<(i128, usize, usize, usize)> = None;
        for short in 0..self.currencies {
            for long in 0..self.currencies {
                let mine = self.opposite(one, short, long);
                if mine == 0 || best.is_some_and(|best| best.0 >= mine) {
                    continue;
                }
                for other in 0..self.participants {
                    let value = mine.min(self.opposite(other, long, short)).min(self.room(one, other));
                    if best.is_none_or(|best| value > best.0) && self.amounts(value, short, long).is_some() {
                        best = Some((value, other, short, long));
                    }
                }
            }
        }
        best
    }

    /// Once no two are opposite any more: whoever is short of one currency and long of another swaps with somebody who is long of
    /// the first. Somebody is, because each currency sums to zero.
    fn by_helpers(&mut self) -> Result<(), Refused> {
        while self.swaps.len() < SWAP_COUNT_MAX {
            match self.largest_helped() {
                None => return Ok(()),
                Some((value, one, other, short, long)) => self.swap(one, other, short, long, value)?,
            }
        }
        Ok(())
    }

    /// The largest: value, who is short, who helps, the currency that is needed and the one that is given for it.
    fn largest_helped(&self) -> Option<(i128, usize, usize, usize, usize)> {
        let mut best: Option<(i128, usize, usize, usize, usize)> = None;
        for short in 0..self.currencies {
            let long_of = |at: usize| i128::from(self.left[at * self.currencies + short].max(0)) * self.worth[short];
            let mut helpers: Vec<(i128, usize)> =
                (0..self.participants).map(|at| (long_of(at), at)).filter(|helper| helper.0 > 0).collect();
            helpers.sort_unstable_by_key(|&(value, at)| (core::cmp::Reverse(value), at));
            for one in 0..self.participants {
                for long in 0..self.currencies {
                    let mine = self.opposite(one, short, long);
                    for &(theirs, other) in &helpers {
                        let could = mine.min(theirs);
                        if could == 0 || best.is_some_and(|best| best.0 >= could) {
                            break;
                        }
                        let value = could.min(self.room(one, other));
                        let larger = best.is_none_or(|best| value > best.0);
                        if larger && self.amounts(value, short, long).is_some() {
                            best = Some((value, one, other, short, long));
                        }
                    }
                }
            }
        }
        best
    }

    fn swap(&mut self, one: usize, other: usize, short: usize, long: usize, value: i128) -> Result<(), Refused> {
        let (a, b) = self.amounts(value, short, long).ok_or(Refused::Range)?;
        self.swap_amounts(one, other, (short, a), (long, b))
    }

    /// Books an in leg: `one` receives the first amount from `other` and gives the second.
    fn swap_amounts(
        &mut self,
        one: usize,
        other: usize,
        (into, a): (usize, i64),
        (out, b): (usize, i64),
    ) -> Result<(), Refused> {
        let count = self.currencies;
        // Both give what they are long of, at most all of it; what they receive is at most a sum of positions, which fit.
        let add = |left: &mut i64, change: i64| -> Result<(), Refused> {
            *left = left.checked_add(change).ok_or(Refused::Range)?;
            Ok(())
        };
        add(&mut self.left[one * count + into], a)?;
        add(&mut self.left[one * count + out], -b)?;
        add(&mut self.left[other * count + into], -a)?;
        add(&mut self.left[other * count + out], b)?;
        let gained = i128::from(a) * self.worth[into] - i128::from(b) * self.worth[out];
        self.rounding[one] += gained;
        self.rounding[other] -= gained;
        if self.problem.limit.is_some() {
            let value = (i128::from(a) * self.worth[into]).max(i128::from(b) * self.worth[out]);
            self.between[one.min(other) * self.participants + one.max(other)] += value;
        }
        let index = |at: usize| u32::try_from(at).map_err(|_| Refused::Range);
        self.swaps.push(Swap {
            one: index(one)?,
            other: index(other)?,
            currency_in: index(into)?,
            amount_in: a,
            currency_out: index(out)?,
            amount_out: b,
        });
        Ok(())
    }
}
