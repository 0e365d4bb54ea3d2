//! Recycling: a creditor's claim on the union becomes a loan to a debtor, or pays a third member.
//!
//! Both leave the sum of positions at zero and take nothing from anybody else: the union's credit is replaced by a loan between
//! two members, on terms of their own. Sources: proposals of the nineteen-forties for persistent creditors, and the practice of
//! funding bilateral debts by agreement; amounts and terms are data. Deliberately absent: consent; the ledger asks for it.

use alloc::vec::Vec;

use crate::position::{add, conserved};
use crate::schedule::{Instalment, LoanTerms, instalments};
use crate::{Refusal, at};

/// A claim that became a loan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recycled {
    /// Positions against the union afterwards.
    pub positions: Vec<i64>,
    /// What the debtor pays the creditor, and when.
    pub schedule: Vec<Instalment>,
}

/// Turns `terms.principal` of `creditor`'s claim into a loan to `debtor`, who pays down its position with it.
///
/// # Errors
/// [`Refusal::Conservation`] unless positions sum to zero, [`Refusal::Member`] or [`Refusal::ToSelf`] for the members,
/// [`Refusal::Exceeds`] if the claim or the debt is smaller than the principal, and the refusals of [`instalments`].
pub fn into_loan(
    positions: &[i64],
    creditor: u32,
    debtor: u32,
    terms: &LoanTerms,
    start: i32,
    due: &[i32],
) -> Result<Recycled, Refusal> {
    known(positions, creditor, debtor)?;
    let schedule = instalments(terms, start, due)?;
    let debt = add(0, positions[at(debtor)].min(0))?;
    within("principal against the debt", terms.principal, -debt)?;
    within("principal against the claim", terms.principal, positions[at(creditor)].max(0))?;
    Ok(Recycled { positions: moved(positions, creditor, debtor, terms.principal)?, schedule })
}

/// Pays a third member with a claim: `from` gives `amount` of its claim to `to`.
///
/// # Errors
/// As [`into_loan`]; the position of `to` may be a claim or a debt.
pub fn pay_with_claim(positions: &[i64], from: u32, to: u32, amount: i64) -> Result<Vec<i64>, Refusal> {
    known(positions, from, to)?;
    if amount <= 0 {
        return Err(Refusal::NotPositive { field: "amount", value: amount });
    }
    within("amount against the claim", amount, positions[at(from)].max(0))?;
    moved(positions, from, to, amount)
}

fn known(positions: &[i64], one: u32, other: u32) -> Result<(), Refusal> {
    conserved(positions)?;
    let members = u32::try_from(positions.len()).map_err(|_| Refusal::Overflow { field: "members" })?;
    if let Some(member) = [one, other].into_iter().find(|member| *member >= members) {
        return Err(Refusal::Member { flow: 0, member, members });
    }
    if one == other { Err(Refusal::ToSelf { flow: 0, member: one }) } else { Ok(()) }
}

fn within(field: &'static str, value: i64, limit: i64) -> Result<(), Refusal> {
    if value <= limit { Ok(()) } else { Err(Refusal::Exceeds { field, value, limit }) }
}

fn moved(positions: &[i64], from: u32, to: u32, amount: i64) -> Result<Vec<i64>, Refusal> {
    let mut positions = positions.to_vec();
    positions[at(from)] = add(positions[at(from)], -amount)?;
    positions[at(to)] = add(positions[at(to)], amount)?;
    Ok(positions)
}
