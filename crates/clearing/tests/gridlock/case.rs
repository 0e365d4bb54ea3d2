//! Problems, feasibility straight from the definition, and two slow solvers that share nothing with the fast one.

use std::collections::BTreeMap;

use comity_clearing::gridlock::{Account, Bilateral, Item, NO_GROUP, Problem, Reserve};

/// An owned problem.
#[derive(Clone, Debug, Default)]
pub(crate) struct Case {
    pub(crate) accounts: Vec<Account>,
    pub(crate) items: Vec<Item>,
    pub(crate) bilateral: Vec<Bilateral>,
    pub(crate) reserves: Vec<Reserve>,
    pub(crate) groups: u32,
}

impl Case {
    pub(crate) fn problem(&self) -> Problem<'_> {
        Problem {
            accounts: &self.accounts,
            items: &self.items,
            bilateral: &self.bilateral,
            reserves: &self.reserves,
            groups: self.groups,
        }
    }

    /// Feasibility straight from the definition: quadratic, no sums kept.
    pub(crate) fn feasible(&self, selected: &[bool]) -> bool {
        let chosen = || self.items.iter().zip(selected).filter(|(_, chosen)| **chosen).map(|(item, _)| item);
        let flow = |keep: &dyn Fn(&Item) -> bool| -> i128 {
            chosen().filter(|item| keep(item)).map(|item| i128::from(item.amount)).sum()
        };
        let prefixes = (0..self.items.len())
            .all(|i| !selected[i] || (0..i).all(|j| self.items[j].debtor != self.items[i].debtor || selected[j]));
        let groups = (0..self.items.len()).all(|i| {
            let group = self.items[i].group;
            !selected[i]
                || group == NO_GROUP
                || (0..self.items.len()).all(|j| self.items[j].group != group || selected[j])
        });
        let accounts = (0u32..).zip(&self.accounts).all(|(a, account)| {
            let out = flow(&|item| item.debtor == a);
            let net = out - flow(&|item| item.creditor == a);
            out == 0
                || (net <= i128::from(account.available)
                    && account.multilateral.is_none_or(|cap| net <= i128::from(cap))
                    && account.gross_out.is_none_or(|cap| out <= i128::from(cap)))
        });
        let pairs = self.bilateral.iter().all(|limit| {
            let there = flow(&|item| (item.debtor, item.creditor) == (limit.from, limit.to));
            let back = flow(&|item| (item.debtor, item.creditor) == (limit.to, limit.from));
            there == 0 || there - back <= i128::from(limit.headroom)
        });
        let reserves = self.reserves.iter().all(|reserve| {
            let net = flow(&|item| item.debtor == reserve.account) - flow(&|item| item.creditor == reserve.account);
            let available = i128::from(self.accounts[at(reserve.account)].available);
            self.ends_urgent(reserve, selected) || net <= available - i128::from(reserve.amount)
        });
        prefixes && groups && accounts && pairs && reserves
    }

    /// Whether nothing, or urgent items only, are selected of the queue that a reserve belongs to.
    fn ends_urgent(&self, reserve: &Reserve, selected: &[bool]) -> bool {
        let queue = (0..self.items.len()).filter(|&i| self.items[i].debtor == reserve.account);
        queue.filter(|&i| selected[i]).count() <= at(reserve.urgent)
    }

    /// Every feasible selection, by trying each combination of queue prefixes.
    pub(crate) fn all_feasible(&self) -> Vec<Vec<bool>> {
        let mut queues: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (i, item) in self.items.iter().enumerate() {
            queues.entry(item.debtor).or_default().push(i);
        }
        let mut selections = vec![vec![false; self.items.len()]];
        for queue in queues.values() {
            let shorter = selections.clone();
            for length in 1..=queue.len() {
                selections.extend(shorter.iter().map(|selection| {
                    let mut longer = selection.clone();
                    queue[..length].iter().for_each(|&i| longer[i] = true);
                    longer
                }));
            }
        }
        selections.retain(|selection| self.feasible(selection));
        selections
    }

    /// The greatest set by repeated scanning: while anything is violated, drop the last item of the culprit.
    pub(crate) fn by_scanning(&self) -> Vec<bool> {
        let mut selected = vec![true; self.items.len()];
        while let Some(drop) = self.culprit(&selected) {
            selected[drop] = false;
        }
        selected
    }

    fn culprit(&self, selected: &[bool]) -> Option<usize> {
        let items = &self.items;
        let sum = |keep: &dyn Fn(&Item) -> bool| -> i128 {
            (0..items.len()).filter(|&i| selected[i] && keep(&items[i])).map(|i| i128::from(items[i].amount)).sum()
        };
        for i in (0..items.len()).filter(|&i| selected[i]) {
            let behind = (0..i).any(|j| items[j].debtor == items[i].debtor && !selected[j]);
            let split = items[i].group != NO_GROUP
                && (0..items.len()).any(|j| items[j].group == items[i].group && !selected[j]);
            if behind || split {
                return Some(i);
            }
        }
        let last = |keep: &dyn Fn(&Item) -> bool| (0..items.len()).rev().find(|&i| selected[i] && keep(&items[i]));
        for (a, account) in (0u32..).zip(&self.accounts) {
            let out = sum(&|item| item.debtor == a);
            let net = out - sum(&|item| item.creditor == a);
            let bad = net > i128::from(account.available)
                || account.multilateral.is_some_and(|cap| net > i128::from(cap))
                || account.gross_out.is_some_and(|cap| out > i128::from(cap));
            let reserved = self.reserves.iter().any(|reserve| {
                reserve.account == a
                    && !self.ends_urgent(reserve, selected)
                    && net > i128::from(account.available) - i128::from(reserve.amount)
            });
            if (bad || reserved) && out > 0 {
                return last(&|item| item.debtor == a);
            }
        }
        for limit in &self.bilateral {
            let there = |item: &Item| (item.debtor, item.creditor) == (limit.from, limit.to);
            let back = |item: &Item| (item.debtor, item.creditor) == (limit.to, limit.from);
            if sum(&there) > 0 && sum(&there) - sum(&back) > i128::from(limit.headroom) {
                return last(&there);
            }
        }
        None
    }
}

fn at(index: u32) -> usize {
    usize::try_from(index).expect("small index")
}
