//! Queues kept the plain way, solved from the beginning each time.

use std::collections::{BTreeMap, BTreeSet};

use comity_clearing::gridlock::standing::{Entry, Standing};
use comity_clearing::gridlock::{Account, Bilateral, Item, NO_GROUP, Problem, Reserve, Workspace, check};

#[derive(Clone, Copy, Debug)]
pub(crate) struct Waiting {
    pub(crate) handle: u32,
    pub(crate) entry: Entry,
}

/// The same queues and terms as a [`Standing`], beside it.
pub(crate) struct Model {
    pub(crate) standing: Standing,
    pub(crate) accounts: Vec<Account>,
    pub(crate) reserves: Vec<i64>,
    pub(crate) queues: Vec<Vec<Waiting>>,
    pub(crate) limits: BTreeMap<(u32, u32), i64>,
    /// Legs of each open group.
    pub(crate) groups: BTreeMap<u32, usize>,
    workspace: Workspace,
}

impl Model {
    pub(crate) fn new(rounds: u8, accounts: &[Account]) -> Self {
        let mut standing = Standing::with_rounds(rounds);
        for account in accounts {
            standing.add_account(*account).expect("few accounts");
        }
        Self {
            standing,
            accounts: accounts.to_vec(),
            reserves: vec![0; accounts.len()],
            queues: vec![Vec::new(); accounts.len()],
            limits: BTreeMap::new(),
            groups: BTreeMap::new(),
            workspace: Workspace::new(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.queues.iter().map(Vec::len).sum()
    }

    /// Puts an entry at a place of its queue, or as near to it as its class permits.
    pub(crate) fn put(&mut self, entry: Entry, place: usize) {
        let queue = &mut self.queues[at(entry.debtor)];
        let urgent = queue.iter().filter(|waiting| waiting.entry.urgent).count();
        let place = if entry.urgent { place.min(urgent) } else { place.clamp(urgent, queue.len().max(urgent)) };
        let handle = match queue.get(place) {
            None => self.standing.push(&entry),
            Some(behind) => self.standing.insert(&entry, behind.handle),
        };
        queue.insert(place, Waiting { handle: handle.expect("well formed"), entry });
    }

    pub(crate) fn remove(&mut self, nth: usize) {
        let mut nth = nth % self.len().max(1);
        for queue in &mut self.queues {
            if nth < queue.len() {
                let gone = queue.remove(nth);
                self.standing.remove(gone.handle).expect("it waits");
                self.close_if_empty(gone.entry.group);
                return;
            }
            nth -= queue.len();
        }
    }

    pub(crate) fn present(&self, group: u32) -> usize {
        self.queues.iter().flatten().filter(|waiting| waiting.entry.group == group).count()
    }

    fn close_if_empty(&mut self, group: u32) {
        if self.present(group) == 0 {
            self.groups.remove(&group);
        }
    }

    /// The greatest set from the beginning: groups that miss a leg cut the queues they stand in.
    fn greatest(&mut self) -> BTreeSet<u32> {
        let mut kept: Vec<Vec<Waiting>> = self.queues.clone();
        loop {
            let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
            for waiting in kept.iter().flatten().filter(|waiting| waiting.entry.group != NO_GROUP) {
                *counts.entry(waiting.entry.group).or_default() += 1;
            }
            let groups = &self.groups;
            let misses = |waiting: &Waiting| {
                let group = waiting.entry.group;
                group != NO_GROUP && counts[&group] < groups[&group]
            };
            let mut moved = false;
            for queue in &mut kept {
                if let Some(first) = queue.iter().position(misses) {
                    queue.truncate(first);
                    moved = true;
                }
            }
            if !moved {
                break;
            }
        }
        let mut dense: BTreeMap<u32, u32> = BTreeMap::new();
        let mut items = Vec::new();
        for Waiting { entry, .. } in kept.iter().flatten() {
            let next = u32::try_from(dense.len()).expect("few groups");
            let group = if entry.group == NO_GROUP { NO_GROUP } else { *dense.entry(entry.group).or_insert(next) };
            items.push(Item { debtor: entry.debtor, creditor: entry.creditor, amount: entry.amount, group });
        }
        let bilateral: Vec<Bilateral> =
            self.limits.iter().map(|(&(from, to), &headroom)| Bilateral { from, to, headroom }).collect();
        let reserves: Vec<Reserve> = (0u32..)
            .zip(&self.reserves)
            .map(|(account, &amount)| {
                let urgent = self.queues[at(account)].iter().filter(|waiting| waiting.entry.urgent).count();
                Reserve { account, amount, urgent: u32::try_from(urgent).expect("few entries") }
            })
            .collect();
        let problem = Problem {
            accounts: &self.accounts,
            items: &items,
            bilateral: &bilateral,
            reserves: &reserves,
            groups: u32::try_from(dense.len()).expect("few groups"),
        };
        let solution = self.workspace.solve(&problem).expect("well formed");
        assert_eq!(check(&problem, &solution), Ok(()));
        let chosen = kept.iter().flatten().zip(solution.selected).filter(|(_, selected)| **selected);
        chosen.map(|(waiting, _)| waiting.handle).collect()
    }

    /// Compares the standing set with the solver's; the number of entries that can settle.
    pub(crate) fn compare(&mut self) -> usize {
        let greatest = self.greatest();
        let found: BTreeSet<u32> = self.standing.find().iter().copied().collect();
        assert_eq!(found, greatest);
        found.len()
    }

    /// The standing proof is accepted by the verifier, which knows only the definitions.
    pub(crate) fn prove(&mut self) {
        let proof = self.standing.prove();
        assert_eq!(check(&proof.problem(), &proof.solution()), Ok(()));
        let found = self.standing.find();
        let selected = proof.entries.iter().zip(&proof.selected).filter(|(_, selected)| **selected);
        assert!(selected.map(|(entry, _)| entry).eq(found));
    }

    /// Books on both sides, and compares what was booked with what the solver would have chosen.
    pub(crate) fn settle_as_solved(&mut self) {
        let greatest = self.greatest();
        assert_eq!(self.settle(), greatest);
    }

    /// Books the greatest set on both sides; what it was.
    pub(crate) fn settle(&mut self) -> BTreeSet<u32> {
        let settled: Vec<u32> = self.standing.settle().to_vec();
        let gone: BTreeSet<u32> = settled.iter().copied().collect();
        let mut groups = Vec::new();
        for account in 0..self.queues.len() {
            let queue = core::mem::take(&mut self.queues[account]);
            let (out, kept): (Vec<_>, Vec<_>) = queue.into_iter().partition(|waiting| gone.contains(&waiting.handle));
            self.queues[account] = kept;
            for Waiting { entry, .. } in out {
                let Entry { debtor, creditor, amount, group, .. } = entry;
                self.move_account(debtor, amount, amount);
                self.move_account(creditor, -amount, 0);
                if let Some(headroom) = self.limits.get_mut(&(debtor, creditor)) {
                    *headroom -= amount;
                }
                if let Some(headroom) = self.limits.get_mut(&(creditor, debtor)) {
                    *headroom += amount;
                }
                groups.push(group);
            }
        }
        for group in groups {
            self.close_if_empty(group);
        }
        for (account, terms) in (0u32..).zip(&self.accounts) {
            assert_eq!(self.standing.account(account).as_ref(), Some(terms));
            let waiting = self.queues[at(account)].iter().map(|waiting| waiting.handle);
            assert!(self.standing.queue(account).eq(waiting));
        }
        assert_eq!(usize::try_from(self.standing.len()), Ok(self.len()));
        gone
    }

    fn move_account(&mut self, account: u32, net: i64, out: i64) {
        let account = &mut self.accounts[at(account)];
        account.available -= net;
        account.multilateral = account.multilateral.map(|cap| cap - net);
        account.gross_out = account.gross_out.map(|cap| cap - out);
    }
}

pub(crate) fn at(index: u32) -> usize {
    usize::try_from(index).expect("small index")
}
