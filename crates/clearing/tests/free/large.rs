//! Above the search: every answer is feasible, proved, never below `fifo-prefix`, and the same when asked again.

use comity_clearing::free::{Goal, Proof, Split, Terms, bound_without_fifo, check, solve};
use comity_clearing::gridlock::{Account, NO_GROUP, Workspace};

use crate::case::Case;

#[test]
fn every_kind_of_limit() {
    for seed in 0..200 {
        let case = Case::draw(seed, 3 + seed % 12, 41 + seed % 300);
        let mut workspace = Workspace::new();
        let prefix = workspace.solve(&case.problem()).expect("well formed").selected.to_vec();
        let bound = bound_without_fifo(&case.problem()).expect("well formed");
        for goal in [Goal::Value, Goal::Count, Goal::Weighted(&case.weights)] {
            for split in [None, Some(Split { slice_min: 2, consent: None })] {
                let terms = Terms { goal, opted_in: case.opted_in.as_deref(), split, ..Terms::default() };
                let answer = solve(&case.problem(), &terms).expect("well formed");
                assert_eq!(check(&case.problem(), &terms, &answer), Ok(()), "seed {seed}, {goal:?}");
                assert!(case.value(goal, &prefix) <= answer.value && answer.value <= answer.bound, "seed {seed}");
                assert!(goal != Goal::Value || answer.bound == bound, "seed {seed}");
                assert!(matches!(answer.proof, Proof::Prices(_)));
                assert_eq!(solve(&case.problem(), &terms).expect("well formed"), answer, "seed {seed}");
            }
        }
    }
}

/// Plain funds, many items: what is lost to rounding is small against the bound.
#[test]
fn the_dive_stays_near_the_bound() {
    for seed in 0..10 {
        let mut case = Case::draw(seed, 20, 3_000);
        plain(&mut case);
        let answer = solve(&case.problem(), &Terms::default()).expect("well formed");
        assert_eq!(check(&case.problem(), &Terms::default(), &answer), Ok(()));
        assert!(answer.value * 1_000 >= answer.bound * 995, "seed {seed}: {} of {}", answer.value, answer.bound);
    }
}

#[test]
fn more_steps_never_settle_less_than_none() {
    let mut case = Case::draw(7, 40, 2_000);
    plain(&mut case);
    let value = |steps_max| {
        let terms = Terms { steps_max, ..Terms::default() };
        let answer = solve(&case.problem(), &terms).expect("well formed");
        assert_eq!(check(&case.problem(), &terms, &answer), Ok(()));
        answer.value
    };
    assert!(value(0) <= value(100_000) && value(100_000) <= value(u64::MAX));
}

fn plain(case: &mut Case) {
    case.groups = 0;
    case.opted_in = None;
    case.bilateral.clear();
    for (index, item) in case.items.iter_mut().enumerate() {
        item.group = NO_GROUP;
        item.amount = 1 + (item.amount * 7_919 * (1 + index as i64 % 13)) % 10_007;
    }
    for account in &mut case.accounts {
        *account = Account::funded(10_000 + account.available.abs() * 1_000);
    }
}
