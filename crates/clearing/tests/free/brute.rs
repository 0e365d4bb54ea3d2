//! Exact mode equals brute force, with every kind of limit, groups, queues that keep their order and all three goals.

use comity_clearing::free::{Goal, Split, Terms, check, solve};

use crate::case::Case;

fn goals(case: &Case) -> [Goal<'_>; 3] {
    [Goal::Value, Goal::Count, Goal::Weighted(&case.weights)]
}

#[test]
fn the_search_finds_the_optimum() {
    for seed in 0..3_000 {
        let case = Case::draw(seed, 2 + seed % 4, 1 + seed % 10);
        for goal in goals(&case) {
            let terms = Terms { goal, opted_in: case.opted_in.as_deref(), ..Terms::default() };
            let answer = solve(&case.problem(), &terms).expect("well formed");
            assert_eq!(check(&case.problem(), &terms, &answer), Ok(()), "seed {seed}, {goal:?}");
            let best = case.best(goal);
            assert_eq!((answer.value, answer.bound), (best, best), "seed {seed}, {goal:?}");
        }
    }
}

#[test]
fn without_steps_the_answer_is_feasible_and_the_bound_holds() {
    for seed in 0..1_000 {
        let case = Case::draw(seed, 2 + seed % 5, 1 + seed % 10);
        for goal in goals(&case) {
            for steps_max in [0, 2_000] {
                let terms = Terms { goal, opted_in: case.opted_in.as_deref(), steps_max, ..Terms::default() };
                let answer = solve(&case.problem(), &terms).expect("well formed");
                assert_eq!(check(&case.problem(), &terms, &answer), Ok(()), "seed {seed}, {goal:?}");
                assert!(answer.value <= case.best(goal) && case.best(goal) <= answer.bound, "seed {seed}, {goal:?}");
            }
        }
    }
}

#[test]
fn splitting_never_settles_less_and_stays_below_its_bound() {
    for seed in 0..1_000 {
        let case = Case::draw(seed, 2 + seed % 5, 1 + seed % 10);
        let consent: Vec<bool> = case.weights.iter().map(|weight| weight % 3 > 0).collect();
        for (slice_min, consent) in [(1, None), (3, None), (1, Some(consent.as_slice()))] {
            let whole = Terms { opted_in: case.opted_in.as_deref(), ..Terms::default() };
            let terms = Terms { split: Some(Split { slice_min, consent }), ..whole };
            let answer = solve(&case.problem(), &terms).expect("well formed");
            assert_eq!(check(&case.problem(), &terms, &answer), Ok(()), "seed {seed}");
            assert!(case.best(Goal::Value) <= answer.value && answer.value <= answer.bound, "seed {seed}");
        }
    }
}

#[test]
fn with_splits_and_plain_funds_the_bound_is_reached() {
    for seed in 0..1_000 {
        let mut case = Case::draw(seed, 2 + seed % 8, 1 + seed % 60);
        case.groups = 0;
        case.bilateral.retain(|limit| limit.headroom >= 0);
        case.items.iter_mut().for_each(|item| item.group = comity_clearing::gridlock::NO_GROUP);
        for account in &mut case.accounts {
            account.available = account.available.abs();
            account.multilateral = account.multilateral.map(i64::abs);
            account.gross_out = None;
        }
        let terms = Terms { split: Some(Split { slice_min: 1, consent: None }), ..Terms::default() };
        let answer = solve(&case.problem(), &terms).expect("well formed");
        assert_eq!(check(&case.problem(), &terms, &answer), Ok(()), "seed {seed}");
        assert_eq!(answer.gap(), 0, "seed {seed}");
        let slices =
            case.items.iter().zip(&answer.settled).filter(|(item, units)| **units > 0 && **units < item.amount);
        assert!(slices.count() < case.accounts.len() + case.bilateral.len(), "seed {seed}");
    }
}
