//! What a position costs: convex, piecewise linear, for debtors and creditors apart or alike.
//!
//! The rate of each tranche applies to the part of the position inside it, so that a larger position never makes the part
//! below it dearer. Absent on purpose: time (a rate is per unit of position, whatever the period) and currencies.

use alloc::vec::Vec;
use core::fmt;

/// Largest rate of a tranche: cost per unit of account of position.
pub const RATE_MAX: i64 = 1 << 30;

/// Most tranches of one side.
pub const TRANCHE_COUNT_MAX: usize = 64;

/// A part of a position, from where the previous tranche ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tranche {
    /// Size of the position at which it ends, units of account; above the end of the previous one.
    pub end: i64,
    /// Cost per unit inside it, 0 to [`RATE_MAX`]; not below the previous one.
    pub rate: i64,
}

/// Whose position: below zero or above.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The member has paid more than it received.
    Debtor,
    /// The member has received more than it paid.
    Creditor,
}

/// Costs of positions of any size, checked to be convex.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    debtor: Vec<Step>,
    creditor: Vec<Step>,
}

/// A tranche with what the ones before it cost together; the last has no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Step {
    start: i64,
    rate: i64,
    before: i128,
}

/// Why a schedule is refused; tranches are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are explained by the error texts")]
pub enum Fault {
    /// More than [`TRANCHE_COUNT_MAX`].
    TooMany { side: Side, count: usize },
    /// A tranche ends where or before the previous one ends (the first: at or below zero).
    Overlap { side: Side, tranche: usize, end: i64, previous: i64 },
    /// A rate is below 0 or above [`RATE_MAX`].
    Rate { side: Side, tranche: usize, rate: i64 },
    /// A rate is below the previous one: the cost would not be convex.
    NotConvex { side: Side, tranche: usize, rate: i64, previous: i64 },
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Debtor => "debtor",
            Self::Creditor => "creditor",
        })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::TooMany { side, count } => {
                write!(f, "{count} {side} tranches exceed the limit of {TRANCHE_COUNT_MAX}")
            }
            Self::Overlap { side, tranche, end, previous } => {
                write!(f, "{side} tranche {tranche} ends at {end}, not above {previous} where the one before it ends")
            }
            Self::Rate { side, tranche, rate } => {
                write!(f, "rate {rate} of {side} tranche {tranche} is outside 0 to {RATE_MAX}")
            }
            Self::NotConvex { side, tranche, rate, previous } => {
                write!(f, "rate {rate} of {side} tranche {tranche} is below {previous}, the rate before it")
            }
        }
    }
}

impl core::error::Error for Fault {}

impl Schedule {
    /// Costs for debtors and creditors; `beyond` is the rate after the last tranche, counted as one more tranche.
    ///
    /// # Errors
    /// The first [`Fault`] of the debtor side, else of the creditor side.
    pub fn new(debtor: (&[Tranche], i64), creditor: (&[Tranche], i64)) -> Result<Self, Fault> {
        let debtor = steps(Side::Debtor, debtor.0, debtor.1)?;
        Ok(Self { debtor, creditor: steps(Side::Creditor, creditor.0, creditor.1)? })
    }

    /// The same costs for debtors and creditors.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn symmetric(tranches: &[Tranche], beyond: i64) -> Result<Self, Fault> {
        Self::new((tranches, beyond), (tranches, beyond))
    }

    /// What a position costs; not negative, and 0 for none.
    #[must_use]
    pub fn cost(&self, position: i64) -> i128 {
        let size = i128::from(position).abs();
        let step = self.step(position >= 0, size);
        step.before + (size - i128::from(step.start)) * i128::from(step.rate)
    }

    /// What one more unit costs (`up`) or one less, and how many units cost the same each: at least one. `None` stands for
    /// no end.
    #[must_use]
    pub fn slope(&self, position: i64, up: bool) -> (i64, Option<i64>) {
        let creditor = if position == 0 { up } else { position > 0 };
        let steps = if creditor { &self.creditor } else { &self.debtor };
        let size = i128::from(position).abs();
        if creditor == up {
            // Away from zero: through the rest of the tranche that begins here or holds the position.
            let next = steps.partition_point(|step| i128::from(step.start) <= size);
            let room = steps.get(next).map(|step| step.start.saturating_sub(position.saturating_abs()));
            (steps[next - 1].rate, room)
        } else {
            // Towards zero: back to where the tranche below began.
            let step = steps[steps.partition_point(|step| i128::from(step.start) < size) - 1];
            (-step.rate, Some(position.saturating_abs() - step.start))
        }
    }

    /// Positions at which the cost may bend: the ends of tranches on both sides, and zero.
    pub(super) fn ends(&self) -> impl Iterator<Item = i64> {
        let debtor = self.debtor.iter().map(|step| -step.start);
        debtor.chain(self.creditor.iter().skip(1).map(|step| step.start))
    }

    /// The step that holds a size, the lower one where two meet.
    fn step(&self, creditor: bool, size: i128) -> Step {
        let steps = if creditor { &self.creditor } else { &self.debtor };
        steps[steps.partition_point(|step| i128::from(step.start) < size).max(1) - 1]
    }
}

fn steps(side: Side, tranches: &[Tranche], beyond: i64) -> Result<Vec<Step>, Fault> {
    if tranches.len() > TRANCHE_COUNT_MAX {
        return Err(Fault::TooMany { side, count: tranches.len() });
    }
    let mut steps: Vec<Step> = Vec::with_capacity(tranches.len() + 1);
    let (mut start, mut before) = (0, 0);
    let ends = tranches.iter().map(|tranche| (tranche.rate, Some(tranche.end))).chain([(beyond, None)]);
    for (tranche, (rate, end)) in ends.enumerate() {
        if let Some(end) = end.filter(|end| *end <= start) {
            return Err(Fault::Overlap { side, tranche, end, previous: start });
        }
        if !(0..=RATE_MAX).contains(&rate) {
            return Err(Fault::Rate { side, tranche, rate });
        }
        if let Some(previous) = steps.last().map(|step| step.rate).filter(|previous| rate < *previous) {
            return Err(Fault::NotConvex { side, tranche, rate, previous });
        }
        steps.push(Step { start, rate, before });
        if let Some(end) = end {
            before += (i128::from(end) - i128::from(start)) * i128::from(rate);
            start = end;
        }
    }
    Ok(steps)
}
