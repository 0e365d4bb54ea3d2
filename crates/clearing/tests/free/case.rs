//! Random problems with owned parts, and feasibility straight from the definition.

use comity_clearing::free::Goal;
use comity_clearing::gridlock::{Account, Bilateral, Item, NO_GROUP, Problem};

/// An owned problem with owned terms.
#[derive(Clone, Debug, Default)]
pub(crate) struct Case {
    pub(crate) accounts: Vec<Account>,
    pub(crate) items: Vec<Item>,
    pub(crate) bilateral: Vec<Bilateral>,
    pub(crate) groups: u32,
    pub(crate) opted_in: Option<Vec<bool>>,
    pub(crate) weights: Vec<u32>,
}

/// SplitMix64: a seed names a case.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((u128::from(z ^ (z >> 31)) * u128::from(bound)) >> 64) as u64
    }

    pub(crate) fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }
}

impl Case {
    /// Every kind of limit and group turns up, each absent in many cases.
    pub(crate) fn draw(seed: u64, accounts: u64, items: u64) -> Self {
        let mut chance = Chance(seed);
        let large = 1 + chance.below(40);
        let gross = chance.once_in(3);
        let mut case = Self::default();
        for _ in 0..accounts {
            let available = if chance.once_in(8) { -(chance.below(10) as i64) } else { chance.below(large) as i64 };
            let multilateral = chance.once_in(6).then(|| chance.below(2 * large) as i64 - 2);
            let gross_out = (gross && chance.once_in(2)).then(|| chance.below(4 * large) as i64 - 2);
            case.accounts.push(Account { available, multilateral, gross_out });
        }
        case.groups = if chance.once_in(3) { 1 + chance.below(3) as u32 } else { 0 };
        for _ in 0..items {
            let debtor = chance.below(accounts);
            let creditor = (debtor + 1 + chance.below(accounts - 1)) % accounts;
            let group = if case.groups > 0 && chance.once_in(3) {
                chance.below(u64::from(case.groups)) as u32
            } else {
                NO_GROUP
            };
            let amount = 1 + chance.below(large) as i64;
            case.items.push(Item { debtor: debtor as u32, creditor: creditor as u32, amount, group });
            case.weights.push(chance.below(20) as u32);
        }
        let often = if chance.once_in(2) { 3 } else { 1_000_000 };
        for from in 0..accounts as u32 {
            for to in (0..accounts as u32).filter(|to| *to != from) {
                if chance.once_in(often) {
                    case.bilateral.push(Bilateral { from, to, headroom: chance.below(large) as i64 - 2 });
                }
            }
        }
        case.opted_in = chance.once_in(3).then(|| case.accounts.iter().map(|_| chance.once_in(2)).collect());
        case
    }

    pub(crate) fn problem(&self) -> Problem<'_> {
        Problem {
            accounts: &self.accounts,
            items: &self.items,
            bilateral: &self.bilateral,
            reserves: &[],
            groups: self.groups,
        }
    }

    pub(crate) fn value(&self, goal: Goal<'_>, selected: &[bool]) -> i128 {
        let chosen = self.items.iter().enumerate().filter(|(index, _)| selected[*index]);
        match goal {
            Goal::Value => chosen.map(|(_, item)| i128::from(item.amount)).sum(),
            Goal::Count => chosen.map(|_| 1).sum(),
            Goal::Weighted(weights) => {
                chosen.map(|(index, item)| i128::from(item.amount) * i128::from(weights[index])).sum()
            }
        }
    }

    /// Feasibility straight from the definition, item by item.
    pub(crate) fn feasible(&self, selected: &[bool]) -> bool {
        let sum = |keep: &dyn Fn(&Item) -> bool| -> i64 {
            self.items
                .iter()
                .zip(selected)
                .filter(|(item, chosen)| **chosen && keep(item))
                .map(|(item, _)| item.amount)
                .sum()
        };
        let groups = (0..self.groups).all(|group| {
            let mut legs = (0..self.items.len()).filter(|&i| self.items[i].group == group).map(|i| selected[i]);
            let first = legs.next();
            legs.all(|leg| Some(leg) == first)
        });
        let keeps_order = |account: u32| self.opted_in.as_ref().is_some_and(|opted| !opted[account as usize]);
        let prefixes = (0..self.items.len()).all(|i| {
            let debtor = self.items[i].debtor;
            !selected[i] || !keeps_order(debtor) || (0..i).all(|j| self.items[j].debtor != debtor || selected[j])
        });
        let accounts = (0u32..).zip(&self.accounts).all(|(a, account)| {
            let out = sum(&|item| item.debtor == a);
            let net = out - sum(&|item| item.creditor == a);
            out == 0
                || (net <= account.available
                    && account.multilateral.is_none_or(|cap| net <= cap)
                    && account.gross_out.is_none_or(|cap| out <= cap))
        });
        let pairs = self.bilateral.iter().all(|limit| {
            let there = sum(&|item| (item.debtor, item.creditor) == (limit.from, limit.to));
            let back = sum(&|item| (item.debtor, item.creditor) == (limit.to, limit.from));
            there == 0 || there - back <= limit.headroom
        });
        groups && prefixes && accounts && pairs
    }

    /// The best of all selections, by trying each.
    pub(crate) fn best(&self, goal: Goal<'_>) -> i128 {
        (0u32..1 << self.items.len())
            .map(|mask| (0..self.items.len()).map(|i| mask >> i & 1 == 1).collect::<Vec<bool>>())
            .filter(|selected| self.feasible(selected))
            .map(|selected| self.value(goal, &selected))
            .max()
            .expect("nothing is feasible")
    }
}
