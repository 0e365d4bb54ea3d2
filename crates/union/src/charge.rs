//! What carrying a position costs: symmetric charges, interest by day count, and the limit of a swap facility.
//!
//! Charges and interest are exact; [`owed`] makes whole minor units of them. Sources: Keynes' Clearing Union proposals of 1943
//! (charge on both sides; steps remembered, consistent with secondary texts), Asian Clearing Union rules (interest on daily
//! outstandings, swap of 20 % of average gross payments; read; day count act/360 is ours), European Payments Union agreement of
//! 1950 (interest by age; remembered). Deliberately absent: publishing rates; a rate arrives with the period it holds for.

use alloc::vec::Vec;

use crate::quota::Quota;
use crate::ruleset::Text;
use crate::{Rate, Ratio, Refusal, Share, Side};

/// Most steps of one charge, and most spans of one interest computation.
pub const STEP_COUNT_MAX: usize = 10_000;

/// A yearly charge on the part of a position above a share of quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Step {
    /// The share of quota above which it is charged.
    pub above: Share,
    /// How much a year.
    pub rate: Rate,
}

/// A charge on both sides alike: it costs a creditor as much to have too large a claim as a debtor to have too large a debt.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SymmetricCharge(Vec<Step>);

impl SymmetricCharge {
    /// A charge of several steps; each is charged on all that is above it, so they add up.
    ///
    /// # Errors
    /// [`Refusal::StepOrder`] naming the first step that is not above the one before.
    pub fn new(steps: &[Step]) -> Result<Self, Refusal> {
        bounded("charge.steps", steps.len())?;
        for (index, pair) in steps.windows(2).enumerate() {
            if pair[1].above <= pair[0].above {
                return Err(Refusal::StepOrder { field: "charge.steps", index: index + 1 });
            }
        }
        Ok(Self(steps.into()))
    }

    /// The steps, in order.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// What a member with this average balance pays for a year, never below zero, the same for both signs.
    ///
    /// # Errors
    /// [`Refusal::Overflow`] if the exact charge does not fit.
    pub fn yearly(&self, quota: Quota, average_balance: i64) -> Result<Ratio, Refusal> {
        let size = i128::from(average_balance).abs() * i128::from(Share::SCALE);
        self.0.iter().try_fold(Ratio::ZERO, |sum, step| {
            let free = i128::from(quota.value()) * step.above.millionths();
            // Below 2^84 times 2^32.
            let part = (size - free).max(0) * step.rate.billionths();
            let part = Ratio::new(part, i128::from(Share::SCALE) * Rate::SCALE);
            part.and_then(|part| sum.plus(part)).ok_or(Refusal::Overflow { field: "charge" })
        })
    }
}

/// How days become parts of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DayCount {
    /// Days as they are, a year of 360.
    Act360,
    /// Days as they are, a year of 365.
    Act365,
}

impl DayCount {
    /// Days of a year.
    #[must_use]
    pub const fn year(self) -> i128 {
        match self {
            Self::Act360 => 360,
            Self::Act365 => 365,
        }
    }
}

/// A balance that stood still for some days at one rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// How many days.
    pub days: u32,
    /// The daily outstanding; below zero, the member owes.
    pub balance: i64,
    /// The rate that held, if it is known.
    pub rate: Option<Rate>,
}

/// Interest on daily outstandings, signed like the balance: below zero, the member pays.
///
/// # Errors
/// [`Refusal::RateMissing`] naming the span, [`Refusal::Overflow`] if the exact sum does not fit.
pub fn interest(spans: &[Span], count: DayCount) -> Result<Ratio, Refusal> {
    bounded("spans of interest", spans.len())?;
    let mut sum: i128 = 0;
    for (index, span) in spans.iter().enumerate() {
        let rate = span.rate.ok_or(Refusal::RateMissing { field: "interest", index })?;
        // Each is below 2^63 x 2^32; with a few thousand days and spans the sum stays far below 2^127.
        let part = (i128::from(span.balance) * rate.billionths()).checked_mul(span.days.into());
        sum = part.and_then(|part| sum.checked_add(part)).ok_or(Refusal::Overflow { field: "interest" })?;
    }
    Ratio::new(sum, Rate::SCALE * count.year()).ok_or(Refusal::Overflow { field: "interest" })
}

/// Whole minor units of an exact charge or interest: rounded toward zero, so that nobody pays more than the rule says. The
/// fraction stays with the one who pays.
///
/// # Errors
/// [`Refusal::Overflow`] if it does not fit into 64 bits.
pub fn owed(exact: Ratio) -> Result<i64, Refusal> {
    i64::try_from(exact.toward_zero()).map_err(|_| Refusal::Overflow { field: "charge" })
}

/// Interest rates by how long a balance is outstanding.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AgedRates(Vec<(u32, Rate)>, Rate);

impl AgedRates {
    /// `(up to this many months, rate)` in order, and the rate after that.
    ///
    /// # Errors
    /// [`Refusal::StepOrder`] naming the first age that is not above the one before.
    pub fn new(steps: &[(u32, Rate)], after: Rate) -> Result<Self, Refusal> {
        bounded("interest.ages", steps.len())?;
        for (index, pair) in steps.windows(2).enumerate() {
            if pair[1].0 <= pair[0].0 {
                return Err(Refusal::StepOrder { field: "interest.ages", index: index + 1 });
            }
        }
        Ok(Self(steps.into(), after))
    }

    /// `(up to this many months, rate)`, in order.
    #[must_use]
    pub fn steps(&self) -> &[(u32, Rate)] {
        &self.0
    }

    /// The rate after the last age.
    #[must_use]
    pub const fn after(&self) -> Rate {
        self.1
    }

    /// The rate of a balance that has been outstanding for `months` full months.
    #[must_use]
    pub fn at(&self, months: u32) -> Rate {
        self.0.iter().find(|(up_to, _)| months < *up_to).map_or(self.1, |(_, rate)| *rate)
    }
}

/// What a rule set knows of a rate.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RateRule {
    /// Nothing: it is published, and has to be given.
    Published,
    /// It is fixed.
    Fixed(Rate),
    /// It is fixed by age.
    Aged(AgedRates),
}

impl RateRule {
    /// The rate of a balance outstanding for `months` full months, unless it has to be given.
    #[must_use]
    pub fn at(&self, months: u32) -> Option<Rate> {
        match self {
            Self::Published => None,
            Self::Fixed(rate) => Some(*rate),
            Self::Aged(rates) => Some(rates.at(months)),
        }
    }
}

/// Where a rate comes from and when it has to be known: data that is shown beside every amount computed with it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RateSource {
    /// Whose balances it is paid on; none for both alike.
    pub side: Option<Side>,
    /// The published rate it follows, or who fixed it.
    pub source: Text,
    /// What the rules themselves say about it.
    pub rate: RateRule,
    /// The days of a year it is counted with.
    pub count: DayCount,
    /// How many days before a cycle ends, or begins, it has to be announced.
    pub notice_days: u8,
}

/// How much a member may draw from a swap facility: a share of its average gross payments, rounded down.
///
/// # Errors
/// [`Refusal::BasePeriod`] without payments to average over, [`Refusal::Turnover`] for payments below zero.
pub fn swap_limit(share: Share, gross_payments: &[i64]) -> Result<i64, Refusal> {
    if gross_payments.is_empty() || gross_payments.len() > STEP_COUNT_MAX {
        return Err(Refusal::BasePeriod { years: gross_payments.len(), needed: 1 });
    }
    if let Some(year) = gross_payments.iter().position(|value| *value < 0) {
        return Err(Refusal::Turnover { year, value: gross_payments[year] });
    }
    let sum: i128 = gross_payments.iter().map(|value| i128::from(*value)).sum();
    let count = i128::try_from(gross_payments.len()).unwrap_or(i128::MAX);
    let limit = sum * share.millionths() / (count * i128::from(Share::SCALE));
    i64::try_from(limit).map_err(|_| Refusal::Overflow { field: "swap limit" })
}

fn bounded(field: &'static str, count: usize) -> Result<(), Refusal> {
    if count <= STEP_COUNT_MAX {
        return Ok(());
    }
    let whole = |value| i64::try_from(value).unwrap_or(i64::MAX);
    Err(Refusal::Exceeds { field, value: whole(count), limit: whole(STEP_COUNT_MAX) })
}
