//! Laws on random days, and brute force over all routings of the smallest.

use comity_clearing::imbalance::{Book, Order, Route, Schedule, Setup, Tranche, check, hindsight};
use proptest::prelude::*;

use crate::{at, direct};

const MEMBERS: u32 = 4;
const CURRENCIES: u32 = 3;
const CELLS: usize = 12;

#[derive(Clone, Debug)]
struct Case {
    schedules: Vec<Schedule>,
    schedule_of: Vec<u32>,
    positions: Vec<i64>,
    homes: Vec<Option<u32>>,
    orders: Vec<Order>,
}

impl Case {
    fn setup(&self) -> Setup<'_> {
        Setup {
            members: MEMBERS,
            currencies: CURRENCIES,
            schedules: &self.schedules,
            schedule_of: &self.schedule_of,
            positions: &self.positions,
            homes: &self.homes,
        }
    }
}

fn side() -> impl Strategy<Value = (Vec<Tranche>, i64)> {
    (prop::collection::vec((1i64..12, 0i64..4), 0..4), 0i64..4).prop_map(|(steps, last)| {
        let (mut end, mut rate) = (0, 0);
        let mut tranches = Vec::new();
        for (width, more) in steps {
            (end, rate) = (end + width, rate + more);
            tranches.push(Tranche { end, rate });
        }
        (tranches, rate + last)
    })
}

fn case(orders: usize) -> impl Strategy<Value = Case> {
    let schedule = (side(), side()).prop_map(|(debtor, creditor)| {
        Schedule::new((&debtor.0, debtor.1), (&creditor.0, creditor.1)).expect("convex")
    });
    let order = (0..MEMBERS, 1..MEMBERS, 1i64..15, 1u64..8, any::<bool>(), 1u32..4).prop_map(
        |(payer, step, amount, allowed, via, pieces)| {
            let payee = (payer + step) % MEMBERS;
            Order { payer, payee, amount, allowed, via, pieces }
        },
    );
    (
        prop::collection::vec(schedule, 2),
        prop::collection::vec(0u32..2, CELLS),
        prop::collection::vec(-15i64..15, CELLS),
        prop::collection::vec(prop::option::of(0..MEMBERS), at(CURRENCIES)),
        prop::collection::vec(order, 0..=orders),
    )
        .prop_map(|(schedules, schedule_of, positions, homes, orders)| Case {
            schedules,
            schedule_of,
            positions,
            homes,
            orders,
        })
}

/// Every route an order may take, written down without regard to cost.
fn routes(case: &Case, order: &Order) -> Vec<Route> {
    let allowed = |currency: &u32| order.allowed >> currency & 1 == 1;
    let mut routes: Vec<Route> = (0..CURRENCIES).filter(allowed).map(direct).collect();
    for pay in (0..CURRENCIES).filter(allowed) {
        for receive in (0..CURRENCIES).filter(allowed).filter(|receive| order.via && *receive != pay) {
            for via in [case.homes[at(pay)], case.homes[at(receive)]].into_iter().flatten() {
                if via != order.payer && via != order.payee {
                    routes.push(Route { via: Some(via), pay, receive });
                }
            }
        }
    }
    routes
}

fn shift(positions: &mut [i64], order: &Order, route: Route, amount: i64) {
    let mut add = |member: u32, currency: u32, change: i64| positions[at(member * CURRENCIES + currency)] += change;
    add(order.payer, route.pay, -amount);
    add(order.payee, route.receive, amount);
    if let Some(via) = route.via {
        add(via, route.pay, amount);
        add(via, route.receive, -amount);
    }
}

/// The least cost of all routings of whole orders.
fn brute_force(case: &Case, positions: &mut [i64], orders: &[Order]) -> i128 {
    let Some((order, rest)) = orders.split_first() else { return case.setup().cost(positions) };
    let mut best = i128::MAX;
    for route in routes(case, order) {
        shift(positions, order, route, order.amount);
        best = best.min(brute_force(case, positions, rest));
        shift(positions, order, route, -order.amount);
    }
    best
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn costs_are_convex_and_slopes_are_their_differences((debtor, creditor) in (side(), side()), position in -60i64..60) {
        let schedule = Schedule::new((&debtor.0, debtor.1), (&creditor.0, creditor.1)).expect("convex");
        let cost = |position: i64| schedule.cost(position);
        prop_assert!(cost(position + 1) + cost(position - 1) >= 2 * cost(position));
        for (up, sign) in [(true, 1), (false, -1)] {
            let (rate, room) = schedule.slope(position, up);
            let room = room.unwrap_or(50);
            prop_assert!(room >= 1);
            prop_assert_eq!(cost(position + sign * room) - cost(position), i128::from(rate * room));
        }
    }

    /// Each order, not split, takes the cheapest of all its routes, the first of equals.
    #[test]
    fn each_order_takes_its_cheapest_route(case in case(8)) {
        let setup = case.setup();
        let mut book = Book::new(&setup).expect("valid");
        for order in case.orders.iter().map(|order| Order { pieces: 1, ..*order }) {
            let before = setup.cost(book.positions());
            let after = |route: Route| {
                let mut positions = book.positions().to_vec();
                shift(&mut positions, &order, route, order.amount);
                let squares: i64 = positions.iter().map(|position| position * position).sum();
                (setup.cost(&positions) - before, route.via.is_some(), squares, route)
            };
            let best = routes(&case, &order).into_iter().map(after).min().expect("a direct route");
            let taken = book.take(&order).expect("small positions");
            prop_assert_eq!((taken.cost, taken.pieces[0].route, taken.pieces.len()), (best.0, best.3, 1));
            prop_assert_eq!(book.cost(), before + taken.cost);
        }
    }

    /// Splitting never costs more, stays within the pieces allowed, and is the best there is among direct routes.
    #[test]
    fn a_split_is_at_least_as_cheap(case in case(1)) {
        let setup = case.setup();
        for order in &case.orders {
            let take = |order: &Order| Book::new(&setup).expect("valid").take(order).expect("small positions");
            let (whole, split) = (take(&Order { pieces: 1, ..*order }), take(order));
            prop_assert!(split.cost <= whole.cost);
            prop_assert!(split.pieces.len() <= at(order.pieces));
            prop_assert_eq!(split.pieces.iter().map(|piece| piece.amount).sum::<i64>(), order.amount);
            prop_assert!(split.pieces.iter().all(|piece| piece.amount > 0));
            let free = take(&Order { via: false, pieces: CURRENCIES, ..*order });
            let mut least = i128::MAX;
            for a in 0..=order.amount {
                for b in 0..=order.amount - a {
                    let parts = [a, b, order.amount - a - b];
                    if (0..CURRENCIES).all(|currency| parts[at(currency)] == 0 || order.allowed >> currency & 1 == 1) {
                        let mut positions = case.positions.clone();
                        for currency in 0..CURRENCIES {
                            shift(&mut positions, order, direct(currency), parts[at(currency)]);
                        }
                        least = least.min(setup.cost(&positions) - setup.cost(&case.positions));
                    }
                }
            }
            prop_assert_eq!(free.cost, least);
        }
    }

    /// No routing, split or not, costs less than the hindsight, and the day itself costs no less than that.
    #[test]
    fn nothing_beats_the_hindsight(case in case(4)) {
        let setup = case.setup();
        let mut book = Book::new(&setup).expect("valid");
        for order in &case.orders {
            book.take(order).expect("small positions");
        }
        let best = hindsight(&setup, &case.orders, book.positions()).expect("a day of this book");
        prop_assert_eq!(check(&setup, &case.orders, &best), Ok(best.cost));
        prop_assert!(best.cost <= book.cost());
        prop_assert!(best.cost <= brute_force(&case, &mut case.positions.clone(), &case.orders));
    }
}
