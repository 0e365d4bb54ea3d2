//! How long it can go on: cycles until a member's position reaches its quota, from actual flows.
//!
//! Time inside a cycle is counted as if the cycle's net came evenly, so that the answer does not depend on how coarse cycles are.
//! Deliberately absent: forecasts of flows. [`projected`] says what happens if the recent ones go on, and nothing more.

use crate::position::add;
use crate::quota::Quota;
use crate::{Ratio, Refusal, Side};

/// When and on which side a quota was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exhausted {
    /// Cycles from the beginning until the position reached the quota, exactly.
    pub cycles: Ratio,
    /// In which cycle, an index.
    pub cycle: usize,
    /// As debtor or as creditor.
    pub side: Side,
}

/// When a member that begins at `opening` first reaches its quota with these nets; none if it never does. With `only`, the other
/// side has no limit.
///
/// # Errors
/// [`Refusal::Overflow`] for a position that does not fit.
pub fn reached(quota: Quota, opening: i64, nets: &[i64], only: Option<Side>) -> Result<Option<Exhausted>, Refusal> {
    let beyond = |quota, position| beyond(quota, position).filter(|side| only.is_none_or(|only| only == *side));
    let mut position = opening;
    if let Some(side) = beyond(quota, position) {
        return Ok(Some(Exhausted { cycles: Ratio::ZERO, cycle: 0, side }));
    }
    for (cycle, &net) in nets.iter().enumerate() {
        let after = add(position, net)?;
        if let Some(side) = beyond(quota, after) {
            let past = i128::try_from(cycle).map_err(|_| Refusal::Overflow { field: "cycles" })?;
            let cycles = Ratio::new(distance(quota, side, position), i128::from(net).abs())
                .and_then(|part| part.plus(Ratio::whole(past)))
                .ok_or(Refusal::Overflow { field: "cycles" })?;
            return Ok(Some(Exhausted { cycles, cycle, side }));
        }
        position = after;
    }
    Ok(None)
}

/// Cycles until the quota is reached if the mean of `recent` nets goes on; none if it goes on without an imbalance. Zero for a
/// member that is there already.
///
/// # Errors
/// [`Refusal::BasePeriod`] without recent nets.
pub fn projected(quota: Quota, position: i64, recent: &[i64]) -> Result<Option<Exhausted>, Refusal> {
    if recent.is_empty() {
        return Err(Refusal::BasePeriod { years: 0, needed: 1 });
    }
    if let Some(side) = beyond(quota, position) {
        return Ok(Some(Exhausted { cycles: Ratio::ZERO, cycle: 0, side }));
    }
    let sum: i128 = recent.iter().map(|net| i128::from(*net)).sum();
    let count = i128::try_from(recent.len()).map_err(|_| Refusal::Overflow { field: "cycles" })?;
    let side = match sum.signum() {
        0 => return Ok(None),
        1 => Side::Creditor,
        _ => Side::Debtor,
    };
    // Distance below 2^64, and as many cycles as memory holds.
    let cycles = distance(quota, side, position).checked_mul(count).and_then(|far| Ratio::new(far, sum.abs()));
    let cycles = cycles.ok_or(Refusal::Overflow { field: "cycles" })?;
    let cycle = usize::try_from(cycles.floor()).unwrap_or(usize::MAX);
    Ok(Some(Exhausted { cycles, cycle, side }))
}

fn beyond(quota: Quota, position: i64) -> Option<Side> {
    Side::of(position).filter(|_| i128::from(position).abs() >= i128::from(quota.value()))
}

/// How far a position below its quota is from it, on one side.
fn distance(quota: Quota, side: Side, position: i64) -> i128 {
    match side {
        Side::Creditor => i128::from(quota.value()) - i128::from(position),
        Side::Debtor => i128::from(quota.value()) + i128::from(position),
    }
}
