//! Figures of a union for reports: how long a quota lasts, what may still be drawn, what is open and late.
//!
//! All of them are computed from what was booked; nothing here changes anything. Absent on purpose: forecasts; what recent
//! closings would do if they went on is said, and nothing more.

use alloc::vec::Vec;

use comity_union::charge::swap_limit;
use comity_union::exhaustion::{Exhausted, projected};
use comity_union::quota::Quota;
use comity_union::{Ratio, Side};

use super::order::Method;
use super::{Origin, Party, Purpose, UnionState, Way, rules};
use crate::ids::AuthorityId;
use crate::reject::{Reason, Reject};

/// Closings whose nets say how fast a position moves.
pub const RECENT: usize = 12;

/// When a member reaches its quota if its recent nets go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exhaustion {
    /// Closings until then, exactly; zero when it is there.
    pub closings: Ratio,
    /// Months of 365/12 days until then, exactly, at the pace of the closings so far; none after a single closing.
    pub months: Option<Ratio>,
    /// As debtor or creditor.
    pub side: Side,
}

impl UnionState {
    /// When the member's quota is used up, from the nets of up to [`RECENT`] closings. None before the first closing, for a member
    /// that left, or when its nets sum to nothing.
    #[must_use]
    pub fn exhaustion(&self, authority: AuthorityId) -> Option<Exhaustion> {
        let at = self.member(authority)?;
        let recent = &self.closings[self.closings.len().saturating_sub(RECENT)..];
        let nets: Vec<i64> = recent.iter().filter_map(|closing| closing.lines.get(at)).map(|line| line.net).collect();
        let quota = Quota::fixed(self.rules.members.get(at)?.quota).ok()?;
        let Exhausted { cycles, side, .. } = projected(quota, self.members[at].position, &nets).ok()??;
        let (first, last) = (recent.first()?.date, recent.last()?.date);
        let steps = i128::try_from(recent.len()).ok()? - 1;
        let pace = Ratio::new(i128::from(last.0 - first.0), steps);
        let months = pace.and_then(|days| days.times(Ratio::new(12, 365)?)).and_then(|each| each.times(cycles));
        Some(Exhaustion { closings: cycles, months: months.filter(|_| last > first), side })
    }

    /// How much a member may have drawn from the swap facility: a share of the average gross amount of its recent closings.
    ///
    /// # Errors
    /// [`Reason::MethodNotPermitted`] without a facility, [`Reason::NotMember`].
    pub fn swap_limit(&self, authority: AuthorityId) -> Result<i64, Reject> {
        let rule = self.rules.swap.ok_or(Reject::refers(Reason::MethodNotPermitted, u64::from(u32::MAX)))?;
        let at = self.member(authority).ok_or(Reject::refers(Reason::NotMember, authority.0.into()))?;
        let recent = &self.closings[self.closings.len().saturating_sub(rule.closings.into())..];
        let gross: Vec<i64> = recent
            .iter()
            .filter_map(|closing| closing.lines.get(at))
            .map(|line| i64::try_from(line.parts.gross).unwrap_or(i64::MAX))
            .collect();
        if gross.is_empty() {
            return Ok(0);
        }
        swap_limit(rules::of_quota(rule.share), &gross).map_err(|refusal| rules::refused(&refusal, authority.0.into()))
    }

    /// How much of it is drawn and not yet paid back.
    #[must_use]
    pub fn swap_drawn(&self, authority: AuthorityId) -> i64 {
        let drawn = |at: u32| {
            let loan = &self.loans[at as usize];
            (loan.payer == Party::Member(authority) && matches!(loan.purpose, Purpose::Swap(_))).then_some(loan)
        };
        let count = u32::try_from(self.loans.len()).unwrap_or(u32::MAX);
        let running: i64 =
            (0..count).filter_map(drawn).filter(|loan| loan.fallen == 0).map(|loan| loan.principal).sum();
        let fallen: i64 = self
            .residuals
            .iter()
            .filter(|residual| matches!(residual.origin, Origin::Instalment(loan) if drawn(loan).is_some()))
            .map(|residual| residual.open)
            .sum();
        running.saturating_add(fallen)
    }

    /// What is open between two parties: the sum of their residuals.
    #[must_use]
    pub fn open_between(&self, payer: Party, payee: Party) -> i128 {
        let between = self.residuals.iter().filter(|residual| residual.payer == payer && residual.payee == payee);
        between.map(|residual| i128::from(residual.open)).sum()
    }

    /// How much was settled by each method, in the order of [`Method::ALL`].
    #[must_use]
    pub fn settled_by(&self) -> [i128; 5] {
        let mut sums = [0; 5];
        for part in self.residuals.iter().flat_map(|residual| &residual.settled) {
            if let Way::By(method) = part.way
                && let Some(at) = Method::ALL.iter().position(|known| *known == method)
            {
                sums[at] += i128::from(part.amount);
            }
        }
        sums
    }
}
