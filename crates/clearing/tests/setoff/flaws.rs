//! Each way to be wrong is refused by its name.

use comity_clearing::setoff::{
    Flaw, Fund, Goal, Invalid, Line, Obligation, Options, POTENTIAL_MAX, PartyCap, Potentials, Problem, solve, verify,
};
use expect_test::expect;

use crate::rules::owes;

fn circle() -> [Obligation; 4] {
    [owes(0, 1, 10), owes(1, 2, 7), owes(2, 0, 9), owes(1, 0, 2)]
}

fn zeros() -> Potentials {
    Potentials { party: vec![0; 3], ..Potentials::default() }
}

#[test]
fn every_flaw_is_named() {
    let owed = circle();
    let plain = Problem::of(3, &owed);
    let cases: [(Problem<'_>, &[i64]); 10] = [
        (Problem { lot: 0, ..plain }, &[7, 7, 7, 0]),
        (plain, &[7, 7, 7]),
        (plain, &[7, 8, 7, 0]),
        (plain, &[7, 7, 7, -1]),
        (Problem { lot: 2, ..plain }, &[7, 7, 7, 0]),
        (Problem { minimum: 4, ..plain }, &[3, 3, 3, 0]),
        (plain, &[7, 6, 7, 0]),
        (Problem { party_caps: &[PartyCap { party: 1, cap: 5 }], ..plain }, &[7, 7, 7, 0]),
        (Problem { fund: Some(Fund { limit: 9, lines: &[Line { party: 0, limit: 2 }] }), ..plain }, &[10, 7, 7, 0]),
        (Problem { fund: Some(Fund { limit: 6, lines: &[] }), ..plain }, &[2, 7, 0, 0]),
    ];
    let mut told: Vec<String> = cases
        .iter()
        .map(|(problem, amounts)| verify(problem, amounts, &[zeros()], &[]).expect_err("refused").to_string())
        .collect();
    let whole = [7, 7, 7, 0];
    let certificates = [
        vec![],
        vec![Potentials { party: vec![0; 2], ..zeros() }],
        vec![Potentials { paying: vec![0; 2], ..zeros() }],
        vec![Potentials { party: vec![0, POTENTIAL_MAX + 1, 0], ..zeros() }],
    ];
    told.extend(certificates.map(|claim| verify(&plain, &whole, &claim, &[]).expect_err("refused").to_string()));
    assert_eq!(
        verify(&Problem { lot: 0, ..plain }, &whole, &[zeros()], &[]),
        Err(Flaw::Problem(Invalid::Term { what: "lot", value: 0, least: 1 }))
    );
    expect![[r#"
        lot 0 is below 1
        3 cleared amounts are given where 4 are expected
        8 set off of obligation 1 is outside 0 to 7
        -1 set off of obligation 3 is outside 0 to 2
        7 set off of obligation 0 is no multiple of the lot 2
        3 set off of obligation 0 is below the minimum 4
        party 1 is relieved of 6 and gives up 7: its net position would change
        7 set off of what party 1 owes exceeds its cap 5
        party 0 draws 3, above its line 2
        7 drawn from the fund exceed its limit 6
        0 certificates are given where 1 are expected
        2 potentials are given where 3 are expected
        2 potentials of paying sides are given where 3 are expected
        potential 1152921504606846977 of certificate 0 exceeds the limit of 1152921504606846976
    "#]]
    .assert_eq(&(told.join("\n") + "\n"));
}

#[test]
fn less_than_the_most_is_permitted_and_its_gap_is_told() {
    let owed = circle();
    let problem = Problem::of(3, &owed);
    let best = solve(&problem, &Options::default()).expect("valid");
    assert_eq!(best.proof.cleared, 25);
    let less = verify(&problem, &[7, 7, 7, 0], &best.certificates, &[]).expect("permitted");
    assert_eq!((less.cleared, less.bound, less.gap), (21, 25, 4));
    // Potentials of somebody who claims too much prove nothing: the bound is above.
    let claim = verify(&problem, &best.amounts, &[zeros()], &[]).expect("permitted");
    assert_eq!((claim.bound, claim.gap), (28, 3));
}

#[test]
fn a_goal_is_proved_only_among_the_greatest() {
    let owed = [owes(0, 1, 3), owes(0, 1, 3), owes(1, 0, 3)];
    let problem = Problem { due: &[7, 2, 5], ..Problem::of(2, &owed) };
    let goals = [Goal::Oldest];
    let best = solve(&problem, &Options { goals: &goals, ..Options::default() }).expect("valid");
    assert_eq!(best.amounts, [0, 3, 3]);
    let other = verify(&problem, &[3, 0, 3], &best.certificates, &goals).expect("permitted");
    assert_eq!((other.gap, other.goals[0].value, other.goals[0].bound), (0, 6, 21));
    let less = verify(&problem, &[0, 2, 2], &best.certificates, &goals).expect("permitted");
    assert_eq!((less.gap, less.goals.len()), (2, 0));
}
