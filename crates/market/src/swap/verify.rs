//! Verification by a stranger: the positions after each in leg, and nothing else taken on trust.

use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

use super::{Plan, Problem, Refused, funding, value, worth};

/// What is wrong with a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flaw {
    /// The problem is not valid.
    Problem(Refused),
    /// A swap of somebody with itself, of a currency with itself, of one not there, or of nothing.
    Swap {
        /// Its place.
        swap: usize,
    },
    /// The two sides differ in value by a minor unit of the finer currency, or more.
    Value {
        /// Its place.
        swap: usize,
    },
    /// An in leg that does not reduce all four positions it touches; with helpers, one in which somebody gives what it is not long
    /// of, so that a need would arise.
    Position {
        /// Its place.
        swap: usize,
    },
    /// A swap smaller than the minimum.
    Minimum {
        /// Its place.
        swap: usize,
    },
    /// Swaps between two participants beyond the limit.
    Limit {
        /// The place of the one that is too much.
        swap: usize,
    },
    /// A participant's figures are not what positions and swaps say.
    Need {
        /// Its index.
        participant: usize,
    },
    /// The bound is not the sum of what each participant must fund at least.
    Bound,
}

/// Whether a plan keeps its promises: each swap is of equal value and makes nobody short, and the figures are right. The out
/// leg is the in leg the other way round by construction, so positions over both are unchanged in every currency.
///
/// # Errors
/// The first flaw found.
pub fn verify(problem: &Problem<'_>, plan: &Plan) -> Result<(), Flaw> {
    let worth = worth(problem).map_err(Flaw::Problem)?;
    let currencies = problem.currencies.len();
    let participants = problem.positions.len() / currencies;
    let mut left = problem.positions.to_vec();
    let mut rounding = vec![0_i128; participants];
    let mut between: BTreeMap<(usize, usize), i128> = BTreeMap::new();
    for (swap, given) in plan.swaps.iter().enumerate() {
        let flaw = Flaw::Swap { swap };
        let index = |number: u32, count: usize| usize::try_from(number).ok().filter(|&at| at < count).ok_or(flaw);
        let (one, other) = (index(given.one, participants)?, index(given.other, participants)?);
        let (into, out) = (index(given.currency_in, currencies)?, index(given.currency_out, currencies)?);
        let (a, b) = (given.amount_in, given.amount_out);
        if one == other || into == out || a <= 0 || b <= 0 {
            return Err(flaw);
        }
        let (x, y) = (i128::from(a).checked_mul(worth[into]), i128::from(b).checked_mul(worth[out]));
        let (Some(x), Some(y)) = (x, y) else {
            return Err(Flaw::Value { swap });
        };
        if (x - y).abs() >= worth[into].min(worth[out]) {
            return Err(Flaw::Value { swap });
        }
        let at = |who: usize, currency: usize| who * currencies + currency;
        let long = left[at(one, out)] >= b && left[at(other, into)] >= a;
        let long = long && (problem.helpers || (left[at(one, into)] <= -a && left[at(other, out)] <= -b));
        let received = (left[at(one, into)].checked_add(a), left[at(other, out)].checked_add(b));
        let (true, (Some(mine), Some(theirs))) = (long, received) else {
            return Err(Flaw::Position { swap });
        };
        (left[at(one, into)], left[at(other, out)]) = (mine, theirs);
        left[at(one, out)] -= b;
        left[at(other, into)] -= a;
        rounding[one] += x - y;
        rounding[other] -= x - y;
        if x.min(y) < problem.minimum {
            return Err(Flaw::Minimum { swap });
        }
        let used = between.entry((one.min(other), one.max(other))).or_insert(0);
        *used = used.saturating_add(x.max(y));
        if problem.limit.is_some_and(|limit| *used > limit) {
            return Err(Flaw::Limit { swap });
        }
    }
    needs(problem, plan, &worth, &left, &rounding)
}

fn needs(problem: &Problem<'_>, plan: &Plan, worth: &[i128], left: &[i64], rounding: &[i128]) -> Result<(), Flaw> {
    let currencies = problem.currencies.len();
    let rows: Vec<(&[i64], &[i64])> = problem.positions.chunks(currencies).zip(left.chunks(currencies)).collect();
    if plan.needs.len() != rows.len() {
        return Err(Flaw::Need { participant: rows.len() });
    }
    let mut bound = 0;
    for (participant, ((before, after), need)) in rows.into_iter().zip(&plan.needs).enumerate() {
        let least = (-value(before, worth)).max(0);
        let told = (need.before, need.after, need.least, need.rounding);
        if told != (funding(before, worth), funding(after, worth), least, rounding[participant]) {
            return Err(Flaw::Need { participant });
        }
        bound += least;
    }
    if bound == plan.bound { Ok(()) } else { Err(Flaw::Bound) }
}
