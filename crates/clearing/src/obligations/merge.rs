//! Merging parallel debts: one arc per ordered pair of parties, and which rows it came from.
//!
//! Counting sort by debtor, then by creditor within each debtor: linear in rows, parties and arcs, without comparing and
//! without a hash table that chosen input could slow down. Order is fixed: arcs by (debtor, creditor), rows of an arc in
//! the order of the input.

use alloc::vec;
use alloc::vec::Vec;

use super::{COUNT_MAX, Obligation, Refusal, TOTAL_MAX};
use crate::flow::{Arc, Network};
use crate::{at, index};

/// Obligations with parallel debts merged.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Merged {
    /// Parties are `0..parties`.
    pub parties: u32,
    /// One arc per ordered pair that has a debt, by (debtor, creditor): `from` debtor, `to` creditor, `cap` the sum owed,
    /// `value` 1.
    pub arcs: Vec<Arc>,
    /// The rows of arc `a` are `rows[starts[a]..starts[a + 1]]`; one entry more than arcs.
    pub starts: Vec<u32>,
    /// Rows grouped by arc, each group in the order of the input.
    pub rows: Vec<u32>,
    /// Sum of all amounts.
    pub gross: i64,
}

impl Merged {
    /// The network whose circulations of greatest value clear the most.
    #[must_use]
    pub fn network(&self) -> Network<'_> {
        Network { nodes: self.parties, arcs: &self.arcs }
    }

    /// The rows merged into arc `arc`, in the order of the input.
    #[must_use]
    pub fn rows_of(&self, arc: usize) -> &[u32] {
        &self.rows[at(self.starts[arc])..at(self.starts[arc + 1])]
    }
}

/// Merges parallel debts. Every row is checked first; nothing is done by halves.
///
/// # Errors
/// Counts first, then the first bad row ([`Refusal`] names it).
pub fn merge(parties: u32, obligations: &[Obligation]) -> Result<Merged, Refusal> {
    for (what, count) in [("parties", at(parties)), ("obligations", obligations.len())] {
        if count > COUNT_MAX {
            return Err(Refusal::TooMany { what, count });
        }
    }
    let (mut starts_of, gross) = count_by_debtor(parties, obligations)?;
    // Rows by debtor; afterwards `starts_of[d]` is where debtor d ends.
    let mut by_debtor = vec![0u32; obligations.len()];
    for (row, debt) in (0u32..).zip(obligations) {
        let place = &mut starts_of[at(debt.debtor)];
        by_debtor[at(*place)] = row;
        *place += 1;
    }
    let mut merged = Merged { parties, gross, rows: vec![0u32; obligations.len()], ..Merged::default() };
    let mut pairs = Pairs { count: vec![0; at(parties)], seen: Vec::new() };
    let mut begin = 0;
    for (debtor, &end) in (0u32..).zip(&starts_of) {
        pairs.split(debtor, obligations, &by_debtor[begin..at(end)], begin, &mut merged);
        begin = at(end);
    }
    merged.starts.push(index(obligations.len()));
    Ok(merged)
}

/// Where the rows of each debtor begin, and the sum of all amounts.
fn count_by_debtor(parties: u32, obligations: &[Obligation]) -> Result<(Vec<u32>, i64), Refusal> {
    let mut starts = vec![0u32; at(parties)];
    let mut gross = 0i64;
    for (row, &Obligation { debtor, creditor, amount }) in (0u32..).zip(obligations) {
        if let Some(party) = [debtor, creditor].into_iter().find(|party| *party >= parties) {
            return Err(Refusal::Party { row, party, parties });
        }
        if debtor == creditor {
            return Err(Refusal::Own { row, party: debtor });
        }
        if amount <= 0 {
            return Err(Refusal::Amount { row, amount });
        }
        gross = match gross.checked_add(amount) {
            Some(sum) if sum <= TOTAL_MAX => sum,
            Some(_) | None => return Err(Refusal::Total { row }),
        };
        starts[at(debtor)] += 1;
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += core::mem::replace(start, sum);
    }
    Ok((starts, gross))
}

/// Scratch of one debtor at a time: rows per creditor, and the creditors that have any.
struct Pairs {
    count: Vec<u32>,
    seen: Vec<u32>,
}

impl Pairs {
    /// Groups the rows of one debtor by creditor into `merged`, whose rows from `begin` on are theirs.
    fn split(&mut self, debtor: u32, obligations: &[Obligation], rows: &[u32], begin: usize, merged: &mut Merged) {
        for row in rows {
            let creditor = obligations[at(*row)].creditor;
            let count = &mut self.count[at(creditor)];
            if *count == 0 {
                self.seen.push(creditor);
            }
            *count += 1;
        }
        self.seen.sort_unstable();
        let (first, mut place) = (merged.arcs.len(), index(begin));
        for (arc, creditor) in self.seen.iter().enumerate() {
            merged.starts.push(place);
            merged.arcs.push(Arc { from: debtor, to: *creditor, cap: 0, value: 1 });
            // From here on `count` says which arc of this debtor it is; the places are in `starts`.
            place += core::mem::replace(&mut self.count[at(*creditor)], index(arc));
        }
        for row in rows {
            let debt = &obligations[at(*row)];
            let arc = first + at(self.count[at(debt.creditor)]);
            merged.arcs[arc].cap += debt.amount;
            merged.rows[at(merged.starts[arc])] = *row;
            merged.starts[arc] += 1;
        }
        // Each start has moved to its end, which is where the next begins: move all back by one.
        let mut start = index(begin);
        for moved in &mut merged.starts[first..] {
            start = core::mem::replace(moved, start);
        }
        for creditor in self.seen.drain(..) {
            self.count[at(creditor)] = 0;
        }
    }
}
