//! Every invariant is broken on purpose and found.

use comity_ledger::command::*;
use comity_ledger::ids::*;
use comity_ledger::invariant::check;
use comity_ledger::payment::Standing;
use comity_ledger::queue::Kept;
use comity_ledger::state::Timer;
use comity_ledger::{Command, Entry, Events, State, apply};

use crate::read;
use crate::text::{self, Words};
use crate::world::{Setting, World};

/// A ledger with a bit of everything: money, a hold, a queue, a group, a return, a cycle.
fn lively() -> World {
    let mut world = World::new(&Setting::default());
    for line in [
        "fund ALFA 100.00 CNY",
        "hold h1 ALFA 5.00 CNY until 2026-11-30T10:00",
        "pay p1 ALFA BRAVO 10.00 CNY",
        "return r1 of p1 4.00 CNY",
        "pay p2 ALFA BRAVO 500.00 CNY until 2026-11-30T10:00",
        "pay p3 ALFA BRAVO 500.00 CNY on 2026-11-24",
        "pvp a1 ALFA BRAVO 10.00 RUB with a2 BRAVO ALFA 10.00 RUB",
        "commit c1 ALFA to BRAVO CNY instalments 2026-11-30 70.00 2026-12-15 30.00",
    ] {
        let order = read::order(&world, &mut Words::new(line), line);
        let actor = world.actors[&order.maker];
        world.enter(actor, Key(0), order.command);
    }
    world.run_to("positions");
    world
}

fn payment(state: &State, name: &str) -> PaymentId {
    state.find(Uetr(text::id_of(name))).expect("a payment of the story")
}

/// The lively ledger is sound; broken like this, the named invariant is found not to hold.
fn found(name: &str, harm: impl Fn(&mut State)) {
    let mut state = lively().state;
    assert_eq!(check(&state), Ok(()));
    harm(&mut state);
    assert_eq!(check(&state).map_err(|broken| broken.name), Err(name));
}

#[test]
fn r_2_an_unsound_commitment_is_found() {
    fn only(state: &mut State) -> &mut comity_ledger::commitment::Commitment {
        state.commitments.values_mut().next().expect("a commitment")
    }
    found("R-2", |state| only(state).schedule[0].amount = 0);
    found("R-2", |state| only(state).schedule.reverse());
    found("R-2", |state| only(state).creditor = only(state).debtor);
    found("R-2", |state| only(state).in_force = true);
}

#[test]
fn l_1_money_from_nowhere_is_found() {
    found("L-1", |state| state.accounts[0].balance += 1);
    found("L-1", |state| state.accounts.last_mut().expect("accounts").balance -= 1);
}

#[test]
fn f_1_money_without_cover_is_found() {
    found("F-1", |state| state.currencies[0].cover = state.currencies[0].issued - 1);
    found("F-1", |state| state.currencies[1].issued = -1);
}

#[test]
fn f_2_an_outside_account_that_mirrors_nothing_is_found() {
    found("F-2", |state| {
        state.currencies[0].issued += 1;
        state.currencies[0].cover += 1;
    });
}

#[test]
fn b_1_a_balance_below_its_limit_is_found() {
    found("B-1", |state| {
        let alfa = state.account_of[&(ParticipantId(0), CurrencyId(1))];
        let bravo = state.account_of[&(ParticipantId(1), CurrencyId(1))];
        state.accounts[alfa.at()].balance -= 1;
        state.accounts[bravo.at()].balance += 1;
    });
}

#[test]
fn b_2_held_money_that_is_not_there_is_found() {
    found("B-2", |state| {
        let alfa = state.account_of[&(ParticipantId(0), CurrencyId(0))];
        state.accounts[alfa.at()].held += 1;
    });
    found("B-2", |state| state.holds.clear());
}

#[test]
fn b_3_credit_nobody_granted_is_found() {
    found("B-3", |state| state.currencies[0].credit += 1);
}

#[test]
fn q_1_a_payment_out_of_place_is_found() {
    found("Q-1", |state| {
        let id = payment(state, "p2");
        state.waiting.get_mut(&id).expect("it waits").rank += 1;
    });
    found("Q-1", |state| {
        let id = payment(state, "p2");
        state.waiting.get_mut(&id).expect("it waits").kept = Kept::Parked;
    });
    found("Q-1", |state| {
        let id = payment(state, "p2");
        state.waiting.remove(&id);
    });
    found("Q-1", |state| {
        let id = payment(state, "p2");
        state.payments[id.at()].priority = Priority::Urgent;
    });
    found("Q-1", |state| state.queues[0].active.clear());
}

#[test]
fn q_3_a_timer_for_nothing_is_found() {
    found("Q-3", |state| {
        let id = payment(state, "p1");
        state.timers.insert((Time(u64::MAX), Timer::Latest(id)));
    });
    found("Q-3", |state| {
        state.timers.insert((Time(u64::MAX), Timer::Hold(Key(1))));
    });
    found("Q-3", |state| {
        state.timers.insert((Time(u64::MAX), Timer::Proposal(1)));
    });
    found("Q-3", |state| {
        let id = payment(state, "p1");
        state.value_dated.insert((Day(30_000), id));
    });
}

#[test]
fn s_1_a_reference_that_names_another_payment_is_found() {
    found("S-1", |state| {
        let id = payment(state, "p1");
        let other = state.payments[payment(state, "p2").at()].uetr;
        state.payments[id.at()].uetr = other;
    });
}

#[test]
fn p_1_a_group_torn_apart_is_found() {
    found("P-1", |state| {
        let id = payment(state, "a1");
        state.payments[id.at()].standing = Standing::Refused;
    });
}

#[test]
fn r_1_two_returns_of_one_payment_are_found() {
    found("R-1", |state| {
        let (original, other) = (payment(state, "p1"), payment(state, "a1"));
        state.payments[other.at()].link = original;
    });
}

#[test]
fn c_1_a_cycle_that_does_not_sum_to_zero_is_found() {
    found("C-1", |state| state.cycles[0].nets[0].1 += 1);
    found("C-1", |state| state.cycles[0].to = 0);
}

/// Gives an order to a ledger harmed before.
fn after(harm: impl Fn(&mut State), line: &str) {
    let mut world = World::new(&Setting::default());
    for line in ["fund ALFA 100.00 CNY", "pay p1 ALFA BRAVO 500.00 CNY", "hold h1 ALFA 100.00 CNY"] {
        let order = read::order(&world, &mut Words::new(line), line);
        let actor = world.actors[&order.maker];
        world.enter(actor, Key(0), order.command);
    }
    harm(&mut world.state);
    let order = read::order(&world, &mut Words::new(line), line);
    let entry = Entry { at: world.at, actor: world.actors[&order.maker], key: Key(0), command: order.command };
    for _ in 0..3 {
        apply(&mut world.state, &entry, &mut Events::default());
    }
}

#[test]
#[should_panic(expected = "T-1")]
fn t_1_a_clock_that_goes_back_stops_the_process() {
    after(|state| state.at = Time(state.at.0 + 1), "clear");
}

#[test]
#[should_panic(expected = "F-1")]
fn f_1_is_asserted_after_every_entry() {
    after(|state| state.currencies[0].cover = 0, "clear");
}

#[test]
#[should_panic(expected = "F-2")]
fn f_2_is_asserted_after_every_entry() {
    after(|state| state.accounts[0].balance += 1, "clear");
}

#[test]
#[should_panic(expected = "S-1")]
fn s_1_is_asserted_when_a_payment_settles() {
    after(
        |state| {
            let id = payment(state, "p1");
            state.payments[id.at()].standing = Standing::Settled;
        },
        "fund ALFA 1000.00 CNY",
    );
}

#[test]
#[should_panic(expected = "B-2")]
fn b_2_is_asserted_when_money_goes_out() {
    after(
        |state| {
            let alfa = state.account_of[&(ParticipantId(0), CurrencyId(0))];
            state.accounts[alfa.at()].held += 1;
            let key = *state.holds.keys().next().expect("a hold");
            state.holds.get_mut(&key).expect("a hold").left -= 1;
            state.accounts[alfa.at()].held += 1_000;
        },
        "post h1 BRAVO 1.00 CNY",
    );
}

#[test]
#[should_panic(expected = "B-1")]
fn b_1_is_asserted_when_money_goes_out() {
    after(
        |state| {
            let alfa = state.account_of[&(ParticipantId(0), CurrencyId(0))];
            state.accounts[alfa.at()].balance = 0;
        },
        "post h1 BRAVO 1.00 CNY",
    );
}

#[test]
#[should_panic(expected = "C-1")]
fn c_1_is_asserted_when_a_cycle_is_cut() {
    let mut world = World::new(&Setting::default());
    world.run_to("offset");
    let bravo = world.state.account_of[&(ParticipantId(1), CurrencyId(0))];
    world.state.sides[bravo.at()].cycle_base += 1;
    world.run_to("positions");
}

#[test]
fn q_4_a_watch_that_missed_something_is_found() {
    let mut world = World::new(&Setting::default());
    for line in ["offset CNY every", "fund ALFA 9.00 CNY", "pay p1 ALFA BRAVO 10.00 CNY", "pay p2 ALFA BRAVO 20.00 CNY"]
    {
        let order = read::order(&world, &mut Words::new(line), line);
        let actor = world.actors[&order.maker];
        match order.checker {
            None => world.enter(actor, Key(0), order.command),
            Some(checker) => {
                let expires = world.at.plus_seconds(60);
                let hash = order.command.hash();
                let propose = Propose { command: order.command, expires };
                world.enter(actor, Key(0), Command::Propose(Box::new(propose)));
                let approve = Approve { proposal: world.state.seq, hash };
                world.enter(world.actors[&checker], Key(0), Command::Approve(approve));
            }
        }
    }
    assert_eq!(check(&world.state), Ok(()));
    let account = |at| world.state.account_of[&(ParticipantId(at), CurrencyId(0))].at();
    let (alfa, bravo) = (account(0), account(1));
    let mut moved = world.state.clone();
    moved.accounts[alfa].balance -= 1;
    moved.accounts[bravo].balance += 1;
    let mut lost = world.state.clone();
    let id = payment(&lost, "p2");
    let queue = lost.accounts[alfa].queue as usize;
    let spot = *lost.queues[queue].active.iter().find(|spot| spot.2 == id).expect("it waits");
    lost.queues[queue].active.remove(&spot);
    lost.queues[queue].parked.insert(spot);
    lost.waiting.get_mut(&id).expect("it waits").kept = Kept::Parked;
    for state in [moved, lost] {
        assert_eq!(check(&state).map_err(|broken| broken.name), Err("Q-4"));
    }
}

#[test]
fn a_broken_invariant_says_its_name() {
    let mut state = lively().state;
    state.accounts[0].balance += 1;
    let told = check(&state).expect_err("it is broken").to_string();
    assert_eq!(told, "invariant L-1 does not hold at index 0");
}

/// A command that is nobody's, to keep this file's imports honest about what it drives.
#[test]
fn an_entry_that_is_refused_breaks_nothing() {
    let mut world = lively();
    world.enter(ActorId(9_999), Key(5), Command::Tick);
    assert_eq!(check(&world.state), Ok(()));
}
