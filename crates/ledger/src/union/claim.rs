//! Claims used by agreement: a creditor pays a third member with its position or uses it there for a permitted purpose, and a
//! member leaves.
//!
//! Positions move against each other, so their sum stays zero. A member that leaves ends with no position: what it still owes or is
//! owed falls due at once or by instalments, as the rules say, and the union itself takes its place in the sum. Absent on purpose:
//! consent of the one who is paid; a claim on the union is worth the same in every member's hands.

use super::order::{Method, UseClaim};
use super::residual::within;
use super::rules::Rules;
use super::term::{self, Shift};
use super::{ClaimUse, Origin, Party, Purpose};
use crate::event::{Event, Events};
use crate::ids::AuthorityId;
use crate::reject::{Reason, Reject};
use crate::state::State;

/// A creditor uses its position.
pub(crate) fn spend(
    state: &mut State,
    events: &mut Events,
    authority: AuthorityId,
    order: &UseClaim,
) -> Result<(), Reject> {
    let union = order.union;
    let known = state.unions.list.get(union as usize).ok_or(Reject::refers(Reason::Unknown, union.into()))?;
    let place =
        |authority: AuthorityId| known.member(authority).ok_or(Reject::refers(Reason::NotMember, authority.0.into()));
    let (from, to) = (place(authority)?, place(order.to)?);
    if from == to {
        return Err(Reject::refers(Reason::SameAccount, order.to.0.into()));
    }
    if order.purpose != u32::MAX && order.purpose as usize >= known.rules.purposes.len() {
        return Err(Reject::refers(Reason::MethodNotPermitted, Method::Use as u64));
    }
    let held = known.members[from].position;
    within(Reason::ClaimExceeded, order.amount, held.max(0))?;
    let after = known.members[to].position.checked_add(order.amount).filter(|after| *after != i64::MIN);
    let after = after.ok_or(Reject::refers(Reason::OutOfRange, order.to.0.into()))?;
    let shift = Shift::plan(state, union, [(from, held - order.amount), (to, after)])?;
    let known = &mut state.unions.list[union as usize];
    let number = u32::try_from(known.uses.len()).expect("fewer than 2^32 uses");
    known.uses.push(ClaimUse {
        from: authority,
        to: order.to,
        amount: order.amount,
        purpose: order.purpose,
        residual: u32::MAX,
        reference: order.reference,
        date: state.day.date,
    });
    events.push(Event::ClaimUsed { union, number });
    shift.put(state, events);
    Ok(())
}

/// A member leaves: its position ends, and what it had not paid or received of it falls due.
pub(crate) fn leave(state: &mut State, events: &mut Events, authority: AuthorityId, union: u32) -> Result<(), Reject> {
    let known = state.unions.list.get(union as usize).ok_or(Reject::refers(Reason::Unknown, union.into()))?;
    let at = known.member(authority).ok_or(Reject::refers(Reason::NotMember, authority.0.into()))?;
    if let Some(number) = (known.carried as usize..state.cycles.len()).find(|number| state.cycles[*number].is_final) {
        // What has been traded is carried first.
        return Err(Reject::refers(Reason::TooEarly, number as u64 + 1));
    }
    let accrued = known.accrue(state.day.date)?;
    let member = &known.members[at];
    let range = Reject::refers(Reason::OutOfRange, authority.0.into());
    let owed = i64::try_from(member.credit()).ok().filter(|owed| *owed != i64::MIN).ok_or(range)?;
    let own = known.own.checked_add(member.position).filter(|own| *own != i64::MIN).ok_or(range)?;
    let due = super::residual::due_day(state, &known.rules, authority)?;
    let parties = match owed.signum() {
        -1 => (Party::Member(authority), Party::Union),
        _ => (Party::Union, Party::Member(authority)),
    };
    let loan = match known.rules.leaving.filter(|_| owed != 0) {
        Some(rule) => Some(term::plan(state, known, &rule, parties, owed.abs(), Purpose::Leaving)?),
        None => None,
    };
    // Charge and interest up to today are booked now, because no closing will do it.
    let days = known.closings.last().map_or(0, |last| state.day.date.0.saturating_sub(last.date.0));
    let (charge, interest) = known.carrying(&Rules::read(&known.rules), at, &accrued[at], days)?;
    // Nothing below this line can refuse.
    let today = state.day.date;
    let known = &mut state.unions.list[union as usize];
    known.count(accrued, today);
    known.own = own;
    let closing = u32::try_from(known.closings.len()).expect("fewer than 2^32 closings");
    let member = &mut known.members[at];
    member.position = 0;
    member.stock = comity_union::tranche::Stock::default();
    member.excess = 0;
    member.rolled = 0;
    member.position_days = 0;
    member.interest_booked += interest;
    member.charged += charge;
    member.left = true;
    known.offers.retain(|_, offer| offer.creditor != authority && offer.terms.debtor != authority);
    events.push(Event::MemberLeft { union, member: authority });
    state.owe(events, union, at, -charge, due, Origin::Charge(closing));
    state.owe(events, union, at, interest, due, Origin::Interest(closing));
    match loan {
        Some(loan) => {
            state.unions.list[union as usize].members[at].asset_due += owed;
            term::begin(state, events, union, loan);
        }
        None => state.owe(events, union, at, owed, due, Origin::Leaving),
    }
    Ok(())
}
