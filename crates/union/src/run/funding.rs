//! Where a debtor gets the asset it must pay: instalments, the swap facility, its own means.
//!
//! In this order: a share of the settlement is put into instalments where the rules allow it; then the swap facility is drawn as far as
//! its limit goes; the rest is paid out of own means. What is received pays back drawings first. Instalments and drawings
//! that are due are paid out of own means and never by a new drawing, so that nothing rolls for ever. Deliberately absent:
//! whether a member has the means; that is not known from flows.

use super::book::{Live, Period};
use super::interest::debtor_rate;
use crate::preset::RuleSet;
use crate::schedule::{LoanTerms, RemainderIn, instalments};
use crate::{Rate, Ratio, Refusal};

/// Settles `amount` of the designated asset for the member at `place`; below zero, it pays. `day` counts from the beginning of the
/// run to the end of the cycle.
pub(super) fn settle(
    rules: &RuleSet,
    live: &mut Live,
    place: usize,
    limit: i64,
    amount: i64,
    (cycle, day): (u32, i32),
    period: &Period,
) -> Result<(), Refusal> {
    let overflow = |field| Refusal::Overflow { field };
    let (rate, count) = debtor_rate(rules, period);
    let account = &mut live.accounts[place];
    // Interest on what stood during the cycle.
    let instalments_left: i128 = live.refinanced[place].iter().map(|row| i128::from(row.principal)).sum();
    if account.swap > 0 {
        match rate {
            Some(rate) => {
                let part = Ratio::new(
                    i128::from(account.swap) * rate.billionths() * i128::from(period.days),
                    Rate::SCALE * count.year(),
                );
                let sum = part.and_then(|part| account.funding_interest.plus(part));
                account.funding_interest = sum.ok_or(overflow("interest of a drawing"))?;
            }
            None => account.interest_missing += 1,
        }
    }
    if instalments_left > 0 && rate.is_none() {
        account.interest_missing += 1;
    }
    // What is due is paid back.
    if let Some(rule) = rules.swap {
        let drawings = &mut live.drawings[place];
        while let Some(&(_, owed)) = drawings.first().filter(|(drawn, _)| drawn + u32::from(rule.cycles) <= cycle) {
            drawings.remove(0);
            account.swap -= owed;
            account.paid += i128::from(owed);
        }
    }
    let rows = &mut live.refinanced[place];
    while let Some(row) = rows.first().filter(|row| row.due <= day).copied() {
        rows.remove(0);
        account.paid += i128::from(row.principal);
        let sum = account.funding_interest.plus(Ratio::whole(row.interest.into()));
        account.funding_interest = sum.ok_or(overflow("interest of instalments"))?;
    }
    if amount >= 0 {
        let mut left = amount;
        let drawings = &mut live.drawings[place];
        while let Some((_, owed)) = drawings.first_mut().filter(|_| left > 0) {
            let back = left.min(*owed);
            *owed -= back;
            left -= back;
            account.swap -= back;
            if *owed == 0 {
                drawings.remove(0);
            }
        }
        account.received += i128::from(amount);
        account.paid += i128::from(amount - left);
        return Ok(());
    }
    let mut due = amount.checked_neg().ok_or(overflow("settlement"))?;
    if let Some(rule) = rules.refinancing {
        let part = i64::try_from(rule.share.of(due).floor()).map_err(|_| overflow("refinancing"))?;
        if part > 0 {
            let terms =
                LoanTerms { principal: part, rate: rate.unwrap_or_default(), count, remainder: RemainderIn::Last };
            let months = |index: u16| day.saturating_add(i32::from(index) * 365 / 12);
            let days: alloc::vec::Vec<i32> = (1..=rule.instalments).map(months).collect();
            live.refinanced[place].extend(instalments(&terms, day, &days)?);
            live.refinanced[place].sort_by_key(|row| row.due);
            account.refinanced += i128::from(part);
            due -= part;
        }
    }
    if rules.swap.is_some() {
        let draw = due.min(limit.saturating_sub(account.swap)).max(0);
        if draw > 0 {
            live.drawings[place].push((cycle, draw));
            account.swap += draw;
            account.swap_most = account.swap_most.max(account.swap);
            account.drawn += i128::from(draw);
            due -= draw;
        }
    }
    account.paid += i128::from(due);
    Ok(())
}
