//! Many flows of one cycle, tallied as they come: nets and gross amounts without sorting and without a table of hashes.
//!
//! A dense table of all pairs would be touched at random and miss every cache. So flows are first laid into buckets of neighbouring
//! members, which is writing in a few hundred places one after the other; then each bucket is summed in a small dense table
//! that stays near. Sums do not depend on order, so neither does any figure. Deliberately absent: what becomes of nets; that
//! is [`close_nets`](crate::cycle::close_nets).

use alloc::vec::Vec;

use crate::position::{Flow, MEMBER_COUNT_MAX, check};
use crate::{Refusal, at};

/// Cells of the small table: 2 MiB.
const CELLS: usize = 1 << 18;
/// Most members of a tally: one row of pairs must fit the small table.
pub const TALLY_MEMBER_COUNT_MAX: u32 = 1 << 18;

/// A pair's place in its bucket's table, and the lower member's claim.
#[derive(Clone, Copy, Debug)]
struct Kept {
    cell: u32,
    claim: i64,
}

/// Flows of a cycle, as they come.
#[derive(Clone, Debug)]
pub struct Tally {
    members: u32,
    /// Members of a bucket are `1 << shift` neighbours.
    shift: u32,
    buckets: Vec<Vec<Kept>>,
    payments: i128,
    count: usize,
}

/// What the flows came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tallied {
    /// What each member is owed by all others together.
    pub nets: Vec<i64>,
    /// Bilateral surpluses and deficits of each member.
    pub gross: Vec<i128>,
    /// Sum of all flows.
    pub payments: i128,
    /// What would move if each pair netted by itself.
    pub bilateral: i128,
    /// Pairs that do not cancel.
    pub pairs: u64,
    /// Flows.
    pub count: usize,
}

impl Tally {
    /// An empty tally, with room for about `flows`.
    ///
    /// # Errors
    /// [`Refusal::Exceeds`] for more than [`TALLY_MEMBER_COUNT_MAX`] members.
    pub fn new(members: u32, flows: usize) -> Result<Self, Refusal> {
        let limit = TALLY_MEMBER_COUNT_MAX.min(MEMBER_COUNT_MAX);
        if members > limit {
            return Err(Refusal::Exceeds { field: "members of a tally", value: members.into(), limit: limit.into() });
        }
        let rows = (CELLS / at(members.max(1))).max(1);
        let shift = rows.ilog2();
        let count = (at(members) >> shift) + 1;
        // The lower of two members is more often in the first buckets, so they get more room.
        let room = |bucket: usize| flows / count * (2 * (count - bucket)) / count;
        let buckets = (0..count).map(|bucket| Vec::with_capacity(room(bucket))).collect();
        Ok(Self { members, shift, buckets, payments: 0, count: 0 })
    }

    /// Adds a flow.
    ///
    /// # Errors
    /// A flow between no two members, or not above zero. It is not added then.
    pub fn add(&mut self, flow: Flow) -> Result<(), Refusal> {
        check(self.count, &flow, self.members)?;
        let Flow { from, to, amount } = flow;
        let (low, high, claim) = if from < to { (from, to, -amount) } else { (to, from, amount) };
        let row = low & ((1 << self.shift) - 1);
        // A row below the number of rows and a member below that of members: below 2^19.
        let cell = row * self.members + high;
        self.buckets[at(low >> self.shift)].push(Kept { cell, claim });
        self.payments += i128::from(amount);
        self.count += 1;
        Ok(())
    }

    /// Sums everything up.
    ///
    /// # Errors
    /// [`Refusal::Overflow`] for a balance or a net that does not fit.
    pub fn finish(self) -> Result<Tallied, Refusal> {
        let members = at(self.members);
        let mut nets = alloc::vec![0i64; members];
        let mut gross = alloc::vec![0i128; members];
        let mut cells = alloc::vec![0i64; members << self.shift];
        let (mut bilateral, mut pairs) = (0i128, 0u64);
        let net = || Refusal::Overflow { field: "net of a member" };
        for (bucket, kept) in self.buckets.iter().enumerate() {
            for kept in kept {
                let cell = &mut cells[at(kept.cell)];
                *cell = cell.checked_add(kept.claim).ok_or(Refusal::Overflow { field: "balance of a pair" })?;
            }
            for kept in kept {
                // The first visit takes the balance, later ones find nothing.
                let claim = core::mem::take(&mut cells[at(kept.cell)]);
                if claim == 0 {
                    continue;
                }
                let (row, high) = (at(kept.cell / self.members), at(kept.cell % self.members));
                let low = (bucket << self.shift) + row;
                nets[low] = nets[low].checked_add(claim).ok_or_else(net)?;
                nets[high] = nets[high].checked_sub(claim).ok_or_else(net)?;
                let size = i128::from(claim).abs();
                gross[low] += size;
                gross[high] += size;
                bilateral += size;
                pairs += 1;
            }
        }
        Ok(Tallied { nets, gross, payments: self.payments, bilateral, pairs, count: self.count })
    }
}
