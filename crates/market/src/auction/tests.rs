//! The auction against every price tried one by one, and its proof against results that were tampered with.

use alloc::vec;
use alloc::vec::Vec;

use super::*;
use crate::rate::Rate;

fn rate(text: &str) -> Rate {
    Rate::parse(text).expect("a rate")
}

fn rules(scale: u8, reference: Option<&str>, margin: Margin) -> Rules {
    Rules { scale, reference: reference.map(rate), margin, base_exponent: 2, quote_exponent: 2 }
}

fn order(side: Side, limit: Option<&str>, amount: i64) -> Order {
    Order { side, limit: limit.map(rate), amount }
}

/// A book as text, `buy 10 @ 5, sell 7` and so on.
fn book(text: &str) -> Vec<Order> {
    let one = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let side = if words[0] == "buy" { Side::Buy } else { Side::Sell };
        order(side, words.get(3).copied(), words[1].parse().expect("an amount"))
    };
    text.split(", ").map(one).collect()
}

fn cleared(orders: &[Order], rules: &Rules) -> Auction {
    match run(orders, rules).expect("valid") {
        Outcome::Cleared(auction) => auction,
        Outcome::NoCross(none) => panic!("{none}"),
    }
}

fn no_cross(orders: &[Order], rules: &Rules) -> NoCross {
    match run(orders, rules).expect("valid") {
        Outcome::Cleared(auction) => panic!("cleared at {}", auction.price.rate),
        Outcome::NoCross(none) => none,
    }
}

fn price_of(text: &str, reference: Option<&str>) -> (Rate, Choice) {
    let price = cleared(&book(text), &rules(0, reference, Margin::ProRata)).price;
    (price.rate, price.choice)
}

fn bases(orders: &[Order], auction: &Auction) -> Vec<i64> {
    let mut bases = vec![0; orders.len()];
    for fill in &auction.fills {
        bases[fill.order] = fill.base;
    }
    bases
}

#[test]
fn each_rule_of_the_price_decides_once() {
    // Volume: 30 trade at 12, only 10 at 10 and 20 at 13.
    assert_eq!(
        price_of("buy 20 @ 13, buy 10 @ 12, sell 10 @ 10, sell 20 @ 12", None),
        (rate("12"), Choice::Only),
        "volume"
    );
    // Imbalance: 10 trade at every price from 10 to 12; only at 12 nothing is left over.
    assert_eq!(price_of("buy 10 @ 12, buy 5 @ 11, sell 10 @ 10", None), (rate("12"), Choice::Only), "imbalance");
    // Pressure: 10 trade at 10 to 12 and buyers of 5 are left over at all of them.
    assert_eq!(price_of("buy 15 @ 12, sell 10 @ 10", None), (rate("12"), Choice::Highest), "pressure of buyers");
    assert_eq!(price_of("buy 10 @ 12, sell 15 @ 10", None), (rate("10"), Choice::Lowest), "pressure of sellers");
    // Nothing is left over from 10 to 13: the reference decides, and without one the middle.
    let even = "buy 10 @ 13, sell 10 @ 10";
    assert_eq!(price_of(even, Some("12")), (rate("12"), Choice::Reference));
    assert_eq!(price_of(even, Some("20")), (rate("13"), Choice::Reference));
    assert_eq!(price_of(even, Some("2")), (rate("10"), Choice::Reference));
    assert_eq!(price_of(even, None), (rate("11"), Choice::Middle));
}

#[test]
fn market_orders_take_the_reference_and_not_a_limit_far_away() {
    assert_eq!(price_of("buy 10, sell 10, buy 5 @ 3", Some("7")), (rate("7"), Choice::Reference));
    assert_eq!(price_of("buy 10, sell 10", Some("7")), (rate("7"), Choice::Only));
    // Without a reference only prices that somebody named are considered.
    assert_eq!(price_of("buy 10, sell 10 @ 5", None), (rate("5"), Choice::Only));
}

#[test]
fn the_turn_from_buyers_to_sellers_is_proven() {
    // At 10 and 11, 4 trade and 2 buyers are left; at 12 and 13, 4 trade and 2 sellers are left.
    let orders = book("buy 4 @ 13, buy 2 @ 11, sell 4 @ 10, sell 2 @ 12");
    for (reference, expected) in [("10", "10"), ("11", "11"), ("12", "12"), ("13", "13"), ("40", "13")] {
        let rules = rules(0, Some(reference), Margin::Time);
        let auction = cleared(&orders, &rules);
        assert_eq!(auction.price.rate, rate(expected));
        assert_eq!(auction.price.proof.turn, Some(rate("11")));
        check(&orders, &rules, &auction).expect("sound");
    }
}

#[test]
fn no_crossing_is_an_answer_with_its_reason() {
    let rules = rules(1, None, Margin::ProRata);
    let apart = no_cross(&book("buy 10 @ 12.5, buy 3 @ 11, sell 7 @ 13.1, sell 2 @ 14"), &rules);
    assert_eq!((apart.reason, apart.demand, apart.supply), (Reason::Apart, 13, 9));
    assert_eq!((apart.best_bid, apart.best_ask), (Some(rate("12.5")), Some(rate("13.1"))));
    assert_eq!(alloc::format!("{apart}"), "no crossing: the best bid 12.5 is below the best ask 13.1");
    assert_eq!(no_cross(&book("buy 10 @ 12, buy 3"), &rules).reason, Reason::NoSellers);
    assert_eq!(no_cross(&book("sell 10 @ 12"), &rules).reason, Reason::NoBuyers);
    assert_eq!(no_cross(&[], &rules).reason, Reason::NoBuyers);
    assert_eq!(no_cross(&book("buy 10, sell 3"), &rules).reason, Reason::NoPrice);
}

#[test]
fn turns_at_the_margin() {
    // 10 are sold; the market order and the limit of 14 are filled, three at 13 share what is left: 5 of 9.
    let orders = book("buy 3 @ 13, buy 2 @ 14, buy 3 @ 13, buy 3, buy 3 @ 13, sell 10 @ 13, buy 9 @ 12");
    let pro_rata = rules(0, None, Margin::ProRata);
    assert_eq!(bases(&orders, &cleared(&orders, &pro_rata)), [2, 2, 2, 3, 1, 10, 0]);
    let in_time = rules(0, None, Margin::Time);
    assert_eq!(bases(&orders, &cleared(&orders, &in_time)), [3, 2, 2, 3, 0, 10, 0]);
}

#[test]
fn quote_amounts_are_rounded_against_the_payer_and_the_rest_is_kept() {
    // 3.33 and 6.67 at 7.091: buyers pay 23.61303 and 47.29697 rounded up, the seller of 10.00 receives 70.91.
    let orders = book("buy 333 @ 7.091, buy 667 @ 7.091, sell 1000 @ 7.091");
    let auction = cleared(&orders, &rules(3, None, Margin::ProRata));
    let quotes: Vec<i64> = auction.fills.iter().map(|fill| fill.quote).collect();
    assert_eq!((quotes, auction.remainder), (vec![2_362, 4_730, 7_091], 1));
    // A seller of a hundredth at 0.4 receives nothing; the buyer's hundredth is the remainder.
    let orders = book("buy 1 @ 0.4, sell 1 @ 0.4");
    let auction = cleared(&orders, &rules(1, None, Margin::ProRata));
    assert_eq!((auction.fills[0].quote, auction.fills[1].quote, auction.remainder), (1, 0, 1));
}

#[test]
fn what_is_not_valid_is_named() {
    let rules1 = rules(1, None, Margin::ProRata);
    let refused = |orders: &[Order], rules: &Rules| run(orders, rules).expect_err("refused");
    assert_eq!(refused(&book("buy 1 @ 2, sell 0 @ 2"), &rules1), Refused::Amount { order: 1, amount: 0 });
    assert_eq!(refused(&book("buy 1 @ 2.55"), &rules1), Refused::Limit { order: 0, limit: rate("2.55") });
    let zero = [Order { side: Side::Buy, limit: Some(Rate { mantissa: 0, scale: 0 }), amount: 1 }];
    assert!(matches!(refused(&zero, &rules1), Refused::Limit { order: 0, .. }));
    assert!(matches!(refused(&[], &rules(13, None, Margin::Time)), Refused::Scale { scale: 13 }));
    assert!(matches!(refused(&[], &rules(0, Some("1.5"), Margin::Time)), Refused::Reference { .. }));
    let large = book("buy 9223372036854775807 @ 9, sell 9223372036854775807 @ 9");
    assert_eq!(refused(&large, &rules1), Refused::Range { order: 0 });
    assert_eq!(
        alloc::format!("{}", refused(&book("buy 1 @ 2, sell -4 @ 2"), &rules1)),
        "order 1: amount -4 is not more than zero"
    );
}

/// A small generator, so that the same books come on every machine.
struct Dice(u64);

impl Dice {
    fn upto(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// The price by trying every one: (price, volume, demand, supply).
fn every_price(orders: &[Order], rules: &Rules) -> Option<(u64, i128, i128, i128)> {
    let limits = orders.iter().filter_map(|order| order.limit).chain(rules.reference).map(|rate| rate.mantissa);
    let (floor, ceiling) = (limits.clone().min()?, limits.max()?);
    let at = |price: u64| {
        let sum = |side: Side| -> i128 {
            let willing = orders.iter().filter(|order| {
                order.side == side
                    && order.limit.is_none_or(|limit| match side {
                        Side::Buy => limit.mantissa >= price,
                        Side::Sell => limit.mantissa <= price,
                    })
            });
            willing.map(|order| i128::from(order.amount)).sum()
        };
        let (demand, supply) = (sum(Side::Buy), sum(Side::Sell));
        (price, demand.min(supply), demand, supply)
    };
    let all: Vec<_> = (floor..=ceiling).map(at).collect();
    let volume = all.iter().map(|row| row.1).max().filter(|&volume| volume > 0)?;
    let all: Vec<_> = all.into_iter().filter(|row| row.1 == volume).collect();
    let least = all.iter().map(|row| (row.2 - row.3).abs()).min()?;
    let all: Vec<_> = all.into_iter().filter(|row| (row.2 - row.3).abs() == least).collect();
    let (first, last) = (*all.first()?, *all.last()?);
    if all.iter().all(|row| row.2 > row.3) {
        return Some(last);
    }
    if all.iter().all(|row| row.2 < row.3) {
        return Some(first);
    }
    match rules.reference {
        Some(reference) => all.into_iter().min_by_key(|row| row.0.abs_diff(reference.mantissa)),
        None => all.into_iter().find(|row| row.0 == u64::midpoint(first.0, last.0)),
    }
}

/// Fills one minor unit at a time is too slow a rule for pro rata; exact fractions say the same.
fn every_fill(orders: &[Order], rules: &Rules, price: u64, volume: i128) -> Vec<i64> {
    let mut filled = vec![0_i64; orders.len()];
    for side in [Side::Buy, Side::Sell] {
        let mut queue: Vec<usize> = (0..orders.len()).filter(|&at| orders[at].side == side).collect();
        let rank = |at: &usize| {
            let limit = orders[*at]
                .limit
                .map_or(if side == Side::Buy { i128::MAX } else { i128::MIN }, |limit| i128::from(limit.mantissa));
            if side == Side::Buy { -(limit - 1) } else { limit }
        };
        queue.retain(|at| match (orders[*at].limit, side) {
            (None, _) => true,
            (Some(limit), Side::Buy) => limit.mantissa >= price,
            (Some(limit), Side::Sell) => limit.mantissa <= price,
        });
        queue.sort_by_key(|at| (rank(at), *at));
        let mut left = volume;
        while let Some(&head) = queue.first() {
            let level: Vec<usize> = queue.iter().copied().filter(|at| rank(at) == rank(&head)).collect();
            queue.retain(|at| !level.contains(at));
            let wanted: i128 = level.iter().map(|&at| i128::from(orders[at].amount)).sum();
            let share = left.min(wanted);
            if rules.margin == Margin::ProRata {
                for &at in &level {
                    filled[at] = i64::try_from(i128::from(orders[at].amount) * share / wanted).expect("small");
                }
                let given: i128 = level.iter().map(|&at| i128::from(filled[at])).sum();
                let mut by_fraction = level.clone();
                by_fraction.sort_by_key(|&at| (-(i128::from(orders[at].amount) * share % wanted), at));
                for &at in by_fraction.iter().take(usize::try_from(share - given).expect("few")) {
                    filled[at] += 1;
                }
            } else {
                let mut rest = share;
                for &at in &level {
                    let part = rest.min(i128::from(orders[at].amount));
                    filled[at] = i64::try_from(part).expect("small");
                    rest -= part;
                }
            }
            left -= share;
        }
    }
    filled
}

#[test]
fn twenty_thousand_small_books_agree_with_every_price_tried() {
    let mut dice = Dice(20_261_122);
    let (mut crossed, mut choices) = (0, [0; 5]);
    for _ in 0..20_000 {
        let count = 1 + dice.upto(9);
        let spread = 2 + dice.upto(12);
        let large = 1 + dice.upto(30);
        let mut some = || Order {
            side: if dice.upto(2) == 0 { Side::Buy } else { Side::Sell },
            limit: (dice.upto(6) > 0).then(|| Rate { mantissa: 3 + dice.upto(spread), scale: 1 }),
            amount: i64::try_from(1 + dice.upto(large)).expect("small"),
        };
        let orders: Vec<Order> = (0..count).map(|_| some()).collect();
        let reference = (dice.upto(3) > 0).then(|| Rate { mantissa: 1 + dice.upto(16), scale: 1 });
        let margin = if dice.upto(2) == 0 { Margin::ProRata } else { Margin::Time };
        let rules = Rules { scale: 1, reference, margin, base_exponent: 2, quote_exponent: 0 };
        let expected = every_price(&orders, &rules);
        match run(&orders, &rules).expect("valid") {
            Outcome::NoCross(_) => assert_eq!(expected, None, "{orders:?} {rules:?}"),
            Outcome::Cleared(auction) => {
                let price = auction.price;
                let found = (price.rate.mantissa, price.volume, price.demand, price.supply);
                assert_eq!(Some(found), expected, "{orders:?} {rules:?}");
                assert_eq!(
                    bases(&orders, &auction),
                    every_fill(&orders, &rules, found.0, found.1),
                    "{orders:?} {rules:?}"
                );
                check(&orders, &rules, &auction).expect("sound");
                crossed += 1;
                choices[match price.choice {
                    Choice::Only => 0,
                    Choice::Highest => 1,
                    Choice::Lowest => 2,
                    Choice::Reference => 3,
                    Choice::Middle => 4,
                }] += 1;
            }
        }
    }
    assert!(crossed > 8_000 && choices.iter().all(|&count| count > 100), "{crossed} {choices:?}");
}

#[test]
fn both_sides_conserve_and_nobody_trades_beyond_a_limit() {
    let mut dice = Dice(7);
    for _ in 0..500 {
        let mut some = || Order {
            side: if dice.upto(2) == 0 { Side::Buy } else { Side::Sell },
            limit: (dice.upto(9) > 0).then(|| Rate { mantissa: 709_000 + dice.upto(2_000), scale: 5 }),
            amount: i64::try_from(1 + dice.upto(9_000_000_000_000)).expect("in range"),
        };
        let orders: Vec<Order> = (0..60).map(|_| some()).collect();
        let rules = rules(5, Some("7.1"), Margin::ProRata);
        let auction = cleared(&orders, &rules);
        check(&orders, &rules, &auction).expect("sound");
        let sum = |side: Side, amount: fn(&Fill) -> i64| -> i128 {
            let fills = auction.fills.iter().filter(|fill| orders[fill.order].side == side);
            fills.map(|fill| i128::from(amount(fill))).sum()
        };
        let (base, quote) = (|side| sum(side, |fill| fill.base), |side| sum(side, |fill| fill.quote));
        assert_eq!(base(Side::Buy), base(Side::Sell));
        assert_eq!(quote(Side::Buy), quote(Side::Sell) + auction.remainder);
        assert!(auction.remainder >= 0 && auction.remainder < i128::try_from(auction.fills.len()).expect("few"));
    }
}

#[test]
fn the_largest_amounts_share_exactly() {
    let orders: Vec<Order> = (0..1_000_i64)
        .map(|at| order(Side::Buy, Some("0.001"), i64::MAX - at))
        .chain((0..400_i64).map(|at| order(Side::Sell, Some("0.001"), i64::MAX - at)))
        .collect();
    let rules = rules(3, None, Margin::ProRata);
    let auction = cleared(&orders, &rules);
    check(&orders, &rules, &auction).expect("sound");
    assert_eq!(auction.price.surplus().map(|surplus| surplus.0), Some(Side::Buy));
}

#[test]
fn the_steps_are_demand_and_supply_at_every_price() {
    let orders = book("buy 4 @ 13, buy 2 @ 11, sell 4 @ 10, sell 2 @ 12, buy 1");
    let told: Vec<_> = steps(&orders, &rules(0, Some("15"), Margin::Time))
        .expect("valid")
        .into_iter()
        .map(|step| (step.from.mantissa, step.to.mantissa, step.demand, step.supply))
        .collect();
    assert_eq!(told, [(10, 11, 7, 4), (12, 13, 5, 6), (14, 15, 1, 6)]);
}

#[test]
fn every_rule_of_the_check_is_broken_once() {
    let orders = book("buy 3 @ 13, buy 2 @ 14, buy 3 @ 13, buy 3, buy 3 @ 13, sell 10 @ 12, sell 9 @ 15, buy 9 @ 10");
    let rules = rules(0, None, Margin::ProRata);
    let good = cleared(&orders, &rules);
    assert_eq!(check(&orders, &rules, &good), Ok(()));
    let broken = |change: &dyn Fn(&mut Auction)| {
        let mut auction = good.clone();
        change(&mut auction);
        check(&orders, &rules, &auction).expect_err("broken")
    };
    assert_eq!(broken(&|a| a.price.rate = rate("13.5")), Flaw::Input);
    assert_eq!(broken(&|a| a.price.proof.high = rate("12")), Flaw::Order);
    assert_eq!(broken(&|a| a.price.demand += 1), Flaw::Sums);
    assert_eq!(broken(&|a| a.price.proof.low = rate("13")), Flaw::Better { price: rate("12") });
    assert_eq!(broken(&|a| a.price.proof.high = rate("14")), Flaw::Uneven);
    assert_eq!(broken(&|a| a.price.rate = rate("12")), Flaw::Choice);
    assert_eq!(broken(&|a| a.price.choice = Choice::Middle), Flaw::Choice);
    assert_eq!(broken(&|a| a.fills[0].order = 7), Flaw::Fill { order: 7 });
    assert_eq!(broken(&|a| a.fills[0].quote += 1), Flaw::Quote { order: 0 });
    assert_eq!(broken(&|a| a.fills.truncate(a.fills.len() - 1)), Flaw::Volume);
    assert_eq!(broken(&|a| a.remainder += 1), Flaw::Remainder);
    // One minor unit from the earliest at the margin to the latest: at 13 to the hundredth nothing else changes.
    let swap = |a: &mut Auction, from: usize, to: usize| {
        for (order, change) in [(from, -1), (to, 1)] {
            let fill = a.fills.iter_mut().find(|fill| fill.order == order).expect("it trades");
            fill.base += change;
            fill.quote = super::fill::quote_of(a.price.rate, orders[order].side, fill.base, &rules).expect("in range");
        }
    };
    assert!(matches!(broken(&|a| swap(a, 0, 4)), Flaw::Turn { .. }));
    assert!(matches!(broken(&|a| swap(a, 1, 4)), Flaw::Turn { order: 1 }));
    let in_time = Rules { margin: Margin::Time, ..rules };
    let mut late = cleared(&orders, &in_time);
    swap(&mut late, 0, 2);
    assert_eq!(check(&orders, &in_time, &late), Err(Flaw::Turn { order: 2 }));
}
