//! What is left to pay, by what the law permits: nothing, netting of pairs, set-off along cycles, new counterparties.

use alloc::vec;
use alloc::vec::Vec;

use super::{Problem, Proof};
use crate::at;

/// What is left of the same obligations on four legal grounds, each at most the one before, minor units.
///
/// The last one is the net internal debt: the sum of positive net positions. Nothing can go below it without money from
/// outside, and reaching it replaces counterparties (novation), which set-off never does. Keep them apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Floors {
    /// Everything is paid.
    pub gross: i64,
    /// Each pair sets off what it owes one another.
    pub bilateral: i64,
    /// Set-off along cycles between existing counterparties, as proved (on the terms of the problem).
    pub set_off: i64,
    /// Net internal debt: the floor for novation.
    pub novation: i64,
}

impl Floors {
    /// The floors of a problem whose clearing was proved. Terms (consent, lots) bind only `set_off`.
    #[must_use]
    pub fn of(problem: &Problem<'_>, proof: &Proof) -> Self {
        let mut net = vec![0i64; at(problem.parties)];
        let mut pairs: Vec<(u32, u32, i64)> = Vec::with_capacity(problem.obligations.len());
        for owed in problem.obligations {
            net[at(owed.debtor)] -= owed.amount;
            net[at(owed.creditor)] += owed.amount;
            let low_owes = owed.debtor < owed.creditor;
            let (low, high) = (owed.debtor.min(owed.creditor), owed.debtor.max(owed.creditor));
            pairs.push((low, high, if low_owes { owed.amount } else { -owed.amount }));
        }
        pairs.sort_unstable_by_key(|pair| (pair.0, pair.1));
        let owed = |pair: &[(u32, u32, i64)]| pair.iter().map(|owed| owed.2).sum::<i64>().abs();
        Self {
            gross: proof.gross,
            bilateral: pairs.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).map(owed).sum(),
            set_off: proof.residual,
            novation: net.into_iter().filter(|net| *net > 0).sum(),
        }
    }
}
