//! Residuals: what is to be settled outside the positions, by the methods an arrangement permits.
//!
//! Five methods behind one door, [`settle`]: an outside transfer of the designated asset, or in the currencies of a basket, stays
//! open until the receiving side accepts its proof; roll-over carries it as further credit up to a limit; the auction ([`cross`])
//! sets opposite residuals against each other at par and leaves what two members settle directly; a permitted use spends the
//! receiving side's claim. Refinancing and the swap facility replace a residual by instalments. Absent on purpose: the transfer
//! itself, and a price in the auction.

use alloc::vec::Vec;

use super::order::{AnswerProof, Method, ProofOrder, ResidualUse, SetUnion, SettleResidual, Settlement};
use super::{Agenda, ClaimUse, Member, Origin, Party, Proof, Residual, Settled, UnionState, Way, rules, term};
use crate::event::{Event, Events};
use crate::ids::{AuthorityId, Day, Key};
use crate::reject::{Reason, Reject};
use crate::state::State;

/// When what falls due today is to be settled by each member: by the calendar of its own currency.
pub(super) fn due_days(state: &State, rules: &SetUnion, members: &[Member]) -> Result<Vec<Day>, Reject> {
    members.iter().map(|member| due_day(state, rules, member.authority)).collect()
}

/// The same for one member.
pub(super) fn due_day(state: &State, rules: &SetUnion, authority: AuthorityId) -> Result<Day, Reject> {
    let calendar = state.currencies.iter().find(|currency| currency.authority == authority);
    let open = |day: i32| {
        let day = Day(u32::try_from(day).unwrap_or(0));
        calendar.is_none_or(|currency| currency.calendar.is_open(day))
    };
    let today = i32::try_from(state.day.date.0).unwrap_or(i32::MAX);
    let due = rules::due(rules.due).after(today, open);
    let due = due.map_err(|_| Reject::refers(Reason::ValueDate, authority.0.into()))?;
    Ok(Day(u32::try_from(due).unwrap_or(0)))
}

impl State {
    /// Something falls due between a member and the union; below zero the member pays. What the member had rolled over the other
    /// way is set against it first.
    pub(super) fn owe(&mut self, events: &mut Events, union: u32, at: usize, signed: i64, due: Day, origin: Origin) {
        if signed == 0 {
            return;
        }
        let today = self.day.date;
        let member = &mut self.unions.list[union as usize].members[at];
        let (payer, payee) = match signed.signum() {
            -1 => (Party::Member(member.authority), Party::Union),
            _ => (Party::Union, Party::Member(member.authority)),
        };
        let amount = i64::try_from(signed.unsigned_abs()).unwrap_or(i64::MAX);
        if matches!(origin, Origin::Asset(_) | Origin::Rules | Origin::Leaving) {
            member.asset_due += signed;
        }
        let back = if member.rolled.signum() * signed.signum() < 0 { amount.min(member.rolled.abs()) } else { 0 };
        member.rolled += back * signed.signum();
        let number = self.owe_between(events, union, (payer, payee), amount, due, origin);
        if back > 0 {
            let part = Settled { way: Way::Unrolled, amount: back, date: today, reference: Key(0) };
            self.discharge(events, union, number, part);
        }
    }

    /// Something falls due between two parties. Returns its number.
    pub(super) fn owe_between(
        &mut self,
        events: &mut Events,
        union: u32,
        (payer, payee): (Party, Party),
        amount: i64,
        due: Day,
        origin: Origin,
    ) -> u32 {
        let known = &mut self.unions.list[union as usize];
        let residual = u32::try_from(known.residuals.len()).expect("fewer than 2^32 residuals");
        known.residuals.push(Residual {
            payer,
            payee,
            amount,
            open: amount,
            due,
            origin,
            late: false,
            proof: None,
            settled: Vec::new(),
        });
        self.unions.agenda.insert((due.next(), union, Agenda::Late(residual)));
        events.push(Event::ResidualOpened { union, residual });
        residual
    }

    /// A part of a residual is settled.
    pub(super) fn discharge(&mut self, events: &mut Events, union: u32, number: u32, part: Settled) {
        let residual = &mut self.unions.list[union as usize].residuals[number as usize];
        residual.open -= part.amount;
        assert!(residual.open >= 0, "U-3: no more is settled than fell due");
        residual.settled.push(part);
        let (open, due) = (residual.open, residual.due);
        if open == 0 {
            self.unions.agenda.remove(&(due.next(), union, Agenda::Late(number)));
        }
        events.push(Event::ResidualSettled { union, residual: number, way: part.way, amount: part.amount });
    }
}

/// The residual, if there is one and no transfer for it waits for its answer.
pub(super) fn open(state: &State, union: u32, residual: u32) -> Result<(&UnionState, &Residual), Reject> {
    let known = state.unions.list.get(union as usize).ok_or(Reject::refers(Reason::Unknown, union.into()))?;
    let found = known.residuals.get(residual as usize).ok_or(Reject::refers(Reason::Unknown, residual.into()))?;
    if found.open == 0 {
        return Err(Reject::refers(Reason::NotWaiting, residual.into()));
    }
    if found.proof.is_some() {
        return Err(Reject::refers(Reason::ProofWaits, residual.into()));
    }
    Ok((known, found))
}

/// An amount more than zero and not above a bound.
pub(super) fn within(reason: Reason, amount: i64, limit: i64) -> Result<(), Reject> {
    if amount <= 0 {
        return Err(Reject::limit(Reason::ZeroAmount, 0, amount));
    }
    if amount > limit { Err(Reject::limit(reason, limit, amount)) } else { Ok(()) }
}

fn permitted(known: &UnionState, method: Method) -> Result<(), Reject> {
    if known.rules.methods.contains(&method) {
        Ok(())
    } else {
        Err(Reject::refers(Reason::MethodNotPermitted, method as u64))
    }
}

/// Settles a residual, or part of it, by one of the methods.
pub(crate) fn settle(state: &mut State, events: &mut Events, order: &SettleResidual) -> Result<(), Reject> {
    let (union, residual) = (order.union, order.residual);
    match &order.how {
        Settlement::Proof(proof) => report(state, events, union, residual, proof),
        Settlement::RollOver(amount) => roll_over(state, events, union, residual, *amount),
        Settlement::Instalments(count) => term::refinance(state, events, union, residual, *count),
        Settlement::Swap(amount) => term::swap(state, events, union, residual, *amount),
        Settlement::Use(order) => spend(state, events, union, residual, order),
    }
}

/// The payer reports a transfer made outside.
fn report(state: &mut State, events: &mut Events, union: u32, residual: u32, order: &ProofOrder) -> Result<(), Reject> {
    let (known, found) = open(state, union, residual)?;
    match order.method {
        Method::Asset | Method::Basket => permitted(known, order.method)?,
        Method::RollOver | Method::Auction | Method::Use => {
            return Err(Reject::refers(Reason::MethodNotPermitted, order.method as u64));
        }
    }
    within(Reason::ResidualOpen, order.amount, found.open)?;
    if order.reference.0 == 0 || known.references.contains(&order.reference) {
        return Err(Reject::refers(Reason::ReferenceUsed, residual.into()));
    }
    let legs = match order.method {
        Method::Basket => state.basket_legs(union, order.amount)?,
        Method::Asset | Method::RollOver | Method::Auction | Method::Use => Vec::new(),
    };
    if order.legs.len() != legs.len() {
        let (needed, given) = (legs.len(), order.legs.len());
        return Err(Reject::limit(Reason::OutOfRange, needed as i64, given as i64));
    }
    for ((currency, needed), given) in legs.iter().zip(&order.legs) {
        if needed != given {
            return Err(Reject {
                reason: Reason::OutOfRange,
                limit: *needed,
                value: *given,
                refers: currency.0.into(),
            });
        }
    }
    let known = &mut state.unions.list[union as usize];
    known.references.insert(order.reference);
    known.residuals[residual as usize].proof =
        Some(Proof { method: order.method, reference: order.reference, amount: order.amount, legs });
    events.push(Event::ProofReported { union, residual, amount: order.amount });
    Ok(())
}

/// The receiving side accepts or declines a reported transfer. Declined, the residual is as open as before.
pub(crate) fn answer(state: &mut State, events: &mut Events, order: &AnswerProof) -> Result<(), Reject> {
    let unknown = Reject::refers(Reason::Unknown, order.residual.into());
    let known = state.unions.list.get_mut(order.union as usize).ok_or(unknown)?;
    let residual = known.residuals.get_mut(order.residual as usize).ok_or(unknown)?;
    let proof = residual.proof.take().ok_or(Reject::refers(Reason::NotWaiting, order.residual.into()))?;
    let (union, number) = (order.union, order.residual);
    events.push(Event::ProofAnswered { union, residual: number, accept: order.accept });
    if order.accept {
        let way = Way::By(proof.method);
        let part = Settled { way, amount: proof.amount, date: state.day.date, reference: proof.reference };
        state.discharge(events, union, number, part);
    }
    Ok(())
}

/// The member's side of a residual between it and the union: its place, and the sign its side has.
fn member_side(known: &UnionState, residual: &Residual) -> Result<(usize, i64), Reject> {
    let (authority, sign) = match (residual.payer, residual.payee) {
        (Party::Member(authority), Party::Union) => (authority, -1),
        (Party::Union, Party::Member(authority)) => (authority, 1),
        (Party::Union, Party::Union) | (Party::Member(_), Party::Member(_)) => {
            return Err(Reject::refers(Reason::MethodNotPermitted, Method::RollOver as u64));
        }
    };
    let at = known.member(authority).ok_or(Reject::refers(Reason::NotMember, authority.0.into()))?;
    Ok((at, sign))
}

/// The member's side carries an amount on as further credit.
fn roll_over(state: &mut State, events: &mut Events, union: u32, residual: u32, amount: i64) -> Result<(), Reject> {
    let (known, found) = open(state, union, residual)?;
    permitted(known, Method::RollOver)?;
    within(Reason::ResidualOpen, amount, found.open)?;
    let (at, sign) = member_side(known, found)?;
    let rolled = i128::from(known.members[at].rolled) + i128::from(amount) * i128::from(sign);
    let quota = i128::from(known.rules.members[at].quota);
    let limit = quota * i128::from(known.rules.roll_share) / 1_000_000;
    if rolled.abs() > limit {
        let narrow = |value: i128| i64::try_from(value).unwrap_or(i64::MAX);
        return Err(Reject::limit(Reason::ClaimExceeded, narrow(limit), narrow(rolled.abs())));
    }
    let today = state.day.date;
    let accrued = known.accrue(today)?;
    let known = &mut state.unions.list[union as usize];
    known.count(accrued, today);
    known.members[at].rolled = i64::try_from(rolled).expect("within the limit");
    let part = Settled { way: Way::By(Method::RollOver), amount, date: today, reference: Key(0) };
    state.discharge(events, union, residual, part);
    Ok(())
}

/// The receiving side uses its claim for a permitted purpose in a member's country. That member then has the claim; what it owes
/// the union itself is set against it.
fn spend(state: &mut State, events: &mut Events, union: u32, residual: u32, order: &ResidualUse) -> Result<(), Reject> {
    let (known, found) = open(state, union, residual)?;
    permitted(known, Method::Use)?;
    if order.purpose as usize >= known.rules.purposes.len() {
        return Err(Reject::refers(Reason::MethodNotPermitted, Method::Use as u64));
    }
    within(Reason::ResidualOpen, order.amount, found.open)?;
    let to = known.member(order.to).ok_or(Reject::refers(Reason::NotMember, order.to.0.into()))?;
    let not_this = Err(Reject::refers(Reason::MethodNotPermitted, Method::Use as u64));
    let Party::Member(from) = found.payee else { return not_this };
    let direct = match found.payer {
        Party::Union => false,
        // A claim on a member can only be used there.
        Party::Member(payer) if payer == order.to => true,
        Party::Member(_) => return not_this,
    };
    if from == order.to {
        return not_this;
    }
    let due = due_day(state, &known.rules, order.to)?;
    let today = state.day.date;
    let known = &mut state.unions.list[union as usize];
    let number = u32::try_from(known.uses.len()).expect("fewer than 2^32 uses");
    let ResidualUse { purpose, to: country, amount, reference } = *order;
    known.uses.push(ClaimUse { from, to: country, amount, purpose, residual, reference, date: today });
    events.push(Event::ClaimUsed { union, number });
    let part = Settled { way: Way::By(Method::Use), amount, date: today, reference };
    state.discharge(events, union, residual, part);
    if direct {
        return Ok(());
    }
    let mut left = amount;
    let owed = debts(&state.unions.list[union as usize], country);
    for debt in owed {
        let open = state.unions.list[union as usize].residuals[debt as usize].open;
        let part = left.min(open);
        if part > 0 {
            let settled = Settled { way: Way::By(Method::Use), amount: part, date: today, reference };
            state.discharge(events, union, debt, settled);
            left -= part;
        }
    }
    if left > 0 {
        let parties = (Party::Union, Party::Member(state.unions.list[union as usize].members[to].authority));
        state.owe_between(events, union, parties, left, due, Origin::Used(number));
    }
    Ok(())
}

/// What a member owes the union, the earliest due first.
fn debts(known: &UnionState, authority: AuthorityId) -> Vec<u32> {
    waiting(known, |residual| residual.payer == Party::Member(authority) && residual.payee == Party::Union)
}

/// Open residuals of a kind without a transfer that waits, the earliest due first, then the earliest number.
fn waiting(known: &UnionState, is: impl Fn(&Residual) -> bool) -> Vec<u32> {
    let open = |residual: &Residual| residual.open > 0 && residual.proof.is_none();
    let mut found: Vec<(Day, u32)> = (0_u32..)
        .zip(&known.residuals)
        .filter(|(_, residual)| open(residual) && is(residual))
        .map(|(number, residual)| (residual.due, number))
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(_, number)| number).collect()
}

/// Sets what members owe the union against what it owes members, at par, the earliest due first.
///
/// A member's own residuals are set off entirely. Where two members meet, the union steps out: the one settles with the other
/// directly, on the payer's date.
pub(crate) fn cross(state: &mut State, events: &mut Events, union: u32) -> Result<(), Reject> {
    let known = state.unions.list.get(union as usize).ok_or(Reject::refers(Reason::Unknown, union.into()))?;
    permitted(known, Method::Auction)?;
    let owed = waiting(known, |residual| matches!((residual.payer, residual.payee), (Party::Member(_), Party::Union)));
    let owing = waiting(known, |residual| matches!((residual.payer, residual.payee), (Party::Union, Party::Member(_))));
    if owed.is_empty() || owing.is_empty() {
        return Err(Reject::refers(Reason::NotWaiting, union.into()));
    }
    let today = state.day.date;
    for own in [true, false] {
        for buy in &owed {
            for sell in &owing {
                let residuals = &state.unions.list[union as usize].residuals;
                let (buyer, seller) = (&residuals[*buy as usize], &residuals[*sell as usize]);
                let amount = buyer.open.min(seller.open);
                let (payer, payee, due) = (buyer.payer, seller.payee, buyer.due);
                if amount == 0 || (payer == payee) != own {
                    continue;
                }
                let part = Settled { way: Way::By(Method::Auction), amount, date: today, reference: Key(0) };
                state.discharge(events, union, *buy, part);
                state.discharge(events, union, *sell, part);
                if !own {
                    state.owe_between(events, union, (payer, payee), amount, due, Origin::Crossed(*buy));
                }
            }
        }
    }
    Ok(())
}

/// What a business date brings: residuals still open after their date are late, instalments fall due.
pub(crate) fn day_begins(state: &mut State, events: &mut Events) {
    while let Some((day, union, what)) = state.unions.agenda.first().copied() {
        if day > state.day.date {
            return;
        }
        state.unions.agenda.remove(&(day, union, what));
        match what {
            Agenda::Late(residual) => {
                state.unions.list[union as usize].residuals[residual as usize].late = true;
                events.push(Event::ResidualLate { union, residual });
            }
            Agenda::Instalment(loan) => term::falls_due(state, events, union, loan),
        }
    }
}
