//! Orders as they arrive: the cheapest route of each, given where the positions stand.
//!
//! A route changes at most four positions, each of another (member, currency), so its cost is the sum of four differences
//! of a convex function: looked up, never searched. One order looks at each allowed currency, and with members in between
//! at each pair of them. Absent on purpose: knowledge of orders to come; `hindsight` has it.

use alloc::vec::Vec;
use core::ops::Add;

use super::{Invalid, Order, POSITION_MAX, Refusal, Setup};
use crate::at;

/// Most tranches an order is split along before it is paid whole.
const SPLIT_STEPS_MAX: u32 = 1_000;

/// How an order is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Route {
    /// The member in between, which takes one currency and gives the other; none when paid directly.
    pub via: Option<u32>,
    /// The currency the payer pays.
    pub pay: u32,
    /// The currency the payee receives; the same when paid directly.
    pub receive: u32,
}

/// A route chosen for an order or a piece of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Choice {
    /// The route.
    pub route: Route,
    /// Units of account that take it.
    pub amount: i64,
}

/// What was decided for an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// One route, or several when the order allows it; amounts add up to the order's.
    pub pieces: Vec<Choice>,
    /// By how much all positions together cost more than before; below zero when the order made them smaller.
    pub cost: i128,
}

/// What moving one position, or all of a route, changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Change {
    cost: i128,
    /// Sum of squares of positions: of equal costs, the smaller keeps room for orders to come.
    squares: i128,
}

impl Add for Change {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { cost: self.cost + other.cost, squares: self.squares + other.squares }
    }
}

/// Which of two routes comes first: the smaller.
fn rank(route: Route, change: Change) -> (i128, bool, i128, Route) {
    (change.cost, route.via.is_some(), change.squares, route)
}

/// The positions, and the decision for each order as it comes.
#[derive(Clone, Debug)]
pub struct Book<'a> {
    setup: Setup<'a>,
    positions: Vec<i64>,
    /// Changes at the payer and at the payee, by currency; kept to save allocating.
    fall: Vec<Option<Change>>,
    rise: Vec<Option<Change>>,
}

impl<'a> Book<'a> {
    /// Positions as the setup says.
    ///
    /// # Errors
    /// [`Invalid`] when the setup is.
    pub fn new(setup: &Setup<'a>) -> Result<Self, Invalid> {
        setup.validate()?;
        let currencies = at(setup.currencies);
        let empty = || alloc::vec![None; currencies];
        Ok(Self { setup: *setup, positions: setup.positions.to_vec(), fall: empty(), rise: empty() })
    }

    /// Positions now, `members` rows of `currencies` entries.
    #[must_use]
    pub fn positions(&self) -> &[i64] {
        &self.positions
    }

    /// What all positions cost now.
    #[must_use]
    pub fn cost(&self) -> i128 {
        self.setup.cost(&self.positions)
    }

    /// Decides an order and moves the positions, as [`Self::quote`] says.
    ///
    /// # Errors
    /// [`Refusal`]; no position has moved then.
    pub fn take(&mut self, order: &Order) -> Result<Taken, Refusal> {
        let taken = self.quote(order)?;
        for piece in &taken.pieces {
            self.shift(order, piece.route, piece.amount);
        }
        Ok(taken)
    }

    /// Decides an order and leaves the positions as they are.
    ///
    /// Of equally cheap routes direct ones come before others; then those that make the sum of squares of positions least,
    /// which spreads positions and unwinds old ones; then the lower member in between, the lower currency paid, the lower
    /// currency received.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn quote(&mut self, order: &Order) -> Result<Taken, Refusal> {
        order.validate(self.setup.members, self.setup.currencies)?;
        let no_route = Refusal::NoRoute { amount: order.amount };
        let whole = self.cheapest(order, order.amount, None);
        let split = if order.pieces > 1 { self.split(order) } else { None };
        match (whole, split) {
            (Some((_, cost)), Some(split)) if split.cost < cost => Ok(split),
            (Some((route, cost)), _) => Ok(Taken { pieces: Vec::from([Choice { route, amount: order.amount }]), cost }),
            (None, Some(split)) => Ok(split),
            (None, None) => Err(no_route),
        }
    }

    /// The cheapest route for an amount of an order, and its cost; among `only` these when given.
    fn cheapest(&mut self, order: &Order, amount: i64, only: Option<&[Choice]>) -> Option<(Route, i128)> {
        if let Some(only) = only {
            let known = only.iter().filter_map(|choice| Some((choice.route, self.all(order, choice.route, amount)?)));
            return known.min_by_key(|known| rank(known.0, known.1)).map(|(route, change)| (route, change.cost));
        }
        let (mut fall, mut rise) = (core::mem::take(&mut self.fall), core::mem::take(&mut self.rise));
        let mut best: Option<(Route, Change)> = None;
        let mut offer = |route: Route, change: Change| {
            if best.is_none_or(|best| rank(route, change) < rank(best.0, best.1)) {
                best = Some((route, change));
            }
        };
        for currency in order.currencies() {
            fall[at(currency)] = self.change(order.payer, currency, -amount);
            rise[at(currency)] = self.change(order.payee, currency, amount);
            if let (Some(fall), Some(rise)) = (fall[at(currency)], rise[at(currency)]) {
                offer(Route { via: None, pay: currency, receive: currency }, fall + rise);
            }
        }
        let homes = order.currencies().filter_map(|currency| Some((currency, self.setup.homes[at(currency)]?)));
        for (home, via) in homes.filter(|(_, via)| order.via && *via != order.payer && *via != order.payee) {
            // The member in between takes another currency and gives its own, or takes its own and gives another.
            let gives = self.change(via, home, -amount).zip(rise[at(home)]).map(|(a, b)| a + b);
            let takes = self.change(via, home, amount).zip(fall[at(home)]).map(|(a, b)| a + b);
            for other in order.currencies().filter(|other| *other != home) {
                let pay = self.change(via, other, amount).zip(fall[at(other)]).zip(gives);
                if let Some(((taken, paid), given)) = pay {
                    offer(Route { via: Some(via), pay: other, receive: home }, taken + paid + given);
                }
                let receive = self.change(via, other, -amount).zip(rise[at(other)]).zip(takes);
                if let Some(((given, received), taken)) = receive {
                    offer(Route { via: Some(via), pay: home, receive: other }, given + received + taken);
                }
            }
        }
        (self.fall, self.rise) = (fall, rise);
        best.map(|(route, change)| (route, change.cost))
    }

    /// Fills routes unit by unit in order of marginal cost, a tranche at a time: exact among direct routes, because each has
    /// positions of its own and convex costs. Leaves the positions as they were.
    fn split(&mut self, order: &Order) -> Option<Taken> {
        let mut taken = Taken { pieces: Vec::new(), cost: 0 };
        let mut left = order.amount;
        for _ in 0..SPLIT_STEPS_MAX {
            if left == 0 {
                break;
            }
            let full = taken.pieces.len() >= at(order.pieces);
            let next = self.cheapest(order, 1, full.then_some(&taken.pieces[..]));
            let Some((route, _)) = next else { break };
            let amount = self.even(order, route).min(left);
            let Some(Change { cost, .. }) = self.all(order, route, amount) else { break };
            self.shift(order, route, amount);
            (taken.cost, left) = (taken.cost + cost, left - amount);
            match taken.pieces.iter_mut().find(|piece| piece.route == route) {
                Some(piece) => piece.amount += amount,
                None => taken.pieces.push(Choice { route, amount }),
            }
        }
        for piece in &taken.pieces {
            self.shift(order, piece.route, -piece.amount);
        }
        (left == 0).then_some(taken)
    }

    /// What moving a position changes; `None` when it would become too large.
    fn change(&self, member: u32, currency: u32, by: i64) -> Option<Change> {
        let cell = self.setup.cell(member, currency);
        let (schedule, before) = (self.setup.schedule(cell), self.positions[cell]);
        let after = before + by;
        let squares = i128::from(by) * (i128::from(before) + i128::from(after));
        // One unit, as splitting asks again and again, is one look-up.
        let cost = || match by {
            1 | -1 => i128::from(schedule.slope(before, by > 0).0),
            _ => schedule.cost(after) - schedule.cost(before),
        };
        (-POSITION_MAX..=POSITION_MAX).contains(&after).then(|| Change { cost: cost(), squares })
    }

    /// What taking a route changes.
    fn all(&self, order: &Order, route: Route, amount: i64) -> Option<Change> {
        let mut changes =
            legs(order, route).map(|(member, currency, sign)| self.change(member, currency, sign * amount));
        changes.try_fold(Change::default(), |sum, change| Some(sum + change?))
    }

    /// How many units the route takes at the same cost each, at least one.
    fn even(&self, order: &Order, route: Route) -> i64 {
        let rooms = legs(order, route).filter_map(|(member, currency, sign)| {
            let cell = self.setup.cell(member, currency);
            self.setup.schedule(cell).slope(self.positions[cell], sign > 0).1
        });
        rooms.min().unwrap_or(i64::MAX)
    }

    fn shift(&mut self, order: &Order, route: Route, amount: i64) {
        for (member, currency, sign) in legs(order, route) {
            self.positions[self.setup.cell(member, currency)] += sign * amount;
        }
    }
}

/// The positions a route changes: (member, currency, sign).
fn legs(order: &Order, route: Route) -> impl Iterator<Item = (u32, u32, i64)> {
    let ends = [(order.payer, route.pay, -1), (order.payee, route.receive, 1)];
    let between = route.via.map(|via| [(via, route.pay, 1), (via, route.receive, -1)]);
    ends.into_iter().chain(between.into_iter().flatten())
}
