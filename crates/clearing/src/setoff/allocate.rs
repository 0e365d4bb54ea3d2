//! From a pair's cleared total to its single obligations.

use alloc::vec;
use alloc::vec::Vec;

use super::pairs::Pairs;
use super::{Allocation, Problem};
use crate::at;

/// What is set off of each obligation, in minor units, when arc i of `pairs` clears `flow[i]` lots.
pub(super) fn allocate(problem: &Problem<'_>, pairs: &Pairs, flow: &[i64], rule: Allocation) -> Vec<i64> {
    let mut amounts = vec![0i64; problem.obligations.len()];
    for (arc, &units) in flow.iter().enumerate().take(pairs.arcs.len()) {
        let rows = pairs.rows_of(arc);
        let lots = |row: &u32| problem.lots_of(at(*row));
        match rule {
            _ if units == 0 => {}
            Allocation::Oldest => {
                let mut left = units;
                for row in rows {
                    let part = left.min(lots(row));
                    amounts[at(*row)] = part * problem.lot;
                    left -= part;
                }
            }
            Allocation::ProRata => {
                let lots: Vec<i64> = rows.iter().map(lots).collect();
                for (row, part) in rows.iter().zip(pro_rata(units, &lots)) {
                    amounts[at(*row)] = part * problem.lot;
                }
            }
        }
    }
    amounts
}

/// Parts of `units` in proportion to `lots`, whose sum is not less: rounded down, then one more to the largest
/// remainders, ties to the first.
fn pro_rata(units: i64, lots: &[i64]) -> Vec<i64> {
    let total: i128 = lots.iter().copied().map(i128::from).sum();
    let mut parts: Vec<(i64, i128)> = lots
        .iter()
        .map(|&own| {
            let share = i128::from(units) * i128::from(own);
            (i64::try_from(share / total).unwrap_or(own), share % total)
        })
        .collect();
    let given: i64 = parts.iter().map(|part| part.0).sum();
    // Fewer units are left than remainders are above 0, so nobody gets more than its own.
    let left = usize::try_from(units - given).unwrap_or(0);
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_unstable_by_key(|&place| (core::cmp::Reverse(parts[place].1), place));
    for place in order.into_iter().take(left) {
        parts[place].0 += 1;
    }
    parts.into_iter().map(|part| part.0).collect()
}

/// Obligations that would be set off by less than the minimum. Within a pair, older ones that can spare it give up as
/// much as is missing; what cannot be helped is told.
pub(super) fn lift_to_minimum(problem: &Problem<'_>, pairs: &Pairs, amounts: &mut [i64]) -> Vec<u32> {
    let least = problem.least();
    let mut below = Vec::new();
    for arc in 0..pairs.arcs.len() {
        let rows = pairs.rows_of(arc);
        for (place, &row) in rows.iter().enumerate() {
            let own = amounts[at(row)];
            if own == 0 || own >= least {
                continue;
            }
            let mut missing = least - own;
            let spare = |amounts: &[i64], row: u32| (amounts[at(row)] - least).max(0);
            let others = || rows.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, row)| *row);
            if others().map(|row| i128::from(spare(amounts, row))).sum::<i128>() < i128::from(missing) {
                below.push(row);
                continue;
            }
            amounts[at(row)] = least;
            for other in others() {
                let part = spare(amounts, other).min(missing);
                amounts[at(other)] -= part;
                missing -= part;
            }
        }
    }
    below
}
