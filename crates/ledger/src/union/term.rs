//! Instalments: residuals refinanced, draws on the swap facility, claims lent on, and what a leaving member owes.
//!
//! A schedule is generated once, when it is agreed; each instalment becomes a residual between its two parties on its date. Absent on
//! purpose: business days of instalments; a date that is closed is settled by the residual's own proof when it is open again.

use alloc::vec::Vec;

use comity_union::recycle;
use comity_union::schedule::{LoanTerms, instalments};

use super::moved::moved;
use super::order::{Lend, LoanOffer, OfferRef, TermRule};
use super::residual::within;
use super::rules::{self, Rules};
use super::{Agenda, Loan, Offer, Origin, Party, Purpose, Settled, UnionState, Way};
use crate::event::{Event, Events};
use crate::ids::{AuthorityId, Day, Key};
use crate::reject::{Reason, Reject};
use crate::state::State;

/// A day as the arithmetic counts it.
fn counted(day: Day) -> i32 {
    i32::try_from(day.0).unwrap_or(i32::MAX)
}

/// When instalments are due.
fn dates(start: Day, rule: &TermRule) -> Vec<i32> {
    (1..=i32::from(rule.instalments))
        .map(|number| counted(start).saturating_add(number.saturating_mul(rule.every_days.into())))
        .collect()
}

/// The terms of a loan, ready to compute with.
fn terms(known: &UnionState, rule: &TermRule, principal: i64) -> LoanTerms {
    LoanTerms {
        principal,
        rate: rules::yearly(rule.rate_bps),
        count: rules::day_count(known.rules.year),
        remainder: rules::remainder(rule),
    }
}

/// A loan on these terms, not yet begun.
pub(super) fn plan(
    state: &State,
    known: &UnionState,
    rule: &TermRule,
    (payer, payee): (Party, Party),
    principal: i64,
    purpose: Purpose,
) -> Result<Loan, Reject> {
    let start = state.day.date;
    let rows = instalments(&terms(known, rule, principal), counted(start), &dates(start, rule));
    let rows = rows.map_err(|refusal| rules::refused(&refusal, u64::from(u32::MAX)))?;
    let day = |day: i32| Day(u32::try_from(day).unwrap_or(0));
    let instalments = rows.iter().map(|row| (day(row.due), row.principal, row.interest)).collect();
    Ok(Loan { payer, payee, principal, purpose, start, instalments, fallen: 0 })
}

/// Begins a loan. Returns its number.
pub(super) fn begin(state: &mut State, events: &mut Events, union: u32, loan: Loan) -> u32 {
    let number = u32::try_from(state.unions.list[union as usize].loans.len()).expect("fewer than 2^32 loans");
    state.unions.agenda.insert((loan.instalments[0].0, union, Agenda::Instalment(number)));
    state.unions.list[union as usize].loans.push(loan);
    events.push(Event::LoanBegan { union, loan: number });
    number
}

/// A loan's next instalment falls due.
pub(super) fn falls_due(state: &mut State, events: &mut Events, union: u32, number: u32) {
    let loan = &mut state.unions.list[union as usize].loans[number as usize];
    let (due, principal, interest) = loan.instalments[loan.fallen as usize];
    let parties = (loan.payer, loan.payee);
    loan.fallen += 1;
    if let Some((next, _, _)) = loan.instalments.get(loan.fallen as usize) {
        state.unions.agenda.insert((*next, union, Agenda::Instalment(number)));
    }
    // A schedule of more instalments than minor units has some of nothing.
    let amount = principal.saturating_add(interest);
    if amount > 0 {
        state.owe_between(events, union, parties, amount, due, Origin::Instalment(number));
    }
}

/// The payer settles what is open by instalments.
pub(super) fn refinance(
    state: &mut State,
    events: &mut Events,
    union: u32,
    residual: u32,
    count: u16,
) -> Result<(), Reject> {
    let (known, found) = super::residual::open(state, union, residual)?;
    let rule = known.rules.refinance.ok_or(Reject::refers(Reason::MethodNotPermitted, u64::from(u32::MAX)))?;
    if count == 0 || count > rule.instalments {
        return Err(rules::field("refinance", rule.instalments.into(), count.into()));
    }
    if matches!(found.origin, Origin::Instalment(_)) {
        // An instalment is not paid by instalments: it would never end.
        return Err(Reject::refers(Reason::MethodNotPermitted, residual.into()));
    }
    let (amount, rule) = (found.open, TermRule { instalments: count, ..rule });
    let loan = plan(state, known, &rule, (found.payer, found.payee), amount, Purpose::Refinanced(residual))?;
    let number = begin(state, events, union, loan);
    let part = Settled { way: Way::Instalments(number), amount, date: state.day.date, reference: Key(0) };
    state.discharge(events, union, residual, part);
    Ok(())
}

/// The payer draws on the swap facility.
pub(super) fn swap(
    state: &mut State,
    events: &mut Events,
    union: u32,
    residual: u32,
    amount: i64,
) -> Result<(), Reject> {
    let (known, found) = super::residual::open(state, union, residual)?;
    let rule = known.rules.swap.ok_or(Reject::refers(Reason::MethodNotPermitted, u64::from(u32::MAX)))?;
    let (Party::Member(member), Party::Union) = (found.payer, found.payee) else {
        return Err(Reject::refers(Reason::MethodNotPermitted, residual.into()));
    };
    let own_draw = matches!(found.origin, Origin::Instalment(loan)
        if matches!(known.loans[loan as usize].purpose, Purpose::Swap(_)));
    if own_draw {
        // A draw is not paid back by another.
        return Err(Reject::refers(Reason::MethodNotPermitted, residual.into()));
    }
    within(Reason::ResidualOpen, amount, found.open)?;
    let left = known.swap_limit(member)?.saturating_sub(known.swap_drawn(member));
    within(Reason::ClaimExceeded, amount, left.max(0))?;
    let once = TermRule { instalments: 1, every_days: rule.days, rate_bps: rule.rate_bps, remainder_first: false };
    let parties = (Party::Member(member), Party::Union);
    let loan = plan(state, known, &once, parties, amount, Purpose::Swap(residual))?;
    let number = begin(state, events, union, loan);
    let part = Settled { way: Way::Swap(number), amount, date: state.day.date, reference: Key(0) };
    state.discharge(events, union, residual, part);
    Ok(())
}

/// One side offers a loan out of its claim, the other accepts, either turns it down.
pub(crate) fn lend(state: &mut State, events: &mut Events, authority: AuthorityId, order: &Lend) -> Result<(), Reject> {
    match order {
        Lend::Offer(terms) => offer(state, events, authority, terms),
        Lend::Accept(which) => accept(state, events, authority, *which),
        Lend::Withdraw(which) => {
            let (_, offer) = waiting(state, *which)?;
            if authority != offer.creditor && authority != offer.terms.debtor {
                return Err(Reject::refers(Reason::NotYours, which.offer.into()));
            }
            state.unions.list[which.union as usize].offers.remove(&which.offer);
            events.push(Event::OfferEnded { union: which.union, offer: which.offer, accepted: false });
            Ok(())
        }
    }
}

/// Most offers that wait in a union.
const OFFERS_MAX: usize = 10_000;

fn offer(state: &mut State, events: &mut Events, creditor: AuthorityId, terms: &LoanOffer) -> Result<(), Reject> {
    let union = terms.union;
    let known = state.unions.list.get(union as usize).ok_or(Reject::refers(Reason::Unknown, union.into()))?;
    rules::term("refinance", &terms.terms)?;
    possible(state, known, creditor, terms)?;
    if known.offers.len() >= OFFERS_MAX {
        return Err(Reject::limit(Reason::OutOfRange, OFFERS_MAX as i64, known.offers.len() as i64));
    }
    let known = &mut state.unions.list[union as usize];
    let offer = known.next_offer;
    known.next_offer += 1;
    known.offers.insert(offer, Offer { creditor, terms: *terms });
    events.push(Event::LoanOffered { union, offer });
    Ok(())
}

fn waiting(state: &State, which: OfferRef) -> Result<(&UnionState, Offer), Reject> {
    let unknown = Reject::refers(Reason::Unknown, which.offer.into());
    let known = state.unions.list.get(which.union as usize).ok_or(unknown)?;
    Ok((known, *known.offers.get(&which.offer).ok_or(unknown)?))
}

/// What the loan would make of the two positions: places, and schedule.
fn possible(
    state: &State,
    known: &UnionState,
    creditor: AuthorityId,
    order: &LoanOffer,
) -> Result<(usize, usize, Vec<i64>), Reject> {
    let place =
        |authority: AuthorityId| known.member(authority).ok_or(Reject::refers(Reason::NotMember, authority.0.into()));
    let (lender, borrower) = (place(creditor)?, place(order.debtor)?);
    let mut positions: Vec<i64> = known.members.iter().map(|member| member.position).collect();
    positions.push(known.own);
    let start = state.day.date;
    let index = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let recycled = recycle::into_loan(
        &positions,
        index(lender),
        index(borrower),
        &terms(known, &order.terms, order.principal),
        counted(start),
        &dates(start, &order.terms),
    );
    let recycled = recycled.map_err(|refusal| rules::refused(&refusal, order.debtor.0.into()))?;
    Ok((lender, borrower, recycled.positions))
}

fn accept(state: &mut State, events: &mut Events, debtor: AuthorityId, which: OfferRef) -> Result<(), Reject> {
    let (known, offer) = waiting(state, which)?;
    if offer.terms.debtor != debtor {
        return Err(Reject::refers(Reason::NotYours, which.offer.into()));
    }
    let (lender, borrower, positions) = possible(state, known, offer.creditor, &offer.terms)?;
    let parties = (Party::Member(debtor), Party::Member(offer.creditor));
    let loan = plan(state, known, &offer.terms.terms, parties, offer.terms.principal, Purpose::Recycled)?;
    let shift = Shift::plan(state, which.union, [(lender, positions[lender]), (borrower, positions[borrower])])?;
    state.unions.list[which.union as usize].offers.remove(&which.offer);
    events.push(Event::OfferEnded { union: which.union, offer: which.offer, accepted: true });
    begin(state, events, which.union, loan);
    shift.put(state, events);
    Ok(())
}

/// Two positions that move by agreement, against each other.
pub(super) struct Shift {
    union: u32,
    accrued: Vec<super::accrue::Accrued>,
    moves: [(usize, super::moved::Move, Day); 2],
}

impl Shift {
    /// Computes what two members' positions will consist of.
    pub(super) fn plan(state: &State, union: u32, to: [(usize, i64); 2]) -> Result<Self, Reject> {
        let known = &state.unions.list[union as usize];
        let rules = Rules::read(&known.rules);
        let change = |(at, position): (usize, i64)| {
            let member = &known.members[at];
            let authority = member.authority;
            let change = moved(rules.terms(at), member, position, &member.stock);
            let change = change.map_err(|refusal| rules::refused(&refusal, authority.0.into()))?;
            Ok((at, change, super::residual::due_day(state, &known.rules, authority)?))
        };
        let accrued = known.accrue(state.day.date)?;
        Ok(Self { union, accrued, moves: [change(to[0])?, change(to[1])?] })
    }

    /// Carries it out.
    pub(super) fn put(self, state: &mut State, events: &mut Events) {
        let today = state.day.date;
        let known = &mut state.unions.list[self.union as usize];
        known.count(self.accrued, today);
        for (at, change, due) in self.moves {
            let asset = change.put(&mut state.unions.list[self.union as usize].members[at]);
            state.owe(events, self.union, at, asset, due, Origin::Asset(0));
        }
    }
}
