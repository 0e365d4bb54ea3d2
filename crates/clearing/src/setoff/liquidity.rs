//! How much more clears with money lent: the whole curve.
//!
//! With a fund of L, the greatest cleared value V(L) is concave and piecewise linear with whole slopes: a unit lent clears
//! a chain of debts, the longest chains first. [`curve`] finds every corner. A certificate for L has a slope in it, the
//! reduced value of the fund's limit: V(M) <= V(L) + slope x (M - L) for every M. Two corners whose lines meet at the
//! other corner have nothing between them; otherwise the lines cross at a third point, which is solved next. That is at
//! most two runs per corner.
//!
//! Where everybody may draw and no party has a cap of its own, one run has the whole curve in it: the phases of the
//! solver say at which price each unit out of balance was routed back, and a unit lent need not be routed.
//!
//! Absent on purpose: interest, and who deserves the money; lines per party are terms of the [`Fund`].

use alloc::vec::Vec;

use super::network::Model;
use super::pairs::Pairs;
use super::{Fund, Invalid, Options, Problem, Proof, TOTAL_MAX, solve};
use crate::flow::maximise_in_phases;

/// A corner of the curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// Money lent, minor units.
    pub lent: i64,
    /// The most that can be cleared with it.
    pub cleared: i64,
}

impl Point {
    /// What the corner says about the curve, as (cleared gained, money lent) from here to `next`: their ratio is whole.
    #[must_use]
    pub const fn slope_to(&self, next: &Self) -> i64 {
        let lent = next.lent - self.lent;
        if lent == 0 { 0 } else { (next.cleared - self.cleared) / lent }
    }
}

/// A corner with the slope its certificate proves.
#[derive(Clone, Copy)]
struct Corner {
    point: Point,
    slope: i64,
}

/// All corners from nothing lent to the first amount that clears all that lending can clear, by lent. The problem's own
/// fund, if any, says who may draw; its limit is not used. A minimum is left aside: each point is exact without it.
///
/// # Errors
/// [`Invalid`] when the problem is.
pub fn curve(problem: &Problem<'_>) -> Result<Vec<Point>, Invalid> {
    let lines = problem.fund.map_or(&[][..], |fund| fund.lines);
    if lines.is_empty() && problem.party_caps.is_empty() {
        problem.validate()?;
        return Ok(curve_in_phases(problem));
    }
    let at_limit = |limit: i64| -> Result<(Corner, Proof), Invalid> {
        let fund = Fund { limit, lines };
        let lent = Problem { fund: Some(fund), minimum: 0, ..*problem };
        let cleared = solve(&lent, &Options::default())?;
        let [taking, lending] = cleared.certificates[0].fund;
        let slope = (taking - lending).max(0);
        Ok((Corner { point: Point { lent: limit, cleared: cleared.proof.cleared }, slope }, cleared.proof))
    };
    let (none, _) = at_limit(0)?;
    // As much as all owe together, in whole lots: more is never used. The certificate may still give it a price, because a limit that
    // is just used up has every slope between those of its two sides; beyond it the slope is 0.
    let owed: i64 = problem.obligations.iter().map(|obligation| obligation.amount).sum();
    let (all, _) = at_limit(owed.div_euclid(problem.lot).saturating_add(1).saturating_mul(problem.lot).min(TOTAL_MAX))?;
    let all = Corner { slope: 0, ..all };
    let mut points = alloc::vec![none.point];
    let enough = least_for(&none, &all, problem.lot, &at_limit, &mut points)?;
    points.push(enough);
    points.sort_unstable_by_key(|point| point.lent);
    points.dedup();
    Ok(corners(&points))
}

/// The curve from one run: the dearest units first.
fn curve_in_phases(problem: &Problem<'_>) -> Vec<Point> {
    let problem = Problem { fund: None, minimum: 0, ..*problem };
    let pairs = Pairs::of(&problem, &[], false);
    let model = Model::of(&problem, &pairs, false);
    let (best, phases) = maximise_in_phases(&model.network()).expect("the network of a valid problem is valid");
    let cleared = best.flow.iter().sum::<i64>() * problem.lot;
    let mut points = alloc::vec![Point { lent: 0, cleared }];
    let mut last = points[0];
    for phase in phases.iter().rev().filter(|phase| phase.distance > 0) {
        last.lent += phase.units * problem.lot;
        last.cleared += phase.units * problem.lot * phase.distance;
        points.push(last);
    }
    corners(&points)
}

type Solve<'f> = dyn Fn(i64) -> Result<(Corner, Proof), Invalid> + 'f;

/// Corners between `low` and the level of `high` go into `points`; returns where that level is first reached.
fn least_for(low: &Corner, high: &Corner, lot: i64, at: &Solve<'_>, points: &mut Vec<Point>) -> Result<Point, Invalid> {
    let mut pending = alloc::vec![(*low, *high)];
    while let Some((low, high)) = pending.pop() {
        let (a, b) = (low.point, high.point);
        let (run, rise) = (i128::from(b.lent - a.lent), i128::from(b.cleared - a.cleared));
        if run <= i128::from(lot) || rise == run * i128::from(low.slope) || rise == run * i128::from(high.slope) {
            continue;
        }
        // Where the lines through both corners cross, on a whole lot strictly between them.
        let down = i128::from(low.slope - high.slope).max(1);
        let cross = (rise - i128::from(high.slope) * run) / down;
        let lots = (cross / i128::from(lot)).max(1) * i128::from(lot);
        let step = i64::try_from(lots.min(run - i128::from(lot))).unwrap_or(lot);
        let (middle, _) = at(a.lent + step)?;
        points.push(middle.point);
        pending.push((middle, high));
        pending.push((low, middle));
    }
    let top = high.point.cleared;
    let reached = points.iter().filter(|point| point.cleared == top).min_by_key(|point| point.lent);
    Ok(reached.copied().unwrap_or(high.point))
}

/// Leaves out points on the line between their neighbours, and what comes after the greatest value is reached.
fn corners(points: &[Point]) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::new();
    for &point in points {
        while let [.., a, b] = kept[..] {
            let cross =
                |from: Point, to: Point| (i128::from(to.lent - from.lent), i128::from(to.cleared - from.cleared));
            let (first, second) = (cross(a, b), cross(b, point));
            if first.1 * second.0 != second.1 * first.0 {
                break;
            }
            kept.pop();
        }
        kept.push(point);
    }
    if let [.., a, b] = kept[..]
        && a.cleared == b.cleared
    {
        kept.pop();
    }
    kept
}
