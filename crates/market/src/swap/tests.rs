//! Swaps against all plans of small cases tried, conservation on random ones, and the verification broken on purpose.

use alloc::vec;
use alloc::vec::Vec;

use super::*;

const MINOR: i128 = 100_000_000_000_000;

fn currency(rate: &str) -> Currency {
    Currency { exponent: 2, rate: Rate::parse(rate).expect("a rate") }
}

fn problem<'a>(currencies: &'a [Currency], positions: &'a [i64]) -> Problem<'a> {
    Problem { currencies, positions, minimum: 0, limit: None, goal: Goal::Total, helpers: false }
}

struct Dice(u64);

impl Dice {
    fn upto(&mut self, most: u64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((self.0 >> 33) % most).expect("small")
    }
}

/// Positions of trades at the rates: everybody's value is near zero, as after trading at fair prices.
fn fair(dice: &mut Dice, participants: usize, worth: &[i64], trades: usize) -> Vec<i64> {
    let currencies = worth.len();
    let mut positions = vec![0_i64; participants * currencies];
    let mut one_of = |count: usize| usize::try_from(dice.upto(u64::try_from(count).expect("few"))).expect("few");
    for _ in 0..trades {
        let (buyer, seller, bought, sold) =
            (one_of(participants), one_of(participants), one_of(currencies), one_of(currencies));
        let value = i64::try_from(1 + one_of(900)).expect("few") * 1_000;
        let (a, b) = (value / worth[bought], value / worth[sold]);
        positions[buyer * currencies + bought] += a;
        positions[seller * currencies + bought] -= a;
        positions[buyer * currencies + sold] -= b;
        positions[seller * currencies + sold] += b;
    }
    positions
}

#[test]
fn two_banks_with_opposite_positions_need_no_money() {
    // ALFA owes 700.00 of the first and is owed 100.00 of the second, worth seven times as much; BRAVO the reverse.
    let currencies = [currency("1"), currency("7")];
    let positions = [-70_000, 10_000, 70_000, -10_000];
    let problem = problem(&currencies, &positions);
    let plan = plan(&problem).expect("valid");
    let swap = Swap { one: 0, other: 1, currency_in: 0, amount_in: 70_000, currency_out: 1, amount_out: 10_000 };
    assert_eq!(plan.swaps, [swap]);
    assert_eq!((plan.before(), plan.after(), plan.bound), (140_000 * MINOR, 0, 0));
    assert_eq!(verify(&problem, &plan), Ok(()));
}

#[test]
fn three_in_a_ring_need_a_helper() {
    // Each owes 100.00 of one currency and is owed as much of the next; no two are opposite.
    let currencies = [currency("1"), currency("1"), currency("1")];
    let positions = [-10_000, 10_000, 0, 10_000, 0, -10_000, 0, -10_000, 10_000];
    let alone = problem(&currencies, &positions);
    assert_eq!(plan(&alone).expect("valid").swaps, []);
    let helped = Problem { helpers: true, ..alone };
    let found = plan(&helped).expect("valid");
    assert_eq!((found.swaps.len(), found.before(), found.after()), (2, 30_000 * MINOR, 0));
    assert_eq!(verify(&helped, &found), Ok(()));
    // Whoever did not agree to help cannot be made to.
    assert_eq!(verify(&alone, &found), Err(Flaw::Position { swap: 0 }));
    // The limit between two holds for helpers as well.
    let half = Problem { limit: Some(5_000 * MINOR), ..helped };
    let found = plan(&half).expect("valid");
    assert_eq!(verify(&half, &found), Ok(()));
    assert!(found.after() < 30_000 * MINOR);
}

#[test]
fn helpers_reach_the_bound() {
    let currencies = [currency("0.0121"), currency("1.387"), currency("0.9173"), currency("7")];
    let mut dice = Dice(21);
    for _ in 0..200 {
        let positions = fair(&mut dice, 6, &[1, 115, 76, 580], 20);
        let helped = Problem { helpers: true, ..problem(&currencies, &positions) };
        let found = plan(&helped).expect("valid");
        assert_eq!(verify(&helped, &found), Ok(()));
        let coarsest = worth_of(&currencies[3]).expect("valid");
        let cells = i128::try_from(positions.len() + found.swaps.len()).expect("few");
        assert!(found.after() - found.bound < cells * coarsest, "{positions:?}");
    }
}

#[test]
fn a_debt_in_value_cannot_be_swapped_away() {
    let currencies = [currency("1"), currency("7")];
    let positions = [-70_000, 4_000, 70_000, -4_000];
    let problem = problem(&currencies, &positions);
    let plan = plan(&problem).expect("valid");
    assert_eq!((plan.before(), plan.after(), plan.bound), (98_000 * MINOR, 42_000 * MINOR, 42_000 * MINOR));
    assert_eq!((plan.needs[0].after, plan.needs[1].after), (42_000 * MINOR, 0));
    assert_eq!(verify(&problem, &plan), Ok(()));
}

#[test]
fn rounding_stays_below_a_minor_unit_of_the_finer_currency() {
    let currencies = [currency("0.0121"), currency("1.387"), currency("0.9173")];
    let mut dice = Dice(3);
    for _ in 0..300 {
        let positions = fair(&mut dice, 6, &[1, 115, 76], 14);
        let problem = problem(&currencies, &positions);
        let plan = plan(&problem).expect("valid");
        assert_eq!(verify(&problem, &plan), Ok(()));
        assert_eq!(plan.needs.iter().map(|need| need.rounding).sum::<i128>(), 0);
        let finest = worth_of(&currencies[1]).expect("valid");
        let most = i128::try_from(plan.swaps.len()).expect("few") * finest;
        for need in &plan.needs {
            assert!(need.rounding.abs() <= most);
            assert!(need.after <= need.before && need.after >= need.least - most);
        }
    }
}

/// The least total funding over every plan of swaps of one unit at par, each reducing all four positions.
fn every_plan(left: &mut [i64], currencies: usize) -> i64 {
    let mut best: i64 = left.iter().map(|position| -position.min(&0)).sum();
    let participants = left.len() / currencies;
    let at = |who: usize, currency: usize| who * currencies + currency;
    for one in 0..participants {
        for other in (0..participants).filter(|&other| other != one) {
            for short in 0..currencies {
                for long in short + 1..currencies {
                    let fits = left[at(one, short)] < 0
                        && left[at(one, long)] > 0
                        && left[at(other, short)] > 0
                        && left[at(other, long)] < 0;
                    if fits {
                        let signs = [(one, short, 1), (one, long, -1), (other, short, -1), (other, long, 1)];
                        signs.iter().for_each(|&(who, currency, by)| left[at(who, currency)] += by);
                        best = best.min(every_plan(left, currencies));
                        signs.iter().for_each(|&(who, currency, by)| left[at(who, currency)] -= by);
                    }
                }
            }
        }
    }
    best
}

#[test]
fn small_cases_come_near_the_best_of_all_plans() {
    let currencies = [currency("1"), currency("1"), currency("1")];
    let mut dice = Dice(5);
    let (mut found, mut least, mut exact, mut cases) = (0_i128, 0_i128, 0, 0);
    for _ in 0..150 {
        let mut positions = vec![0_i64; 9];
        for column in 0..3 {
            positions[column] = dice.upto(5) - 2;
            positions[3 + column] = dice.upto(5) - 2;
            positions[6 + column] = -positions[column] - positions[3 + column];
        }
        let problem = problem(&currencies, &positions);
        let plan = plan(&problem).expect("valid");
        assert_eq!(verify(&problem, &plan), Ok(()));
        let best = i128::from(every_plan(&mut positions.clone(), 3)) * MINOR;
        assert!(best >= plan.bound && plan.after() >= best, "{positions:?}");
        (found, least, cases) = (found + plan.after(), least + best, cases + 1);
        exact += u32::from(plan.after() == best);
        let helped = super::plan(&Problem { helpers: true, ..problem }).expect("valid");
        assert_eq!(helped.after(), helped.bound, "{positions:?}");
    }
    // The search is greedy and does not promise the best; it misses it seldom, and by little.
    assert!(exact * 100 >= cases * 95 && found * 100 <= least * 102, "{exact} of {cases}, {found} against {least}");
}

#[test]
fn each_goal_is_served_best_by_its_own_measure() {
    let currencies = [currency("1"), currency("7"), currency("0.09"), currency("0.5")];
    let mut dice = Dice(9);
    for _ in 0..100 {
        let positions = fair(&mut dice, 8, &[1, 7, 3, 2], 30);
        let of = |goal: Goal| plan(&Problem { goal, ..problem(&currencies, &positions) }).expect("valid");
        let (total, largest) = (of(Goal::Total), of(Goal::Largest));
        assert!(total.after() <= largest.after() && largest.largest() <= total.largest());
    }
}

#[test]
fn a_limit_and_a_minimum_are_kept() {
    let currencies = [currency("1"), currency("7")];
    let positions = [-70_000, 10_000, 70_000, -10_000];
    let half = Problem { limit: Some(35_000 * MINOR), ..problem(&currencies, &positions) };
    let found = plan(&half).expect("valid");
    assert_eq!((found.swaps.len(), found.after()), (1, 70_000 * MINOR));
    assert_eq!(verify(&half, &found), Ok(()));
    let large = Problem { minimum: 70_001 * MINOR, ..problem(&currencies, &positions) };
    assert_eq!(plan(&large).expect("valid").swaps, []);
    let mut dice = Dice(13);
    for _ in 0..100 {
        let positions = fair(&mut dice, 7, &[1, 7], 20);
        let both = Problem { limit: Some(200_000 * MINOR), minimum: 500 * MINOR, ..problem(&currencies, &positions) };
        assert_eq!(verify(&both, &plan(&both).expect("valid")), Ok(()));
    }
}

#[test]
fn what_is_not_valid_is_named() {
    let currencies = [currency("1"), currency("7")];
    let refused = |problem: Problem<'_>| plan(&problem).expect_err("refused");
    assert_eq!(refused(problem(&currencies, &[1, 2, 3])), Refused::Shape);
    assert_eq!(refused(problem(&[], &[])), Refused::Shape);
    let unbalanced = refused(problem(&currencies, &[-5, 1, 5, 1]));
    assert_eq!(unbalanced, Refused::Unbalanced { currency: 1, sum: 2 });
    assert_eq!(alloc::format!("{unbalanced}"), "positions in currency 1 sum to 2, must be zero");
    let bad = [currency("1"), Currency { exponent: 5, rate: Rate { mantissa: 1, scale: 0 } }];
    assert_eq!(refused(problem(&bad, &[0, 0])), Refused::Currency { currency: 1 });
    assert_eq!(refused(Problem { minimum: -1, ..problem(&currencies, &[0, 0]) }), Refused::Terms);
    let huge = [currency("18446744073709551615"), currency("1")];
    assert_eq!(refused(problem(&huge, &[i64::MAX, 0, -i64::MAX, 0])), Refused::Range);
    let many = vec![0_i64; 2 * (PARTICIPANT_COUNT_MAX + 1)];
    assert!(matches!(refused(problem(&currencies, &many)), Refused::TooMany { .. }));
}

#[test]
fn every_rule_of_the_verification_is_broken_once() {
    let currencies = [currency("1"), currency("7")];
    let positions = [-70_000, 10_000, 70_000, -10_000, 0, 0];
    let problem = Problem { limit: Some(70_000 * MINOR), minimum: 70_000 * MINOR, ..problem(&currencies, &positions) };
    let good = plan(&problem).expect("valid");
    assert_eq!(verify(&problem, &good), Ok(()));
    let broken = |change: &dyn Fn(&mut Plan)| {
        let mut plan = good.clone();
        change(&mut plan);
        verify(&problem, &plan).expect_err("broken")
    };
    assert_eq!(broken(&|plan| plan.swaps[0].other = 0), Flaw::Swap { swap: 0 });
    assert_eq!(broken(&|plan| plan.swaps[0].other = 9), Flaw::Swap { swap: 0 });
    assert_eq!(broken(&|plan| plan.swaps[0].amount_in = 69_999), Flaw::Value { swap: 0 });
    assert_eq!(broken(&|plan| plan.swaps[0].other = 2), Flaw::Position { swap: 0 });
    let smaller = |plan: &mut Plan| (plan.swaps[0].amount_in, plan.swaps[0].amount_out) = (7_000, 1_000);
    assert_eq!(broken(&smaller), Flaw::Minimum { swap: 0 });
    let tight = Problem { limit: Some(1), ..problem };
    assert_eq!(verify(&tight, &good), Err(Flaw::Limit { swap: 0 }));
    assert_eq!(broken(&|plan| plan.needs[1].after += 1), Flaw::Need { participant: 1 });
    assert_eq!(broken(&|plan| plan.needs.truncate(2)), Flaw::Need { participant: 3 });
    assert_eq!(broken(&|plan| plan.bound += 1), Flaw::Bound);
    let wrong = Problem { minimum: -1, ..problem };
    assert_eq!(verify(&wrong, &good), Err(Flaw::Problem(Refused::Terms)));
}
