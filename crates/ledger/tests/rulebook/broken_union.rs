//! Every invariant of unions is broken on purpose and found.

use comity_ledger::State;
use comity_ledger::ids::*;
use comity_ledger::invariant::check;
use comity_ledger::union::{Agenda, UnionState};

use crate::story::plain;
use crate::world::{Setting, World};

/// A union with a bit of everything: positions, residuals, a rolled one, instalments, a closing.
fn lively() -> State {
    let mut world = World::new(&Setting::default());
    for line in [
        "union EPU of CN:100.00,RU:100.00,KZ:100.00 in CNY schedule 1954 roll 20 refinance 3x30@100",
        "fund ALFA 40.00 CNY",
        "pay p1 ALFA CHARLIE 30.00 CNY",
        "pay p2 ALFA ECHO 10.00 CNY",
    ] {
        plain(&mut world, line);
    }
    world.run_to("positions");
    for line in [
        "confirm 1 by CN.checker",
        "confirm 1 by RU.checker",
        "confirm 1 by KZ.checker",
        "close EPU",
        "settle r0 roll-over 4.00",
        "settle r0 instalments 3",
        "settle r1 asset 3.00 ref T1",
    ] {
        plain(&mut world, line);
    }
    world.state
}

fn found(name: &str, harm: impl Fn(&mut UnionState)) {
    let mut state = lively();
    assert_eq!(check(&state), Ok(()));
    harm(&mut state.unions.list[0]);
    assert_eq!(check(&state).map_err(|broken| broken.name), Err(name));
}

#[test]
fn u_1_positions_that_do_not_sum_to_zero_are_found() {
    found("U-1", |union| union.members[0].position += 1);
    found("U-1", |union| union.own = 1);
}

#[test]
fn u_2_a_position_that_consists_of_something_else_is_found() {
    found("U-2", |union| {
        union.members[0].stock.asset += 1;
        union.members[0].stock.credit -= 1;
    });
    found("U-2", |union| union.members[1].excess = 100_000);
    found("U-2", |union| union.members[0].left = true);
    found("U-2", |union| union.rules.schedule.debtor.steps[0].asset = 0);
}

#[test]
fn u_3_a_residual_that_vanished_is_found() {
    found("U-3", |union| union.residuals[1].open -= 1);
    found("U-3", |union| {
        union.residuals[1].amount += 1;
        union.residuals[1].open += 1;
    });
    found("U-3", |union| union.members[0].rolled += 1);
    found("U-3", |union| union.members[0].asset_due += 1);
    found("U-3", |union| union.members[0].charged += 1);
    found("U-3", |union| union.members[0].interest_booked += 1);
    found("U-3", |union| union.loans[0].principal += 1);
    found("U-3", |union| union.loans[0].instalments[0].1 += 1);
    found("U-3", |union| union.residuals[1].proof.as_mut().expect("reported").amount = 1_000_000);
    found("U-3", |union| union.residuals[0].settled.clear());
}

#[test]
fn u_4_a_closing_that_does_not_add_up_is_found() {
    found("U-4", |union| union.closings[0].parts.gross += 1);
    found("U-4", |union| union.closings[0].lines[0].parts.multilateral += 1);
    found("U-4", |union| union.members[0].parts.gross += 1);
    found("U-4", |union| union.closings[0].union_asset += 1);
}

#[test]
fn u_5_a_date_for_nothing_is_found() {
    let mut state = lively();
    state.unions.agenda.insert((Day(30_000), 0, Agenda::Late(0)));
    assert_eq!(check(&state).map_err(|broken| broken.name), Err("U-5"));
    let mut state = lively();
    state.unions.agenda.clear();
    assert_eq!(check(&state).map_err(|broken| broken.name), Err("U-5"));
}

#[test]
fn u_6_a_country_in_two_unions_is_found() {
    let mut state = lively();
    let mut world = World::new(&Setting::default());
    plain(&mut world, "union ACU of CN:100.00,RU:100.00 in CNY");
    let mut other = world.state.unions.list[0].clone();
    other.rules.union = 1;
    state.unions.list.push(other);
    assert_eq!(check(&state).map_err(|broken| broken.name), Err("U-6"));
}
