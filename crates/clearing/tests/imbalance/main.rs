//! Least imbalance: stories, refusals, flaws, laws, and brute force over all routings.

mod laws;

use comity_clearing::imbalance::{
    AMOUNT_MAX, Book, Choice, Flaw, Hindsight, Order, POSITION_MAX, Route, Schedule, Setup, Taken, Tranche, check,
    hindsight,
};

fn at(index: u32) -> usize {
    usize::try_from(index).expect("small index")
}

/// Free up to 100, then 2 and from 200 on 5 for each unit.
fn schedule() -> Schedule {
    let tranche = |end, rate| Tranche { end, rate };
    Schedule::symmetric(&[tranche(100, 0), tranche(200, 2)], 5).expect("convex")
}

fn order(payer: u32, payee: u32, amount: i64, allowed: u64) -> Order {
    Order { payer, payee, amount, allowed, via: false, pieces: 1 }
}

const fn direct(currency: u32) -> Route {
    Route { via: None, pay: currency, receive: currency }
}

/// Three members, two currencies; member 2 exchanges currency 1.
fn with_setup<T>(positions: [i64; 6], run: impl FnOnce(&Setup<'_>) -> T) -> T {
    run(&Setup {
        members: 3,
        currencies: 2,
        schedules: &[schedule()],
        schedule_of: &[0; 6],
        positions: &positions,
        homes: &[None, Some(2)],
    })
}

#[test]
fn a_schedule_costs_by_tranche_and_alike_on_both_sides() {
    let costs = [0, 50, 100, 101, 200, 201, 300].map(|position| schedule().cost(position));
    assert_eq!(costs, [0, 0, 0, 2, 200, 205, 700]);
    assert_eq!(costs, [0, -50, -100, -101, -200, -201, -300].map(|position| schedule().cost(position)));
    let slopes = [(0, true), (100, true), (100, false), (150, false), (250, true), (-150, true), (-200, false)];
    assert_eq!(
        slopes.map(|(position, up)| schedule().slope(position, up)),
        [(0, Some(100)), (2, Some(100)), (0, Some(100)), (-2, Some(50)), (5, None), (-2, Some(50)), (5, None)]
    );
}

#[test]
fn the_currency_with_room_is_chosen_and_among_equals_the_one_that_unwinds() {
    with_setup([-90, 0, 0, 0, 0, 0], |setup| {
        let mut book = Book::new(setup).expect("valid");
        // In currency 0 the payer would pass 100 and pay for 40 units; in currency 1 there is room.
        let choice = |route, amount| vec![Choice { route, amount }];
        assert_eq!(book.take(&order(0, 1, 50, 0b11)), Ok(Taken { pieces: choice(direct(1), 50), cost: 0 }));
        assert_eq!(book.take(&order(1, 2, 50, 0b11)), Ok(Taken { pieces: choice(direct(1), 50), cost: 0 }));
        // When only one is allowed it is taken, dear as it is.
        assert_eq!(book.take(&order(0, 2, 50, 0b01)), Ok(Taken { pieces: choice(direct(0), 50), cost: 80 }));
        assert_eq!(book.positions(), [-140, -50, 0, 0, 50, 50]);
        assert_eq!(book.cost(), 80);
        // Paying back makes it cheaper.
        assert_eq!(book.take(&order(2, 0, 50, 0b01)), Ok(Taken { pieces: choice(direct(0), 50), cost: -80 }));
    });
}

#[test]
fn a_member_in_between_takes_one_currency_and_gives_another() {
    // The payer has room in currency 0 only, the payee in currency 1 only.
    with_setup([0, -100, 100, 0, 0, 0], |setup| {
        let asked = order(0, 1, 60, 0b11);
        let mut book = Book::new(setup).expect("valid");
        let taken = book.take(&Order { via: true, ..asked }).expect("a route");
        assert_eq!(taken.pieces, [Choice { route: Route { via: Some(2), pay: 0, receive: 1 }, amount: 60 }]);
        assert_eq!((taken.cost, book.positions()), (0, &[-60, -100, 100, 60, 60, -60][..]));
        assert_eq!(Book::new(setup).expect("valid").take(&asked).expect("a route").cost, 120);
    });
}

#[test]
fn an_order_is_split_when_it_may_be() {
    with_setup([0; 6], |setup| {
        let whole = order(0, 1, 180, 0b11);
        assert_eq!(Book::new(setup).expect("valid").take(&whole).expect("a route").cost, 320);
        let split = Book::new(setup).expect("valid").take(&Order { pieces: 2, ..whole }).expect("a route");
        let choice = |currency, amount| Choice { route: direct(currency), amount };
        assert_eq!(split, Taken { pieces: vec![choice(0, 100), choice(1, 80)], cost: 0 });
    });
}

#[test]
fn regret_is_what_knowing_the_day_would_have_saved() {
    with_setup([0; 6], |setup| {
        // The first order takes currency 0, the second may not use another: 100 units are paid for on both sides.
        let orders = [order(0, 1, 100, 0b11), order(0, 1, 100, 0b01)];
        let mut book = Book::new(setup).expect("valid");
        for order in &orders {
            book.take(order).expect("a route");
        }
        let best = hindsight(setup, &orders, book.positions()).expect("a day of this book");
        assert_eq!(check(setup, &orders, &best), Ok(0));
        assert_eq!((book.cost(), best.cost), (400, 0));
        assert_eq!(best.positions, [-100, -100, 100, 100, 0, 0]);
    });
}

/// Refusals in order of precedence.
#[test]
fn a_schedule_that_is_not_convex_is_refused() {
    let tranche = |end, rate| Tranche { end, rate };
    let refusals = [
        Schedule::symmetric(&[tranche(1, 1); 65], 1),
        Schedule::symmetric(&[tranche(0, 1)], 1),
        Schedule::symmetric(&[tranche(10, 1), tranche(10, 2)], 2),
        Schedule::new((&[], 0), (&[tranche(10, -1)], 1)),
        Schedule::new((&[], i64::MAX), (&[], 1)),
        Schedule::symmetric(&[tranche(10, 3), tranche(20, 2)], 2),
        Schedule::new((&[], 0), (&[tranche(10, 3)], 2)),
    ];
    let told: Vec<String> = refusals.map(|refusal| refusal.expect_err("refused").to_string()).into();
    expect_test::expect![[r#"
        65 debtor tranches exceed the limit of 64
        debtor tranche 0 ends at 0, not above 0 where the one before it ends
        debtor tranche 1 ends at 10, not above 10 where the one before it ends
        rate -1 of creditor tranche 0 is outside 0 to 1073741824
        rate 9223372036854775807 of debtor tranche 0 is outside 0 to 1073741824
        rate 2 of debtor tranche 1 is below 3, the rate before it
        rate 2 of creditor tranche 1 is below 3, the rate before it
    "#]]
    .assert_eq(&(told.join("\n") + "\n"));
}

#[test]
fn a_malformed_setup_or_order_is_refused_and_nothing_moves() {
    let mut told: Vec<String> = Vec::new();
    with_setup([0; 6], |setup| {
        let mut refuse = |setup: Setup<'_>| told.push(Book::new(&setup).expect_err("refused").to_string());
        refuse(Setup { members: 0, ..*setup });
        refuse(Setup { currencies: 65, ..*setup });
        refuse(Setup { schedule_of: &[0; 5], ..*setup });
        refuse(Setup { positions: &[0; 5], ..*setup });
        refuse(Setup { homes: &[None; 3], ..*setup });
        refuse(Setup { schedule_of: &[0, 0, 0, 1, 0, 0], ..*setup });
        refuse(Setup { positions: &[0, 0, 0, 0, 0, POSITION_MAX + 1], ..*setup });
        refuse(Setup { homes: &[None, Some(3)], ..*setup });
    });
    with_setup([0, 0, POSITION_MAX, 0, 0, 0], |setup| {
        let mut book = Book::new(setup).expect("valid");
        let mut refuse = |order: Order| told.push(book.take(&order).expect_err("refused").to_string());
        refuse(order(0, 3, 5, 1));
        refuse(order(1, 1, 5, 1));
        refuse(order(0, 1, 0, 1));
        refuse(order(0, 1, -5, 1));
        refuse(order(0, 1, AMOUNT_MAX + 1, 1));
        refuse(order(0, 1, 5, 0));
        refuse(order(0, 1, 5, 0b100));
        refuse(Order { pieces: 0, ..order(0, 1, 5, 1) });
        refuse(order(0, 1, 5, 1));
        refuse(Order { pieces: 2, ..order(0, 1, 5, 1) });
        assert_eq!(book.positions(), setup.positions);
    });
    expect_test::expect![[r#"
        0 members are outside 1 to 1048576
        65 currencies are outside 1 to 64
        5 schedules given where 6 are expected
        5 positions given where 6 are expected
        3 homes given where 2 are expected
        member 1 in currency 1 names schedule 1, which does not exist
        position 1152921504606846977 of member 2 in currency 1 exceeds 1152921504606846976
        home of currency 1 is member 3, which does not exist
        order names member 3, there are 3
        member 1 pays itself
        amount 0 is outside 1 to 281474976710656
        amount -5 is outside 1 to 281474976710656
        amount 281474976710657 is outside 1 to 281474976710656
        order allows no currency
        order allows currencies 0b100, there are 2
        order may be split over 0 routes
        no route takes 5: every position would exceed 1152921504606846976
        no route takes 5: every position would exceed 1152921504606846976
    "#]]
    .assert_eq(&(told.join("\n") + "\n"));
}

/// Each flaw is made on purpose.
#[test]
fn an_altered_hindsight_is_refused_with_what_is_wrong() {
    with_setup([0; 6], |setup| {
        let orders = [order(0, 1, 150, 0b11), order(1, 0, 30, 0b01)];
        let mut book = Book::new(setup).expect("valid");
        for order in &orders {
            book.take(order).expect("a route");
        }
        let good = hindsight(setup, &orders, book.positions()).expect("a day of this book");
        let mut told: Vec<String> = Vec::new();
        let mut refuse = |setup: &Setup<'_>, orders: &[Order], alter: &dyn Fn(&mut Hindsight)| {
            let mut bad = good.clone();
            alter(&mut bad);
            told.push(check(setup, orders, &bad).expect_err("refused").to_string());
        };
        refuse(&Setup { members: 0, ..*setup }, &orders, &|_| ());
        refuse(setup, &[orders[0], order(0, 0, 1, 1)], &|_| ());
        refuse(setup, &orders, &|bad| bad.positions.truncate(5));
        refuse(setup, &orders, &|bad| bad.positions[4] = 1);
        refuse(setup, &orders[..1], &|_| ());
        refuse(setup, &orders, &|bad| bad.positions[0] += 1);
        refuse(setup, &orders, &|bad| {
            (bad.positions[0], bad.positions[1]) = (bad.positions[0] + 1, bad.positions[1] - 1)
        });
        refuse(setup, &orders, &|bad| bad.member_prices.clear());
        refuse(setup, &orders, &|bad| bad.currency_prices[1] = i64::MAX);
        refuse(setup, &orders, &|bad| bad.cost -= 1);
        refuse(setup, &orders, &|bad| bad.currency_prices[1] += 3);
        let wrong = hindsight(setup, &orders, &[0; 6]).expect_err("refused");
        assert!(matches!(wrong, Flaw::Member { member: 0, moved: 0, expected: -120 }));
        expect_test::expect![[r#"
            0 members are outside 1 to 1048576
            order 1: member 0 pays itself
            5 positions given where 6 are expected
            position 1 of member 2 in currency 0 is outside 0 to 0, where the orders can have moved it
            positions of member 0 moved by -120, its orders by -150
            positions of member 0 moved by -119, its orders by -120
            positions in currency 0 moved by 1 together, not by 0
            0 prices given where 3 are expected
            price 9223372036854775807 of currency 1 exceeds 1125899906842624
            positions cost 0, -1 is stated
            prices prove -350, 0 is stated
        "#]]
        .assert_eq(&(told.join("\n") + "\n"));
    });
}
