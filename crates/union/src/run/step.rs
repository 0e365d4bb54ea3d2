//! One book through one cycle: what comes into it, its closing, what that costs and how it is paid.
//!
//! Takes a copy of what stood and gives back what stands; nothing is changed when something is refused. Deliberately absent: other
//! books.

use alloc::vec::Vec;

use super::book::{Book, Live, Period};
use super::{funding, interest};
use crate::action::growth;
use crate::cycle::{Carry, Closed, Line, Shift, Terms, close_shifted};
use crate::persist::{Loan, Move, Room, Tag, lend, serve, uses};
use crate::position::{Balance, Flow, balances};
use crate::preset::{Excess, RuleSet, Use};
use crate::quota::Quota;
use crate::residual::{Kind, Residual, Settled, settle};
use crate::tranche::Stock;
use crate::{Ratio, Refusal, Share, Side, at};

/// What a book goes through.
pub(super) struct Step<'a> {
    pub(super) rules: &'a RuleSet,
    pub(super) book: &'a Book,
    /// Empty where all is paid.
    pub(super) terms: &'a [Terms<'a>],
    pub(super) cycle: u32,
    /// The day it ends, counted from the beginning of the run.
    pub(super) day: i32,
    pub(super) period: &'a Period,
}

/// What came of it.
pub(super) struct Taken {
    pub(super) live: Live,
    pub(super) closed: Closed,
    pub(super) balances: Vec<Balance>,
    pub(super) moves: Vec<Move>,
    pub(super) settled: Vec<Settled>,
    pub(super) converted: (i128, i128),
}

impl Step<'_> {
    /// Takes the book through the cycle with its trade and with claims that are passed on.
    pub(super) fn take(&self, trade: Vec<Flow>, passed: Vec<Flow>) -> Result<Taken, Refusal> {
        let book = self.book;
        let size = u32::try_from(book.members.len()).map_err(|_| Refusal::Overflow { field: "members" })?;
        let mut live = book.live.clone();
        let mut flows = trade;
        let mut moves: Vec<Move> =
            passed.into_iter().map(|flow| Move { flow, tag: Tag::Used(Use::ThirdMember) }).collect();
        if book.carries {
            self.persist(&mut live, &flows, &mut moves)?;
        }
        flows.extend(moves.iter().map(|moved| moved.flow));
        let balances = balances(size, &flows)?;
        let shifts = self.shifts(&live);
        let carry = if book.carries { Carry::Positions(self.terms) } else { Carry::Paid };
        let pairs: Vec<(Shift, Shift)> = live.shifts.iter().copied().zip(shifts.iter().copied()).collect();
        let (closed, moved) = close_shifted(carry, &live.positions, &balances, &pairs)?;
        let mut converted = (0, 0);
        for ((account, stock), line) in live.accounts.iter_mut().zip(&moved).zip(&closed.lines) {
            // Signed like the position that it is part of: above zero when credit became asset.
            let toward = i128::from(if line.before < 0 { -1 } else { 1 });
            converted.0 += i128::from(stock.asset) * toward;
            converted.1 += i128::from(stock.special_asset) * toward;
            account.converted += stock.paid() * toward;
        }
        self.grown(&mut live, &closed)?;
        self.cost(&mut live, &closed)?;
        let settled = self.settle(&mut live, &closed)?;
        if book.carries {
            live.stocks = closed.lines.iter().map(|line| line.stock).collect();
            self.streaks(&mut live, &closed.carried);
        }
        live.shifts = shifts;
        live.positions.clone_from(&closed.carried);
        Ok(Taken { live, closed, balances, moves, settled, converted })
    }

    fn quotas(&self) -> Vec<Quota> {
        self.terms.iter().map(|terms| terms.quota).collect()
    }

    /// Uses, loans and service of this cycle.
    fn persist(&self, live: &mut Live, trade: &[Flow], moves: &mut Vec<Move>) -> Result<(), Refusal> {
        let (quotas, a_year) = (self.quotas(), self.rules.cycle.a_year());
        if self.cycle.is_multiple_of(u32::from(a_year)) {
            live.used.iter_mut().flatten().for_each(|used| *used = 0);
        }
        let back = live.returns.iter().filter(|back| back.cycle <= self.cycle).map(|back| back.back);
        moves.extend(back);
        live.returns.retain(|back| back.cycle > self.cycle);
        let mut room = Room::new(&live.positions);
        let (used, returns) = uses(&self.rules.uses, &quotas, &mut room, &mut live.used, self.cycle)?;
        moves.extend(used);
        live.returns.extend(returns);
        let Some(rule) = &self.rules.recycling else {
            self.tally(live, moves);
            return Ok(());
        };
        let new = lend(rule, &quotas, &mut room, self.cycle, a_year)?;
        moves.extend(new.iter().map(lent));
        let mut ahead: Vec<i128> = live.positions.iter().map(|position| i128::from(*position)).collect();
        for flow in trade.iter().chain(moves.iter().map(|moved| &moved.flow)) {
            ahead[at(flow.from)] -= i128::from(flow.amount);
            ahead[at(flow.to)] += i128::from(flow.amount);
        }
        let service = serve(rule.unable, &mut live.loans, &quotas, &mut ahead, self.cycle)?;
        live.loans.extend(new);
        moves.extend(&service.moves);
        for (from, to, amount) in service.interest {
            live.accounts[at(from)].loan_interest -= i128::from(amount);
            live.accounts[at(to)].loan_interest += i128::from(amount);
        }
        for (from, to, amount) in service.in_asset {
            live.accounts[at(from)].served_in_asset -= i128::from(amount);
            live.accounts[at(to)].served_in_asset += i128::from(amount);
        }
        for debtor in service.put_off {
            live.accounts[at(debtor)].put_off += 1;
        }
        self.tally(live, moves);
        Ok(())
    }

    /// Counts what was lent and used by member.
    fn tally(&self, live: &mut Live, moves: &[Move]) {
        for moved in moves {
            let (from, to, amount) = (at(moved.flow.from), at(moved.flow.to), i128::from(moved.flow.amount));
            match moved.tag {
                Tag::Lent => {
                    live.accounts[from].lent += amount;
                    live.accounts[to].borrowed += amount;
                }
                Tag::Used(kind) => {
                    live.accounts[from].used[kind.place()] += amount;
                    live.accounts[to].used_on += amount;
                }
                Tag::Served | Tag::Restored | Tag::Returned(_) => {}
            }
        }
    }

    /// Shifts of this cycle, from what is known before it.
    fn shifts(&self, live: &Live) -> Vec<Shift> {
        let year = usize::from(self.rules.cycle.a_year());
        let shift = |place: usize| {
            let rising = self
                .rules
                .rising
                .filter(|rule| rule.side.is_none_or(|side| Side::of(live.positions[place]) == Some(side)));
            let extra = rising.map_or(Share::ZERO, |rule| rule.extra(live.streaks[place]));
            let cap = self.rules.growth.filter(|rule| rule.excess == Excess::Asset).and_then(|rule| {
                let credits = &self.book.credits[place];
                let ago = credits.len().checked_sub(year).and_then(|at| credits.get(at)).copied().unwrap_or(0);
                let limit = rule.share.of(self.terms.get(place)?.quota.value()).floor();
                i64::try_from(i128::from(ago).min(0).abs() + limit).ok()
            });
            Shift { extra, cap }
        };
        if self.book.carries { (0..self.book.members.len()).map(shift).collect() } else { live.shifts.clone() }
    }

    /// Cycles in a row beyond the band, with this one.
    fn streaks(&self, live: &mut Live, carried: &[i64]) {
        let Some(rule) = self.rules.rising else { return };
        for ((streak, position), terms) in live.streaks.iter_mut().zip(carried).zip(self.terms) {
            let beyond = i128::from(*position).abs() > rule.above.of(terms.quota.value()).ceil();
            let side = rule.side.is_none_or(|side| Side::of(*position) == Some(side));
            *streak = if beyond && side { streak.saturating_add(1) } else { 0 };
        }
    }

    /// Whether debtors grew faster than allowed.
    fn grown(&self, live: &mut Live, closed: &Closed) -> Result<(), Refusal> {
        let Some(rule) = self.rules.growth.filter(|_| self.book.carries) else { return Ok(()) };
        let year = usize::from(self.rules.cycle.a_year());
        for (place, (line, terms)) in closed.lines.iter().zip(self.terms).enumerate() {
            if Side::of(line.after) != Some(Side::Debtor) {
                continue;
            }
            // The position a year ago is the one before less the nets since.
            let nets = &self.book.nets[place];
            let since: i128 = nets[nets.len().saturating_sub(year - 1)..].iter().map(|net| i128::from(*net)).sum();
            let ago = i64::try_from(i128::from(line.before) - since);
            let ago = ago.map_err(|_| Refusal::Overflow { field: "position" })?;
            match (growth(rule.share, terms.quota, ago, line.after), rule.excess) {
                (Ok(()), _) => {}
                (Err(Refusal::Growth { .. }), Excess::Report | Excess::Asset) => live.accounts[place].grew += 1,
                (Err(Refusal::Growth { grown, limit }), Excess::Refuse) => {
                    let member = u32::try_from(place).unwrap_or(u32::MAX);
                    return Err(Refusal::GrowthOf { member, grown, limit });
                }
                (Err(other), _) => return Err(other),
            }
        }
        Ok(())
    }

    /// Charges and interest of the cycle.
    fn cost(&self, live: &mut Live, closed: &Closed) -> Result<(), Refusal> {
        let interest_applies = interest::applies(self.rules, self.period);
        for (place, line) in closed.lines.iter().enumerate() {
            if let (Some(charge), true) = (&self.rules.charge, self.book.carries) {
                let quota = self.terms[place].quota;
                let yearly = charge.yearly(quota, middle(&live.stocks[place], &line.stock)?)?;
                let part = Ratio::new(1, self.rules.cycle.a_year().into()).and_then(|part| yearly.times(part));
                let sum = part.and_then(|part| live.charges[place].plus(part));
                live.charges[place] = sum.ok_or(Refusal::Overflow { field: "charge" })?;
            }
            if !interest_applies {
                continue;
            }
            let (before, after) = self.layers(live, place, line)?;
            match interest::of_cycle(self.rules, &before, &after, self.cycle, self.period)? {
                Some(part) => {
                    let account = &mut live.accounts[place];
                    let sum = account.interest.plus(part).ok_or(Refusal::Overflow { field: "interest" })?;
                    account.interest = sum;
                }
                None => live.accounts[place].interest_missing += 1,
            }
            if interest::aged(self.rules) {
                live.layers[place] = after;
            }
        }
        Ok(())
    }

    /// Credit before and after, by age where that counts.
    #[expect(clippy::type_complexity, reason = "two lists of the same kind; a name would not say more")]
    fn layers(&self, live: &Live, place: usize, line: &Line) -> Result<(Vec<(u32, i64)>, Vec<(u32, i64)>), Refusal> {
        let credit = |stock: &Stock| {
            let both = stock.credit.checked_add(stock.special_credit);
            both.ok_or(Refusal::Overflow { field: "credit" })
        };
        if !self.book.carries {
            // All of it is paid at the end: it grew from nothing.
            return Ok((Vec::new(), [(self.cycle, line.net)].into()));
        }
        let after = credit(&line.stock)?;
        if interest::aged(self.rules) {
            let before = live.layers[place].clone();
            let mut layers = before.clone();
            interest::relayer(&mut layers, after, self.cycle);
            return Ok((before, layers));
        }
        Ok(([(self.cycle, credit(&live.stocks[place])?)].into(), [(self.cycle, after)].into()))
    }

    /// Residuals by method, and where the asset comes from.
    fn settle(&self, live: &mut Live, closed: &Closed) -> Result<Vec<Settled>, Refusal> {
        let overflow = || Refusal::Overflow { field: "residual" };
        let mut residuals = Vec::with_capacity(closed.lines.len());
        for (place, line) in closed.lines.iter().enumerate() {
            let account = &mut live.accounts[place];
            let amount = i64::try_from(line.change.paid() + i128::from(account.open)).map_err(|_| overflow())?;
            let quota = self.terms.get(place).map(|terms| terms.quota);
            residuals.push(Residual { amount, quota, rolled: account.rolled });
            account.open = 0;
        }
        let settled = settle(&self.rules.residual, &residuals)?;
        let mut asset = alloc::vec![0i64; residuals.len()];
        for part in &settled {
            let place = at(part.member);
            let account = &mut live.accounts[place];
            account.residual[part.kind.map_or(5, Kind::place)] += i128::from(part.amount);
            match part.kind {
                Some(Kind::DesignatedAsset) => asset[place] += part.amount,
                Some(Kind::RollOver) => account.rolled += part.amount,
                Some(Kind::PermittedUse) => {
                    let kind = self.rules.uses.first().map_or(Use::Investment, |rule| rule.kind);
                    account.used[kind.place()] += i128::from(part.amount);
                }
                Some(Kind::Basket | Kind::Auction) => {}
                None => account.open = part.amount,
            }
        }
        for (place, amount) in asset.into_iter().enumerate() {
            let limit = self.book.swap_limits[place];
            funding::settle(self.rules, live, place, limit, amount, (self.cycle, self.day), self.period)?;
        }
        Ok(settled)
    }
}

fn lent(loan: &Loan) -> Move {
    Move { flow: Flow { from: loan.creditor, to: loan.debtor, amount: loan.principal }, tag: Tag::Lent }
}

/// The average credit of a cycle whose net came evenly, toward zero.
fn middle(before: &Stock, after: &Stock) -> Result<i64, Refusal> {
    let credit = |stock: &Stock| i128::from(stock.credit) + i128::from(stock.special_credit);
    i64::try_from((credit(before) + credit(after)) / 2).map_err(|_| Refusal::Overflow { field: "average credit" })
}
