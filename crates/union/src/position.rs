//! Positions: what each member owes the others or is owed, against the union and against each other member.
//!
//! Positive means creditor. Positions against the union sum to zero, always. Deliberately absent: currencies; flows come counted
//! in one [`unit`](crate::unit) of account.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use crate::{Refusal, at};

/// Most members of one union.
pub const MEMBER_COUNT_MAX: u32 = 1 << 24;

/// `from` owes `to` an amount from what was traded or paid in a cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Flow {
    /// Who owes.
    pub from: u32,
    /// Who is owed; another than `from`.
    pub to: u32,
    /// Minor units of the unit of account, above zero.
    pub amount: i64,
}

/// What is between two members: the claim of the lower on the higher one, or its debt if below zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Balance {
    /// The member with the lower index.
    pub low: u32,
    /// The member with the higher index.
    pub high: u32,
    /// Minor units: above zero when `high` owes `low`. Pairs that cancel exactly are left out.
    pub claim: i64,
}

/// Cumulative positions of all members.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Positions {
    union: Vec<i64>,
    pairs: Vec<Balance>,
}

/// Bilateral balances of `flows`, ordered by (low, high).
///
/// # Errors
/// The first flow that names no member, the same one twice, or an amount that is not above zero; [`Refusal::Overflow`] for a sum
/// that does not fit.
pub fn balances(members: u32, flows: &[Flow]) -> Result<Vec<Balance>, Refusal> {
    if members > MEMBER_COUNT_MAX {
        return Err(Refusal::Exceeds { field: "members", value: members.into(), limit: MEMBER_COUNT_MAX.into() });
    }
    let mut pairs: Vec<Balance> = Vec::with_capacity(flows.len());
    for (index, flow) in flows.iter().enumerate() {
        check(index, flow, members)?;
        let Flow { from, to, amount } = *flow;
        // `from` owes: its claim is below zero.
        let (low, high, claim) = if from < to { (from, to, -amount) } else { (to, from, amount) };
        pairs.push(Balance { low, high, claim });
    }
    merge(pairs)
}

/// A flow must be between two different members and above zero.
pub(crate) fn check(index: usize, flow: &Flow, members: u32) -> Result<(), Refusal> {
    let Flow { from, to, amount } = *flow;
    if let Some(member) = [from, to].into_iter().find(|member| *member >= members) {
        return Err(Refusal::Member { flow: index, member, members });
    }
    if from == to {
        return Err(Refusal::ToSelf { flow: index, member: from });
    }
    if amount <= 0 {
        return Err(Refusal::Amount { field: "flow", index, value: amount });
    }
    Ok(())
}

/// What each member is owed by all others together.
///
/// # Errors
/// [`Refusal::Member`] for a balance of a member that does not exist, [`Refusal::ToSelf`] for one with itself,
/// [`Refusal::Overflow`] for a sum that does not fit.
pub fn nets(members: u32, balances: &[Balance]) -> Result<Vec<i64>, Refusal> {
    let mut wide = alloc::vec![0i128; at(members)];
    for (flow, balance) in balances.iter().enumerate() {
        if balance.low >= balance.high {
            return Err(Refusal::ToSelf { flow, member: balance.low });
        }
        if balance.high >= members {
            return Err(Refusal::Member { flow, member: balance.high, members });
        }
        wide[at(balance.low)] += i128::from(balance.claim);
        wide[at(balance.high)] -= i128::from(balance.claim);
    }
    wide.into_iter().map(|net| narrow(net, "net of a member")).collect()
}

impl Positions {
    /// No positions yet.
    #[must_use]
    pub fn none(members: u32) -> Self {
        Self { union: alloc::vec![0; at(members)], pairs: Vec::new() }
    }

    /// Each member's position against the union; they sum to zero.
    #[must_use]
    pub fn union(&self) -> &[i64] {
        &self.union
    }

    /// Each pair's position, ordered by (low, high); those of zero are left out.
    #[must_use]
    pub fn pairs(&self) -> &[Balance] {
        &self.pairs
    }

    /// Positions after a cycle's balances.
    ///
    /// # Errors
    /// As [`nets`].
    pub fn after(&self, balances: &[Balance]) -> Result<Self, Refusal> {
        let members = u32::try_from(self.union.len()).map_err(|_| Refusal::Overflow { field: "members" })?;
        let nets = nets(members, balances)?;
        let union = self.union.iter().zip(nets).map(|(old, net)| add(*old, net)).collect::<Result<_, _>>()?;
        let pairs = merge(self.pairs.iter().chain(balances).copied().collect())?;
        Ok(Self { union, pairs })
    }
}

/// A sum of positions.
pub(crate) fn add(old: i64, change: i64) -> Result<i64, Refusal> {
    // The one number without an opposite is refused too: sizes of positions must exist.
    old.checked_add(change).filter(|sum| *sum != i64::MIN).ok_or(Refusal::Overflow { field: "position" })
}

/// Positions must sum to zero.
///
/// # Errors
/// [`Refusal::Conservation`] if they do not.
pub fn conserved(positions: &[i64]) -> Result<(), Refusal> {
    let sum: i128 = positions.iter().map(|position| i128::from(*position)).sum();
    if sum == 0 { Ok(()) } else { Err(Refusal::Conservation { sum }) }
}

/// A member belongs to one union at most, and once: otherwise the same trade could be carried twice.
///
/// # Errors
/// [`Refusal::MemberTwice`] naming the first member that is named again.
pub fn disjoint(unions: &[&[u32]]) -> Result<(), Refusal> {
    let mut seen = BTreeSet::new();
    match unions.iter().copied().flatten().find(|member| !seen.insert(**member)) {
        Some(&member) => Err(Refusal::MemberTwice { member }),
        None => Ok(()),
    }
}

fn merge(mut pairs: Vec<Balance>) -> Result<Vec<Balance>, Refusal> {
    pairs.sort_unstable_by_key(|pair| (pair.low, pair.high));
    let mut merged = Vec::new();
    for same in pairs.chunk_by(|a, b| (a.low, a.high) == (b.low, b.high)) {
        let claim = narrow(same.iter().map(|pair| i128::from(pair.claim)).sum(), "balance of a pair")?;
        if claim != 0 {
            merged.push(Balance { claim, ..same[0] });
        }
    }
    Ok(merged)
}

fn narrow(wide: i128, field: &'static str) -> Result<i64, Refusal> {
    i64::try_from(wide).ok().filter(|value| *value != i64::MIN).ok_or(Refusal::Overflow { field })
}
