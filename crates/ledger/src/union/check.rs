//! The invariants of unions, checked in full.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec;

use comity_union::cycle::Decomposition;

use super::order::Method;
use super::rules::Rules;
use super::{Agenda, Member, Origin, Party, Purpose, UnionState, Unions, Way};
use crate::ids::AuthorityId;

/// The name of the first invariant that does not hold, and the union it was found at.
pub(crate) fn check(unions: &Unions) -> Result<(), (&'static str, usize)> {
    let mut seen = BTreeSet::new();
    for (at, union) in unions.list.iter().enumerate() {
        let found = |name| Err((name, at));
        if !sums_to_zero(union) {
            return found("U-1");
        }
        let rules = Rules::read(&union.rules);
        if union.members.iter().enumerate().any(|(place, member)| !consists(union, &rules, place, member)) {
            return found("U-2");
        }
        if !accounted_for(union) {
            return found("U-3");
        }
        if !decomposed(union) {
            return found("U-4");
        }
        if union.members.iter().any(|member| !member.left && !seen.insert(member.authority)) {
            return found("U-6");
        }
    }
    match agenda(unions) {
        Some(at) => Err(("U-5", at)),
        None => Ok(()),
    }
}

/// U-1: positions of a union, and what those who left took with them, sum to zero.
pub(super) fn sums_to_zero(union: &UnionState) -> bool {
    let sum: i128 = union.members.iter().map(|member| i128::from(member.position)).sum();
    sum + i128::from(union.own) == 0
}

/// U-2: what a position consists of is what its schedule says of it.
fn consists(union: &UnionState, rules: &Rules, at: usize, member: &Member) -> bool {
    let terms = rules.terms(at);
    let said = terms.schedule.stock(terms.quota, member.position);
    let within = member.excess == 0
        || (member.excess.signum() == member.stock.credit.signum()
            && member.excess.unsigned_abs() <= member.stock.credit.unsigned_abs());
    let gone = !member.left || (member.position == 0 && member.rolled == 0);
    let carries = union.rules.carries || member.position == 0;
    said == Ok(member.stock) && within && gone && carries
}

/// U-3: residuals account for everything that ever fell due, and what settled them for every residual.
fn accounted_for(union: &UnionState) -> bool {
    let mut asset: BTreeMap<AuthorityId, i128> = BTreeMap::new();
    let (mut charged, mut interest, mut rolled) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let mut replaced = vec![0_i128; union.loans.len()];
    let mut fallen = vec![0_i128; union.loans.len()];
    for residual in &union.residuals {
        let settled: i128 = residual.settled.iter().map(|part| i128::from(part.amount)).sum();
        let proof = residual.proof.as_ref().is_some_and(|proof| proof.amount > residual.open);
        if residual.open < 0 || settled + i128::from(residual.open) != i128::from(residual.amount) || proof {
            return false;
        }
        if let Origin::Instalment(loan) = residual.origin {
            match fallen.get_mut(loan as usize) {
                Some(sum) => *sum += i128::from(residual.amount),
                None => return false,
            }
        }
        for part in &residual.settled {
            if let Way::Instalments(loan) | Way::Swap(loan) = part.way {
                match replaced.get_mut(loan as usize) {
                    Some(sum) => *sum += i128::from(part.amount),
                    None => return false,
                }
            }
        }
        let (member, sign) = match (residual.payer, residual.payee) {
            (Party::Member(member), Party::Union) => (member, -1_i128),
            (Party::Union, Party::Member(member)) => (member, 1),
            (Party::Union, Party::Union) => return false,
            (Party::Member(_), Party::Member(_)) => continue,
        };
        let signed = sign * i128::from(residual.amount);
        match residual.origin {
            Origin::Asset(_) | Origin::Rules | Origin::Leaving => *asset.entry(member).or_default() += signed,
            Origin::Charge(_) => *charged.entry(member).or_insert(0_i128) -= signed,
            Origin::Interest(_) => *interest.entry(member).or_insert(0_i128) += signed,
            Origin::Instalment(_) | Origin::Crossed(_) | Origin::Used(_) => {}
        }
        for part in &residual.settled {
            let amount = sign * i128::from(part.amount);
            match part.way {
                Way::By(Method::RollOver) => *rolled.entry(member).or_insert(0_i128) += amount,
                // It was set against what had been rolled over the other way, which shrank by it.
                Way::Unrolled => *rolled.entry(member).or_insert(0_i128) += amount,
                Way::By(Method::Asset | Method::Basket | Method::Auction | Method::Use)
                | Way::Instalments(_)
                | Way::Swap(_) => {}
            }
        }
    }
    for (at, loan) in union.loans.iter().enumerate() {
        let principal: i128 = loan.instalments.iter().map(|(_, principal, _)| i128::from(*principal)).sum();
        let due = loan.instalments.iter().take(loan.fallen as usize);
        let due: i128 = due.map(|(_, principal, interest)| i128::from(*principal) + i128::from(*interest)).sum();
        let replaces = match loan.purpose {
            Purpose::Refinanced(_) | Purpose::Swap(_) => replaced[at] == i128::from(loan.principal),
            Purpose::Recycled | Purpose::Leaving => replaced[at] == 0,
        };
        if principal != i128::from(loan.principal) || due != fallen[at] || !replaces {
            return false;
        }
        if let (Purpose::Leaving, payer, payee) = (loan.purpose, loan.payer, loan.payee) {
            match (payer, payee) {
                (Party::Member(member), Party::Union) => {
                    *asset.entry(member).or_default() -= i128::from(loan.principal)
                }
                (Party::Union, Party::Member(member)) => {
                    *asset.entry(member).or_default() += i128::from(loan.principal)
                }
                (Party::Union, Party::Union) | (Party::Member(_), Party::Member(_)) => return false,
            }
        }
    }
    // A country that left and came back would be two members: sums are by place, so only the first is looked at.
    union.members.iter().all(|member| {
        let of = |map: &BTreeMap<AuthorityId, i128>| map.get(&member.authority).copied().unwrap_or(0);
        let stock = member.stock.paid() + i128::from(member.excess);
        of(&asset) == i128::from(member.asset_due)
            && (member.left || !union.rules.carries || stock == i128::from(member.asset_due))
            && of(&charged) == i128::from(member.charged)
            && of(&interest) == i128::from(member.interest_booked)
            && (member.left || of(&rolled) == i128::from(member.rolled))
    })
}

/// U-4: gross is what it went into, for every member, every closing, and all closings together.
fn decomposed(union: &UnionState) -> bool {
    let mut sums = vec![Decomposition::default(); union.members.len()];
    for closing in &union.closings {
        let mut all = Decomposition::default();
        if closing.lines.len() > sums.len() || !closing.parts.holds() {
            return false;
        }
        for (sum, line) in sums.iter_mut().zip(&closing.lines) {
            if !line.parts.holds() {
                return false;
            }
            sum.add(&line.parts);
            all.add(&line.parts);
        }
        let paid: i128 = closing.lines.iter().map(|line| i128::from(line.asset)).sum();
        if all != closing.parts || paid + closing.union_asset != 0 {
            return false;
        }
    }
    sums.iter().zip(&union.members).all(|(sum, member)| *sum == member.parts)
}

/// U-5: whatever happens on a date happens to something that waits for it, and all of it is written down.
fn agenda(unions: &Unions) -> Option<usize> {
    let mut expected = BTreeSet::new();
    for (at, union) in (0_u32..).zip(&unions.list) {
        for (number, residual) in (0_u32..).zip(&union.residuals) {
            if residual.open > 0 && !residual.late {
                expected.insert((residual.due.next(), at, Agenda::Late(number)));
            }
        }
        for (number, loan) in (0_u32..).zip(&union.loans) {
            if let Some((due, _, _)) = loan.instalments.get(loan.fallen as usize) {
                expected.insert((*due, at, Agenda::Instalment(number)));
            }
        }
    }
    let wrong = expected.symmetric_difference(&unions.agenda).next();
    wrong.map(|(_, union, _)| *union as usize)
}
