//! Which parts of which instructions a net consists of.
//!
//! Rule: what a member is owed covers what it owes in the order of the instructions, so the money it pays is for the last
//! ones, and at most one instruction is split. What a member owes is covered by what it is owed in the same order, so the
//! money it receives is for the last of its claims. With pairs the rule holds within each pair.
//!
//! Under a multilateral net the two sides of one instruction may differ: the debtor has paid it in money, the creditor has
//! used it to cover its own debts. Sums agree, instructions need not; that is what a common net means.

use alloc::vec;
use alloc::vec::Vec;

use super::{Invalid, Obligation, validate};
use crate::at;

/// Over what is netted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Basis {
    /// Each pair for itself.
    Bilateral,
    /// All members together.
    Multilateral,
}

/// The money of a cycle on its instructions; the rest of each amount is netted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Money {
    /// What the debtor of each instruction pays in money, minor units.
    pub paid: Vec<i64>,
    /// What the creditor of each instruction receives in money.
    pub received: Vec<i64>,
}

/// Allots nets to instructions.
///
/// # Errors
/// The first [`Invalid`] in input order.
pub fn allot(members: u32, instructions: &[Obligation], basis: Basis) -> Result<Money, Invalid> {
    validate(members, instructions)?;
    let mut money = Money { paid: vec![0; instructions.len()], received: vec![0; instructions.len()] };
    match basis {
        Basis::Multilateral => {
            let mut owes = vec![0i128; at(members)];
            let mut owed = owes.clone();
            for one in instructions {
                owes[at(one.from)] += i128::from(one.amount);
                owed[at(one.to)] += i128::from(one.amount);
            }
            // What is netted of each member's debts equals what is netted of its claims.
            let mut cover: Vec<i128> = owes.iter().zip(&owed).map(|(owes, owed)| *owes.min(owed)).collect();
            let mut uses = cover.clone();
            for (place, one) in instructions.iter().enumerate() {
                money.paid[place] = one.amount - take(&mut cover[at(one.from)], one.amount);
                money.received[place] = one.amount - take(&mut uses[at(one.to)], one.amount);
            }
        }
        Basis::Bilateral => {
            let mut order: Vec<usize> = (0..instructions.len()).collect();
            let pair = |place: usize| {
                let one = &instructions[place];
                (one.from.min(one.to), one.from.max(one.to))
            };
            order.sort_unstable_by_key(|place| (pair(*place), *place));
            for places in order.chunk_by(|a, b| pair(*a) == pair(*b)) {
                let low = pair(places[0]).0;
                let sum = |of_low: bool| -> i128 {
                    let one = |place: &usize| &instructions[*place];
                    places
                        .iter()
                        .map(one)
                        .filter(|one| (one.from == low) == of_low)
                        .map(|one| i128::from(one.amount))
                        .sum()
                };
                let both = sum(true).min(sum(false));
                let mut cover = [both, both];
                for &place in places {
                    let one = &instructions[place];
                    let rest = one.amount - take(&mut cover[usize::from(one.from == low)], one.amount);
                    money.paid[place] = rest;
                    money.received[place] = rest;
                }
            }
        }
    }
    Ok(money)
}

/// As much of `amount` as `cover` still has.
fn take(cover: &mut i128, amount: i64) -> i64 {
    let part = i64::try_from(*cover).unwrap_or(i64::MAX).min(amount);
    *cover -= i128::from(part);
    part
}
