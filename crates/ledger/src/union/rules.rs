//! A rule set, read once: every field checked and named when it is wrong, and turned into what [`comity_union`] computes with.
//!
//! Absent on purpose: defaults; a rule set says everything.

use alloc::vec::Vec;

use comity_union::charge::{DayCount, Step, SymmetricCharge};
use comity_union::cycle::Terms;
use comity_union::dates::Due;
use comity_union::quota::Quota;
use comity_union::schedule::RemainderIn;
use comity_union::tranche::{Beyond, Ladder, Rounding, Schedule, Tranche};
use comity_union::{Rate, Refusal, Share, Side};

use super::order::{
    BeyondRule, Closes, DueRule, LadderRule, Method, ScheduleRule, SetUnion, SideRule, TermRule, UnitRule, YearDays,
};
use crate::reject::{Reason, Reject};
use crate::state::State;

/// Most members of a union.
pub const MEMBERS_MAX: usize = 10_000;
/// Most unions of an arrangement.
pub const UNIONS_MAX: usize = 256;
/// Most steps of a charge, band rules and purposes.
const LIST_MAX: usize = 100;
/// Longest name, action or purpose, bytes.
const TEXT_MAX: usize = 140;
/// Most digits after the point of a unit.
const EXPONENT_MAX: u8 = 4;
/// Most days between instalments, until a swap is paid back, or instalments.
const TERM_MAX: u16 = 1_200;
/// The whole, in millionths.
const ONE: u32 = Share::SCALE;

/// Names of the fields a refusal may refer to, by index.
pub const FIELDS: [&str; 19] = [
    "name",
    "unit",
    "exponent",
    "members",
    "carries",
    "charge",
    "interest",
    "growth",
    "bands",
    "methods",
    "asset",
    "basket",
    "roll_share",
    "purposes",
    "swap",
    "refinance",
    "leaving",
    "due",
    "closes",
];

/// A value of a field outside its range.
pub(super) fn field(name: &str, limit: i64, value: i64) -> Reject {
    let at = FIELDS.iter().position(|known| *known == name).unwrap_or(0);
    Reject { reason: Reason::UnionRule, limit, value, refers: at as u64 }
}

fn count(name: &str, limit: usize, value: usize) -> Result<(), Reject> {
    if value <= limit { Ok(()) } else { Err(field(name, whole(limit), whole(value))) }
}

fn whole(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn at_most(name: &str, limit: u32, value: u32) -> Result<(), Reject> {
    if value <= limit { Ok(()) } else { Err(field(name, limit.into(), value.into())) }
}

fn text(name: &str, text: &str) -> Result<(), Reject> {
    if (1..=TEXT_MAX).contains(&text.len()) { Ok(()) } else { Err(field(name, whole(TEXT_MAX), whole(text.len()))) }
}

/// Largest yearly rate, basis points.
const RATE_MAX_BPS: u32 = 40_000;

/// Checks every field of a rule set by itself.
///
/// # Errors
/// The first field that is wrong.
pub(super) fn check(state: &State, order: &SetUnion) -> Result<(), Reject> {
    text("name", &order.name)?;
    check_unit(state, order)?;
    check_members(state, order)?;
    count("charge", LIST_MAX, order.charge.len())?;
    for pair in order.charge.windows(2) {
        if pair[1].above <= pair[0].above {
            return Err(field("charge", pair[0].above.into(), pair[1].above.into()));
        }
    }
    for step in &order.charge {
        at_most("charge", ONE, step.above)?;
        at_most("charge", RATE_MAX_BPS, step.rate_bps)?;
    }
    if let Some(interest) = &order.interest {
        at_most("interest", RATE_MAX_BPS, interest.debtor_bps.max(interest.creditor_bps))?;
    }
    if let Some(growth) = &order.growth {
        at_most("growth", ONE, growth.share)?;
    }
    count("bands", LIST_MAX, order.bands.len())?;
    for band in &order.bands {
        at_most("bands", ONE, band.from)?;
        text("bands", &band.action)?;
    }
    check_settlement(state, order)?;
    match order.closes {
        Closes::EveryCycles(0) => Err(field("closes", 1, 0)),
        Closes::EveryCycles(_) | Closes::OnCommand => Ok(()),
    }
}

fn check_unit(state: &State, order: &SetUnion) -> Result<(), Reject> {
    match &order.unit {
        UnitRule::Currency(currency) => match state.currencies.get(currency.at()) {
            None => Err(field("unit", 0, currency.0.into())),
            Some(known) if known.exponent != order.exponent => {
                Err(field("exponent", known.exponent.into(), order.exponent.into()))
            }
            Some(_) => Ok(()),
        },
        UnitRule::Basket(parts) => {
            if order.exponent > EXPONENT_MAX {
                return Err(field("exponent", EXPONENT_MAX.into(), order.exponent.into()));
            }
            let known = |part: &super::order::BasketPart| part.currency.at() < state.currencies.len();
            if let Some(part) = parts.iter().find(|part| !known(part) || !part.base.is_valid()) {
                return Err(field("unit", 0, part.currency.0.into()));
            }
            weights("unit", parts.iter().map(|part| (part.currency.0, part.weight)))
        }
    }
}

/// Weights above zero of different currencies that sum to exactly one.
fn weights(name: &str, parts: impl Iterator<Item = (u32, u32)>) -> Result<(), Reject> {
    let (mut seen, mut sum) = (alloc::collections::BTreeSet::new(), 0_u64);
    for (currency, weight) in parts {
        if weight == 0 || !seen.insert(currency) {
            return Err(field(name, 0, currency.into()));
        }
        sum += u64::from(weight);
    }
    if sum != u64::from(ONE) {
        return Err(Reject::limit(Reason::UnionWeights, ONE.into(), i64::try_from(sum).unwrap_or(i64::MAX)));
    }
    Ok(())
}

fn check_members(state: &State, order: &SetUnion) -> Result<(), Reject> {
    if order.members.len() < 2 || order.members.len() > MEMBERS_MAX {
        return Err(field("members", whole(MEMBERS_MAX), whole(order.members.len())));
    }
    schedule(&order.schedule).map_err(|refusal| tranches(&refusal, 0))?;
    for (at, member) in order.members.iter().enumerate() {
        if member.authority.at() >= state.authorities.len() {
            return Err(Reject::refers(Reason::Unknown, member.authority.0.into()));
        }
        if member.quota <= 0 {
            return Err(Reject {
                reason: Reason::UnionQuota,
                limit: 1,
                value: member.quota,
                refers: member.authority.0.into(),
            });
        }
        if let Some(own) = &member.schedule {
            schedule(own).map_err(|refusal| tranches(&refusal, at as u64 + 1))?;
        }
    }
    Ok(())
}

/// A ladder's mistake: where the tranche before ends, where this one begins, and whose: 0 the union's, else the member's place.
fn tranches(refusal: &Refusal, whose: u64) -> Reject {
    let (limit, value) = match refusal {
        Refusal::TrancheOverlap { from, before, .. } | Refusal::TrancheGap { from, before, .. } => (*before, *from),
        Refusal::TrancheOrder { from, to, .. } => (*from, *to),
        Refusal::TrancheEnd { to, .. } => (ONE, *to),
        Refusal::Share { millionths, .. } => (ONE, u32::try_from(*millionths).unwrap_or(u32::MAX)),
        _ => (1, 0),
    };
    Reject { reason: Reason::UnionTranches, limit: limit.into(), value: value.into(), refers: whose }
}

fn check_settlement(state: &State, order: &SetUnion) -> Result<(), Reject> {
    count("methods", Method::ALL.len(), order.methods.len())?;
    if order.methods.iter().enumerate().any(|(at, method)| order.methods[..at].contains(method)) {
        return Err(field("methods", whole(Method::ALL.len()), whole(order.methods.len())));
    }
    let may = |method| order.methods.contains(&method);
    if may(Method::Asset) || !order.asset.is_empty() {
        text("asset", &order.asset)?;
    }
    if !order.basket.is_empty() || (may(Method::Basket) && matches!(order.unit, UnitRule::Currency(_))) {
        if order.basket.is_empty() {
            return Err(field("basket", 1, 0));
        }
        count("basket", LIST_MAX, order.basket.len())?;
        if let Some(part) = order.basket.iter().find(|part| part.currency.at() >= state.currencies.len()) {
            return Err(field("basket", 0, part.currency.0.into()));
        }
        weights("basket", order.basket.iter().map(|part| (part.currency.0, part.weight)))?;
    }
    // A share of quota; more than the whole quota may be rolled over, within reason.
    at_most("roll_share", 10 * ONE, order.roll_share)?;
    count("purposes", LIST_MAX, order.purposes.len())?;
    order.purposes.iter().try_for_each(|purpose| text("purposes", purpose))?;
    if let Some(swap) = &order.swap {
        at_most("swap", ONE, swap.share)?;
        at_most("swap", RATE_MAX_BPS, swap.rate_bps)?;
        if swap.closings == 0 || swap.days == 0 || swap.days > TERM_MAX {
            return Err(field("swap", TERM_MAX.into(), swap.days.into()));
        }
    }
    order.refinance.iter().try_for_each(|rule| term("refinance", rule))?;
    order.leaving.iter().try_for_each(|rule| term("leaving", rule))
}

/// Whether every union of a state that was read has rules that hold, and parts that exist.
pub(crate) fn known(state: &State) -> bool {
    let unions = &state.unions;
    unions.list.iter().all(|union| {
        let members = union.members.iter().map(|member| member.authority);
        check(state, &union.rules).is_ok()
            && members.eq(union.rules.members.iter().map(|member| member.authority))
            && union.carried as usize <= state.cycles.len()
            && union.loans.iter().all(|loan| (loan.fallen as usize) <= loan.instalments.len())
            && union.closings.iter().all(|closing| closing.lines.len() <= union.members.len())
    }) && unions.rates.keys().all(|currency| currency.at() < state.currencies.len())
        && unions.agenda.iter().all(|(_, union, what)| {
            unions.list.get(*union as usize).is_some_and(|union| match what {
                super::Agenda::Late(at) => (*at as usize) < union.residuals.len(),
                super::Agenda::Instalment(at) => {
                    union.loans.get(*at as usize).is_some_and(|loan| (loan.fallen as usize) < loan.instalments.len())
                }
            })
        })
}

/// Checks the terms of instalments.
pub(super) fn term(name: &str, rule: &TermRule) -> Result<(), Reject> {
    at_most(name, RATE_MAX_BPS, rule.rate_bps)?;
    for value in [rule.instalments, rule.every_days] {
        if value == 0 || value > TERM_MAX {
            return Err(field(name, TERM_MAX.into(), value.into()));
        }
    }
    Ok(())
}

fn share(millionths: u32) -> Result<Share, Refusal> {
    Share::new("asset", millionths.into())
}

fn ladder(side: Side, rule: &LadderRule) -> Result<Ladder, Refusal> {
    let steps = rule
        .steps
        .iter()
        .map(|step| Ok(Tranche { from: share(step.from)?, to: share(step.to)?, asset: share(step.asset)? }));
    let beyond = match rule.beyond {
        BeyondRule::Asset => Beyond::Asset,
        BeyondRule::Credit => Beyond::Credit,
        BeyondRule::Special(asset) => Beyond::Special { asset: share(asset)? },
        BeyondRule::Refuse => Beyond::Refuse,
    };
    Ladder::new(side, &steps.collect::<Result<Vec<_>, Refusal>>()?, beyond)
}

fn schedule(rule: &ScheduleRule) -> Result<Schedule, Refusal> {
    let rounding = if rule.asset_carries { Rounding::AssetCarries } else { Rounding::CreditCarries };
    Ok(Schedule::new(ladder(Side::Debtor, &rule.debtor)?, ladder(Side::Creditor, &rule.creditor)?, rounding))
}

/// What the rules say, ready to compute with. Members beyond those of the rules do not exist.
pub(super) struct Rules {
    common: Schedule,
    own: Vec<Option<Schedule>>,
    quotas: Vec<Quota>,
}

impl Rules {
    /// Reads rules that were checked.
    ///
    /// # Panics
    /// When they were not.
    pub(super) fn read(order: &SetUnion) -> Self {
        let known = "rules are checked when they are set";
        Self {
            common: schedule(&order.schedule).expect(known),
            own: order
                .members
                .iter()
                .map(|member| member.schedule.as_ref().map(|own| schedule(own).expect(known)))
                .collect(),
            quotas: order.members.iter().map(|member| Quota::fixed(member.quota).expect(known)).collect(),
        }
    }

    /// A member's quota.
    pub(super) fn quota(&self, member: usize) -> Quota {
        self.quotas[member]
    }

    /// A member's terms.
    pub(super) fn terms(&self, member: usize) -> Terms<'_> {
        Terms { quota: self.quotas[member], schedule: self.own[member].as_ref().unwrap_or(&self.common) }
    }
}

/// The symmetric charge, if there is one.
pub(super) fn charge(order: &SetUnion) -> Option<SymmetricCharge> {
    let steps = order.charge.iter().map(|step| Step { above: of_quota(step.above), rate: yearly(step.rate_bps) });
    if order.charge.is_empty() { None } else { SymmetricCharge::new(&steps.collect::<Vec<_>>()).ok() }
}

/// A share of quota that was checked.
pub(super) fn of_quota(millionths: u32) -> Share {
    Share::new("share", millionths.min(ONE).into()).unwrap_or(Share::ONE)
}

/// A yearly rate that was checked.
pub(super) fn yearly(bps: u32) -> Rate {
    Rate::basis_points(bps.min(RATE_MAX_BPS))
}

pub(super) const fn day_count(rule: YearDays) -> DayCount {
    match rule {
        YearDays::Act360 => DayCount::Act360,
        YearDays::Act365 => DayCount::Act365,
    }
}

pub(super) const fn due(rule: DueRule) -> Due {
    match rule {
        DueRule::BusinessDays(days) => Due::BusinessDays(days),
        DueRule::DaysThenOpen(days) => Due::DaysThenOpen(days),
    }
}

pub(super) const fn side(rule: SideRule) -> Side {
    match rule {
        SideRule::Debtor => Side::Debtor,
        SideRule::Creditor => Side::Creditor,
    }
}

pub(super) const fn remainder(rule: &TermRule) -> RemainderIn {
    if rule.remainder_first { RemainderIn::First } else { RemainderIn::Last }
}

/// What the arithmetic refuses, about a member by place.
pub(super) fn refused(refusal: &Refusal, authority: u64) -> Reject {
    match refusal {
        Refusal::BeyondQuota { position, quota, .. } => {
            Reject { reason: Reason::BeyondQuota, limit: *quota, value: *position, refers: authority }
        }
        Refusal::Growth { grown, limit } => {
            Reject { reason: Reason::GrowthLimit, limit: *limit, value: *grown, refers: authority }
        }
        Refusal::Exceeds { value, limit, .. } => {
            Reject { reason: Reason::ClaimExceeded, limit: *limit, value: *value, refers: authority }
        }
        Refusal::NotPositive { value, .. } | Refusal::Amount { value, .. } => {
            Reject { reason: Reason::ZeroAmount, limit: 0, value: *value, refers: authority }
        }
        _ => Reject { reason: Reason::OutOfRange, limit: 0, value: 0, refers: authority },
    }
}
