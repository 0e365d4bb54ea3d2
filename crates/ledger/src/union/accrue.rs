//! Time passes: positions are counted by days, and interest on what is carried as credit.
//!
//! Everything is exact; whole minor units are booked at a closing, rounded toward zero, so nobody pays more than the rule says.
//! Days are business dates given by the day, never a clock's. Absent on purpose: rates that change by themselves; a new rate is a
//! change of the rules, and what passed before it is counted at the old one.

use alloc::vec::Vec;

use comity_union::Ratio;
use comity_union::charge::owed;

use super::{Member, UnionState, rules};
use crate::ids::Day;
use crate::reject::{Reason, Reject};

/// What one member's standing is after time passed: position times days, and interest.
pub(super) type Accrued = (i128, Ratio);

impl Member {
    /// What is carried as credit: below zero it owes.
    #[must_use]
    pub fn credit(&self) -> i128 {
        let stock = &self.stock;
        i128::from(stock.credit) + i128::from(stock.special_credit) - i128::from(self.excess) + i128::from(self.rolled)
    }
}

impl UnionState {
    /// Days since charges and interest were last counted.
    fn days(&self, today: Day) -> u32 {
        if self.counted.is_set() { today.0.saturating_sub(self.counted.0) } else { 0 }
    }

    /// Counts up to a date, without changing anything.
    pub(super) fn accrue(&self, today: Day) -> Result<Vec<Accrued>, Reject> {
        let days = i128::from(self.days(today));
        let year = rules::day_count(self.rules.year).year();
        let members = self.members.iter().map(|member| {
            let overflow = Reject::refers(Reason::OutOfRange, member.authority.0.into());
            let position_days = i128::from(member.position).checked_mul(days);
            let position_days =
                position_days.and_then(|more| member.position_days.checked_add(more)).ok_or(overflow)?;
            let credit = member.credit();
            let bps = self.rules.interest.map_or(0, |rule| match credit.signum() {
                -1 => rule.debtor_bps,
                _ => rule.creditor_bps,
            });
            if days == 0 || bps == 0 || credit == 0 {
                return Ok((position_days, member.interest));
            }
            let more = credit.checked_mul(i128::from(bps) * days).and_then(|more| Ratio::new(more, 10_000 * year));
            let interest = more.and_then(|more| member.interest.plus(more)).ok_or(overflow)?;
            Ok((position_days, interest))
        });
        members.collect()
    }

    /// Puts what was counted.
    pub(super) fn count(&mut self, accrued: Vec<Accrued>, today: Day) {
        for (member, (position_days, interest)) in self.members.iter_mut().zip(accrued) {
            member.position_days = position_days;
            member.interest = interest;
        }
        self.counted = self.counted.max(today);
    }

    /// Charge and interest a closing books for a member: the charge is paid, interest is paid if below zero.
    pub(super) fn carrying(
        &self,
        rules: &rules::Rules,
        at: usize,
        accrued: &Accrued,
        days: u32,
    ) -> Result<(i64, i64), Reject> {
        let (position_days, interest) = accrued;
        let refuse = |refusal| rules::refused(&refusal, self.members[at].authority.0.into());
        let range = Reject::refers(Reason::OutOfRange, self.members[at].authority.0.into());
        let interest = owed(*interest).map_err(refuse)?;
        let interest = interest.checked_sub(self.members[at].interest_booked).ok_or(range)?;
        let Some(charge) = rules::charge(&self.rules).filter(|_| days > 0) else { return Ok((0, interest)) };
        let average = i64::try_from(position_days / i128::from(days)).map_err(|_| range)?;
        let year = rules::day_count(self.rules.year).year();
        let yearly = charge.yearly(rules.quota(at), average).map_err(refuse)?;
        let part = Ratio::new(days.into(), year).and_then(|part| yearly.times(part)).ok_or(range)?;
        Ok((owed(part).map_err(refuse)?, interest))
    }
}
