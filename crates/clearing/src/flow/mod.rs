//! Maximum-value circulations: the one problem behind set-off, conversion and the bounds of a free choice.
//!
//! A network of nodes and arcs, each arc with a capacity and a value per unit. A circulation sends flow along arcs so that
//! at every node as much leaves as arrives; its value is the sum over arcs of value times flow. [`maximise`] finds one of
//! greatest value together with integer potentials, and [`check`] proves it from the network alone, in one pass: the
//! potentials give an upper bound for *every* circulation, and the flow reaches it. See `docs/clearing.md`.
//!
//! Small values (0 and 1 above all) go to a fast method (`unit`), others to the network simplex. Nothing outside depends on which:
//! every answer is proved by [`check`].
//!
//! Absent on purpose: sources, sinks and lower bounds (an arc back with a large value says the same), names, money.

mod admissible;
pub(crate) mod components;
mod forest;
pub mod plain;
mod reduce;
mod residual;
mod route;
pub mod simplex;
mod unit;

use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use crate::at;
use reduce::Reduced;

pub use route::Phase;

/// An arc: at most `cap` units may flow `from` -> `to`, each worth `value`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Arc {
    /// Node it leaves.
    pub from: u32,
    /// Node it enters; must differ from `from`. Several arcs between the same nodes are fine.
    pub to: u32,
    /// Most units; not negative.
    pub cap: i64,
    /// Worth of one unit; may be negative (a cost). |value| at most [`VALUE_MAX`].
    pub value: i64,
}

/// Largest absolute value of one unit: keeps potentials and reduced values far from overflow.
pub const VALUE_MAX: i64 = 1 << 31;

/// A network, borrowed.
#[derive(Clone, Copy, Debug)]
pub struct Network<'a> {
    /// Nodes are `0..nodes`.
    pub nodes: u32,
    /// All arcs; results name them by position.
    pub arcs: &'a [Arc],
}

/// A circulation of greatest value and the potentials that prove it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Circulation {
    /// Units on each arc.
    pub flow: Vec<i64>,
    /// One integer per node. An arc's reduced value is `value + potential[from] - potential[to]`.
    pub potential: Vec<i64>,
    /// Sum of value times flow.
    pub value: i128,
}

/// What [`check`] proved: the value of the flow, and a bound no circulation of this network exceeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Sum of value times flow.
    pub value: i128,
    /// Sum over arcs of capacity times the positive part of the reduced value.
    pub bound: i128,
}

/// Why a network is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are explained by the error texts")]
pub enum Invalid {
    /// More arcs or nodes than 31-bit indices.
    TooMany { what: &'static str, count: usize },
    /// An arc names a node that does not exist.
    Node { arc: u32, node: u32 },
    /// An arc goes from a node to itself.
    Loop { arc: u32, node: u32 },
    /// A capacity is negative.
    Cap { arc: u32, cap: i64 },
    /// A value is too large.
    Value { arc: u32, value: i64 },
    /// The capacities together exceed what the solver counts in.
    Total,
}

/// Why a claimed circulation is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are explained by the error texts")]
pub enum Flaw {
    /// The claim has another number of arcs or nodes than the network.
    Shape { what: &'static str, expected: usize, found: usize },
    /// Flow outside 0..=cap.
    Flow { arc: u32, flow: i64, cap: i64 },
    /// More leaves a node than arrives, or less.
    Unbalanced { node: u32, surplus: i128 },
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::TooMany { what, count } => write!(f, "{count} {what} exceed the limit of {INDEX_COUNT_MAX}"),
            Self::Node { arc, node } => write!(f, "arc {arc} names node {node}, which does not exist"),
            Self::Loop { arc, node } => write!(f, "arc {arc} goes from node {node} to itself"),
            Self::Cap { arc, cap } => write!(f, "capacity {cap} of arc {arc} is below 0"),
            Self::Value { arc, value } => write!(f, "value {value} of arc {arc} exceeds the limit of {VALUE_MAX}"),
            Self::Total => write!(f, "the capacities together exceed the limit of {}", i64::MAX / 4),
        }
    }
}

impl core::error::Error for Invalid {}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Shape { what, expected, found } => write!(f, "{found} {what} given where {expected} are expected"),
            Self::Flow { arc, flow, cap } => write!(f, "flow {flow} on arc {arc} is outside 0 to {cap}"),
            Self::Unbalanced { node, surplus } => write!(f, "node {node} receives {surplus} more than it pays"),
        }
    }
}

impl core::error::Error for Flaw {}

/// Most nodes or arcs.
pub const INDEX_COUNT_MAX: usize = 1 << 30;

impl Network<'_> {
    /// Checks every index, capacity and value.
    ///
    /// # Errors
    /// The first [`Invalid`] found: counts first, then arcs in order, then the total.
    pub fn validate(&self) -> Result<(), Invalid> {
        for (what, count) in [("nodes", at(self.nodes)), ("arcs", self.arcs.len())] {
            if count > INDEX_COUNT_MAX {
                return Err(Invalid::TooMany { what, count });
            }
        }
        let mut total: i128 = 0;
        for (index, arc) in (0u32..).zip(self.arcs) {
            let Arc { from, to, cap, value } = *arc;
            if let Some(node) = [from, to].into_iter().find(|node| *node >= self.nodes) {
                return Err(Invalid::Node { arc: index, node });
            }
            if from == to {
                return Err(Invalid::Loop { arc: index, node: from });
            }
            if cap < 0 {
                return Err(Invalid::Cap { arc: index, cap });
            }
            if !(-VALUE_MAX..=VALUE_MAX).contains(&value) {
                return Err(Invalid::Value { arc: index, value });
            }
            total += i128::from(cap);
        }
        if total > i128::from(i64::MAX / 4) { Err(Invalid::Total) } else { Ok(()) }
    }
}

/// Finds a circulation of greatest value, with potentials that prove it.
///
/// Primal-dual when values are small (absolute value up to 64, as 0 and 1 are), after a reduction if the network is thin; else the
/// network simplex.
///
/// # Errors
/// [`Invalid`] when the network is.
pub fn maximise(network: &Network<'_>) -> Result<Circulation, Invalid> {
    network.validate()?;
    if !unit::suits(network) {
        return simplex::maximise(network);
    }
    if !reduce::pays(network) {
        return Ok(unit::maximise(network, false).0);
    }
    let reduced = Reduced::new(network);
    let (answer, _) = unit::maximise(&reduced.network(), false);
    Ok(reduced.restore(network, &answer))
}

/// As [`maximise`], and what each unit that had to be left out cost: the curve of value against liquidity.
///
/// Start from every arc of positive value full. Nodes are then out of balance by some units, which are routed back, the
/// cheapest first; each [`Phase`] says how many were routed at which price. With L units of liquidity (lent to the nodes
/// that are short, given back by those with too much) the dearest L units need not be routed at all, so the value is
/// [`Circulation::value`] plus the price of the last L units: concave and piecewise linear, with its breakpoints at the phases.
/// Phases come by rising distance. All arcs take part, also those on no cycle: with liquidity they can carry.
/// There are no phases when values are not small.
///
/// # Errors
/// [`Invalid`] when the network is.
pub fn maximise_in_phases(network: &Network<'_>) -> Result<(Circulation, Vec<Phase>), Invalid> {
    network.validate()?;
    if unit::suits(network) { Ok(unit::maximise(network, true)) } else { Ok((simplex::maximise(network)?, Vec::new())) }
}

/// Proves a claimed circulation from the network alone, in one pass over arcs and nodes.
///
/// It is feasible if this returns `Ok`, and of greatest value if `value == bound` in the answer: for every circulation g,
/// sum value*g = sum reduced*g (potentials cancel around cycles) <= sum cap * max(0, reduced) = bound.
///
/// # Errors
/// The first [`Flaw`] found.
pub fn check(network: &Network<'_>, flow: &[i64], potential: &[i64]) -> Result<Proof, Flaw> {
    let shape =
        |what, expected, found| if expected == found { Ok(()) } else { Err(Flaw::Shape { what, expected, found }) };
    shape("flows", network.arcs.len(), flow.len())?;
    shape("potentials", at(network.nodes), potential.len())?;
    let mut surplus = vec![0i128; at(network.nodes)];
    let mut proof = Proof { value: 0, bound: 0 };
    for ((index, arc), &units) in (0u32..).zip(network.arcs).zip(flow) {
        if !(0..=arc.cap).contains(&units) {
            return Err(Flaw::Flow { arc: index, flow: units, cap: arc.cap });
        }
        let (from, to) = (at(arc.from), at(arc.to));
        surplus[from] -= i128::from(units);
        surplus[to] += i128::from(units);
        proof.value += i128::from(arc.value) * i128::from(units);
        let reduced = i128::from(arc.value) + i128::from(potential[from]) - i128::from(potential[to]);
        proof.bound += i128::from(arc.cap) * reduced.max(0);
    }
    match (0u32..).zip(surplus).find(|(_, surplus)| *surplus != 0) {
        Some((node, surplus)) => Err(Flaw::Unbalanced { node, surplus }),
        None => Ok(proof),
    }
}
