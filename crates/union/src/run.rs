//! Flows put through a rule set, cycle by cycle.
//!
//! A rule set keeps one or several *books*: one for a union, one a pair where pairs are settled by themselves, two where a hub
//! stands outside (the members among themselves, and members with the hub). Each flow belongs to exactly one book, so all
//! figures add up over books. Deliberately absent: reading flows from anywhere, and booking what comes out.

use alloc::boxed::Box;
use alloc::vec::Vec;

use crate::action::{Actions, RULE_COUNT_MAX};
use crate::charge::swap_limit;
use crate::cycle::{Carry, Closed, Decomposition, Line, Terms, Unwound, close};
use crate::exhaustion::{Exhausted, reached};
use crate::position::{Flow, MEMBER_COUNT_MAX, balances, check};
use crate::preset::{Compensation, RuleSet, Settlement};
use crate::quota::Quota;
use crate::tranche::{Schedule, Stock};
use crate::{Ratio, Refusal, Side, at};

/// Most members where each pair has a book.
pub const PAIR_MEMBER_COUNT_MAX: usize = 200;

/// What a book is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// All members.
    Union,
    /// Two members.
    Pair {
        /// The lower index.
        low: u32,
        /// The higher index.
        high: u32,
    },
    /// The members without the hub.
    Inner,
    /// Members with the hub.
    Outer,
}

/// One set of positions.
#[derive(Clone, Debug)]
pub struct Book {
    /// What it is for.
    pub scope: Scope,
    /// Its members, ascending; positions here and in all lists below.
    pub members: Vec<u32>,
    /// Their limits: quotas where positions are carried, swap limits where there is a facility, else none.
    pub limits: Vec<Option<Quota>>,
    /// Positions that are carried now.
    pub positions: Vec<i64>,
    /// What each position consists of now; all zero where everything is paid.
    pub stocks: Vec<Stock>,
    /// Nets of each cycle, by member.
    pub nets: Vec<Vec<i64>>,
    /// Symmetric charges so far, exactly, by member: on the credit that is carried, not on what has been paid.
    pub charges: Vec<Ratio>,
    /// Action items; owners are positions in `members`.
    pub actions: Actions,
    carries: bool,
}

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
    total: Total,
}

impl Run {
    /// Begins a run. `countries` are the members' ISO 3166 codes of three letters (for schedules of single members), `base` the
    /// flows of each year of the base period.
    ///
    /// # Errors
    /// [`Refusal::Hub`] for a hub where there is none or none where one is needed, [`Refusal::Quota`] for a member without
    /// turnover in the base period, and the refusals of flows and quotas. A pair without turnover gets no line of credit: it
    /// pays each cycle.
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
        if rules.actions.len() > RULE_COUNT_MAX {
            let whole = |value| i64::try_from(value).unwrap_or(i64::MAX);
            let (value, limit) = (whole(rules.actions.len()), whole(RULE_COUNT_MAX));
            return Err(Refusal::Exceeds { field: "actions", value, limit });
        }
        for flows in base {
            flows.iter().enumerate().try_for_each(|(index, flow)| check(index, flow, count))?;
        }
        let schedules = countries.iter().filter_map(|code| rules.schedule_of(code).cloned()).collect();
        let mut run =
            Self { rules: rules.clone(), members: count, schedules, hub, books: Vec::new(), total: Total::default() };
        for (scope, members) in run.scopes(count)? {
            let limits = run.limits(scope, &members, base)?;
            run.books.push(Book {
                scope,
                positions: alloc::vec![0; members.len()],
                stocks: alloc::vec![Stock::default(); members.len()],
                nets: alloc::vec![Vec::new(); members.len()],
                charges: alloc::vec![Ratio::ZERO; members.len()],
                carries: run.carries() && limits.iter().all(Option::is_some),
                actions: Actions::default(),
                limits,
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

    /// Closes a cycle with these flows.
    ///
    /// # Errors
    /// The first refusal; members are named by their place in the group. Nothing has changed then.
    pub fn close(&mut self, flows: &[Flow]) -> Result<Report, Refusal> {
        let mut report = Report {
            payments: flows.iter().map(|flow| i128::from(flow.amount)).sum(),
            bilateral: 0,
            need: 0,
            parts: Decomposition::default(),
            unwound: Unwound::default(),
            union_asset: 0,
            closed: Vec::with_capacity(self.books.len()),
        };
        for (book, flows) in self.books.iter().zip(self.sort(flows)?) {
            let size = u32::try_from(book.members.len()).map_err(|_| Refusal::Overflow { field: "members" })?;
            let pairs = balances(size, &flows)?;
            let terms = self.terms(book);
            let carry = if book.carries { Carry::Positions(&terms) } else { Carry::Paid };
            let closed = close(carry, &book.positions, &pairs).map_err(|refusal| globally(refusal, book))?;
            report.bilateral += pairs.iter().map(|pair| i128::from(pair.claim).abs()).sum::<i128>();
            // Positive and negative nets have the same sum.
            report.need += closed.lines.iter().map(|line| i128::from(line.net).max(0)).sum::<i128>();
            report.parts.add(&closed.parts);
            report.unwound.add(&closed.unwound);
            report.union_asset += closed.union_asset;
            report.closed.push(closed);
        }
        let charged = self.charged(&report)?;
        let cycle = self.total.cycles;
        for (book, closed) in self.books.iter_mut().zip(&report.closed) {
            if book.carries && !self.rules.actions.is_empty() {
                let quotas: Vec<Quota> = book.limits.iter().copied().flatten().collect();
                // Refuses nothing but another number of quotas than members, and there are as many.
                book.actions.close_cycle(&self.rules.actions, &quotas, &closed.carried, cycle)?;
            }
        }
        // Nothing below this line can refuse.
        for ((book, closed), charges) in self.books.iter_mut().zip(&report.closed).zip(charged) {
            for (nets, line) in book.nets.iter_mut().zip(&closed.lines) {
                nets.push(line.net);
            }
            if book.carries {
                book.stocks = closed.lines.iter().map(|line| line.stock).collect();
            }
            book.positions.clone_from(&closed.carried);
            book.charges = charges;
        }
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

    fn limits(&self, scope: Scope, members: &[u32], base: &[Vec<Flow>]) -> Result<Vec<Option<Quota>>, Refusal> {
        let by_year: Vec<Vec<(i64, i64)>> =
            base.iter().map(|flows| self.turnovers(scope, members, flows)).collect::<Result<_, _>>()?;
        (0..members.len())
            .map(|place| {
                let limit = match (self.carries(), self.rules.swap) {
                    (true, _) => {
                        let turnover: Vec<i64> =
                            by_year.iter().map(|year| sum(year[place].0, year[place].1)).collect::<Result<_, _>>()?;
                        Quota::of_turnover(self.rules.quota, &turnover)
                    }
                    (false, Some(share)) => {
                        let paid: Vec<i64> = by_year.iter().map(|year| year[place].0).collect();
                        swap_limit(share, &paid).and_then(Quota::fixed)
                    }
                    (false, None) => return Ok(None),
                };
                match (limit, scope) {
                    (Ok(quota), _) => Ok(Some(quota)),
                    // No trade, no line: the pair pays each cycle.
                    (Err(Refusal::Quota { .. }), Scope::Pair { .. }) => Ok(None),
                    (Err(refusal), _) => Err(Refusal::QuotaOf { member: members[place], refusal: Box::new(refusal) }),
                }
            })
            .collect()
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

    /// Each book's charges after a cycle.
    fn charged(&self, report: &Report) -> Result<Vec<Vec<Ratio>>, Refusal> {
        let after = |book: &Book, place: usize, line: &Line| {
            let so_far = book.charges[place];
            let (Some(charge), Some(quota), true) = (&self.rules.charge, book.limits[place], book.carries) else {
                return Ok(so_far);
            };
            let yearly = charge.yearly(quota, middle(&book.stocks[place], &line.stock)?)?;
            let cycle = Ratio::new(1, self.rules.cycle.a_year().into()).and_then(|part| yearly.times(part));
            cycle.and_then(|cycle| so_far.plus(cycle)).ok_or(Refusal::Overflow { field: "charge" })
        };
        let books = self.books.iter().zip(&report.closed);
        books
            .map(|(book, closed)| {
                let lines = closed.lines.iter().enumerate();
                lines.map(|(place, line)| after(book, place, line)).collect()
            })
            .collect()
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

/// The average credit of a cycle whose net came evenly, toward zero.
fn middle(before: &Stock, after: &Stock) -> Result<i64, Refusal> {
    let credit = |stock: &Stock| i128::from(stock.credit) + i128::from(stock.special_credit);
    i64::try_from((credit(before) + credit(after)) / 2).map_err(|_| Refusal::Overflow { field: "average credit" })
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
        Refusal::BeyondQuota { member: Some(place), .. } => {
            let member = book.members.get(at(place)).copied();
            member.map_or(refusal.clone(), |member| refusal.of_member(member))
        }
        other => other,
    }
}
