//! A cycle closed: from bilateral balances to what is paid and what is carried.
//!
//! Four steps, after the accounting of the European Payments Union (agreement of 1950):
//!
//! 1. *multilateral*: each member's bilateral balances are set against each other; its net is left.
//! 2. *through time*: a net that goes against the member's cumulative position unwinds it. What had been paid for that part comes
//!    back, what had been credited is repaid.
//! 3. what goes beyond is settled by the tranches: *asset*, *credit*, and
//! 4. *special*, the part beyond the quota under a special arrangement.
//!
//! For each member, and so for all: `gross = multilateral + through time + asset + credit + special`, to the minor unit. Gross
//! counts surpluses and deficits, so each bilateral balance twice. Deliberately absent: booking, and dates.

use alloc::vec::Vec;

use crate::position::{Balance, add, conserved, nets};
use crate::quota::Quota;
use crate::tranche::{Schedule, Stock};
use crate::{Refusal, Share, at};

/// A member's terms.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// How large its position may become.
    pub quota: Quota,
    /// How much of it is paid.
    pub schedule: &'a Schedule,
}

/// What becomes of the nets of a cycle.
#[derive(Clone, Copy, Debug)]
pub enum Carry<'a> {
    /// They are added to cumulative positions and settled by each member's tranches.
    Positions(&'a [Terms<'a>]),
    /// All of them are paid in asset at the end of each cycle; nothing is carried.
    Paid,
}

/// Where a gross amount went, minor units; all zero or above. The last five sum to the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decomposition {
    /// Bilateral surpluses and deficits.
    pub gross: i128,
    /// Set off among the member's partners.
    pub multilateral: i128,
    /// Unwound earlier positions.
    pub through_time: i128,
    /// Settled in asset.
    pub asset: i128,
    /// Carried as credit.
    pub credit: i128,
    /// Settled by special arrangement, in asset or credit.
    pub special: i128,
}

/// What the unwinding of earlier positions gave back, minor units; the three sum to `through_time`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unwound {
    /// Asset that came back.
    pub asset: i128,
    /// Credit that was repaid.
    pub credit: i128,
    /// Special settlements undone.
    pub special: i128,
}

/// One member in one cycle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// What the others owe it from this cycle; below zero, what it owes.
    pub net: i64,
    /// Its cumulative position before.
    pub before: i64,
    /// Its cumulative position after, with this net.
    pub after: i64,
    /// What is settled: the change of what its position consists of. Below zero in asset, the member pays.
    pub change: Stock,
    /// What its position consists of now.
    pub stock: Stock,
    /// Where its gross amount went.
    pub parts: Decomposition,
    /// What unwinding gave back.
    pub unwound: Unwound,
}

/// A closed cycle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// One line a member.
    pub lines: Vec<Line>,
    /// The sum of all members.
    pub parts: Decomposition,
    /// The sum of all members.
    pub unwound: Unwound,
    /// What the union itself received in asset in this cycle, or paid if below zero: debtors and creditors rarely stand on the same
    /// tranche, so somebody has to hold or to lend the difference.
    pub union_asset: i128,
    /// What members carry into the next cycle: the cumulative positions, or nothing when all is paid.
    pub carried: Vec<i64>,
}

/// Closes a cycle of `prior.len()` members.
///
/// # Errors
/// [`Refusal::QuotaCount`] unless there are terms for each member, [`Refusal::Conservation`] unless prior positions sum to zero, or
/// the first member whose balance or position is refused. Nothing is computed then.
pub fn close(carry: Carry<'_>, prior: &[i64], balances: &[Balance]) -> Result<Closed, Refusal> {
    close_shifted(carry, prior, balances, &[]).map(|(closed, _)| closed)
}

/// Moves credit of a stock into asset: what rules do that look at time and not at the position alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shift {
    /// This share of all credit is paid in asset.
    pub extra: Share,
    /// Credit of a debtor above this is paid in asset; minor units.
    pub cap: Option<i64>,
}

impl Shift {
    /// The stock with credit moved; its total stays.
    #[must_use]
    pub fn apply(&self, stock: Stock) -> Stock {
        let part = |credit: i64| i64::try_from(self.extra.of(credit).toward_zero()).unwrap_or(0);
        let (credit, special) = (stock.credit - part(stock.credit), stock.special_credit - part(stock.special_credit));
        // Credit of a debtor is below zero.
        let least = |cap: i64, credit: i64| if credit < 0 { credit.max(-cap.max(0)) } else { credit };
        let (credit, special) = match self.cap {
            Some(cap) => {
                let credit = least(cap, credit);
                (credit, least(cap.saturating_add(credit.min(0)), special))
            }
            None => (credit, special),
        };
        Stock {
            asset: stock.asset + (stock.credit - credit),
            credit,
            special_asset: stock.special_asset + (stock.special_credit - special),
            special_credit: special,
        }
    }
}

/// As [`close`], with a shift of each member before and after; without shifts nothing is shifted. Also says, for each member, how much
/// credit it already had is now asset (signed like the position): that is no part of the cycle's gross amount.
///
/// # Errors
/// As [`close`], and [`Refusal::QuotaCount`] for another number of shifts than members.
pub fn close_shifted(
    carry: Carry<'_>,
    prior: &[i64],
    balances: &[Balance],
    shifts: &[(Shift, Shift)],
) -> Result<(Closed, Vec<Stock>), Refusal> {
    let members = u32::try_from(prior.len()).map_err(|_| Refusal::Overflow { field: "members" })?;
    let nets = nets(members, balances)?;
    let mut gross = alloc::vec![0i128; prior.len()];
    for balance in balances {
        let size = i128::from(balance.claim).abs();
        gross[at(balance.low)] += size;
        gross[at(balance.high)] += size;
    }
    close_nets(carry, prior, &nets, &gross, shifts)
}

/// As [`close_shifted`], from each member's net and gross amount where balances are not kept one by one.
///
/// # Errors
/// As [`close_shifted`]; also [`Refusal::Conservation`] unless nets sum to zero.
pub fn close_nets(
    carry: Carry<'_>,
    prior: &[i64],
    nets: &[i64],
    gross: &[i128],
    shifts: &[(Shift, Shift)],
) -> Result<(Closed, Vec<Stock>), Refusal> {
    let terms = match carry {
        Carry::Positions(terms) => terms.len(),
        Carry::Paid => prior.len(),
    };
    let shifted = if shifts.is_empty() { prior.len() } else { shifts.len() };
    if let Some(quotas) = [terms, nets.len(), gross.len(), shifted].into_iter().find(|len| *len != prior.len()) {
        return Err(Refusal::QuotaCount { quotas, members: prior.len() });
    }
    conserved(prior)?;
    conserved(nets)?;
    let mut closed = Closed {
        lines: Vec::with_capacity(prior.len()),
        parts: Decomposition::default(),
        unwound: Unwound::default(),
        union_asset: 0,
        carried: Vec::with_capacity(prior.len()),
    };
    let mut converted = Vec::with_capacity(prior.len());
    for (index, (&before, &net)) in (0u32..).zip(prior.iter().zip(nets)) {
        let gross = gross[at(index)];
        let (line, moved) = match carry {
            Carry::Positions(terms) => {
                let shift = shifts.get(at(index)).copied().unwrap_or_default();
                carried(terms[at(index)], shift, before, net, gross).map_err(|refusal| refusal.of_member(index))?
            }
            Carry::Paid => (paid(before, net, gross)?, Stock::default()),
        };
        closed.parts.add(&line.parts);
        closed.unwound.add(&line.unwound);
        closed.union_asset -= line.change.paid();
        closed.carried.push(match carry {
            Carry::Positions(_) => line.after,
            Carry::Paid => 0,
        });
        closed.lines.push(line);
        converted.push(moved);
    }
    Ok((closed, converted))
}

fn carried(
    terms: Terms<'_>,
    (was, is): (Shift, Shift),
    before: i64,
    net: i64,
    gross: i128,
) -> Result<(Line, Stock), Refusal> {
    let after = add(before, net)?;
    // The position goes from `before` toward zero as far as `turn`, and then away from it as far as `after`.
    let turn = if before.signum() * net.signum() >= 0 {
        before
    } else if before.signum() * after.signum() > 0 {
        after
    } else {
        0
    };
    let stock = |position| terms.schedule.stock(terms.quota, position);
    let (old, least, new) = (was.apply(stock(before)?), stock(turn)?, is.apply(stock(after)?));
    let away = new.since(&is.apply(least))?;
    let toward = old.since(&was.apply(least))?;
    let moved = is.apply(least).since(&was.apply(least))?;
    let size = |value: i64| i128::from(value).abs();
    let parts = Decomposition {
        gross,
        multilateral: gross - size(net),
        through_time: toward.total().abs(),
        asset: size(away.asset),
        credit: size(away.credit),
        special: away.special().abs(),
    };
    let unwound = Unwound { asset: size(toward.asset), credit: size(toward.credit), special: toward.special().abs() };
    Ok((Line { net, before, after, change: new.since(&old)?, stock: new, parts, unwound }, moved))
}

fn paid(before: i64, net: i64, gross: i128) -> Result<Line, Refusal> {
    let stock = Stock { asset: net, ..Stock::default() };
    let size = i128::from(net).abs();
    let parts = Decomposition { gross, multilateral: gross - size, asset: size, ..Decomposition::default() };
    Ok(Line { net, before, after: add(before, net)?, change: stock, stock, parts, unwound: Unwound::default() })
}

impl Decomposition {
    /// Whether the parts sum to the gross amount: always, or we were wrong.
    #[must_use]
    pub const fn holds(&self) -> bool {
        self.gross == self.multilateral + self.through_time + self.asset + self.credit + self.special
    }

    /// Adds another decomposition.
    pub const fn add(&mut self, other: &Self) {
        self.gross += other.gross;
        self.multilateral += other.multilateral;
        self.through_time += other.through_time;
        self.asset += other.asset;
        self.credit += other.credit;
        self.special += other.special;
    }

    /// The same gross amount seen from the end of a run that began without positions: what was unwound counts as through time
    /// twice, when it was opened and when it was closed, and asset, credit and special are what is still outstanding. This is
    /// how the European Payments Union's own totals are told.
    #[must_use]
    pub const fn outstanding(&self, unwound: &Unwound) -> Self {
        Self {
            gross: self.gross,
            multilateral: self.multilateral,
            through_time: self.through_time + unwound.asset + unwound.credit + unwound.special,
            asset: self.asset - unwound.asset,
            credit: self.credit - unwound.credit,
            special: self.special - unwound.special,
        }
    }
}

impl Unwound {
    /// Adds another one.
    pub const fn add(&mut self, other: &Self) {
        self.asset += other.asset;
        self.credit += other.credit;
        self.special += other.special;
    }
}
