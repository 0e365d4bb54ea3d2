//! A closing: every final cycle not yet carried becomes a change of positions, and what the rules say of it.
//!
//! In each currency the net of a member's banks over the cycles is that member's claim on the currency's issuer. Counted in the
//! unit toward zero these are bilateral balances; [`comity_union::cycle::close`] says what becomes of them. Everything is computed
//! before anything is changed, so a closing is whole or refused, and refused cycles are carried by the next one. Absent on
//! purpose: money; no balance of any account changes.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use comity_union::Ratio;
use comity_union::action::growth;
use comity_union::cycle::{self, Carry, Closed, Terms};
use comity_union::position::Balance;
use comity_union::quota::Quota;
use comity_union::tranche::{Beyond, Ladder, Rounding, Schedule, Tranche};
use comity_union::{Refusal, Share, Side};

use super::moved::{Move, moved};
use super::order::{Closes, Excess};
use super::rules::{self, Rules};
use super::{Closing, Line, Origin, UnionState, accrue::Accrued};
use crate::account::IS_INTERNAL;
use crate::event::{Event, Events};
use crate::ids::{AuthorityId, CurrencyId, Day};
use crate::reject::{Reason, Reject};
use crate::state::State;

/// Everything a closing will change.
struct Plan {
    closing: Closing,
    moves: Vec<Move>,
    unwound: Vec<comity_union::cycle::Unwound>,
    accrued: Vec<Accrued>,
    due: Vec<Day>,
    carried: u32,
}

/// Closes a union.
pub(crate) fn close(state: &mut State, events: &mut Events, union: u32) -> Result<(), Reject> {
    let known = state.unions.list.get(union as usize).ok_or(Reject::refers(Reason::Unknown, union.into()))?;
    let plan = plan(state, known)?;
    // Nothing below this line can refuse.
    let today = state.day.date;
    let known = &mut state.unions.list[union as usize];
    let number = u32::try_from(known.closings.len() + 1).expect("fewer than 2^32 closings");
    known.count(plan.accrued, today);
    known.carried = plan.carried;
    for (member, (line, (change, unwound))) in
        known.members.iter_mut().zip(plan.closing.lines.iter().zip(plan.moves.into_iter().zip(plan.unwound)))
    {
        change.put(member);
        member.parts.add(&line.parts);
        member.unwound.add(&unwound);
        member.position_days = 0;
        member.interest_booked += line.interest;
        member.charged += line.charge;
    }
    let lines = plan.closing.lines.clone();
    known.closings.push(plan.closing);
    events.push(Event::UnionClosed { union, closing: number });
    for (at, (line, due)) in lines.iter().zip(plan.due).enumerate() {
        let authority = state.unions.list[union as usize].members[at].authority;
        if line.net != 0 || line.asset != 0 || line.charge != 0 || line.interest != 0 {
            events.push(Event::MemberCarried { union, closing: number, member: authority });
        }
        state.owe(events, union, at, line.asset, due, Origin::Asset(number));
        state.owe(events, union, at, -line.charge, due, Origin::Charge(number));
        state.owe(events, union, at, line.interest, due, Origin::Interest(number));
    }
    super::band::update(state, events, union, number);
    Ok(())
}

/// Closes the unions whose rules say so, in a phase that carries. One that cannot be closed stays open, and says why.
pub(crate) fn close_due(state: &mut State, events: &mut Events) {
    for at in 0..state.unions.list.len() {
        let known = &state.unions.list[at];
        let Closes::EveryCycles(every) = known.rules.closes else { continue };
        let waiting = state.cycles[known.carried as usize..].iter().filter(|cycle| cycle.is_final).count();
        let union = u32::try_from(at).expect("few unions");
        if waiting >= every as usize
            && let Err(reject) = close(state, events, union)
        {
            events.push(Event::UnionNotClosed { union, reject });
        }
    }
}

fn plan(state: &State, union: &UnionState) -> Result<Plan, Reject> {
    let first = union.carried as usize;
    let cycles = state.cycles.iter().enumerate().skip(first).filter(|(_, cycle)| cycle.is_final);
    let cycles: Vec<u32> = cycles.map(|(at, _)| u32::try_from(at + 1).expect("fewer than 2^32 cycles")).collect();
    let Some(&carried) = cycles.last() else {
        return Err(Reject::limit(Reason::NothingToCarry, 1, 0));
    };
    let (fixing, balances) = balances(state, union, &cycles)?;
    let rules = Rules::read(&union.rules);
    let mut closed = settle(union, &rules, &balances)?;
    let today = state.day.date;
    let accrued = union.accrue(today)?;
    let days = union.closings.last().map_or(0, |last| today.0.saturating_sub(last.date.0));
    let mut moves = Vec::with_capacity(union.members.len());
    let mut lines = Vec::with_capacity(union.members.len());
    let mut unwound = Vec::with_capacity(union.members.len());
    for (at, (member, closed_line)) in union.members.iter().zip(&mut closed.lines).enumerate() {
        let refuse = |refusal: Refusal| rules::refused(&refusal, member.authority.0.into());
        let mut change = if union.rules.carries {
            moved(rules.terms(at), member, closed_line.after, &member.stock).map_err(refuse)?
        } else {
            paid(member, closed_line.net)
        };
        let mut parts = closed_line.parts;
        let mut back = closed_line.unwound;
        // What comes back of the excess was asset, not credit.
        back.asset += i128::from(change.returned);
        back.credit -= i128::from(change.returned);
        let over = too_fast(union, at, &change, parts.credit, &rules, today)?;
        change.pay_more(over);
        parts.asset += i128::from(over);
        parts.credit -= i128::from(over);
        closed.parts.asset += i128::from(over);
        closed.parts.credit -= i128::from(over);
        closed.union_asset -= i128::from(change.asset) - closed_line.change.paid();
        let (charge, interest) = union.carrying(&rules, at, &accrued[at], days)?;
        lines.push(Line {
            net: closed_line.net,
            before: closed_line.before,
            after: change.position,
            asset: change.asset,
            charge,
            interest,
            parts,
        });
        unwound.push(back);
        moves.push(change);
    }
    assert!(closed.parts.holds(), "U-4: gross is what it went into, to the minor unit");
    let due = super::residual::due_days(state, &union.rules, &union.members)?;
    let balances = balances.iter().map(|balance| (balance.low, balance.high, balance.claim)).collect();
    let closing = Closing {
        seq: state.seq,
        date: today,
        cycles,
        fixing,
        balances,
        lines,
        parts: closed.parts,
        union_asset: closed.union_asset,
    };
    Ok(Plan { closing, moves, unwound, accrued, due, carried })
}

/// Where all is paid at each closing, nothing is carried.
fn paid(member: &super::Member, net: i64) -> Move {
    Move { position: member.position, stock: member.stock, excess: member.excess, asset: net, returned: 0 }
}

/// What of this closing's credit is beyond the limit of growth, without sign.
fn too_fast(
    union: &UnionState,
    at: usize,
    change: &Move,
    credit: i128,
    rules: &Rules,
    today: Day,
) -> Result<i64, Reject> {
    let Some(rule) = union.rules.growth.filter(|_| union.rules.carries) else { return Ok(0) };
    let year = u32::try_from(rules::day_count(union.rules.year).year()).unwrap_or(365);
    let ago = union.closings.iter().rev().find(|closing| closing.date.0.saturating_add(year) <= today.0);
    let ago = ago.and_then(|closing| closing.lines.get(at)).map_or(0, |line| line.after);
    let authority = u64::from(union.members[at].authority.0);
    match growth(rules::of_quota(rule.share), rules.quota(at), ago, change.position) {
        Ok(()) => Ok(0),
        Err(Refusal::Growth { grown, limit }) => match rule.excess {
            Excess::Refuse => Err(rules::refused(&Refusal::Growth { grown, limit }, authority)),
            Excess::Asset => {
                let over = i128::from(grown) - i128::from(limit) - i128::from(change.excess.unsigned_abs());
                Ok(i64::try_from(over.clamp(0, credit)).unwrap_or(0))
            }
        },
        Err(refusal) => Err(rules::refused(&refusal, authority)),
    }
}

/// Rates used, and what each pair of members owes each other over these cycles.
type Counted = (Vec<(CurrencyId, Ratio)>, Vec<Balance>);

fn balances(state: &State, union: &UnionState, cycles: &[u32]) -> Result<Counted, Reject> {
    let place: BTreeMap<AuthorityId, u32> = (0_u32..)
        .zip(&union.members)
        .filter(|(_, member)| !member.left)
        .map(|(at, member)| (member.authority, at))
        .collect();
    let mut claims: BTreeMap<(CurrencyId, u32, u32), i128> = BTreeMap::new();
    for number in cycles {
        for (account, net) in &state.cycles[*number as usize - 1].nets {
            let account = &state.accounts[account.at()];
            if account.is(IS_INTERNAL) {
                // Remainders belong to the issuer, and nobody has a claim on himself.
                continue;
            }
            let home = state.participants[account.participant.at()].authority;
            let issuer = state.currencies[account.currency.at()].authority;
            if let (Some(&holder), Some(&issuer)) = (place.get(&home), place.get(&issuer))
                && holder != issuer
            {
                *claims.entry((account.currency, holder, issuer)).or_insert(0) += i128::from(*net);
            }
        }
    }
    claims.retain(|_, net| *net != 0);
    let used: BTreeSet<CurrencyId> = claims.keys().map(|(currency, _, _)| *currency).collect();
    let mut fixing = Vec::with_capacity(used.len());
    for currency in used {
        fixing.push((currency, state.worth(&union.rules, currency)?));
    }
    let mut pairs: BTreeMap<(u32, u32), i128> = BTreeMap::new();
    for ((currency, holder, issuer), net) in claims {
        let at = fixing.binary_search_by_key(&currency, |(known, _)| *known).expect("every currency used has a rate");
        let range = Reject::refers(Reason::OutOfRange, currency.0.into());
        let counted = fixing[at].1.times(Ratio::whole(net)).ok_or(range)?.toward_zero();
        let (pair, claim) = if holder < issuer { ((holder, issuer), counted) } else { ((issuer, holder), -counted) };
        *pairs.entry(pair).or_insert(0) += claim;
    }
    let balances = pairs.into_iter().filter(|(_, claim)| *claim != 0).map(|((low, high), claim)| {
        let claim = i64::try_from(claim).ok().filter(|claim| *claim != i64::MIN);
        let claim = claim.ok_or(Reject::refers(Reason::OutOfRange, low.into()))?;
        Ok(Balance { low, high, claim })
    });
    Ok((fixing, balances.collect::<Result<_, Reject>>()?))
}

/// What becomes of the balances. What those who left took with them counts as one more member, which nobody trades with.
fn settle(union: &UnionState, rules: &Rules, balances: &[Balance]) -> Result<Closed, Reject> {
    let mut prior: Vec<i64> = union.members.iter().map(|member| member.position).collect();
    prior.push(union.own);
    let own = all_credit();
    let quota = Quota::fixed(i64::MAX).expect("more than zero");
    let terms: Vec<Terms<'_>> =
        (0..union.members.len()).map(|at| rules.terms(at)).chain([Terms { quota, schedule: &own }]).collect();
    let carry = if union.rules.carries { Carry::Positions(&terms) } else { Carry::Paid };
    let authority =
        |at: u32| union.members.get(at as usize).map_or(u64::from(u32::MAX), |member| member.authority.0.into());
    cycle::close(carry, &prior, balances).map_err(|refusal| match refusal {
        Refusal::BeyondQuota { member: Some(member), .. } => rules::refused(&refusal, authority(member)),
        _ => rules::refused(&refusal, u64::from(u32::MAX)),
    })
}

/// A schedule under which everything is credit.
fn all_credit() -> Schedule {
    let all = [Tranche { from: Share::ZERO, to: Share::ONE, asset: Share::ZERO }];
    let ladder = |side| Ladder::new(side, &all, Beyond::Credit).expect("one tranche from zero to the quota");
    Schedule::new(ladder(Side::Debtor), ladder(Side::Creditor), Rounding::CreditCarries)
}
