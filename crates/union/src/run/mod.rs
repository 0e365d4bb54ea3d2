//! Flows put through a rule set, cycle by cycle.
//!
//! A rule set keeps one or several *books*: one for a union, one a pair where pairs are settled by themselves, two where a hub
//! stands outside (the members among themselves, and members with the hub). Each flow belongs to exactly one book, so all
//! figures add up over books. A cycle first gathers what loans and uses of claims bring ([`persist`](crate::persist)), then
//! closes each book, and then says what that costs and how it is paid. Deliberately absent: reading flows from anywhere, and
//! booking what comes out.

mod book;
mod funding;
mod interest;
mod step;

use alloc::boxed::Box;
use alloc::vec::Vec;

pub use self::book::{Account, Book, Live, Period, Scope};
use self::step::Step;
use crate::action::Actions;
use crate::charge::swap_limit;
use crate::cycle::{Closed, Decomposition, Terms, Unwound};
use crate::exhaustion::{Exhausted, projected, reached};
use crate::persist::Move;
use crate::position::{Balance, Flow, MEMBER_COUNT_MAX, Positions, check};
use crate::preset::{Compensation, RuleSet, Settlement, Use};
use crate::quota::Quota;
use crate::residual::Settled;
use crate::tranche::Schedule;
use crate::{Refusal, Side, at};

/// Most members where each pair has a book.
pub const PAIR_MEMBER_COUNT_MAX: usize = 200;

/// What a cycle came to, over all books; minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// All flows.
    pub payments: i128,
    /// What would move if each pair netted by itself.
    pub bilateral: i128,
    /// What moves after the compensation of the rule set: each net once.
    pub need: i128,
    /// Where bilateral surpluses and deficits went.
    pub parts: Decomposition,
    /// What unwinding gave back.
    pub unwound: Unwound,
    /// What the union received in asset, or advanced if below zero.
    pub union_asset: i128,
    /// Each book's closing, in the order of the books.
    pub closed: Vec<Closed>,
    /// Flows that no trade made, by book; places in the book.
    pub moves: Vec<Vec<Move>>,
    /// How residuals were settled and why, by book; places in the book.
    pub settled: Vec<Vec<Settled>>,
    /// Credit from earlier cycles that a rule of time made asset, and of it special; below zero, it went back.
    pub converted: (i128, i128),
}

/// Sums of all cycles so far; minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Total {
    /// Cycles closed.
    pub cycles: u32,
    /// All flows.
    pub payments: i128,
    /// What would have moved if each pair had netted by itself each cycle.
    pub bilateral: i128,
    /// What moved after compensation.
    pub need: i128,
    /// Where bilateral surpluses and deficits went.
    pub parts: Decomposition,
    /// What unwinding gave back.
    pub unwound: Unwound,
    /// Asset the union holds, or has advanced if below zero.
    pub union_asset: i128,
    /// The lowest it ever was, zero at most: the capital it needed.
    pub union_asset_least: i128,
    /// Credit that a rule of time made asset, within the quota and in special arrangements.
    pub converted: (i128, i128),
    /// What loans and uses of claims added to flows.
    pub moved: i128,
    /// Residuals by method, and left open; the last one. Sizes, so each side counts.
    pub residual: [i128; 6],
}

impl Total {
    /// Adds a cycle.
    pub fn add(&mut self, report: &Report) {
        self.cycles += 1;
        self.payments += report.payments;
        self.bilateral += report.bilateral;
        self.need += report.need;
        self.parts.add(&report.parts);
        self.unwound.add(&report.unwound);
        self.union_asset += report.union_asset;
        self.union_asset_least = self.union_asset_least.min(self.union_asset);
        self.converted.0 += report.converted.0;
        self.converted.1 += report.converted.1;
        self.moved += report.moves.iter().flatten().map(|moved| i128::from(moved.flow.amount)).sum::<i128>();
        for settled in report.settled.iter().flatten() {
            let place = settled.kind.map_or(5, crate::residual::Kind::place);
            self.residual[place] += i128::from(settled.amount).abs();
        }
    }

    /// The decomposition seen from the end, as [`Decomposition::outstanding`], with credit that became asset later.
    #[must_use]
    pub const fn outstanding(&self) -> Decomposition {
        let mut end = self.parts.outstanding(&self.unwound);
        // Within special arrangements a conversion changes the kind, not the sum.
        end.asset += self.converted.0;
        end.credit -= self.converted.0;
        end
    }
}

/// A rule set at work.
#[derive(Clone, Debug)]
pub struct Run {
    rules: RuleSet,
    members: u32,
    /// One a member; none where all is paid.
    schedules: Vec<Schedule>,
    hub: Option<u32>,
    books: Vec<Book>,
    positions: Positions,
    days: i32,
    total: Total,
}

impl Run {
    /// Begins a run. `countries` are the members' ISO 3166 codes of three letters (for schedules of single members), `base` the
    /// flows of each year of the base period.
    ///
    /// # Errors
    /// [`Refusal::Hub`] for a hub where there is none or none where one is needed, [`Refusal::Quota`] for a member without
    /// turnover in the base period, and the refusals of flows and quotas. A pair without turnover gets no line of credit: it
    /// pays each cycle. A quota or exception of a code that is no member is passed over.
    pub fn new(rules: &RuleSet, countries: &[&str], hub: Option<u32>, base: &[Vec<Flow>]) -> Result<Self, Refusal> {
        let count = u32::try_from(countries.len()).unwrap_or(u32::MAX);
        if count > MEMBER_COUNT_MAX {
            return Err(Refusal::Exceeds { field: "members", value: count.into(), limit: MEMBER_COUNT_MAX.into() });
        }
        match (rules.compensation, hub) {
            (Compensation::Hub, None) => return Err(Refusal::Hub { needed: true }),
            (Compensation::Hub, Some(hub)) if hub >= count => return Err(Refusal::Hub { needed: true }),
            (Compensation::Union | Compensation::Pairs, Some(_)) => return Err(Refusal::Hub { needed: false }),
            (Compensation::Hub, Some(_)) | (Compensation::Union | Compensation::Pairs, None) => {}
        }
        rules.check()?;
        for flows in base {
            flows.iter().enumerate().try_for_each(|(index, flow)| check(index, flow, count))?;
        }
        let schedules = countries.iter().filter_map(|code| rules.schedule_of(code).cloned()).collect();
        let mut run = Self {
            rules: rules.clone(),
            members: count,
            schedules,
            hub,
            books: Vec::new(),
            positions: Positions::none(count),
            days: 0,
            total: Total::default(),
        };
        for (scope, members) in run.scopes(count)? {
            let limits = run.limits(scope, &members, countries, base)?;
            run.books.push(Book {
                scope,
                nets: alloc::vec![Vec::new(); members.len()],
                credits: alloc::vec![Vec::new(); members.len()],
                carries: run.carries() && limits.iter().all(|(quota, _)| quota.is_some()),
                actions: Actions::default(),
                live: Live::none(members.len(), rules.uses.len()),
                swap_limits: limits.iter().map(|(_, swap)| swap.unwrap_or(0)).collect(),
                limits: limits.iter().map(|(quota, swap)| quota.or(swap.and_then(|s| Quota::fixed(s).ok()))).collect(),
                members,
            });
        }
        Ok(run)
    }

    /// The books, in fixed order.
    #[must_use]
    pub fn books(&self) -> &[Book] {
        &self.books
    }

    /// All cycles so far.
    #[must_use]
    pub const fn total(&self) -> &Total {
        &self.total
    }

    /// The rule set.
    #[must_use]
    pub const fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// What each member owes or is owed by each other one, cumulatively, over all books; members of the group. Where positions
    /// are carried these are the same positions, seen pair by pair.
    #[must_use]
    pub fn pairs(&self) -> &[Balance] {
        self.positions.pairs()
    }

    /// Closes a cycle with these flows, an even part of a year of 365 days, without rates from outside.
    ///
    /// # Errors
    /// As [`Run::close_in`].
    pub fn close(&mut self, flows: &[Flow]) -> Result<Report, Refusal> {
        let days = 365 / u32::from(self.rules.cycle.a_year());
        self.close_in(flows, &Period { days, debtor: None, creditor: None })
    }

    /// Closes a cycle with these flows and what is known of its time and rates.
    ///
    /// # Errors
    /// The first refusal; members are named by their place in the group. Nothing has changed then.
    pub fn close_in(&mut self, flows: &[Flow], period: &Period) -> Result<Report, Refusal> {
        let days = self.days.saturating_add(i32::try_from(period.days).unwrap_or(i32::MAX));
        let mut report = Report {
            payments: flows.iter().map(|flow| i128::from(flow.amount)).sum(),
            bilateral: 0,
            need: 0,
            parts: Decomposition::default(),
            unwound: Unwound::default(),
            union_asset: 0,
            closed: Vec::with_capacity(self.books.len()),
            moves: Vec::with_capacity(self.books.len()),
            settled: Vec::with_capacity(self.books.len()),
            converted: (0, 0),
        };
        let passed = self.pass_on();
        let passed = self.sort(&passed)?;
        let mut next = Vec::with_capacity(self.books.len());
        let mut all = Vec::new();
        for ((book, flows), passed) in self.books.iter().zip(self.sort(flows)?).zip(passed) {
            let terms = self.terms(book);
            let cycle = self.total.cycles;
            let step = Step { rules: &self.rules, book, terms: &terms, cycle, day: days, period };
            let taken = step.take(flows, passed).map_err(|refusal| globally(refusal, book))?;
            report.bilateral += taken.balances.iter().map(|pair| i128::from(pair.claim).abs()).sum::<i128>();
            // Positive and negative nets have the same sum.
            report.need += taken.closed.lines.iter().map(|line| i128::from(line.net).max(0)).sum::<i128>();
            report.parts.add(&taken.closed.parts);
            report.unwound.add(&taken.closed.unwound);
            report.union_asset += taken.closed.union_asset;
            report.converted.0 += taken.converted.0;
            report.converted.1 += taken.converted.1;
            report.closed.push(taken.closed);
            report.moves.push(taken.moves);
            report.settled.push(taken.settled);
            // Members of a book are ascending, so the lower place is the lower member.
            all.extend(taken.balances.iter().map(|pair| Balance {
                low: book.members[at(pair.low)],
                high: book.members[at(pair.high)],
                claim: pair.claim,
            }));
            next.push(taken.live);
        }
        let positions = self.positions.after(&all)?;
        let cycle = self.total.cycles;
        for (book, closed) in self.books.iter_mut().zip(&report.closed) {
            if book.carries && !self.rules.actions.is_empty() {
                let quotas: Vec<Quota> = book.limits.iter().copied().flatten().collect();
                // Refuses nothing but another number of quotas than members, and there are as many.
                book.actions.close_cycle(&self.rules.actions, &quotas, &closed.carried, cycle)?;
            }
        }
        // Nothing below this line can refuse.
        for ((book, closed), live) in self.books.iter_mut().zip(&report.closed).zip(next) {
            for (nets, line) in book.nets.iter_mut().zip(&closed.lines) {
                nets.push(line.net);
            }
            book.live = live;
            if self.rules.growth.is_some() {
                for (credits, stock) in book.credits.iter_mut().zip(&book.live.stocks) {
                    credits.push(stock.credit.saturating_add(stock.special_credit));
                }
            }
        }
        self.positions = positions;
        self.days = days;
        self.total.add(&report);
        Ok(report)
    }

    /// When the member at `place` of a book reached its limit, in cycles since the beginning.
    ///
    /// # Errors
    /// [`Refusal::Overflow`] for a sum that does not fit.
    pub fn exhausted(&self, book: &Book, place: usize) -> Result<Option<Exhausted>, Refusal> {
        // A swap facility is drawn by debtors; a claim that is paid has no limit.
        let only = if book.carries { None } else { Some(Side::Debtor) };
        match book.limits.get(place).copied().flatten() {
            Some(limit) => reached(limit, 0, &book.nets[place], only),
            None => Ok(None),
        }
    }

    /// Cycles from now until the member at `place` of a book reaches its limit if the mean of its last year goes on; none if it never
    /// does, or nothing is carried.
    ///
    /// # Errors
    /// As [`projected`].
    pub fn ahead(&self, book: &Book, place: usize) -> Result<Option<Exhausted>, Refusal> {
        let nets = &book.nets[place];
        let recent = &nets[nets.len().saturating_sub(self.rules.cycle.a_year().into())..];
        match book.limits.get(place).copied().flatten() {
            Some(limit) if book.carries && !recent.is_empty() => projected(limit, book.live.positions[place], recent),
            Some(_) | None => Ok(None),
        }
    }

    /// Claims that pay third members, where pairs are settled by themselves: a member with a claim on one and a debt to another passes
    /// the claim on, three flows in a circle. Nothing changes for anybody against all others together.
    fn pass_on(&self) -> Vec<Flow> {
        let rule = self.rules.uses.iter().find(|rule| rule.kind == Use::ThirdMember);
        let (Some(rule), Compensation::Pairs) = (rule, self.rules.compensation) else { return Vec::new() };
        let mut held: Vec<i64> = self.books.iter().map(|book| book.live.positions[0]).collect();
        let place = |one: u32, other: u32| {
            let pair = (one.min(other), one.max(other));
            self.books
                .binary_search_by_key(&pair, |book| key(book.scope))
                .ok()
                .filter(|found| self.books[*found].carries)
        };
        // What `one` is owed by `other`.
        let claim = |held: &[i64], one: u32, other: u32| {
            place(one, other).map_or(0, |found| if one < other { held[found] } else { -held[found] })
        };
        let mut flows = Vec::new();
        for owner in 0..self.members {
            for debtor in (0..self.members).filter(|debtor| *debtor != owner) {
                let Some(found) = place(owner, debtor) else { continue };
                let Some(quota) = self.books[found].limits[usize::from(owner > debtor)] else { continue };
                let band = rule.above.of(quota.value()).ceil();
                let above = i64::try_from(i128::from(claim(&held, owner, debtor)) - band).unwrap_or(0).max(0);
                let mut left = i64::try_from(rule.share.of(above).floor()).unwrap_or(0);
                if let Some(limit) = rule.limit {
                    left = left.min(i64::try_from(limit.of(quota.value()).floor()).unwrap_or(i64::MAX));
                }
                for third in (0..self.members).filter(|third| ![owner, debtor].contains(third)) {
                    let amount = left.min(claim(&held, third, owner));
                    let (Some(paid), Some(new), true) = (place(owner, third), place(third, debtor), amount > 0) else {
                        continue;
                    };
                    for (from, to, found) in [(owner, debtor, found), (third, owner, paid), (debtor, third, new)] {
                        flows.push(Flow { from, to, amount });
                        held[found] += if to < from { amount } else { -amount };
                    }
                    left -= amount;
                }
            }
        }
        flows
    }

    fn carries(&self) -> bool {
        match self.rules.settlement {
            Settlement::Tranches(_) => true,
            Settlement::Paid => false,
        }
    }

    fn scopes(&self, count: u32) -> Result<Vec<(Scope, Vec<u32>)>, Refusal> {
        let all = || (0..count).collect::<Vec<_>>();
        Ok(match self.rules.compensation {
            Compensation::Union => [(Scope::Union, all())].into(),
            Compensation::Hub => {
                let inner = (0..count).filter(|member| Some(*member) != self.hub).collect();
                [(Scope::Inner, inner), (Scope::Outer, all())].into()
            }
            Compensation::Pairs => {
                if at(count) > PAIR_MEMBER_COUNT_MAX {
                    let limit = i64::try_from(PAIR_MEMBER_COUNT_MAX).unwrap_or(i64::MAX);
                    return Err(Refusal::Exceeds { field: "members in pairs", value: count.into(), limit });
                }
                let pair = |low, high| (Scope::Pair { low, high }, [low, high].into());
                (0..count).flat_map(|low| (low + 1..count).map(move |high| pair(low, high))).collect()
            }
        })
    }

    /// Quota and swap limit of each member of a book.
    #[expect(clippy::type_complexity, reason = "two optional limits a member; a name would not say more")]
    fn limits(
        &self,
        scope: Scope,
        members: &[u32],
        countries: &[&str],
        base: &[Vec<Flow>],
    ) -> Result<Vec<(Option<Quota>, Option<i64>)>, Refusal> {
        let by_year: Vec<Vec<(i64, i64)>> =
            base.iter().map(|flows| self.turnovers(scope, members, flows)).collect::<Result<_, _>>()?;
        let quota = |place: usize| {
            let code = countries.get(at(members[place]));
            let fixed = self.rules.fixed_quotas.iter().find(|(of, _)| code.is_some_and(|code| of == code));
            if let Some((_, value)) = fixed {
                return Quota::fixed(*value);
            }
            let turnover: Vec<i64> =
                by_year.iter().map(|year| sum(year[place].0, year[place].1)).collect::<Result<_, _>>()?;
            Quota::of_turnover(self.rules.quota, &turnover)
        };
        let limit = |place: usize| {
            let swap = match self.rules.swap {
                None => None,
                Some(rule) => {
                    let paid: Vec<i64> = by_year.iter().map(|year| year[place].0).collect();
                    let limit = swap_limit(rule.share, &paid)?;
                    // Where all is paid it is the only limit, so it must be one.
                    if !self.carries() {
                        Quota::fixed(limit)?;
                    }
                    Some(limit)
                }
            };
            if !self.carries() {
                return Ok((None, swap));
            }
            match (quota(place), scope) {
                (Ok(quota), _) => Ok((Some(quota), swap)),
                // No trade, no line: the pair pays each cycle.
                (Err(Refusal::Quota { .. }), Scope::Pair { .. }) => Ok((None, swap)),
                (Err(refusal), _) => Err(refusal),
            }
        };
        let of = |place: usize, refusal| Refusal::QuotaOf { member: members[place], refusal: Box::new(refusal) };
        (0..members.len()).map(|place| limit(place).map_err(|refusal| of(place, refusal))).collect()
    }

    /// What each member of a book paid and received.
    fn turnovers(&self, scope: Scope, members: &[u32], flows: &[Flow]) -> Result<Vec<(i64, i64)>, Refusal> {
        let mut sums = alloc::vec![(0i64, 0i64); members.len()];
        for flow in flows.iter().filter(|flow| self.scope(flow) == scope) {
            let place = |member| members.binary_search(&member).ok();
            if let (Some(from), Some(to)) = (place(flow.from), place(flow.to)) {
                sums[from].0 = sum(sums[from].0, flow.amount)?;
                sums[to].1 = sum(sums[to].1, flow.amount)?;
            }
        }
        Ok(sums)
    }

    fn scope(&self, flow: &Flow) -> Scope {
        match self.rules.compensation {
            Compensation::Union => Scope::Union,
            Compensation::Pairs => Scope::Pair { low: flow.from.min(flow.to), high: flow.from.max(flow.to) },
            Compensation::Hub if [flow.from, flow.to].iter().any(|member| Some(*member) == self.hub) => Scope::Outer,
            Compensation::Hub => Scope::Inner,
        }
    }

    /// The flows of each book, with places in the book for members. Every flow is checked here, so that refusals name members
    /// and flows of the group and not of a book.
    fn sort(&self, flows: &[Flow]) -> Result<Vec<Vec<Flow>>, Refusal> {
        let mut sorted = alloc::vec![Vec::new(); self.books.len()];
        for (index, flow) in flows.iter().enumerate() {
            check(index, flow, self.members)?;
            let scope = self.scope(flow);
            let found = match scope {
                Scope::Union | Scope::Inner => Some(0),
                Scope::Outer => Some(1),
                Scope::Pair { .. } => self.books.binary_search_by_key(&key(scope), |book| key(book.scope)).ok(),
            };
            let place = |member: u32| {
                let book = self.books.get(found?)?;
                book.members.binary_search(&member).ok().and_then(|place| u32::try_from(place).ok())
            };
            let (Some(found), Some(from), Some(to)) = (found, place(flow.from), place(flow.to)) else {
                // Not reached: every two members have a book that has both.
                return Err(Refusal::Member { flow: index, member: flow.from, members: self.members });
            };
            sorted[found].push(Flow { from, to, amount: flow.amount });
        }
        Ok(sorted)
    }

    fn terms(&self, book: &Book) -> Vec<Terms<'_>> {
        let terms =
            book.members.iter().zip(&book.limits).filter_map(|(member, quota)| {
                Some(Terms { quota: (*quota)?, schedule: self.schedules.get(at(*member))? })
            });
        terms.collect()
    }
}

/// The part of `amount` that falls into cycle `index` of `count`: as even as whole minor units allow, and all parts sum to it.
#[must_use]
pub fn spread(amount: i64, index: u16, count: u16) -> i64 {
    let upto = |index: i128| i128::from(amount) * index / i128::from(count.max(1));
    let part = upto(i128::from(index) + 1) - upto(index.into());
    // A part of a 64-bit amount, whatever the index below the count.
    i64::try_from(part).unwrap_or(amount)
}

fn sum(a: i64, b: i64) -> Result<i64, Refusal> {
    a.checked_add(b).ok_or(Refusal::Overflow { field: "turnover" })
}

const fn key(scope: Scope) -> (u32, u32) {
    match scope {
        Scope::Union | Scope::Inner => (0, 0),
        Scope::Outer => (0, 1),
        Scope::Pair { low, high } => (low, high),
    }
}

fn globally(refusal: Refusal, book: &Book) -> Refusal {
    match refusal {
        Refusal::GrowthOf { member, grown, limit } => {
            Refusal::GrowthOf { member: book.members.get(at(member)).copied().unwrap_or(member), grown, limit }
        }
        Refusal::BeyondQuota { member: Some(place), .. } => {
            let member = book.members.get(at(place)).copied();
            member.map_or(refusal.clone(), |member| refusal.of_member(member))
        }
        other => other,
    }
}
