//! The curve of cleared value per money lent.

use comity_clearing::setoff::liquidity::{Point, curve};
use comity_clearing::setoff::{Fund, Options, PartyCap, Problem, solve};
use proptest::prelude::*;

use crate::brute::cases;
use crate::rules::owes;

#[test]
fn long_chains_are_worth_more_than_short_ones() {
    // A circle of 2, a chain of three debts of 4 and single debts of 5: 0, then 4 lent at 3 each, 5 at 1 each.
    let owed = [owes(0, 1, 2), owes(1, 0, 2), owes(2, 3, 4), owes(3, 4, 4), owes(4, 5, 4), owes(6, 7, 5)];
    let points = curve(&Problem::of(8, &owed)).expect("valid");
    let point = |lent, cleared| Point { lent, cleared };
    assert_eq!(points, [point(0, 4), point(4, 16), point(9, 21)]);
    assert_eq!(points[0].slope_to(&points[1]), 3);
    assert_eq!(curve(&Problem::of(2, &[])).expect("valid"), [point(0, 0)]);
}

#[test]
fn money_beyond_all_debts_is_not_asked_for() {
    // With exactly as much money as is owed, the limit of the fund is used up, and a certificate may give it a price. The curve
    // still ends there: it once went on in single units towards the largest amount there is.
    let owed = [owes(0, 1, 1)];
    let caps = [PartyCap { party: 0, cap: 1 }];
    let problem = Problem { party_caps: &caps, ..Problem::of(2, &owed) };
    let point = |lent, cleared| Point { lent, cleared };
    assert_eq!(curve(&problem).expect("valid"), [point(0, 0), point(1, 1)]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_point_of_the_curve_is_what_a_run_clears(case in cases()) {
        let problem = case.problem();
        let points = curve(&problem).expect("valid");
        let lines = problem.fund.map_or(&[][..], |fund| fund.lines);
        let cleared = |limit| {
            let lent = Problem { fund: Some(Fund { limit, lines }), ..problem };
            solve(&lent, &Options::default()).expect("valid").proof.cleared
        };
        for pair in points.windows(2) {
            prop_assert!(pair[0].lent < pair[1].lent && pair[0].cleared < pair[1].cleared);
            for lent in (pair[0].lent..=pair[1].lent).step_by(usize::try_from(case.lot).expect("small")) {
                let on_line = pair[0].cleared + pair[0].slope_to(&pair[1]) * (lent - pair[0].lent);
                prop_assert_eq!(cleared(lent), on_line);
            }
        }
        for triple in points.windows(3) {
            prop_assert!(triple[0].slope_to(&triple[1]) > triple[1].slope_to(&triple[2]));
        }
        let last = points.last().expect("at least one point");
        prop_assert_eq!(points[0].lent, 0);
        prop_assert_eq!(cleared(1000), last.cleared);
    }
}
