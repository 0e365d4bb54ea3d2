//! A member leaves: what is between it and each other member becomes one amount, paid in instalments, and then nothing is left.
//!
//! ```text
//! 1  claims and debts between the leaver and each other member are netted: one claim a pair
//! 2  its position against the union is divided by key: every other member takes a part over as a claim or debt of its own,
//!    and its position against the union changes by as much, so that the positions that stay sum to zero
//! 3  both are netted again: one amount a pair
//! 4  the amount is paid in equal instalments with interest on what is outstanding
//! ```
//! The shape is that of a liquidation clause: the European Payments Union's agreement (1950) turned what a leaver owed or was
//! owed into bilateral debts amortised over years (remembered; key and terms are data). Deliberately absent: consent, and money
//! the union itself owns.

use alloc::vec::Vec;

use super::split::split;
use super::three::same;
use crate::charge::DayCount;
use crate::position::{Balance, Flow, add, balances, conserved};
use crate::schedule::{Instalment, LoanTerms, RemainderIn, instalments};
use crate::{Rate, Refusal, at};

/// How a leaver pays, and is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Interest a year on what is outstanding.
    pub rate: Rate,
    /// How days are counted.
    pub count: DayCount,
    /// Which instalment pays what does not divide.
    pub remainder: RemainderIn,
    /// The day of the exit, days since any fixed day.
    pub start: i32,
    /// The days instalments are due, ascending.
    pub due: Vec<i32>,
}

/// What is between the leaver and one other member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The other member.
    pub member: u32,
    /// The leaver's claim on it from open items; a debt if below zero.
    pub bilateral: i64,
    /// The leaver's claim on it from the union's position; a debt if below zero.
    pub from_union: i64,
    /// Both together: the other member owes it to the leaver, or is owed it if below zero.
    pub amount: i64,
    /// How it is paid; empty for nothing.
    pub schedule: Vec<Instalment>,
}

/// A member, wound up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exit {
    /// What is between the leaver and each other member, by index; those with nothing at all are left out.
    pub settled: Vec<Settled>,
    /// Positions against the union afterwards: the leaver's is zero, and they sum to zero.
    pub positions: Vec<i64>,
    /// Claims between the members that stay, as they were.
    pub others: Vec<Balance>,
}

/// Winds up `leaver`, whose claims and debts with others are among `items`.
///
/// # Errors
/// [`Refusal::Conservation`] unless positions sum to zero, [`Refusal::Member`] for a leaver or a party of an item that is no
/// member, [`Refusal::Count`] when there are not as many keys as members, [`Refusal::NoWeight`] when no other member has a key,
/// and the refusals of [`instalments`].
pub fn exit(positions: &[i64], items: &[Flow], keys: &[i64], leaver: u32, terms: &Terms) -> Result<Exit, Refusal> {
    conserved(positions)?;
    same("keys", keys.len(), positions.len())?;
    let members = u32::try_from(positions.len()).map_err(|_| Refusal::Overflow { field: "members" })?;
    if leaver >= members {
        return Err(Refusal::Member { flow: 0, member: leaver, members });
    }
    let (own, others): (Vec<Balance>, Vec<Balance>) =
        balances(members, items)?.into_iter().partition(|pair| pair.low == leaver || pair.high == leaver);
    let mut bilateral = alloc::vec![0i64; positions.len()];
    for pair in own {
        // The claim is the lower one's.
        let (other, claim) = if pair.low == leaver { (pair.high, pair.claim) } else { (pair.low, -pair.claim) };
        bilateral[at(other)] = claim;
    }
    let mut keys = keys.to_vec();
    keys[at(leaver)] = 0;
    let position = add(0, positions[at(leaver)])?;
    let parts = split("keys of the exit", position.abs(), &keys)?;
    let mut after = positions.to_vec();
    after[at(leaver)] = 0;
    let mut settled = Vec::new();
    for (member, part) in (0u32..).zip(parts).filter(|(member, _)| *member != leaver) {
        let from_union = part * position.signum();
        // Who takes over a debt of the union owes the union as much less: nobody gains or loses by it.
        after[at(member)] = add(after[at(member)], from_union)?;
        let amount = add(bilateral[at(member)], from_union)?;
        if bilateral[at(member)] != 0 || from_union != 0 {
            let schedule = schedule(amount, terms)?;
            settled.push(Settled { member, bilateral: bilateral[at(member)], from_union, amount, schedule });
        }
    }
    Ok(Exit { settled, positions: after, others })
}

fn schedule(amount: i64, terms: &Terms) -> Result<Vec<Instalment>, Refusal> {
    if amount == 0 {
        return Ok(Vec::new());
    }
    let Terms { rate, count, remainder, start, ref due } = *terms;
    instalments(&LoanTerms { principal: amount.abs(), rate, count, remainder }, start, due)
}
