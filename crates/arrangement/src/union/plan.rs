//! What the files say about unions on one date, as steps of the day: rates in, the closing, and the lines of authorities.
//!
//! Which residual or offer a line means is only known when it is due, so the step names the members and the runner looks it up.
//! Absent on purpose: that look-up.

use comity_ledger::ids::{ActorId, Day, Key, Time};
use comity_ledger::phase;
use comity_ledger::union::order::SetUnitRate;
use comity_union::dates::Length;

use super::{Closes, Deed, Union, UnionOrder};
use crate::day::PlannedPhase;
use crate::directory::{FINANCE_CHECKER, FINANCE_MAKER, SYSTEM};
use crate::load::ARRANGEMENT;
use crate::mistake::{Notes, Spot};
use crate::model::Arrangement;

/// A step about a union.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnionStep {
    /// Who asks.
    pub by: By,
    /// Key of the order, where one person asks.
    pub key: Key,
    /// What is asked.
    pub ask: Ask,
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// One person alone.
    One(ActorId),
    /// The first proposes, the second approves.
    Two(ActorId, ActorId),
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// State a currency's rate in the unit of account.
    Rate(Box<SetUnitRate>),
    /// Release a rate the gate holds.
    Release(comity_ledger::ids::CurrencyId),
    /// Close a union.
    Close(u32),
    /// A line of an authority.
    Order(UnionOrder),
}

impl Union {
    /// Whether the files have it closed on a date. What the ledger closes by itself counts as well, since it needs rates.
    pub(crate) fn closes_on(&self, arrangement: &Arrangement, day: Day) -> bool {
        match &self.closes {
            Closes::Dates(dates) => dates.contains(&day),
            Closes::Cycles(_) | Closes::Length(Length::Daily) => true,
            Closes::Length(length) => {
                let end = cycle_end(*length, day);
                // The last business date of the cycle: nothing is open between it and the end.
                let mut next = day.next();
                while next <= end {
                    if arrangement.is_open(next) {
                        return false;
                    }
                    next = next.next();
                }
                true
            }
        }
    }
}

/// The last day of the cycle a date lies in.
fn cycle_end(length: Length, day: Day) -> Day {
    let days = i32::try_from(day.0).unwrap_or(i32::MAX);
    // Years of 365 days never run ahead of the calendar.
    let year = 1970 + days / 366;
    let ends = (year..=year + 2).flat_map(|year| (0..length.a_year()).filter_map(move |index| length.end(year, index)));
    let end = ends.filter(|end| *end >= days).min().unwrap_or(days);
    Day(u32::try_from(end).unwrap_or(day.0))
}

impl Arrangement {
    /// The phase in which unions close: the first that carries.
    fn carries(phases: &[PlannedPhase]) -> Option<&PlannedPhase> {
        phases.iter().find(|planned| planned.allows & phase::ON_CARRY != 0)
    }

    /// The steps of a date, each with its instant.
    pub(crate) fn union_steps(&self, day: Day, phases: &[PlannedPhase]) -> Vec<(Time, UnionStep)> {
        let mut out = Vec::new();
        if self.unions.is_empty() {
            return out;
        }
        let opens = phases.first().map_or(Time(0), |planned| planned.begins);
        let stated = phases.iter().find(|planned| planned.allows & phase::RATES != 0).map_or(opens, |p| p.begins);
        self.unit_rate_steps(day, stated, &mut out);
        let closing = Self::carries(phases).map_or(opens, |planned| planned.begins);
        for (at, union) in (0_u32..).zip(&self.unions) {
            let by_ledger = matches!(union.closes, Closes::Cycles(_));
            if !by_ledger && union.closes_on(self, day) {
                let key = self.key("union-close", at as usize, day.0);
                out.push((closing, UnionStep { by: By::One(SYSTEM), key, ask: Ask::Close(at) }));
            }
        }
        for (place, order) in self.union_orders.iter().enumerate().filter(|(_, order)| order.date == day) {
            let at = order.at.map_or(closing, |local| self.day.zone.instant(day, local));
            let people = order.member.and_then(|member| self.directory.authority_actors(member));
            let (maker, checker) =
                people.map_or((FINANCE_MAKER, FINANCE_CHECKER), |people| (people.maker, people.checker));
            let key = self.key("union-order", place, day.0);
            out.push((at, UnionStep { by: by(&order.deed, maker, checker), key, ask: Ask::Order(order.clone()) }));
        }
        out
    }

    fn unit_rate_steps(&self, day: Day, at: Time, out: &mut Vec<(Time, UnionStep)>) {
        let until = self.day.zone.instant(day.next(), self.day.opens);
        let held = self.held_unit_rates();
        for (place, line) in self.unit_rates_on(day) {
            let issuer = self.currencies.get(line.currency.at()).map(|currency| currency.authority);
            let Some(people) = issuer.and_then(|issuer| self.directory.authority_actors(issuer)) else { continue };
            let rate = SetUnitRate {
                currency: line.currency,
                rate: line.rate,
                source: line.source.clone(),
                kind: line.kind,
                from: at,
                until,
            };
            let key = |purpose: &str| self.key(purpose, place, day.0);
            let stated = By::One(people.maker);
            out.push((at, UnionStep { by: stated, key: key("unit-rate"), ask: Ask::Rate(Box::new(rate)) }));
            if held.iter().any(|held| held.place == place && held.day == day && held.released) {
                let both = By::Two(people.maker, people.checker);
                out.push((at, UnionStep { by: both, key: key("unit-release"), ask: Ask::Release(line.currency) }));
            }
        }
    }
}

/// Whose word a deed takes: a report binds nobody, so one person makes it, and one of the other side answers it.
const fn by(deed: &Deed, maker: ActorId, checker: ActorId) -> By {
    match deed {
        Deed::Prove { .. } => By::One(maker),
        Deed::Answer { .. } => By::One(checker),
        Deed::Auction => By::One(SYSTEM),
        Deed::RollOver { .. }
        | Deed::Instalments { .. }
        | Deed::Swap { .. }
        | Deed::Use { .. }
        | Deed::Pay { .. }
        | Deed::Offer { .. }
        | Deed::Take
        | Deed::Withdraw
        | Deed::Leave => By::Two(maker, checker),
    }
}

/// A union needs a phase that carries, after the one in which authorities confirm.
pub(super) fn phases(arrangement: &Arrangement, notes: Notes<'_>) {
    if arrangement.unions.is_empty() {
        return;
    }
    let first = |bit: u32| arrangement.phases.iter().position(|rule| rule.allows & bit != 0);
    let fits = match (first(phase::CONFIRM), first(phase::ON_CARRY)) {
        (Some(confirm), Some(carry)) => confirm < carry,
        (_, None) | (None, _) => false,
    };
    if !fits {
        let spot = Spot { file: ARRANGEMENT, line: 0, field: "phase".to_owned() };
        let expected = "a phase with on-carry after one that allows confirm, as there is a union";
        notes.wrong(&spot, "no such phase", expected);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::parse_day;

    #[test]
    fn a_cycle_ends_with_its_month_or_months() {
        let end = |length, date: &str| cycle_end(length, parse_day(date).expect("a date")).to_string();
        assert_eq!(end(Length::Monthly, "2026-11-24"), "2026-11-30");
        assert_eq!(end(Length::Monthly, "2026-11-30"), "2026-11-30");
        assert_eq!(end(Length::TwoMonthly, "2026-11-24"), "2026-12-31");
        assert_eq!(end(Length::FourMonthly, "2026-04-30"), "2026-04-30");
        assert_eq!(end(Length::FourMonthly, "2026-05-01"), "2026-08-31");
        assert_eq!(end(Length::Yearly, "2027-01-01"), "2027-12-31");
        assert_eq!(end(Length::Monthly, "2199-12-30"), "2199-12-31");
    }
}
