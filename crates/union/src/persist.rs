//! Persistent creditors: loans out of claims, permitted uses, and what both bring back.
//!
//! Everything here becomes flows of the coming cycle, so that sums, decompositions and positions need no rule of their own: a creditor
//! that lends or invests owes the debtor that amount, a debtor that serves a loan owes it to the creditor. What is moved
//! is decided from positions at the end of the cycle before. Sources: proposals of the nineteen-forties for persistent creditors
//! (lending, investment, use towards others); shares, bands and terms are data. Deliberately absent: consent, and which project
//! is financed.

use alloc::vec::Vec;

use crate::apportion::apportion;
use crate::position::Flow;
use crate::preset::{Key, RecyclingRule, Unable, Use, UseRule};
use crate::quota::Quota;
use crate::schedule::{Instalment, LoanTerms, instalments};
use crate::{Refusal, Share, at};

/// What a flow is that no trade made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tag {
    /// A loan is paid out, from creditor to debtor.
    Lent,
    /// Principal and interest of a loan, from debtor to creditor.
    Served,
    /// What is left of a loan becomes a position again.
    Restored,
    /// A claim is used.
    Used(Use),
    /// A use came back.
    Returned(Use),
}

/// A flow with its tag; members are places in a book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Move {
    /// Who owes whom how much.
    pub flow: Flow,
    /// For what.
    pub tag: Tag,
}

/// A loan that is not paid back yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loan {
    /// Who lent; a place in the book.
    pub creditor: u32,
    /// Who borrowed; a place in the book.
    pub debtor: u32,
    /// How much.
    pub principal: i64,
    /// In which cycle it was paid out.
    pub drawn: u32,
    /// Payments that are still due, one a cycle; `due` is the number of the cycle.
    pub schedule: Vec<Instalment>,
    /// How often an instalment was put off.
    pub put_off: u32,
}

impl Loan {
    /// Principal that is still owed.
    #[must_use]
    pub fn outstanding(&self) -> i128 {
        self.schedule.iter().map(|row| i128::from(row.principal)).sum()
    }
}

/// A use that comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Return {
    /// In which cycle.
    pub cycle: u32,
    /// The flow that brings it back, and its tag.
    pub back: Move,
}

/// Claims above a band and debts that can still take something, while a cycle's moves are decided.
#[derive(Clone, Debug)]
pub struct Room {
    positions: Vec<i64>,
}

impl Room {
    /// The room of positions at the end of the cycle before.
    #[must_use]
    pub fn new(positions: &[i64]) -> Self {
        Self { positions: positions.into() }
    }

    /// How far a claim is above a share of quota.
    fn above(&self, member: usize, quota: Quota, share: Share) -> i64 {
        let band = share.of(quota.value()).ceil();
        let above = i128::from(self.positions[member]) - band;
        i64::try_from(above.max(0)).unwrap_or(0)
    }

    /// Parts of `amount` for debtors, by key; the amount is cut at what they owe.
    fn spread(&self, amount: i64, key: Key) -> Vec<i64> {
        let debts: Vec<i64> = self.positions.iter().map(|position| position.min(&0).saturating_neg()).collect();
        let whole: i128 = debts.iter().map(|debt| i128::from(*debt)).sum();
        let amount = i64::try_from(i128::from(amount).min(whole)).unwrap_or(amount);
        match key {
            Key::Debt => apportion(amount, &debts),
            Key::Even => {
                // Equal parts; what one cannot take is parted again among those that can.
                let mut parts = alloc::vec![0i64; debts.len()];
                let mut left = amount;
                while left > 0 {
                    let open: Vec<i64> = debts.iter().zip(&parts).map(|(debt, part)| i64::from(debt > part)).collect();
                    let count: i64 = open.iter().sum();
                    if count == 0 {
                        break;
                    }
                    // At least one each, so that the loop ends.
                    let each = apportion(left.max(1), &open);
                    for ((part, debt), each) in parts.iter_mut().zip(&debts).zip(each) {
                        let more = each.min(debt - *part).min(left);
                        *part += more;
                        left -= more;
                    }
                }
                parts
            }
        }
    }

    fn take(&mut self, creditor: usize, parts: &[i64]) {
        for (position, part) in self.positions.iter_mut().zip(parts) {
            *position += part;
        }
        self.positions[creditor] -= parts.iter().sum::<i64>();
    }
}

/// What the creditors use their claims for, with what each used this year so far (`used[member][rule]`, brought up to date).
///
/// # Errors
/// [`Refusal::Overflow`] for sums that do not fit.
pub fn uses(
    rules: &[UseRule],
    quotas: &[Quota],
    room: &mut Room,
    used: &mut [Vec<i64>],
    cycle: u32,
) -> Result<(Vec<Move>, Vec<Return>), Refusal> {
    let (mut moves, mut returns) = (Vec::new(), Vec::new());
    for (rule, index) in rules.iter().zip(0..) {
        // Towards a third member a claim is used across books, not here.
        if rule.kind == Use::ThirdMember {
            continue;
        }
        for (member, (quota, used)) in quotas.iter().zip(used.iter_mut()).enumerate() {
            let share = rule.share.of(room.above(member, *quota, rule.above)).floor();
            let already: i64 = used[index];
            let limit = rule.limit.map_or(i128::MAX, |limit| limit.of(quota.value()).floor() - i128::from(already));
            let amount = i64::try_from(share.min(limit).max(0)).map_err(|_| Refusal::Overflow { field: "use" })?;
            let parts = room.spread(amount, Key::Debt);
            for (debtor, &amount) in (0u32..).zip(&parts).filter(|(_, part)| **part > 0) {
                let creditor = u32::try_from(member).map_err(|_| Refusal::Overflow { field: "members" })?;
                moves.push(Move { flow: Flow { from: creditor, to: debtor, amount }, tag: Tag::Used(rule.kind) });
                if rule.returns_after > 0 {
                    let flow = Flow { from: debtor, to: creditor, amount };
                    let back = Move { flow, tag: Tag::Returned(rule.kind) };
                    returns.push(Return { cycle: cycle.saturating_add(rule.returns_after.into()), back });
                }
            }
            used[index] += parts.iter().sum::<i64>();
            room.take(member, &parts);
        }
    }
    Ok((moves, returns))
}

/// Loans of this cycle out of claims above the band. Years have `a_year` cycles.
///
/// # Errors
/// As [`instalments`].
pub fn lend(
    rule: &RecyclingRule,
    quotas: &[Quota],
    room: &mut Room,
    cycle: u32,
    a_year: u16,
) -> Result<Vec<Loan>, Refusal> {
    let mut loans = Vec::new();
    for (member, quota) in quotas.iter().enumerate() {
        let amount = rule.share.of(room.above(member, *quota, rule.above)).floor();
        let amount = i64::try_from(amount).map_err(|_| Refusal::Overflow { field: "loan" })?;
        let parts = room.spread(amount, rule.key);
        let creditor = u32::try_from(member).map_err(|_| Refusal::Overflow { field: "members" })?;
        for (debtor, &principal) in (0u32..).zip(&parts).filter(|(_, part)| **part > 0) {
            let schedule = schedule(rule, principal, cycle, a_year)?;
            loans.push(Loan { creditor, debtor, principal, drawn: cycle, schedule, put_off: 0 });
        }
        room.take(member, &parts);
    }
    Ok(loans)
}

/// The schedule of a loan in cycles: interest for the days of a year's part, `due` renumbered to cycles.
fn schedule(rule: &RecyclingRule, principal: i64, cycle: u32, a_year: u16) -> Result<Vec<Instalment>, Refusal> {
    let terms = LoanTerms { principal, rate: rule.rate, count: rule.count, remainder: rule.remainder };
    let days = |index: u16| i32::from(index) * 365 / i32::from(a_year.max(1));
    let due: Vec<i32> = (1..=rule.instalments).map(days).collect();
    let mut rows = instalments(&terms, 0, &due)?;
    for (row, index) in rows.iter_mut().zip(1u32..) {
        let number = cycle.checked_add(index).and_then(|number| i32::try_from(number).ok());
        row.due = number.ok_or(Refusal::Overflow { field: "cycles" })?;
    }
    Ok(rows)
}

/// What is served in a cycle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Service {
    /// Flows of the cycle.
    pub moves: Vec<Move>,
    /// Paid in asset outside of positions: (debtor, creditor, amount).
    pub in_asset: Vec<(u32, u32, i64)>,
    /// Principal paid by each flow or payment, in the same order: flows first.
    pub principal: i128,
    /// Interest paid.
    pub interest: Vec<(u32, u32, i64)>,
    /// Instalments put off, by debtor.
    pub put_off: Vec<u32>,
}

/// Serves what is due in `cycle`. `ahead` is each member's position as the rest of the cycle makes it; what is served is taken into it.
///
/// # Errors
/// [`Refusal::Overflow`] for sums that do not fit.
pub fn serve(
    unable: Unable,
    loans: &mut Vec<Loan>,
    quotas: &[Quota],
    ahead: &mut [i128],
    cycle: u32,
) -> Result<Service, Refusal> {
    let overflow = || Refusal::Overflow { field: "service of a loan" };
    let mut service = Service::default();
    for loan in loans.iter_mut() {
        let now = |row: &&mut Instalment| u32::try_from(row.due).is_ok_and(|due| due <= cycle);
        let Some(row) = loan.schedule.first_mut().filter(now) else { continue };
        let (from, to) = (loan.debtor, loan.creditor);
        let whole = row.principal.checked_add(row.interest).ok_or_else(overflow)?;
        let able = ahead[at(from)] - i128::from(whole) >= -i128::from(quotas[at(from)].value());
        let mut flow = |amount: i64, tag: Tag, ahead: &mut [i128]| {
            if amount > 0 {
                service.moves.push(Move { flow: Flow { from, to, amount }, tag });
                ahead[at(from)] -= i128::from(amount);
                ahead[at(to)] += i128::from(amount);
            }
        };
        match unable {
            Unable::Asset | Unable::Prolong | Unable::Restore if able => {
                flow(whole, Tag::Served, ahead);
                service.principal += i128::from(row.principal);
                service.interest.push((from, to, row.interest));
                loan.schedule.remove(0);
            }
            Unable::Asset => {
                service.in_asset.push((from, to, whole));
                service.principal += i128::from(row.principal);
                service.interest.push((from, to, row.interest));
                loan.schedule.remove(0);
            }
            Unable::Prolong => {
                let late = *row;
                loan.schedule.remove(0);
                let last = loan.schedule.last().map_or(late.due, |row| row.due);
                let due = last.checked_add(1).ok_or_else(overflow)?;
                // Interest that was not paid is owed with the principal; the delay itself costs nothing.
                loan.schedule.push(Instalment { due, ..late });
                let mut left = loan.schedule.iter().try_fold(0i64, |sum, row| sum.checked_add(row.principal));
                for row in &mut loan.schedule {
                    left = left.map(|left| left - row.principal);
                    row.outstanding = left.ok_or_else(overflow)?;
                }
                loan.put_off = loan.put_off.saturating_add(1);
                service.put_off.push(from);
            }
            Unable::Restore => {
                let rest = i64::try_from(loan.outstanding()).map_err(|_| overflow())?;
                flow(rest, Tag::Restored, ahead);
                loan.schedule.clear();
                service.put_off.push(from);
            }
        }
    }
    loans.retain(|loan| !loan.schedule.is_empty());
    Ok(service)
}
