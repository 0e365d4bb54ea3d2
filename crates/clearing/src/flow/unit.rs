//! The fast exact method for small values: primal-dual on what is left uncleared.
//!
//! Start from everything cleared: every arc of positive value full. Some nodes then receive more than they send on. What
//! is too much must be routed back, over arcs that cost what the cleared unit was worth; the cheapest routing leaves a
//! circulation of greatest value. Distances are small integers, so they are found without a heap, and all units that are
//! equally far are routed together. See `docs/clearing/obligations.md`.
//!
//! Absent on purpose: the search itself ([`super::route`]).

use alloc::vec;
use alloc::vec::Vec;

use super::components::{Components, components};
use super::residual::Residual;
use super::route::{Phase, Router};
use super::{Arc, Circulation, Network};
use crate::at;

/// Largest absolute value of a unit that this method takes.
pub(super) const VALUE_SMALL: i64 = 64;

/// Whether the values are small enough, and the nodes few enough for 32-bit distances.
pub(super) fn suits(network: &Network<'_>) -> bool {
    let small = network.arcs.iter().all(|arc| (-VALUE_SMALL..=VALUE_SMALL).contains(&arc.value));
    small && i64::from(network.nodes) * VALUE_SMALL < i64::from(i32::MAX / 4)
}

/// A circulation of greatest value of a valid network that [`suits`], and the phases it took.
///
/// With `whole`, arcs between components are routed over as well: that changes nothing but the phases.
pub(super) fn maximise(network: &Network<'_>, whole: bool) -> (Circulation, Vec<Phase>) {
    let components = if whole { Components::one(network.nodes) } else { components(network) };
    let live = Live { network, components: &components, place: &components.place };
    let mut router = Router::new(live.residual());
    let phases = router.run();
    let flow = live.flow(router.residual());
    let potential = live.potential(router.potential());
    let value = network.arcs.iter().zip(&flow).map(|(arc, units)| i128::from(arc.value) * i128::from(*units)).sum();
    (Circulation { flow, potential, value }, phases)
}

/// The part of a network that can circulate: arcs within one component.
struct Live<'a> {
    network: &'a Network<'a>,
    components: &'a Components,
    place: &'a [u32],
}

impl Live<'_> {
    /// The arc as the residual network sees it: (position, tail, head, arc), in the direction in which routing costs.
    fn steps(&self) -> impl Iterator<Item = (usize, u32, u32, &Arc)> {
        self.network.arcs.iter().enumerate().filter_map(|(position, arc)| {
            let (from, to) = (self.place[at(arc.from)], self.place[at(arc.to)]);
            let (tail, head) = if arc.value > 0 { (to, from) } else { (from, to) };
            (arc.cap > 0 && self.components.same(arc.from, arc.to)).then_some((position, tail, head, arc))
        })
    }

    fn residual(&self) -> Residual {
        let mut residual = Residual::sized(self.place.len(), self.steps().map(|(_, tail, head, _)| (tail, head)));
        for (_, tail, head, arc) in self.steps() {
            let cost = i8::try_from(arc.value.abs()).expect("values are small");
            residual.join(tail, head, arc.cap, cost);
            if arc.value > 0 {
                residual.excess[at(tail)] += arc.cap;
                residual.excess[at(head)] -= arc.cap;
            }
        }
        residual
    }

    /// Units on each arc: what was routed back is missing from the arcs that started full.
    fn flow(&self, residual: &Residual) -> Vec<i64> {
        let mut flow = vec![0i64; self.network.arcs.len()];
        let mut places = residual.places();
        for (position, tail, head, arc) in self.steps() {
            let left = residual.left(places.next(tail, head));
            flow[position] = if arc.value > 0 { left } else { arc.cap - left };
        }
        flow
    }

    /// Potentials of all nodes. Those of a component are lifted above all of the components before it, so that no arc
    /// between two of them has a positive reduced value.
    fn potential(&self, routed: &[i32]) -> Vec<i64> {
        let mut potential: Vec<i64> = self.place.iter().map(|place| i64::from(routed[at(*place)])).collect();
        let mut spans = vec![(i64::MAX, i64::MIN); at(self.components.count)];
        for (component, own) in self.components.of.iter().zip(&potential) {
            let (low, high) = &mut spans[at(*component)];
            (*low, *high) = ((*low).min(*own), (*high).max(*own));
        }
        let step = self.network.arcs.iter().map(|arc| arc.value).max().unwrap_or(0).max(0);
        let mut top = 0;
        let mut lifts = vec![0i64; spans.len()];
        // An arc between components leads to a smaller number: the largest come first.
        for (lift, (low, high)) in lifts.iter_mut().zip(&spans).rev() {
            *lift = top + step - low;
            top = high + *lift;
        }
        for (component, own) in self.components.of.iter().zip(&mut potential) {
            *own += lifts[at(*component)];
        }
        potential
    }
}
