//! Quotas: how large a position may become before the rule beyond it applies.
//!
//! A quota is fixed by agreement, or a share of what a member turned over with the others in a base period. Sources: European
//! Payments Union agreement of 1950 (15 % of the turnover of 1949 in goods and services with the area; read), Keynes' Clearing
//! Union proposals of 1943 (75 % of the three years' average of imports and exports; remembered). Deliberately absent: where
//! turnovers come from, and changes of a quota while positions are open (settle those as a change of the schedule, by agreement).

use crate::{Refusal, Share};

/// Most years of a base period.
pub const BASE_YEARS_MAX: usize = 100;

/// A quota in minor units of the unit of account, above zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quota(i64);

impl Quota {
    /// A fixed quota.
    ///
    /// # Errors
    /// [`Refusal::Quota`] unless `value` is above zero.
    pub const fn fixed(value: i64) -> Result<Self, Refusal> {
        if value > 0 { Ok(Self(value)) } else { Err(Refusal::Quota { value }) }
    }

    /// `rule` applied to the turnover of each year of the base period.
    ///
    /// # Errors
    /// [`Refusal::BasePeriod`] for another number of years than the rule averages over, [`Refusal::Turnover`] for one below
    /// zero, [`Refusal::Quota`] if the result is zero.
    pub fn of_turnover(rule: TurnoverRule, turnover_by_year: &[i64]) -> Result<Self, Refusal> {
        let needed = usize::from(rule.years);
        let years = turnover_by_year.len();
        if years != needed || years == 0 || years > BASE_YEARS_MAX {
            return Err(Refusal::BasePeriod { years, needed });
        }
        if let Some(year) = turnover_by_year.iter().position(|value| *value < 0) {
            return Err(Refusal::Turnover { year, value: turnover_by_year[year] });
        }
        // At most 100 summands below 2^63, times 10^6: below 2^90.
        let sum: i128 = turnover_by_year.iter().map(|value| i128::from(*value)).sum();
        let years = i128::from(rule.years);
        let quota = sum * rule.share.millionths() / (years * i128::from(Share::SCALE));
        Self::fixed(i64::try_from(quota).map_err(|_| Refusal::Overflow { field: "quota" })?)
    }

    /// Minor units.
    #[must_use]
    pub const fn value(self) -> i64 {
        self.0
    }
}

/// A share of the yearly turnover, averaged over the years of a base period; rounded down to whole minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TurnoverRule {
    /// The share of the average turnover of a year.
    pub share: Share,
    /// How many years the base period has, from 1 to [`BASE_YEARS_MAX`].
    pub years: u16,
}
