//! Made-up networks of obligations for trials, tests and benchmarks: seeded, the same on every machine.
//!
//! Four kinds, each with one feature that makes clearing hard: [`bank`] (few members, very many parallel debts), [`firm`]
//! (power law of degrees, about ten obligations per firm), [`trade`] (sparse, as networks of invoices are: most debts lie
//! on no cycle) and [`convert`] (several currencies). They resemble, they do not describe: no figure computed from them
//! says anything about real firms.
//!
//! Absent on purpose: dates, names, real data, and any claim of statistical fit.

mod chance;

use alloc::vec::Vec;

use crate::obligations::Obligation;
pub use chance::Chance;

/// A made-up network: who owes whom how much, one entry per debt.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Sample {
    /// Parties are `0..parties`.
    pub parties: u32,
    /// The debts, in no particular order; parallel debts are normal.
    pub obligations: Vec<Obligation>,
    /// Currency of each debt as `0..CURRENCIES`; empty except for [`convert`].
    pub currencies: Vec<u32>,
}

/// Currencies that [`convert`] draws from.
pub const CURRENCIES: u32 = 8;

/// Debts among banks: a core where everybody owes everybody, and members that deal with a few of the core only.
///
/// 300 members for up to 10,000 debts, 3,000 from 1,000,000 on. However many debts, they merge to about 24 per member.
#[must_use]
pub fn bank(seed: u64, debts: u32) -> Sample {
    let mut chance = Chance::new(seed);
    let parties = (300 + debts / 370).min(3_000);
    let core = parties / 20;
    // A member outside the core knows nine of the core; they follow from its number, not from chance.
    let known = |member: u32, which: u32| (member.wrapping_mul(7) + which * (core / 9).max(1) + which * which) % core;
    let obligations = (0..debts)
        .map(|_| {
            loop {
                let pair = if chance.below(100) < 45 {
                    (chance.below(core), chance.below(core))
                } else {
                    let member = core + chance.below(parties - core);
                    let partner = known(member, chance.skewed(9));
                    if chance.below(2) == 0 { (member, partner) } else { (partner, member) }
                };
                if pair.0 != pair.1 {
                    break Obligation { debtor: pair.0, creditor: pair.1, amount: chance.amount() };
                }
            }
        })
        .collect();
    Sample { parties, obligations, currencies: Vec::new() }
}

/// Debts among firms: a tenth as many firms as debts, a few of them very large on both sides.
#[must_use]
pub fn firm(seed: u64, debts: u32) -> Sample {
    let mut chance = Chance::new(seed);
    let parties = (debts / 10).max(2);
    let names = Spread::new(parties, 0);
    let obligations = (0..debts)
        .map(|_| {
            let debtor = chance.skewed(parties);
            let creditor = chance.skewed_other(parties, debtor);
            Obligation { debtor: names.of(debtor), creditor: names.of(creditor), amount: chance.amount() }
        })
        .collect();
    Sample { parties, obligations, currencies: Vec::new() }
}

/// Sparse debts of trade: two debts for each firm. Who buys much seldom sells much, and most buy from somebody small. A
/// quarter to a half of the debts lie in the one large strongly connected component.
#[must_use]
pub fn trade(seed: u64, debts: u32) -> Sample {
    let mut chance = Chance::new(seed);
    let parties = (debts / 2).max(2);
    let (buyers, sellers) = (Spread::new(parties, 1), Spread::new(parties, 2));
    let obligations = (0..debts)
        .map(|_| {
            loop {
                let debtor =
                    if chance.below(3) == 0 { buyers.of(chance.uneven(parties)) } else { chance.below(parties) };
                let creditor =
                    if chance.below(3) == 0 { chance.below(parties) } else { sellers.of(chance.uneven(parties)) };
                if debtor != creditor {
                    break Obligation { debtor, creditor, amount: chance.amount() };
                }
            }
        })
        .collect();
    Sample { parties, obligations, currencies: Vec::new() }
}

/// Debts in [`CURRENCIES`] currencies: each firm has a home currency; half of the debts are in the creditor's, a fifth in the
/// debtor's, the rest in currency 0. Amounts are already at one common measure (rates of one).
#[must_use]
pub fn convert(seed: u64, debts: u32) -> Sample {
    let Sample { parties, obligations, .. } = firm(seed, debts);
    let mut chance = Chance::new(!seed);
    let homes: Vec<u32> = (0..parties).map(|_| chance.uneven(CURRENCIES)).collect();
    let currencies = obligations
        .iter()
        .map(|debt| match chance.below(10) {
            0..5 => homes[crate::at(debt.creditor)],
            5..7 => homes[crate::at(debt.debtor)],
            _ => 0,
        })
        .collect();
    Sample { parties, obligations, currencies }
}

/// A fixed permutation of `0..count`, so that a large party is not known by a small number.
struct Spread {
    count: u64,
    factor: u64,
    shift: u64,
}

impl Spread {
    fn new(count: u32, salt: u64) -> Self {
        let count = u64::from(count);
        let factor =
            (0..).map(|step| 2_654_435_761 + salt * 97_531 + step).find(|factor| gcd(*factor, count) == 1).unwrap_or(1);
        Self { count, factor, shift: salt * 7_919 }
    }

    fn of(&self, index: u32) -> u32 {
        let mixed = (u128::from(index) * u128::from(self.factor) + u128::from(self.shift)) % u128::from(self.count);
        u32::try_from(mixed).expect("below a 32-bit count")
    }
}

fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
