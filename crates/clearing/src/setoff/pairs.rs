//! Obligations merged into one arc per ordered pair of parties, and which obligations each arc stands for.
//!
//! Counted in lots: an obligation that may clear less than one lot is left out, which is exact, because it cannot be set
//! off at all. Absent on purpose: the caps of parties and the fund; see `network`.

use alloc::vec::Vec;

use super::Problem;
use crate::at;
use crate::obligations::{Obligation, merge};

/// An arc: a pair, or a pair and a due rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) debtor: u32,
    pub(super) creditor: u32,
    /// Lots that may be cleared.
    pub(super) cap: i64,
    /// Where its obligations begin in [`Pairs::rows`].
    pub(super) start: u32,
}

/// All arcs, ordered by (debtor, creditor) and then, if asked, by due rank.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairs {
    pub(super) arcs: Vec<Pair>,
    /// Obligations by arc; within an arc by (due rank, position).
    pub(super) rows: Vec<u32>,
}

impl Pairs {
    /// Merges what may be cleared at all. `excluded` says which obligations must stay out (empty: none); `by_due` keeps
    /// different due ranks of a pair apart.
    pub(super) fn of(problem: &Problem<'_>, excluded: &[bool], by_due: bool) -> Self {
        let out = |row: u32| excluded.get(at(row)).copied().unwrap_or(false);
        let whole = problem.consent.is_empty() && problem.least() == 1 && excluded.is_empty();
        let (mut kept, mut kept_rows) = (Vec::new(), Vec::new());
        if !whole {
            for (row, owed) in (0u32..).zip(problem.obligations) {
                let lots = problem.lots_of(at(row));
                if lots > 0 && !out(row) {
                    kept.push(Obligation { amount: lots, ..*owed });
                    kept_rows.push(row);
                }
            }
        }
        let obligations = if whole { problem.obligations } else { &kept };
        let mut merged = merge(problem.parties, obligations).expect("a valid problem has valid obligations");
        for row in merged.rows.iter_mut().filter(|_| !whole) {
            *row = kept_rows[at(*row)];
        }
        let due = |row: u32| problem.due.get(at(row)).copied().unwrap_or(0);
        let mut pairs = Self { arcs: Vec::with_capacity(merged.arcs.len()), rows: merged.rows };
        for (arc, ends) in merged.arcs.iter().zip(merged.starts.windows(2)) {
            let rows = &mut pairs.rows[at(ends[0])..at(ends[1])];
            let pair = Pair { debtor: arc.from, creditor: arc.to, cap: arc.cap, start: ends[0] };
            if !problem.due.is_empty() {
                rows.sort_unstable_by_key(|row| (due(*row), *row));
            }
            if !by_due {
                pairs.arcs.push(pair);
                continue;
            }
            let mut start = ends[0];
            for class in rows.chunk_by(|a, b| due(*a) == due(*b)) {
                let cap = class.iter().map(|row| problem.lots_of(at(*row))).sum();
                pairs.arcs.push(Pair { cap, start, ..pair });
                start += u32::try_from(class.len()).unwrap_or(u32::MAX);
            }
        }
        pairs
    }

    /// The obligations of an arc.
    pub(super) fn rows_of(&self, arc: usize) -> &[u32] {
        let end = self.arcs.get(arc + 1).map_or(self.rows.len(), |next| at(next.start));
        &self.rows[at(self.arcs[arc].start)..end]
    }
}
