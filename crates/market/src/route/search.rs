//! The search: from the end whose amount is given, deal by deal, the most promising first.
//!
//! `reach[k][c]` is the product of rates that no chain of at most `k` deals between `c` and the other end can beat, whatever the
//! amount. A deal is tried only if that product does not show that its best continuation is worse than the best route found.

use alloc::vec;
use alloc::vec::Vec;

use super::factor::Factor;
use super::{Market, Refused, STEP_COUNT_MAX, Wish};
use crate::best::{Taken, exponent, open_side};
use crate::offer::{Offer, Why, best_rate, take};
use crate::rate::{Fixed, Way};

/// One deal of the route found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) taken: Taken,
}

/// The best route found.
pub(super) struct Found {
    /// From source to target.
    pub(super) path: Vec<Step>,
    pub(super) steps: u32,
    pub(super) exact: bool,
}

/// A currency that one deal leads to, seen from the given end.
#[derive(Clone, Copy)]
struct Edge {
    offer: usize,
    way: Way,
    exponents: (u8, u8),
    next: u32,
    /// The best rate of any amount, rounded up.
    best: Factor,
}

struct Search<'a> {
    offers: &'a [Offer],
    wish: &'a Wish,
    goal: u32,
    /// Edges by the currency they start from, seen from the given end.
    edges: Vec<Vec<Edge>>,
    reach: Vec<Vec<Option<Factor>>>,
    visited: Vec<bool>,
    path: Vec<Step>,
    best: Option<Vec<Step>>,
    refused: Vec<Option<Why>>,
    steps: u32,
}

pub(super) fn search(market: &Market<'_>, wish: &Wish) -> Result<Found, Refused> {
    // What is not allowed cannot be taken, and left in it would only loosen the bounds; but when there is no route, it is told.
    attempt(market, wish, false).or_else(|_| attempt(market, wish, true))
}

fn attempt(market: &Market<'_>, wish: &Wish, all: bool) -> Result<Found, Refused> {
    let (start, goal) = match wish.fixed {
        Fixed::Source => (wish.from, wish.to),
        Fixed::Target => (wish.to, wish.from),
    };
    let edges = edges(market, wish.fixed, all);
    let reach = reach(&edges, goal, wish.hops);
    let mut search = Search {
        offers: market.offers,
        wish,
        goal,
        reach,
        visited: vec![false; edges.len()],
        edges,
        path: Vec::new(),
        best: None,
        refused: vec![None; market.offers.len()],
        steps: 0,
    };
    search.visited[at(start)] = true;
    search.from(start, wish.amount, wish.hops);
    let exact = search.steps < STEP_COUNT_MAX;
    match search.best {
        Some(mut path) => {
            if wish.fixed == Fixed::Target {
                path.reverse();
            }
            Ok(Found { path, steps: search.steps, exact })
        }
        None => {
            let refused = search.refused.into_iter().enumerate();
            let refused = refused.filter_map(|(offer, why)| why.map(|why| (offer, why))).collect();
            Err(Refused::Unreached { refused, exact })
        }
    }
}

fn edges(market: &Market<'_>, fixed: Fixed, all: bool) -> Vec<Vec<Edge>> {
    let mut edges: Vec<Vec<Edge>> = vec![Vec::new(); market.exponents.len()];
    for (at_offer, offer) in market.offers.iter().enumerate() {
        let off = market.off.contains(&offer.base) || market.off.contains(&offer.quote);
        if off || !(all || offer.allowed) {
            continue;
        }
        let both = (exponent(market.exponents, offer.base), exponent(market.exponents, offer.quote));
        let (Some(base), Some(quote)) = both else {
            continue;
        };
        for way in [Way::BaseToQuote, Way::QuoteToBase] {
            let Some(rate) = best_rate(offer, way, (base, quote)) else {
                continue;
            };
            let up = u128::from(rate.mantissa) * 10_u128.pow(quote.into());
            let down = 10_u128.pow(u32::from(rate.scale) + u32::from(base));
            let (from, to, best) = match way {
                Way::BaseToQuote => (offer.base, offer.quote, Factor::ratio(up, down)),
                Way::QuoteToBase => (offer.quote, offer.base, Factor::ratio(down, up)),
            };
            let (from, next) = if fixed == Fixed::Source { (from, to) } else { (to, from) };
            edges[at(from)].push(Edge { offer: at_offer, way, exponents: (base, quote), next, best });
        }
    }
    edges
}

/// By number of deals left, then currency: what cannot be beaten on the way to `goal`.
fn reach(edges: &[Vec<Edge>], goal: u32, hops: u8) -> Vec<Vec<Option<Factor>>> {
    let mut none = vec![None; edges.len()];
    none[at(goal)] = Some(Factor::ONE);
    let mut reach = vec![none];
    for left in 1..=usize::from(hops) {
        let mut row = reach[left - 1].clone();
        for (from, edges) in edges.iter().enumerate() {
            for edge in edges {
                let Some(onward) = reach[left - 1][at(edge.next)] else {
                    continue;
                };
                let product = edge.best.times(onward);
                if row[from].is_none_or(|old| product.is_above(old)) {
                    row[from] = Some(product);
                }
            }
        }
        reach.push(row);
    }
    reach
}

impl Search<'_> {
    fn from(&mut self, here: u32, amount: i64, left: u8) {
        let fixed = self.wish.fixed;
        // What each deal from here leads to, and what could come of it at best.
        let mut ways: Vec<(u128, Edge, Taken)> = Vec::with_capacity(self.edges[at(here)].len());
        for index in 0..self.edges[at(here)].len() {
            let edge = self.edges[at(here)][index];
            let Some(onward) = self.reach[usize::from(left) - 1][at(edge.next)] else {
                continue;
            };
            if self.visited[at(edge.next)] || !self.may_win(bound(edge.best.times(onward), amount, fixed)) {
                continue;
            }
            if self.steps == STEP_COUNT_MAX {
                return;
            }
            self.steps += 1;
            match take(&self.offers[edge.offer], edge.way, fixed, amount, edge.exponents) {
                Err(why) => {
                    self.refused[edge.offer].get_or_insert(why);
                }
                Ok((rate, converted)) => {
                    let taken = Taken { offer: edge.offer, way: edge.way, rate, converted };
                    ways.push((bound(onward, open_side(&converted, fixed), fixed), edge, taken));
                }
            }
        }
        match fixed {
            Fixed::Source => ways.sort_by_key(|way| core::cmp::Reverse(way.0)),
            Fixed::Target => ways.sort_by_key(|way| way.0),
        }
        for (could, edge, taken) in ways {
            if !self.may_win(could) {
                return;
            }
            let (from, to) = match fixed {
                Fixed::Source => (here, edge.next),
                Fixed::Target => (edge.next, here),
            };
            self.path.push(Step { from, to, taken });
            if edge.next == self.goal {
                self.arrived();
            } else if left > 1 {
                self.visited[at(edge.next)] = true;
                self.from(edge.next, open_side(&taken.converted, fixed), left - 1);
                self.visited[at(edge.next)] = false;
            }
            self.path.pop();
        }
    }

    /// Whether a route of one deal more than the path so far, or longer, could win with `could` on the open side.
    fn may_win(&self, could: u128) -> bool {
        let Some(best) = &self.best else {
            return true;
        };
        let has = u128::from(self.open(best).unsigned_abs());
        let better = match self.wish.fixed {
            Fixed::Source => could > has,
            Fixed::Target => could < has,
        };
        better || (could == has && self.path.len() < best.len())
    }

    fn open(&self, path: &[Step]) -> i64 {
        path.last().map_or(0, |step| open_side(&step.taken.converted, self.wish.fixed))
    }

    fn arrived(&mut self) {
        let key = |path: &[Step]| -> (i64, usize, Vec<usize>) {
            let open = self.open(path);
            let mut offers: Vec<usize> = path.iter().map(|step| step.taken.offer).collect();
            if self.wish.fixed == Fixed::Target {
                offers.reverse();
            }
            // Smaller is better.
            (if self.wish.fixed == Fixed::Source { -open } else { open }, path.len(), offers)
        };
        if self.best.as_deref().is_none_or(|best| key(&self.path) < key(best)) {
            self.best = Some(self.path.clone());
        }
    }
}

fn bound(factor: Factor, amount: i64, fixed: Fixed) -> u128 {
    match fixed {
        Fixed::Source => factor.most(amount),
        Fixed::Target => factor.least(amount),
    }
}

/// An index as a position in a slice.
#[expect(clippy::as_conversions, reason = "u32 always fits usize on the 32- and 64-bit targets we build for")]
const fn at(index: u32) -> usize {
    index as usize
}
