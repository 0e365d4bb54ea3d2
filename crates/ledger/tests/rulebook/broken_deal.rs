//! The invariants of prices, broken on purpose and found.

use comity_ledger::State;
use comity_ledger::dealing::{Position, QuoteStanding};
use comity_ledger::ids::{AccountId, Key, ParticipantId};
use comity_ledger::invariant::check;
use comity_ledger::rate::Rate;

use crate::read;
use crate::text::{self, Words};
use crate::world::{Setting, World};

/// A ledger with a deal under a quote, an accepted quote, orders and an auction.
fn lively() -> State {
    let given = [
        "pricing CNY/RUB quotes+dealers+auction",
        "dealer CNY/RUB ECHO 5000.00 100000.00",
        "offer CNY/RUB ECHO 11.40 11.60",
    ];
    let mut world = World::new(&Setting { given: given.map(String::from).to_vec(), ..Setting::default() });
    for line in [
        "fund ALFA 1000.00 CNY",
        "fund CHARLIE 9000.00 RUB",
        "fund ECHO 9000.00 RUB",
        "quote q1 ALFA CHARLIE 100.00 CNY to RUB",
        "deal c1 under q1 ALFA CHARLIE 100.00 CNY to RUB",
        "quote q2 ALFA CHARLIE 100.00 CNY to RUB",
        "take q2",
        "order o1 ALFA sells 10.00 CNY/RUB at 11.40",
        "order o2 CHARLIE buys 10.00 CNY/RUB at 11.60",
        "auction CNY/RUB",
        "order o3 ALFA sells 10.00 CNY/RUB at 11.40",
    ] {
        let order = read::order(&world, &mut Words::new(line), line);
        let actor = world.actors[&order.maker];
        world.enter(actor, Key(0), order.command);
    }
    world.state
}

fn key(name: &str) -> Key {
    Key(text::id_of(name))
}

fn found(name: &str, harm: impl Fn(&mut State)) {
    let mut state = lively();
    assert_eq!(check(&state), Ok(()));
    harm(&mut state);
    assert_eq!(check(&state).map_err(|broken| broken.name), Err(name));
}

#[test]
fn x_1_money_not_set_aside_is_found() {
    // Moved to another hold of the same account, so that only its purpose is lost.
    for name in ["q2", "o3"] {
        found("X-1", |state| {
            let hold = state.holds.remove(&key(name)).expect("set aside");
            state.holds.insert(Key(7), hold);
        });
    }
    found("X-1", |state| state.dealing.quotes.get_mut(&key("q1")).expect("quoted").standing = QuoteStanding::Accepted);
}

#[test]
fn x_2_a_position_that_is_not_the_sum_of_its_deals_is_found() {
    found("X-2", |state| state.dealing.positions.values_mut().for_each(|position| position.base += 1));
    found("X-2", |state| {
        let pair = *state.pairs.keys().next().expect("a pair");
        state.dealing.positions.insert((pair, ParticipantId(0)), Position { base: 0, quote: 1 });
    });
}

#[test]
fn x_3_a_quote_settled_otherwise_than_quoted_is_found() {
    found("X-3", |state| {
        state.dealing.quotes.get_mut(&key("q1")).expect("quoted").rate = Rate { mantissa: 1_141, scale: 2 };
    });
    found("X-3", |state| {
        state.dealing.quotes.get_mut(&key("q1")).expect("quoted").creditor = AccountId(0);
    });
    found("X-3", |state| {
        let mut again = state.dealing.quotes[&key("q1")].clone();
        again.standing = QuoteStanding::Used;
        state.dealing.quotes.insert(key("q9"), again);
    });
}

#[test]
fn x_4_a_deal_that_says_something_else_than_its_legs_is_found() {
    found("X-4", |state| {
        let last = state.dealing.deals.last_mut().expect("an auction's fill");
        last.debited += 1;
    });
    found("X-4", |state| {
        let last = state.dealing.deals.last_mut().expect("an auction's fill");
        last.payment.0 += 1;
    });
}

#[test]
fn x_5_an_order_filled_too_much_is_found() {
    found("X-5", |state| state.dealing.orders.get_mut(&key("o1")).expect("placed").filled += 1);
    found("X-5", |state| state.dealing.orders.get_mut(&key("o1")).expect("placed").filled -= 1);
}
