//! Founding a union and changing its rules.
//!
//! A country is in one union at most, so that no trade is carried twice. New tranches or quotas change what positions consist
//! of: the change is settled at once, like any other. Absent on purpose: moving a union to another unit of account.

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use comity_union::Ratio;
use comity_union::cycle::{Decomposition, Unwound};
use comity_union::tranche::Stock;

use super::moved::{Move, moved};
use super::order::{MemberRule, SetUnion};
use super::rules::{self, Rules, UNIONS_MAX};
use super::{Member, Origin, UnionState};
use crate::event::{Event, Events};
use crate::ids::{AuthorityId, Day};
use crate::reject::{Reason, Reject};
use crate::state::State;

/// Founds a union, or changes its rules.
pub(crate) fn set(state: &mut State, events: &mut Events, order: &SetUnion) -> Result<(), Reject> {
    let at = order.union as usize;
    if at > state.unions.list.len() {
        return Err(Reject::refers(Reason::Unknown, order.union.into()));
    }
    if at >= UNIONS_MAX {
        return Err(Reject::limit(Reason::OutOfRange, UNIONS_MAX as i64, i64::from(order.union) + 1));
    }
    rules::check(state, order)?;
    check_once(state, order)?;
    if at == state.unions.list.len() {
        let members = order.members.iter().map(|member| new(member.authority)).collect();
        state.unions.list.push(UnionState {
            rules: Box::new(order.clone()),
            members,
            own: 0,
            carried: u32::try_from(state.cycles.len()).expect("fewer than 2^32 cycles"),
            counted: Day(0),
            closings: Vec::new(),
            residuals: Vec::new(),
            references: BTreeSet::new(),
            loans: Vec::new(),
            offers: BTreeMap::new(),
            next_offer: 0,
            uses: Vec::new(),
            items: Vec::new(),
        });
        events.push(Event::UnionSet { union: order.union });
        return Ok(());
    }
    change(state, events, order)
}

fn change(state: &mut State, events: &mut Events, order: &SetUnion) -> Result<(), Reject> {
    let union = &state.unions.list[order.union as usize];
    let old = &union.rules;
    let same = |index: usize, member: &MemberRule| {
        order.members.get(index).is_some_and(|new| new.authority == member.authority)
    };
    let kept = old.members.iter().enumerate().all(|(index, member)| same(index, member));
    if !kept || order.unit != old.unit || order.exponent != old.exponent || order.carries != old.carries {
        return Err(Reject::refers(Reason::Exists, order.union.into()));
    }
    let accrued = union.accrue(state.day.date)?;
    let rules = Rules::read(order);
    let moves = union.members.iter().enumerate().map(|(index, member)| {
        let terms = rules.terms(index);
        let position = if order.carries { member.position } else { 0 };
        moved(terms, member, position, &member.stock)
            .map_err(|refusal| rules::refused(&refusal, member.authority.0.into()))
    });
    let moves = moves.collect::<Result<Vec<Move>, Reject>>()?;
    let due = super::residual::due_days(state, order, &union.members)?;
    // Nothing below this line can refuse.
    let union = &mut state.unions.list[order.union as usize];
    union.count(accrued, state.day.date);
    for member in &order.members[union.members.len()..] {
        union.members.push(new(member.authority));
    }
    *union.rules = order.clone();
    events.push(Event::UnionSet { union: order.union });
    for (index, (change, due)) in moves.into_iter().zip(due).enumerate() {
        let union = &mut state.unions.list[order.union as usize];
        let asset = change.put(&mut union.members[index]);
        state.owe(events, order.union, index, asset, due, Origin::Rules);
    }
    Ok(())
}

/// Nobody twice, in this union or another.
fn check_once(state: &State, order: &SetUnion) -> Result<(), Reject> {
    let mut seen = BTreeSet::new();
    for member in &order.members {
        let other = state.union_of(member.authority).is_some_and(|union| union != order.union);
        if other || !seen.insert(member.authority) {
            return Err(Reject::refers(Reason::MemberTwice, member.authority.0.into()));
        }
    }
    Ok(())
}

fn new(authority: AuthorityId) -> Member {
    Member {
        authority,
        position: 0,
        stock: Stock::default(),
        excess: 0,
        rolled: 0,
        asset_due: 0,
        parts: Decomposition::default(),
        unwound: Unwound::default(),
        position_days: 0,
        interest: Ratio::ZERO,
        interest_booked: 0,
        charged: 0,
        left: false,
    }
}
